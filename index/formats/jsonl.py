"""lines of JSON (`_id`, `title`, `text`) -> topics; which lines were not understood, and why"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from io import BufferedReader, TextIOWrapper
from typing import Final, NamedTuple

from index.markdown import visible_title
from index.records import Entry, Topic
from index.text import LATIN_1, SAMPLE, latin1, storable, utf16_encoding

MAX_LINE: Final = 4 * 1024 * 1024
"""Characters of a line; a longer one is no document that somebody wrote."""

MAX_TITLE: Final = 80
"""Characters of a title that is made from the beginning of a text."""

LINES_NAMED: Final = 3
"""How many of the lines with the same problem are named."""

_TOO_LONG: Final = f"longer than {MAX_LINE // 2**20} MiB, passed over"
_NO_OBJECT: Final = "not a JSON object, passed over"
_EMPTY: Final = "without a text, passed over"
_REPEATED_ID: Final = "with an _id that came before, told apart by a number"


class Record(NamedTuple):
    """What a line says; all of it empty where it says nothing."""

    id: str
    title: str
    text: str


def read_jsonl(file: BufferedReader, subject: str) -> tuple[tuple[Topic, ...], str]:
    """Return a topic a line, and what was wrong with which lines; empty when nothing was.

    A topic's id is its `_id`, told apart by a number where it came before. A title alone is its own text, and a text
    alone gives its beginning as the title. Other keys mean nothing.
    """
    topics = []
    problems: dict[str, list[int]] = {}
    ids: Counter[str] = Counter()
    for number, (line, problem) in enumerate(_decoded_lines(file), start=1):
        record = _parsed_record(line)
        if record and (record.title or record.text):
            id_ = _distinct(record.id, ids)
            topics.append(_topic(record._replace(id=id_), subject, number))
            problem = problem or (_REPEATED_ID if id_ != record.id else "")
        elif line.strip():
            problem = _EMPTY if record else _NO_OBJECT
        if problem:
            problems.setdefault(problem, []).append(number)
    return tuple(topics), "; ".join(_problem_lines(problem, lines) for problem, lines in problems.items())


def _decoded_lines(file: BufferedReader) -> Iterator[tuple[str, str]]:
    """Yield each line and what had to be guessed to read it; nothing of one that is too long."""
    encoding = utf16_encoding(file.peek(SAMPLE)[:SAMPLE])
    # what is not UTF-8 comes out as halves of surrogate pairs, which UTF-8 cannot hold
    errors = "replace" if encoding else "surrogateescape"
    text = TextIOWrapper(file, encoding or "utf-8", errors)
    try:
        while line := text.readline(MAX_LINE):
            yield _decoded_line(line, text)
    finally:
        text.detach()  # the file is closed by whoever opened it


def _decoded_line(line: str, text: TextIOWrapper) -> tuple[str, str]:
    is_whole = line.endswith("\n") or len(line) < MAX_LINE
    while not line.endswith("\n") and (rest := text.readline(MAX_LINE)):
        line = rest
    if not is_whole:
        return "", _TOO_LONG
    if line.isascii() or line.encode("utf-8", "ignore").decode() == line:
        return line.removeprefix("\ufeff"), ""
    return latin1(line.encode("utf-8", "surrogateescape")), LATIN_1


def _parsed_record(line: str) -> Record | None:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    return Record(*(_value(fields.get(key)) for key in ("_id", "title", "text")))


def _value(value: object) -> str:
    """Return a text or a number as text; nothing for any other value."""
    is_text = isinstance(value, str | int | float) and not isinstance(value, bool)
    return storable(str(value)).strip() if is_text else ""


def _distinct(id_: str, ids: Counter[str]) -> str:
    distinct = id_
    while id_ and ids[distinct]:
        ids[id_] += 1
        distinct = f"{id_}-{ids[id_]}"
    ids[distinct] += 1
    return distinct


def _topic(record: Record, subject: str, line: int) -> Topic:
    title = " ".join(record.title.split()) or _title_of_text(record.text)
    return Topic(subject, title, (Entry(None, record.text or title, line),), line, id=record.id)


def _title_of_text(text: str) -> str:
    first = text.split("\n", 1)[0][: 4 * MAX_TITLE]  # with markup, which is not seen
    return visible_title(first)[:MAX_TITLE].strip() or first[:MAX_TITLE]


def _problem_lines(problem: str, lines: list[int]) -> str:
    shown = ", ".join(map(str, lines[:LINES_NAMED])) + (", …" if len(lines) > LINES_NAMED else "")
    return f"{len(lines)} of its lines: {problem} (line{'s' * (len(lines) > 1)} {shown})"
