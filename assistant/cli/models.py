"""`topics model`: which models there are, and how a library comes to another one"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.amounts import duration_words
from assistant.cli.options import LibraryOption
from assistant.cli.shared import open_chosen, sync_shown
from assistant.models import fetch as load_model
from assistant.models import known_models, look_up, remember, repository, resolve, seconds_to_embed
from assistant.progress_bar import progress_bar
from assistant.settings import cache_folder, models_folder
from assistant.terminal import print_table, say

app = typer.Typer()
model = typer.Typer(rich_markup_mode="markdown", no_args_is_help=True)
app.add_typer(model, name="model", help="List, use, add or fetch models: what notes and questions are read by.")


@model.command("list", epilog="Example: `topics model list`")
def list_models(context: typer.Context, library: LibraryOption = None) -> None:
    """List the models that this machine knows, and say which one the library goes by."""
    opened = open_chosen(context, library, None)
    used = opened.model or opened.encoder.name
    rows = [
        ["→" if used in (known.name, str(known.folder)) else "", known.name, f"{known.megabytes} MB", str(known.folder)]
        for known in known_models(models_folder())
        if known.is_there
    ]
    if not any(row[0] for row in rows):
        rows.append(["→", used, "", used])
    print_table(["", "Model", "Size", "Folder"], rows)
    say("`topics model use NAME` reads the library by another one; docs/models.md says which is for what.")


@model.command(
    "use", epilog="Examples: `topics model use multilingual-e5-small` · `topics model use ~/models/bge-small`"
)
def use(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The name or the folder of a model.", metavar="NAME-OR-FOLDER")],
    library: LibraryOption = None,
) -> None:
    """Have the library read by another model from now on; until all is embedded, it answers by the old one."""
    chosen = resolve(name, models_folder())
    opened = open_chosen(context, library, chosen)
    if opened.model == opened.encoder.name:
        say(f"The library at {opened.folder} is read by {name} already.")
        return
    if not opened.is_unread:
        with progress_bar() as progress:
            opened.prepare_model(progress)
        seconds = seconds_to_embed(opened, opened.encoder)
        say(
            f"Embedding {sum(opened.subjects().values()):,} topics again takes {duration_words(seconds)}. "
            f"Until then, questions are answered by {opened.model}."
        )
    sync_shown(opened, reembed=not opened.is_unread)
    say(f"The library at {opened.folder} is read by {name} from now on.")


@model.command("add", epilog="Example: `topics model add ~/Downloads/bge-small-en-v1.5`")
def add(
    folder: Annotated[Path, typer.Argument(help="A folder that holds a model of sentence-transformers.")],
) -> None:
    """Give a model in a folder a name, that of its folder; it is loaded to see that it works, and stays where it is."""
    known = remember(folder, models_folder(), cache_folder())
    say(f"{known.name} is known now. `topics model use {known.name}` reads a library by it.")


@model.command("fetch", epilog="Example: `topics model fetch intfloat/multilingual-e5-small`")
def fetch(
    name: Annotated[str, typer.Argument(help="The model's name at the hub, as in AUTHOR/NAME.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Load it without asking.")] = False,
) -> None:
    """Load a model over the network, once, after asking: the only command that reaches beyond this machine."""
    listing = look_up(repository(name))
    home = models_folder()
    say(
        f"{listing.repository} at {listing.endpoint}: {len(listing.files)} files, "
        f"{listing.megabytes:,.0f} MB, to {home}."
    )
    if not (yes or typer.confirm("Load it?")):
        raise typer.Abort
    folder = load_model(listing, home, cache_folder())
    say(f"Loaded and verified; the network is off again. `topics model use {folder.name}` reads a library by it.")
