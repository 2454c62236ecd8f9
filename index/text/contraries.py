"""what means the contrary of a word: the smallest is not the largest, an unofficial name is no official one"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache
from pathlib import Path
from typing import Final

from index.text.opposites import Opposites, opposite_words, with_opposites
from index.text.words import stems

NEGATING: Final = ("un", "non")
"""What makes the contrary of nearly every word that it stands before: in- and dis- do not, as in "discover"."""
NEGATED_LENGTH: Final = 5
"""Letters from which on a word is one without what stands before it: "uncle" is no contrary."""
MOST: Final = 0.5
"""More than this share of the other words of a question stand in the sentence that says the contrary: it is about the
very thing. Of 51 such answers to questions of SQuAD 2.0, 4 were right, and of 20 with fewer of them, of
CLAPnq among others, 6."""

_STATEMENT_END: Final = re.compile(r"(?<=[.!?;])\s+|\n")


@lru_cache(maxsize=1)
def contrary_words() -> dict[str, Opposites]:
    """Return what each word is called otherwise and what means the contrary, by its stem, what undoes it among that."""
    return with_opposites(opposite_words(), Path(__file__).with_name("contraries.txt"))


def contraries_stated(
    question: str, stated: Set[str], passage: str, headings: Set[str] = frozenset()
) -> frozenset[str]:
    """Return the stems of a question in the place of which a passage says the contrary, which its topic never says.

    `stated` are the stems of the topic, the passage among them. The sentence that says the contrary must hold most of
    what else is asked for beyond the `headings`. Where a question names both sides, neither is in place of the other.

    >>> stated = {"minimum", "wait", "1", "minut"}
    >>> contraries_stated("What is the maximum wait?", stated, "The minimum wait is 1 minute.")
    frozenset({'maximum'})
    """
    wanted = stems(question)
    contraries = {word: _contraries_of(word, wanted, stated) for word in wanted - stated}
    if not any(contraries.values()):
        return frozenset()
    sentences = [stems(sentence) for sentence in _STATEMENT_END.split(passage)]
    return frozenset(
        word
        for word, contrary in contraries.items()
        if any(contrary & words and _holds_most(words, wanted - headings - {word}) for words in sentences)
    )


def _holds_most(words: Set[str], wanted: Set[str]) -> bool:
    return not wanted or len(wanted & words) > MOST * len(wanted)


def _contraries_of(word: str, wanted: Set[str], stated: Set[str]) -> frozenset[str]:
    """Return what a topic says that means the contrary of a word; nothing if it says the word in another way."""
    family = contrary_words().get(word)
    if family is None:
        return _negated_or_bare(word) & stated
    return frozenset() if family.same & stated or family.opposite & wanted else family.opposite & stated


def _negated_or_bare(word: str) -> frozenset[str]:
    """Return a word with what makes it its contrary before it, or without that.

    >>> sorted(_negated_or_bare("paved")), sorted(_negated_or_bare("unpaved")), sorted(_negated_or_bare("uncle"))
    (['nonpaved', 'unpaved'], ['paved'], [])
    """
    bare = {word.removeprefix(negating) for negating in NEGATING} - {word}
    forms = bare or {f"{negating}{word}" for negating in NEGATING}
    return frozenset(form for form in forms if min(len(form), len(word)) >= NEGATED_LENGTH)
