"""Uploads are kept in the library's own folder, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.operations import uploads
from assistant.operations.uploads import Upload, keep_uploads, remove_source, safe_name
from index.errors import SourceError
from index.library import Library
from tests.disks import full_disk


def test_upload_is_kept_with_its_folders(tmp_path: Path) -> None:
    result = keep_uploads(tmp_path, [Upload("notes/deep/git.md", b"# Git"), Upload("a.TXT", b"x")])
    assert result.names == ("notes/deep/git.md", "a.TXT")
    assert result.refused == {}
    assert (tmp_path / "uploaded-notes" / "notes" / "deep" / "git.md").read_bytes() == b"# Git"


def test_same_name_again_replaces_the_file(tmp_path: Path) -> None:
    keep_uploads(tmp_path, [Upload("a.md", b"old")])
    keep_uploads(tmp_path, [Upload("a.md", b"new")])
    assert (tmp_path / "uploaded-notes" / "a.md").read_bytes() == b"new"


@pytest.mark.parametrize(
    "name",
    [
        "../out.md",
        "a/../../out.md",
        "/etc/out.md",
        "C:\\out.md",
        "C:out.md",
        "notes:stream.md",
        "a/12:30.md",
        "\\\\server\\out.md",
        "..\\out.md",
        "a\0.md",
        "a\n.md",
        "",
        "x" * 300 + ".md",
    ],
)
def test_name_that_could_leave_the_folder_is_refused_by_name(name: str, tmp_path: Path) -> None:
    inside = tmp_path / "library"
    result = keep_uploads(inside, [Upload(name, b"x")])
    assert result.names == ()
    assert result.refused == {name: "its name leads elsewhere, or is none for a file here"}
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("name", ["a/.hidden/out.md", ".md", ".env.md"])
def test_hidden_file_is_refused_as_such(name: str, tmp_path: Path) -> None:
    assert keep_uploads(tmp_path / "library", [Upload(name, b"x")]).refused == {name: "a hidden file"}
    assert list(tmp_path.rglob("*")) == []


def test_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "library" / "uploaded-notes").mkdir(parents=True)
    (tmp_path / "library" / "uploaded-notes" / "link").symlink_to(outside)
    with pytest.raises(SourceError, match="is a link, and uploads are kept"):
        keep_uploads(tmp_path / "library", [Upload("link/a.md", b"x")])
    assert list(outside.iterdir()) == []


def test_files_that_are_no_notes_or_too_large_are_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_MEGABYTES", 1)
    result = keep_uploads(tmp_path, [Upload("a.exe", b"x"), Upload("big.md", b"x" * 2**21), Upload("ok.md", b"x")])
    assert result.names == ("ok.md",)
    assert set(result.refused) == {"a.exe", "big.md"}
    assert result.refused["big.md"] == "larger than 1 MB"


def test_too_many_files_or_too_much_together_are_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_FILES", 2)
    result = keep_uploads(tmp_path, [Upload(f"{number}.md", b"x") for number in range(3)])
    assert result.refused == {"2.md": "more than 2 files at once"}
    monkeypatch.setattr(uploads, "MAX_MEGABYTES_TOGETHER", 1)
    result = keep_uploads(tmp_path, [Upload("a.md", b"x" * 2**20), Upload("b.md", b"x")])
    assert result.refused == {"b.md": "more than 1 MB together"}


def test_upload_that_does_not_fit_on_the_disk_leaves_the_one_before(tmp_path: Path) -> None:
    keep_uploads(tmp_path, [Upload("a.md", b"old and whole")])
    with full_disk(), pytest.raises(SourceError, match=r"a\.md cannot be written .* then upload it again"):
        keep_uploads(tmp_path, [Upload("a.md", b"new " * 1000)])
    assert [path.name for path in (tmp_path / "uploaded-notes").iterdir()] == ["a.md"]
    assert (tmp_path / "uploaded-notes" / "a.md").read_bytes() == b"old and whole"


def test_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "uploaded-notes").write_text("in the way")
    with pytest.raises(SourceError, match="cannot be written"):
        keep_uploads(tmp_path, [Upload("a.md", b"x")])


def test_name_of_more_bytes_than_a_file_system_takes_is_refused_and_the_next_file_is_kept(tmp_path: Path) -> None:
    longest, longer = "養" * 84 + ".md", "養" * 85 + ".md"  # 255 and 258 bytes
    result = keep_uploads(tmp_path, [Upload(name, b"x") for name in (longer, f"{longer}/a.md", longest, "a.md")])
    assert result.names == (longest, "a.md")
    assert [*result.refused] == [longer, f"{longer}/a.md"]


def test_name_keeps_letters_of_every_language() -> None:
    assert safe_name("Notizen/Übung – 1.md") == "Notizen/Übung – 1.md"


def test_uploads_that_are_removed_do_not_come_back_with_the_next_ones(library: Library, notes: Path) -> None:
    library.add(keep_uploads(library.folder, [Upload("sauna.md", b"# Sauna\nNinety degrees.")]).folder)
    library.sync()
    folder = library.folder / "uploaded-notes"
    assert remove_source(library, str(folder)) == str(folder.resolve())
    library.add(keep_uploads(library.folder, [Upload("boat.md", b"# Boat\nIn the shed.")]).folder)
    library.sync()
    assert {"boat.md"} == {document.path for document in library.documents() if document.source == str(folder)}
    remove_source(library, str(notes))
    assert (notes / "topics.md").exists()


def test_documents_are_taken_like_notes(tmp_path: Path) -> None:
    names = ("manual.PDF", "lease.docx", "talk.vtt", "mail/heating.eml")
    result = keep_uploads(tmp_path, [Upload(name, b"x") for name in (*names, "program.exe")])
    assert result.names == names
    assert list(result.refused) == ["program.exe"]
    assert ".pdf" in result.refused["program.exe"]
