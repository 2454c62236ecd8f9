"""what was typed -> the question, the filters in it, and what is to be taken literally"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from index.errors import QuestionError
from index.markdown import visible_text
from index.records import NoteFilter, Slot, Topic, WordForms
from index.retrieval.filters import IsWritten, narrowed
from index.text import Replaced, compared

_QUOTES: Final = (("“", "”"), ("„", "“”"), ("«", "»"), ("»", "«"), ("「", "」"), ("『", "』"))
_QUOTED_TEXT: Final = re.compile(
    "|".join(
        (
            r"`\s*(?P<code>[^`\s][^`]*)`",
            r'(?<!\w)"\s*([^"\s][^"]*)"(?!\w)',
            *(rf"{first}\s*([^{last}\s][^{last}]*)[{last}]" for first, last in _QUOTES),
        )
    )
)
"""What is to be taken as it stands: in backticks, or in the quotes of any language."""
_TYPED_FOR: Final = {
    ord(sign): typed for signs, typed in (("’‘‚‛", "'"), ("“”„‟«»", '"'), ("–—‑−", "-")) for sign in signs
}
"""Characters that are typed in place of others."""


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
    notes: NoteFilter = field(default=NoteFilter(), repr=False)
    """Which notes are searched."""
    replaced: tuple[Replaced, ...] = ()
    """The words of the text that were misspelt, and what they were read as."""

    forms: WordForms = field(default_factory=dict, repr=False)
    """By the stem of each word, the stems of its other forms that the library holds."""

    @property
    def other_names(self) -> frozenset[str]:
        """What names were read as that may be those of somebody else: an answer that has these speaks of another.

        A name is what has a capital within a question, but in a language in which other words have one, too.
        """
        return frozenset(word.read for word in self.replaced if word.is_name and not word.is_slip)

    @property
    def literals(self) -> tuple[str, ...]:
        """What a topic should hold as it stands."""
        return self.phrases + self.code


def parse_query(question: str, *, today: date | None = None, is_written: IsWritten = lambda _: False) -> Query:
    """Take a question apart; a quote or a backtick that is never closed is text like any other.

    `is_written` tells what the notes write as it stands: that is searched for, not left out.

    >>> parse_query('subject:"Machine Learning" why is `fit` "out of memory"? slot:how')
    Query(text='why is `fit` "out of memory"?', phrases=('out of memory',), code=('fit',), subject='Machine Learning', slot='How', replaced=())

    Raises:
        QuestionError: there is no such slot, or nothing but filters.

    """  # noqa: E501 (the example is one object)
    text, subject, slot, notes, _ = narrowed(question, today or date.today(), is_written)
    if notes and not text:
        raise QuestionError(f"There is a filter and no question: add one, as in  {question.strip()} what is it?")
    literals = list(_QUOTED_TEXT.finditer(text))
    return Query(
        text,
        phrases=tuple(_folded(match[match.lastindex or 0]) for match in literals if not match["code"]),
        code=tuple(_folded(match["code"]) for match in literals if match["code"]),
        subject=subject,
        slot=slot,
        notes=notes,
    )


def count_contained(topic: Topic, literals: tuple[str, ...]) -> int:
    """Return how many of some texts a topic holds as they stand, as it is written or as a person sees it.

    Case, the kind of white space and of quotes, and the form of Unicode do not count.
    """
    texts = (topic.heading_path, *(entry.text for entry in topic.entries))
    wanted = set(map(_typed, literals))
    contained = _those_written(wanted, texts)
    return len(
        contained | _those_written(wanted - contained, map(visible_text, texts)) if contained < wanted else contained
    )


def _those_written(wanted: Set[str], texts: Iterable[str]) -> set[str]:
    whole = "\n".join(map(_typed, texts)) if wanted else ""
    return {text for text in wanted if text in whole}


def _typed(text: str) -> str:
    """Return a text in the characters that a keyboard has, as it is compared."""
    return compared(_folded(text).translate(_TYPED_FOR))


def _folded(text: str) -> str:
    return " ".join(text.split())
