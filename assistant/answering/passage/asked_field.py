"""by which names would a field, a row or a heading answer a question that says it in other words?

"Where is the kiln?" is answered by "Location: cellar", "who looks after it?" by a row "Caretaker | the miller": neither
shares a word with its question, and the sentence that introduces the kiln shares its name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from index.text import stems

REMEMBERED_QUESTIONS: Final = 64
"""Questions whose field is remembered: each step of an answer asks for it."""

MAX_NAME_WORDS: Final = 3
"""Words up to which what stands before a colon is the name of a field ("In charge of keys"), not a sentence."""

_NAME: Final = re.compile(r"\W*(?P<name>[^\W_][\w /()’'-]{0,40}?)\W{0,4}[:|]")
"""What a field ("Location: hall") or a row of a table begins with."""
_PEOPLE: Final = "responsible owner keepers contact person maintainer caretaker manager leader lead head host warden"


class FieldRule(NamedTuple):
    """Words that ask for a field, and the names that people give it."""

    example: str
    asks: str
    """A pattern of the words that ask."""
    names: frozenset[str]
    """The stems of the names."""


FIELD_RULES: Final = (
    FieldRule(
        "where does the ladder stand?",
        r"\bwhere(?:['’]s| is| are| was| were| do| does| did| can)\b(?!.*\b(?:buy|bought|order|ordered|from)\b)"
        r"(?:.*\b(?:stand|stands|hang|hangs|lie|lies|kept|keep|stored|store|located|find)\b)?",
        stems("where location place whereabouts position room site venue address storage shelf"),
    ),
    FieldRule(
        "where did we buy the boiler?",
        r"\bwhere\b.*\b(?:buy|bought|order|ordered)\b|\bwho (?:supplies|supplied|sells|sold|delivers|delivered)\b",
        stems("supplier shop store seller sold vendor dealer source bought ordered"),
    ),
    FieldRule(
        "who looks after the hens?",
        r"\bwho(?:['’]s| is| are| was)? (?:responsible|in charge|looks? after|takes? care|cares?|maintains?|manages?|"
        r"runs?|leads?|owns?|keeps?|do (?:i|we) (?:ask|call|contact|talk to))\b(?: (?:for|of))?",
        stems(f"{_PEOPLE} supervisor coordinator organiser organizer assignee charge"),
    ),
    FieldRule("who wrote the play?", r"\bwho (?:wrote|has written|authored)\b", stems("author authors writer")),
    FieldRule(
        "who made the clock?",
        r"\bwho (?:made|makes|built|manufactures|manufactured|produces|produced)\b",
        stems("maker manufacturer builder brand producer"),
    ),
    FieldRule(
        "how do I reach the plumber?",
        r"\b(?:phone|telephone|mobile)(?: numbers?)?\b|\bhow (?:do|can) (?:i|we) (?:reach|call|ring)\b",
        stems("phone telephone tel mobile cell"),
    ),
    FieldRule(
        "how do I get to the ferry?",
        r"\bhow (?:do|can|would) (?:i|we|you) (?:get|drive|walk|travel|come) to\b",
        stems("directions route way address location arrival journey"),
    ),
    FieldRule("how hard is the climb?", r"\bhow (?:difficult|hard|easy)\b", stems("difficulty level grade")),
    FieldRule(
        "how long does the stew take?",
        r"\bhow (?:long|much time) (?:do|does|did|will|would)\b.*\b(?:take|last|need)\b",
        stems("time duration length"),
    ),
    FieldRule(
        "how long is the ferry ride?",
        r"\bhow (?:long|far) (?:is|are|was|were)\b(?!.*\b(?:kept?|stored?|left|allowed|good|valid|open|closed|ago)\b)",
        stems("distance length mileage duration time"),
    ),
    FieldRule("how high is the tower?", r"\bhow (?:high|tall)\b", stems("height elevation altitude")),
    FieldRule("what does the anvil weigh?", r"\bhow heavy\b|\bweighs?\b", stems("weight mass")),
    FieldRule("how big is the orchard?", r"\bhow (?:big|large)\b", stems("size area dimensions capacity")),
    FieldRule(
        "what does the boat cost?",
        r"\bhow (?:much|expensive) (?:is|are|was|were|do|does|did)\b(?:.*\b(?:costs?|pay|paid)\b)?"
        r"|\bwhat (?:do|does|did)\b.*\bcost\b",
        stems("price cost costs fee"),
    ),
    FieldRule(
        "how many people does it feed?",
        r"\bhow many (?:people|persons|guests|portions|servings)\b",
        stems("serves servings portions yield capacity seats persons people"),
    ),
)
"""Every rule that matches a question counts."""

_PATTERNS: Final = tuple(re.compile(rule.asks, re.IGNORECASE) for rule in FIELD_RULES)


class AskedField(NamedTuple):
    """A field that a question asks for in other words."""

    names: frozenset[str] = frozenset()
    """The stems of the names that it may have; none where no field is asked for."""
    words: frozenset[str] = frozenset()
    """The stems of the question that ask for it."""

    def is_named(self, name: str) -> bool:
        """Return whether a field, a row or a heading of such a name is the one asked for."""
        return not self.names.isdisjoint(stems(name)) and len(name.split()) <= MAX_NAME_WORDS

    def is_in(self, text: str) -> bool:
        """Return whether a text holds a field or a row of such a name."""
        return bool(self.names) and any(self.is_named(field_name(line)) for line in text.split("\n"))


@lru_cache(maxsize=REMEMBERED_QUESTIONS)
def asked_field(question: str) -> AskedField:
    """Return the field that a question asks for.

    >>> asked_field("where is the key?").is_named("Location"), asked_field("what is a key?").is_named("Location")
    (True, False)
    """
    asks = [
        (rule, match)
        for rule, pattern in zip(FIELD_RULES, _PATTERNS, strict=True)
        if (match := pattern.search(question))
    ]
    return AskedField(
        frozenset[str]().union(*(rule.names for rule, _ in asks)),
        frozenset[str]().union(*(stems(match[0]) for _, match in asks)),
    )


def field_name(line: str) -> str:
    """Return the name of a field or of a row of a table; empty where a line is neither.

    >>> field_name("- **Location**: hall"), field_name("| Owner | the miller |"), field_name("It stands in the hall.")
    ('Location', 'Owner', '')
    """
    match = _NAME.match(line)
    return match["name"] if match else ""
