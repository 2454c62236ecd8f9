"""What nobody meant to ask."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from assistant.feedback.gibberish import bigrams, is_gibberish
from index.text import plain_words, stem

CASES: Final = Path(__file__).parents[2] / "cases"
WORDS: Final = sorted(
    {word for path in (CASES / "household").glob("*.md") for word in plain_words(path.read_text(encoding="utf-8"))}
)
SEEN: Final = bigrams(WORDS)
STEMS: Final = frozenset(map(stem, WORDS))


def says_nothing(question: str) -> bool:
    return is_gibberish(question, STEMS.__contains__, SEEN, len(WORDS))


@pytest.mark.parametrize(
    "question",
    ["asdfghjkl", "sdfkjh wqxrt", "qweqwe", "???", "...!", "hahaha", "how do I xcvxcv?", "lkjlkj", "zzzzzz", "and"],
)
def test_pressed_keys_and_signs_ask_for_nothing(question: str) -> None:
    assert says_nothing(question)


@pytest.mark.parametrize(
    "question",
    [
        *(
            "what is kubectl?",
            "traefik kyverno grafana",
            "psql",
            "404",
            "how do I feed asdfgh?",
            "Szczecin",
            "strengths",
        ),
        *(
            "wo ist der Zwischenablagenverlauf?",
            "鍵の暗証番号はどこ",
            "как настроить nginx",
            "liberty property",
            "wifi",
        ),
    ],
)
def test_names_that_no_note_has_and_other_languages_are_questions(question: str) -> None:
    assert not says_nothing(question)


def test_no_question_of_a_library_of_other_notes_says_nothing() -> None:
    lines = (CASES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [case["question"] for case in map(json.loads, lines) if case["kind"] in {"natural", "paraphrase", "near"}]
    assert len(asked) > 100
    assert [question for question in asked if says_nothing(question)] == []
