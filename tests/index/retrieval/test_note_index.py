"""Which topics stand in notes such as these."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.errors import QuestionError
from index.library import Library
from index.records import NoteFacts, NoteFilter
from index.retrieval import NoteIndex
from index.storage import Filters

NOON = int(datetime(2026, 5, 20, 12, tzinfo=UTC).timestamp() * 1e9)
INDEX = NoteIndex.of(
    [
        NoteFacts(3, "/home/ann/notes", "food/bread/rye.md", NOON, ("bread/rye", "Slow"), ("2026-01-10",)),
        NoteFacts(4, "/home/ann/notes", "food/bread/rye.md", NOON, ("bread/rye", "Slow"), ("2026-01-10",)),
        NoteFacts(7, "/home/ann/notes", "work/2026-03-04 standup.md", NOON, (), ()),
        NoteFacts(8, "/home/ann/papers", "yeast.pdf", NOON, ("bread",), ()),
    ]
)


@pytest.mark.parametrize(
    ("wanted", "topics"),
    [
        (NoteFilter(), [3, 4, 7, 8]),
        (NoteFilter(folders=("food",)), [3, 4]),
        (NoteFilter(folders=("Bread",)), [3, 4]),
        (NoteFilter(folders=("food/bread/", "work")), [3, 4, 7]),
        (NoteFilter(tags=("bread",)), [3, 4, 8]),
        (NoteFilter(tags=("#BREAD/rye", "slow")), [3, 4]),
        (NoteFilter(sources=("papers",)), [8]),
        (NoteFilter(sources=("/home/ann/notes",)), [3, 4, 7]),
        (NoteFilter(kinds=("pdf",)), [8]),
        (NoteFilter(kinds=("note",), tags=("slow",)), [3, 4]),
        (NoteFilter(after=date(2026, 2, 1)), [7, 8]),
        (NoteFilter(after=date(2026, 3, 4), before=date(2026, 3, 5)), [7]),
        (NoteFilter(before=date(2026, 1, 10)), []),
    ],
)
def test_filter_lets_through_the_topics_of_its_notes(wanted: NoteFilter, topics: list[int]) -> None:
    assert INDEX.topics(wanted).tolist() == topics


def test_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(QuestionError, match=r"no folder 'fod' in this library.+ bread, food, food/bread"):
        INDEX.topics(NoteFilter(folders=("fod",)))
    with pytest.raises(QuestionError, match="no kind of document 'epub'"):
        INDEX.topics(NoteFilter(kinds=("epub",)))


def test_facets_have_the_number_of_their_topics() -> None:
    assert INDEX.counts("tag") == {"bread": 3, "bread/rye": 2, "Slow": 2}
    assert INDEX.counts("kind") == {"note": 3, "pdf": 1}
    assert NoteIndex.of([]).counts("folder") == {}


@pytest.fixture
def cookbook(tmp_path: Path, library_of: Callable[[Path], Library]) -> Library:
    notes = tmp_path / "cookbook"
    for path, text in {
        "bread/rye.md": "---\ntags: [bread, slow]\ncreated: 2026-02-03\n---\n"
        "## Rye loaf\nKnead dough with sourdough.\n",
        "bread/white.md": "---\ntags: bread\nupdated: 3 May 2026\n---\n## White loaf\nKnead dough with yeast.\n",
        "soup.md": "## Dumplings\nKnead dough and boil it.\n",
    }.items():
        (notes / path).parent.mkdir(parents=True, exist_ok=True)
        (notes / path).write_text(text, encoding="utf-8")
    return library_of(notes)


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("knead dough", {"Rye loaf", "White loaf", "Dumplings"}),
        ("knead dough folder:bread", {"Rye loaf", "White loaf"}),
        ("knead dough tag:slow", {"Rye loaf"}),
        ("knead dough -yeast", {"Rye loaf", "Dumplings"}),
        ("knead dough after:2026-05 before:2026-06", {"White loaf"}),
        ("knead dough date:2026-02", {"Rye loaf"}),
        ("knead dough folder:bread -loaf", set()),
        ('"knead dough" tag:slow', {"Rye loaf"}),
    ],
)
def test_question_is_answered_from_the_notes_that_its_filters_let_through(
    cookbook: Library, question: str, titles: set[str]
) -> None:
    assert {hit.topic.title for hit in cookbook.search(question)} == titles


def test_filter_is_given_beside_the_question_too_and_follows_what_is_edited(cookbook: Library, tmp_path: Path) -> None:
    found = cookbook.find("knead dough", notes=NoteFilter(tags=("bread",)))
    assert {hit.topic.title for hit in found.hits} == {"Rye loaf", "White loaf"}
    (tmp_path / "cookbook" / "soup.md").write_text(
        "---\ntags: bread\n---\n## Dumplings\nKnead dough.\n", encoding="utf-8"
    )
    cookbook.sync()
    assert len(cookbook.find("knead dough", notes=NoteFilter(tags=("bread",))).hits) == 3


def test_words_are_looked_for_until_a_rare_filter_has_its_topics(
    tmp_path: Path, library_of: Callable[[Path], Library]
) -> None:
    notes = tmp_path / "many"
    (notes / "rare").mkdir(parents=True)
    many = "".join(f"## Zebra zebra {number}\nZebra zebra zebra.\n" for number in range(200))
    (notes / "many.md").write_text(many, encoding="utf-8")
    (notes / "rare" / "one.md").write_text(
        "## Other\nA long text that says zebra in passing and no more.\n", encoding="utf-8"
    )
    library = library_of(notes)
    allowed = library.note_index().topics(NoteFilter(folders=("rare",)))
    assert list(library.lexical().best(["zebra"], 5, Filters(row_ids=allowed))) == allowed.tolist()
