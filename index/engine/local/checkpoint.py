"""a derived index of the catalog on disk: its columns and their index, marked with the revision they reflect"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from index.catalog import Catalog
from index.engine.columns import Columns
from index.engine.local.dense import EXACT_UP_TO, DenseIndex
from index.storage import DerivedIndex, Manifest, begin, publish, read_sound, sound_manifest

CHECKPOINT: Final = DerivedIndex("checkpoint", format=2)
"""The format is raised when a checkpoint is written in another way."""

LISTS: Final = "lists.faiss"

MIN_CHECKPOINT: Final = 2_000
"""Rows that are as quickly read from the catalog as from a checkpoint: milliseconds."""

REPLAYED: Final = 0.05
"""The share of the library's rows that may have come since a checkpoint before it is written anew."""


def write_checkpoint(parent: Path, catalog: Catalog) -> None:
    """Put a checkpoint of the catalog's present revision in the place of the one before."""
    manifest = begin(parent, CHECKPOINT, catalog)
    folder = parent / manifest.folder
    columns = Columns.gather(catalog.passage_rows(after_topic=0))
    columns.save(folder)
    if len(columns) > EXACT_UP_TO:
        DenseIndex.train(columns.vectors, folder / LISTS)
    publish(parent, CHECKPOINT, manifest)


def is_checkpoint_due(parent: Path, catalog: Catalog, share: float | None = None) -> bool:
    """Return whether so much has changed since the checkpoint that reading it all again costs too much.

    Or whether it still names a subject that is gone: what was deleted is to be nowhere.
    """
    manifest = sound_manifest(parent, CHECKPOINT, catalog)
    if manifest and _names_a_deleted_subject(parent / manifest.folder, catalog):
        return True
    replayed = catalog.count_replayed(manifest.revision, manifest.last_topic) if manifest else catalog.count_passages()
    if replayed <= MIN_CHECKPOINT:
        return False
    return not manifest or replayed > (REPLAYED if share is None else share) * catalog.count_passages()


def open_checkpoint(parent: Path, catalog: Catalog) -> tuple[Manifest, tuple[Columns, DenseIndex]] | None:
    """Return the manifest of a sound checkpoint with its columns and their index; None where there is none."""
    return read_sound(parent, CHECKPOINT, catalog, _mapped)


def _names_a_deleted_subject(folder: Path, catalog: Catalog) -> bool:
    try:
        return not set(Columns.map(folder).subject_names.tolist()) <= catalog.subjects().keys()
    except (OSError, ValueError):
        return True


def _mapped(folder: Path) -> tuple[Columns, DenseIndex]:
    columns, lists = Columns.map(folder), folder / LISTS
    dense = DenseIndex.map(columns.vectors, lists) if lists.exists() else DenseIndex(columns.vectors)
    return replace(columns, vectors=dense.vectors), dense
