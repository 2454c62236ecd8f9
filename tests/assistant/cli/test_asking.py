"""`topics ask`: a question, or a batch of them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.assistant.running import QUESTION, Topics, asked
from tests.fakes import WordCountEncoder


def test_first_question_of_all_indexes_the_bundled_topics(topics: Topics) -> None:
    result = topics("ask", "--json", "what are decorators")
    assert "First use" in result.err
    assert asked(result)["hits"][0]["topic"] == "Decorators"


def test_answer_for_people_starts_with_the_sentence(own: Topics) -> None:
    result = own("ask", QUESTION)
    assert result.code == 0
    assert result.out.strip().startswith("Rebase the branch, settle each file and push again.")
    assert "topics.md:5" in result.out


def test_what_a_word_was_read_as_is_said_unless_it_is_taken_as_typed(
    own: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WordCountEncoder, "count_tokens", lambda _, text: 2 * len(text.split()))  # it knows no word
    wrong = QUESTION.replace("conflicts", "confilcts")
    assert wrong != QUESTION
    assert own("ask", wrong).out.startswith("“confilcts” read as “conflicts”; ask with --as-typed to keep it.")
    assert asked(own("ask", "--json", wrong))["read_as"] == [{"typed": "confilcts", "read": "conflicts"}]
    assert asked(own("ask", "--json", "--as-typed", wrong))["read_as"] == []


def test_words_need_no_quotes(own: Topics) -> None:
    assert asked(own("ask", "--json", "settle", "merge", "conflicts"))["question"] == "settle merge conflicts"


def test_unanswered_question_is_said_plainly_and_is_no_failure(own: Topics) -> None:
    result = own("ask", "which pizza dough needs least yeast?")
    assert result.code == 0
    assert result.out.startswith("Your notes don't say. The nearest topics:")


def test_filters_and_limit_reach_the_search(own: Topics) -> None:
    record = asked(own("ask", "--json", QUESTION, "--subject", "DEVOPS", "--slot", "example", "--limit", 1))
    assert [(hit["topic"], hit["slot"]) for hit in record["hits"]] == [("Merge conflicts", "Example")]


def test_output_that_is_piped_has_no_colours(own: Topics) -> None:
    assert "\x1b" not in own("ask", QUESTION).out


def test_batch_answers_line_by_line_in_order(own: Topics, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text('{"id": "a", "question": "decorators"}\n\n{"id": 7, "question": "canary releases"}\n')
    result = own("ask", "--batch", batch)
    records = [json.loads(line) for line in result.out.splitlines()]
    assert result.code == 0
    assert [(record["id"], record["hits"][0]["topic"]) for record in records] == [
        ("a", "Decorators"),
        (7, "Canary releases"),
    ]


def test_batch_reads_standard_input_as_it_reads_a_file(
    own: Topics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b'\xef\xbb\xbf{"question": "decorators"}\r\n{"question": "canary caf\xe9"}\n'
    (tmp_path / "questions.jsonl").write_bytes(content)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
    for batch in ("-", tmp_path / "questions.jsonl"):
        result = own("ask", "--batch", batch)
        assert (result.code, result.err) == (0, "")
        assert [json.loads(line)["question"] for line in result.out.splitlines()] == ["decorators", "canary caf\ufffd"]


@pytest.mark.parametrize("question", ["null", "7", "true"])
def test_batch_line_whose_question_is_no_text_is_a_bad_line(own: Topics, tmp_path: Path, question: str) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text(f'{{"id": 1, "question": {question}}}\n')
    result = own("ask", "--batch", batch)
    assert (result.code, "Line 1: It is not an object like" in result.err) == (1, True)


def test_broken_batch_line_is_told_and_the_rest_is_answered(own: Topics, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text('not json\n[1]\n{"id": "e", "question": " "}\n{"id": "d", "question": "decorators"}\n')
    result = own("ask", "--batch", batch)
    records = [json.loads(line) for line in result.out.splitlines()]
    assert result.code == 1
    assert [record["id"] for record in records] == [None, None, "e", "d"]
    assert ["error" in record for record in records] == [True, True, True, False]
    assert "Line 1:" in result.err


def test_deeply_nested_batch_line_is_one_bad_line(own: Topics, tmp_path: Path) -> None:
    lists = [depth * "[" + depth * "]" for depth in (50, 400, 100_000)]
    lines = [f'{{"id": {nested}, "question": {nested}}}' for nested in lists]
    batch = tmp_path / "questions.jsonl"
    batch.write_text("\n".join([*lines, f'{{"id": {lists[1]}, "question": "decorators"}}']))
    result = own("ask", "--batch", batch)
    records = [json.loads(line) for line in result.out.splitlines()]
    assert result.code == 1
    assert [("error" in record, record["id"]) for record in records] == 3 * [(True, None)] + [(False, None)]


def test_batch_line_with_half_a_surrogate_pair_is_answered_as_the_others_are(own: Topics, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text(r'{"id": "\ud800", "question": "decorators"}' + "\n" + '{"id": 2, "question": "decorators"}\n')
    result = own("ask", "--batch", batch)
    assert [json.loads(line)["id"] for line in result.out.splitlines()] == ["?", 2]


def test_missing_batch_file_is_one_sentence(own: Topics, tmp_path: Path) -> None:
    result = own("ask", "--batch", tmp_path / "none.jsonl")
    assert (result.code, result.out) == (1, "")
    assert "cannot be read (No such file or directory)" in result.err


@pytest.mark.parametrize("arguments", [(), ("question", "--batch", "-"), ("question", "--slot", "when")])
def test_wrong_usage_has_exit_code_2(own: Topics, arguments: tuple[str, ...]) -> None:
    assert own("ask", *arguments).code == 2


@pytest.mark.parametrize(
    ("question", "sentence"), [("", "The question is empty."), ("word " * 2000, "The question is too long:")]
)
def test_question_that_cannot_be_asked_is_one_sentence(own: Topics, question: str, sentence: str) -> None:
    result = own("ask", question)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"Error: {sentence}")
    assert result.err.count("\n") == 1


def test_empty_library_says_how_notes_come_in_and_has_no_gaps(own: Topics, notes: Path) -> None:
    own("remove", notes)
    result = own("ask", QUESTION)
    assert (result.code, result.out) == (0, "Your notes don't say.\n")
    assert "holds no topics yet: add notes with `topics add FOLDER`" in result.err
    assert own("ask", "hello").out == "Hello! Ask what your notes say, in your own words.\n"
    assert own("gaps").out == "No question is unanswered at present.\n"
    assert own("journal").out == "No question is recorded.\n"


def test_answer_has_no_blanks_at_the_ends_of_its_lines_to_be_copied_along(own: Topics) -> None:
    lines = own("ask", QUESTION).out.splitlines()
    assert len(lines) > 5
    assert lines == [line.rstrip() for line in lines]


def test_unknown_subject_names_the_known_ones(own: Topics) -> None:
    result = own("ask", QUESTION, "--subject", "Cooking")
    assert result.code == 1
    assert "There is no subject 'Cooking' in this library. Its subjects: DevOps, Python." in result.err
