"""misspelt words -> the library's own words that were meant (home of rapidfuzz)"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from index.words import spelled_words

SHORTEST: Final = 5
"""Letters from which on a word is corrected: of shorter ones, too many are one letter apart."""
REPLACED_FROM: Final = 6
"""Letters from which on one may stand for another; words of five that differ so are mostly two words (parse, pause)."""
TWO_WRONG_FROM: Final = 8
"""Letters from which on two may be wrong.

With these, BM25 alone ranks the right topic first for all 15 misspelt questions of the tuning half of
`tests/cases/questions.jsonl`, for 8 of them before; no question of another kind is changed."""

Vocabulary = Callable[[str], Mapping[str, int]]
"""Gives the known words that begin with a letter, and how many topics hold each."""


def mend(text: str, is_known: Callable[[str], bool], vocabulary: Vocabulary) -> str:
    """Return a text with its misspelt words put right; code, stop words and words that are known stay.

    >>> mend("Pyhton on a yacht", {"yacht"}.__contains__, lambda letter: {"python": 3})
    'python on a yacht'
    """
    unknown = [found for found in spelled_words(text) if not is_known(found[0])]
    right = correct((word for word, _, _ in unknown), vocabulary)
    for word, start, end in reversed(unknown):
        text = text[:start] + right[word] + text[end:] if word in right else text
    return text


def correct(words: Iterable[str], vocabulary: Vocabulary) -> dict[str, str]:
    """Return, for each of some unknown words, the known one that was meant, where there is one.

    Both are in lower case and begin with the same letter. A letter too many, too few, another one, or two that
    changed places count as one mistake (optimal string alignment). The fewest mistakes win, then the word that most
    topics hold.

    >>> correct(["pyhton", "zzzzz"], lambda letter: {"python": 3, "pylon": 9})
    {'pyhton': 'python'}
    """
    meant = ((word, _nearest(word, vocabulary)) for word in words if len(word) >= SHORTEST)
    return {word: right for word, right in meant if right}


def _nearest(word: str, vocabulary: Vocabulary) -> str | None:
    topics = vocabulary(word[0])
    most = 2 if len(word) >= TWO_WRONG_FROM else 1
    near = extract(word, topics.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
    likely = [(wrong, -topics[known], known) for known, wrong, _ in near if _is_likely(word, known)]
    return min(likely)[2] if likely else None


def _is_likely(word: str, known: str) -> bool:
    return len(word) >= REPLACED_FROM or len(word) != len(known) or sorted(word) == sorted(known)
