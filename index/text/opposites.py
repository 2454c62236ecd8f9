"""what is asked to be done, and the opposite of it: enabling a thing is no answer to how it is disabled"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from index.text.normal_form import compared
from index.text.words import Word, stem, stemmed_words, stems

_BEFORE_VERB: Final = re.compile(
    r"(?:^|[?!.;:,]\s+|\b(?:to|i|we|you|one|they|people|and|or|not|how|then|please|ich|wir|man|zu)\s+)"
    r"(?:(?:also|safely|properly|completely|quickly|best|just|easily|automatically)\s+)*$",
    re.IGNORECASE,
)
"""What a word follows that says what is done: elsewhere it may be a noun, "the lock", "an open file"."""
OBJECT_WORDS: Final = 2
"""Words behind the opposite of which one is what it is done to: in "add vinegar, and the stain will go", it is not."""


class Opposites(NamedTuple):
    """What a word that says what is done is called otherwise, and what undoes it."""

    same: frozenset[str]
    opposite: frozenset[str]


def undone(question: str, topic: str, headings: str, passage: str) -> frozenset[str]:
    """Return the stems of what a question wants done where a topic tells only how to do the opposite.

    It does where a heading says the opposite, or the passage does of the very thing, and where the word that is asked
    for, or another for it, stands nowhere in the topic.

    >>> undone("how do I disable the firewall", "Enable the firewall: ufw enable", "Enable the firewall", "")
    frozenset({'disabl'})
    >>> undone("how do I remove a wine stain", "Add vinegar and wait", "Wine stain", "Add vinegar and wait")
    frozenset()
    """
    wanted = {word: opposite_words()[word.stem] for word in _done(question)}
    if not wanted:
        return frozenset()
    stated = stems(topic) | stems(headings)
    above = stems(headings)
    things = stems(question) - {word.stem for word in wanted}
    return frozenset(
        word.stem
        for word, family in wanted.items()
        if not family.same & stated and (family.opposite & above or _does(passage, family.opposite, things))
    )


def _done(question: str) -> Iterator[Word]:
    """Yield the words of a question that say what is to be done."""
    for word in stemmed_words(question):
        written = question[word.start : word.end]
        is_done = written.endswith(("ing", "ieren")) or _BEFORE_VERB.search(question[: word.start])
        if word.stem in opposite_words() and (is_done or _is_infinitive(question, word)):
            yield word


def _is_infinitive(question: str, word: Word) -> bool:
    """Say whether a word ends a question, as what is to be done does in German, where a noun has a capital."""
    written = question[word.start : word.end]
    return written.endswith("n") and written.islower() and not question[word.end :].strip(" ?!.")


def _does(passage: str, opposite: frozenset[str], things: frozenset[str]) -> bool:
    words = [word.stem for word in stemmed_words(passage)]
    return any(
        word in opposite and not things.isdisjoint(words[at + 1 : at + 1 + OBJECT_WORDS])
        for at, word in enumerate(words)
    )


@lru_cache(maxsize=1)
def opposite_words() -> dict[str, Opposites]:
    """Return what each word says and what undoes it, by its stem."""
    return with_opposites({}, Path(__file__).with_name("opposites.txt"))


def with_opposites(known: Mapping[str, Opposites], file: Path) -> dict[str, Opposites]:
    """Return opposites by the stem of each word, with those of a file beside those that are known.

    What is a word for both sides is the opposite of neither.
    """
    opposites = dict(known)
    for line in file.read_text(encoding="utf-8").splitlines():
        sides = [_stems(side) for side in line.split("|")] if line[0] != "#" else []
        for own, other in zip(sides, reversed(sides), strict=True):
            for word in own:
                before = opposites.get(word, Opposites(frozenset(), frozenset()))
                opposites[word] = Opposites(before.same | own, before.opposite | other)
    return {word: family._replace(opposite=family.opposite - family.same) for word, family in opposites.items()}


def _stems(side: str) -> frozenset[str]:
    return frozenset(stem(compared(word)) for word in side.split())
