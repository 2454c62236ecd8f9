"""Boilerplate: what most notes share is known by its text, shown, and not embedded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.indexing.boilerplate import shared_headings, shared_paragraphs, without_boilerplate, without_shared
from index.indexing.passages import topic_passages
from index.library import Library
from index.markdown.plain import visible
from index.records import Document, Entry, Topic
from tests.fakes import WordCountEncoder

FOOTER = "[Home](index.md) | *All rights reserved.*"


def document(path: str, *texts: str) -> Document:
    topics = tuple(Topic("Notes", f"T{number}", (Entry(None, text, 1),), 1) for number, text in enumerate(texts))
    return Document(path, "", 0, 0, "indexed", topics=topics)


def notes(count: int, shared: str, others: int = 0) -> list[Document]:
    sharing = [document(f"{number}.md", f"Text {number}.\n\n{shared}") for number in range(count)]
    return sharing + [document(f"other {number}.md", f"Other {number}.") for number in range(others)]


@pytest.mark.parametrize(
    ("sharing", "others", "is_shared"),
    [(8, 0, True), (7, 0, False), (8, 32, True), (8, 33, False), (20, 80, True), (19, 81, False)],
)
def test_a_paragraph_is_shared_by_a_fifth_of_the_notes_and_eight_at_least(
    sharing: int, others: int, is_shared: bool
) -> None:
    documents = notes(sharing, FOOTER, others)
    assert len(shared_paragraphs(documents, len(documents))) == is_shared


def with_footer(number: int, text: str = FOOTER) -> Document:
    own = Topic("Notes", f"Note {number}", (Entry(None, f"Text {number}.", 2),), 1)
    footer = Topic("Notes", "About this note", (Entry(None, text, 6),), 4)
    return Document(f"{number}.md", "", 0, 0, "indexed", topics=(own, footer))


def test_what_most_notes_share_below_a_shared_heading_is_no_topic() -> None:
    documents = [with_footer(number) for number in range(9)] + [with_footer(9, "Written in the rain.")]
    shared = shared_paragraphs(documents, 10) | shared_headings(documents, 10)
    left = [[topic.title for topic in without_boilerplate(one, shared).topics] for one in documents]
    assert left == [[f"Note {number}"] for number in range(9)] + [["Note 9", "About this note"]]


def test_a_note_of_nothing_but_boilerplate_stays_as_it_is() -> None:
    documents = [document(f"{number}.md", FOOTER) for number in range(9)]
    shared = shared_paragraphs(documents, 9) | shared_headings(documents, 9)
    assert without_boilerplate(documents[0], shared) == documents[0]


def test_a_sync_leaves_out_footers_with_headings_of_their_own(
    tmp_path: Path, library_of: Callable[[Path], Library]
) -> None:
    write(tmp_path / "wiki", range(9), footer=f"# About this note\n\n{FOOTER}")
    library = library_of(tmp_path / "wiki")
    assert {heading.title for heading in library.reader.headings().values()} == {
        f"Note {number}" for number in range(9)
    }


def test_a_few_edited_notes_do_not_speak_for_their_source() -> None:
    assert shared_paragraphs(notes(10, FOOTER), 100) == frozenset()


def test_a_paragraph_that_one_note_repeats_counts_once() -> None:
    assert shared_paragraphs([document("a.md", *[FOOTER] * 10)], 1) == frozenset()


def test_each_line_of_a_jsonl_is_a_note() -> None:
    lines = document("corpus.jsonl", *(f"Text {number}.\n\n{FOOTER}" for number in range(8)))
    assert len(shared_paragraphs([lines], 1)) == 1


@pytest.mark.parametrize("written", [FOOTER, "Home | all rights\nreserved."])
def test_a_shared_paragraph_is_known_by_what_is_seen_of_it(written: str) -> None:
    shared = shared_paragraphs(notes(8, FOOTER), 8)
    assert without_shared(visible(f"First.\n\n{written}\n\nLast."), shared).text == "First.\n\nLast."


def test_an_entry_that_holds_nothing_else_stays_as_it_is() -> None:
    shared = shared_paragraphs(notes(8, FOOTER), 8)
    assert without_shared(visible(FOOTER), shared).text == "Home | All rights reserved."


@pytest.mark.parametrize("hidden", ["%% a comment %%", "<!-- a comment -->", "\\\n"])
def test_an_entry_of_which_nothing_is_seen_stays_as_it_is(hidden: str) -> None:
    shared = shared_paragraphs([*notes(8, FOOTER), document("hidden.md", hidden)], 9)
    assert without_shared(visible(hidden), shared) == visible(hidden)


def test_passages_leave_it_out_and_their_spans_still_cover_the_entry() -> None:
    shared = shared_paragraphs(notes(8, FOOTER), 8)
    text = f"**One** two three.\n\n{FOOTER}\n\nFour five six."
    topic = Topic("Git", "Rebase", (Entry(None, text, 1),), 1)
    parts = topic_passages(topic, 8, WordCountEncoder().token_spans, shared)
    assert [part.text for part in parts] == ["Git > Rebase > One two three.\n\n", "Git > Rebase > Four five six."]
    assert [(part.start, part.end) for part in parts] == [(0, 20), (20, len(text))]


# in a library


def write(folder: Path, numbers: Sequence[int], footer: str = FOOTER) -> None:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / f"{number}.md").write_text(f"# Note {number}\n\nSubject {number}.\n\n{footer}\n", encoding="utf-8")


@pytest.fixture
def synced(tmp_path: Path, library_of: Callable[[Path], Library]) -> Library:
    write(tmp_path / "wiki", range(20))
    return library_of(tmp_path / "wiki")


def test_a_library_shows_what_most_of_its_notes_share_and_does_not_embed_it(
    synced: Library, encoder: WordCountEncoder
) -> None:
    assert not [text for text in encoder.encoded if "reserved" in text]
    [hit] = synced.search("Note 3", 1)
    assert hit.topic.entries[0].text.endswith(FOOTER)


def test_editing_one_note_costs_one_note(synced: Library, encoder: WordCountEncoder, tmp_path: Path) -> None:
    encoder.encoded.clear()
    (tmp_path / "wiki" / "3.md").write_text(f"# Note 3\n\nAnother subject.\n\n{FOOTER}\n", encoding="utf-8")
    assert synced.sync().embedded == 1
    assert [text.rstrip() for text in encoder.encoded] == ["3 > Note 3 > Another subject."]


def test_reading_all_anew_forgets_what_is_no_longer_shared(
    synced: Library, encoder: WordCountEncoder, tmp_path: Path
) -> None:
    write(tmp_path / "wiki", range(20), footer="Something else.")
    (tmp_path / "wiki" / "3.md").write_text(f"# Note 3\n\nSubject.\n\n{FOOTER}\n", encoding="utf-8")
    encoder.encoded.clear()
    synced.sync(reembed=True)
    assert len([text for text in encoder.encoded if "reserved" in text]) == 1
    assert not [text for text in encoder.encoded if "Something else" in text]


def test_a_note_of_which_nothing_is_seen_is_read_beside_notes_that_share_a_paragraph(
    tmp_path: Path, library_of: Callable[[Path], Library]
) -> None:
    write(tmp_path / "wiki", range(8))
    (tmp_path / "wiki" / "hidden.md").write_text("# Hidden\n\n%% for myself %%\n", encoding="utf-8")
    assert {document.status for document in library_of(tmp_path / "wiki").documents()} == {"indexed"}
