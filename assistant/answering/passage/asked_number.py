"""which number does a question ask for, and what does one of its kind look like in a text?"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from assistant.answering.passage.asked_number_languages import counted_in_language, number_in_language
from index.text import stems

OPENING: Final = r"^\W*(?:(?:and|so|but)\ )?"
"""The beginning of a question, perhaps of a follow-up; a part of patterns, as are the next two."""
CHOICE: Final = r"\ (?:i|you|we|one)\ (?:use|pick|choose|prefer|need)\b"
"""What "when do" is followed by where a case is asked for, and no time."""
WEEKDAY: Final = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"

_AUXILIARY: Final = r"(?:is|are|was|were|do|does|did|will|would|can|could|should|shall|must|has|have|had|may|might)"
_ASKS_TIME: Final = rf"""
      \bhow\ (?:long\ (?:do|does|did|until|before|after|ago)|often|late)\b | \bwhat\ (?:time|date|day|year)\b
    | {OPENING}when(?:'s|’s|\ {_AUXILIARY}\b(?!{CHOICE})\ )
    | \b(?:since|until|till|by|from|know|remember|say|tell\ me)\ when\b
"""
"""Elsewhere in a sentence, "when" names the case that a question is about ("what do I check when it rains?")."""
_ASKS_MONEY: Final = r"""
      \bhow\ much\ (?:do|does|did|will|would)\b.*\b(?:charge|pay|owe|earn|spend)\b
    | \bhow\ much\ (?:money|(?:is|are|was|were)\ (?:the|my|our|an?)\ (?:\w+\ )?
     (?:rent|bill|deposit|ticket|visa|permit|entry|entrance|admission|fare|toll|pass|subscription|membership|tuition)s?)\b
    | \b(?:costs?|prices?|salary|fees?)\b
"""
_ASKS_NUMBER: Final = re.compile(
    rf"""
      \bhow\ (?:many|much|long|far|deep|high|tall|wide|thick|heavy|big|large|small|old|hot|cold|warm|fast|often|late)\b
    | \bwhat\ (?:age|angle|temperature|number|percentage|size)\b
    | \b(?:limit|maximum|minimum)\b(?=\W*$|\ (?:of|for|on)\b)
    | {_ASKS_TIME} | {_ASKS_MONEY}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_COUNTS: Final = re.compile(
    rf"\bhow (?:many|much) (?!{_AUXILIARY}\b)(?:(?:[\w-]+ ){{0,3}}?(?P<head>\w+)(?= {_AUXILIARY}\b)|(?P<thing>\w+))",
    re.IGNORECASE,
)
"""The last word of a name that stands before an auxiliary verb ("chat moderators are"), else the first word."""
DIGIT: Final = r"(?<![a-zA-Z0-9])\d(?![a-zA-Z0-9]*[a-ce-gi-ln-rt-wyzA-CE-GI-LN-RT-WYZ]\d)"
"""A number begins here, perhaps with its unit ("8mm", "2h30"): not in a name with digits, such as "ec2" or "4f7c2"."""
_DIGIT_OR_NUMBER_WORD: Final = re.compile(
    rf"{DIGIT}|\b(?:half|quarter|once|twice|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|"
    r"million)\b",
    re.IGNORECASE,
)
_WRITTEN: Final = r"(?:\d|half|quarter|one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|few|several)"
_TIME: Final = re.compile(
    rf"{_WRITTEN}[\s-]?(?:ms|s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|d|days?|nights?|weeks?|months?|years?|"
    r"decades?|centur(?:y|ies))\b|\b\d{1,2}:\d\d\b|\b\d{1,2}\s?[ap]\.?m\b|\b\d{4}\b|\b\d{1,2}\.\d{1,2}\.|\bnoon\b|\bmidnight\b|"
    rf"\b{WEEKDAY}\b|"
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_AMOUNT_WITH_UNIT: Final = re.compile(
    r"\d\s?(?:[kmgtp]i?b|b|bytes?|bits?|[kmc]?m|[km]?g|[cm]?l|px|pixels?|inch(?:es)?|ft|feet|miles?|acres?|chars?|"
    r"characters?|[a-z]*(?:met|lit)(?:er|re)s?)\b",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"\d+")
_MONEY: Final = re.compile(
    r"[$€£¥]\s?\d|\d\s?(?:[$€£¥]|(?:k|eur|euros?|usd|gbp|chf|dollars?|pounds?|francs?|cents?|kr|yen)\b)|\d[.,]\d\d\b|\bfree\b",
    re.IGNORECASE,
)
_PHONE_NUMBER: Final = re.compile(r"(?:\+|\(?\b)\d(?:[ ()./-]{0,3}\d){5,}")
LINK_TARGET: Final = re.compile(r"(?:\]\(|\b(?=[a-z]+://))(?P<address>\{[%{<][^\n]*?[%}>]\}|[^()\s<>]+)")
"""Where a link leads, which nobody reads: an address, or the tag of a template (`{% post_url 2031-harbour %}`)."""
_KINDS_OF_NUMBER: Final = (
    (re.compile(_ASKS_TIME, re.IGNORECASE | re.VERBOSE), _TIME),
    (re.compile(_ASKS_MONEY, re.IGNORECASE | re.VERBOSE), _MONEY),
    (re.compile(r"\bsize\b", re.IGNORECASE), _AMOUNT_WITH_UNIT),
    (re.compile(r"\b(?:phone|telephone|mobile|fax)\ numbers?\b", re.IGNORECASE), _PHONE_NUMBER),
)
"""A pattern of questions, and one of the numbers that answer these: any other number in a text is no answer."""


@lru_cache(maxsize=32)
def number_asked(question: str) -> re.Pattern[str] | None:
    """Return a pattern for the kind of number that a question asks for; None where it asks for no number.

    >>> [bool(number_asked(question)) for question in ("when is it due?", "what do I do when it rains?")]
    [True, False]
    """
    kind = next((number for asks, number in _KINDS_OF_NUMBER if asks.search(question)), None)
    return kind or (_DIGIT_OR_NUMBER_WORD if _ASKS_NUMBER.search(question) else number_in_language(question))


def states_number(number: re.Pattern[str], text: str) -> bool:
    """Return whether a text has a number of a kind, as `number_asked` gives it, outside of addresses.

    >>> states_number(number_asked("how many rooms are there?"), "See [the plan](https://hall.example/3)")
    False
    """
    return bool(number.search(text)) and bool(number.search(LINK_TARGET.sub(" ", text)))


def asks_money(question: str) -> bool:
    """Return whether a question asks for an amount of money.

    >>> asks_money("what does the boat cost?"), asks_money("how long is the boat?")
    (True, False)
    """
    return number_asked(question) is _MONEY


def counted_thing(question: str) -> str:
    """Return the word for the things whose number a question asks for; empty where it asks for no count.

    >>> counted_thing("how many eggs go into the dough?"), counted_thing("how much is the rent?")
    ('eggs', '')
    >>> counted_thing("how many ferry captains are there?")
    'captains'
    """
    match = _COUNTS.search(question)
    return match["head"] or match["thing"] if match else counted_in_language(question)


def counted_stems(question: str) -> frozenset[str]:
    """Return the stems of the word for the things whose number a question asks for; none where it asks for no count."""
    return stems(counted_thing(question))


def says_count(question: str, text: str) -> bool:
    """Return whether a text says a number of the kind that a question asks for, and the things that it counts.

    >>> says_count("how many eggs go in?", "- 3 eggs"), says_count("how many eggs go in?", "For 2 people")
    (True, False)
    """
    number = number_asked(question)
    return number is not None and states_number(number, text) and counted_stems(question) <= stems(text)


def heading_states(question: str, heading: str) -> bool:
    """Return whether a heading states the amount that a question asks for: of what is counted, or with its unit.

    Numbers of the question itself ("day 2") are names there.

    >>> heading_states("how far is day 2?", "Day 2: the pass, 38 miles"), heading_states("how far is it?", "Step 2")
    (True, False)
    >>> heading_states("how many captains are there?", "Captains (3)")
    True
    """
    number, counted = number_asked(question), counted_stems(question)
    names = set(_DIGITS.findall(question))
    rest = _DIGITS.sub(lambda match: "" if match[0] in names else match[0], heading)
    if number is not _DIGIT_OR_NUMBER_WORD or not states_number(number, rest):
        return False
    return counted <= stems(rest) if counted else _AMOUNT_WITH_UNIT.search(rest) is not None
