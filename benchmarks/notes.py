"""the data folder: real notes and real questions to measure with

It is laid out as `SET/corpus.jsonl` and `SET/queries.jsonl` in the BEIR layout (https://github.com/beir-cellar/beir),
and as any folder of Markdown files, for example the documentation of a large open-source project.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from index.records import Topic
from index.sources import FoundFile, find_files, read_document


def questions(data: Path) -> list[str]:
    """Return the questions of every set, in turn from each."""
    sets = [
        [str(json.loads(line)["text"]) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted(data.glob("*/queries.jsonl"))
    ]
    shortest = min(map(len, sets), default=0)
    return [one[position] for position in range(shortest) for one in sets]


def markdown_folder(data: Path) -> Path:
    """Return the subfolder that holds the most Markdown files."""
    folders = [folder for folder in data.iterdir() if folder.is_dir()]
    return max(folders, key=lambda folder: len(list(folder.rglob("*.md"))))


def markdown_files(data: Path, count: int) -> list[FoundFile]:
    """Return so many of its files, evenly spread."""
    files = [file for file in find_files(markdown_folder(data)) if file.path.suffix == ".md"]
    return files[:: max(1, len(files) // count)][:count]


def topics(data: Path, files: int) -> Iterator[Topic]:
    """Yield the topics of so many files."""
    for file in markdown_files(data, files):
        yield from read_document(file).topics
