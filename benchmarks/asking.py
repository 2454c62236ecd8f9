"""a warm question: what each takes in a process that answers many (run by `python -m benchmarks`)"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from assistant.answering import ask
from index.library import Library


def main(folder: Path, questions: Path) -> None:
    """Ask every question once to warm up and once to measure; print milliseconds."""
    asked = json.loads(questions.read_text(encoding="utf-8"))
    library = Library(folder)
    started = time.perf_counter()
    ask(library, asked[0])
    opened = time.perf_counter() - started
    for question in asked[:10]:
        ask(library, question)
    taken = [_milliseconds(library, question) for question in asked]
    p50, p95 = np.percentile(taken, [50, 95])
    print(json.dumps({"first_ms": opened * 1000, "p50_ms": float(p50), "p95_ms": float(p95)}))


def _milliseconds(library: Library, question: str) -> float:
    started = time.perf_counter()
    ask(library, question)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
