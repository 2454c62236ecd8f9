"""The sources of a library as they are now."""

from __future__ import annotations

from pathlib import Path

from assistant.operations.sources import folder_size, read_sources
from index.library import Library


def test_source_counts_its_files_and_topics_and_what_has_changed_since(library: Library, notes: Path) -> None:
    [source] = read_sources(library)
    assert (source.name, source.topics, source.files, source.stale) == (str(notes), 3, {"indexed": 1}, 0)
    (notes / "new.md").write_text("# New\nText.", encoding="utf-8")
    [source] = read_sources(library)
    assert source.stale == 1
    assert not source.is_sound


def test_size_of_a_folder_is_that_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 10)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").write_bytes(b"x" * 5)
    assert folder_size(tmp_path) == 15
