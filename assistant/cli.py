"""the `topics` command (home of typer)"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Final

import typer

from assistant.answer import Answer
from assistant.ask import DEFAULT_LIMIT
from assistant.ask import ask as ask_library
from assistant.console import out, print_answer, print_table, progress_bar, say, say_error
from assistant.settings import LIBRARY_VARIABLE, MODEL_VARIABLE, open_library
from assistant.status import examine, library_status
from index.errors import QuestionError, SourceError, TopicsError
from index.library import Library, SyncReport
from index.records import Slot
from index.sources import BUILTIN, resolve_source

EXIT_FAILED: Final = 1
EXIT_INTERRUPTED: Final = 130

app = typer.Typer(
    name="topics",
    help="Ask your own notes a question in plain words, offline.",
    epilog="Exit codes: 0 done, 1 something failed and was said, 2 wrong usage, 130 interrupted.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library",
        "-l",
        envvar=LIBRARY_VARIABLE,
        file_okay=False,
        help="Folder of the library.",
        metavar="DIR",
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        envvar=MODEL_VARIABLE,
        help="A sentence-transformers model on this machine, by name or folder; otherwise the library's own.",
    ),
]


class SlotName(StrEnum):
    """The slots as they are typed."""

    what = "what"
    how = "how"
    example = "example"

    @property
    def slot(self) -> Slot:
        """The slot as the records spell it."""
        slots: dict[str, Slot] = {"what": "What", "how": "How", "example": "Example"}
        return slots[self.value]


def main() -> None:
    """Run the command; whatever goes wrong ends in one sentence and an exit code."""
    try:
        app()
    except TopicsError as error:
        say_error(str(error))
    except Exception as error:
        if os.environ.get("TOPICS_DEBUG"):
            raise
        say_error(
            f"Something went wrong that should not have ({type(error).__name__}: {error}). "
            "Your notes are untouched. Run `topics doctor`, or set TOPICS_DEBUG=1 to see where it happened."
        )
    sys.exit(EXIT_FAILED)


def _print_version(wanted: bool) -> None:
    if wanted:
        out.print(f"topics {installed_version('topic-assistant')}")
        raise typer.Exit


@app.callback()
def topics(
    context: typer.Context,
    library: LibraryOption = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Ask your own notes a question in plain words, offline."""
    context.obj = library


@app.command(epilog="Example: `topics serve --port 8600`")
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on; other machines reach only others than loopback.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8501,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Open the app in the browser; stop it with Ctrl-C."""
    from assistant.ui import server  # it brings Streamlit, which no other command needs

    opened = _open(context, library, model)
    _sync(opened)
    server.run(opened, host=host, port=port, browser=browser)


@app.command(
    epilog='Examples: `topics ask "how do I undo a deployment?"` · `topics ask what is the GIL --json` · '
    "`topics ask --batch questions.jsonl > answers.jsonl`"
)
def ask(
    context: typer.Context,
    question: Annotated[list[str] | None, typer.Argument(help="The question, in your own words.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    batch: Annotated[
        Path | None,
        typer.Option(
            help='JSON lines in (`{"id", "question"}`; `-` is standard input), one JSON line out for each.',
            allow_dash=True,
            metavar="FILE",
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="Topics at most.")] = DEFAULT_LIMIT,
    subject: Annotated[str | None, typer.Option("--subject", "-s", help="Only topics of this subject.")] = None,
    slot: Annotated[SlotName | None, typer.Option(case_sensitive=False, help="Only entries in this slot.")] = None,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Ask a question and read the answer."""
    if (question is None) == (batch is None):
        raise typer.BadParameter('Give a question, as in: topics ask "what is GitOps?", or a file with --batch.')
    opened = _open(context, library, model)
    if opened.is_empty:
        _sync(opened)
    wanted = slot.slot if slot else None
    if batch:
        _ask_batch(opened, batch, limit, subject, wanted)
        return
    answer = ask_library(opened, " ".join(question or []), limit=limit, subject=subject, slot=wanted)
    if as_json:
        _print_json(answer.to_json(), indent=2)
    else:
        print_answer(answer)


@app.command(epilog="Examples: `topics add ~/notes` · `topics add --no-builtin ~/notes ~/wiki/page.md`")
def add(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Folders or files: .md, .markdown, .txt, .jsonl.")],
    builtin: Annotated[bool, typer.Option(help="Keep the bundled topics in the library.")] = True,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Add folders or files of notes to the library and index them; they are only read, never changed."""
    for path in paths:
        resolve_source(path)  # all of them are looked at before anything is changed
    opened = _open(context, library, model)
    for path in paths:
        opened.add(path)
    if not builtin and BUILTIN in opened.sources():
        opened.remove(BUILTIN)
    _report(opened, _sync(opened))


@app.command(epilog="Examples: `topics remove ~/notes` · `topics remove builtin`")
def remove(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="A folder or file that was added, or `builtin`.")],
    library: LibraryOption = None,
) -> None:
    """Take a folder or file out of the library; the files themselves stay."""
    opened = _open(context, library, None)
    say(f"Removed {opened.remove(path)} from the library. Its files are untouched.")


@app.command(epilog="Examples: `topics sync` · `topics sync --reembed --model ~/models/bge-small`")
def sync(
    context: typer.Context,
    reembed: Annotated[
        bool, typer.Option("--reembed", help="Embed all notes again, with the model given by --model.")
    ] = False,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Bring the library in step with its folders; only what changed is embedded."""
    opened = _open(context, library, model)
    _report(opened, _sync(opened, reembed=reembed))


@app.command(epilog="Example: `topics status --json`")
def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    library: LibraryOption = None,
) -> None:
    """Show what the library holds, what was skipped and why; exit code 1 when something failed."""
    found = library_status(_open(context, library, None))
    if as_json:
        _print_json(found.to_json(), indent=2)
    else:
        counts = ", ".join(f"{count} {name}" for name, count in found.documents.items())
        print_table(
            ["", ""],
            [
                ["Library", found.library],
                ["Model", found.model or "none yet"],
                ["Sources", "\n".join(f"{name} ({count} files)" for name, count in found.sources.items())],
                ["Files", counts],
                ["Topics", f"{found.topics} in {len(found.subjects)} subjects"],
            ],
        )
        if found.problems:
            rows = [[problem.path, problem.status, problem.reason] for problem in found.problems]
            out.print()
            print_table(["File", "Status", "Why"], rows)
        for source in found.missing_sources:
            say(f"Not there at present: {source}. What came from it is kept; `topics remove` forgets it.")
        if found.stale:
            say(f"{len(found.stale)} files are new, changed or gone. Run `topics sync`.")
    if not found.is_sound:
        raise typer.Exit(EXIT_FAILED)


@app.command(epilog="Example: `topics doctor`")
def doctor(context: typer.Context, library: LibraryOption = None, model: ModelOption = None) -> None:
    """Check model, library, versions and network use: what is wrong and how to mend it."""
    checks = examine(_open(context, library, model))
    rows = [["ok" if check.ok else "WRONG", check.name, check.finding] for check in checks]
    print_table(["", "", ""], rows)
    for check in checks:
        if not check.ok:
            say(f"{check.name}: {check.mend}")
    if not all(check.ok for check in checks):
        raise typer.Exit(EXIT_FAILED)


# what the commands share


def _open(context: typer.Context, library: Path | None, model: str | None) -> Library:
    opened = open_library(library or context.obj, model)
    context.call_on_close(opened.close)
    return opened


def _sync(library: Library, *, reembed: bool = False) -> SyncReport:
    if library.is_empty and BUILTIN in library.sources():
        say("First use: indexing the bundled topics.")
    try:
        with progress_bar() as progress:
            return library.sync(progress, reembed=reembed)
    except KeyboardInterrupt:
        say("Stopped. The library is as it was; the next sync goes on from here.")
        raise


def _report(library: Library, report: SyncReport) -> None:
    """Say what a sync did; leave with exit code 1 when a file failed or a source is gone."""
    say(
        f"{len(report.added)} files added, {len(report.updated)} updated, {len(report.removed)} gone, "
        f"{report.unchanged + len(report.touched)} unchanged; {sum(library.subjects().values())} topics in all."
    )
    for _, document in report.changed:
        if document.reason:
            say(f"  {document.path}: {document.status}, {document.reason}")
    for source in report.missing_sources:
        say(f"  {source} is not there at present; what came from it is kept.")
    if report.missing_sources or any(document.status == "failed" for _, document in report.changed):
        raise typer.Exit(EXIT_FAILED)


def _ask_batch(library: Library, file: Path, limit: int, subject: str | None, slot: Slot | None) -> None:
    failed = False
    with _lines(file) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    answer = _ask_line(library, line, limit, subject, slot)
                except QuestionError as error:
                    failed = True
                    say_error(f"Line {number}: {error}")
                    _print_json({"id": _id_of(line), "error": str(error)})
                else:
                    _print_json(answer.to_json())
    if failed:
        raise typer.Exit(EXIT_FAILED)


def _ask_line(library: Library, line: str, limit: int, subject: str | None, slot: Slot | None) -> Answer:
    try:
        record = json.loads(line)
        question, id_ = record["question"], record.get("id")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise QuestionError('It is not an object like {"id": "q1", "question": "what is GitOps?"}.') from error
    return ask_library(library, str(question), limit=limit, subject=subject, slot=slot, id=id_)


def _id_of(line: str) -> object:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record.get("id") if isinstance(record, dict) else None


@contextmanager
def _lines(file: Path) -> Iterator[Iterator[str]]:
    if str(file) == "-":
        yield sys.stdin
        return
    try:
        with file.open(encoding="utf-8-sig", errors="replace") as lines:
            yield lines
    except OSError as error:
        raise SourceError(f"The batch file {file} cannot be read ({error.strerror}). Check its path.") from error


def _print_json(value: object, indent: int | None = None) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")
    sys.stdout.flush()
