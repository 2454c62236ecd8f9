"""the gate: a sentence that a model wrote is shown only if an entry that it cites supports it"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.grounding.facts import missing_facts
from assistant.grounding.items import items_of
from assistant.grounding.support import SourceEntry, read_source, support
from index.embedding import Encoder
from index.markdown import visible_text
from index.text import compared

SHOWN_FROM: Final = 0.58
"""From this probability on that the cited entry supports it, a sentence is shown. On the topics that nothing was fitted
on, 4.0 % of the written sentences that are not supported are shown, and 12.5 % of those that are supported withheld;
from .5 on 6.2 and 9.7 %, from .65 on 3.4 and 15.3 %."""

MIN_ITEMS: Final = 2
"""Words and amounts that a sentence says at least: below, it says nothing that could be true or false."""
QUOTED_WORDS: Final = 2
"""Words between quotation marks from which they are taken as a quote, which has to stand in the entry."""

_CITATION: Final = re.compile(r"\s*\[(?P<numbers>\d{1,2}(?:\s*[,;&–-]\s*\d{1,2})*)\]")
_CITED_NUMBER: Final = re.compile(r"\d+")
_QUOTE: Final = re.compile(r"[\"“„«](?P<quote>[^\"“”„«»]+)[\"”“»]")
_QUESTION: Final = re.compile(r"\?[\s*_\"”’)]*$")


@dataclass(frozen=True, slots=True)
class GateSource:
    """An entry that sentences may cite."""

    number: int
    headings: str
    text: str
    """As Markdown."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says to a sentence."""

    sentence: str
    """Without its citations."""
    supported_by: tuple[int, ...]
    """The numbers of the cited entries that support it; empty where it is withheld."""
    probability: float
    """That the entry which supports it best does so, 0 to 1."""
    reason: str = ""
    """Why it is withheld, in words that follow "withheld:"; empty where it is shown."""

    @property
    def is_shown(self) -> bool:
        """Return whether the sentence may be shown."""
        return not self.reason


class Gate:
    """Judges sentences against the entries that a model was given."""

    def __init__(self, sources: Sequence[GateSource], encoder: Encoder) -> None:
        """Remember the entries; each is read when it is first cited."""
        self._sources = {source.number: source for source in sources}
        self._encoder = encoder
        self._read = lru_cache(maxsize=None)(self._reading)
        self._shown: set[str] = set()

    def judge(self, written: str) -> Verdict:
        """Return whether a sentence may be shown, and why not; one that was shown before is not shown again."""
        sentence = _CITATION.sub("", written).strip()
        cited = [number for number in citations(written) if number in self._sources]
        if reason := self._formal_fault(written, sentence, cited):
            return Verdict(sentence, (), 0.0, reason)
        judged = {number: self._judge_against(sentence, number) for number in cited}
        best = max(judged.values(), key=lambda each: (not each.reason, each.probability))
        supporting = tuple(number for number, verdict in judged.items() if verdict.is_shown)
        if supporting:
            self._shown.add(_compared_statement(sentence))
        return Verdict(sentence, supporting, best.probability, best.reason)

    def _formal_fault(self, written: str, sentence: str, cited: Sequence[int]) -> str:
        """Return what is wrong with a sentence whatever the entries say; nothing where it can be judged."""
        if not citations(written):
            return "it names no source"
        if not cited:
            return "it names a source that was not given"
        if len(items_of(visible_text(sentence))) < MIN_ITEMS or _QUESTION.search(sentence):
            return "it states nothing"
        return "it was said before" if _compared_statement(sentence) in self._shown else ""

    def _judge_against(self, sentence: str, number: int) -> Verdict:
        source = self._sources[number]
        if missing := missing_facts(sentence, f"{source.headings}\n{source.text}"):
            return Verdict(sentence, (), 0.0, f"“{missing[0]}” is not in source {number}")
        if not_quoted := _missing_quote(sentence, source.text):
            return Verdict(sentence, (), 0.0, f"“{not_quoted}” is no quote from source {number}")
        probability = support(sentence, self._read(number), self._encoder)
        reason = "" if probability >= SHOWN_FROM else f"source {number} does not say so"
        return Verdict(sentence, (number,) if not reason else (), probability, reason)

    def _reading(self, number: int) -> SourceEntry:
        source = self._sources[number]
        return read_source(source.headings, source.text, self._encoder)


def citations(sentence: str) -> tuple[int, ...]:
    """Return the numbers of the sources that a sentence cites, each once.

    >>> citations("Wait five minutes [2][1, 3].")
    (2, 1, 3)
    """
    numbers = (
        int(number) for match in _CITATION.finditer(sentence) for number in _CITED_NUMBER.findall(match["numbers"])
    )
    return tuple(dict.fromkeys(numbers))


def _missing_quote(sentence: str, source: str) -> str:
    """Return the first quote of a sentence that does not stand in its source word for word; nothing if all do."""
    known = _compared_statement(visible_text(source))
    quotes = [match["quote"].strip(" .,") for match in _QUOTE.finditer(sentence)]
    long = [quote for quote in quotes if len(quote.split()) >= QUOTED_WORDS]
    return next((quote for quote in long if _compared_statement(quote) not in known), "")


def _compared_statement(text: str) -> str:
    return " ".join(compared(text).replace("’", "'").split()).strip(" .!")
