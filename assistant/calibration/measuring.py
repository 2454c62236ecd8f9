"""how alike a model finds what belongs together and what does not, over the bundled topics and questions about them"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.library import Library
from index.records import Ids, Slot, Vectors
from index.retrieval import QueryTerms, like_topics, query_terms, token_similarity
from index.storage import ALL_TOPICS
from index.text import stemmed_words, title_key

QUESTIONS_FILE: Final = Path(__file__).with_name("model_questions.jsonl")
SLOTS_FILE: Final = Path(__file__).with_name("model_slots.jsonl")


@dataclass(frozen=True, slots=True)
class CalibrationQuestion:
    """A question about the bundled topics."""

    text: str
    topic: str = ""
    """The title of the topic that answers it; empty where none does."""
    slot: Slot | None = None


class Seen(NamedTuple):
    """Similarities of one kind of comparison."""

    unrelated: float
    """The mean of what has nothing to do with each other."""
    spread: float
    """Its standard deviation."""
    related: float
    """The mean of what belongs together."""

    @property
    def anchors(self) -> tuple[float, float]:
        """The two values that a line goes through.

        Through chance and a spread above it, multilingual-e5-small finds three of 300 questions of the German XQuAD
        more; but what answers then lies elsewhere than by the default model, and 18 % are refused in place of 13.
        """
        return self.unrelated, self.related


def read_questions() -> list[CalibrationQuestion]:
    """Return the questions that come along: some that the bundled topics answer, some that they almost do, some not."""
    lines = map(json.loads, QUESTIONS_FILE.read_text(encoding="utf-8").splitlines())
    return [CalibrationQuestion(line["question"], line.get("topic", ""), line.get("slot")) for line in lines]


def read_slot_questions() -> list[CalibrationQuestion]:
    """Return questions about many subjects, each with the slot that it asks for."""
    lines = map(json.loads, SLOTS_FILE.read_text(encoding="utf-8").splitlines())
    return [CalibrationQuestion(line["question"], slot=line["slot"]) for line in lines]


def measure(library: Library, questions: Sequence[CalibrationQuestion]) -> Mapping[str, Seen]:
    """Return the similarities of a model by which a library of the bundled topics was made, in its own numbers."""
    titles = {id_: title_key(topic.title) for id_, topic in library.all_topics()}
    ids = np.array(sorted(titles), dtype=np.int64)
    vectors, is_own, by_passage, by_token = [], [], [], []
    binary_tokens = {
        id_: [bits for _, bits in passages] for id_, passages in library.reader.topic_tokens(ids.tolist(), None).items()
    }
    for question in questions:
        vector, tokens = library.encoder.encode_query(question.text)
        question_terms = query_terms(question.text, tokens, library.lexical().rarity)
        vectors.append(vector)
        is_own.append([title_key(question.topic) == titles[id_] for id_ in ids.tolist()])
        by_passage.append(_by_passage(library, question.text, vector, ids))
        by_token.append([_by_token(question_terms, binary_tokens.get(id_, ())) for id_ in ids.tolist()])
    own = np.array(is_own)
    return {
        "passages": _mean_and_spread(np.array(by_passage), own),
        "tokens": _mean_and_spread(np.array(by_token), own),
        "questions": _unrelated_questions(np.array(vectors), own),
        "words": _of_words(library),
        "topics": _of_topics(library, ids),
    }


def _by_passage(library: Library, question: str, vector: Vectors, ids: Ids) -> Vectors:
    candidates = library.snapshot().candidates(question, vector, len(ids), ids.tolist(), [], ALL_TOPICS)
    return np.asarray(candidates.similarity[np.argsort(candidates.row_ids)])


def _by_token(question_terms: QueryTerms, passages: Iterable[bytes]) -> float:
    """Return the MaxSim of a question and the best passage; NaN where the model gives no vectors of tokens."""
    passages = [bits for bits in passages if bits]
    if not (passages and len(question_terms.vectors)):
        return np.nan
    return max(
        float(token_similarity(question_terms, [bits]).max(axis=1) @ question_terms.token_weights) for bits in passages
    )


def _mean_and_spread(values: Vectors, is_related: npt.NDArray[np.bool_]) -> Seen:
    told = ~np.isnan(values)
    apart, together = values[~is_related & told], values[is_related & told]
    if not (len(apart) and len(together)):
        return Seen(0.0, 1.0, 1.0)
    return Seen(float(apart.mean()), float(apart.std()), float(together.mean()))


def _unrelated_questions(vectors: Vectors, is_own: npt.NDArray[np.bool_]) -> Seen:
    """Return the similarities of questions that no topic has in common; a question is like itself."""
    pairs = np.triu_indices(len(vectors), 1)
    asks_for = is_own.astype(np.float32)
    apart = (vectors @ vectors.T)[pairs][(asks_for @ asks_for.T)[pairs] == 0]
    return Seen(float(apart.mean()), float(apart.std()), 1.0)


def _of_words(library: Library) -> Seen:
    """Return the similarities of the words of the topics in the network's own table; a word is like itself."""
    topics = [topic.full_text for _, topic in library.all_topics()]
    words = sorted({text[start:end] for text in topics for _, start, end in stemmed_words(text)})
    text = " ".join(word for word in words if word.isalpha())
    spans, vectors = library.encoder.tokenizer.tokens(text)
    known = set(text.split())
    whole = vectors[[row for row, (start, end) in enumerate(spans) if text[start:end] in known]]
    apart = (whole @ whole.T)[np.triu_indices(len(whole), 1)]
    return Seen(float(apart.mean()), float(apart.std()), 1.0)


def _of_topics(library: Library, ids: Ids) -> Seen:
    """Return the similarities of topics; no more are related than are like each other, so spread says what is."""
    views = [library.snapshot().views([id_]) for id_ in ids.tolist()]
    similarities = [like_topics(library.reader, of_topic, ids.tolist()).similarity for of_topic in views]
    values = np.array([value for of_one in similarities for value in of_one.values()])
    return Seen(float(values.mean()), float(values.std()), float(values.mean() + values.std()))
