"""`topics eval`: how well it finds and abstains"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.shared import (
    JsonOption,
    LibraryOption,
    ModelOption,
    open_chosen,
    open_filled,
    print_json,
    sync_shown,
)
from assistant.console import progress_bar
from assistant.report import print_report
from assistant.settings import evaluation_folder
from index.errors import SourceError
from index.library import Library
from index.sources import BUILTIN, resolve_source

app = typer.Typer()


@app.command("eval", epilog="Examples: `topics eval questions.jsonl --half report` · `topics eval scifact --compare`")
def evaluate(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A question file (JSON lines), or a folder in BEIR layout.")],
    as_json: JsonOption = False,
    compared: Annotated[
        bool, typer.Option("--compare", help="Set plain dense, BM25 and reciprocal rank fusion beside it.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, help="Questions at most, spread evenly over the file.")
    ] = None,
    half: Annotated[
        str | None,
        typer.Option(
            help="Only the questions of this half, such as tune or report, as the file or split.tsv names it."
        ),
    ] = None,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Measure finding, the slot, the sentence and confidence over questions with known answers.

    A question file has lines like `{"question", "topic", "slot", "answers", "kind", "half"}` (the last four may be
    missing, `topic` may be a list of titles, `answers` lists pieces of text of which the sentence that answers holds
    one) or `{"question", "answered": false}`, and is asked of the library. A BEIR folder
    (`corpus.jsonl`, `queries.jsonl`, `qrels.tsv`, perhaps `split.tsv`) is indexed into a library of its own, kept in
    the user's cache. What each measure means is printed beside it.
    """
    # it brings measure libraries, a second to import, which no other command needs
    from assistant.evaluate import ask_all, check_topics, compare, plain_rankers
    from assistant.judged import read_judged
    from assistant.measures import measure

    is_beir = path.is_dir()
    judged = read_judged(path, half, limit)
    opened = _evaluation_library(context, path, model) if is_beir else open_filled(context, library, model)
    if not is_beir:
        check_topics(opened, judged)
    with progress_bar() as progress:
        outcomes = ask_all(opened, judged, by_id=is_beir, progress=progress)
        rankers = plain_rankers(opened, by_id=is_beir) if compared else {}
        report = measure(outcomes, compare(outcomes, rankers, progress) if compared else None)
    if as_json:
        print_json(report.to_json(), indent=2)
    else:
        print_report(report)


def _evaluation_library(context: typer.Context, folder: Path, model: str | None) -> Library:
    """Open the library that holds a BEIR folder's corpus and nothing else, in step with it."""
    opened = open_chosen(context, evaluation_folder(folder, model), model)
    corpus = resolve_source(folder / "corpus.jsonl")
    if corpus not in opened.sources():
        opened.add(corpus)
    if BUILTIN in opened.sources():
        opened.remove(BUILTIN)
    sync_shown(opened)
    for document in opened.documents():
        if document.reason:
            raise SourceError(f"{corpus} was not read as a whole: {document.reason}. Mend it, then repeat.")
    return opened
