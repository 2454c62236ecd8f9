"""a shadow of the catalog on disk: its columns and their index, stamped with the revision they reflect

A checkpoint is a folder of its own, named in a stamp that is written last and in one step. One that is torn, changed,
of another library or of another version is not there.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from index.catalog import Catalog
from index.columns import Columns
from index.dense import EXACT_UP_TO, DenseIndex
from index.shadow import Stamp, checksums, is_whole, read_stamp, write_stamp

FORMAT: Final = 1
"""Raised when a checkpoint is written in another way."""

STAMP: Final = "checkpoint.json"
LISTS: Final = "lists.faiss"


def write_checkpoint(parent: Path, catalog: Catalog) -> None:
    """Put a checkpoint in the place of the one before, which those who read it keep until they let go."""
    revision, last_topic = catalog.revision(), catalog.last_topic()
    folder = parent / f"checkpoint-{revision}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    columns = Columns.gather(catalog.passage_rows(after_topic=0))
    columns.save(folder)
    if len(columns) > EXACT_UP_TO:
        DenseIndex.train(columns.vectors, folder / LISTS)
    write_stamp(parent / STAMP, Stamp(FORMAT, catalog.id, revision, last_topic, folder.name, checksums(folder)))
    for other in parent.glob("checkpoint-*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


def checkpoint_stamp(parent: Path, catalog: Catalog) -> Stamp | None:
    """Return the stamp of a checkpoint that the catalog can go on from; None where there is none."""
    stamp = read_stamp(parent / STAMP, FORMAT, catalog.id)
    return stamp if stamp and catalog.remembers_since(stamp.revision) else None


def open_checkpoint(parent: Path, stamp: Stamp) -> tuple[Columns, DenseIndex] | None:
    """Return a checkpoint's columns and index; None where a file is not as it was written."""
    folder = parent / stamp.folder
    if not is_whole(folder, stamp):
        return None
    columns = Columns.map(folder)
    lists = folder / LISTS
    return columns, DenseIndex.map(columns.vectors, lists) if LISTS in stamp.files else DenseIndex(columns.vectors)
