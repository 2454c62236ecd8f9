"""what is asked? the question as typed -> its text, its filters, and what is to be taken literally"""

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
from index.text import STOP_WORDS, Replaced, compared, function_words, single_spaced

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
"""Text to be taken literally: in backticks, or in the quotes of any language."""
_TYPED_FOR: Final = {
    ord(sign): typed for signs, typed in (("’‘‚‛", "'"), ("“”„‟«»", '"'), ("–—‑−", "-")) for sign in signs
}
"""Characters that are typed in place of others."""

_ASK_MEANING: Final = frozenset({"define", "explain", "describe"})
_ASKED_MEANING: Final = re.compile(r"(?<=\w) (?:means?|stands? for)\W*\Z", re.IGNORECASE)
_OPENING_WORD: Final = re.compile(r"(?P<word>\w+)(?:['’]s\b)?")


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its filters and quotes taken apart."""

    text: str
    """The question without its filters."""
    phrases: tuple[str, ...] = ()
    """The quoted texts."""
    code: tuple[str, ...] = ()
    """The texts in backticks."""
    subject: str | None = None
    """As typed; the library may have no such subject."""
    slot: Slot | None = None
    notes: NoteFilter = field(default=NoteFilter(), repr=False)
    """Which notes are searched."""
    replaced: tuple[Replaced, ...] = ()
    """The misspelt words of the text, and the words that they were read as."""

    unknown_names: frozenset[str] = field(default=frozenset(), repr=False)
    """The stems of the words written as names that no topic of the library holds."""

    forms: WordForms = field(default_factory=dict, repr=False)
    """By the stem of each word, the stems of its other forms that the library holds."""

    @property
    def other_names(self) -> frozenset[str]:
        """The words that misspelt names were read as, and which may name somebody else.

        A word with a capital within a question is a name, except in languages that capitalise other words, too.
        """
        return frozenset(word.read for word in self.replaced if word.is_name and not word.is_slip)

    @property
    def literals(self) -> tuple[str, ...]:
        """All texts that a topic should hold literally."""
        return self.phrases + self.code


def parse_query(question: str, *, today: date | None = None, is_written: IsWritten = lambda _: False) -> Query:
    """Parse a question; an unclosed quote or backtick is text like any other.

    `is_written` says whether the notes hold a text literally: a `-word` that they hold is searched for, not excluded.

    >>> parse_query('subject:"Machine Learning" why is `fit` "out of memory"? slot:how')
    Query(text='why is `fit` "out of memory"?', phrases=('out of memory',), code=('fit',), subject='Machine Learning', slot='How', replaced=())

    Raises:
        QuestionError: a slot does not exist, or there is nothing but filters.

    """  # noqa: E501 (the example is one object)
    text, subject, slot, notes, _ = narrowed(question, today or date.today(), is_written)
    if notes and not text:
        raise QuestionError(f"There is a filter and no question: add one, as in  {question.strip()} what is it?")
    literals = list(_QUOTED_TEXT.finditer(text))
    return Query(
        text,
        phrases=tuple(single_spaced(match[match.lastindex or 0]) for match in literals if not match["code"]),
        code=tuple(single_spaced(match["code"]) for match in literals if match["code"]),
        subject=subject,
        slot=slot,
        notes=notes,
    )


def without_opening(question: str) -> str:
    """Return a question without the words that only ask what something is: what is left may be the title of a topic.

    >>> without_opening("What is the GIL?"), without_opening("Was ist ein Vorteig?"), without_opening("what is it?")
    ('GIL?', 'Vorteig?', 'what is it?')
    >>> without_opening("What's the GIL?"), without_opening("define GIL"), without_opening("what does GIL mean?")
    ('GIL?', 'GIL', 'GIL')
    """
    opening = STOP_WORDS | function_words(question) | _ASK_MEANING
    plain = _ASKED_MEANING.sub("", question)
    words = (match for match in _OPENING_WORD.finditer(plain) if compared(match["word"]) not in opening)
    first = next(words, None)
    return plain[first.start() :] if first else question


def count_contained(topic: Topic, literals: tuple[str, ...]) -> int:
    """Return how many of the texts a topic holds literally, in its Markdown or in what a person sees of it.

    Case, kinds of white space and quotes, and Unicode forms are ignored.
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
    """Return a text in compared form, with typographic quotes and dashes as a keyboard has them."""
    return compared(single_spaced(text).translate(_TYPED_FOR))
