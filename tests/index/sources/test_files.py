"""Sources: which files of a folder are notes, and what is said of those that cannot be read."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from index.errors import SourceError
from index.records import Document
from index.sources.files import FoundFile, find_files, resolve_source
from index.sources.reading import MAX_NOTE_BYTES, read_document


def write(folder: Path, *names: str, text: str = "# Note\n\nText.\n") -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def names(folder: Path, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> list[str]:
    return [file.name for file in find_files(folder, include=include, exclude=exclude)]


def read(file: Path) -> Document:
    [found] = find_files(file)
    return read_document(found)


# which files


def test_notes_are_found_in_every_folder_in_a_fixed_order(tmp_path: Path) -> None:
    write(tmp_path, "b.md", "A.TXT", "sub/c.markdown", "sub/deep/d.jsonl", "sub/e.zip", "a b/ü.md")
    assert names(tmp_path) == ["A.TXT", "b.md", "a b/ü.md", "sub/c.markdown", "sub/deep/d.jsonl"]


def test_hidden_ones_and_what_tools_install_are_passed_over(tmp_path: Path) -> None:
    write(
        tmp_path, "a.md", ".hidden.md", ".obsidian/x.md", "sub/node_modules/p/README.md", "venv/lib/site-packages/p.txt"
    )
    assert names(tmp_path) == ["a.md"]


def test_a_gitignore_holds_for_its_folder_and_below_and_the_innermost_decides(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.md",
        "draft-a.md",
        "top.md",
        "sub/draft-b.md",
        "sub/top.md",
        "sub/keep/draft-c.md",
        "build/x.md",
        "sub/y.txt",
    )
    write(tmp_path, ".gitignore", text="# drafts\ndraft-*.md\n/top.md\nbuild/\n")
    write(tmp_path, "sub/.gitignore", text="*.txt\n!draft-b.md\n")
    assert names(tmp_path) == ["a.md", "sub/draft-b.md", "sub/top.md"]


def test_a_gitignore_with_lines_that_mean_nothing_is_read_without_them(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "b.md")
    (tmp_path / ".gitignore").write_bytes(b"!\n\\\n[\n\xff\nb.md\n")
    assert names(tmp_path) == ["a.md"]


def test_patterns_include_and_exclude(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "b.txt", "notes/c.md", "notes/old/d.md", "notes/old/keep.md")
    assert names(tmp_path, include=["*.md"]) == ["a.md", "notes/c.md", "notes/old/d.md", "notes/old/keep.md"]
    assert names(tmp_path, include=["notes/"], exclude=["notes/old/*", "!keep.md"]) == [
        "notes/c.md",
        "notes/old/keep.md",
    ]


def test_a_pattern_that_means_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="'!' is no pattern"):
        names(tmp_path, exclude=["!"])


def test_sources_of_their_own_are_left_to_themselves(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "b.md", "sub/c.md")
    (tmp_path / "link").symlink_to(tmp_path / "sub")
    assert [file.name for file in find_files(tmp_path, {tmp_path / "sub", tmp_path / "b.md"})] == ["a.md"]


# links


def test_a_link_that_leads_out_of_the_source_is_skipped_and_told(tmp_path: Path) -> None:
    write(tmp_path, "in/a.md", "out/b.md", "out/image.png")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "file.md").symlink_to("../out/b.md")
    (tmp_path / "in" / "image.png").symlink_to("../out/image.png")
    documents = [read_document(file) for file in find_files(tmp_path / "in")]
    assert [(document.path, document.status, document.reason) for document in documents] == [
        ("a.md", "indexed", ""),
        ("file.md", "skipped", "a link that leads out of the source"),
        ("folder", "skipped", "a link that leads out of the source"),
    ]


def test_a_link_within_the_source_is_followed_to_what_is_not_found_without_it(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "sub/b.md", ".store/c.md", ".store/deep/d.md", ".store/.gitignore")
    (tmp_path / "again.md").symlink_to("a.md")
    (tmp_path / "also").symlink_to("sub")
    (tmp_path / "stored").symlink_to(".store")
    (tmp_path / "stored too.md").symlink_to(".store/c.md")
    assert names(tmp_path) == ["a.md", "sub/b.md", "stored/c.md", "stored/deep/d.md"]


def test_a_link_to_what_may_not_be_looked_at_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "in/a.md", "out/b.md")
    (tmp_path / "in" / "link.md").symlink_to("../out/b.md")
    look = os.stat

    def refuse(path: str | Path, **options: bool) -> os.stat_result:
        if "out" in Path(path).parts:
            raise PermissionError(13, "Permission denied")
        return look(path, **options)

    monkeypatch.setattr(os, "stat", refuse)
    assert names(tmp_path / "in") == ["a.md", "link.md"]


def test_loops_of_links_end(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "sub/b.md")
    (tmp_path / "sub" / "up").symlink_to("..")
    (tmp_path / "self.md").symlink_to("self.md")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    assert names(tmp_path) == ["a.md", "sub/b.md", "self.md"]
    [*_, last] = find_files(tmp_path)
    assert read_document(last).reason == "cannot be read (Too many levels of symbolic links)"


def test_a_source_that_is_itself_behind_a_link_is_read(tmp_path: Path) -> None:
    write(tmp_path, "real/a.md")
    (tmp_path / "link").symlink_to("real")
    assert names(tmp_path / "link") == ["a.md"]
    assert resolve_source(tmp_path / "link") == str((tmp_path / "real").resolve())


# what is no source


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("nowhere", r"There is no folder or file at /.*/nowhere\. Check the path"),
        ("a.md/below", r"There is no folder or file at /.*/a\.md/below\."),
        ("~nobody-of-that-name/notes", r"There is no folder or file at /.*/~nobody-of-that-name/notes\."),
        ("loop", r"loop cannot be read \(Too many levels of symbolic links\)"),
        ("x" * 300, r"x cannot be read \(File name too long\)"),
        ("image.png", r"image\.png is not a kind of file that can be read: add a folder, or one of \.adoc, .*\.jsonl,"),
    ],
)
def test_path_that_is_no_source_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, complaint: str
) -> None:
    write(tmp_path, "a.md", "image.png")
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError, match=complaint):
        resolve_source(path)


# what cannot be read


def test_a_folder_that_cannot_be_listed_fails_with_its_reason(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "sub/b.md")
    search = find_files(tmp_path)
    assert next(search).name == "a.md"
    shutil.rmtree(tmp_path / "sub")
    document = read_document(next(search))
    assert (document.path, document.status) == ("sub", "failed")
    assert document.reason == "cannot be listed (No such file or directory)"


def test_of_a_source_that_is_not_there_nothing_is_found(tmp_path: Path) -> None:
    assert names(tmp_path / "gone") == []


def test_a_file_that_went_away_fails_with_its_reason(tmp_path: Path) -> None:
    gone = read_document(FoundFile(tmp_path / "gone.md", "gone.md"))
    assert (gone.status, gone.reason) == ("failed", "cannot be read (No such file or directory)")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    [document] = [read_document(file) for file in find_files(tmp_path)]
    assert (document.status, document.reason) == ("skipped", "not a regular file")


def test_a_note_that_is_too_large_is_skipped_with_its_size_and_the_limit(tmp_path: Path) -> None:
    write(tmp_path, "big.md", text="word " * 2**20)
    assert MAX_NOTE_BYTES == 4 * 2**20
    assert read(tmp_path / "big.md").reason == "too large: 5.0 MiB, of at most 4.0 MiB"


@pytest.mark.parametrize("text", ["", " \n\t\n", "---\ntitle: T\n---\n", "# Journal\n\n## Notes\n"])
def test_a_file_without_text_is_skipped(tmp_path: Path, text: str) -> None:
    write(tmp_path, "a.md", text=text)
    assert (read(tmp_path / "a.md").status, read(tmp_path / "a.md").reason) == ("skipped", "holds no text")


def test_a_file_that_is_read_in_part_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes("---\ntitle: [\n---\nCafé.\n".encode("latin-1"))
    document = read(tmp_path / "a.md")
    assert document.status == "indexed"
    assert document.reason == "not UTF-8: read as Latin-1 (Windows-1252); its front matter is broken"
    assert [topic.title for topic in document.topics] == ["a"]


BOMB = "---\na: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)
HOSTILE = {
    "one line of 3 MB": "word " * 600_000,
    "one line of 3 MB without a space": "x" * 3_000_000,
    "quotes 10,000 deep": "> " * 10_000 + "deep",
    "lists 2,000 deep": "\n".join(" " * 2 * depth + "- item" for depth in range(1_000)),
    "list markers 10,000 deep": "- " * 10_000 + "deep",
    "20,000 headings": "# Heading\ntext\n" * 20_000,
    "headings that nest": "".join("#" * (1 + number % 6) + " H\ntext\n" for number in range(5_000)),
    "a table of 10,000 rows": "| a | b |\n|---|---|\n" + "| c | d |\n" * 10_000,
    "a table of 20,000 columns": "|a" * 20_000 + "|\n" + "|-" * 20_000 + "|\n" + "|b" * 20_000 + "|\n",
    "an alias bomb": f"{BOMB}title: T\n---\ntext\n",
    "a heap of front matter": "---\n" + "key: value\n" * 200_000 + "---\ntext\n",
    "front matter 30,000 deep": "---\na: " + "[" * 30_000 + "\n---\ntext\n",
    "brackets": "[" * 500_000,
    "emphasis": "*a **b " * 100_000,
    "backticks": "".join("`" * number + " " for number in range(1_000)),
    "comments that never close": "<!-- " * 200_000,
    "link definitions": "".join(f"[{number}]: /url\n" for number in range(10_000)),
    "labels": "*What:* a\n" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_a_note_holds_makes_reading_it_fail_or_hang(tmp_path: Path, name: str) -> None:
    write(tmp_path, "hostile.md", text=HOSTILE[name])
    started = time.process_time()
    document = read(tmp_path / "hostile.md")
    assert document.status == "indexed"
    assert time.process_time() - started < 60  # seconds at most here; what grows with its square takes hours


# odd names and clouds


@pytest.mark.parametrize("line", ["[z-a]", "*" * 3_000, "[[:nothing:]", "\\"])
def test_no_line_of_a_gitignore_stops_the_others(tmp_path: Path, line: str) -> None:
    write(tmp_path, "a.md", "b.md")
    (tmp_path / ".gitignore").write_text(f"{line}\nb.md\n")
    assert "b.md" not in names(tmp_path)


def test_names_that_are_not_utf8_are_read_and_told_apart(tmp_path: Path) -> None:
    write(tmp_path, "caf?.md")
    for name in (b"caf\xe8.md", b"caf\xe9.md", b"dir\xff/a.md"):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        path.parent.mkdir(exist_ok=True)
        path.write_text("Milk and beans.")
    documents = [read_document(file) for file in find_files(tmp_path)]
    assert [document.path for document in documents] == ["caf?.md", r"caf\xe8.md", r"caf\xe9.md", "dir?/a.md"]
    assert [topic.title for document in documents[1:] for topic in document.topics] == ["caf?", "caf?", "a"]


@pytest.mark.parametrize(
    "name",
    ["a\nb.md", "\x1b[31m.md", "-rf.md", " .md", "a\\b.md", "\u202egnp.md", "🪴" * 60 + ".md", "CON.md", "%00.md"],
)
def test_odd_names_are_names(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    [file] = find_files(tmp_path)
    assert (file.name, read_document(file).status) == (name, "indexed")


def test_placeholder_of_an_evicted_note_is_told_as_that_note(tmp_path: Path) -> None:
    write(tmp_path, "sub/.Oar.MD.icloud", ".picture.png.icloud", ".draft.md.icloud", "here.md", ".here.md.icloud")
    documents = [read_document(file) for file in find_files(tmp_path, exclude=["draft.md"])]
    assert [(document.path, document.status) for document in documents] == [
        ("here.md", "indexed"),
        ("sub/Oar.MD", "skipped"),
    ]
    assert documents[1].reason == "in the cloud only: download it to have it read"


@pytest.mark.parametrize(("field", "flag"), [("st_flags", 0x40000000), ("st_file_attributes", 0x00400000)])
def test_file_of_which_only_the_name_is_here_is_not_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, field: str, flag: int
) -> None:
    write(tmp_path, "a.md")
    look = Path.stat

    def flagged(path: Path, **options: bool) -> object:
        status = look(path, **options)
        if path.name != "a.md":
            return status
        values = {name: getattr(status, name) for name in dir(status) if name.startswith("st_")}
        return SimpleNamespace(**values | {field: flag})

    monkeypatch.setattr(Path, "stat", flagged)
    [file] = find_files(tmp_path)
    assert file.is_elsewhere
    assert read_document(file).status == "skipped"


def test_whatever_goes_wrong_with_a_file_is_its_own_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a\nfault " + "of many words " * 100)

    write(tmp_path, "a.md")
    monkeypatch.setattr("index.sources.reading.read_note", fail)
    document = read(tmp_path / "a.md")
    assert document.status == "failed"
    assert document.reason.startswith(
        "something in it is not understood, which is a fault of Topic Assistant (ValueError"
    )
    assert len(document.reason.splitlines()[0]) == len(document.reason) < 300
