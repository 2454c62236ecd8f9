"""`topics eval`: how well it finds and abstains."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.catalog.tables import Catalog
from index.records import Tokens, Vectors
from tests.assistant.running import QUESTION, Topics, asked
from tests.fakes import WordCountEncoder

ASKED = (
    {"question": QUESTION, "topic": "Merge conflicts", "slot": "How", "kind": "natural", "half": "tune"},
    {"question": "what is a decorator", "topic": "Decorators", "slot": "What", "kind": "natural", "half": "report"},
    {"question": "canary releases", "topic": ["Canary releases"], "kind": "keyword", "half": "report"},
    {"question": "which pizza dough needs least yeast?", "answered": False, "kind": "other", "half": "report"},
)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Return a question file over `notes`: three that they answer and one that they don't."""
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, ASKED)))
    return path


def test_evaluation_says_what_each_measure_means(own: Topics, questions: Path) -> None:
    result = own("eval", questions)
    lines = [line.split(maxsplit=2) for line in result.out.splitlines()]
    assert result.code == 0
    assert result.out.startswith("4 questions: the notes answer 3 of them.")
    assert ["success@1", "1.000", "the first topic is right"] in lines
    assert ["keyword", "1", "1.000      1.000                   0.000"] in lines
    assert not [line for line in result.out.splitlines() if line != line.rstrip() or len(line) > 80]


def test_evaluation_as_json_holds_every_measure(own: Topics, questions: Path) -> None:
    record = asked(own("eval", questions, "--json", "--compare"))
    assert (record["questions"], record["answerable"]) == (4, 3)
    assert record["found"]["success@1"] == record["found"]["slot accuracy"] == 1.0
    assert record["confidence"]["false answers"] == 0.0
    assert set(record["kinds"]) == {"keyword", "natural", "other"}
    assert list(record["compared"]) == ["product", "dense", "BM25", "RRF"]
    assert set(record["compared"]["RRF"]) >= {"nDCG@10", "success@1", "more", "from", "to"}


def test_comparison_stands_below_the_measures(own: Topics, questions: Path) -> None:
    printed = own("eval", questions, "--compare").out
    assert [line.split()[0] for line in printed.splitlines()[-7:-3]] == ["product", "dense", "BM25", "RRF"]


GERMAN = {
    "Wie geht ein Zweig zusammen?": "Merge conflicts",
    "Was ist ein Verzierer?": "Decorators",
    "Kanarienvogel ausliefern": "Canary releases",
}
"""Questions without a word of the notes, each with the topic that it is about."""


class Bilingual(WordCountEncoder):
    """Reads a German question as the title of the topic that it is about."""

    def encode_query(self, text: str) -> tuple[Vectors, Tokens]:
        return super().encode_query(GERMAN[text])


def test_another_model_over_the_same_notes_stands_beside_the_product(
    topics: Topics, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_encoder(name: str, *_: Path | None) -> WordCountEncoder:
        return Bilingual(name) if name == "bilingual" else WordCountEncoder()

    monkeypatch.setattr("index.library.ModelEncoder", make_encoder)
    path = tmp_path / "german.jsonl"
    path.write_text("\n".join(json.dumps({"question": text, "topic": topic}) for text, topic in GERMAN.items()))
    beside = ("--beside", "twin", "--beside", "bilingual")
    compared = asked(topics("eval", path, "--notes", notes, *beside, "--json"))["compared"]
    assert list(compared) == ["product", "by twin", "by bilingual"]
    assert compared["by twin"] == compared["product"] | {"more": 0.0, "from": 0.0, "to": 0.0}
    assert compared["product"]["success@1"] < compared["by bilingual"]["success@1"] == 1.0
    assert compared["by bilingual"]["more"] < 0


def test_another_model_is_only_set_beside_a_folder(own: Topics, questions: Path) -> None:
    result = own("eval", questions, "--beside", "twin")
    assert result.code == 2
    assert "--notes" in result.err


def test_half_and_limit_choose_the_questions(own: Topics, questions: Path) -> None:
    assert asked(own("eval", questions, "--json", "--half", "report"))["questions"] == 3
    assert asked(own("eval", questions, "--json", "--half", "report", "--limit", 2))["questions"] == 2


def test_beir_folder_is_measured_in_a_library_of_its_own(
    topics: Topics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d1", "title": "", "text": "Canary releases."}\n')
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "canary"}\n')
    (tmp_path / "qrels.tsv").write_text("q1\td1\t1\n")
    for _ in range(2):
        record = asked(topics("eval", tmp_path, "--json"))
        assert (record["questions"], record["found"]["nDCG@10"]) == (1, 1.0)
    assert not Catalog.exists(tmp_path / "library")


def test_folder_of_questions_and_answers_is_measured_with_one_command(
    topics: Topics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d1", "title": "", "text": "Canary releases."}\n')
    answered: dict[str, object] = {
        "_id": "q1",
        "text": "how do canary releases work?",
        "answers": ["releases"],
        "doc": "d1",
    }
    unanswered: dict[str, object] = {"_id": "q2", "text": "pizza dough", "answers": [], "doc": None}
    (tmp_path / "questions.jsonl").write_text(f"{json.dumps(answered)}\n{json.dumps(unanswered)}\n")
    record = asked(topics("eval", tmp_path, "--json"))
    assert (record["questions"], record["answerable"], record["found"]["passage accuracy of right topics"]) == (
        2,
        1,
        1.0,
    )
    assert set(record["kinds"]) == {"near"}


def test_question_file_may_be_asked_of_a_folder_of_notes_alone(
    topics: Topics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "notes" / "deep").mkdir(parents=True)
    (tmp_path / "notes" / "deep" / "a.md").write_text("# Canary\nCanary releases.\n")
    (tmp_path / "questions.jsonl").write_text('{"question": "canary", "path": "deep/a.md"}\n')
    record = asked(topics("eval", tmp_path / "questions.jsonl", "--notes", tmp_path / "notes", "--json"))
    assert record["found"]["success@1"] == 1.0
    assert not Catalog.exists(tmp_path / "library")


def test_markdown_holds_the_reliability_table(own: Topics, questions: Path) -> None:
    lines = own("eval", questions, "--markdown").out.splitlines()
    assert lines[0] == "| confidence | questions | right | share | said |"
    assert [line.split("|")[1].strip() for line in lines[2:6]] == [
        "90 % and more",
        "70 to 90 %",
        "50 to 70 %",
        "below 50 %",
    ]
    assert lines[-1].startswith("4 questions, 3 answerable: success@1 1.000; ")


def test_broken_corpus_is_named(topics: Topics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d1", "text": "Canary releases."}\n{"_id": "d2"}\n')
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "canary"}\n')
    (tmp_path / "qrels.tsv").write_text("q1\td1\t1\n")
    for _ in range(2):
        result = topics("eval", tmp_path)
        assert result.code == 1
        assert f"{tmp_path / 'corpus.jsonl'} was not read as a whole: 1 of its lines" in result.err


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{}", "Line 1 of"),
        ('{"question": "q", "topic": "Sourdough"}', "1 topic of the 1 named cannot be found in the library"),
    ],
)
def test_file_that_cannot_be_asked_is_one_sentence(own: Topics, questions: Path, line: str, complaint: str) -> None:
    questions.write_text(line)
    result = own("eval", questions)
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert complaint in result.err
