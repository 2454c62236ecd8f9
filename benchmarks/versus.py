"""what a question takes of a processor beside another checkout: `python -m benchmarks.versus FOLDER [--notes NOTES]`

Both answer the same questions in turn, ten at a time, each in a process and a library of its own, so that the ratio
holds on a machine that does other work, too. The other checkout needs its libraries in `.venv`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Final

ROOT: Final = Path(__file__).parents[1]
AT_ONCE: Final = 10
"""Questions between two turns: less than a second, in which a machine that does other work stays as busy as it is."""
WARM_UP: Final = 20
"""Questions that are asked first and not counted."""

ANSWERING: Final = """
import json, sys, time
from pathlib import Path
from index.library import Library
try:
    from assistant.answering import ask
except ModuleNotFoundError:  # up to version 0.1.0
    from assistant.ask import ask
library = Library(Path(sys.argv[1]))
for source in sys.argv[2:]:
    library.add(source)
library.sync()
for line in sys.stdin:
    started = time.process_time()
    for question in json.loads(line):
        ask(library, question)
    print(time.process_time() - started, flush=True)
"""
"""What runs in each checkout: questions in, seconds of a processor out."""


def main(other: Path, questions: Path, notes: Sequence[str]) -> None:
    """Print milliseconds of a processor for a question in the other checkout and in this one, and the ratio."""
    lines = questions.read_text(encoding="utf-8").splitlines()
    wordings = list(dict.fromkeys(json.loads(line)["question"] for line in lines))
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        checkouts = [
            stack.enter_context(_answering(checkout, Path(folder) / name, notes))
            for name, checkout in (("other", other), ("this", ROOT))
        ]
        for process in checkouts:
            _seconds(process, wordings[:WARM_UP])
        turns = [
            [_seconds(process, wordings[start : start + AT_ONCE]) for process in checkouts]
            for start in range(0, len(wordings), AT_ONCE)
        ]
        for process in checkouts:
            process.communicate()
    there, here = (sum(column) / len(wordings) * 1000 for column in zip(*turns, strict=True))
    middle = median(here / there for there, here in turns)
    sys.stdout.write(f"there {there:.1f} ms, here {here:.1f} ms: {here / there:.3f}, median of turns {middle:.3f}\n")


def _answering(checkout: Path, folder: Path, notes: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603
        [str(checkout / ".venv/bin/python"), "-c", ANSWERING, str(folder), *notes],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=checkout,
    )


def _seconds(process: subprocess.Popen[str], questions: Sequence[str]) -> float:
    """Return what a process takes of a processor for some questions."""
    if not process.stdin or not process.stdout:
        raise RuntimeError("the process has no standard streams")
    process.stdin.write(json.dumps(questions) + "\n")
    process.stdin.flush()
    return float(process.stdout.readline())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="another checkout of this project")
    parser.add_argument("--questions", type=Path, default=ROOT / "tests/cases/questions.jsonl")
    parser.add_argument("--notes", nargs="*", default=[], help="notes beside the bundled topics")
    options = parser.parse_args()
    main(options.folder.resolve(), options.questions, [str(Path(note).resolve()) for note in options.notes])
