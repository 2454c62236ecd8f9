from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.shadow import SUMMED_UP_TO, Shadow, Stamp, is_whole, keep, new_folder, publish, read_sound, read_stamp

PLANTS = Shadow("plants", format=1)


def published(parent: Path, content: bytes) -> Stamp:
    folder = new_folder(parent, PLANTS)
    (folder / "rose").write_bytes(content)
    stamp = Stamp(PLANTS.format, 7, "f00d", 70, folder.name, keep(folder))
    publish(parent, PLANTS, stamp)
    return stamp


def test_stamp_comes_back_as_it_was_written(tmp_path: Path) -> None:
    stamp = published(tmp_path, b"red")
    assert read_stamp(tmp_path, PLANTS) == stamp
    assert is_whole(tmp_path / stamp.folder, stamp.files)


def test_stamp_of_another_format_is_not_there(tmp_path: Path) -> None:
    published(tmp_path, b"red")
    assert read_stamp(tmp_path, Shadow("plants", format=2)) is None


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"format": 1}'])
def test_stamp_that_is_torn_is_not_there(tmp_path: Path, content: str) -> None:
    PLANTS.stamp_path(tmp_path).write_text(content)
    assert read_stamp(tmp_path, PLANTS) is None


def test_publishing_takes_away_what_was_there_before(tmp_path: Path) -> None:
    published(tmp_path, b"red")
    new_folder(tmp_path, PLANTS)  # a writer was cut off here
    stamp = published(tmp_path, b"white")
    assert [path.name for path in PLANTS.folders(tmp_path)] == [stamp.folder]


def test_folder_that_is_not_published_leaves_the_one_before(tmp_path: Path) -> None:
    stamp = published(tmp_path, b"red")
    (new_folder(tmp_path, PLANTS) / "rose").write_bytes(b"half")
    found = read_stamp(tmp_path, PLANTS)
    assert found == stamp
    assert (tmp_path / stamp.folder / "rose").read_bytes() == b"red"


def test_shadow_that_is_replaced_while_it_is_read_is_read_anew(tmp_path: Path) -> None:
    red = published(tmp_path, b"red")

    def read(folder: Path) -> bytes:
        if folder.name == red.folder:
            published(tmp_path, b"white")
        return (folder / "rose").read_bytes()

    found = read_sound(tmp_path, PLANTS, lambda: read_stamp(tmp_path, PLANTS), read)
    assert found == (read_stamp(tmp_path, PLANTS), b"white")


def test_shadow_that_is_replaced_each_time_it_is_read_is_not_there(tmp_path: Path) -> None:
    published(tmp_path, b"red")
    assert (
        read_sound(tmp_path, PLANTS, lambda: read_stamp(tmp_path, PLANTS), lambda _: published(tmp_path, b"")) is None
    )


def spoil(path: Path, *, same_time: bool) -> None:
    content, status = path.read_bytes(), path.stat()
    path.write_bytes(content[:-1] + b"?")
    os.utime(path, ns=(0, status.st_mtime_ns if same_time else 0))


@pytest.mark.parametrize(
    ("size", "same_time", "thoroughly", "noticed"),
    [
        (SUMMED_UP_TO, True, False, True),
        (SUMMED_UP_TO + 1, False, False, True),
        (SUMMED_UP_TO + 1, True, False, False),
        (SUMMED_UP_TO + 1, True, True, True),
    ],
)
def test_flipped_byte_is_noticed_by_time_or_by_sum(
    tmp_path: Path, size: int, same_time: bool, thoroughly: bool, noticed: bool
) -> None:
    stamp = published(tmp_path, b"x" * size)
    folder = tmp_path / stamp.folder
    spoil(folder / "rose", same_time=same_time)
    assert is_whole(folder, stamp.files, thoroughly=thoroughly) is not noticed


def test_copied_folder_with_other_times_is_whole(tmp_path: Path) -> None:
    stamp = published(tmp_path, b"x" * (SUMMED_UP_TO + 1))
    os.utime(tmp_path / stamp.folder / "rose", ns=(0, 0))
    assert is_whole(tmp_path / stamp.folder, stamp.files)


def test_mark_of_a_file_that_is_as_it_was_is_taken_over(tmp_path: Path) -> None:
    stamp = published(tmp_path, b"red")
    folder = tmp_path / stamp.folder
    known = {"rose": [*stamp.files["rose"][:2], 12345]}
    assert keep(folder, known) == known
    spoil(folder / "rose", same_time=False)
    assert keep(folder, known)["rose"][2] != 12345


def test_locks_are_no_part_of_a_shadow(tmp_path: Path) -> None:
    (tmp_path / ".writer.lock").touch()
    assert keep(tmp_path) == {}
