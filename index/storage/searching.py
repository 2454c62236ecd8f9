"""what an engine is asked for a question: which passages are nearest, which topics hold the words, and their rows"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from index.records import (
    NO_FORMS,
    Ids,
    Slot,
    Span,
    Vectors,
    WordForms,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Filters(NamedTuple):
    """Which topics are searched; all of them where nothing is given."""

    subjects: Sequence[str] | None = None
    """The ways in which the one that is searched is written."""
    slot: Slot | None = None
    row_ids: Ids | None = None
    """Those that a filter of notes lets through, ascending."""

    @property
    def is_open(self) -> bool:
        """Return whether all topics are searched."""
        return self.subjects is None and self.slot is None and self.row_ids is None


ALL_TOPICS: Final = Filters()


class Candidates(NamedTuple):
    """Topics that may match a question, a place each in every array."""

    row_ids: Ids
    similarity: Vectors
    """By meaning alone: the mean of the cosines of the best entry and of the topic as a whole."""
    question_boost: Vectors
    """By how much a way to ask for the topic comes nearer than that."""
    is_exact: npt.NDArray[np.bool_]
    """Whether its title is the question, or it was marked as answering it."""

    @classmethod
    def none(cls) -> Candidates:
        """Return no candidates."""
        import numpy as np  # only whoever searches needs it

        return cls(np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.float32), np.empty(0, np.bool_))

    @classmethod
    def merge(cls, several: Sequence[Candidates]) -> Candidates:
        """Return those of several parts together."""
        import numpy as np

        return cls(*(np.concatenate(column) for column in zip(*several, strict=True)))


class EntryMatch(NamedTuple):
    """How the best passage of an entry matches a vector."""

    score: float
    span: Span
    """Where the passage begins and ends in the entry's text, in characters."""


class TopicViews(NamedTuple):
    """What some topics are about, a place each in every array."""

    row_ids: Ids
    titles: npt.NDArray[np.uint64]
    """The `title_hash` of each."""
    views: Vectors
    """As a whole, and in each slot: shape (topics, 1 + slots, dimension); zeros where a topic lacks a slot."""


class TopicFacts(NamedTuple):
    """What the neighbours of a topic are looked for by."""

    views: TopicViews
    """Its own; no place where it is not there."""
    links: Sequence[tuple[int, int, int]]
    """How it is linked: from topic, to topic, and by how many links the two share it with others."""


class Neighbours(NamedTuple):
    """Topics that may belong beside another one."""

    views: TopicViews
    lexical_scores: Mapping[int, float]
    """The share of the words, 0 to 1, of each topic that was found by them."""


class LexicalReader(Protocol):
    """The topics of one revision by their words."""

    @property
    def revision(self) -> int:
        """Which revision it reflects."""

    def __len__(self) -> int:
        """Return the number of topics."""

    def look_up(self, words: Iterable[str]) -> None:
        """Make ready what will be asked about single words, at once where each would be a journey of its own."""

    def best(
        self,
        words: Sequence[str],
        count: int,
        filters: Filters = ALL_TOPICS,
        *,
        forms: WordForms = NO_FORMS,
    ) -> dict[int, float]:
        """Return up to `count` topics that hold any of the words, best first, each with its share of them, 0 to 1.

        Each of a word's other `forms` counts like the word itself.
        """

    def topics_containing(
        self,
        words: Sequence[str],
        count: int,
        filters: Filters = ALL_TOPICS,
    ) -> list[int]:
        """Return up to `count` topics that hold all of the words, best first."""

    def rarity(self, word: str) -> float:
        """Return how much a word tells, as BM25 weighs it (inverse document frequency)."""

    def rarity_of(self, word: str, forms: WordForms) -> float:
        """Return how much a word tells of which each form counts as well: as one that as many topics hold as all."""

    def weight(self, frequency: int) -> float:
        """Return how much a word tells that so many topics hold."""

    def frequency(self, word: str) -> int:
        """Return how many topics hold a word, as `terms` gives it."""

    def holds(self, word: str) -> bool:
        """Return whether a topic holds a word."""

    def words_with(self, letter: str) -> Mapping[str, int]:
        """Return the words, as they are written, that begin with a letter, and how many topics hold each."""


class DenseReader(Protocol):
    """The topics of one revision by the vectors of their passages."""

    @property
    def revision(self) -> int:
        """Which revision it reflects."""

    @property
    def subjects(self) -> Mapping[str, int]:
        """Every subject with the number of its topics."""

    def slot_counts(self) -> Mapping[Slot, int]:
        """Return how many topics have each slot."""

    # for a question

    def candidates(
        self, question: str, vector: Vectors, count: int, named: Iterable[int], learned: Sequence[int], filters: Filters
    ) -> Candidates:
        """Return at least `count` topics nearest to a vector, if there are, and those that are named or exact.

        A topic is exact whose title is the question, or that has learned it.
        """

    def entry_matches(
        self, row_ids: Sequence[int], vector: Vectors, slot: Slot | None
    ) -> Mapping[int, tuple[EntryMatch, ...]]:
        """Return how each entry of topics matches a vector, by topic; without those that are no longer there."""

    def nearest_passages(self, query: Vectors, count: int) -> list[int]:
        """Return up to `count` topics by their nearest passage alone, ways to ask left out."""

    # for titles

    def has_title(self, title: str) -> bool:
        """Return whether a topic has this title, as `title_key` compares them."""

    def rest_of_title(self, title: int) -> float:
        """Return how far what topics of a title share is their own and not the form's: 1 for a title of one topic."""

    # for topics beside one

    def views(self, row_ids: Iterable[int]) -> TopicViews:
        """Return what those of the topics that are there are about."""

    def all_views(self) -> Iterator[TopicViews]:
        """Yield what every topic is about, some topics at a time."""

    @property
    def common(self) -> Vectors:
        """What all topics have in common, to be taken off before two are compared: shape (1 + slots, dimension)."""

    def common_to_titles(self, titles: Iterable[int]) -> Mapping[int, Vectors]:
        """Return what the topics of each recurring title have in common beyond that, by its `title_hash`."""
