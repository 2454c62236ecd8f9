"""`python -m benchmarks.sharding LIBRARY`: what is lost where each of N shards of a search engine names its best K

The topics of a library in a folder are dealt out to shards by chance. Each shard names its K best by itself: passages
by their cosines, topics by BM25 with its own counts of words and lengths, as sharded engines do. Ranking then is by
numbers of the whole, so what counts is which of the best of the whole are among those that the shards name together.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from index.engine.bm25 import K1, B, indexed_terms, word_weight
from index.library import Library
from index.text import asked_terms

SHARDS: Final = (4, 16, 64)
NAMED: Final = (1, 2, 5, 10, 20, 50)
DEPTHS: Final = {"passages": (10, 120), "words": (10, 50)}
"""How many of the best are looked for: the first ten, and what ranking begins with for ten topics."""

Places: TypeAlias = npt.NDArray[np.int64]
Numbers: TypeAlias = npt.NDArray[np.float32]


class Words(NamedTuple):
    """The words of topics, each by its place."""

    postings: dict[str, tuple[Places, Numbers]]
    """The topics that hold each word, and how often it counts in them."""
    lengths: Numbers

    def scores(self, asked: Sequence[str], is_here: npt.NDArray[np.bool_]) -> Numbers:
        """Return the BM25 score of every topic that is here, by the counts of those; 0 for the others."""
        scores = np.zeros(len(self.lengths), np.float32)
        count, mean = int(is_here.sum()), self.lengths[is_here].mean()
        for places, times in (self.postings[word] for word in asked if word in self.postings):
            here = is_here[places]
            held, often = places[here], times[here]
            scores[held] += (
                word_weight(count, len(held)) * often / (often + K1 * (1 - B + B * self.lengths[held] / mean))
            )
        return scores


def main() -> None:
    """Print JSON: recall by what is searched, shards and K."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sharding", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("library", type=Path, help="a folder, such as benchmarks.server leaves with --work")
    parser.add_argument("--questions", type=int, default=100, help="titles of topics that are asked for")
    options = parser.parse_args()
    with closing(Library(options.library)) as library:
        vectors, topic_of, words = _read(library)
        asked = [stored.topic.title for stored in library.reader.sample_topics(options.questions)]
        queries = library.encoder.encode_queries(asked)
        terms = [asked_terms(question, library.lexical().holds) for question in asked]
    random = np.random.default_rng(0)
    found: dict[str, Any] = {"passages": len(vectors), "topics": len(words.lengths), "questions": len(asked)}
    for shards in SHARDS:
        shard_of = random.integers(shards, size=len(words.lengths))
        by_meaning = [_ranks(vectors @ query, shard_of[topic_of]) for query in queries]
        by_words = [_ranks_by_words(words, asked, shard_of, shards) for asked in terms]
        for what, ranks in (("passages", by_meaning), ("words", by_words)):
            found[f"{what}, {shards} shards"] = {
                f"K={named}": {f"recall@{depth}": _recall(ranks, named, depth) for depth in DEPTHS[what]}
                for named in NAMED
            }
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


def _read(library: Library) -> tuple[Numbers, Places, Words]:
    """Return the vector of each passage, the place of its topic, and the words of the topics."""
    reader = library.storage.reader
    of_key = {kept.key: np.frombuffer(kept.vector, "<f2") for some in reader.kept_vectors() for kept in some}
    vectors: list[npt.NDArray[np.float16]] = []
    topic_of: list[int] = []
    held: dict[str, list[tuple[int, int]]] = {}
    lengths: list[int] = []
    for kept in reader.kept_documents():
        for topic, passages in zip(kept.document.topics, kept.passages, strict=True):
            vectors += [of_key[passage.key] for passage in passages]
            topic_of += [len(lengths)] * len(passages)
            terms = Counter(indexed_terms(topic))
            for word, times in terms.items():
                held.setdefault(word, []).append((len(lengths), times))
            lengths.append(terms.total())
    postings = {word: _columns(pairs) for word, pairs in held.items()}
    return (
        np.stack(vectors).astype(np.float32),
        np.array(topic_of),
        Words(postings, np.array(lengths, np.float32)),
    )


def _columns(pairs: Iterable[tuple[int, int]]) -> tuple[Places, Numbers]:
    table = np.array(list(pairs))
    return table[:, 0], table[:, 1].astype(np.float32)


def _ranks(scores: Numbers, shard_of: Places) -> Places:
    """Return of the best of the whole, best first, which one of its shard each is: 0 for the first there.

    >>> _ranks(np.array([0.9, 0.1, 0.5, 0.7]), np.array([0, 0, 1, 0])).tolist()
    [0, 1, 0, 2]
    """
    best = np.argsort(-scores, kind="stable")[: max(DEPTHS["passages"])]
    seen: Counter[int] = Counter()
    ranks = []
    for shard in shard_of[best].tolist():
        ranks.append(seen[shard])
        seen[shard] += 1
    return np.array(ranks)


def _ranks_by_words(words: Words, asked: Sequence[str], shard_of: Places, shards: int) -> Places:
    """Return the same of topics by words, where each shard ranks its own by its own counts."""
    whole = words.scores(asked, np.ones(len(words.lengths), bool))
    best = np.argsort(-whole, kind="stable")[: max(DEPTHS["words"])]
    best = best[whole[best] > 0]
    ranks = np.zeros(len(best), np.int64)
    for shard in set(shard_of[best].tolist()):
        here = words.scores(asked, shard_of == shard)
        order = np.empty(len(here), np.int64)
        order[np.argsort(-here, kind="stable")] = np.arange(len(here))
        mine = shard_of[best] == shard
        ranks[mine] = order[best[mine]]
    return ranks


def _recall(ranks: Sequence[Places], named: int, depth: int) -> float:
    """Return which share of the best of the whole is among the first that each shard names."""
    return round(float(np.mean([np.mean(some[:depth] < named) for some in ranks if len(some)])), 4)


if __name__ == "__main__":
    main()
