"""questions with what should be found, read out of a question file, a BEIR folder or one of questions and answers"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeAlias

from assistant.amounts import counted
from index.errors import SourceError
from index.records import SLOTS, Slot
from index.text import title_key

_WHOLE_NUMBER: Final = re.compile(r"-?\d+")

_EMPHASIS_AND_ESCAPES: Final = re.compile(r"[`*_\\]")
"""Markdown that a person does not see, left out before texts are compared."""

QUESTIONS_FILE: Final = "questions.jsonl"
"""What makes a folder one of questions and answers, beside its `corpus.jsonl`."""

RequiredTexts: TypeAlias = tuple[str, ...]
"""Texts that must all stand in a passage that answers."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with what should be found."""

    question: str
    relevant: Mapping[str, int] = field(default_factory=dict)
    """Grades above 0, by a topic's id, by its `title_key` or by its note's path; empty where the notes don't answer."""
    slot: Slot | None = None
    kind: str = ""
    half: str = ""
    answers: tuple[RequiredTexts, ...] = ()
    """A passage answers where it holds all texts of any of these; empty where nobody said which texts these are."""
    is_by_path: bool = False
    """Whether `relevant` names the paths of notes."""

    @property
    def is_answerable(self) -> bool:
        """Return whether the notes answer it."""
        return bool(self.relevant)

    def is_answered_by(self, passage: str) -> bool:
        """Return whether a passage holds one of the answers."""
        return any(all(holds(passage, text) for text in texts) for texts in self.answers)


def holds(passage: str, text: str) -> bool:
    """Return whether a text stands in a passage in whole words, whatever its case, spaces and Markdown.

    >>> [holds("Run `nohup  cmd` now.", text) for text in ("nohup CMD", "hup cmd", "")]
    [True, False, False]
    """
    wanted = _compared_text(text)
    first, last = wanted[:1], wanted[-1:]
    before = r"(?<![a-z0-9])" if _is_latin(first) else ""
    after = r"(?![a-z0-9])" if _is_latin(last) else ""
    return bool(wanted) and re.search(before + re.escape(wanted) + after, _compared_text(passage)) is not None


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _compared_text(text: str) -> str:
    return " ".join(_EMPHASIS_AND_ESCAPES.sub("", text).casefold().split())


def read_judged(path: Path, half: str | None = None, limit: int | None = None) -> list[Judged]:
    """Read a question file or a folder: all of it, or one half, or some questions spread evenly over that.

    Raises:
        SourceError: a file is missing or broken, or nothing is left to ask.

    """
    judged = read_folder(path) if path.is_dir() else read_questions(path)
    if not judged:
        raise SourceError(f"There are no questions in {path}. `topics eval --help` says what it should hold.")
    chosen = [question for question in judged if half in (None, question.half)]
    if not chosen:
        halves = ", ".join(sorted({question.half for question in judged} - {""})) or "none"
        raise SourceError(f"No question of {path} is of the half {half!r}. The halves it names: {halves}.")
    return spread(chosen, limit or len(chosen))


def spread(judged: Sequence[Judged], count: int) -> list[Judged]:
    """Return at most `count` of the questions at equal distances, for a file's kinds often stand one after another."""
    count = min(count, len(judged))
    return [judged[number * len(judged) // count] for number in range(count)]


def read_questions(path: Path) -> list[Judged]:
    """Read a question file: JSON lines of `question` with `topic` or `path`, or with `answered` false."""
    return [_judged(record, where) for where, record in _records(path, "question")]


def read_folder(folder: Path) -> list[Judged]:
    """Read a folder with a `corpus.jsonl`: of questions and answers, or in BEIR layout."""
    return read_answered(folder) if (folder / QUESTIONS_FILE).exists() else read_beir(folder)


def read_answered(folder: Path) -> list[Judged]:
    """Read a folder of questions and answers: `questions.jsonl` with `_id`, `text`, `answers` and `doc`.

    `doc` is the id of the document that answers, null where none does; such questions are of the kind `near`, unless
    they say another, for they were written beside a document that almost answers.
    """
    file = folder / QUESTIONS_FILE
    records = list(_records(file, "_id", "text", "doc"))
    documents = {str(document["_id"]) for _, document in _records(folder / "corpus.jsonl", "_id")}
    named = {str(record["doc"]) for _, record in records if record["doc"] is not None}
    _check_ids(file, "corpus.jsonl", documents, named)
    halves = read_split(folder / "split.tsv")
    return [
        Judged(
            _checked_question(record["text"], where),
            {} if record["doc"] is None else {str(record["doc"]): 1},
            kind=str(record.get("kind") or ("near" if record["doc"] is None else "")),
            half=halves.get(str(record["_id"]), ""),
            answers=_answers(record, where),
        )
        for where, record in records
    ]


def read_beir(folder: Path) -> list[Judged]:
    """Read a folder in BEIR layout: the judged ones of `queries.jsonl`, with the halves of `split.tsv` if it is there.

    A grade of 0 says that a document is not relevant, as in trec_eval.
    """
    questions = {
        str(record["_id"]): Judged(_checked_question(record["text"], where), answers=_answers(record, where))
        for where, record in _records(folder / "queries.jsonl", "_id", "text")
    }
    judgements = folder / "qrels.tsv"
    grades = read_qrels(judgements)
    _check_ids(judgements, "queries.jsonl", set(questions), set(grades))
    documents = {str(document["_id"]) for _, document in _records(folder / "corpus.jsonl", "_id")}
    _check_ids(judgements, "corpus.jsonl", documents, {id_ for relevant in grades.values() for id_ in relevant})
    halves = read_split(folder / "split.tsv")
    return [
        replace(questions[query], relevant=relevant, half=halves.get(query, ""))
        for query, graded in grades.items()
        if (relevant := {id_: grade for id_, grade in graded.items() if grade > 0})
    ]


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Return the grades of documents by query; a first line of headings may be there or not."""
    grades: dict[str, dict[str, int]] = {}
    for position, (where, cells) in enumerate(_tab_separated(path)):
        if len(cells) == 3 and _WHOLE_NUMBER.fullmatch(cells[2]):
            grades.setdefault(cells[0], {})[cells[1]] = int(cells[2])
        elif position > 0 or len(cells) != 3:
            wanted = "a query's id, a document's id and a whole number as grade, between tabs"
            raise SourceError(f"{where} is not {wanted}.")
    return grades


def read_split(path: Path) -> dict[str, str]:
    """Return the half of each query; of none where there is no such file."""
    halves = {}
    for where, cells in _tab_separated(path) if path.exists() else ():
        if len(cells) != 2:
            raise SourceError(f"{where} is not a query's id and the name of a half, between a tab.")
        halves[cells[0]] = cells[1]
    return halves


def _judged(record: Mapping[str, Any], where: str) -> Judged:
    slot = record.get("slot")
    if slot not in (None, *SLOTS):
        raise SourceError(f"{where} has the slot {slot!r}, which is none of {', '.join(SLOTS)}.")
    titles, paths = _texts(record, "topic", "title", where), _texts(record, "path", "path", where)
    if bool(titles or paths) != (record.get("answered", True) is not False):
        raise SourceError(f'{where} must name a topic, or else say "answered": false.')
    return Judged(
        _checked_question(record["question"], where),
        dict.fromkeys(paths or map(title_key, titles), 1),
        slot,
        str(record.get("kind") or ""),
        str(record.get("half") or ""),
        _answers(record, where),
        is_by_path=bool(paths),
    )


def _texts(record: Mapping[str, Any], name: str, singular: str, where: str) -> list[str]:
    """Return the text or the list of texts that a record has under a name."""
    value = record.get(name)
    texts = [value] if isinstance(value, str) else value or []
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise SourceError(f"{where} has a {name} that is neither a {singular} nor a list of {singular}s.")
    return texts


def _answers(record: Mapping[str, Any], where: str) -> tuple[RequiredTexts, ...]:
    """Return what `answers` lists: a text, or a list of texts that must all be there."""
    answers = record.get("answers") or []
    groups = (
        [[group] if isinstance(group, str) else group for group in answers] if isinstance(answers, list) else [None]
    )
    if not all(isinstance(group, list) and all(isinstance(answer, str) for answer in group) for group in groups):
        raise SourceError(f"{where} has answers that are no list of texts, or of lists of texts.")
    return tuple(tuple(group) for group in groups if group)


def _checked_question(question: object, where: str) -> str:
    if not isinstance(question, str) or not question.strip():
        raise SourceError(f"{where} has no question in words.")
    return question


def _check_ids(naming: Path, file: str, known: set[str], named: set[str]) -> None:
    if unknown := sorted(named - known):
        raise SourceError(
            f"{naming} names {counted(len(unknown), 'id')} that {file} does not hold, the first is {unknown[0]!r}."
        )


def _records(path: Path, *required: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each line's object with where it stands."""
    for where, line in _numbered_lines(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{where} is not JSON ({error}).") from error
        if not isinstance(record, dict) or not all(name in record for name in required):
            raise SourceError(f"{where} is not a JSON object with {' and '.join(required)}.")
        yield where, record


def _tab_separated(path: Path) -> Iterator[tuple[str, list[str]]]:
    return ((where, line.rstrip("\r").split("\t")) for where, line in _numbered_lines(path))


def _numbered_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line that is not blank, with where it stands: as the beginning of an error."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be read ({reason}). Check the path.") from error
    lines = enumerate(text.split("\n"), start=1)
    return ((f"Line {number} of {path}", line) for number, line in lines if line.strip())
