"""`topics status` and `doctor`: what the library holds, and what is wrong with it"""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.commands.shared import EXIT_FAILED, LibraryOption, ModelOption, open_chosen, print_json
from assistant.console import out, print_table, say
from assistant.status import examine, library_status

app = typer.Typer()


@app.command(epilog="Example: `topics status --json`")
def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    library: LibraryOption = None,
) -> None:
    """Show what the library holds, what was skipped and why; exit code 1 when something failed."""
    found = library_status(open_chosen(context, library, None))
    if as_json:
        print_json(found.to_json(), indent=2)
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
    checks = examine(open_chosen(context, library, model))
    rows = [["ok" if check.ok else "WRONG", check.name, check.finding] for check in checks]
    print_table(["", "", ""], rows)
    for check in checks:
        if not check.ok:
            say(f"{check.name}: {check.mend}")
    if not all(check.ok for check in checks):
        raise typer.Exit(EXIT_FAILED)
