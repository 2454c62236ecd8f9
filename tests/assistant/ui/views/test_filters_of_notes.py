"""Facets of notes as links that narrow an answer and widen it again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from assistant.answer import Answer
from assistant.discovery import Contents, Facet, Listed
from assistant.place import Place
from assistant.ui.views.answer import answer_html
from assistant.ui.views.filters import filters_html
from index.records import NoteFilter
from index.retrieval import SaidFilter, narrowed
from tests.assistant.ui.html import HOSTILE, assert_harmless

UNANSWERED = Answer("knead", False, 0.1, None, None, (), (), 1.0)

CONTENTS = Contents((Listed(1, "a", "Bread", "Rye", "rye.md", 1),), {})
FACETS = [Facet("food", "folder:food", 8), Facet("#<b>rye</b>", 'tag:"<b>rye</b> bread"', 2)]


def links(place: Place) -> dict[str, tuple[Place, bool]]:
    found = re.findall(r'<a href="([^"]*)"([^>]*)>(.*?)</a>', str(filters_html(CONTENTS, [], place, FACETS)))
    return {label: (Place.of_link(link.replace("&amp;", "&")), "true" in current) for link, current, label in found}


def test_facet_narrows_the_place_and_escapes_what_notes_are_called() -> None:
    found = links(Place("knead"))
    assert found == {
        "food 8": (Place("knead", filter="folder:food"), False),
        "#&lt;b&gt;rye&lt;/b&gt; 2": (Place("knead", filter='tag:"<b>rye</b> bread"'), False),
    }


def test_chosen_facet_leads_back_out_and_one_that_was_typed_stays_to_be_taken_off() -> None:
    found = links(Place("knead", filter="folder:food after:2026-09"))
    assert found["food 8"] == (Place("knead", filter="after:2026-09"), True)
    assert found["from 1 September 2026 on"] == (Place("knead", filter="folder:food"), True)


def test_days_that_are_clicked_take_the_place_of_other_days() -> None:
    week = Facet("Last 7 days", 'date:"past week"', 3)
    html = str(filters_html(CONTENTS, [], Place("knead", filter="tag:rye after:2026-09"), [week]))
    [link] = re.findall(r'<a href="([^"]*)">Last 7 days 3</a>', html)
    assert Place.of_link(link.replace("&amp;", "&")).filter == 'tag:rye date:"past week"'


def test_filters_that_the_question_says_are_left_by_a_click_each() -> None:
    question = "tag:rye last month's notes on kneading"
    said = narrowed(question, date(2026, 11, 29), lambda _: False).from_question
    html = str(filters_html(CONTENTS, [], Place(question, as_typed=True), [], said))
    links = re.findall(r'<a href="([^"]*)" aria-current="true">([^<]*)</a>', html)
    assert [(label, Place.of_link(link.replace("&amp;", "&"))) for link, label in links] == [
        ("tagged #rye", Place("last month's notes on kneading")),
        ("from 1 October 2026 to 31 October 2026", Place("tag:rye kneading")),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_filters_are_text(text: str) -> None:
    notes = NoteFilter((text,), (text,), (text,), (text,), without=(text,))
    said = [SaidFilter(notes, text)]
    place = Place(text, filter=f'folder:"{text}"')
    assert_harmless(filters_html(CONTENTS, [], place, [Facet(f"From {text}", f'source:"{text}"', 2)], said))
    assert_harmless(answer_html(replace(UNANSWERED, filter=f'tag:"{text}"'), place))
