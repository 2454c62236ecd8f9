"""Syncs in processes of their own, with an encoder that needs no model and derived indexes of small libraries."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from index.engine.local import checkpoint
from index.indexing import instalments
from index.library import Library
from index.storage.lock import writing
from tests.fakes import WordCountEncoder

_PROCESSES = multiprocessing.get_context("forkserver")  # each starts from a clean process that has imported all this
_PROCESSES.set_forkserver_preload([__name__])


def shrink(patch: pytest.MonkeyPatch) -> None:
    """Give even a small library a checkpoint with inverted lists, and commit vectors and notes often."""
    patch.setattr(checkpoint, "MIN_CHECKPOINT", 20)
    patch.setattr(checkpoint, "EXACT_UP_TO", 100)
    patch.setattr(instalments, "BATCH", 8)
    patch.setattr(instalments, "INSTALMENT", 24)


def start_sync(folder: Path) -> tuple[BaseProcess, Connection]:
    """Sync a library in another process; the connection tells when it begins and when it is done."""
    ours, theirs = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=_sync, args=(folder, theirs), daemon=True)
    process.start()
    theirs.close()
    assert ours.recv() == "begun"
    return process, ours


def _sync(folder: Path, told: Connection) -> None:
    with pytest.MonkeyPatch.context() as patch:
        shrink(patch)
        library = Library(folder, WordCountEncoder())
        told.send("begun")
        library.sync()
        library.close()
    told.send("done")


def hold_lock(folder: Path) -> tuple[BaseProcess, Connection]:
    """Hold a library's lock in another process until it is told to let go."""
    ours, theirs = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=_hold, args=(folder, theirs), daemon=True)
    process.start()
    theirs.close()  # else a process that ended at once would be waited for without end
    assert ours.recv() == "topics_containing"
    return process, ours


def _hold(folder: Path, told: Connection) -> None:
    with writing(folder):
        told.send("topics_containing")
        told.recv()
