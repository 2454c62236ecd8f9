"""A question that leans on the one before it is read with that one, and no other is."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from assistant.answering import ask, leans
from assistant.answering.follow_up import Before, read_after
from index.library import Library
from index.text import title_key

CASES: Final = Path(__file__).parents[2] / "cases"


def cases(name: str) -> list[dict[str, Any]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


BEFORE: Final = Before("how do I define a pipeline in gitlab?", "GitLab pipelines")


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("how do I undo it?", "how do I undo GitLab pipelines?"),
        ("and in Jenkins?", "how do I define a pipeline in Jenkins?"),
        ("what about Jenkins?", "how do I define a pipeline in Jenkins?"),
        ("under Windows?", "how do I define a pipeline under Windows?"),
        ("why?", "why GitLab pipelines?"),
        ("any alternatives?", "any alternatives of GitLab pipelines?"),
        ("does Jenkins support that too?", "does Jenkins support GitLab pipelines too?"),
        ("what are its limits?", "what are GitLab pipelines's limits?"),
        ("ok, and how do I test?", "how do I test of GitLab pipelines?"),
    ],
)
def test_question_that_leans_is_read_in_full(question: str, read: str) -> None:
    found = read_after(question, BEFORE)
    assert found is not None
    assert (found.read, found.after, found.about) == (read, *BEFORE)


@pytest.mark.parametrize(
    ("before", "question", "read"),
    [
        ("what is a decorator in python?", "and a generator?", "what is a generator in python?"),
        ("who is the mayor of Lisbon?", "and the governor?", "who is the governor of Lisbon?"),
        ("what is a stage in gitlab?", "and in jenkins?", "what is a stage in jenkins?"),
        ("what is a stage in gitlab?", "and jenkins?", "what is a stage in jenkins?"),
        ("what is the capital of the Netherlands?", "and the Vatican?", "what is the capital of the Vatican?"),
        # a name takes the place of the only name, with what stands beside both
        ("who leads the Music club?", "and the Chess club?", "who leads the Chess club?"),
        ("when does the Music club meet in town?", "and the Chess one?", "when does the Chess club meet in town?"),
        ("which Ford key opens the boot?", "and for Volvo?", "which Volvo key opens the boot?"),
        # a place takes the place of a place, not of what belongs to the verb
        ("how do I turn on the heating?", "and in the barn?", "how do I turn on the heating in the barn?"),
        ("how do I get a key as a guest?", "and as a member?", "how do I get a key as a member?"),
        ("how do I get a key as a guest?", "how do I do it as a member?", "how do I get a key as a member?"),
        ("how do I bake rye in the oven?", "how do I do that in the pan?", "how do I bake rye in the pan?"),
        # what stands in the middle of a question
        ("how many spare keys do we have?", "and locks?", "how many locks do we have?"),
        ("what does a red flag mean for boats?", "and a blue flag?", "what does a blue flag mean for boats?"),
    ],
)
def test_thing_takes_the_place_of_the_one_like_it(before: str, question: str, read: str) -> None:
    full = read_after(question, Before(before))
    assert full is not None
    assert full.read == read


@pytest.mark.parametrize(
    "question",
    [
        "is it possible to undo a rebase?",
        "how long does it take to bake bread?",
        "my disk is full, how do I find what fills it?",
        "does git notice that a file was renamed?",
        "and what is a decorator?",
        "how do I reach IT?",
        "where do they grow rice in northern Italy?",
        "thanks a lot!",
        "and",
        "",
    ],
)
def test_full_question_stands_alone(question: str) -> None:
    assert not leans(question)
    assert read_after(question, BEFORE) is None


@pytest.mark.parametrize("name", ["questions.jsonl", "household.jsonl", "written.jsonl"])
def test_no_full_question_is_read_with_another_one(name: str) -> None:
    assert [case["question"] for case in cases(name) if leans(case["question"])] == []


def test_what_was_asked_before_is_meant_by_its_words_where_no_topic_answered_it() -> None:
    found = read_after("is it expensive?", Before("what is a zeppelin flight?"))
    assert found is not None
    assert (found.about, found.read) == ("", "is zeppelin flight expensive?")


def test_answer_says_what_it_was_read_as_and_a_full_question_is_answered_as_if_alone(library: Library) -> None:
    answer = ask(library, "how do I do it?", after="canary releases")
    assert answer.follow_up is not None
    assert (answer.question, answer.full_question) == ("how do I do it?", "how do I do Canary releases?")
    assert answer.hits[0].topic == answer.follow_up.about == "Canary releases"
    assert answer.to_json()["follow_up"]["read"] == answer.full_question
    alone, after = (ask(library, "merge conflicts", after=before).to_json() for before in ("", "canary releases"))
    assert alone | {"elapsed_ms": 0} == after | {"elapsed_ms": 0}


@pytest.mark.slow
def test_right_topic_comes_first_for_four_of_five_follow_ups(bundled_library: Path, tmp_path: Path) -> None:
    shutil.copytree(bundled_library, tmp_path / "library")
    with closing(Library(tmp_path / "library")) as library:
        library.add(CASES / "household")
        library.sync()
        right = [
            title_key(ask(library, case["question"], after=case["after"], limit=1).hits[0].topic)
            == title_key(case["topic"])
            for case in cases("follow_ups.jsonl")
            if case["half"] == "report"
        ]
    assert len(right) == 50
    assert sum(right) >= 44
