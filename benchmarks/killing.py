"""`python -m benchmarks.killing ADDRESS`: writers that are killed in mid-publish, beside questions that go on

Each publish adds a note of three topics. The process that makes it has loaded its model, and is ended by SIGKILL at a
moment that chance gives; the next sync has to bring what it lacked. Torn is a revision in which a note has some of its
topics; lost is a note that is not there after the next sync.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from index.library import Library

PARTS: Final = 3
"""Topics of each note."""


class Killed(NamedTuple):
    """What a run of kills has shown."""

    kills: int
    in_publish: int
    """Kills that came while the process was still at work."""
    landed: int
    """Of these, publishes that had been committed by then."""
    torn: int
    lost: int
    questions: int
    """Revisions that were read meanwhile, each with a question."""
    damage: str


def kill_writers(open_library: Callable[[str], Library], notes: Path, count: int, seed: int = 0) -> Killed:
    """Publish `count` notes, each by a process that is killed; `open_library` is given who opens it."""
    draw = random.Random(seed)  # noqa: S311 (moments, not secrets)
    reader, told = _reading_beside(open_library)
    seconds, in_publish, landed = min(_publish_whole(open_library, notes, -number) for number in (1, 2, 3)), 0, 0
    with closing(open_library("judge")) as library:
        for number in range(count):
            write_note(notes, number)
            writer = _begun(open_library)
            time.sleep(draw.uniform(0, 1.1) * seconds)
            os.kill(writer, signal.SIGKILL)
            _, status = os.waitpid(writer, 0)
            in_publish += os.WIFSIGNALED(status)
            landed += os.WIFSIGNALED(status) and f"{number}.md" in {document.path for document in library.documents()}
            library.sync()
        held = Counter(document.path for document in library.documents())
        lost = sum(held[f"{number}.md"] != 1 for number in range(count))
        damage = "; ".join(filter(None, (library.storage.damage(), *library.storage.damaged_indexes())))
    os.kill(reader, signal.SIGTERM)
    os.waitpid(reader, 0)
    questions, torn = map(int, os.read(told, 100).split())
    return Killed(count, in_publish, landed, torn, lost, questions, damage)


def write_note(folder: Path, number: int) -> None:
    """Write a note of three topics that belong together."""
    parts = "\n".join(f"## Part {part} of {number}\nzebra{number} walks in step {part}.\n" for part in range(PARTS))
    (folder / f"{number}.md").write_text(f"# Herd {number}\n\n{parts}", encoding="utf-8")


def _publish_whole(open_library: Callable[[str], Library], notes: Path, number: int) -> float:
    """Return how many seconds a process takes to publish one note."""
    write_note(notes, number)
    writer = _begun(open_library)
    started = time.perf_counter()
    os.waitpid(writer, 0)
    return time.perf_counter() - started


def _begun(open_library: Callable[[str], Library]) -> int:
    """Return the number of a process that has loaded its model and begins to sync."""
    told, tells = os.pipe()
    writer = _fork(lambda: _sync(open_library, tells))
    os.close(tells)
    os.read(told, 1)
    os.close(told)
    return writer


def _sync(open_library: Callable[[str], Library], tells: int) -> None:
    with closing(open_library("writer")) as library:
        library.prepare_model()
        library.encoder.encode_documents(["loaded"])
        os.write(tells, b".")
        library.sync()


def _reading_beside(open_library: Callable[[str], Library]) -> tuple[int, int]:
    """Return a process that asks until it is ended, and where it then says how often, and how often it saw half."""
    told, tells = os.pipe()
    return _fork(lambda: _read(open_library, tells)), told


def _read(open_library: Callable[[str], Library], tells: int) -> None:
    ends: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: ends.append(1))
    asked = torn = 0
    with closing(open_library("reader")) as library:
        while not ends:
            with library.reading() as reader:
                library.search("zebra walks in step", 3)
                parts = Counter(heading.path for heading in reader.headings().values())
            asked += 1
            torn += any(count != PARTS for count in parts.values())
    os.write(tells, f"{asked} {torn}".encode())


def _fork(work: Callable[[], None]) -> int:
    """Do some work in a process of its own that leaves nothing to clean up, and return its number."""
    process = os.fork()
    if process:
        return process
    try:
        work()
        os._exit(0)
    finally:
        os._exit(1)


def main() -> None:
    """Run it on a library of its own in the database at an address."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="a library that is not there yet: postgresql://USER@HOST/DATABASE?library=NEW")
    parser.add_argument("--count", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder, "notes")
        notes.mkdir()

        def open_library(who: str) -> Library:
            return Library(given.address, models=Path(folder, "models"), beside=Path(folder, who))

        with closing(open_library("first")) as library:
            library.remove("builtin")
            library.add(notes)
        sys.stdout.write(f"{kill_writers(open_library, notes, given.count)}\n")


if __name__ == "__main__":
    main()
