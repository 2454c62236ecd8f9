"""which titles and past questions does a half-typed text mean? asked at every key press (home of rapidfuzz)

Words are looked up in a sorted vocabulary by prefix, and if none has the prefix, by the nearest one. No text is
compared with every title, so that a key press costs the same milliseconds in a library of any size.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.discovery.disambiguation import headings_above
from assistant.discovery.overview import Listed
from index.text import PLAIN_WORD, STOP_WORDS, has_run, title_key, unaccented

MAX_TITLES: Final = 6
"""Titles that are shown while a question is typed: with the past questions below them, what a small screen has room
for above its keyboard."""

MAX_QUESTIONS: Final = 3
"""Past questions that are shown below the titles."""

MIN_TYPO_LETTERS: Final = 4
"""Letters from which on an unknown prefix is taken for a misspelling: a shorter one is near to many words."""

LETTERS_PER_TYPO: Final = 4
"""Letters for each typo that is allowed: one in "kuber", two in "kubrentes"."""

MAX_RANKED: Final = 1_000
"""Candidates that are ranked, the shortest first: 2 milliseconds."""

MAX_TYPED: Final = 200
"""Characters of the typed text that are read: no title is longer, and no key press may take long."""

_LAST: Final = "\U0010ffff"
"""Sorts after every character of a word."""


class Suggestion(NamedTuple):
    """A title or a past question that completes a half-typed text."""

    text: str
    above: str = ""
    """The headings above a title; empty for a question."""
    topic_id: str = ""
    """The id of the topic; empty for a question."""


@dataclass(frozen=True, slots=True)
class _Match:
    """The suggestions that hold a typed word, by number: in their own text, in the headings above, or misspelt."""

    own: Set[int]
    above: Set[int]
    is_typo: bool = False

    @property
    def numbers(self) -> Set[int]:
        """All numbers."""
        return self.own | self.above


class Typeahead:
    """An index of suggestions by the beginnings of their words; immutable, so that threads share it."""

    def __init__(self, suggestions: Iterable[Suggestion]) -> None:
        """Index suggestions; of equal matches, earlier ones come first."""
        self._suggestions = sorted(suggestions, key=lambda suggestion: len(suggestion.text))
        self._keys = [_typeahead_key(suggestion.text) for suggestion in self._suggestions]
        self._own = _holders(self._keys)
        self._above = _holders([suggestion.above for suggestion in self._suggestions])
        self._vocabulary = sorted(self._own.keys() | self._above.keys())
        self._by_key = sorted((key, number) for number, key in enumerate(self._keys))
        self._beginnings: dict[int, tuple[str, ...]] = {}

    def find(self, typed: str, count: int = MAX_TITLES) -> list[Suggestion]:
        """Return up to `count` suggestions that hold every word typed, or a word that begins with it, best first.

        Accents and case are ignored, and an unknown prefix may be misspelt. Texts that begin with all that is typed
        come first, then texts that hold it, then those under headings that hold it; short texts before long ones.

        >>> titles = Typeahead([Suggestion("Rye bread"), Suggestion("Bread", "Crème"), Suggestion("Broth")])
        >>> [title.text for title in titles.find("bre")], [title.text for title in titles.find("creme braed")]
        (['Bread', 'Rye bread'], ['Bread'])
        """
        text = _typeahead_key(typed[:MAX_TYPED])
        if has_run(text):  # words of a script without spaces are not separated: only the beginning is compared
            return [self._suggestions[number] for number, key in enumerate(self._keys) if text in key][:count]
        beginning = self._beginning(text)
        if len(beginning) >= count or not text:
            return [self._suggestions[number] for number in beginning[:count]]
        numbers = dict.fromkeys(beginning + self._containing(PLAIN_WORD.findall(text)))
        return [self._suggestions[number] for number in list(numbers)[:count]]

    def _beginning(self, text: str) -> list[int]:
        """Return the suggestions that begin with a text, the shortest first."""
        if not text:
            return []
        first = bisect_left(self._by_key, (text,))
        last = bisect_left(self._by_key, (text + _LAST,))
        return sorted(number for _, number in self._by_key[first:last])

    def _containing(self, words: Sequence[str]) -> list[int]:
        """Return the suggestions that hold all words, or all that are no function words, best first."""
        meaning = [word for word in words if word not in STOP_WORDS] or words
        matches = [self._match(word) for word in meaning]
        if not matches:
            return []
        numbers = sorted(set.intersection(*(set(match.numbers) for match in matches)))[:MAX_RANKED]
        return sorted(numbers, key=lambda number: sum(_distance(match, number) for match in matches))

    def _match(self, word: str) -> _Match:
        """Return the suggestions with a word that has the typed prefix, or else the nearest one."""
        beginnings = self._words_beginning(word)
        is_typo = not beginnings and len(word) >= MIN_TYPO_LETTERS
        for near in self._near_beginnings(word) if is_typo else ():
            beginnings += self._words_beginning(near)
        nothing = frozenset[int]()
        own = nothing.union(*(self._own.get(word, nothing) for word in beginnings))
        return _Match(own, nothing.union(*(self._above.get(word, nothing) for word in beginnings)), is_typo)

    def _words_beginning(self, beginning: str) -> list[str]:
        first = bisect_left(self._vocabulary, beginning)
        return self._vocabulary[first : bisect_left(self._vocabulary, beginning + _LAST)]

    def _near_beginnings(self, word: str) -> list[str]:
        """Return the prefixes of words that are nearest to a misspelt word; a letter more or less is a typo."""
        wrong = len(word) // LETTERS_PER_TYPO
        matches = [
            (distance, beginning)
            for length in (len(word), len(word) - 1, len(word) + 1)
            for beginning, distance, _ in process.extract(
                word, self._beginnings_of(length), scorer=OSA.distance, score_cutoff=wrong, limit=None
            )
        ]
        nearest = min((distance for distance, _ in matches), default=0)
        return [beginning for distance, beginning in matches if distance == nearest]

    def _beginnings_of(self, length: int) -> tuple[str, ...]:
        """Return the prefixes of the vocabulary with `length` letters; a shorter word is its own prefix."""
        if length not in self._beginnings:
            self._beginnings[length] = tuple(dict.fromkeys(word[:length] for word in self._vocabulary))
        return self._beginnings[length]


def _holders(texts: Sequence[str]) -> dict[str, set[int]]:
    """Return each word with the positions of the texts that hold it; many topics share the headings above them."""
    positions, holders = defaultdict[str, list[int]](list), defaultdict[str, set[int]](set)
    for position, text in enumerate(texts):
        positions[text].append(position)
    for text, places in positions.items():
        for word in PLAIN_WORD.findall(_typeahead_key(text)):
            holders[word].update(places)
    return dict(holders)


def _distance(match: _Match, number: int) -> int:
    """Return the rank of a match: 0 if the title itself has the word, more for its headings and for typos."""
    return (0 if number in match.own else 1) + 2 * match.is_typo


def _typeahead_key(text: str) -> str:
    return unaccented(title_key(text))


def title_suggestions(topics: Iterable[Listed]) -> Typeahead:
    """Return an index of the titles of topics, each with the headings above it, and its file where these are shared."""
    titles = [(topic, headings_above(topic.subject, topic.parents, topic.topic)) for topic in topics]
    shared = Counter((title_key(topic.topic), above) for topic, above in titles)

    def above_of(topic: Listed, above: str) -> str:
        is_alone = shared[title_key(topic.topic), above] == 1
        return above if is_alone else " · ".join(filter(None, (above, topic.path)))

    return Typeahead(Suggestion(topic.topic, above_of(topic, above), topic.id) for topic, above in titles)
