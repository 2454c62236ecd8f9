"""the library's folder kept in order: its derived indexes in step, what is damaged or left over found and mended"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from index.catalog import Catalog
from index.embedding import EXPORT_FOLDER, cut_off, part_paths
from index.engine.local.checkpoint import CHECKPOINT, is_checkpoint_due, write_checkpoint
from index.engine.local.lexical import WORDS, LexicalIndex
from index.storage import (
    Orphans,
    disk_errors,
    is_own_folder,
    known_manifest,
    leftover_parts,
    read_manifest,
    remove,
    sound_manifest,
)

DERIVED_INDEXES: Final = (CHECKPOINT, WORDS)

REPLAYED_MEANWHILE: Final = 0.5
"""The share of the rows that may have come since a checkpoint while a sync brings more: all that are written by its end
are about twice the library."""


def refresh_indexes(folder: Path, catalog: Catalog, *, is_last: bool = True, thoroughly: bool = False) -> None:
    """Bring the derived indexes in step with the catalog; unless `is_last`, a larger share may be left to replay.

    `thoroughly`, no word is left in them of what went, however large the library is.
    """
    with disk_errors(folder):
        if is_checkpoint_due(folder, catalog, None if is_last else REPLAYED_MEANWHILE):
            write_checkpoint(folder, catalog)
        LexicalIndex.catch_up(folder, catalog, thoroughly=thoroughly)
    manifest = known_manifest(folder, CHECKPOINT, catalog)
    catalog.forget_deleted_until(manifest.revision if manifest else catalog.revision())


def left_over(folder: Path, catalog: Catalog) -> Orphans:
    """Look for what interrupted syncs left; what else lies in the folder is somebody's own."""
    return Orphans(tuple(_orphan_paths(folder)), catalog.count_unused_vectors())


def repair(folder: Path, catalog: Catalog) -> None:
    """Remove what is left over, and make the derived indexes that are damaged anew."""
    damaged = set(damaged_indexes(folder, catalog))
    with disk_errors(folder):
        for index_kind in DERIVED_INDEXES:
            if index_kind.name in damaged:
                remove(folder, index_kind.manifest_path(folder).name)
        for orphan in list(_orphan_paths(folder)):
            remove(orphan.parent, orphan.name)
    if catalog.count_unused_vectors():
        catalog.drop_unused_vectors()
    refresh_indexes(folder, catalog)


def damaged_indexes(folder: Path, catalog: Catalog) -> Iterator[str]:
    """Yield the names of derived indexes that are not as they were written, byte by byte, or are out of step."""
    checkpoint = sound_manifest(folder, CHECKPOINT, catalog, thoroughly=True)
    is_damaged = CHECKPOINT.manifest_path(folder).exists() and not checkpoint
    if is_damaged or is_checkpoint_due(folder, catalog):
        yield CHECKPOINT.name
    words = sound_manifest(folder, WORDS, catalog, thoroughly=True)
    if catalog.revision() and not (words and words.revision == catalog.revision()):
        yield WORDS.name


def _orphan_paths(folder: Path) -> Iterator[Path]:
    export = folder / EXPORT_FOLDER
    yield from filter(os.path.lexists, (index_kind.part_path(folder) for index_kind in DERIVED_INDEXES))
    yield from leftover_parts(folder)
    if is_own_folder(export):  # of a link, what it leads to is somebody else's
        yield from filter(os.path.lexists, part_paths(export))
        yield from cut_off(export)
    for index_kind in DERIVED_INDEXES:
        manifest = read_manifest(folder, index_kind)
        yield from (other for other in index_kind.folders(folder) if not manifest or other.name != manifest.folder)
