"""What an answer can be narrowed to."""

from __future__ import annotations

from assistant.answer import TopicResult
from assistant.discovery.overview import Contents, Listed
from assistant.place import Place
from assistant.ui.views.filters import MAX_SUBJECTS, filters_html, offered_subjects

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
