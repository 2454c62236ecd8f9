from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.catalog.tables import Catalog
from index.storage.checksums import checksums_of
from index.storage.derived_index import (
    DerivedIndex,
    Manifest,
    begin,
    known_manifest,
    publish,
    read_manifest,
    read_sound,
    sound_manifest,
)

PLANTS = DerivedIndex("plants", format=1)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path, create=True)) as opened:
        yield opened


def published(parent: Path, catalog: Catalog, content: bytes) -> Manifest:
    manifest = begin(parent, PLANTS, catalog)
    (parent / manifest.folder / "rose").write_bytes(content)
    publish(parent, PLANTS, manifest)
    return replace(manifest, files=checksums_of(parent / manifest.folder))


def test_manifest_comes_back_as_it_was_written(tmp_path: Path, catalog: Catalog) -> None:
    manifest = published(tmp_path, catalog, b"red")
    assert read_manifest(tmp_path, PLANTS) == manifest
    assert (manifest.revision, manifest.token, list(manifest.files)) == (0, catalog.token(), ["rose"])


def test_shadow_that_has_lost_a_file_is_known_and_not_sound(tmp_path: Path, catalog: Catalog) -> None:
    manifest = published(tmp_path, catalog, b"red")
    assert sound_manifest(tmp_path, PLANTS, catalog) == manifest
    (tmp_path / manifest.folder / "rose").unlink()
    assert sound_manifest(tmp_path, PLANTS, catalog) is None
    assert known_manifest(tmp_path, PLANTS, catalog) == manifest


def test_manifest_of_another_format_is_not_there(tmp_path: Path, catalog: Catalog) -> None:
    published(tmp_path, catalog, b"red")
    assert read_manifest(tmp_path, DerivedIndex("plants", format=2)) is None


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"format": 1}'])
def test_manifest_that_is_torn_is_not_there(tmp_path: Path, content: str) -> None:
    PLANTS.manifest_path(tmp_path).write_text(content)
    assert read_manifest(tmp_path, PLANTS) is None


def test_publishing_takes_away_what_was_there_before(tmp_path: Path, catalog: Catalog) -> None:
    published(tmp_path, catalog, b"red")
    begin(tmp_path, PLANTS, catalog)  # a writer was cut off here
    manifest = published(tmp_path, catalog, b"white")
    assert [path.name for path in PLANTS.folders(tmp_path)] == [manifest.folder]


def test_folder_that_is_not_published_leaves_the_one_before(tmp_path: Path, catalog: Catalog) -> None:
    manifest = published(tmp_path, catalog, b"red")
    (tmp_path / begin(tmp_path, PLANTS, catalog).folder / "rose").write_bytes(b"half")
    assert read_manifest(tmp_path, PLANTS) == manifest
    assert (tmp_path / manifest.folder / "rose").read_bytes() == b"red"


def test_shadow_that_is_replaced_while_it_is_read_is_read_anew(tmp_path: Path, catalog: Catalog) -> None:
    red = published(tmp_path, catalog, b"red")

    def read(folder: Path) -> bytes:
        if folder.name == red.folder:
            published(tmp_path, catalog, b"white")
        return (folder / "rose").read_bytes()

    found = read_sound(tmp_path, PLANTS, catalog, read)
    assert found == (read_manifest(tmp_path, PLANTS), b"white")


def test_shadow_that_is_replaced_each_time_it_is_read_is_not_there(tmp_path: Path, catalog: Catalog) -> None:
    published(tmp_path, catalog, b"red")
    assert read_sound(tmp_path, PLANTS, catalog, lambda _: published(tmp_path, catalog, b"")) is None
