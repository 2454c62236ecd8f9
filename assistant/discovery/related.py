"""which topics are related to a topic, and why?"""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from assistant.answer import Related
from assistant.location import anchor_json
from index.embedding import Encoder, Tokenizer
from index.library import Library
from index.markdown import without_formulas
from index.records import Topic, Vectors
from index.retrieval import like_topics
from index.storage import LexicalReader
from index.text import stem, stemmed_words, stems, terms, title_hash, title_key

LIMIT: Final = 5
"""Related topics, if no other number is given."""

TELLING_WORDS: Final = 24
"""Words of a topic that related topics are searched by: with 12 or 48 the bundled topics fare alike."""

WORD_CANDIDATES: Final = 30
"""Candidates by words, beside those by vectors."""

WORDS_WEIGHT: Final = 1.0
"""The weight of shared words beside the similarity of vectors, each at most 1: with 0.6 or 1.3 the
bundled topics fare alike."""

MIDDLE: Final = 0.27
"""The evidence at which a reader keeps half of the topics, in a library of `FITTED_TOPICS` topics."""
STEEPNESS: Final = 19.0
"""The slope of the logistic curve there. Both are fitted to `tests/cases/related.tsv` by logistic regression."""
FITTED_TOPICS: Final = 31
"""Topics of the library that these were fitted on. A larger one needs more evidence: it has more topics that are
similar by chance, and a reader wants as few."""

MIN_SCORE: Final = 0.3
"""The least probability of a related topic: of the bundled topics above it a reader keeps 77 %, of those just below one
in eight. With 0.5 it is 81 %, but then a seventh of those kept is missing."""

LINK_WEIGHT: Final = 0.5
"""The share of doubt that a link removes; links in both directions count twice."""
FEW_LINKS: Final = 10
"""Links from or to a topic above which each counts less: a table of contents relates to nothing."""

WHY: Final = 4
"""Shared ideas that are named as the reason, at most."""
ENOUGH: Final = 3
"""Shared words from which on no words of similar meaning are added."""
MIN_RARITY: Final = math.log(2)
"""The least rarity of a shared idea: that of a word in half of the topics."""
SAME_MEANING: Final = 0.5
"""The cosine from which two words mean much the same in the default model's table: failure and failed have .65, stayed
and kept .46, approves and edits .59 when parts of words are let in, so only whole ones are."""
LIKE_MEANING: Final = 0.35
"""The cosine from which a pair of words is shown if there is no other reason."""

WEAK: Final = stems(
    """
    added adds allow allows although always appear appeared apply asked attempt avoid became become becomes began begin
    below bring brought called calls came certain change changed come comes contains currently define defined describes
    different ended enough entirely example examples following follows found gave given goes happen happens happened
    held include includes kept large later learned least left look looked looking lot main moved multiple never new next
    note often old part possible previous provide provides quite rather read reads section seemed several shows simply
    since small specified specify spent started step steps stopped support supported taken takes third through thought
    today together told took topic turned two under until usually value values went whether within without wrote years
    yesterday yet
    zero one three four five six seven eight nine ten eleven twelve twenty hundred thousand million
    """
)
"""Words that name no idea, numbers among them; in a small library they may be as rare as those that do."""

_MARKUP: Final = re.compile(r"</?[a-zA-Z][^<>]*>|\]\([^()]*\)")
"""HTML tags and the targets of links: no ideas, whatever notes share of them."""
_NUMBER_OR_HASH: Final = re.compile(r"\d+|(?=\D*\d)[0-9a-fA-F]{4,}")
"""A number, or a part of a key or checksum: `11d0`, `00aa003049e2`."""

_SEEN: Final = WeakKeyDictionary[LexicalReader, dict[tuple[int, int], tuple[Related, ...]]]()
"""Related topics by row id and limit, for as long as their revision is open."""

CACHED_TOPICS: Final = 500
"""Topics whose words are cached, as the same topics are candidates of many: a few megabytes."""


def related_topics(library: Library, row_id: int, topic: Topic, limit: int = LIMIT) -> tuple[Related, ...]:
    """Return up to `limit` topics that are related to one, best first."""
    with library.reading():
        return _related_topics(library, row_id, topic, limit)


def _related_topics(library: Library, row_id: int, topic: Topic, limit: int) -> tuple[Related, ...]:
    lexical = library.lexical()
    seen = _SEEN.setdefault(lexical, {})
    if (row_id, limit) in seen:
        return seen[row_id, limit]
    scores = relatedness(library, row_id, topic)
    best = sorted((id_ for id_ in scores if scores[id_] >= MIN_SCORE), key=lambda id_: -scores[id_])[:limit]
    rarity = lexical.rarity
    related = tuple(
        Related(
            other.topic.subject,
            other.topic.title,
            round(scores[id_], 3),
            shared_ideas(topic, other.topic, rarity, library.encoder),
            other.topic_id,
            other.path,
            other.topic.line,
            other.topic.parents,
            anchor_json(other.topic.anchor),
        )
        for id_, other in library.topics(best).items()
    )
    seen[row_id, limit] = related
    return related


def relatedness(library: Library, row_id: int, topic: Topic) -> dict[int, float]:
    """Return the probability, 0 to 1, that a reader finds each candidate related, by row id."""
    with library.reading() as reader:
        lexical = reader.lexical()
        facts = reader.facts_of(row_id, topic.title, _terms(topic))
        words = telling_words(topic, lexical)
        doubt = _doubt_left_by_links(facts.links, row_id)
        around = like_topics(reader, facts.views, doubt, list(words), WORD_CANDIDATES)
        rest_of_title = reader.snapshot().rest_of_title(title_hash(topic.title))
    words_weight = WORDS_WEIGHT * sum(words.values())
    line = library.encoder.calibration.topics

    def belongs(id_: int, like: float) -> float:
        own_share = rest_of_title if id_ in around.same_title else 1.0
        by_words = words_weight * own_share * around.lexical_scores.get(id_, 0.0)
        return 1 - (1 - probability(line.one(like) + by_words, len(lexical))) * doubt.get(id_, 1.0)

    return {id_: belongs(id_, like) for id_, like in around.similarity.items()}


def probability(evidence: float, topics: int) -> float:
    """Return the probability that a pair with this evidence is related, in a library of so many topics.

    Among twice as many topics, the prior odds of a pair are half.
    """
    odds_against = max(1.0, topics / FITTED_TOPICS) * math.exp(STEEPNESS * (MIDDLE - evidence))
    return 1 / (1 + odds_against)


def _doubt_left_by_links(links: Iterable[tuple[int, int, int]], row_id: int) -> Mapping[int, float]:
    """Return the share of doubt that links leave about each linked topic, by row id."""
    doubt: dict[int, float] = {}
    for source, target, rivals in links:
        other = target if source == row_id else source
        doubt[other] = doubt.get(other, 1.0) * (1 - LINK_WEIGHT * min(1.0, FEW_LINKS / rivals))
    return doubt


def telling_words(topic: Topic, lexical: LexicalReader) -> dict[str, float]:
    """Return the most telling words of a topic that other topics share, without the words of its subject.

    Each has its share of the rarity of all words of the topic, so that one word shared by a long list counts little.
    """
    own_subject = set(terms(topic.subject))
    lexical.look_up(_terms(topic))
    frequency = {word: lexical.frequency(word) for word in _terms(topic) if word not in own_subject}
    worth = {
        word: lexical.weight(frequency[word]) * count / (count + 1)
        for word, count in _terms(topic).items()
        if word in frequency
    }
    telling = heapq.nlargest(TELLING_WORDS, (word for word in worth if frequency[word] > 1), key=worth.__getitem__)
    everything = sum(worth.values())
    return {word: worth[word] / everything for word in telling}


def shared_ideas(topic: Topic, other: Topic, rarity: Callable[[str], float], encoder: Encoder) -> tuple[str, ...]:
    """Return the ideas that two topics share, most telling first, as `other` writes them.

    If they share few words, pairs of similar meaning follow, as `own ≈ other`.
    """
    ours, theirs = _forms_by_stem(topic), _forms_by_stem(other)
    ignored = stems(topic.subject) | stems(other.subject) | WEAK
    if title_key(topic.title) == title_key(other.title):
        ignored |= stems(topic.title)  # the form of both
    worth = {
        stem: rarity(stem) * math.sqrt(len(ours[stem]) * len(theirs[stem]))
        for stem in ours.keys() & theirs.keys() - ignored
        if rarity(stem) >= MIN_RARITY
    }
    best = sorted(worth, key=lambda stem: (-worth[stem], stem))[:WHY]
    shared = [theirs[stem][0] for stem in best]
    if len(shared) < ENOUGH:
        own, others = ([forms[0] for stem, forms in words.items() if stem not in ignored] for words in (ours, theirs))
        alike = list(_alike([word for word in own if word not in shared], others, encoder))
        shared += [pair for pair, cosine in alike if cosine >= SAME_MEANING] or [
            pair for pair, _ in alike[:1] if not shared
        ]
    if not shared and topic.subject == other.subject:
        return (topic.subject,)
    return tuple(shared[:WHY])


def _alike(ours: Sequence[str], theirs: Sequence[str], encoder: Encoder) -> Iterator[tuple[str, float]]:
    """Yield pairs of different words of similar meaning, most similar first, each word once.

    Each pair has its cosine, at least `LIKE_MEANING`.
    """
    (own, own_vectors), (other, other_vectors) = (
        _whole_words(ours, encoder.tokenizer),
        _whole_words(theirs, encoder.tokenizer),
    )
    if not own or not other:
        return
    cosines = encoder.calibration.words.of(own_vectors @ other_vectors.T)
    while (likest := float(cosines.max())) >= LIKE_MEANING:
        row, column = np.unravel_index(np.argmax(cosines), cosines.shape)
        if stem(own[row].casefold()) != stem(other[column].casefold()):
            yield f"{own[row]} ≈ {other[column]}", likest
        cosines[row], cosines[:, column] = -1.0, -1.0


def _whole_words(words: Sequence[str], tokenizer: Tokenizer) -> tuple[list[str], Vectors]:
    """Return the words that are one token of the model, with their vectors."""
    text = " ".join(words)
    spans, vectors = tokenizer.tokens(text)
    rows = {text[start:end]: row for row, (start, end) in enumerate(spans)}
    known = [word for word in words if word in rows]
    return known, vectors[[rows[word] for word in known]]


@lru_cache(maxsize=CACHED_TOPICS)
def _forms_by_stem(topic: Topic) -> Mapping[str, Sequence[str]]:
    """Return the stems of a topic in order, each with its written forms."""
    words: dict[str, list[str]] = {}
    for text in topic.texts:
        read = _MARKUP.sub(" ", without_formulas(text))
        for stem_, start, end in stemmed_words(read):
            if _is_idea(read[start:end]):
                words.setdefault(stem_, []).append(read[start:end])
    return words


def _is_idea(word: str) -> bool:
    """Return whether a word may name an idea: no number, part of a key, or two letters that are no abbreviation."""
    return not _NUMBER_OR_HASH.fullmatch(word) and (len(word) > 2 or (len(word) == 2 and word.isupper()))


@lru_cache(maxsize=CACHED_TOPICS)
def _terms(topic: Topic) -> Mapping[str, int]:
    return Counter(term for text in topic.texts for term in terms(text))
