"""A question meets the tokens of the topics that are found first."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from index.catalog.tables import Catalog
from index.errors import LibraryModelError
from index.library import Library
from index.records import Slot
from index.retrieval import RetrievalSettings, SearchRequest
from index.retrieval.late_interaction import Reranked
from tests.fakes import TokenEncoder

QUESTION = "watch the lines of a wrapper"


@pytest.fixture
def close_reader(library_of: Callable[..., Library], notes: Path) -> Library:
    """Return a library whose model tells of single tokens."""
    return library_of(notes, TokenEncoder())


def scores(library: Library, slot: Slot | None = None) -> dict[str, float]:
    return {hit.topic.title: round(hit.score, 4) for hit in library.search(QUESTION, slot=slot)}


def forget_tokens(library: Library, slot: Slot | None = None) -> None:
    with closing(Catalog(library.folder)) as catalog, catalog.change():
        catalog.connection.db.execute(
            "DELETE FROM token_signs WHERE key IN (SELECT vector_key FROM passage WHERE slot = coalesce(?, slot))",
            (slot,),
        )


def test_tokens_count_towards_the_score(close_reader: Library) -> None:
    before = scores(close_reader)
    forget_tokens(close_reader)
    after = scores(close_reader)
    assert before.keys() == after.keys()
    assert all(before[title] != after[title] for title in before)


def test_with_a_slot_only_the_tokens_of_its_entries_count(close_reader: Library) -> None:
    what, how = scores(close_reader, "What"), scores(close_reader, "How")
    forget_tokens(close_reader, "How")
    assert scores(close_reader, "What") == what
    assert scores(close_reader, "How") != how


def test_a_library_made_before_tokens_were_kept_gets_them_with_the_next_sync(close_reader: Library) -> None:
    before = scores(close_reader)
    forget_tokens(close_reader)
    with closing(Catalog(close_reader.folder)) as catalog, catalog.change():
        catalog.set("reader", "4")
    assert close_reader.sync().embedded == 9
    assert scores(close_reader) == before


def test_notes_that_are_away_at_that_sync_get_them_when_they_are_back(close_reader: Library, notes: Path) -> None:
    before = scores(close_reader)
    forget_tokens(close_reader)
    with closing(Catalog(close_reader.folder)) as catalog, catalog.change():
        catalog.set("reader", "4")
    notes.rename(notes.parent / "away")
    assert close_reader.sync().embedded == 0
    (notes.parent / "away").rename(notes)
    assert close_reader.sync().embedded == 9
    assert scores(close_reader) == before


def test_topics_that_are_not_read_closely_come_after_those_that_are(
    close_reader: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first, *others] = [hit.row_id for hit in close_reader.search(QUESTION)]
    only_first = partial(SearchRequest, settings=RetrievalSettings(rerank_depth=1))
    monkeypatch.setattr("index.retrieval.finding.SearchRequest", only_first)
    monkeypatch.setattr(
        "index.retrieval.finding.max_sim", lambda _: lambda *_: Reranked(np.full(1, -0.9, dtype=np.float32), {})
    )
    assert [hit.row_id for hit in close_reader.search(QUESTION)] == [first, *others]


def test_a_library_changes_its_model_only_when_all_of_its_notes_are_there(close_reader: Library, notes: Path) -> None:
    (notes / "topics.md").rename(notes.parent / "away.md")
    another = TokenEncoder("another", dimension=128)
    with closing(Library(close_reader.folder, another)) as changed, pytest.raises(LibraryModelError, match="no files"):
        changed.sync(reembed=True)
    assert scores(close_reader)
