"""a word -> how it is spelt on the other side of the Atlantic: colour and color, organise and organize

The rules give words that may not exist, so that each has to be looked up in the library before it is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from index.records import WordForms
from index.text.languages import stemmed_language
from index.text.words import spelled_words, stem


class SpellingRule(NamedTuple):
    """Letters that differ, and what stands around them in the words that they differ in."""

    example: tuple[str, str]
    """A word, as British and as American English spells it."""
    before: str
    letters: tuple[str, str]
    after: str


RULES: Final = (
    SpellingRule(
        ("colourful", "colorful"),
        r"\w{2,}",
        ("our", "or"),
        r"(?:s|ed|ings?|ers?|ful|fully|less|ly|able|ably|ites?|al|ally|hoods?|some)?",
    ),
    SpellingRule(
        ("organising", "organizing"), r"\w{3,}[iy]", ("s", "z"), r"(?:e|es|ed|ers?|ings?|able|ations?|ational)"
    ),
    SpellingRule(
        ("travelled", "traveled"),
        r"\w*[aeiouy]\w*[^\Waeiou][aeiou]",
        ("ll", "l"),
        r"(?:ed|ers?|ings?|ations?|ors?|ists?|ous|en)",
    ),
)
"""A syllable must stand before the one whose l is doubled: filling and filing are two words."""


def regional_spellings(word: str) -> Iterator[str]:
    """Yield how a word, in lower case, may be spelt in the other English, by the rules and the list of beginnings.

    >>> [*regional_spellings("neighbourhood"), *regional_spellings("analyze"), *regional_spellings("tires")]
    ['neighborhood', 'analyse', 'tyres']
    """
    for pattern, other in _rule_patterns():
        if match := pattern.fullmatch(word):
            yield f"{match[1]}{other}{match[2]}"
    pattern, others = _beginnings()
    if match := pattern.match(word):
        yield f"{others[match[0]]}{word[match.end() :]}"


def spelling_forms(text: str, is_held: Callable[[str], bool]) -> WordForms:
    """Return, by the stem of each word of an English text, the stems of the other spelling that a library holds.

    >>> spelling_forms("what colour is the wire?", {"color", "wire"}.__contains__)
    {'colour': frozenset({'color'})}
    """
    if stemmed_language(text):
        return {}
    forms = {
        stem(word): frozenset(filter(is_held, map(stem, regional_spellings(word)))) - {stem(word)}
        for word, _, _ in spelled_words(text)
    }
    return {word: others for word, others in forms.items() if others}


@lru_cache(maxsize=1)
def _rule_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return each rule, in both directions, as a pattern of a word and the letters of the other spelling."""
    return tuple(
        (re.compile(f"({rule.before}){own}({rule.after})"), other)
        for rule in RULES
        for own, other in (rule.letters, rule.letters[::-1])
    )


@lru_cache(maxsize=1)
def _beginnings() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return a pattern of the listed beginnings, the longest first, and the other spelling of each."""
    lines = Path(__file__).with_name("regional_spellings.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split() for line in lines[1:]]
    others = dict(pairs) | {american: british for british, american in pairs}
    return re.compile("|".join(sorted(others, key=len, reverse=True))), others
