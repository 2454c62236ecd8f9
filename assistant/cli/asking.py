"""`topics ask`: a question, or a batch of them"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from assistant.answer import Answer
from assistant.answering import DEFAULT_LIMIT
from assistant.answering import ask as ask_library
from assistant.cli.model_server import (
    ExcludeOption,
    KeyFileOption,
    LlmModelOption,
    RemoteOption,
    UrlOption,
    server_options,
)
from assistant.cli.options import EXIT_FAILED, JsonOption, LibraryOption, ModelOption, RerankOption, TopicLimit
from assistant.cli.shared import SlotName, open_filled, rerank_by
from assistant.console import print_answer, print_greeting, print_in_words
from assistant.discovery import OFFERED, example_questions, only_greets
from assistant.feedback import journal_of
from assistant.terminal import print_json, say_error
from index.errors import QuestionError, SourceError
from index.library import Library
from index.records import NoteFilter, Slot
from index.retrieval import filter_text, parse_filters

app = typer.Typer()


@app.command(
    epilog='Examples: `topics ask "how do I resolve a merge conflict?"` · `topics ask what is the GIL --json` · '
    "`topics ask --batch questions.jsonl > answers.jsonl`"
)
def ask(
    context: typer.Context,
    question: Annotated[list[str] | None, typer.Argument(help="The question, in your own words.")] = None,
    as_json: JsonOption = False,
    batch: Annotated[
        Path | None,
        typer.Option(
            help='JSON lines in (`{"id", "question"}`; `-` is standard input), one JSON line out for each.',
            allow_dash=True,
            metavar="FILE",
        ),
    ] = None,
    limit: TopicLimit = DEFAULT_LIMIT,
    subject: Annotated[
        str | None, typer.Option("--subject", "-s", metavar="SUBJECT", help="Only topics of this subject.")
    ] = None,
    slot: Annotated[SlotName | None, typer.Option(case_sensitive=False, help="Only entries in this slot.")] = None,
    as_typed: Annotated[bool, typer.Option("--as-typed", help="Take no word for a misspelling.")] = False,
    is_whole: Annotated[
        bool, typer.Option("--whole", help="Print the entry that answers whole, however long.")
    ] = False,
    filters: Annotated[
        list[str] | None,
        typer.Option(
            "--filter",
            "-f",
            help="Only notes such as these: folder:, tag:, source:, kind:, after:, before:, -word.",
            metavar="FILTER",
        ),
    ] = None,
    after: Annotated[
        str,
        typer.Option(help="The question before it, for one that leans on that: and in Jenkins?", metavar="QUESTION"),
    ] = "",
    in_words: Annotated[
        bool, typer.Option("--in-words", help="Have a model server put the answer in words; each sentence is checked.")
    ] = False,
    llm: UrlOption = None,
    llm_model: LlmModelOption = None,
    llm_key_file: KeyFileOption = None,
    allow_remote_llm: RemoteOption = False,
    llm_exclude: ExcludeOption = None,
    library: LibraryOption = None,
    model: ModelOption = None,
    rerank: RerankOption = None,
) -> None:
    """Ask a question and read the answer."""
    if (question is None) == (batch is None):
        raise typer.BadParameter('Give a question, as in: topics ask "what is GitOps?", or a file with --batch.')
    if in_words and batch:
        raise typer.BadParameter("--in-words answers one question; leave out --batch.")
    options = server_options(llm, llm_model, llm_key_file, allow_remote_llm, llm_exclude)
    if in_words:
        options.server()  # what is wrong with it is said before anything else
    opened = open_filled(context, library, model)
    rerank_by(opened, rerank)
    wanted = slot.slot if slot else None
    notes = parse_filters(" ".join(map(_quoted, filters or [])), date.today())
    if batch:
        _ask_batch(opened, batch, _Limits(limit, subject, wanted, notes))
        return
    text = " ".join(question or [])
    limits = _Limits(limit, subject, wanted, notes)
    answer = ask_library(opened, text, **limits._asdict(), as_typed=as_typed, after=after)
    if as_json and in_words:
        *_, last = options.writer(opened).write(opened, answer)
        print_json(answer.to_json() | {"in_words": last.to_json()}, indent=2)
    elif as_json:
        print_json(answer.to_json(), indent=2)
    elif only_greets(answer):
        print_greeting(example_questions(opened, OFFERED))
        return
    else:
        print_answer(answer, is_whole=is_whole)
        if in_words:
            print_in_words(options.writer(opened).write(opened, answer))
    if opened.snapshot().subjects:  # else nothing is missing from the notes: there are none
        with closing(journal_of(opened)) as journal:
            journal.record(answer)


def _quoted(given: str) -> str:
    """Return a filter with the quotes that a shell has taken off its value.

    >>> _quoted("after:last week"), _quoted("tag:bread folder:food")
    ('after:"last week"', 'tag:bread folder:food')
    """
    name, _, value = given.partition(":")
    return filter_text(name, value) if " " in value and not {":", '"'} & set(value) else given


class _Limits(NamedTuple):
    """The options that hold for every question of a command."""

    limit: int
    subject: str | None
    slot: Slot | None
    notes: NoteFilter


def _ask_batch(library: Library, file: Path, limits: _Limits) -> None:
    failed = False
    with _batch_lines(file) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                record = _batch_record(line)
                try:
                    answer = _ask_record(library, record, limits)
                except QuestionError as error:
                    failed = True
                    say_error(f"Line {number}: {error}")
                    print_json({"id": record.get("id"), "error": str(error)})
                else:
                    print_json(answer.to_json())
    if failed:
        raise typer.Exit(EXIT_FAILED)


def _batch_record(line: str) -> dict[str, Any]:
    """Return what a line says that is a plain value; nothing where it is no object, or no JSON as `NaN` is none."""
    try:
        record = json.loads(line, parse_constant=_number, parse_float=_number)
    except (ValueError, RecursionError):
        return {}
    fields = record.items() if isinstance(record, dict) else ()
    return {name: value for name, value in fields if not isinstance(value, dict | list)}


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number of JSON's, or too large for one")
    return number


def _ask_record(library: Library, record: dict[str, Any], limits: _Limits) -> Answer:
    question = record.get("question")
    if not isinstance(question, str):
        raise QuestionError('It is not an object like {"id": "q1", "question": "what is GitOps?"}.')
    after = str(record.get("after") or "")
    return ask_library(library, question, **limits._asdict(), id=record.get("id"), after=after)


@contextmanager
def _batch_lines(file: Path) -> Iterator[Iterator[str]]:
    try:
        content = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    except OSError as error:
        raise SourceError(f"The batch file {file} cannot be read ({error.strerror}). Check its path.") from error
    with TextIOWrapper(content, encoding="utf-8-sig", errors="replace") as lines:
        yield lines
