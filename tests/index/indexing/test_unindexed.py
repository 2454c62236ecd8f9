from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from index.errors import QuestionError
from index.indexing import unindexed as first_words
from index.indexing.unindexed import FirstWords
from index.library import Library
from index.sources import FoundFile, read_document
from tests.fakes import WordCountEncoder


@pytest.fixture
def unread(tmp_path: Path, notes: Path) -> Library:
    library = Library(tmp_path / "library", WordCountEncoder())
    library.remove("builtin")
    library.add(notes)
    return library


def read(library: Library) -> FirstWords:
    words = FirstWords()
    words.read_all(library.compared())
    return words


def titles(words: FirstWords, text: str) -> list[str]:
    return [stored.topic.title for stored, _ in words.find(text, 5)]


def test_topics_are_found_by_their_words_before_anything_is_indexed(unread: Library) -> None:
    words = read(unread)
    assert titles(words, "a canary for the payment service") == ["Canary releases"]
    assert titles(words, "nothing of the kind") == []
    assert unread.is_unread


def test_a_share_is_part_of_all_that_was_asked(unread: Library) -> None:
    [(_, whole)] = read(unread).find("canary", 5)
    [(_, half)] = read(unread).find("canary zebra", 5)
    assert 0 < half < whole <= 1


def test_topics_have_the_ids_that_the_sync_will_give_them(unread: Library, notes: Path) -> None:
    (notes / "again.md").write_text((notes / "topics.md").read_text())
    words = read(unread)
    found = {stored.topic_id for stored, _ in words.find("branch traffic wrapper", 50)}
    with closing(unread) as library:
        library.sync()
        assert found == {heading.topic_id for heading in library.reader.headings().values()}
    assert len(found) == 6


def test_filters_hold_for_words_too(unread: Library) -> None:
    words = read(unread)
    assert [stored.topic.subject for stored, _ in words.find("function branch", 5, subject="python")] == ["Python"]
    assert words.find("canary", 5, slot="How") != []
    with pytest.raises(QuestionError, match="There is no subject 'Nowhere'"):
        words.find("canary", 5, subject="Nowhere")


def test_what_was_read_first_is_found_while_the_rest_is_read(
    unread: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (notes / "zebra.md").write_text("# Animals\n\n## Zebra\n\nIt has stripes.\n")
    monkeypatch.setattr(first_words, "PART_BYTES", 1)
    words = FirstWords()
    seen: list[tuple[int, list[str], list[str]]] = []
    ordinary = read_document

    def watched(file: FoundFile) -> object:
        seen.append((words.read, titles(words, "canary"), titles(words, "stripes")))
        return ordinary(file)

    monkeypatch.setattr(first_words, "read_document", watched)
    words.read_all(unread.compared())
    assert seen == [(0, [], []), (1, ["Canary releases"], [])]
    assert titles(words, "stripes") == ["Zebra"]
    assert (words.read, words.files, words.is_whole) == (2, 2, True)


def test_one_file_that_cannot_be_read_keeps_no_other_from_being_found(
    unread: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (notes / "bad.md").write_text("# Bad\n\nNobody reads this.\n")
    ordinary = read_document

    def failing(file: FoundFile) -> object:
        if file.name == "bad.md":
            raise ValueError("zip() argument 2 is longer than argument 1")
        return ordinary(file)

    monkeypatch.setattr(first_words, "read_document", failing)
    assert titles(read(unread), "canary") == ["Canary releases"]


def test_no_more_is_read_than_is_worth_its_memory(
    unread: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (notes / "zebra.md").write_text("# Animals\n\n## Zebra\n\nIt has stripes.\n")
    monkeypatch.setattr(first_words, "MAX_UNINDEXED_BYTES", (notes / "topics.md").stat().st_size)
    words = read(unread)
    assert titles(words, "stripes") == []
    assert (words.read, words.files, words.is_whole) == (1, 2, True)


def test_a_heading_without_text_is_nothing_to_be_found(unread: Library, notes: Path) -> None:
    (notes / "bare.md").write_text("# Bare\n\n## Frobnicator\n\n## Another\n")
    assert all(stored.topic.entries for stored, _ in read(unread).find("frobnicator another", 5))
