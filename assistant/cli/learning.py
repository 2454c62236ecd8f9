"""`topics journal`, `mark` and `gaps`: what was asked, what was useful, and what the notes lack"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assistant.amounts import counted
from assistant.answering import as_asked
from assistant.cli.options import JsonOption, LibraryOption, ModelOption
from assistant.cli.shared import open_chosen, open_filled
from assistant.discovery import find_topic
from assistant.feedback import (
    AskedQuestion,
    Feedback,
    Gap,
    Journal,
    find_gaps,
    journal_of,
    marked,
    take_back,
    where_kept,
)
from assistant.feedback import erase as erase_asked
from assistant.feedback import mark as mark_topic
from assistant.terminal import out, print_json, print_table, say
from index.errors import QuestionError, SourceError
from index.library import Library
from index.storage import write_export
from index.text import storable, title_key

app = typer.Typer()


class MarkName(StrEnum):
    """What can be said about a topic that was found for a question, and how to take it back."""

    useful = Feedback.USEFUL
    wrong = Feedback.WRONG
    undo = "undo"


@app.command(
    epilog='Examples: `topics journal` · `topics journal --off` · `topics journal --erase --question "what is GitOps?"`'
)
def journal(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", min=1, help="Questions at most.")] = 20,
    as_json: JsonOption = False,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Record questions from now on, or no more.")] = None,
    erase: Annotated[
        bool, typer.Option("--erase", help="Erase what was asked, marked, saved and learned from it.")
    ] = False,
    question: Annotated[
        str | None, typer.Option(metavar="QUESTION", help="Erase only what belongs to this question.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Erase without asking first.")] = False,
    library: LibraryOption = None,
) -> None:
    """Show what was asked of this library: kept on this machine, or a team's on its server; turn it off, erase it."""
    if question is not None and not erase:
        raise typer.BadParameter("--question says what to erase: give --erase, too.")
    opened = open_chosen(context, library, None)
    journal = _journal(context, opened)
    if on is not None:
        journal.turn(on=on)
        say(
            f"Questions are recorded, {where_kept(is_on_server=opened.is_on_server)}."
            if on
            else "Questions are not recorded any more."
        )
    if erase:
        _erase(opened, journal, None if question is None else storable(question), yes=yes)
    if on is None and not erase:
        _print_feedback(opened, journal, limit, as_json=as_json)


@app.command(
    epilog='Examples: `topics mark useful "ship to a few users first" --topic "Canary releases"` · '
    '`topics mark undo "ship to a few users first"`'
)
def mark(
    context: typer.Context,
    how: Annotated[MarkName, typer.Argument(help="Say that a topic answers a question, or does not, or take it back.")],
    question: Annotated[list[str], typer.Argument(help="The question, as it was asked.")],
    topic: Annotated[
        str | None,
        typer.Option(
            "--topic",
            "-t",
            metavar="TITLE",
            help="Its title, a part of it, or its place as `notes.md:12`; otherwise the one that is found first.",
        ),
    ] = None,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Mark a topic as useful for a question, which then finds it, also in other words; or as wrong."""
    opened = open_filled(context, library, model)
    journal = _journal(context, opened)
    text = as_asked(" ".join(question))
    if how == MarkName.undo:
        _undo(opened, journal, text, topic)
        return
    topic_id, title = _found_first(opened, text) if topic is None else _titled(opened, topic)
    mark_topic(opened, journal, text, topic_id, Feedback(how))
    say(f"Marked {title!r} as {how.value} for this question. `topics mark undo` takes that back.")


@app.command(epilog="Examples: `topics gaps` · `topics gaps --stubs to-write.md` · `topics gaps --json`")
def gaps(
    context: typer.Context,
    as_json: JsonOption = False,
    stubs: Annotated[
        Path | None,
        typer.Option(help="Write a topic to fill in for each group into this new file.", metavar="FILE"),
    ] = None,
    dismiss: Annotated[
        str | None, typer.Option(help="Let a question, and those alike, be no gap any more.", metavar="QUESTION")
    ] = None,
    restore: Annotated[
        str | None, typer.Option(help="Let a question that was dismissed be a gap again.", metavar="QUESTION")
    ] = None,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """List the questions that your notes do not answer, alike ones together, the most asked first."""
    opened = open_filled(context, library, model)
    journal = _journal(context, opened)
    if restore is not None:
        journal.restore(storable(restore))
    gaps = find_gaps(opened, journal)
    if dismiss is not None:
        gaps = _dismissed(journal, gaps, storable(dismiss))
    if stubs and gaps:
        _write_stubs(stubs, gaps)
    if as_json:
        print_json({"gaps": [gap.to_json() for gap in gaps]}, indent=2)
    elif gaps:
        print_table(["Asked", "Questions"], [[str(gap.count), "\n".join(gap.questions)] for gap in gaps])
    else:
        out.print("No question is unanswered at present.")


def _dismissed(journal: Journal, gaps: list[Gap], question: str) -> list[Gap]:
    """Dismiss the gap that a question belongs to, and return the others."""
    key = title_key(question)
    meant = [gap for gap in gaps if key in map(title_key, gap.questions)]
    if not meant:
        raise QuestionError(f"{question!r} is in no gap. `topics gaps` lists what is.")
    journal.dismiss(meant[0].questions)
    say(f"Dismissed. `topics gaps --restore {question!r}` brings it back.")
    return [gap for gap in gaps if gap not in meant]


def _journal(context: typer.Context, library: Library) -> Journal:
    journal = journal_of(library)
    context.call_on_close(journal.close)
    return journal


def _print_feedback(library: Library, journal: Journal, limit: int, *, as_json: bool) -> None:
    recent, marks = journal.recent(limit), marked(library, journal)
    if as_json:
        record = {"on": journal.is_on, "asked": [question.to_json() for question in recent], "saved": journal.saved}
        print_json(record | {"marks": [mark.to_json() for mark in marks]}, indent=2)
        return
    if not journal.is_on:
        say("Questions are not recorded: `topics journal --on` changes that.")
    print_table(["Last asked", "Times", "Question", "Topic", "Marked"], [_row(question) for question in recent])
    if not recent:
        out.print("No question is recorded.")


def _row(question: AskedQuestion) -> list[str]:
    answered_by = question.topic if question.answered else "not answered"
    return [
        f"{question.at.astimezone():%d %b %H:%M}",
        str(question.times),
        question.question,
        answered_by,
        question.feedback or "",
    ]


def _erase(library: Library, journal: Journal, question: str | None, *, yes: bool) -> None:
    what = "everything that was asked, marked, saved and learned" if question is None else f"all about {question!r}"
    what += ", by all who use this library" if library.is_on_server else ""
    if not yes:
        typer.confirm(f"Erase {what}? Your notes stay as they are.", abort=True, err=True)
    erase_asked(library, journal, question)
    say(f"Erased {what}.")


def _found_first(library: Library, question: str) -> tuple[str, str]:
    """Return the topic id and the title of the topic that is found first for a question."""
    hits = library.search(question, 1)
    if not hits:
        raise QuestionError("Nothing is found for this question. Name the topic that answers it with --topic.")
    return hits[0].id, hits[0].topic.title


def _titled(library: Library, title: str) -> tuple[str, str]:
    """Return the topic id and the title of the topic that a title names."""
    meant = find_topic(library, title)
    if not meant.by_title:
        raise QuestionError(f"There is no topic with the title {title!r}. The nearest: {meant.stored.topic.title!r}.")
    return meant.stored.topic_id, meant.stored.topic.title


def _undo(library: Library, journal: Journal, question: str, topic: str | None) -> None:
    """Take back the mark of one topic for a question, or all its marks."""
    only = None if topic is None else _titled(library, topic)[0]
    marks = [mark for mark in marked(library, journal, question) if only in (None, mark.topic_id)]
    if not marks:
        raise QuestionError(f"Nothing is marked for {question!r}. `topics journal --json` lists every mark.")
    for mark in marks:
        take_back(library, journal, mark.question, mark.topic_id)
    say(f"Taken back: {counted(len(marks), 'mark')} of this question.")


def _write_stubs(file: Path, gaps: list[Gap]) -> None:
    """Write a topic to fill in for each gap into a file that is not there yet."""
    try:
        write_export(file, "\n".join(gap.stub for gap in gaps), replace=False)
    except FileExistsError as error:
        raise SourceError(f"{file} exists, and is left as it is. Name a new file.") from error
    except OSError as error:
        raise SourceError(f"{file} cannot be written ({error.strerror}). Check its folder.") from error
    say(f"Wrote {counted(len(gaps), 'topic')} to fill in to {file}. Then run `topics add {file}`.")
