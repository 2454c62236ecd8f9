"""how long a map of topics takes that was never laid out: `python -m benchmarks.topic_map [--library FOLDER]`

Without a library, 2,000 topics are made: forty groups of vectors, each around a middle. Prints seconds, and how far the
nearest topics on the map are the nearest in meaning (trustworthiness, Venna and Kaski 2001; 1 is all of them).
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.manifold import trustworthiness

from assistant.discovery.layout import lay_out
from index.library import Library
from index.records import Vectors
from index.retrieval import all_centred

TOPICS: Final = 2_000
GROUPS: Final = 40
DIMENSIONS: Final = 384
NEIGHBOURS: Final = 10


def main(arguments: list[str] | None = None) -> None:
    """Lay topics out once and print what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.topic_map", description=__doc__)
    parser.add_argument("--library", type=Path, metavar="FOLDER", help="a library whose topics are laid out")
    folder = parser.parse_args(arguments).library
    vectors = _vectors_of(folder) if folder else _made_vectors()
    started, worked = time.perf_counter(), time.process_time()
    places = lay_out([str(number) for number in range(len(vectors))], vectors, {})
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    share = trustworthiness(vectors, places, n_neighbors=NEIGHBOURS)
    sys.stdout.write(f"{len(vectors)} topics: {seconds:.1f} s, {work:.1f} s of a processor, {share:.3f} trustworthy\n")


def _vectors_of(folder: Path) -> Vectors:
    with closing(Library(folder)) as library:
        return all_centred(library.snapshot())[1]


def _made_vectors() -> Vectors:
    random = np.random.default_rng(0)
    middles = random.normal(size=(GROUPS, DIMENSIONS))
    vectors = middles[np.arange(TOPICS) % GROUPS] + random.normal(size=(TOPICS, DIMENSIONS))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


if __name__ == "__main__":
    main()
