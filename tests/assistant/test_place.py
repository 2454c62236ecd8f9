"""An address and what it shows, there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.place import Place
from index.records import SLOTS

texts = st.text(st.characters(exclude_categories=["Cs"])).map(str.strip)


@given(texts, texts, st.sampled_from([None, *SLOTS]), texts, st.booleans())
def test_link_leads_back_to_the_same_place(
    question: str, subject: str, slot: object, topic: str, as_typed: bool
) -> None:
    place = Place(question, subject, slot, topic, as_typed)  # type: ignore[arg-type]
    assert Place.of_link(place.link) == place
    assert Place.of(place.parameters) == place


def test_empty_place_has_an_empty_address() -> None:
    assert Place().parameters == {}
    assert Place().link == "?"


@pytest.mark.parametrize("slot", ["", "why", "<script>", "HOW "])
def test_slot_that_does_not_exist_is_left_out(slot: str) -> None:
    assert Place.of({"q": "x", "slot": slot}) == Place("x")


def test_topic_opens_and_closes_over_the_same_question() -> None:
    place = Place("x", subject="Git", slot="How")
    assert place.opening("id").closed == place
    assert place.opening("id").parameters["topic"] == "id"
