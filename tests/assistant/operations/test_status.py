from __future__ import annotations

from pathlib import Path

from assistant.operations.status import library_status
from index.library import Library


def test_file_read_in_part_counts_as_indexed_and_says_why(library: Library, notes: Path) -> None:
    (notes / "old.md").write_bytes("# Café\n## Crème\nUne tasse.\n".encode("latin-1"))
    library.sync()
    status = library_status(library)
    assert status.documents == {"indexed": 2, "skipped": 0, "failed": 0, "in_part": 1, "stale": 0}
    assert [(problem.path, problem.status) for problem in status.problems] == [("old.md", "indexed")]
    assert status.is_sound


def test_reasons_are_counted_with_the_most_frequent_first(library: Library, notes: Path) -> None:
    for name in ("a.md", "b.md", "c.md"):
        (notes / name).write_text("")
    (notes / "binary.md").write_bytes(b"\0")
    library.sync()
    [(first, empty), (second, binary)] = library_status(library).reasons.items()
    assert (first[0], empty) == ("skipped", ["a.md", "b.md", "c.md"])
    assert (second[0], binary) == ("skipped", ["binary.md"])


def test_files_of_kinds_that_nothing_reads_are_counted(library: Library, notes: Path) -> None:
    (notes / "plans").mkdir()
    for name in ("a.zzz", "plans/b.ZZZ", "c.xyzzy", "LICENCE", ".hidden.zzz"):
        (notes / name).write_text("?")
    (notes / ".gitignore").write_text("c.xyzzy\n")
    assert library_status(library).unread_kinds == {".zzz": 2, "": 1}


def test_file_that_failed_makes_a_library_unsound(library: Library, notes: Path) -> None:
    (notes / "gone.md").symlink_to(notes / "nowhere.md")
    library.sync()
    status = library_status(library)
    assert (status.documents["failed"], status.is_sound) == (1, False)


def test_files_of_an_emptied_or_missing_source_are_not_stale(library: Library, notes: Path) -> None:
    (notes / "topics.md").unlink()
    status = library_status(library)
    assert (status.emptied_sources, status.stale, status.is_sound) == ((str(notes),), (), False)
    notes.rmdir()
    status = library_status(library)
    assert (status.missing_sources, status.stale, status.is_sound) == ((str(notes),), (), False)


def test_patterns_stand_with_the_sources_that_have_some(library: Library, notes: Path) -> None:
    library.add(notes, exclude=["drafts/"])
    assert library_status(library).patterns == {str(notes): {"include": [], "exclude": ["drafts/"]}}


def test_sources_of_a_server_that_another_machine_reads_are_no_fault(remote: Library, notes: Path) -> None:
    assert library_status(remote).sources_elsewhere == ()
    notes.rename(notes.parent / "away")
    status = library_status(remote)
    assert (status.sources_elsewhere, status.missing_sources, status.is_sound) == ((str(notes),), (), True)
    assert status.server
    assert status.to_json()["server"]["replicas"] == ()
