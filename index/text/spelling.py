"""misspelt words -> the library's own words that were meant (home of rapidfuzz)"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from index.text.regional_spelling import regional_spellings
from index.text.words import STOP_WORDS, spelled_words

SHORTEST: Final = 5
"""Letters from which on a word is corrected: of shorter ones, too many are one letter apart."""
REPLACED_FROM: Final = 6
"""Letters from which on, an ending not counted, one may stand for another or be too many; words of five that differ so
are mostly two words (parse and pause, munching and mulching, dolor and door)."""
TWO_WRONG_FROM: Final = 8
"""Letters from which on, an ending not counted, two may be wrong: sneezing is not squeezing.

With these, BM25 alone ranks the right topic first for all 15 misspelt questions of the tuning half of
`tests/cases/questions.jsonl`, for 8 of them before; no question of another kind is changed."""

_WITHIN_SENTENCE: Final = re.compile(r"(?:\w|\b[A-Z][a-z]{0,3}\.)\s*\Z")
"""What stands before a capital that makes it a name's: a word, or a title that is cut short ("Dr. Brandt")."""

LONG_NAME: Final = 9
"""Letters from which on a name with one wrong letter is a misspelt one: Kowalczik is Kowalczyk, but Brandl and Brandt,
Pedersen and Petersen are two people each."""

_ENDING: Final = re.compile(r"(?P<base>[a-z]{2,}?[a-z])(?P<ending>ings?|ed|ers?|s|ly|ness)")
_NEEDS_MORE: Final = re.compile(r"(?:[sxz]|[cs]h|[^aeiou]y)$")
"""What takes no bare `s`."""
_IS_DOUBLED: Final = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")
"""A word whose last letter is doubled before an ending: run, runner."""
_DOUBLED: Final = re.compile(r"(.)\1")

_IN_ONE: Final = ("ä", "ö", "ü")
_IN_TWO: Final = ("ae", "oe", "ue")

Vocabulary: TypeAlias = Callable[[str], Mapping[str, int]]
"""Gives the known words that begin with a letter, and how many topics hold each."""


class Replaced(NamedTuple):
    """A word that was put right."""

    typed: str
    read: str
    """The word of the library that it was read as."""
    is_slip: bool
    """Whether letters were left out, doubled or changed places, or a single one of many is another: nobody's name
    differs so from another's."""
    is_name: bool = False
    """Whether it is written as a name: with a capital, within a text where not every word has one."""


class Mended(NamedTuple):
    """A text as it is read."""

    text: str
    replaced: tuple[Replaced, ...] = ()


def mend(text: str, is_known: Callable[[str], bool], vocabulary: Vocabulary) -> Mended:
    """Return a text with its misspelt words put right; code, stop words and words that are known stay.

    >>> mend("Pyhton on a yacht", {"yacht"}.__contains__, lambda letter: {"python": 3}).text
    'python on a yacht'
    """
    unknown = [word for word in spelled_words(text) if not is_known(word[0])]
    right = correct((word for word, _, _ in unknown), vocabulary)
    replaced: list[Replaced] = []
    for word, start, end in reversed(unknown):
        if word in right:
            is_name = text[start].isupper() and bool(_WITHIN_SENTENCE.search(text, 0, start))
            replaced.insert(0, Replaced(text[start:end], right[word], _is_slip(word, right[word]), is_name))
            text = text[:start] + right[word] + text[end:]
    return Mended(text, tuple(replaced))


def _is_slip(word: str, known: str) -> bool:
    return _slip(word, known) == 0 or (len(word) >= LONG_NAME and OSA.distance(word, known) == 1)


def respelled(text: str, is_held: Callable[[str], bool]) -> str:
    """Return a text with words spelt as the library spells them: umlauts (Mueller), and British or American English.

    >>> respelled("what color has Mueller?", {"m\u00fcller", "colour"}.__contains__)
    'what colour has m\u00fcller?'
    """
    for word, start, end in reversed(list(spelled_words(text))):
        if not is_held(word) and (other := next(filter(is_held, _other_spellings(word)), None)):
            text = text[:start] + other + text[end:]
    return text


def _other_spellings(word: str) -> Iterator[str]:
    yield from regional_spellings(word)
    for written, other in ((_IN_TWO, _IN_ONE), (_IN_ONE, _IN_TWO)):
        changed = word
        for letter, another in zip(written, other, strict=True):
            changed = changed.replace(letter, another)
        if changed != word:
            yield changed


def correct(words: Iterable[str], vocabulary: Vocabulary) -> dict[str, str]:
    """Return, for each of some unknown words, the known one that was meant, where there is one.

    Both are in lower case and begin with the same letter. A letter too many, too few, another one, or two that
    changed places count as one mistake (optimal string alignment). The fewest mistakes win, then the likelier kind,
    then the word that most topics hold. Before all, a stop word is meant whose letters have only changed places.

    >>> correct(["pyhton", "zzzzz"], lambda letter: {"python": 3, "pylon": 9})
    {'pyhton': 'python'}
    """
    meant = (
        (word, _stop_word(word) or _nearest(word, vocabulary) or _nearest_base(word, vocabulary)) for word in words
    )
    return {word: right for word, right in meant if right}


def bases(word: str) -> list[str]:
    """Return what a word may be a form of, by the rules for its ending: none of them need be a word.

    >>> bases("pager"), bases("munching"), bases("planned")
    (['page'], ['munch', 'munche'], ['plan', 'plann'])
    """
    match = _ENDING.fullmatch(word)
    if not match:
        return []
    base = match["base"]
    if not match["ending"].startswith(("e", "i")):
        return [] if _NEEDS_MORE.search(base) else [base]
    if base[-1] == base[-2]:
        return [base[:-1], base]
    return [f"{base}e"] if _IS_DOUBLED.fullmatch(base) else [base, f"{base}e"]


def _stop_word(word: str) -> str | None:
    """Return the stop word that a word is with two neighbours swapped: what for waht, and how, not who, for hwo."""
    swapped = (f"{word[:i]}{word[i + 1]}{word[i]}{word[i + 2 :]}" for i in reversed(range(len(word) - 1)))
    return next((right for right in swapped if len(word) > 2 and right in STOP_WORDS), None)


def _nearest(word: str, vocabulary: Vocabulary) -> str | None:
    if len(word) < SHORTEST:
        return None
    topics = vocabulary(word[0])
    most = 2 if len(word) >= TWO_WRONG_FROM else 1
    near = extract(word, topics.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
    likely = [
        (wrong, _slip(word, known), -topics[known], known) for known, wrong, _ in near if _is_likely(word, known, wrong)
    ]
    return min(likely)[3] if likely else None


def _nearest_base(word: str, vocabulary: Vocabulary) -> str | None:
    """Return the known word that a misspelt word is a form of, by a slip of letters: `implement` for implmented."""
    candidates = ((base, _nearest(base, vocabulary)) for base in bases(word))
    return next((known for base, known in candidates if known and _slip(base, known) == 0), None)


def _is_likely(word: str, known: str, wrong: int) -> bool:
    """Say whether a word is long enough for its mistakes, without the `s` of a plural or an ending that both have."""
    match = _ENDING.fullmatch(word)
    is_ending = match and (match["ending"] == "s" or known.endswith(match["ending"]))
    letters = len(match["base"]) if match and is_ending else len(word)
    return letters >= TWO_WRONG_FROM or (wrong == 1 and (letters >= REPLACED_FROM or _slip(word, known) == 0))


def _slip(word: str, known: str) -> int:
    """Return how odd a mistake is: 0 for letters left out, doubled or in another order, 1 for one too many, else 2."""
    if (
        len(word) < len(known)
        or sorted(word) == sorted(known)
        or _DOUBLED.sub(r"\1", word) == _DOUBLED.sub(r"\1", known)
    ):
        return 0
    return 1 if len(word) > len(known) else 2
