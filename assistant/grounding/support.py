"""how probable is it that an entry supports a statement?"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.grounding.contraries import contraries_of
from assistant.grounding.items import Item, PlainWord, items_of, plain_words
from assistant.grounding.structure import (
    ORDER_WORDS,
    denied_otherwise,
    frame_of,
    in_one_sentence,
    is_in_other_order,
    is_rearranged,
    scattered,
)
from index.embedding import Encoder
from index.markdown import find_units, visible_text
from index.records import Tokens, Vectors
from index.text import said_stems, stems

_CAUSE: Final = re.compile(
    r"\b(?:because|since|due to|caused by|thanks to|comes? from|so that|weil|wegen|durch|damit)\b", re.IGNORECASE
)
_MAY_BE_CAUSE: Final = re.compile(
    rf"{_CAUSE.pattern}|\b(?:therefore|hence|causes?|caused|as|leads? to|makes?|reason|prevents?|daher|deshalb)\b",
    re.IGNORECASE,
)
DENIED_ENOUGH: Final = 0.4
REPEATED_AND_DENIED: Final = 0.5
"""The share of the words of both that are denied in one of them only, anywhere or where the words are repeated in
order, from which the statement says the opposite: so for 3 of 296 statements that are supported and 35 of 359 that are
not."""


LONG: Final = 12
"""Words and amounts from which a statement counts as long: more of them speak for nothing more."""


class Features(NamedTuple):
    """What speaks for it that an entry supports a statement, and against it."""

    closeness: float
    """The similarity to the sentence, or two in a row, that comes nearest by meaning: a cosine."""
    length: float
    """The logarithm of how much is said: of a long statement that comes near more is told than of a short one."""
    missing: float
    """How much is said that the entry says in no word, each counted by how far the nearest word there is."""
    missing_share: float
    strange: float
    """The distance of the most distant word, weighted by the share of repeated words: it replaces another word."""
    repeated: float
    """The share of the words that stand in runs of two and more which the entry has as well."""
    in_one_sentence: float
    """The share of the words of both that a single sentence of the entry contains."""
    scattered: float
    """The share of the words of both that stand in one clause of the statement and in several of the entry."""
    denied: float
    """How far one of the two denies what the other says, 0 to 1."""
    contrary: float
    """1 where the entry has in its place a word that means the contrary."""
    other_order: float
    """1 where what comes earlier in the entry comes later here."""
    order_words: float
    """How many words put in order that the entry does not have."""
    cause: float
    """1 where a cause is named, and in the entry none."""


@dataclass(frozen=True, slots=True)
class SupportSettings:
    """What the probability is made of."""

    weights: Features
    bias: float


SETTINGS: Final = SupportSettings(
    weights=Features(
        closeness=4.11,
        length=3.77,
        missing=-0.69,
        missing_share=-3.59,
        strange=-1.82,
        repeated=0.52,
        in_one_sentence=0.21,
        scattered=-4.47,
        denied=-1.26,
        contrary=-4.15,
        other_order=-2.66,
        order_words=-0.57,
        cause=-0.95,
    ),
    bias=-7.83,
)
"""A logistic regression of whether the cited entry supports a sentence, by `python -m benchmarks.fit_statements fit`:
on 335 written sentences over every second topic, and each supported one with the other entries of its topic. Trees on
the same features tell no better. From .1 to 10 times the penalty, and without a cap on the length, are alike; without
the length, twice as many are passed wrongly."""


class SourceEntry(NamedTuple):
    """An entry as it is read once for every statement."""

    text: str
    stated: frozenset[str]
    """The stems of what it says, with the headings above it."""
    headings: frozenset[str]
    items: tuple[Item, ...]
    words: tuple[PlainWord, ...]
    tokens: Tokens
    passages: Vectors
    """A vector for each sentence, and each two in a row: shape (passages, dimension)."""


def read_source(headings: str, text: str, encoder: Encoder) -> SourceEntry:
    """Return an entry, given as Markdown with the headings above it, as statements are compared with it."""
    plain = visible_text(text)
    units = [visible_text(text[slice(*unit.span)]).strip() for unit in find_units(text).units]
    units = [unit for unit in units if unit] or [plain]
    pairs = [f"{first} {second}" for first, second in pairwise(units)]
    return SourceEntry(
        plain,
        said_stems(plain) | said_stems(headings),
        stems(headings),
        items_of(plain),
        plain_words(plain),
        _tokens(plain, encoder)[1],
        encoder.encode_queries([*units, *pairs]),
    )


def support(statement: str, source: SourceEntry, encoder: Encoder) -> float:
    """Return the probability, 0 to 1, that an entry supports a statement, given as Markdown."""
    plain = visible_text(statement)
    if is_refuted(plain, source):
        return 0.0
    weighted = zip(SETTINGS.weights, features(plain, source, encoder), strict=True)
    return 1 / (1 + math.exp(-SETTINGS.bias - sum(weight * value for weight, value in weighted)))


def is_refuted(plain: str, source: SourceEntry) -> bool:
    """Return whether an entry says the opposite of a statement: nothing that speaks for it outweighs that."""
    return is_rearranged(plain, items_of(plain), source.text, source.items) or _denied(plain, source) >= 1


def features(plain: str, source: SourceEntry, encoder: Encoder) -> Features:
    """Measure a statement, as a person sees it, against an entry."""
    items, words = items_of(plain), plain_words(plain)
    vector, tokens = _tokens(plain, encoder)
    distances = _distances(items, tokens, source)
    repeated = frame_of(words, source.words).share
    order_words, known_order = (set(map(str.casefold, ORDER_WORDS.findall(text))) for text in (plain, source.text))
    own_stems, source_stems = ([word.stem for word in each] for each in (words, source.words))
    return Features(
        closeness=float((source.passages @ vector).max()),
        length=math.log(min(max(len(items), 1), LONG)),
        missing=float(distances.sum()),
        missing_share=float(distances.sum()) / max(len(items), 1),
        strange=float(distances.max(initial=0.0)) * repeated,
        repeated=repeated,
        in_one_sentence=in_one_sentence(source.text, items, source.items),
        scattered=scattered(items, source.items),
        denied=_denied(plain, source),
        contrary=float(bool(contraries_of(own_stems, source_stems, source.headings))),
        other_order=float(is_in_other_order(plain, source.text)),
        order_words=float(len(order_words - known_order)),
        cause=float(bool(_CAUSE.search(plain)) and not _MAY_BE_CAUSE.search(source.text)),
    )


def _denied(plain: str, source: SourceEntry) -> float:
    anywhere = denied_otherwise(items_of(plain), source.items) / DENIED_ENOUGH
    repeated = frame_of(plain_words(plain), source.words).denied_otherwise / REPEATED_AND_DENIED
    return min(max(anywhere, repeated), 1.0)


def _distances(items: Sequence[Item], tokens: Tokens, source: SourceEntry) -> npt.NDArray[np.float64]:
    """Return for each item how far the nearest token of the source is from it, 0 to 1; 0 for what the source says."""
    nearest = (tokens.vectors @ source.tokens.vectors.T).max(axis=1, initial=0.0)
    known = source.stated | {item.key for item in source.items}
    return np.array([0.0 if item.key in known else 1 - _similarity(item, tokens, nearest) for item in items])


def _similarity(item: Item, tokens: Tokens, nearest: Vectors) -> float:
    rows = [row for row, (start, end) in enumerate(tokens.spans) if start < item.end and item.start < end]
    return float(np.clip(nearest[rows].mean(), 0, 1)) if rows else 0.0


def _tokens(text: str, encoder: Encoder) -> tuple[Vectors, Tokens]:
    """Return the vector of a text, and its tokens as they mean where they stand; a model may not tell these."""
    vector, tokens = encoder.encode_query(text)
    return vector, tokens if len(tokens.spans) else encoder.tokenizer.tokens(text)
