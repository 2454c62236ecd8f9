"""One contract for every engine: a library on a server answers as one in a folder does."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import pytest

from assistant.answering import ask
from assistant.discovery import related_topics
from index.engine.server.storage import ServerStorage
from index.library import Library
from index.records import Hit
from index.retrieval import like_topics, rank_by_meaning, rank_by_words
from index.storage import Filters
from index.text import stems, terms
from tests.fakes import TokenEncoder
from tests.servers import TestServer

CASES: Final = Path(__file__).parents[1] / "cases"
BUNDLED: Final = Path(__file__).parents[2] / "index" / "builtin"

PUBLISHES: Final = int(os.environ.get("TOPICS_PUBLISHES", "40"))
"""Publishes after which words are counted anew; 200 take a minute."""

NOISE: Final = 5e-6
"""How far numbers of 32 bits may be apart that were added up in another order."""

SPECIAL: Final = (
    "slot:how merge conflicts",
    "subject:devops merge conflicts",
    'subject:"bread baking" slot:example merge dough',
    '"merge conflicts" in a branch',
    "what does `git rebase` do",
    "Merge conflicts",
    "what was on 12 March 2024",
    "mrege conflcits in the brnach",
    "wiederverwendung von Teig",
    "wie geht das mit dem Mergen und den Releasen?",
    "how do i do it",
    "folder:diary what did i do today -bread",
    "zeppelin",
    "房子 的 钥匙 在 哪里",
)


@contextmanager
def opened_twice(server: TestServer, folder: Path, *sources: Path) -> Iterator[tuple[Library, Library]]:
    """Open two libraries with the same notes, one in a folder and one on a server."""
    encoder = TokenEncoder(max_tokens=120)
    with (
        closing(Library(folder / "library", encoder)) as local,
        closing(Library(server.address(), encoder, beside=folder / "beside")) as remote,
    ):
        for library in (local, remote):
            library.remove("builtin")
            for source in sources:
                library.add(source)
            library.sync()
        yield local, remote


@pytest.fixture(scope="module")
def both(server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, Library]]:
    """Return two libraries with the bundled topics and two sets of notes, which no test changes."""
    folder = tmp_path_factory.mktemp("both")
    with opened_twice(server, folder, BUNDLED, CASES / "household", CASES / "written") as libraries:
        yield libraries


@pytest.fixture
def edited(tmp_path: Path, notes: Path, server: TestServer) -> Iterator[tuple[Library, Library]]:
    """Return two libraries with one folder of notes that tests may change."""
    with opened_twice(server, tmp_path, notes) as libraries:
        yield libraries


def assert_alike(found: list[Hit], expected: list[Hit]) -> None:
    """See that hits are the same topics in the same order, but for such as are equally good, with the same scores.

    Scores are the same as far as 32 bits tell; word counts, unlike a model, make many that are equal.
    """
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], abs=NOISE)
    wanted = {hit.id: hit for hit in expected}
    for hit, other in zip(found, expected, strict=True):
        same = wanted.get(hit.id)
        if same is None:  # one of several that are equally good at the end of the list
            assert hit.score == pytest.approx(expected[-1].score, abs=NOISE)
            continue
        assert same.score == pytest.approx(other.score, abs=NOISE)
        assert (hit.topic, hit.path, hit.entry_spans) == (same.topic, same.path, same.entry_spans)
        numbers = [hit.similarity, *hit.entry_scores]
        assert numbers == pytest.approx([same.similarity, *same.entry_scores], abs=NOISE)


def questions() -> list[str]:
    """Return the questions of three sets of cases, 300 of them."""
    files = (CASES / "questions.jsonl", CASES / "household.jsonl", CASES / "written.jsonl")
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    asked = [record["question"] for record in map(json.loads, lines) if "question" in record]
    return asked[:: max(1, len(asked) // 300)]


def test_same_topics_in_the_same_order_for_three_hundred_questions(both: tuple[Library, Library]) -> None:
    local, remote = both
    asked = questions()
    assert len(asked) >= 300
    for question in asked:
        assert_alike(remote.search(question), local.search(question))


@pytest.mark.parametrize("question", SPECIAL)
def test_filters_quotes_days_and_misspelt_words_mean_the_same(both: tuple[Library, Library], question: str) -> None:
    local, remote = both
    assert remote.query(question) == local.query(question)
    assert_alike(remote.find(question, 20).hits, local.find(question, 20).hits)


def test_every_word_is_as_frequent_and_spelt_as_in_the_folder(both: tuple[Library, Library]) -> None:
    local, remote = both
    assert len(remote.lexical()) == len(local.lexical())
    words = {word for _, topic in local.all_topics() for word in stems(topic.full_text)}
    assert len(words) > 1_000
    remote.lexical().look_up(words)
    assert {word: remote.lexical().frequency(word) for word in words} == {
        word: local.lexical().frequency(word) for word in words
    }
    for letter in "abcz房ü":
        assert remote.lexical().words_with(letter) == local.lexical().words_with(letter)


def test_what_is_held_is_listed_alike(both: tuple[Library, Library]) -> None:
    local, remote = both
    assert remote.sources() == local.sources()
    assert remote.documents() == local.documents()
    assert remote.subjects() == local.subjects()
    assert remote.snapshot().slot_counts() == local.snapshot().slot_counts()
    assert [heading._replace(document=0) for heading in remote.reader.headings().values()] == [
        heading._replace(document=0) for heading in local.reader.headings().values()
    ]
    assert [topic for _, topic in remote.all_topics()] == [topic for _, topic in local.all_topics()]
    assert {topic.topic_id for topic in remote.reader.sample_topics(5)} == {
        topic.topic_id for topic in local.reader.sample_topics(5)
    }
    assert remote.storage.reader.count_passages() == local.storage.reader.count_passages()
    for stored in local.topics(local.reader.headings()).values():
        assert remote.leads(stored) == local.leads(stored)


def test_topics_beside_one_are_the_same_and_as_like(both: tuple[Library, Library]) -> None:
    local, remote = both
    remote_ids = {heading.topic_id: id_ for id_, heading in remote.reader.headings().items()}
    for row_id, stored in list(local.topics(local.reader.headings()).items())[::3]:
        other = remote_ids[stored.topic_id]
        names = [
            [(one.id, round(one.score, 2)) for one in related_topics(library, id_, stored.topic)]
            for library, id_ in ((local, row_id), (remote, other))
        ]
        assert names[0] == names[1], stored.topic.title
    assert like_topics(remote.reader, remote.snapshot().views([-1])).similarity == {}


def test_plain_methods_rank_alike(both: tuple[Library, Library]) -> None:
    local, remote = both
    ranks: tuple[Callable[[Library, str], list[int]], ...] = (
        lambda library, asked: rank_by_words(library.reader, asked, 5),
        lambda library, asked: rank_by_meaning(library.reader, library.encoder, asked, 5),
    )
    for question in questions()[:40]:
        for rank in ranks:
            names = [
                [library.topics([id_])[id_].topic_id for id_ in rank(library, question)] for library in (local, remote)
            ]
            assert names[0] == names[1], question


def test_best_postings_of_many_name_nearly_the_same_topics(
    both: tuple[Library, Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, remote = both
    asked = questions()[:100]
    whole = [rank_by_words(remote.reader, question, 10) for question in asked]
    monkeypatch.setattr("index.engine.server.searching.posting_budget.POSTINGS", 40)
    found = [rank_by_words(remote.reader, question, 10) for question in asked]
    recall = [len({*some} & {*all_}) / len(all_) for some, all_ in zip(found, whole, strict=True) if all_]
    assert 0.95 < sum(recall) / len(recall) < 1
    assert sum(some[:1] == all_[:1] for some, all_ in zip(found, whole, strict=True)) >= 97


def test_topics_that_hold_all_words_are_the_same_by_the_postings_of_the_rarest(
    both: tuple[Library, Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, remote = both
    words = [pair for question in questions()[:60] if (pair := list(dict.fromkeys(terms(question)))[:2])]
    narrowed = (None, list(remote.subjects())[:3])

    def held() -> list[list[int]]:
        return [
            remote.lexical().topics_containing(pair, 500, Filters(subjects)) for pair in words for subjects in narrowed
        ]

    by_all = held()
    assert sum(map(bool, by_all)) > 40
    monkeypatch.setattr("index.engine.server.searching.posting_budget.FILTERED_POSTINGS", 0)
    monkeypatch.setattr("index.engine.server.searching.posting_budget.LOOK_UP_COST", 0)
    assert held() == by_all


def test_words_within_a_filter_find_the_same_where_few_topics_are_let_through_and_nearly_where_many(
    both: tuple[Library, Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, remote = both
    words = [list(dict.fromkeys(terms(question))) for question in questions()[:100]]
    subjects = list(remote.subjects())[::2]

    def best() -> list[list[int]]:
        return [list(remote.lexical().best(some, 10, Filters(subjects))) for some in words]

    by_all = best()
    monkeypatch.setattr("index.engine.server.searching.posting_budget.FILTERED_POSTINGS", 40)
    assert best() == by_all
    monkeypatch.setattr("index.engine.server.searching.lexical_statements.FEW_TOPICS", 1)
    recall = [len({*some} & {*all_}) / len(all_) for some, all_ in zip(best(), by_all, strict=True) if all_]
    assert 0.9 < sum(recall) / len(recall) < 1


def test_a_question_takes_four_journeys_at_most(both: tuple[Library, Library]) -> None:
    _, remote = both
    storage = remote.storage
    assert isinstance(storage, ServerStorage)
    remote.search("merge conflicts")
    for question in questions()[:50]:
        query = remote.query(question)
        before = storage.journeys
        remote.find(question, as_typed=True)
        is_plain = not (query.literals or query.replaced)  # what is quoted is looked for, as one journey more
        assert storage.journeys - before <= (4 if is_plain else 6), question


def test_an_answer_takes_four_journeys_and_three_more_where_topics_beside_it_are_new(
    both: tuple[Library, Library],
) -> None:
    _, remote = both
    storage = remote.storage
    assert isinstance(storage, ServerStorage)
    ask(remote, "warm up")  # what all topics have in common is computed once for each revision
    understood = [remote.query(asked) for asked in questions()[:40]]
    plain = [query.text for query in understood if not (query.literals or query.replaced)]
    answered = 0
    for question in plain:
        before = storage.journeys
        first = ask(remote, question, as_typed=True)
        between = storage.journeys
        again = ask(remote, question, as_typed=True)
        if first.answered and first.kind == "passage":
            answered += 1
            assert between - before <= 7, question
            assert storage.journeys - between <= 4, question
            assert again.related == first.related
    assert answered > 10


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_learned_is_found_and_survives_edits(edited: tuple[Library, Library], notes: Path, which: int) -> None:
    library = edited[which]
    topic = library.search("canary releases", 1)[0]
    library.learn("bird in the coal mine", topic.id)
    assert library.search("Bird in the coal mine", 1)[0].score == 1.0
    assert library.learned() == [("bird in the coal mine", topic.id)]
    assert library.reader.learned(topic.id) == ("bird in the coal mine",)
    before = library.search("which bird warns of gas in a coal pit", 1)[0]
    assert before.id == topic.id
    text = (notes / "topics.md").read_text(encoding="utf-8")
    (notes / "topics.md").write_text(text.replace("five percent", "six percent"), encoding="utf-8")
    library.sync()
    found = library.search("bird in the coal mine", 1)[0]
    assert (found.id, found.score) == (topic.id, 1.0)
    assert "six percent" in found.topic.entries[1].text
    library.unlearn()
    assert library.learned() == []
    assert library.search("bird in the coal mine", 1)[0].score < 1.0


def test_words_are_counted_as_a_recount_counts_them_after_many_publishes(
    edited: tuple[Library, Library], notes: Path, server: TestServer
) -> None:
    local, remote = edited
    for number in range(PUBLISHES):
        name = notes / f"{number % 7}.md"
        if number % 5 == 4:
            name.unlink(missing_ok=True)
        else:
            name.write_text(f"# Heap {number % 3}\n## Thing {number}\nword{number % 11} word{number} common\n")
        remote.sync()
    (notes / "topics.md").unlink()
    remote.sync()
    local.sync()
    lexical = remote.lexical()
    words = {word for _, topic in local.all_topics() for word in stems(topic.full_text)}
    assert {word: lexical.frequency(word) for word in words} == {
        word: local.lexical().frequency(word) for word in words
    }
    assert remote.storage.damaged_indexes() == ()
    assert remote.storage.damage() == ""
    with server.connect() as db:
        rows = db.execute(
            """SELECT l.topics, l.terms, count(t.id), sum(t.terms)
               FROM topics.library l JOIN topics.topic t ON t.library = l.id
               WHERE l.name = %s GROUP BY l.id""",
            (remote.name.rpartition("=")[2],),
        ).fetchall()
        assert rows[0][:2] == rows[0][2:]
        assert db.execute("SELECT count(*) FROM topics.word WHERE topics <= 0").fetchone() == (0,)
    for question in ("thing 33", "word7", "common"):
        assert_alike(remote.search(question), local.search(question))


def test_a_library_that_is_opened_anew_has_all_it_had(both: tuple[Library, Library], tmp_path: Path) -> None:
    _, remote = both
    with closing(Library(remote.place, TokenEncoder(max_tokens=120), beside=tmp_path / "beside")) as again:
        assert not again.storage.is_new
        assert_alike(again.search("how is bread kneaded"), remote.search("how is bread kneaded"))


@pytest.mark.parametrize("which", [0, 1])
def test_changes_of_a_small_file_from_two_sides_are_all_kept(edited: tuple[Library, Library], which: int) -> None:
    with closing(edited[which].another()) as other:

        def count_up(library: Library) -> None:
            for _ in range(20):
                library.storage.change_file("count", lambda text: str(int(text or 0) + 1))

        sides = [threading.Thread(target=count_up, args=(library,)) for library in (edited[which], other)]
        for side in sides:
            side.start()
        for side in sides:
            side.join()
        assert other.storage.read_file("count") == "40"


@pytest.mark.slow
def test_real_model_gives_the_same_answers_on_a_server(
    bundled_library: Path, tmp_path: Path, server: TestServer
) -> None:
    shutil.copytree(bundled_library, tmp_path / "library")
    with (
        closing(Library(tmp_path / "library")) as local,
        closing(Library(server.address(), local.encoder, beside=tmp_path / "beside")) as remote,
    ):
        for library in (local, remote):
            library.add(CASES / "household")
            library.sync()
        for question in questions():
            assert [hit.id for hit in remote.search(question)] == [hit.id for hit in local.search(question)], question
