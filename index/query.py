"""what was typed -> the question, the filters in it, and what is to be taken literally"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from index.errors import QuestionError
from index.records import SLOT_NAMED, Slot, Topic

_FILTER: Final = re.compile(r'(?<!\S)(subject|slot):(?:"([^"]+)"|([^\s"]+))(?!\S)', re.IGNORECASE)
_LITERAL: Final = re.compile(r'`\s*([^`\s][^`]*)`|(?<!\w)"\s*([^"\s][^"]*)"(?!\w)|“\s*([^”\s][^”]*)”')


@dataclass(frozen=True, slots=True)
class Query:
    """A question in its parts."""

    text: str
    """What was typed, the filters taken out."""
    phrases: tuple[str, ...] = ()
    """What stands in double quotes."""
    code: tuple[str, ...] = ()
    """What stands in backticks."""
    subject: str | None = None
    """As it was typed: the library says whether there is one."""
    slot: Slot | None = None

    @property
    def literals(self) -> tuple[str, ...]:
        """What a topic should hold as it stands."""
        return self.phrases + self.code


def parse_query(question: str) -> Query:
    """Take a question apart; a quote or a backtick that is never closed is text like any other.

    >>> parse_query('subject:"Machine Learning" why is `fit` "out of memory"? slot:how')
    Query(text='why is `fit` "out of memory"?', phrases=('out of memory',), code=('fit',), subject='Machine Learning', slot='How')

    Raises:
        QuestionError: there is no such slot, or nothing but filters.

    """  # noqa: E501 (the example is one object)
    filters = {match[1].casefold(): match[2] or match[3] for match in _FILTER.finditer(question)}
    text = " ".join(_FILTER.sub(" ", question).split()) if filters else question.strip()
    if filters and not text:
        raise QuestionError(f"There is a filter and no question: add one, as in  {question.strip()} what is it?")
    found = list(_LITERAL.finditer(text))
    return Query(
        text,
        phrases=tuple(_folded(match[2] or match[3]) for match in found if not match[1]),
        code=tuple(_folded(match[1]) for match in found if match[1]),
        subject=filters.get("subject"),
        slot=_slot(filters["slot"]) if "slot" in filters else None,
    )


def held(topic: Topic, literals: tuple[str, ...]) -> int:
    """Return how many of some texts a topic holds as they stand: case and the kind of white space do not count."""
    texts = (topic.heading_path, *(entry.text for entry in topic.entries))
    whole = "\n".join(_folded(text).casefold() for text in texts)
    return sum(literal.casefold() in whole for literal in literals)


def _folded(text: str) -> str:
    return " ".join(text.split())


def _slot(name: str) -> Slot:
    if slot := SLOT_NAMED.get(name.lower()):
        return slot
    raise QuestionError(f"There is no slot {name!r}. Ask with slot:what, slot:how or slot:example.")
