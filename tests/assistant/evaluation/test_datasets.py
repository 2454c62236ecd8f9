"""Questions with what should be found: the files they are read from, and what is said of a broken one."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from assistant.evaluation.datasets import Judged, holds, read_judged, read_qrels, read_split, spread
from index.errors import SourceError

BEIR = {
    "corpus.jsonl": '{"_id": "d1", "text": "one"}\n{"_id": "d2", "text": "two"}\n',
    "queries.jsonl": '{"_id": "q1", "text": "first?"}\n{"_id": "q2", "text": "second?"}\n',
    "qrels.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\td2\t1\n",
}


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    """Return a folder in BEIR layout: two documents, two queries."""
    for name, text in BEIR.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def written(folder: Path, *lines: object) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def error_of(path: Path, half: str | None = None) -> str:
    with pytest.raises(SourceError, match=re.escape(str(path))) as caught:
        read_judged(path, half)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# a question file


def test_answerable_question_has_its_topics_by_the_key_of_their_titles(tmp_path: Path) -> None:
    record = {"question": "same?", "topic": ["`is` vs. `==`", "Copies"], "slot": "How", "kind": "natural", "half": "a"}
    assert read_judged(written(tmp_path, record | {"answers": ["one object", "`is`"]})) == [
        Judged("same?", {"is vs. ==": 1, "copies": 1}, "How", "natural", "a", (("one object",), ("`is`",)))
    ]


def test_question_that_the_notes_do_not_answer_has_no_topic(tmp_path: Path) -> None:
    [judged] = read_judged(written(tmp_path, {"question": "why is the sky blue", "answered": False}))
    assert (judged.is_answerable, judged.relevant) == (False, {})


def test_path_names_the_note_in_place_of_a_topic(tmp_path: Path) -> None:
    [judged] = read_judged(written(tmp_path, {"question": "q", "topic": "Heading", "path": "a/b.md"}))
    assert (judged.relevant, judged.is_by_path) == ({"a/b.md": 1}, True)


def test_answer_that_is_a_list_must_stand_in_the_passage_as_a_whole(tmp_path: Path) -> None:
    record = {"question": "q", "topic": "t", "answers": ["salt", ["flour", "warm water"]]}
    [judged] = read_judged(written(tmp_path, record))
    passages = ("Add salt.", "Flour, then **warm**\nwater.", "Flour alone.", "Unsalted.", "")
    assert [judged.is_answered_by(passage) for passage in passages] == [True, True, False, False, False]


def test_answer_in_a_script_without_spaces_is_held_within_a_run() -> None:
    assert holds("東京は日本の首都です。", "日本の首都")


def test_blank_lines_and_a_byte_order_mark_are_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeff", {"question": "a", "topic": "t"}, "  ", {"question": "b", "topic": "t"}, "")
    assert [one.question for one in read_judged(path)] == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ([1], "is not a JSON object with question"),
        ({"topic": "t"}, "is not a JSON object with question"),
        ({"question": " ", "topic": "t"}, "has no question in words"),
        ({"question": 7, "topic": "t"}, "has no question in words"),
        ({"question": "q", "topic": 7}, "has a topic that is neither a title nor a list of titles"),
        ({"question": "q", "topic": ["t", 7]}, "has a topic that is neither a title nor a list of titles"),
        ({"question": "q"}, 'must name a topic, or else say "answered": false'),
        ({"question": "q", "topic": []}, 'must name a topic, or else say "answered": false'),
        ({"question": "q", "topic": "t", "answered": False}, 'must name a topic, or else say "answered": false'),
        ({"question": "q", "topic": "t", "slot": "how"}, "has the slot 'how', which is none of What, How, Example"),
        (
            {"question": "q", "topic": "t", "answers": "a"},
            "has answers that are no list of texts, or of lists of texts",
        ),
        ({"question": "q", "topic": "t", "answers": [["a", 7]]}, "has answers that are no list of texts, or of lists"),
        ({"question": "q", "path": 7}, "has a path that is neither a path nor a list of paths"),
    ],
)
def test_broken_line_is_one_sentence_with_its_file_and_number(tmp_path: Path, line: object, complaint: str) -> None:
    error = error_of(written(tmp_path, {"question": "fine", "topic": "t"}, "", line))
    assert error.startswith(f"Line 3 of {tmp_path / 'questions.jsonl'} {complaint}")
    assert error.endswith(".")


def test_file_without_questions_names_the_help(tmp_path: Path) -> None:
    assert "There are no questions in" in error_of(written(tmp_path, "", " "))


def test_missing_file_is_named(tmp_path: Path) -> None:
    assert "cannot be read (No such file or directory)" in error_of(tmp_path / "none.jsonl")


def test_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in error_of(tmp_path / "binary.jsonl")


# halves and limits


def test_half_holds_only_its_questions(tmp_path: Path) -> None:
    lines = [{"question": f"{half}{number}", "topic": "t", "half": half} for number in (1, 2) for half in "ab"]
    assert [one.question for one in read_judged(written(tmp_path, *lines), "b")] == ["b1", "b2"]


def test_unknown_half_names_those_that_there_are(tmp_path: Path) -> None:
    path = written(tmp_path, *({"question": "q", "topic": "t", "half": half} for half in ("tune", "report")))
    assert error_of(path, "test").endswith("is of the half 'test'. The halves it names: report, tune.")


def test_half_of_a_file_without_halves_is_said_to_be_none(tmp_path: Path) -> None:
    assert error_of(written(tmp_path, {"question": "q", "topic": "t"}), "tune").endswith("The halves it names: none.")


def test_limit_takes_questions_at_equal_distances() -> None:
    judged = [Judged(str(number)) for number in range(10)]
    assert [one.question for one in spread(judged, 4)] == ["0", "2", "5", "7"]
    assert spread(judged, 99) == judged


# a BEIR folder


def test_beir_folder_gives_its_queries_with_the_grades_above_0(beir: Path) -> None:
    assert read_judged(beir) == [Judged("first?", {"d1": 2}), Judged("second?", {"d2": 1})]


def test_query_without_a_relevant_document_is_left_out(beir: Path) -> None:
    (beir / "qrels.tsv").write_text("q1\td1\t1\nq2\td2\t0\n")
    assert [one.question for one in read_judged(beir)] == ["first?"]


def test_split_names_the_half_of_each_query(beir: Path) -> None:
    (beir / "split.tsv").write_text("q1\ttune\nq2\treport\n")
    assert [one.question for one in read_judged(beir, "report")] == ["second?"]
    assert read_split(beir / "none.tsv") == {}


def test_line_of_headings_may_be_missing(beir: Path) -> None:
    with_headings = read_qrels(beir / "qrels.tsv")
    (beir / "qrels.tsv").write_text(BEIR["qrels.tsv"].split("\n", 1)[1])
    assert read_qrels(beir / "qrels.tsv") == with_headings == {"q1": {"d1": 2, "d2": 0}, "q2": {"d2": 1}}


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("qrels.tsv", "q1\td1\t1\nq2\td2\n", "Line 2 of {} is not a query's id, a document's id and a whole number"),
        ("qrels.tsv", "q1\td1\t1\nq2\td2\thigh\n", "Line 2 of {} is not a query's id, a document's id"),
        ("qrels.tsv", "q1 d1 1\n", "Line 1 of {} is not a query's id, a document's id"),
        ("qrels.tsv", "q1\td1\t1\nq9\td1\t1\n", "{} names 1 id that queries.jsonl does not hold, the first is 'q9'"),
        ("qrels.tsv", "q1\td9\t1\n", "{} names 1 id that corpus.jsonl does not hold, the first is 'd9'"),
        ("queries.jsonl", '{"_id": "q1"}\n', "Line 1 of {} is not a JSON object with _id and text"),
        ("queries.jsonl", '{"_id": "q1", "text": null}\n', "Line 1 of {} has no question in words"),
        ("corpus.jsonl", '{"id": "d1"}\n', "Line 1 of {} is not a JSON object with _id"),
        ("split.tsv", "q1\ttune\n\nq2\n", "Line 3 of {} is not a query's id and the name of a half"),
    ],
)
def test_broken_beir_file_is_one_sentence_with_its_name(beir: Path, file: str, text: str, complaint: str) -> None:
    (beir / file).write_text(text)
    assert error_of(beir).startswith(complaint.format(beir / file))


# a folder of questions and answers

ANSWERED: tuple[dict[str, object], ...] = (
    {"_id": "q1", "text": "first?", "answers": ["one"], "doc": "d1", "near": "d1"},
    {"_id": "q2", "text": "second?", "answers": [], "doc": None, "near": "d2"},
)


@pytest.fixture
def answered(tmp_path: Path) -> Path:
    """Return a folder of questions and answers: one that a document answers and one that none does."""
    (tmp_path / "corpus.jsonl").write_text(BEIR["corpus.jsonl"])
    return written(tmp_path, *ANSWERED).parent


def test_question_without_a_document_is_near_and_not_answered(answered: Path) -> None:
    assert read_judged(answered) == [
        Judged("first?", {"d1": 1}, answers=(("one",),)),
        Judged("second?", {}, kind="near"),
    ]


def test_questions_of_such_a_folder_may_have_halves(answered: Path) -> None:
    (answered / "split.tsv").write_text("q1\twork\nq2\treport\n")
    assert [one.question for one in read_judged(answered, "report")] == ["second?"]


def test_document_that_the_corpus_lacks_is_named(answered: Path) -> None:
    written(answered, ANSWERED[0] | {"doc": "d9"})
    assert error_of(answered).startswith(
        f"{answered / 'questions.jsonl'} names 1 id that corpus.jsonl does not hold, the first is 'd9'"
    )


# the questions over the bundled topics


def test_own_questions_are_many_distinct_and_alike_in_both_halves() -> None:
    judged = read_judged(Path(__file__).parents[2] / "cases" / "questions.jsonl")
    kinds = {half: Counter(one.kind for one in judged if one.half == half) for half in ("tune", "report")}
    assert sum(one.is_answerable for one in judged) >= 300
    assert sum(not one.is_answerable for one in judged) >= 150
    assert kinds["tune"]["near"] + kinds["report"]["near"] >= 60
    assert all(abs(kinds["tune"][kind] - kinds["report"][kind]) <= 1 for kind in kinds["tune"] | kinds["report"])
    assert len({one.question for one in judged}) == len(judged)
