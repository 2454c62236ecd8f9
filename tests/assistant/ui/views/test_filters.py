"""What an answer can be narrowed to, as links that narrow it and widen it again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from assistant.answer import Answer, TopicResult
from assistant.discovery import Contents, Facet, Listed
from assistant.place import Place
from assistant.ui.views.answer import answer_html
from assistant.ui.views.filters import MAX_SUBJECTS, filters_html, offered_subjects
from index.records import NoteFilter
from index.retrieval import SaidFilter, narrowed
from tests.assistant.ui.html import HOSTILE, assert_harmless

UNANSWERED = Answer("knead", False, 0.1, None, None, (), (), 1.0)

CONTENTS = Contents((Listed(1, "a", "Bread", "Rye", "rye.md", 1),), {})
FACETS = [Facet("food", "folder:food", 8), Facet("#<b>rye</b>", 'tag:"<b>rye</b> bread"', 2)]
KNOWN = Contents(
    (
        Listed(1, "a", "Git", "Rebase", "git.md", 3),
        Listed(2, "b", "C&C", "Merge", "c.md", 3),
        Listed(3, "c", "Git", "Pull", "git.md", 9),
    ),
    {},
)
MANY = {f"subject {number}": 1 for number in range(MAX_SUBJECTS + 1)}


def found(subject: str, *slots: str) -> TopicResult:
    return TopicResult("id", subject, "Rebase", None, 0.5, "", (), (), "git.md", 3, dict.fromkeys(slots, ""))


def test_filter_leads_to_the_same_question_within_it() -> None:
    html = filters_html(KNOWN, (), Place("q", slot="How"))
    assert '<a href="?q=q&amp;subject=Git&amp;slot=how">Git 2</a>' in html
    assert '<a href="?q=q&amp;subject=C%26C&amp;slot=how">C&amp;C 1</a>' in html


def test_subject_found_or_chosen_in_another_case_is_the_same_filter() -> None:
    html = filters_html(Contents(KNOWN.topics * 3, {}), [found("GIT"), found("c&c")], Place("q", subject="git"))
    assert '<a href="?q=q" aria-current="true">Git 6</a>' in html
    assert html.count("<a ") == 2


def test_chosen_filter_is_marked_and_leads_back_out_of_it() -> None:
    html = filters_html(Contents(KNOWN.topics, {"How": 3}), (), Place("q", subject="Git", slot="How"))
    assert '<a href="?q=q&amp;slot=how" aria-current="true">Git 2</a>' in html
    assert '<a href="?q=q&amp;subject=Git" aria-current="true">How 3</a>' in html


def test_slots_are_offered_where_topics_that_were_found_have_them() -> None:
    known = Contents(KNOWN.topics, {"What": 1, "How": 2})
    html = filters_html(known, [found("Git", "How"), found("Git", "")], Place("q"))
    assert "How 2" in html
    assert "What" not in html


def test_slots_of_a_few_topics_among_many_are_not_offered() -> None:
    known = Contents(KNOWN.topics, {"How": 2})
    assert "How" not in filters_html(known, [found("Git", "How"), found("Git", ""), found("Git", "")], Place("q"))


def test_one_subject_without_slots_is_nothing_to_choose_from() -> None:
    assert filters_html(Contents(KNOWN.topics[:1], {}), (), Place("q")) == ""


def test_large_library_offers_the_subjects_of_what_was_found_and_the_one_that_is_chosen() -> None:
    assert offered_subjects(MANY, ["subject 3", "subject 3", "subject 1"], "") == ["subject 3", "subject 1"]
    assert offered_subjects(MANY, ["subject 3"], "subject 5") == ["subject 5", "subject 3"]
    assert offered_subjects(MANY, [], "a subject that is gone") == []
    few = dict(list(MANY.items())[:MAX_SUBJECTS])
    assert offered_subjects(few, [], "") == list(few)


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
