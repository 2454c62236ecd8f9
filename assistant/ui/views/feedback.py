"""what a person says about an answer -> HTML: the buttons to mark it, to take that back, and to save the question"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from markupsafe import Markup

from assistant.answer import Answer, TopicResult
from assistant.feedback import Feedback
from assistant.ui.views.markup import trusted
from assistant.ui.views.rendering import render

_MARKED: Final = {Feedback.USEFUL: "Marked as useful", Feedback.WRONG: "Marked as not answered"}
"""What the page says of a mark; a question without an answer can be marked, too."""


@dataclass(frozen=True, slots=True)
class GivenFeedback:
    """What a person said about the answer to a question so far."""

    marks: Mapping[str, Feedback] = field(default_factory=dict)
    """How topics, by their topic ids, were marked for the question."""
    is_saved: bool = False

    def rejects(self, answer: Answer) -> bool:
        """Return whether the topic that answers was marked as wrong."""
        return bool(answer.hits) and self.marks.get(answer.hits[0].id) is Feedback.WRONG

    @property
    def wrong_topics(self) -> tuple[str, ...]:
        """The topics that were marked as wrong, by their topic ids."""
        return tuple(topic for topic, mark in self.marks.items() if mark is Feedback.WRONG)


class Button(NamedTuple):
    """What `reactions.react` does when it is pressed."""

    label: str
    act: str
    topic: str = ""


def reactions_html(answer: Answer, feedback: GivenFeedback, *, is_next_best: bool = False) -> Markup:
    """Return the row of buttons under an answer, or under the next best one where the best was marked as wrong."""
    topic = answer.hits[0].id if answer.hits else ""
    if answer.kind != "passage":  # nothing claims to answer, and nothing is missing
        marks = []
    elif topic in feedback.marks:
        marks = [_undo(topic, feedback.marks[topic])]
    elif answer.answered:
        marks = [Button("Useful", Feedback.USEFUL, topic), Button("Not useful", Feedback.WRONG, topic)]
    else:
        marks = [Button("Note this gap", Feedback.WRONG, topic)]
    if is_next_best:  # a wrong topic is not shown any more, and its mark can be taken back here
        marks += [_undo(wrong, Feedback.WRONG) for wrong in feedback.wrong_topics if wrong != topic]
    save = Button("Saved · Undo", "unsave") if feedback.is_saved else Button("Save", "save")
    return render("buttons", buttons=[*marks, save])


def offer_html(answer: Answer, card: TopicResult, feedback: GivenFeedback) -> Markup:
    """Return the button that makes a topic the answer, where there is none or it is wrong."""
    if answer.kind != "passage":
        return trusted("")
    is_useful = feedback.marks.get(card.id) is Feedback.USEFUL
    if is_useful and card.id != answer.hits[0].id:
        offer = _undo(card.id, Feedback.USEFUL)
    elif not is_useful and (not answer.answered or feedback.rejects(answer)):
        offer = Button("This answers it", Feedback.USEFUL, card.id)
    else:
        return trusted("")
    return render("buttons", buttons=[offer])


def feedback_words(feedback: GivenFeedback) -> str:
    """Return what a screen reader is told of what a person said."""
    marks = [_MARKED[mark] for mark in feedback.marks.values()]
    return " ".join(f"{words}." for words in [*marks, *(["Saved"] if feedback.is_saved else [])])


def _undo(topic: str, mark: Feedback) -> Button:
    return Button(f"{_MARKED[mark]} · Undo", "undo", topic)
