"""retrieval and abstention measures over a question file or a BEIR folder"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import ir_measures
import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from assistant.ask import ask
from index.errors import QuestionError, SourceError
from index.library import Library
from index.records import SLOTS, Slot
from index.sync import Progress, silent
from index.words import title_key

DEPTH: Final = 10
"""How many topics are asked for and judged."""

ANSWERED_SHARE: Final = 0.95
"""The share of answerable questions at which false answers are counted."""

RESAMPLES: Final = 2_000
"""Bootstrap samples behind an interval."""

RRF_DEPTH: Final = 100
"""How many topics of each ranking are fused."""
RRF_CONSTANT: Final = 60
"""As in Cormack, Clarke and Buettcher, SIGIR 2009."""

MEASURES: Final = {
    "nDCG@10": ir_measures.nDCG @ DEPTH,
    "recall@10": ir_measures.R @ DEPTH,
    "MRR@10": ir_measures.RR @ DEPTH,
    "success@1": ir_measures.Success @ 1,
}

Values: TypeAlias = npt.NDArray[np.float64]
"""A number for each question."""
Ranker: TypeAlias = Callable[[str], list[str]]
"""A question in, names of topics out, best first, each once."""
Table: TypeAlias = Mapping[str, Mapping[str, float]]
"""Measures by the name of their row."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with what should be found."""

    question: str
    relevant: Mapping[str, int] = field(default_factory=dict)
    """Grades above 0, by a topic's id or by its `title_key`; empty where the notes do not answer."""
    slot: Slot | None = None
    kind: str = ""
    half: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking a question."""

    judged: Judged
    ranking: tuple[str, ...]
    """Names as in `relevant`, best first, each once."""
    slot: Slot | None
    """The slot of the entry that was shown of the first topic."""
    confidence: float
    answered: bool
    milliseconds: float

    @property
    def is_right(self) -> bool:
        """Say whether the first topic is a relevant one."""
        return bool(self.ranking) and self.ranking[0] in self.judged.relevant


@dataclass(frozen=True, slots=True)
class Report:
    """The measures of one file or folder; what no question can tell is left out."""

    questions: int
    answerable: int
    found: Mapping[str, float]
    """nDCG@10, recall@10, MRR@10, success@1 and slot accuracy, over the answerable questions."""
    confidence: Mapping[str, float]
    """False refusals and answers at the threshold, AUROC, AURC, false answers where 95 % are answered."""
    latency_ms: Mapping[str, float]
    kinds: Table
    compared: Table

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


# what to ask


def read_judged(path: Path, half: str | None = None, limit: int | None = None) -> list[Judged]:
    """Read a question file or a BEIR folder: all of it, or one half, or some questions spread evenly over that.

    Raises:
        SourceError: a file is missing or broken, or nothing is left to ask.

    """
    judged = read_beir(path) if path.is_dir() else read_questions(path)
    if not judged:
        raise SourceError(f"There are no questions in {path}. `topics eval --help` says what it should hold.")
    chosen = [one for one in judged if half in (None, one.half)]
    if not chosen:
        halves = ", ".join(sorted({one.half for one in judged} - {""})) or "none"
        raise SourceError(f"No question of {path} is of the half {half!r}. The halves it names: {halves}.")
    return spread(chosen, limit or len(chosen))


def spread(judged: Sequence[Judged], count: int) -> list[Judged]:
    """Return at most `count` of the questions at equal distances, for a file's kinds often stand one after another."""
    count = min(count, len(judged))
    return [judged[number * len(judged) // count] for number in range(count)]


def read_questions(path: Path) -> list[Judged]:
    """Read a question file: JSON lines of `question` with `topic`, or with `answered` false."""
    return [_judged(record, f"Line {number} of {path}") for number, record in _records(path, "question")]


def read_beir(folder: Path) -> list[Judged]:
    """Read a folder in BEIR layout: the judged ones of `queries.jsonl`, with the halves of `split.tsv` if it is there.

    A grade of 0 says that a document is not relevant, as in trec_eval.
    """
    queries = {str(one["_id"]): str(one["text"]) for _, one in _records(folder / "queries.jsonl", "_id", "text")}
    grades = read_qrels(folder / "qrels.tsv")
    _check_ids(folder, "queries.jsonl", set(queries), set(grades))
    documents = {str(one["_id"]) for _, one in _records(folder / "corpus.jsonl", "_id")}
    _check_ids(folder, "corpus.jsonl", documents, {id_ for relevant in grades.values() for id_ in relevant})
    halves = read_split(folder / "split.tsv")
    relevant = {query: {id_: grade for id_, grade in one.items() if grade > 0} for query, one in grades.items()}
    return [Judged(queries[id_], one, half=halves.get(id_, "")) for id_, one in relevant.items() if one]


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Return the grades of documents by query; a first line of headings may be there or not."""
    grades: dict[str, dict[str, int]] = {}
    for number, cells in _cells(path):
        try:
            query, document, grade = cells
            grades.setdefault(query, {})[document] = int(grade)
        except ValueError as error:
            if number > 1 or len(cells) != 3:
                wanted = "a query's id, a document's id and a whole number as grade, between tabs"
                raise SourceError(f"Line {number} of {path} is not {wanted}.") from error
            grades.clear()
    return grades


def read_split(path: Path) -> dict[str, str]:
    """Return the half of each query; of none where there is no such file."""
    halves = {}
    for number, cells in _cells(path) if path.exists() else ():
        if len(cells) != 2:
            raise SourceError(f"Line {number} of {path} is not a query's id and the name of a half, between a tab.")
        halves[cells[0]] = cells[1]
    return halves


def check_topics(library: Library, judged: Sequence[Judged]) -> None:
    """Raise QuestionError when questions name topics that the library does not hold: they could only be missed."""
    named = {title: one.question for one in judged for title in one.relevant}
    missing = [title for title in named if not library.has_title(title)]
    if missing:
        raise QuestionError(
            f"{len(missing)} of the {len(named)} topics named are not in the library at {library.folder}, the first "
            f"is {missing[0]!r} (asked for by {named[missing[0]]!r}). Add the notes that the questions are about, or "
            "name another library with --library."
        )


def _judged(record: Mapping[str, Any], where: str) -> Judged:
    topic, slot, answered = record.get("topic"), record.get("slot"), record.get("answered", True)
    titles = [topic] if isinstance(topic, str) else topic or []
    if not isinstance(record["question"], str) or not record["question"].strip():
        raise SourceError(f"{where} has no question in words.")
    if not isinstance(titles, list) or not all(isinstance(title, str) for title in titles):
        raise SourceError(f"{where} has a topic that is neither a title nor a list of titles.")
    if bool(titles) != (answered is not False):
        raise SourceError(f'{where} must name a topic, or else say "answered": false.')
    if slot not in (None, *SLOTS):
        raise SourceError(f"{where} has the slot {slot!r}, which is none of {', '.join(SLOTS)}.")
    relevant = dict.fromkeys(map(title_key, titles), 1)
    return Judged(record["question"], relevant, slot, str(record.get("kind") or ""), str(record.get("half") or ""))


def _check_ids(folder: Path, file: str, known: set[str], named: set[str]) -> None:
    if unknown := sorted(named - known):
        raise SourceError(
            f"{folder / 'qrels.tsv'} names {len(unknown)} ids that {file} does not hold, the first is {unknown[0]!r}."
        )


def _records(path: Path, *required: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in _lines(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"Line {number} of {path} is not JSON ({error}).") from error
        if not isinstance(record, dict) or not all(name in record for name in required):
            raise SourceError(f"Line {number} of {path} is not a JSON object with {' and '.join(required)}.")
        yield number, record


def _cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    return ((number, line.rstrip("\r").split("\t")) for number, line in _lines(path))


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be read ({reason}). Check the path.") from error
    return ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


# asking


def ask_all(
    library: Library, judged: Sequence[Judged], *, by_id: bool = False, progress: Progress = silent
) -> list[Outcome]:
    """Ask every question; topics are told apart by id, or else by title."""
    _ask(library, judged[0], by_id=by_id)  # loads the model and the library, which is no part of any question's time
    outcomes = []
    for number, one in enumerate(judged):
        progress("Asking", number, len(judged))
        outcomes.append(_ask(library, one, by_id=by_id))
    return outcomes


def _ask(library: Library, judged: Judged, *, by_id: bool) -> Outcome:
    started = time.perf_counter()
    try:
        answer = ask(library, judged.question, limit=DEPTH)
    except QuestionError as error:
        raise QuestionError(f"The question {judged.question[:60]!r} cannot be asked: {error}") from error
    milliseconds = (time.perf_counter() - started) * 1000
    ranking = tuple(dict.fromkeys(card.id if by_id else title_key(card.topic) for card in answer.hits))
    slot = answer.hits[0].slot if answer.hits else None
    return Outcome(judged, ranking, slot, answer.confidence, answer.answered, milliseconds)


def plain_rankers(library: Library, *, by_id: bool = False) -> dict[str, Ranker]:
    """Return the methods that the product is compared with; another one is another line here."""

    def named(topic_ids: Sequence[int]) -> list[str]:
        stored = library.topics(topic_ids)
        found = [stored[id_] for id_ in topic_ids if id_ in stored]
        return list(dict.fromkeys(one.stable_id if by_id else title_key(one.topic.title) for one in found))

    def fused(question: str) -> list[int]:
        both = (library.rank_by_meaning(question, RRF_DEPTH), library.rank_by_words(question, RRF_DEPTH))
        return reciprocal_rank_fusion(both)[:DEPTH]

    return {
        "dense": lambda question: named(library.rank_by_meaning(question, DEPTH)),
        "BM25": lambda question: named(library.rank_by_words(question, DEPTH)),
        "RRF": lambda question: named(fused(question)),
    }


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


# measuring


def measure(outcomes: Sequence[Outcome], compared: Table | None = None) -> Report:
    """Return the measures of what came of some questions."""
    milliseconds = [outcome.milliseconds for outcome in outcomes]
    return Report(
        questions=len(outcomes),
        answerable=len(_answerable(outcomes)),
        found=finding(outcomes),
        confidence=at_threshold(outcomes) | separation(outcomes),
        latency_ms={name: float(np.percentile(milliseconds, share)) for name, share in (("p50", 50), ("p95", 95))},
        kinds={kind: _of_kind(outcomes, kind) for kind in sorted({one.judged.kind for one in outcomes} - {""})},
        compared=compared or {},
    )


def finding(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return how well topics are found, and how often the right entry is shown of one that was found first."""
    answerable = _answerable(outcomes)
    if not answerable:
        return {}
    rankings = [one.ranking for one in answerable]
    found = {name: float(gains(answerable, rankings, name).mean()) for name in MEASURES}
    asked = [one.slot == one.judged.slot for one in answerable if one.judged.slot and one.is_right]
    return found | ({"slot accuracy": float(np.mean(asked))} if asked else {})


def at_threshold(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the share of answerable questions that were refused, and of the others that were answered."""
    refused = [not one.answered for one in _answerable(outcomes)]
    answered = [one.answered for one in _unanswerable(outcomes)]
    shares = {"false refusals": refused, "false answers": answered}
    return {name: float(np.mean(wrong)) for name, wrong in shares.items() if wrong}


def separation(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return how well confidence tells right from wrong, wherever the threshold stands."""
    area = risk_coverage_area([one.confidence for one in outcomes], [one.is_right for one in outcomes])
    sure = [one.confidence for one in _answerable(outcomes)]
    unsure = [one.confidence for one in _unanswerable(outcomes)]
    if not sure or not unsure:
        return {"AURC": area}
    return {
        "AUROC": float(roc_auc_score([1] * len(sure) + [0] * len(unsure), sure + unsure)),
        "AURC": area,
        "false answers at 95 % answered": false_answers(sure, unsure),
    }


def false_answers(sure: Sequence[float], unsure: Sequence[float]) -> float:
    """Return the share of unanswerable questions answered by the highest threshold that answers 95 % of the others.

    >>> false_answers([0.9] * 19 + [0.1], [0.95, 0.5])
    0.5
    """
    refused = int(len(sure) * (1 - ANSWERED_SHARE) + 1e-9)  # 20 x 0.05 is a little less than 1 in floating point
    return float(np.mean(np.array(unsure) >= sorted(sure)[refused]))


def risk_coverage_area(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Return the mean share of wrong answers over all coverages, the surest first (El-Yaniv and Wiener, JMLR 2010).

    Equally sure answers count as equally wrong, so that their order does not matter.

    >>> risk_coverage_area([0.9, 0.5], [True, False])
    0.25
    """
    _, ties, sizes = np.unique(-np.array(confidences), return_inverse=True, return_counts=True)
    wrong = np.bincount(ties, weights=~np.array(right)) / sizes
    risks = np.cumsum(np.repeat(wrong, sizes)) / np.arange(1, len(ties) + 1)
    return float(risks.mean())


def compare(
    outcomes: Sequence[Outcome], rankers: Mapping[str, Ranker], progress: Progress = silent
) -> dict[str, dict[str, float]]:
    """Return the product beside other rankers over the answerable questions.

    "more" is by how much the product's nDCG@10 is higher, and it lies between "from" and "to" with 95 % probability.
    """
    answerable = _answerable(outcomes)
    if not answerable:
        return {}
    rankings = {"product": [list(one.ranking) for one in answerable]}
    for name, rank in rankers.items():
        rankings[name] = []
        for number, one in enumerate(answerable):
            progress(f"Asking {name}", number, len(answerable))
            rankings[name].append(rank(one.judged.question))
    product = gains(answerable, rankings["product"])
    return {
        name: {measured: float(gains(answerable, ranking, measured).mean()) for measured in ("nDCG@10", "success@1")}
        | (_difference(product - gains(answerable, ranking)) if name != "product" else {})
        for name, ranking in rankings.items()
    }


def gains(outcomes: Sequence[Outcome], rankings: Sequence[Sequence[str]], name: str = "nDCG@10") -> Values:
    """Return a measure of each question's ranking."""
    qrels = {str(number): dict(one.judged.relevant) for number, one in enumerate(outcomes)}
    run = {
        str(number): {topic: 1.0 / rank for rank, topic in enumerate(ranking, start=1)}
        for number, ranking in enumerate(rankings)
    }
    values = np.zeros(len(outcomes))
    for one in ir_measures.iter_calc([MEASURES[name]], qrels, run):
        values[int(one.query_id)] = one.value
    return values


def interval(differences: Values) -> tuple[float, float]:
    """Return where the mean of paired differences lies with 95 % probability (bootstrap over the questions)."""
    generator = np.random.default_rng(0)
    means = [generator.choice(differences, len(differences)).mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _difference(differences: Values) -> dict[str, float]:
    low, high = interval(differences)
    return {"more": float(differences.mean()), "from": low, "to": high}


def _of_kind(outcomes: Sequence[Outcome], kind: str) -> dict[str, float]:
    own = [outcome for outcome in outcomes if outcome.judged.kind == kind]
    found = finding(own)
    kept = {name: found[name] for name in ("nDCG@10", "success@1", "slot accuracy") if name in found}
    return {"questions": len(own)} | kept | at_threshold(own)


def _answerable(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.judged.relevant]


def _unanswerable(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if not outcome.judged.relevant]
