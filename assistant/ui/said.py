"""what a person says about an answer -> HTML: the buttons to mark it, to take that back, and to save the question"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup

from assistant.answer import Answer, Card
from assistant.ui.markup import trusted
from assistant.ui.rendering import render


@dataclass(frozen=True, slots=True)
class Said:
    """What was said about an answer so far."""

    marks: Mapping[str, bool] = field(default_factory=dict)
    """Topics, by their stable ids, that were marked for the question: as useful, or not."""
    is_saved: bool = False

    def declines(self, answer: Answer) -> bool:
        """Say whether the topic that answers was marked as no answer."""
        return bool(answer.hits) and self.marks.get(answer.hits[0].id) is False

    @property
    def declined(self) -> tuple[str, ...]:
        """The topics that were marked as no answer."""
        return tuple(topic for topic, is_useful in self.marks.items() if not is_useful)


class Button(NamedTuple):
    """What `reactions.react` does when it is pressed."""

    label: str
    act: str
    topic: str = ""


def reactions_html(answer: Answer, feedback: Said, *, is_next_best: bool = False) -> Markup:
    """Return the row of buttons under an answer, or under the next best one where the best was declined."""
    topic = answer.hits[0].id if answer.hits else ""
    if answer.kind != "passage":  # nothing claims to answer, and nothing is missing
        marks = []
    elif topic in feedback.marks:
        marks = [_undo(topic, is_useful=feedback.marks[topic])]
    elif answer.answered:
        marks = [Button("Useful", "useful", topic), Button("Not useful", "useless", topic)]
    else:
        marks = [Button("Note this gap", "useless", topic)]
    if is_next_best:  # what was declined is not shown any more, and can be taken back here
        marks += [_undo(declined, is_useful=False) for declined in feedback.declined if declined != topic]
    save = Button("Saved · Undo", "unsave") if feedback.is_saved else Button("Save", "save")
    return render("buttons", buttons=[*marks, save])


def offer_html(answer: Answer, card: Card, feedback: Said) -> Markup:
    """Return the button that makes a topic the answer, where there is none or it is wrong."""
    if answer.kind != "passage":
        return trusted("")
    if feedback.marks.get(card.id) and card.id != answer.hits[0].id:
        offer = _undo(card.id, is_useful=True)
    elif not feedback.marks.get(card.id) and (not answer.answered or feedback.declines(answer)):
        offer = Button("This answers it", "useful", card.id)
    else:
        return trusted("")
    return render("buttons", buttons=[offer])


def said_words(feedback: Said) -> str:
    """Return what a screen reader is told once something was said."""
    marks = [_marked_words(is_useful=is_useful) for is_useful in feedback.marks.values()]
    return " ".join(f"{words}." for words in [*marks, *(["Saved"] if feedback.is_saved else [])])


def _undo(topic: str, *, is_useful: bool) -> Button:
    return Button(f"{_marked_words(is_useful=is_useful)} · Undo", "undo", topic)


def _marked_words(*, is_useful: bool) -> str:
    return "Marked as useful" if is_useful else "Marked as not answered"
