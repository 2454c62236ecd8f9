"""`topics related` and `topics map`: what belongs together"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assistant.amounts import counted
from assistant.cli.options import JsonOption, LibraryOption, ModelOption, TopicLimit
from assistant.cli.shared import open_filled
from assistant.console import print_clusters, print_duplicates, print_related
from assistant.discovery import LIMIT, find_topic, related_topics
from assistant.location import anchor_json
from assistant.progress_bar import progress_bar
from assistant.terminal import print_json, say
from index.errors import SourceError
from index.library import Library
from index.storage import write_export

app = typer.Typer()


@app.command(
    epilog='Examples: `topics related GitOps Fundamentals` · `topics related "handling drft" --json` · '
    "`topics related how do I roll back?` · `topics related --duplicates`"
)
def related(
    context: typer.Context,
    title: Annotated[
        list[str] | None,
        typer.Argument(help="A title, part of one, `subject > title`, a place as `notes.md:12`, or a question."),
    ] = None,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="List entries that say the same thing in different places.")
    ] = False,
    as_json: JsonOption = False,
    limit: TopicLimit = LIMIT,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Show the topics that belong beside one, each with why."""
    if (not title) == (not duplicates):
        raise typer.BadParameter("Name a topic, as in: topics related GitOps Fundamentals, or give --duplicates.")
    opened = open_filled(context, library, model)
    if duplicates:
        _duplicates(opened, as_json=as_json)
    else:
        _related(opened, " ".join(title or []), limit, as_json=as_json)


def _related(library: Library, typed: str, limit: int, *, as_json: bool) -> None:
    meant = find_topic(library, typed)
    topic = meant.stored.topic
    beside = related_topics(library, meant.row_id, topic, limit)
    if as_json:
        print_json(
            {
                "id": meant.stored.topic_id,
                "subject": topic.subject,
                "topic": topic.title,
                "path": meant.stored.path,
                "line": topic.line,
                "anchor": anchor_json(topic.anchor),
                "by_title": meant.by_title,
                "related": [related.to_json() for related in beside],
            },
            indent=2,
        )
    else:
        print_related(meant.stored, beside, by_title=meant.by_title)


def _duplicates(library: Library, *, as_json: bool) -> None:
    from assistant.discovery import find_duplicates  # scipy, which no other command needs

    with progress_bar() as progress:
        duplicates = find_duplicates(library, progress)
    if as_json:
        print_json([asdict(group) for group in duplicates], indent=2)
    else:
        print_duplicates(duplicates)


@app.command("map", epilog="Examples: `topics map --html map.html` · `topics map --json > map.json`")
def map_(
    context: typer.Context,
    as_json: JsonOption = False,
    html: Annotated[
        Path | None,
        typer.Option(
            help="Write a page that needs nothing else, to open in any browser.", metavar="FILE", dir_okay=False
        ),
    ] = None,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Lay all topics out on a map, like ones together; without options, list its areas."""
    from assistant.discovery import topic_map
    from assistant.export import map_html  # scikit-learn, for a second: no other command needs it

    drawn = topic_map(open_filled(context, library, model))
    if html:
        try:
            write_export(html, map_html(drawn))
        except OSError as error:
            raise SourceError(
                f"The map cannot be written to {html} ({error.strerror}). Choose another file."
            ) from error
        say(f"{counted(len(drawn.points), 'topic')} on the map: open {html} in a browser.")
    if as_json:
        print_json(drawn.to_json(), indent=2)
    elif not html:
        print_clusters(drawn)
