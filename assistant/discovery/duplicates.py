"""which entries say the same thing in different places?"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.discovery.contradictions import MIN_SHARED_WORDS, says_otherwise, words_but_values
from assistant.location import AnchorJson, anchor_json
from index.library import Library
from index.markdown import sentence_spans
from index.progress import Phase, Progress, silent
from index.records import Slot
from index.text import PLAIN_WORD

Shingles: TypeAlias = npt.NDArray[np.uint64]
"""A number for each run of words in a text, ascending, each once."""

RUN: Final = 3
"""Words in a run."""

MIN_ENTRY_WORDS: Final = 8
"""Words of an entry, at least: shorter ones repeat without being duplicates: "None.", "See above."."""

MIN_SHARED: Final = 0.5
"""The share of the runs of two entries that both hold, from which they say the same: one word in eight may differ."""

BANDS: Final = 24
ROWS: Final = 2
"""Two entries are compared when they agree in a band, in all its rows: with half of the runs shared, 99.9 % are (1 -
(1 - 0.5 ** 2) ** 24); with a tenth shared, 21 %. Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4."""

_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)
"""2 ** 64 divided by the golden ratio, which spreads numbers evenly (Knuth, The Art of Computer Programming, 6.4)."""
_WEAK_BITS: Final = np.uint64(16)
"""How many bits of a product are left out: the lowest depend on few bits of what was multiplied."""

_DIGIT: Final = re.compile(r"\d")

MAX_SAYING: Final = 2
"""Sentences of a contradiction: more are a record, such as a diary."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The place of an entry."""

    subject: str
    topic: str
    slot: Slot | None
    path: str
    line: int
    anchor: AnchorJson | None = None
    """The place in a document that is no note."""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Entries that say the same thing."""

    score: float
    """0 to 1: the share of common runs of three words, of the least similar pair in the group."""
    text: str
    """The text of the first entry."""
    places: tuple[Occurrence, ...]
    differ: tuple[str, ...] = ()
    """The sentence of each place, if they differ in nothing but a number or a code."""


class _Entry(NamedTuple):
    row_id: int
    position: int
    shingles: Shingles


def find_duplicates(library: Library, progress: Progress = silent) -> list[Duplicates]:
    """Return groups of duplicate entries, each in another topic, most similar first."""
    entries = list(_entries(library, progress))
    progress(Phase.COMPARING, 0, 0)
    pairs = {
        (first, other): shared
        for first, other in _candidates([entry.shingles for entry in entries])
        if entries[first].row_id != entries[other].row_id
        and (shared := resemblance(entries[first].shingles, entries[other].shingles)) >= MIN_SHARED
    }
    groups = [_described(library, [entries[place] for place in group], score) for group, score in _groups(pairs)]
    same = sorted((group for group in groups if group), key=lambda group: (-group.score, -len(group.places)))
    return [*same, *_contradicting(library, progress)]


def _contradicting(library: Library, progress: Progress) -> list[Duplicates]:
    """Return pairs of sentences, each in another topic, that differ in nothing but a number or a code.

    More than two such sentences are a record, such as a diary.
    """
    sentences = list(_sentences_with_values(library, progress))
    pairs = {
        pair: resemblance(sentences[pair[0]].shingles, sentences[pair[1]].shingles)
        for pair in _candidates([sentence.shingles for sentence in sentences])
        if sentences[pair[0]].row_id != sentences[pair[1]].row_id
        and says_otherwise(sentences[pair[0]].text, sentences[pair[1]].text)
    }
    groups = [
        ([sentences[place] for place in group], score) for group, score in _groups(pairs) if len(group) == MAX_SAYING
    ]
    described = [
        (_described(library, [_Entry(*sentence[:3]) for sentence in group], score), group) for group, score in groups
    ]
    return [
        replace(duplicates, text=group[0].text, differ=tuple(each.text for each in group))
        for duplicates, group in described
        if duplicates
    ]


class _Sentence(NamedTuple):
    row_id: int
    position: int
    shingles: Shingles
    """Hashes of its single words, without numbers."""
    text: str


def _sentences_with_values(library: Library, progress: Progress) -> Iterator[_Sentence]:
    count = sum(library.subjects().values())
    for number, (row_id, topic) in enumerate(library.all_topics()):
        progress(Phase.READING_DIFFERENCES, number, count)
        for position, entry in enumerate(topic.entries):
            for span in sentence_spans(entry.text) if _DIGIT.search(entry.text) else ():
                text = entry.text[slice(*span)]
                words = words_but_values(text)
                if len(words) >= MIN_SHARED_WORDS and _DIGIT.search(text):
                    hashes = np.array(sorted(zlib.crc32(word.encode()) for word in words), dtype=np.uint64)
                    yield _Sentence(row_id, position, np.unique(hashes), text)


def shingles(text: str) -> Shingles:
    """Return hashes of the runs of three words of a text, ignoring case and punctuation."""
    hashes = np.array([zlib.crc32(word.encode()) for word in PLAIN_WORD.findall(text.casefold())], dtype=np.uint64)
    if len(hashes) < MIN_ENTRY_WORDS:
        return np.empty(0, dtype=np.uint64)
    runs = np.zeros(len(hashes) - RUN + 1, dtype=np.uint64)
    for place in range(RUN):
        runs = runs * _MULTIPLIER + hashes[place : place + len(runs)]
    return np.unique(runs)


def resemblance(first: Shingles, other: Shingles) -> float:
    """Return the share of common runs among all runs of two texts (Jaccard's coefficient).

    >>> text = "two branches changed the same lines of one file"
    >>> resemblance(shingles(text), shingles(text.upper()))
    1.0
    """
    shared = len(np.intersect1d(first, other, assume_unique=True))
    return shared / (len(first) + len(other) - shared)


def _entries(library: Library, progress: Progress) -> Iterator[_Entry]:
    count = sum(library.subjects().values())
    for number, (row_id, topic) in enumerate(library.all_topics()):
        progress(Phase.READING, number, count)
        for position, entry in enumerate(topic.entries):
            runs = shingles(entry.text)
            if len(runs):
                yield _Entry(row_id, position, runs)


def _candidates(texts: list[Shingles]) -> set[tuple[int, int]]:
    """Return pairs of texts that may be alike: each with the first that agrees with it in a band of minima."""
    factors = np.random.default_rng(0).integers(1, 2**63, size=BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
    pairs: set[tuple[int, int]] = set()
    first: list[dict[bytes, int]] = [{} for _ in range(BANDS)]
    for place, text in enumerate(texts):
        minima = (text[:, None] * factors >> _WEAK_BITS).min(axis=0).reshape(BANDS, ROWS)
        for seen, band in zip(first, minima, strict=True):
            before = seen.setdefault(band.tobytes(), place)
            if before != place:
                pairs.add((before, place))
    return pairs


def _groups(pairs: dict[tuple[int, int], float]) -> Iterable[tuple[list[int], float]]:
    """Yield the connected groups of texts, each with its least pair score."""
    if not pairs:
        return
    texts, ends = np.unique(np.array(list(pairs)), return_inverse=True)
    ones, others = ends.reshape(-1, 2).T
    from scipy.sparse import coo_array  # a third of a second, which no question needs
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(ones)), (ones, others)), shape=(len(texts), len(texts)))
    count, groups = connected_components(graph, directed=False)
    scores = np.ones(count)
    np.minimum.at(scores, groups[ones], list(pairs.values()))
    for group in range(count):
        yield texts[groups == group].tolist(), float(scores[group])


def _described(library: Library, entries: list[_Entry], score: float) -> Duplicates | None:
    """Return the places of duplicate entries; None if a sync has deleted one of them meanwhile."""
    topics = library.topics(entry.row_id for entry in entries)
    if any(entry.row_id not in topics for entry in entries):
        return None
    standing = [(topics[entry.row_id], topics[entry.row_id].topic.entries[entry.position]) for entry in entries]
    places = tuple(
        Occurrence(
            stored.topic.subject,
            stored.topic.title,
            entry.slot,
            stored.path,
            entry.line,
            anchor_json(entry.location(0).anchor),
        )
        for stored, entry in standing
    )
    return Duplicates(round(score, 3), standing[0][1].text, places)
