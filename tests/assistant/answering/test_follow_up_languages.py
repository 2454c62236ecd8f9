"""A question in another language that leans on the one before it is read with that one, and no other is."""

from __future__ import annotations

import pytest

from assistant.answering.follow_up import Before, leans, read_after
from tests.cases_of import rows


@pytest.mark.parametrize(("before", "question", "full"), rows("follow_ups_languages.tsv"))
def test_question_that_leans_is_read_in_full(before: str, question: str, full: str) -> None:
    follow_up = read_after(question, Before(before, "X"))
    assert (follow_up.read if follow_up else "") == full
    assert leans(question, before) == bool(full)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("Wie alt ist das Haus?", "In welchem Jahr wurde es gebaut?"),
        ("Wie alt ist das Haus?", "Wie viele Zimmer gibt es?"),
        ("¿Qué es la masa madre?", "¿En qué año murió la abuela?"),
        ("¿Qué es la masa madre?", "¿Qué pasa con el paquete en la oficina de correos?"),
        ("où est la clé ?", "et quand est-ce que le chauffagiste passe ?"),
    ],
)
def test_full_question_stands_alone(before: str, question: str) -> None:
    assert not leans(question, before)


def test_words_of_the_question_before_are_meant_where_no_topic_answered_it() -> None:
    follow_up = read_after("und warum?", Before("was ist eine Zeppelinfahrt?"))
    assert follow_up is not None
    assert follow_up.read == "warum Zeppelinfahrt?"
