from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.catalog.tables import Catalog
from index.engine.local import checkpoint
from index.engine.local.checkpoint import is_checkpoint_due, open_checkpoint, write_checkpoint
from index.library import Library


@pytest.fixture
def catalog(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalog]:
    """Return the catalog of a library, which has 13 passages; five of them are read as quickly without a checkpoint."""
    monkeypatch.setattr(checkpoint, "MIN_CHECKPOINT", 5)
    with closing(Catalog(library.folder)) as opened:
        yield opened


def test_checkpoint_is_due_where_there_is_much_to_read_and_none_is_there(
    library: Library, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_checkpoint_due(library.folder, catalog)
    monkeypatch.setattr(checkpoint, "MIN_CHECKPOINT", 2_000)
    assert not is_checkpoint_due(library.folder, catalog)


def test_checkpoint_is_due_again_when_a_share_of_the_library_has_come_since(
    library: Library, catalog: Catalog, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_checkpoint(library.folder, catalog)
    assert not is_checkpoint_due(library.folder, catalog)
    monkeypatch.setattr(checkpoint, "MIN_CHECKPOINT", 1_000)
    for number in range(7):
        (notes / f"{number}.md").write_text(f"# More\n## Note {number}\nAbout thing{number}.\n")
    library.sync()
    monkeypatch.setattr(checkpoint, "MIN_CHECKPOINT", 5)
    assert is_checkpoint_due(library.folder, catalog), "7 of 20 are more than a twentieth"
    monkeypatch.setattr(checkpoint, "REPLAYED", 0.5)
    assert not is_checkpoint_due(library.folder, catalog)


def test_columns_of_a_checkpoint_are_those_of_the_catalog(library: Library, catalog: Catalog) -> None:
    write_checkpoint(library.folder, catalog)
    opened = open_checkpoint(library.folder, catalog)
    assert opened
    _, (columns, _) = opened
    assert columns.row_ids.tolist() == [id_ for id_, _ in catalog.topics_after(0)]
    assert [row.vector for row in catalog.passage_rows(0)] == [
        row.tobytes() for row in columns.vectors.astype(np.float16)
    ]


def test_checkpoint_whose_past_is_forgotten_is_not_there(library: Library, catalog: Catalog, notes: Path) -> None:
    write_checkpoint(library.folder, catalog)
    (notes / "topics.md").write_text("# DevOps\n## Topic\nText.\n\n# Python\n## Other\nText.\n")
    library.sync()
    catalog.forget_deleted_until(catalog.revision())
    assert open_checkpoint(library.folder, catalog) is None


def test_checkpoint_that_names_a_subject_which_is_gone_is_due(library: Library, catalog: Catalog, notes: Path) -> None:
    write_checkpoint(library.folder, catalog)
    assert not is_checkpoint_due(library.folder, catalog)
    (notes / "topics.md").write_text("# DevOps\n## Topic\nText.\n")
    library.sync()
    found = open_checkpoint(library.folder, catalog)
    assert found
    assert found[1][0].subject_names.tolist() == ["DevOps"]
