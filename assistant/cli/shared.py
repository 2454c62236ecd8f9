"""how each command opens its library"""

from __future__ import annotations

import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from assistant.calibration import calibrate, calibrate_cross_encoder
from assistant.settings import cache_folder, open_library
from assistant.terminal import say
from index.library import Library
from index.records import SLOT_NAMED, Slot
from index.sources import BUILTIN

if TYPE_CHECKING:
    from index.embedding import CrossEncoder
    from index.indexing import SyncReport

PASSAGE: Final = " ".join(["passage"] * 200)
"""What is read to see how long reranking takes: about as long as a passage gets."""

MAX_FILES_NAMED: Final = 5
"""Files that are named for each reason; `topics status --json` names them all."""


class SlotName(StrEnum):
    """The slots as they are typed."""

    what = "what"
    how = "how"
    example = "example"

    @property
    def slot(self) -> Slot:
        """The slot as the records spell it."""
        return SLOT_NAMED[self.value]


def open_filled(context: typer.Context, library: str | None, model: str | None) -> Library:
    """Open the library that a command means, with the bundled topics indexed where nothing ever was."""
    opened = open_chosen(context, library, model)
    if opened.is_empty:
        sync_shown(opened)
    if not opened.snapshot().subjects:
        say("This library holds no topics yet: add notes with `topics add FOLDER`.")
    elif opened.model == opened.encoder.name and not opened.encoder.store.is_ready():
        say("The model of this library is to be prepared anew: `topics sync` does; until then, answers take seconds.")
    return opened


def open_chosen(
    context: typer.Context, library: str | None, model: str | None, *, may_make: bool | None = None
) -> Library:
    """Open the library that a command means, or make it if that `may` be; it is closed when the command ends."""
    opened = open_library(library or context.obj, model, calibrate, may_make=may_make)
    context.call_on_close(opened.close)
    return opened


def cross_encoder_in(folder: Path) -> CrossEncoder:
    """Return the cross-encoder in a folder, which is exported and measured when it is prepared."""
    from index.embedding import CrossEncoder

    return CrossEncoder(folder, cache_folder() / "models", calibrate_cross_encoder)


def rerank_by(library: Library, folder: Path | None) -> None:
    """Have a library's first topics read by the cross-encoder in a folder, too; say what that costs."""
    if folder is None:
        return
    from assistant.progress_bar import progress_bar
    from index.retrieval import RETRIEVAL

    library.reranker = cross_encoder_in(folder)
    with progress_bar() as progress:
        library.reranker.prepare(progress)
    if not library.reranker.weight:
        say("By this reranker, no more of the bundled topics come first: it is left out.")
        return
    began = time.perf_counter()
    library.reranker.scores("what does it cost?", [PASSAGE] * RETRIEVAL.rerank_depth)
    say(f"Reranking takes {time.perf_counter() - began:.1f} s a question, at most.")


def sync_shown(library: Library, *, reembed: bool = False, prune: bool = False, by_workers: bool = False) -> SyncReport:
    """Bring a library in step with its sources and show how that gets on."""
    from assistant.progress_bar import progress_bar  # a library that is only looked at needs none

    if library.is_empty and BUILTIN in library.sources():
        say("First use: preparing the model and indexing the bundled topics, once; that takes seconds.")
    try:
        with progress_bar() as progress:
            return library.sync(progress, reembed=reembed, prune=prune, by_workers=by_workers)
    except KeyboardInterrupt:
        say("Stopped. Nothing is lost; the next sync goes on from here.")
        raise


def named(paths: Sequence[str]) -> str:
    """Return some of the paths in one line."""
    return ", ".join(paths[:MAX_FILES_NAMED]) + (", …" if len(paths) > MAX_FILES_NAMED else "")
