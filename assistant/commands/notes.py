"""`topics add`, `remove` and `sync`: what the library holds"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.shared import EXIT_FAILED, LibraryOption, ModelOption, open_chosen, sync_shown
from assistant.console import say
from index.library import Library
from index.sources import BUILTIN, resolve_source
from index.sync import SyncReport

app = typer.Typer()


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
    opened = open_chosen(context, library, model)
    for path in paths:
        opened.add(path)
    if not builtin and BUILTIN in opened.sources():
        opened.remove(BUILTIN)
    _report(opened, sync_shown(opened))


@app.command(epilog="Examples: `topics remove ~/notes` · `topics remove builtin`")
def remove(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="A folder or file that was added, or `builtin`.")],
    library: LibraryOption = None,
) -> None:
    """Take a folder or file out of the library; the files themselves stay."""
    opened = open_chosen(context, library, None)
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
    opened = open_chosen(context, library, model)
    _report(opened, sync_shown(opened, reembed=reembed))


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
