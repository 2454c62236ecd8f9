"""`topics add`, `remove` and `sync`: what the library holds"""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from assistant.amounts import counted
from assistant.cli.options import EXIT_FAILED, LibraryOption, ModelOption
from assistant.cli.shared import named, open_chosen, sync_shown
from assistant.operations import are_uploads, away_words, by_reason, remove_source
from assistant.terminal import say, say_error
from index.formats import kinds_read
from index.indexing import SyncReport
from index.library import Library
from index.sources import BUILTIN, is_inside, resolve_source

app = typer.Typer()


@app.command(
    epilog="Examples: `topics add ~/notes` · `topics add --no-builtin ~/notes` · `topics add ~/wiki --exclude drafts/`"
)
def add(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(help="Folders or files: notes (.md, .mdx, .qmd, .txt, .jsonl) and documents.")
    ],
    builtin: Annotated[bool, typer.Option(help="Keep the bundled topics in the library.")] = True,
    include: Annotated[
        list[str] | None, typer.Option(help="Read only files that match, as in .gitignore; repeatable.", metavar="GLOB")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="Leave out files that match, as in .gitignore; repeatable.", metavar="GLOB")
    ] = None,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Add folders or files of notes to the library and index them; they are only read, never changed.

    What is included and excluded is remembered; adding the same folder again says it anew.
    """
    for path in paths:
        resolve_source(path)  # all of them are looked at before anything is changed
    opened = open_chosen(context, library, model, may_make=True)
    if opened.is_on_server and opened.storage.is_new:
        say(f"Made the library {opened.name}.")
    sources = [opened.add(path, include=include or (), exclude=exclude or ()) for path in paths]
    if not builtin and BUILTIN in opened.sources():
        opened.remove(BUILTIN)
    _say_what_is_inside(opened, sources)
    report = sync_shown(opened)
    read = {document.source for document in opened.documents()}
    for source in sources:
        if source not in read:
            say(f"There is no file in {source} that can be read: {kinds_read()}.")
    _report(opened, report)


def _say_what_is_inside(library: Library, added: list[str]) -> None:
    """Say which of the sources just added stand in others, or hold them: a file belongs to one source."""
    for inner, outer in permutations(library.sources(), 2):
        if is_inside(inner, outer) and (inner in added or outer in added):
            say(f"{inner} is a source of its own inside {outer}: each of its files is read once, as one of {inner}.")


@app.command(epilog="Examples: `topics remove ~/notes` · `topics remove builtin`")
def remove(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="A folder or file that was added, or `builtin`.")],
    library: LibraryOption = None,
) -> None:
    """Take a folder or file out of the library; the files themselves stay, but for copies that were uploaded."""
    opened = open_chosen(context, library, None)
    source = remove_source(opened, path)
    files = "The copies that were uploaded are deleted" if are_uploads(opened, source) else "Its files are untouched"
    say(f"Removed {source} from the library. {files}.")


@app.command(
    epilog="Examples: `topics sync` · `topics sync --watch` · `topics sync --reembed --model ~/models/bge-small`"
)
def sync(
    context: typer.Context,
    watching: Annotated[
        bool, typer.Option("--watch", help="Go on until Ctrl-C: what is edited is read within two seconds.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Forget what came from a folder that is not there, or has no file any more.")
    ] = False,
    reembed: Annotated[
        bool, typer.Option("--reembed", help="Embed all notes again, with the model given by --model.")
    ] = False,
    by_workers: Annotated[
        bool, typer.Option("--by-workers", help="Let `topics work` elsewhere embed what is new, and wait for it.")
    ] = False,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Bring the library in step with its folders; only what changed is embedded."""
    opened = open_chosen(context, library, model)
    if by_workers and not opened.is_on_server:
        raise typer.BadParameter("--by-workers is for a library on a server: no other machine reads this folder.")
    report = sync_shown(opened, reembed=reembed, prune=prune, by_workers=by_workers)
    if watching:
        _say_report(opened, report)
        _follow(opened)
    else:
        _report(opened, report)


def _follow(library: Library) -> None:
    from index import watch  # it brings a watcher, which only those need who follow

    def say_news(report: SyncReport) -> None:
        if report.changed or report.removed:
            _say_report(library, report)

    say("Following your notes; stop with Ctrl-C.")
    try:
        watch.follow(library, Event(), on_sync=say_news, on_error=lambda error: say_error(str(error)))
    except KeyboardInterrupt:
        say("Stopped following your notes. Nothing is lost; the next sync goes on from here.")
        raise


def _report(library: Library, report: SyncReport) -> None:
    """Say what a sync did; leave with exit code 1 when a file failed or a source is not as it was."""
    _say_report(library, report)
    if not report.is_complete:
        raise typer.Exit(EXIT_FAILED)


def _say_report(library: Library, report: SyncReport) -> None:
    topics = counted(sum(library.subjects().values()), "topic")
    say(
        f"{counted(len(report.added), 'file')} added, {len(report.updated)} updated, {len(report.removed)} gone, "
        f"{report.unchanged + len(report.touched)} unchanged; {topics} in all."
    )
    read = (change.document for change in report.read)
    problems = ((document.status, document.reason, document.path) for document in read if document.reason)
    for (status, reason), paths in by_reason(problems).items():
        files = f" ({len(paths)} files)" if len(paths) > 1 else ""
        say(f"  {named(paths)}{files}: {status}, {reason}")
    for sentence in away_words(report.missing_sources, report.emptied_sources):
        say(f"  {sentence}")
