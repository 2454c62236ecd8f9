"""what a page says beside answers -> HTML: an error, a hint, a greeting, a row of links"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from markupsafe import Markup

from assistant.place import Place
from assistant.ui.views.markup import trusted
from assistant.ui.views.rendering import render

NO_TOPICS: Final = trusted(
    'This library holds no topics yet. <a href="library">Add a folder of notes, or upload some.</a>'
)
NO_TOPICS_MESSAGE: Final = trusted('<div class="ta-answer ta-none">{}</div>').format(NO_TOPICS)


class Link(NamedTuple):
    """A text that leads somewhere."""

    text: str
    place: Place
    why: str = ""
    """Why it is offered."""
    distinction: str = ""
    """What tells it from others of the same text."""


def message_html(message: str) -> Markup:
    """Return an error or a hint as a person is to read it."""
    return render("message", message=message)


def greeting_html(examples: Iterable[str]) -> Markup:
    """Return what a greeting is answered with: what can be asked."""
    hello = render("notice", sentence="Hello! Ask what your notes say, in your own words.", is_answer=True)
    return hello + chips_html("For example", (Link(example, Place(example)) for example in examples))


def problem_html(problem: str, place: Place) -> Markup:
    """Return why a question was not answered, with the way out where that may be a filter."""
    everywhere = Place(place.question)
    return message_html(problem) + chips_html(
        "", [Link("Search everything", everywhere)] if place != everywhere else ()
    )


def chips_html(heading: str, links: Iterable[Link], page: str = "") -> Markup:
    """Return a row of links that lead to places on this or another page."""
    return render("chips", heading=heading, links=list(links), page=page)
