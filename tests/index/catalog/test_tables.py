from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.catalog.tables import Catalog
from index.catalog.vectors import vector_key
from index.records import Document, Encoded, Entry, Passage, Topic

MODEL = "some-model"


def document(path: str, *texts: str) -> Document:
    topics = tuple(
        Topic("Garden", f"Topic {text}", (Entry("What", text, 3),), 1, ("Parent",), ("ask",)) for text in texts
    )
    return Document(path, f"hash of {texts}", 10, 20, "indexed", "", topics)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """Return an empty catalog with one source."""
    with closing(Catalog(tmp_path, create=True)) as opened:
        with opened.change():
            opened.add_source("/notes")
        yield opened


def encoded(count: int) -> Encoded:
    return Encoded(np.eye(count, 4, dtype=np.float32), [np.full((2, 1), row, dtype=np.uint8) for row in range(count)])


def put(catalog: Catalog, path: str, *texts: str) -> None:
    with catalog.change():
        passages = [Passage("entry", text, 0, 0, len(text)) for text in texts]
        catalog.put_encoded(MODEL, passages, encoded(len(texts)))
        catalog.put_document("/notes", document(path, *texts), [[passage] for passage in passages], MODEL)
        catalog.advance_revision()


def vectors(catalog: Catalog) -> int:
    return int(catalog.connection.db.execute("SELECT count(*) FROM vector").fetchone()[0])


def test_topic_comes_back_as_it_was_put(catalog: Catalog) -> None:
    put(catalog, "a.md", "compost")
    [(id_, topic)] = catalog.topics_after(0)
    stored = catalog.topics([id_])[id_]
    assert (stored.path, stored.source, stored.topic_id) == ("a.md", "/notes", topic.id)
    [expected] = document("a.md", "compost").topics
    assert (topic.subject, topic.title, topic.entries) == (expected.subject, expected.title, expected.entries)
    assert (topic.parents, topic.asked_as, topic.line) == (("Parent",), ("ask",), 1)


def test_what_the_front_matter_says_comes_back_and_moves_with_its_topic(catalog: Catalog) -> None:
    [plain] = document("a.md", "compost").topics
    told = replace(plain, aliases=("Humus",), tags=("soil", "waste"), fields=(("author", "Ann"),))
    passage = Passage("entry", "compost", 0, 0, 7)
    with catalog.change():
        catalog.put_document("/notes", replace(document("a.md"), topics=(told,)), [[passage]], MODEL)
    [(id_, topic)] = catalog.topics_after(0)
    assert (topic.aliases, topic.tags, topic.fields) == (("Humus",), ("soil", "waste"), (("author", "Ann"),))
    assert catalog.topics_called("HUMUS?") == [id_]
    with catalog.change():
        catalog.renew_topic(id_, topic, [passage], MODEL)
    [(renewed, again)] = catalog.topics_after(id_)
    assert again.fields == told.fields
    assert catalog.topics_called("humus") == [renewed]


def test_heading_has_its_place_and_a_note_what_it_can_be_filtered_by(catalog: Catalog) -> None:
    plain, paged = document("a.pdf", "compost", "hedge").topics
    paged = replace(paged, anchor=(("page", 3),), tags=("soil",), days=("2031-05-04",))
    with catalog.change():
        catalog.put_document("/notes", replace(document("a.pdf"), topics=(plain, paged)), [[], []], MODEL)
    assert [heading.anchor for heading in catalog.headings().values()] == [(), (("page", 3),)]
    assert [(fact.tags, fact.days) for fact in catalog.note_facts()] == [((), ()), (("soil",), ("2031-05-04",))]


def test_passage_is_in_the_slot_of_its_entry_and_one_of_the_whole_topic_in_none(catalog: Catalog) -> None:
    [topic] = document("a.md", "compost").topics
    topic = replace(topic, entries=(*topic.entries, Entry("How", "turn it", 4)))
    passages = [Passage("entry", "compost", 0), Passage("entry", "turn it", 1), Passage("topic", "compost turn it")]
    with catalog.change():
        catalog.put_encoded(MODEL, passages, encoded(3))
        catalog.put_document("/notes", replace(document("a.md"), topics=(topic,)), [passages], MODEL)
    assert [row.slot for row in catalog.passage_rows(0)] == ["What", "How", None]


def test_topic_that_is_put_again_has_a_new_number_and_the_old_one_is_remembered_as_gone(catalog: Catalog) -> None:
    put(catalog, "a.md", "compost")
    put(catalog, "a.md", "compost")
    assert [id_ for id_, _ in catalog.topics_after(0)] == [2]
    assert catalog.topics_deleted_since(0).tolist() == [1]
    assert catalog.topics_deleted_since(1).tolist() == [1]
    assert catalog.topics_deleted_since(2).tolist() == []
    assert (catalog.revision(), catalog.last_topic()) == (2, 2)


def test_what_is_forgotten_is_no_longer_remembered(catalog: Catalog) -> None:
    put(catalog, "a.md", "compost")
    first = catalog.token()
    put(catalog, "a.md", "compost")
    assert catalog.remembers(1, first)
    catalog.forget_deleted_until(2)
    assert not catalog.remembers(1, first)
    assert catalog.remembers(2, catalog.token())
    assert not catalog.remembers(3, catalog.token()), "a revision that is yet to come"
    assert not catalog.remembers(2, first), "a revision of another past"


def test_vector_goes_with_the_last_passage_that_uses_it(catalog: Catalog) -> None:
    put(catalog, "a.md", "compost", "hedge")
    put(catalog, "b.md", "compost")
    with catalog.change():
        catalog.remove_document("/notes", "a.md")
        catalog.advance_revision()
    passages = [Passage("entry", "compost"), Passage("entry", "hedge")]
    assert [passage.text for passage in catalog.not_encoded(MODEL, passages)] == ["hedge"]
    assert vectors(catalog) == 1


def test_vector_of_a_text_that_moves_within_one_change_stays(catalog: Catalog) -> None:
    put(catalog, "a.md", "compost")
    with catalog.change():
        catalog.remove_document("/notes", "a.md")
        catalog.put_document("/notes", document("b.md", "compost"), [[Passage("entry", "compost", 0)]], MODEL)
        catalog.advance_revision()
    assert vectors(catalog) == 1


def test_signs_of_tokens_are_given_topic_by_topic_for_the_entries_in_a_slot(catalog: Catalog) -> None:
    put(catalog, "a.md", "compost", "hedge")
    ids = [id_ for id_, _ in catalog.topics_after(0)]
    assert catalog.topic_tokens(ids) == {ids[0]: [(0, b"\0\0")], ids[1]: [(0, b"\1\1")]}
    assert catalog.topic_tokens(ids[1:]) == {ids[1]: [(0, b"\1\1")]}
    assert catalog.topic_tokens(ids, "How") == {}


def test_a_passage_whose_tokens_were_never_kept_is_encoded_again(catalog: Catalog) -> None:
    put(catalog, "a.md", "compost")
    with catalog.change():
        catalog.put_encoded(MODEL, [Passage("asked", "hedge")], encoded(1))
    passages = [Passage("asked", "hedge"), Passage("entry", "compost")]
    assert catalog.not_encoded(MODEL, passages) == []
    assert catalog.not_encoded(MODEL, [*passages, Passage("entry", "hedge")]) == [Passage("entry", "hedge")]


def test_unused_vectors_are_counted_and_dropped(catalog: Catalog) -> None:
    put(catalog, "a.md", "compost")
    with catalog.change():
        catalog.put_encoded(MODEL, [Passage("entry", "hedge")], encoded(1))
    assert catalog.count_unused_vectors() == 1
    catalog.drop_unused_vectors()
    assert (catalog.count_unused_vectors(), vectors(catalog)) == (0, 1)


def test_text_has_another_vector_by_another_model() -> None:
    assert vector_key("a", "text") != vector_key("b", "text")
    assert len(vector_key("a", "text")) == 16


def test_removing_a_source_removes_all_that_came_from_it(catalog: Catalog) -> None:
    put(catalog, "a.md", "compost")
    with catalog.change():
        catalog.remove_source("/notes")
        catalog.advance_revision()
    assert (catalog.documents(), list(catalog.topics_after(0))) == ([], [])
    assert (catalog.count_passages(), vectors(catalog)) == (0, 0)


def test_replayed_counts_passages_that_came_and_topics_that_went(catalog: Catalog) -> None:
    put(catalog, "a.md", "compost", "hedge")
    revision, last_topic = catalog.revision(), catalog.last_topic()
    assert catalog.count_replayed(revision, last_topic) == 0
    put(catalog, "a.md", "compost", "hedge", "lawn")
    assert catalog.count_replayed(revision, last_topic) == 3 + 2


def test_damage_is_nothing_where_all_is_well(catalog: Catalog) -> None:
    put(catalog, "a.md", "compost")
    assert catalog.damage() == ""
