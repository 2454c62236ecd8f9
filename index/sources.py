"""a folder or a file -> documents; what was skipped, and why"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.errors import SourceError
from index.markdown import parse_topics
from index.records import Document, DocumentStatus, Entry, Topic

MARKDOWN_SUFFIXES: Final = frozenset({".md", ".markdown", ".txt"})
SUFFIXES: Final = MARKDOWN_SUFFIXES | {".jsonl"}

MAX_BYTES: Final = 64 * 1024 * 1024
"""A larger file is skipped: it is hardly a note, and would be read into memory whole."""

BUILTIN: Final = "builtin"
"""What the source of the bundled topics is called; its folder moves with the installation."""
BUILTIN_FOLDER: Final = Path(__file__).parent / "builtin"

_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a source before it is read."""

    path: Path
    name: str
    """Relative to the source, with forward slashes."""
    size: int
    modified_ns: int


def resolve_source(path: str | Path) -> str:
    """Return what a source is remembered as: its absolute path, or `builtin` for the bundled topics.

    Raises:
        SourceError: nothing is there, or it is a file of a kind that is not read.

    """
    if str(path) == BUILTIN:
        return BUILTIN
    absolute = Path(path).expanduser().resolve()
    if not absolute.exists():
        raise SourceError(f"There is no folder or file at {absolute}. Check the path and add it again.")
    if not absolute.is_dir() and not (absolute.is_file() and absolute.suffix.lower() in SUFFIXES):
        kinds = ", ".join(sorted(SUFFIXES))
        raise SourceError(f"{absolute} is not a kind of file that can be read: add a folder, or one of {kinds}.")
    return str(absolute)


def source_root(source: str) -> Path:
    """Return the folder or file that a remembered source stands for."""
    return BUILTIN_FOLDER if source == BUILTIN else Path(source)


def find_files(
    root: Path, apart: Container[Path] = (), *, include: Sequence[str] = (), exclude: Sequence[str] = ()
) -> Iterator[FoundFile]:
    """Yield the notes of a folder, or the one file, in a fixed order; hidden files and folders are passed over.

    A symbolic link to a folder is not followed, so that no loop or foreign tree is read. Nor are folders and files
    below it read that are sources of their own, `apart`: nothing is found twice.
    """
    if root.is_file():
        yield _found(root, storable(root.name))
        return
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(name for name in subfolders if name[0] != "." and Path(folder, name) not in apart)
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix.lower() in SUFFIXES and name[0] != "." and path not in apart:
                yield _found(path, storable(path.relative_to(root).as_posix()))


def read_document(file: FoundFile) -> Document:
    """Return the file's topics; one that cannot be read becomes a document that says why, never an error."""
    try:
        if file.size > MAX_BYTES:
            return _without_topics(file, "skipped", f"larger than {MAX_BYTES // 2**20} MiB")
        if not stat.S_ISREG(file.path.stat().st_mode):  # a pipe would be waited on for ever
            return _without_topics(file, "skipped", "not a regular file")
        content = file.path.read_bytes()
    except OSError as error:
        return _without_topics(file, "failed", f"cannot be read ({error.strerror or error})")
    fingerprint = hashlib.sha256(content).hexdigest()
    text, reason = _decode(content)
    if text is None:
        return _without_topics(file, "skipped", reason, fingerprint)
    if file.path.suffix.lower() == ".jsonl":
        topics, reason = _jsonl_topics(text, file.path.stem)
    else:
        topics = parse_topics(text, file.path.stem)
    if not topics:
        return _without_topics(file, "skipped", reason or "holds no text", fingerprint)
    return Document(file.name, fingerprint, file.size, file.modified_ns, "indexed", reason, topics)


def _found(path: Path, name: str) -> FoundFile:
    try:
        status = path.stat()
    except OSError:  # a dangling link, or gone since it was listed: reading it will say so
        return FoundFile(path, name, 0, 0)
    return FoundFile(path, name, status.st_size, status.st_mtime_ns)


def _without_topics(file: FoundFile, status: DocumentStatus, reason: str, fingerprint: str = "") -> Document:
    return Document(file.name, fingerprint, file.size, file.modified_ns, status, reason)


def _decode(content: bytes) -> tuple[str | None, str]:
    """Return the text and what to say about it; no text where the bytes are none."""
    if content.startswith(_UTF16_MARKS):
        return content.decode("utf-16", errors="replace"), ""
    if b"\0" in content:
        return None, "not a text file (it holds NUL bytes)"
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return content.decode("latin-1"), "not UTF-8: read as Latin-1"


def _jsonl_topics(text: str, name: str) -> tuple[tuple[Topic, ...], str]:
    """Return a topic a line from `_id`, `title` and `text`, and which lines were not understood."""
    topics = []
    broken = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                topics.append(_jsonl_topic(json.loads(line), name, number))
            except (ValueError, KeyError, TypeError, RecursionError):
                broken.append(number)
    if not broken:
        return tuple(topics), ""
    shown = ", ".join(str(number) for number in broken[:3]) + (", …" if len(broken) > 3 else "")
    return tuple(topics), f"{len(broken)} of its lines are not objects with a text (line {shown})"


def _jsonl_topic(record: dict[str, object], name: str, line: int) -> Topic:
    text = storable(str(record["text"])).strip()
    title = storable(str(record.get("title") or "")).strip() or text.split("\n", 1)[0][:80]
    if not title:
        raise ValueError("neither a title nor a text")
    return Topic(name, title, (Entry(None, text or title, line),), line, id=storable(str(record.get("_id", ""))))


def storable(text: str) -> str:
    """Return the text without the halves of surrogate pairs, which UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
