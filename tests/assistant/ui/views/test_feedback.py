"""What can be said about an answer, and what was said."""

from __future__ import annotations

from dataclasses import replace

from assistant.answer import Answer, TopicResult
from assistant.feedback import Feedback
from assistant.ui.views.feedback import GivenFeedback, feedback_words, offer_html, reactions_html

FIRST, SECOND = (
    TopicResult(name, "Git", name, "How", 0.5, "Rebase.", (), (), "git.md", 3, {"How": "Rebase."})
    for name in ("first", "second")
)
ANSWERED = Answer("how?", True, 0.9, "How", None, (FIRST, SECOND), (), 1.0)
UNANSWERED = replace(ANSWERED, answered=False)


def test_answer_can_be_marked_and_its_question_saved() -> None:
    html = reactions_html(ANSWERED, GivenFeedback())
    assert '<button type="button" data-act="useful" data-topic="first">Useful</button>' in html
    assert '<button type="button" data-act="wrong" data-topic="first">Not useful</button>' in html
    assert ">Save<" in html


def test_what_was_said_can_be_taken_back() -> None:
    html = reactions_html(ANSWERED, GivenFeedback({"first": Feedback.WRONG}, is_saved=True))
    assert '<button type="button" data-act="undo" data-topic="first">Marked as not answered · Undo</button>' in html
    assert 'data-act="unsave"' in html
    assert "Useful" not in html


def test_gap_is_noted_without_calling_any_topic_useful() -> None:
    html = reactions_html(UNANSWERED, GivenFeedback())
    assert '<button type="button" data-act="wrong" data-topic="first">Note this gap</button>' in html


def test_every_topic_can_be_made_the_answer_where_there_is_none() -> None:
    for card in UNANSWERED.hits:
        assert f'data-act="useful" data-topic="{card.id}">This answers it<' in offer_html(
            UNANSWERED, card, GivenFeedback()
        )


def test_other_topics_are_offered_once_the_answer_is_marked_as_wrong() -> None:
    assert offer_html(ANSWERED, SECOND, GivenFeedback()) == ""
    assert "This answers it" in offer_html(ANSWERED, SECOND, GivenFeedback({"first": Feedback.WRONG}))


def test_topic_that_was_made_the_answer_says_so_wherever_it_stands() -> None:
    assert "Marked as useful · Undo" in offer_html(ANSWERED, SECOND, GivenFeedback({"second": Feedback.USEFUL}))
    assert (
        offer_html(ANSWERED, FIRST, GivenFeedback({"first": Feedback.USEFUL})) == ""
    )  # it stands in the row under the answer


def test_screen_reader_is_told_what_was_said() -> None:
    assert feedback_words(GivenFeedback({"first": Feedback.USEFUL}, is_saved=True)) == "Marked as useful. Saved."
    assert feedback_words(GivenFeedback()) == ""


def test_keyword_and_contents_ask_for_no_verdict() -> None:
    given = replace(UNANSWERED, kind="topics")
    assert "gap" not in reactions_html(given, GivenFeedback())
    assert "Save" in reactions_html(given, GivenFeedback())
    assert offer_html(given, given.hits[0], GivenFeedback()) == ""


def test_wrong_topics_are_those_that_were_marked_so() -> None:
    assert GivenFeedback({"a": Feedback.WRONG, "b": Feedback.USEFUL}).wrong_topics == ("a",)
