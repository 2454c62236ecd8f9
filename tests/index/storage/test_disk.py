"""Files are written whole or not at all, and nothing is written, read or deleted through a link."""

from __future__ import annotations

import ast
import os
import stat
from pathlib import Path

import pytest

from index.storage.disk import (
    is_own_file,
    is_own_folder,
    make_folder,
    read_own,
    remove,
    write_export,
    write_new,
    write_whole,
)
from tests.disks import full_disk

ROOT = Path(__file__).parents[3]


def test_file_is_there_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.json", "schön")
    assert (tmp_path / "a.json").read_bytes() == "schön".encode()
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_file_that_does_not_fit_on_the_disk_leaves_the_one_before_and_nothing_else(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.md", "old")
    with full_disk(), pytest.raises(OSError, match=r"too large|space"):
        write_whole(tmp_path / "a.md", "new" * 1000)
    assert (tmp_path / "a.md").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_link_is_replaced_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("mine")
    (tmp_path / "a").symlink_to(tmp_path / "own")
    write_whole(tmp_path / "a", "new")
    assert ((tmp_path / "own").read_text(), (tmp_path / "a").read_text()) == ("mine", "new")
    assert is_own_file(tmp_path / "a")


def test_content_and_name_reach_the_disk_before_and_after_the_name_stands_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, bool]] = []

    def fsync(descriptor: int) -> None:
        synced.append((os.fstat(descriptor).st_ino, (tmp_path / "a").exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    write_whole(tmp_path / "a", "x")
    assert synced == [((tmp_path / "a").stat().st_ino, False), (tmp_path.stat().st_ino, True)]


def test_file_that_is_there_is_left_where_it_is_not_to_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "a", "new", replace=False)
    assert (tmp_path / "a").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_export_goes_where_the_user_wants_it_as_their_mask_says(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("before")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    mask = os.umask(0o022)
    try:
        write_export(tmp_path / "link", "after")
    finally:
        os.umask(mask)
    assert (tmp_path / "target").read_text() == "after"
    assert (tmp_path / "link").is_symlink()
    assert stat.S_IMODE((tmp_path / "target").stat().st_mode) == 0o644
    write_export(Path("/dev/null"), "nothing")
    assert not Path("/dev/null").is_file()


def test_text_is_read_from_a_file_only(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("secret")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    os.mkfifo(tmp_path / "pipe")
    assert read_own(tmp_path / "a") == "secret"
    for name in ("link", "pipe", "nothing"):
        with pytest.raises(OSError, match=name):
            read_own(tmp_path / name)


def test_folder_is_made_for_its_owner_only_and_never_behind_a_link(tmp_path: Path) -> None:
    make_folder(tmp_path / "new")
    make_folder(tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    (tmp_path / "link").symlink_to(tmp_path / "new")
    with pytest.raises(NotADirectoryError, match="a link or a file is in the place"):
        make_folder(tmp_path / "link")
    assert not is_own_folder(tmp_path / "link")


def test_removing_takes_the_link_and_never_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "own")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside").symlink_to(tmp_path / "own")
    for name in ("link", "folder", "nothing"):
        remove(tmp_path, name)
    assert [path.name for path in tmp_path.rglob("*")] == ["own", "a"]


@pytest.mark.parametrize("name", ["..", ".", "", "/etc", "a/b", "a\\b", "../own", "C:a", "a\n"])
def test_name_that_leads_elsewhere_is_not_removed(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no name of a file here"):
        remove(tmp_path, name)


WRITERS = {"write_text", "write_bytes", "rmtree", "unlink", "symlink_to", "copytree", "touch", "rename"}
"""Calls that write or delete."""


@pytest.mark.parametrize(
    "path", sorted([*(ROOT / "index").glob("*.py"), *(ROOT / "assistant").rglob("*.py")]), ids=lambda path: path.name
)
def test_files_are_written_and_deleted_in_one_room(path: Path) -> None:
    if path.name in ("disk.py", *LARGE_FILES):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in WRITERS, f"{path.name}:{node.lineno}"
            modes = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            is_opening = node.func.attr == "open" and any(mode in ("w", "wb", "x", "xb", "a", "ab") for mode in modes)
            assert not is_opening, f"{path.name}:{node.lineno}"


LARGE_FILES = ("bert.py", "reference.py", "exported.py", "offline.py")
"""The network of a model, written into a folder that is of no use until it is complete; what other libraries left in
the user's cache."""


def test_new_file_is_written_where_nothing_is_and_through_no_link(tmp_path: Path) -> None:
    write_new(tmp_path / "a.md", "# Title\n")
    (tmp_path / "link.md").symlink_to(tmp_path / "elsewhere.md")
    for name in ("a.md", "link.md"):
        with pytest.raises(FileExistsError):
            write_new(tmp_path / name, "other")
    assert (tmp_path / "a.md").read_text() == "# Title\n"
    assert not (tmp_path / "elsewhere.md").exists()
