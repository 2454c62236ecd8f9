"""questions with what should be found, read out of a question file or a BEIR folder"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from assistant.amounts import counted
from index.errors import SourceError
from index.records import SLOTS, Slot
from index.words import title_key

_WHOLE_NUMBER: Final = re.compile(r"-?\d+")


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with what should be found."""

    question: str
    relevant: Mapping[str, int] = field(default_factory=dict)
    """Grades above 0, by a topic's id or by its `title_key`; empty where the notes do not answer."""
    slot: Slot | None = None
    kind: str = ""
    half: str = ""
    answers: tuple[str, ...] = ()
    """Pieces of text, one of which the sentence that answers holds; none where nobody said."""

    @property
    def is_answerable(self) -> bool:
        """Say whether the notes answer it."""
        return bool(self.relevant)


def read_judged(path: Path, half: str | None = None, limit: int | None = None) -> list[Judged]:
    """Read a question file or a BEIR folder: all of it, or one half, or some questions spread evenly over that.

    Raises:
        SourceError: a file is missing or broken, or nothing is left to ask.

    """
    judged = read_beir(path) if path.is_dir() else read_questions(path)
    if not judged:
        raise SourceError(f"There are no questions in {path}. `topics eval --help` says what it should hold.")
    chosen = [one for one in judged if half in (None, one.half)]
    if not chosen:
        halves = ", ".join(sorted({one.half for one in judged} - {""})) or "none"
        raise SourceError(f"No question of {path} is of the half {half!r}. The halves it names: {halves}.")
    return spread(chosen, limit or len(chosen))


def spread(judged: Sequence[Judged], count: int) -> list[Judged]:
    """Return at most `count` of the questions at equal distances, for a file's kinds often stand one after another."""
    count = min(count, len(judged))
    return [judged[number * len(judged) // count] for number in range(count)]


def read_questions(path: Path) -> list[Judged]:
    """Read a question file: JSON lines of `question` with `topic`, perhaps `answers`, or with `answered` false."""
    return [_judged(record, where) for where, record in _records(path, "question")]


def read_beir(folder: Path) -> list[Judged]:
    """Read a folder in BEIR layout: the judged ones of `queries.jsonl`, with the halves of `split.tsv` if it is there.

    A grade of 0 says that a document is not relevant, as in trec_eval.
    """
    asked = {
        str(one["_id"]): Judged(_words(one["text"], where), answers=_answers(one, where))
        for where, one in _records(folder / "queries.jsonl", "_id", "text")
    }
    grades = read_qrels(folder / "qrels.tsv")
    _check_ids(folder, "queries.jsonl", set(asked), set(grades))
    documents = {str(one["_id"]) for _, one in _records(folder / "corpus.jsonl", "_id")}
    _check_ids(folder, "corpus.jsonl", documents, {id_ for relevant in grades.values() for id_ in relevant})
    halves = read_split(folder / "split.tsv")
    return [
        replace(asked[query], relevant=relevant, half=halves.get(query, ""))
        for query, graded in grades.items()
        if (relevant := {id_: grade for id_, grade in graded.items() if grade > 0})
    ]


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Return the grades of documents by query; a first line of headings may be there or not."""
    grades: dict[str, dict[str, int]] = {}
    for position, (where, cells) in enumerate(_cells(path)):
        if len(cells) == 3 and _WHOLE_NUMBER.fullmatch(cells[2]):
            grades.setdefault(cells[0], {})[cells[1]] = int(cells[2])
        elif position > 0 or len(cells) != 3:
            wanted = "a query's id, a document's id and a whole number as grade, between tabs"
            raise SourceError(f"{where} is not {wanted}.")
    return grades


def read_split(path: Path) -> dict[str, str]:
    """Return the half of each query; of none where there is no such file."""
    halves = {}
    for where, cells in _cells(path) if path.exists() else ():
        if len(cells) != 2:
            raise SourceError(f"{where} is not a query's id and the name of a half, between a tab.")
        halves[cells[0]] = cells[1]
    return halves


def _judged(record: Mapping[str, Any], where: str) -> Judged:
    topic, slot, answered = record.get("topic"), record.get("slot"), record.get("answered", True)
    titles = [topic] if isinstance(topic, str) else topic or []
    if not isinstance(titles, list) or not all(isinstance(title, str) for title in titles):
        raise SourceError(f"{where} has a topic that is neither a title nor a list of titles.")
    if bool(titles) != (answered is not False):
        raise SourceError(f'{where} must name a topic, or else say "answered": false.')
    if slot not in (None, *SLOTS):
        raise SourceError(f"{where} has the slot {slot!r}, which is none of {', '.join(SLOTS)}.")
    question = _words(record["question"], where)
    relevant = dict.fromkeys(map(title_key, titles), 1)
    kind, half = str(record.get("kind") or ""), str(record.get("half") or "")
    return Judged(question, relevant, slot, kind, half, _answers(record, where))


def _answers(record: Mapping[str, Any], where: str) -> tuple[str, ...]:
    answers = record.get("answers") or []
    if not isinstance(answers, list) or not all(isinstance(answer, str) for answer in answers):
        raise SourceError(f"{where} has answers that are no list of texts.")
    return tuple(answers)


def _words(question: object, where: str) -> str:
    if not isinstance(question, str) or not question.strip():
        raise SourceError(f"{where} has no question in words.")
    return question


def _check_ids(folder: Path, file: str, known: set[str], named: set[str]) -> None:
    if unknown := sorted(named - known):
        raise SourceError(
            f"{folder / 'qrels.tsv'} names {counted(len(unknown), 'id')} that {file} does not hold, "
            f"the first is {unknown[0]!r}."
        )


def _records(path: Path, *required: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each line's object with where it stands."""
    for where, line in _lines(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{where} is not JSON ({error}).") from error
        if not isinstance(record, dict) or not all(name in record for name in required):
            raise SourceError(f"{where} is not a JSON object with {' and '.join(required)}.")
        yield where, record


def _cells(path: Path) -> Iterator[tuple[str, list[str]]]:
    return ((where, line.rstrip("\r").split("\t")) for where, line in _lines(path))


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line that is not blank, with where it stands: as the beginning of an error."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be read ({reason}). Check the path.") from error
    lines = enumerate(text.split("\n"), start=1)
    return ((f"Line {number} of {path}", line) for number, line in lines if line.strip())
