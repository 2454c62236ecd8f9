"""Notes that tests of syncing write, and what they look for in a library."""

from __future__ import annotations

from pathlib import Path

from index.library import Library

COMPOST = "# Garden\n## Compost\nTurn the heap every week.\n"
LONG = "# Long\n## Chapter\n" + " ".join(f"Sentence {number} is about thing{number}." for number in range(60)) + "\n"


def titles(library: Library, question: str) -> list[str]:
    return [hit.topic.title for hit in library.search(question)]


def write_heap(folder: Path, count: int = 40) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        parts = "".join(f"## Part {part}\nThing{number} has a part{number}x{part}.\n" for part in range(3))
        (folder / f"{number:02}.md").write_text(f"# Heap\n{parts}")
