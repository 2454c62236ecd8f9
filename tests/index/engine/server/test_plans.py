"""How the server runs the statements: by its indexes, a rare filter exactly, and no table read as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import numpy as np
import psycopg
import pytest

from index.engine.server import connection
from index.engine.server.connection import Row, Server, Statement
from index.engine.server.searching.dense import EXACT_FILTERED_UP_TO
from index.engine.server.storage import ServerStorage
from index.library import Library
from index.storage import Filters
from tests.fakes import WordCountEncoder
from tests.libraries import reading_only
from tests.servers import TestServer

TOPICS: Final = 4_000
PASSAGES: Final = 3
MANY_ROWS: Final = 10_000


@pytest.fixture(scope="module")
def large(server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return a library of 12,000 passages, made by the server out of numbers."""
    folder = tmp_path_factory.mktemp("large")
    (folder / "notes").mkdir()
    (folder / "notes" / "a.md").write_text("# Rare\n\n## Compost\nTurn the heap.\n", encoding="utf-8")
    address = server.address()
    with closing(Library(address, WordCountEncoder(dimension=16), beside=folder / "beside")) as library:
        reading_only(library, folder / "notes")
        assert isinstance(library.storage, ServerStorage)
        state = library.storage.reader.state()
        with server.connect() as db, db.transaction():
            fill(db, state.library, state.shelf)
            db.execute("ANALYZE")
        with library.storage.writing() as writer:
            writer.refresh()
            with writer.change():
                writer.advance_revision(is_last=False)
        yield library


def fill(db: psycopg.Connection[Row], library: int, shelf: int) -> None:
    vectors = np.random.default_rng(0).normal(size=(TOPICS * PASSAGES, 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    [(document,)] = db.execute("SELECT id FROM topics.document WHERE library = %s", (library,)).fetchall()
    rows = db.execute(
        """INSERT INTO topics.topic (library, document_id, stable_id, subject, title, title_hash, line, parents,
               asked_as, entries, properties, slots, is_searched, length, terms, words, written)
           SELECT %s, %s, 't' || n, 'Subject ' || n %% 4, 'Title ' || n, n, n, '[]', '[]',
                  '[{"slot": null, "text": "x", "line": 1}]', '{}', 0, true, 8, 8, '{}', '{}'
           FROM generate_series(1, %s) n RETURNING id""",
        (library, document, TOPICS),
    ).fetchall()
    ids = [id_ for (id_,) in rows]
    with db.cursor() as cursor:
        with cursor.copy("COPY topics.vector (shelf, library, key, embedding) FROM STDIN") as copy:
            for number, vector in enumerate(vectors):
                copy.write_row((shelf, library, number.to_bytes(16, "big"), json.dumps(vector.tolist())))
        with cursor.copy(
            "COPY topics.passage (library, topic_id, shelf, vector_key, kind, entry, slot, first, last) FROM STDIN"
        ) as copy:
            for number in range(len(vectors)):
                row = (library, ids[number // PASSAGES], shelf, number.to_bytes(16, "big"), 0, 0, 0, 0, 1)
                copy.write_row(row)
    db.execute(
        """INSERT INTO topics.word (library, word, topics)
           SELECT %s, 'word' || n, 10 FROM generate_series(0, 3999) n""",
        (library,),
    )
    db.execute(
        """INSERT INTO topics.posting (word_id, topic_id, library, count, length)
           SELECT w.id, t.id, t.library, 1, 8
           FROM (SELECT id, library, row_number() OVER (ORDER BY id) AS n FROM topics.topic WHERE library = %s) t
           JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM topics.word WHERE library = %s AND topics = 10) w
             ON (w.n - t.n) %% 4000 BETWEEN 0 AND 9""",
        (library, library),
    )
    db.execute(
        "UPDATE topics.library SET topics = topics + %s, terms = terms + %s WHERE id = %s",
        (TOPICS, 8 * TOPICS, library),
    )


@pytest.fixture
def plans(large: Library, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Return the plans of the statements that are run from now on, as they are run."""
    found: list[tuple[str, dict[str, Any]]] = []
    run = Server.run

    def explaining(self: Server, db: psycopg.Connection[Row], statements: tuple[Statement, ...]) -> list[list[Row]]:
        for statement in statements:
            if "SELECT" in statement.sql and "topics." in statement.sql:
                sql = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.sql}"
                [(explained,)] = db.execute(sql, statement.values or None).fetchall()
                found.append((statement.sql, explained[0]["Plan"]))
        return run(self, db, statements)

    monkeypatch.setattr(connection.Server, "run", explaining)
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def sequential(plans: list[tuple[str, dict[str, Any]]]) -> list[str]:
    """Return the tables of many rows that a statement reads as a whole, though it need not."""
    return [
        f"{node['Relation Name']} by {sql[:60]}"
        for sql, plan in plans
        for node in nodes(plan)
        if node["Node Type"] == "Seq Scan" and node["Actual Loops"] and node["Actual Rows"] > MANY_ROWS / 10
    ]


def test_no_statement_of_a_question_reads_a_table_as_a_whole(
    large: Library, plans: list[tuple[str, dict[str, Any]]]
) -> None:
    hits = large.search("word77 word78 title 7")
    large.leads(large.topics([hits[0].row_id])[hits[0].row_id])
    large.reader.links_of(hits[0].row_id)
    with large.reading() as reader:
        reader.facts_of(hits[0].row_id, "Title 7", ["word77"])
        reader.neighbours(np.ones(16, dtype=np.float32), 100, ["word77", "word78"], 30, [hits[0].row_id])
        reader.snapshot().views([hits[0].row_id])
        reader.learned("t7")
        reader.entry_tokens(hits[0].row_id, 0)
    assert len(plans) > 10
    assert sequential(plans) == []
    assert any("vector_graph" in node.get("Index Name", "") for _, plan in plans for node in nodes(plan))


def test_of_many_postings_the_best_are_read_by_their_index(
    large: Library, plans: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.engine.server.searching.posting_budget.POSTINGS", 8)
    assert len(large.lexical().best(["word77", "word300"], 50)) == 8
    read = [node for _, plan in plans for node in nodes(plan) if node.get("Relation Name") == "posting"]
    assert {node["Index Name"] for node in read} == {"posting_impact", "posting_pkey"}
    assert all(node["Actual Rows"] <= 4 for node in read)


def test_within_a_filter_no_more_postings_and_topics_are_read_than_are_shared_out(
    large: Library, plans: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.engine.server.searching.posting_budget.FILTERED_POSTINGS", 8)
    monkeypatch.setattr("index.engine.server.searching.lexical_statements.FEW_TOPICS", 500)
    monkeypatch.setattr("index.engine.server.searching.lexical_statements.FILTERED_TOPICS", 6)
    assert len(large.lexical().best(["word77", "word300"], 50, Filters(["Subject 2", "Subject 3"]))) in range(1, 7)
    read = [node for _, plan in plans for node in nodes(plan) if node.get("Relation Name") in {"posting", "topic"}]
    assert {node["Index Name"] for node in read if node["Relation Name"] == "posting"} == {
        "posting_impact",
        "posting_pkey",
    }
    assert [node for node in read if node["Actual Rows"] * node["Actual Loops"] > 501] == []
    assert sequential(plans) == []


def test_topics_that_hold_all_words_are_looked_for_by_the_rarest(
    large: Library, plans: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.engine.server.searching.posting_budget.FILTERED_POSTINGS", 0)
    monkeypatch.setattr("index.engine.server.searching.posting_budget.LOOK_UP_COST", 0)
    assert len(large.lexical().topics_containing(["word77", "word78"], 50)) == 9
    assert len(large.lexical().topics_containing(["word77", "word78"], 50, Filters(["Subject 2"]))) in {2, 3}
    read = [node for _, plan in plans for node in nodes(plan) if node.get("Relation Name") == "posting"]
    assert {node["Index Name"] for node in read} == {"posting_impact", "posting_pkey"}
    assert all(node["Actual Rows"] <= 10 for node in read)
    assert sequential(plans) == []


@pytest.mark.parametrize(("subject", "is_rare"), [("Rare", True), ("Subject 2", False)])
def test_rare_filter_is_searched_exactly_and_another_one_by_the_graph(
    large: Library, plans: list[tuple[str, dict[str, Any]]], subject: str, is_rare: bool
) -> None:
    hits = large.search("heap", subject=subject)
    assert {hit.topic.subject for hit in hits} == {subject}
    assert len(hits) == (1 if is_rare else 10)
    graph = [
        node["Actual Loops"]
        for _, plan in plans
        for node in nodes(plan)
        if "vector_graph" in node.get("Index Name", "")
    ]
    assert any(graph) is not is_rare
    assert EXACT_FILTERED_UP_TO < TOPICS * PASSAGES / 4


def test_the_graph_is_built_however_long_it_takes(
    server: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[Row] = []
    run = Server.run

    def watching(self: Server, db: psycopg.Connection[Row], statements: tuple[Statement, ...]) -> list[list[Row]]:
        if "topics.add_graph" in statements[0].sql:
            limits.extend(db.execute("SHOW statement_timeout").fetchall())
        return run(self, db, statements)

    monkeypatch.setattr(Server, "run", watching)
    monkeypatch.setattr("index.engine.server.writing.GRAPH_FROM", 1)
    (tmp_path / "a.md").write_text("# Rare\n\n## Compost\nTurn the heap.\n", encoding="utf-8")
    with closing(Library(server.address(), WordCountEncoder(dimension=16), beside=tmp_path / "beside")) as library:
        library.add(tmp_path / "a.md")
        library.sync()
        assert library.storage.reader.state().has_graph  # type: ignore[attr-defined]  # only a server's state has it
    assert limits == [("0",)]


def test_graph_finds_what_comparing_all_finds(large: Library, server: TestServer) -> None:
    state = large.storage.reader.state()  # type: ignore[attr-defined]
    queries = np.random.default_rng(1).normal(size=(20, 16)).astype(np.float32)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    assert state.has_graph
    found = wanted = 0
    for query in queries:
        near = set(large.reader.neighbours(query, 10, [], 0, []).views.row_ids.tolist())
        exact = set(large.snapshot().nearest_passages(query, 10))
        found, wanted = found + len(near & exact), wanted + len(exact)
    assert found / wanted > 0.9
