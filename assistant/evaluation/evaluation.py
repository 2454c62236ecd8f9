"""asking judged questions, of the product and of the plain methods beside it"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, TypeAlias

from assistant.amounts import counted
from assistant.answer import TopicResult
from assistant.answering import ask
from assistant.evaluation.datasets import Judged
from assistant.evaluation.metrics import DEPTH, MEASURES, QuestionResult, Values, answerable, gains, interval
from assistant.settings import answered_from
from index.errors import QuestionError
from index.library import Library
from index.progress import Phase, Progress, silent
from index.retrieval import rank_by_meaning, rank_by_words
from index.text import title_key

RRF_DEPTH: Final = 100
"""How many topics of each ranking are fused."""
RRF_CONSTANT: Final = 60
"""As in Cormack, Clarke and Buettcher, SIGIR 2009."""

Ranker: TypeAlias = Callable[[str], list[str]]
"""A question in, names of topics out, best first, each once."""


def check_topics(library: Library, judged: Sequence[Judged]) -> None:
    """Raise QuestionError when questions name topics or notes that the library lacks: they could only be missed."""
    named = {name: question for question in judged for name in question.relevant}
    paths = (
        [document.path for document in library.documents()] if any(question.is_by_path for question in judged) else []
    )

    def is_there(name: str) -> bool:
        if named[name].is_by_path:
            return any(is_path_of(path, name) for path in paths)
        return library.snapshot().has_title(name)

    missing = [name for name in named if not is_there(name)]
    if missing:
        raise QuestionError(
            f"{counted(len(missing), 'topic')} of the {len(named)} named cannot be found in the library at "
            f"{library.folder}, the first is {missing[0]!r} (asked for by {named[missing[0]].question!r}). Add the "
            "notes that the questions are about, or name another library with --library."
        )


def is_path_of(path: str, named: str) -> bool:
    """Return whether a path ends with the folders and the name that a question names.

    >>> [is_path_of("/home/me/notes/a/b.md", named) for named in ("a/b.md", "notes/a/b.md", "b.md", "ab.md")]
    [True, True, True, False]
    """
    return f"/{path}".endswith(f"/{named}") or f"/{named}".endswith(f"/{path}")


def ask_all(
    library: Library, judged: Sequence[Judged], *, by_id: bool = False, progress: Progress = silent
) -> list[QuestionResult]:
    """Ask every question; topics are told apart by id, or else by title."""
    _timed_result(
        library, judged[0], by_id=by_id
    )  # loads the model and the library, which is no part of any question's time
    results = []
    for number, question in enumerate(judged):
        progress(Phase.ASKING, number, len(judged))
        results.append(_timed_result(library, question, by_id=by_id))
    return results


def _timed_result(library: Library, judged: Judged, *, by_id: bool) -> QuestionResult:
    started = time.perf_counter()
    try:
        answer = ask(library, judged.question, limit=DEPTH, threshold=0.0)  # to see what would have been shown
    except QuestionError as error:
        raise QuestionError(f"The question {judged.question[:60]!r} cannot be asked: {error}") from error
    milliseconds = (time.perf_counter() - started) * 1000
    ranking = tuple(dict.fromkeys(_judged_name(card, judged, by_id=by_id) for card in answer.hits))
    slot = answer.hits[0].slot if answer.hits else None
    passage = answer.answer.text if answer.answer else ""
    answered = bool(answer.hits) and answer.confidence >= answered_from()
    return QuestionResult(judged, ranking, slot, passage, answer.confidence, answered, milliseconds)


def _judged_name(card: TopicResult, judged: Judged, *, by_id: bool) -> str:
    """Return the name of a topic as in `relevant`."""
    if judged.is_by_path:
        return next((path for path in judged.relevant if is_path_of(card.path, path)), card.path)
    return card.id if by_id else title_key(card.topic)


def plain_rankers(library: Library, *, by_id: bool = False) -> dict[str, Ranker]:
    """Return the methods that the product is compared with; another one is another line here."""
    by_meaning = partial(rank_by_meaning, library.reader, library.encoder)
    by_words = partial(rank_by_words, library.reader)

    def named(row_ids: Sequence[int]) -> list[str]:
        stored = library.topics(row_ids)
        topics = [stored[id_] for id_ in row_ids if id_ in stored]
        return list(dict.fromkeys(topic.topic_id if by_id else title_key(topic.topic.title) for topic in topics))

    def fused(question: str) -> list[int]:
        return reciprocal_rank_fusion((by_meaning(question, RRF_DEPTH), by_words(question, RRF_DEPTH)))[:DEPTH]

    return {
        "dense": lambda question: named(by_meaning(question, DEPTH)),
        "BM25": lambda question: named(by_words(question, DEPTH)),
        "RRF": lambda question: named(fused(question)),
    }


def ranker_of(library: Library, *, by_id: bool = False) -> Ranker:
    """Return the product itself over another library: the same notes, read by another model."""

    def ranked(question: str) -> list[str]:
        cards = ask(library, question, limit=DEPTH, threshold=0.0).hits
        return list(dict.fromkeys(card.id if by_id else title_key(card.topic) for card in cards))

    return ranked


def reciprocal_rank_fusion(rankings: Sequence[Sequence[int]]) -> list[int]:
    """Return what stands in any of the rankings, by the sum of 1 / (60 + rank).

    >>> reciprocal_rank_fusion([[1, 2, 3], [3, 1]])
    [1, 3, 2]
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, id_ in enumerate(ranking, start=1):
            scores[id_] = scores.get(id_, 0.0) + 1 / (RRF_CONSTANT + rank)
    return sorted(scores, key=lambda id_: -scores[id_])


def compare(
    results: Sequence[QuestionResult],
    rankers: Mapping[str, Ranker],
    progress: Callable[[str, int, int], None] = silent,
) -> dict[str, dict[str, float]]:
    """Return the product beside other rankers over the answerable questions.

    "more" is by how much the product's nDCG@10 is higher, and it lies between "from" and "to" with 95 % probability.
    """
    answered = answerable(results)
    if not answered:
        return {}
    product = [list(result.ranking) for result in answered]
    table = {"product": _quality(answered, product)}
    for name, ranker in rankers.items():
        rankings = []
        for number, result in enumerate(answered):
            progress(f"{Phase.ASKING}: {name}", number, len(answered))
            rankings.append(ranker(result.judged.question))
        table[name] = _quality(answered, rankings) | _difference(gains(answered, product) - gains(answered, rankings))
    return table


def _quality(results: Sequence[QuestionResult], rankings: Sequence[Sequence[str]]) -> dict[str, float]:
    return {name: float(gains(results, rankings, name).mean()) for name in MEASURES}


def _difference(differences: Values) -> dict[str, float]:
    low, high = interval(differences)
    return {"more": float(differences.mean()), "from": low, "to": high}
