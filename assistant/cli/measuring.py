"""`topics eval`: how well it finds and abstains"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.amounts import counted
from assistant.cli.model_server import (
    ExcludeOption,
    KeyFileOption,
    LlmModelOption,
    RemoteOption,
    UrlOption,
    server_options,
)
from assistant.cli.options import JsonOption, LibraryOption, ModelOption, RerankOption
from assistant.cli.shared import open_chosen, open_filled, rerank_by, sync_shown
from assistant.progress_bar import progress_bar
from assistant.settings import evaluation_folder
from assistant.terminal import out, print_json
from index.errors import SourceError
from index.library import Library
from index.sources import BUILTIN, resolve_source

if TYPE_CHECKING:
    from assistant.evaluation import InWordsReport

app = typer.Typer()


@app.command("eval", epilog="Examples: `topics eval questions.jsonl --half report` · `topics eval scifact --compare`")
def evaluate(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A question file (JSON lines), or a folder with a corpus.jsonl.")],
    as_json: JsonOption = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print what the number means as a Markdown table.")
    ] = False,
    compared: Annotated[
        bool, typer.Option("--compare", help="Set plain dense, BM25 and reciprocal rank fusion beside it.")
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option("--limit", "-n", metavar="N", min=1, help="Questions at most, spread evenly over the file."),
    ] = None,
    half: Annotated[
        str | None,
        typer.Option(
            metavar="HALF",
            help="Only the questions of this half, such as tune or report, as the file or split.tsv names it.",
        ),
    ] = None,
    notes: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Ask a question file of these notes alone, in place of the library."),
    ] = None,
    in_words: Annotated[
        bool, typer.Option("--in-words", help="Measure answers in words by a model server, and nothing else.")
    ] = False,
    llm: UrlOption = None,
    llm_model: LlmModelOption = None,
    llm_key_file: KeyFileOption = None,
    allow_remote_llm: RemoteOption = False,
    llm_exclude: ExcludeOption = None,
    library: LibraryOption = None,
    model: ModelOption = None,
    rerank: RerankOption = None,
    beside: Annotated[
        list[str] | None,
        typer.Option(
            "--beside", help="Set another model beside it; repeatable, of a folder or --notes.", metavar="MODEL"
        ),
    ] = None,
) -> None:
    """Measure finding, the slot, the passage and confidence over questions with known answers.

    A question file has lines like `{"question", "topic", "slot", "answers", "kind", "half"}` (the last four may be
    missing; `topic` may be a list of titles, and `path` names the note instead; the passage that answers holds one of
    `answers`, or all of them where that one is a list) or `{"question", "answered": false}`, and is asked of the
    library, or of the folder that `--notes` names. A folder with a `corpus.jsonl` (`_id`, `title`, `text`) is in BEIR
    layout (`queries.jsonl`, `qrels.tsv`) or has a `questions.jsonl` (`_id`, `text`, `answers`, `doc`, which is null
    where no document answers); `split.tsv` may name halves. It is indexed into a library of its own, kept in the
    user's cache. What each measure means is printed beside it.
    """
    # it brings measure libraries, a second to import, which no other command needs
    from assistant.evaluation import (
        ask_all,
        ask_in_words,
        check_topics,
        compare,
        measure,
        plain_rankers,
        print_report,
        ranker_of,
        read_judged,
        to_markdown,
    )

    if beside and not (notes or path.is_dir()):
        raise typer.BadParameter("--beside reads the same notes by another model: name their folder with --notes.")
    options = server_options(llm, llm_model, llm_key_file, allow_remote_llm, llm_exclude)
    if in_words:
        options.server()  # what is wrong with it is said before anything is asked
    has_corpus = path.is_dir()
    judged = read_judged(path, half, limit)
    source = path / "corpus.jsonl" if has_corpus else notes
    opened = _evaluation_library(context, source, model) if source else open_filled(context, library, model)
    rerank_by(opened, rerank)
    if not has_corpus:
        check_topics(opened, judged)
    others = {name: _evaluation_library(context, source, name) for name in beside or ()} if source else {}
    if in_words:
        with progress_bar() as progress:
            _print_in_words(ask_in_words(opened, judged, options.writer(opened), progress), as_json=as_json)
        return
    with progress_bar() as progress:
        results = ask_all(opened, judged, by_id=has_corpus, progress=progress)
        rankers = plain_rankers(opened, by_id=has_corpus) if compared else {}
        rankers |= {f"by {name}": ranker_of(other, by_id=has_corpus) for name, other in others.items()}
        report = measure(results, compare(results, rankers, progress) if rankers else None)
    if as_json:
        print_json(report.to_json(), indent=2)
    elif as_markdown:
        out.print(to_markdown(report), markup=False, highlight=False, soft_wrap=True)
    else:
        print_report(report)


def _print_in_words(report: InWordsReport, *, as_json: bool) -> None:
    """Print how good answers in words are."""
    if as_json:
        print_json(report.to_json(), indent=2)
        return
    out.print(
        f"{counted(report.questions, 'question')}, {report.answered} answered by the notes: "
        f"{report.in_words} in words (coverage {report.coverage:.3f}).\n"
        f"{counted(report.sentences, 'sentence')} written: {report.supported:.3f} supported, "
        f"{report.withheld:.3f} withheld.\n"
        f"{report.seconds:.2f} s an answer; {report.failed} failed.",
        markup=False,
    )


def _evaluation_library(context: typer.Context, notes: Path, model: str | None) -> Library:
    """Open the library that holds a corpus or a folder of notes and nothing else, in step with it."""
    opened = open_chosen(context, str(evaluation_folder(notes, model)), model)
    source = resolve_source(notes)
    if source not in opened.sources():
        opened.add(source)
    if BUILTIN in opened.sources():
        opened.remove(BUILTIN)
    sync_shown(opened)
    for document in opened.documents() if notes.is_file() else ():
        if document.reason:
            raise SourceError(f"{source} was not read as a whole: {document.reason}. Mend it, then repeat.")
    return opened
