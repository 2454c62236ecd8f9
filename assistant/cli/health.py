"""`topics status` and `doctor`: what the library holds, and what is wrong with it"""

from __future__ import annotations

from typing import Annotated, Final

import typer

from assistant.amounts import counted
from assistant.cli.options import EXIT_FAILED, JsonOption, LibraryOption, ModelOption, RerankOption
from assistant.cli.shared import named, open_chosen, rerank_by
from assistant.operations import Status, away_words, library_status, server_facts
from assistant.terminal import out, print_json, print_table, say

KINDS: Final = 8
"""Kinds of files that are named of those that are not read."""

app = typer.Typer()


@app.command(epilog="Example: `topics status --json`")
def status(
    context: typer.Context,
    as_json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """Show what the library holds, what was skipped and why; exit code 1 when something failed."""
    status = library_status(open_chosen(context, library, None))
    if as_json:
        print_json(status.to_json(), indent=2)
    else:
        _print_status(status)
    if not status.is_sound:
        raise typer.Exit(EXIT_FAILED)


def _print_status(status: Status) -> None:
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in status.documents.items())
    print_table(
        ["", ""],
        [
            ["Library", status.library],
            ["Model", status.model or "none yet"],
            ["Sources", "\n".join(_source_line(status, source) for source in status.sources)],
            ["Files", counts],
            *([["Server", "\n".join(server_facts(status.server))]] if status.server else []),
            ["Topics", f"{status.topics:,} in {counted(len(status.subjects), 'subject')}"],
        ],
    )
    if status.problems:
        out.print()
        print_table(
            ["Files", "Status", "Why", "Which"],
            [
                [str(len(paths)), file_status, reason, named(paths)]
                for (file_status, reason), paths in status.reasons.items()
            ],
        )
    if status.unread_kinds:
        kinds = ", ".join(f"{kind or 'no ending'} {count}" for kind, count in [*status.unread_kinds.items()][:KINDS])
        more = ", …" if len(status.unread_kinds) > KINDS else ""
        say(f"{counted(sum(status.unread_kinds.values()), 'file')} of kinds that are not read: {kinds}{more}.")
    for source in status.sources_elsewhere:
        say(f"Read on another machine: {source}.")
    for sentence in away_words(status.missing_sources, status.emptied_sources):
        say(sentence)
    if status.stale:
        say(f"{counted(len(status.stale), 'file')} new, changed or gone. Run `topics sync`.")


def _source_line(status: Status, source: str) -> str:
    patterns = status.patterns.get(source, {})
    told = "".join(f"; {name} {', '.join(globs)}" for name, globs in patterns.items() if globs)
    return f"{source} ({counted(status.sources[source], 'file')}{told})"


@app.command(epilog="Examples: `topics doctor` · `topics doctor --mend`")
def doctor(
    context: typer.Context,
    mending: Annotated[
        bool, typer.Option("--mend", help="Mend what can be mended without touching a note, then look again.")
    ] = False,
    library: LibraryOption = None,
    model: ModelOption = None,
    rerank: RerankOption = None,
) -> None:
    """Check model, library, versions and network use: what is wrong and how to mend it."""
    from assistant.operations import examine, mend  # it brings what only the doctor needs

    opened = open_chosen(context, library, model)
    rerank_by(opened, rerank)
    checks = examine(opened)
    if mending and (mended := mend(opened, checks)):
        say(f"Mended: {', '.join(mended)}.")
        checks = examine(opened)
    print_table(["", "", ""], [["ok" if check.ok else "WRONG", check.name, check.finding] for check in checks])
    for check in checks:
        if not check.ok:
            say(f"{check.name}: {check.mend}")
    if not all(check.ok for check in checks):
        raise typer.Exit(EXIT_FAILED)
