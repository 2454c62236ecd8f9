"""which passage of an entry answers, and why it matched"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from operator import itemgetter
from textwrap import dedent, indent
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.answering.asked_number import counted_thing, number_asked
from assistant.answering.row_keys import key_bonuses
from assistant.answering.settings import ANSWER
from assistant.answering.steps import asked_steps
from index.embedding import Tokenizer
from index.markdown import (
    ENOUGH,
    MAX_SENTENCES,
    PlainText,
    Table,
    Unit,
    Units,
    Whole,
    find_units,
    visible,
    visible_text,
)
from index.records import Span, Topic, Vectors
from index.retrieval import QueryTerms, token_similarity
from index.text import STOP_WORDS, days, stemmed_words, stems

MAX_WORDS: Final = 6
"""Words that say why a topic matched."""

LIKE: Final = 0.35
"""The similarity from which one word is shown for another: `slow` for quicker, `users` for customers; below, what comes
first is seldom what a reader would say."""

_HOLDS_CODE: Final = re.compile(r"^[ \t>]*(?:```|~~~|`[^`\n]+`[ \t]*$| {4}\S)", re.MULTILINE)

_FIELD: Final = re.compile(r"[*_]{0,2}(?P<name>\w[\w ./-]{0,30})::?[*_]{0,2}[ \t]+(?P<value>[^\n]{1,400})(?<![.!?])")
_PAGE_LINK: Final = re.compile(r"!?\[\[[^\[\]]*\]\]")
_LINK: Final = re.compile(
    r"!?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:[ \t][^()\n]*)?\)|<?\b[a-z]+://[^\s<>]+>?|</?[a-z][^<>]*>",
    re.IGNORECASE,
)

_ADDRESS: Final = re.compile(r"(?:\]\(|\b(?=[a-z]+://))(?P<address>[^()\s<>]+)")
"""Where a link leads, which nobody reads."""
_WORD: Final = re.compile(r"\w+")

_PLACEHOLDER: Final = re.compile(
    r"[\W_]*(?:todo|tbd|tba|fixme|wip|none|n/?a|nothing|coming soon|placeholder\S*|lorem ipsum.*|\w+:)?[\W_]*",
    re.IGNORECASE | re.DOTALL,
)
"""What says that something is still to be written, or a field without a value."""

_SENTENCE_END: Final = re.compile(r"[.!…。！][\s\"'”’)*_]*\Z")

_ALL_CODE: Final = re.compile(r"(`+)(?:(?!\1).)+\1", re.DOTALL)

LONGEST_WHOLE: Final = 1_000
"""Characters of a list or a table that is shown as a whole: about a screen of a phone."""

NOTHING: Final = 0.0
"""What a unit is worth that says nothing of what is asked: it is shown because it comes first."""

LONGEST_SHOWN: Final = 400
"""Characters of sentences that are shown together."""

_POINTS_BACK: Final = re.compile(
    r"[\W_]*(?:it|its|they|their|them|this|that|these|those|he|his|she|her|such|here|there|both|however|then|thus|also|"
    r"another|instead|therefore|the (?:latter|former|other))\b",
    re.IGNORECASE,
)
_ASKS_LIST: Final = re.compile(
    r"\b(?:steps|checklist|list|ingredients|types|kinds|options|ways|all|tips|rules|requirements|prerequisites)\b"
    r"|\bare there\b|\b(?:which|what) (?:\w+ )?\w+[^\Ws]s (?:are|were|have|has|do|did|can)\b"
    r"|\bwhat (?:are|do i need|should i (?:bring|pack|take|check|buy))\b",
    re.IGNORECASE,
)
_QUOTE_SIGN: Final = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_COMMENT: Final = re.compile(r"(?<!\S)%%(?:(?!%%).)+%%(?!\S)|<!--(?:(?!-->).)*-->", re.DOTALL)
_QUOTED: Final = re.compile(r"(?:[ \t]*>.*(?:\n|\Z))+")


class TokenAlignment(NamedTuple):
    """A text aligned with a question: the similarity of each query token to each token of the text."""

    query_terms: QueryTerms
    text: str
    spans: Sequence[Span]
    """Where each token stands."""
    similarity: Vectors
    """The similarity of each query token to each token of the text: shape (query tokens, tokens)."""

    def nearest(self, span: Span) -> Vectors:
        """Return the similarity of each query token to the most similar token in a span: shape (query tokens,)."""
        tokens = self.similarity[:, slice(*self._tokens(*span))]
        return np.asarray(tokens.max(axis=1, initial=0.0))

    def without(self, parts: Iterable[Span]) -> TokenAlignment:
        """Return the alignment with a similarity of 0 to the tokens in some spans of the text."""
        similarity = self.similarity.copy()
        for start, end in parts:
            similarity[:, slice(*self._tokens(start, end))] = 0
        return self._replace(similarity=similarity)

    def _tokens(self, start: int, end: int) -> tuple[int, int]:
        first = bisect_left(self.spans, start, key=itemgetter(0))
        return first, bisect_right(self.spans, end, key=itemgetter(1))


def align(query_terms: QueryTerms, text: str, tokenizer: Tokenizer) -> TokenAlignment:
    """Align a text with a question by the model's static token vectors, whatever stands around a token."""
    spans, vectors = tokenizer.tokens(text)
    return TokenAlignment(query_terms, text, spans, query_terms.similarity(query_terms.vectors @ vectors.T))


class Shown(NamedTuple):
    """The passage that answers: the shortest stretch of an entry that does so by itself."""

    span: Span
    """Where it stands in the entry's text."""
    text: str
    """It as Markdown, with what it needs around it: the head of a table, the label above an item."""
    more: int = 0
    """How many items, rows or lines of what it begins with are left out."""
    beside: Span | None = None
    """Where the runner-up stands that is shown as well."""

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return where what is shown stands, in the entry's order."""
        return tuple(sorted((self.span, self.beside))) if self.beside else (self.span,)


def align_in_place(
    query_terms: QueryTerms, topic: Topic, text: str, passages: Iterable[tuple[Span, bytes]], tokenizer: Tokenizer
) -> TokenAlignment | None:
    """Align an entry's text with a question by contextual token vectors: what each token means where it stands.

    `passages` say where in the text each of its passages stands, with its binary token vectors. Nothing is told by one
    that was embedded otherwise than it reads, as where most notes share a part of it; None where nothing is told.
    """
    spans: list[Span] = []
    similarity = []
    passages = list(passages)
    tables = _tables(text) if len(passages) > 1 else []
    for where, binary_tokens in passages:
        near = (
            token_similarity(query_terms, [binary_tokens]) if len(query_terms.vectors) else np.empty((0, 0), np.float32)
        )
        head = next((head for head, (start, end) in tables if start <= where[0] < end), "")
        if token_spans := _token_spans(topic, text, where, head, near.shape[1], tokenizer):
            own = [row for row, span in enumerate(token_spans) if span[1] > 0]
            spans += [token_spans[row] for row in own]
            similarity.append(near[:, own])
    return TokenAlignment(query_terms, text, spans, np.concatenate(similarity, axis=1)) if spans else None


def _tables(text: str) -> list[Table]:
    """Return the tables of an entry, with the spans of their rows in its Markdown."""
    if "|" not in text:
        return []
    body = visible(text)
    return [table._replace(body=body.source_span(*table.body)) for table in body.tables]


def _token_spans(topic: Topic, text: str, where: Span, head: str, count: int, tokenizer: Tokenizer) -> list[Span]:
    """Return where in a text the tokens of a passage stand, (0, 0) for those of its headings; none if they differ.

    `head` is that of the table in whose rows the passage begins, which stands in front of it if the table is large.
    """
    start, end = where
    body = visible(text[start:end])
    path = f"{topic.heading_path} > "
    for heading in dict.fromkeys((path + head, path, head, "")):
        tokens = tokenizer.token_spans(heading + body.text.strip() if start else heading + body.text)
        if len(tokens) == count:
            before = len(heading) - (len(body.text) - len(body.text.lstrip()) if start else 0)
            return [_moved(body, first - before, last - before, start) for first, last in tokens]
    return []


def _moved(body: PlainText, first: int, last: int, start: int) -> Span:
    if first < 0:
        return 0, 0
    begin, end = body.source_span(first, last)
    return start + begin, start + end


def best_passage(
    alignment: TokenAlignment,
    near: Span,
    headings: Set[str],
    in_place: TokenAlignment | None = None,
    doing: float = 0.0,
    way: float = 0.0,
) -> Shown:
    """Return the passage of an entry that answers what is asked best; `near` is the stretch that matched best.

    `doing` is how probable it is that something to do or a case is asked for, and no meaning; `way`, a way to do it.
    What `headings`, given by their stems, say already is asked of the topic rather than of one sentence in it: where
    nothing else is asked, the topic's first words of substance answer.
    """
    units = find_units(alignment.text)
    if not units.units:
        return Shown(near, visible_text(alignment.text[slice(*near)]).strip())
    alignment = alignment.without(match.span("address") for match in _ADDRESS.finditer(alignment.text))
    worth = _worth(alignment, in_place, units.units, near, headings, doing)
    if steps := asked_steps(alignment.query_terms, headings, units, worth, way):
        return _shown_whole(alignment, steps)
    passage = _passage(alignment, units, worth)
    others = np.where([_is_beside(unit, passage.span) for unit in units.units], worth, -np.inf)
    if worth.max() <= NOTHING or others.max() < (1 - ANSWER.runner_up_slack) * worth.max():
        return passage
    return _both(passage, _passage(alignment, units, others))


def _is_beside(unit: Unit, span: Span) -> bool:
    """Say whether a unit is shown elsewhere; a row of a table is told from the others by what it names."""
    return unit.kind != "row" and (unit.shown[1] <= span[0] or span[1] <= unit.shown[0])


def _both(best: Shown, other: Shown) -> Shown:
    """Return two passages of an entry as one, in the entry's order, where that is short; the better one otherwise."""
    if best.more or other.more or len(best.text) + len(other.text) > LONGEST_SHOWN:
        return best
    return best._replace(text="\n\n".join(each.text for each in sorted((best, other))), beside=other.span)


def _passage(alignment: TokenAlignment, units: Units, worth: Vectors) -> Shown:
    """Return the passage around the unit of an entry that has the highest worth."""
    best = int(worth.argmax())
    if whole := _whole(alignment, units, worth, best):
        return _shown_whole(alignment, whole)
    unit = units.units[best]
    if worth[best] <= NOTHING and unit.kind == "sentence":
        return _composed(alignment, unit, _beginning(units.units, best))
    if unit.shown != unit.span:
        return _composed(alignment, unit, unit.shown)
    return _composed(alignment, unit, _with_neighbours(alignment.text, units.units, worth, best))


def first_words(text: str) -> str:
    """Return the first sentence of substance of an entry, on one line; nothing where it has none."""
    return next((line for line in _lines(text) if not _emptiness(line)), "")


def words_of_days(text: str, wanted: Iterable[str]) -> str:
    """Return the first item or sentence of an entry that names one of some days, on one line; nothing if none does."""
    return next((line for line in _lines(text) if not set(wanted).isdisjoint(days(line))), "")


def _lines(text: str) -> Iterator[str]:
    """Yield the sentences and items of an entry, each on one line."""
    for unit in find_units(text).units:
        if unit.kind in {"sentence", "item"}:
            yield " ".join(visible_text(text[slice(*unit.span)]).split())


def _worth(
    alignment: TokenAlignment,
    in_place: TokenAlignment | None,
    units: Sequence[Unit],
    near: Span,
    headings: Set[str],
    doing: float,
) -> Vectors:
    """Return how much of what is asked each unit says, beyond the headings.

    Each word asked for counts by the word in the unit, or in a label above it, that is most like it.
    """
    query_terms, text = alignment.query_terms, alignment.text
    weights = _weights(query_terms, headings)
    is_asked = bool(weights.any())
    in_place_weights = (
        ANSWER.in_place_weight * (_weights(in_place.query_terms, headings) + in_place.query_terms.token_weights)
        if in_place
        else 0
    )
    in_place = in_place if is_asked else None
    number, thing = number_asked(query_terms.question), _counted_thing(query_terms, headings)
    known = headings | query_terms.all_stems

    def counted(similarity: Vectors) -> float:
        return float(similarity[thing].mean()) if thing.any() else 1.0

    def worth(place: int, unit: Unit) -> float:
        shown = text[slice(*unit.shown)]
        parent = text[slice(*unit.parent)] if unit.parent else ""
        similarity = alignment.nearest(unit.span)
        if unit.labels:
            similarity = np.maximum(
                similarity, ANSWER.label_share * np.max([alignment.nearest(label) for label in unit.labels], axis=0)
            )
        bonus = ANSWER.number_bonus * counted(similarity) if number and number.search(shown) else 0.0
        bonus += _code_bonus(text, unit, doing) if is_asked and _HOLDS_CODE.search(shown) else 0.0
        outside = ANSWER.outside_loss if is_asked and (unit.span[1] <= near[0] or unit.span[0] >= near[1]) else 0.0
        meant = in_place_weights @ in_place.nearest(unit.span) if in_place else 0.0
        is_bare = unit.shown == unit.span if unit.kind == "label" else _PLACEHOLDER.fullmatch(text, *unit.span)
        empty = ANSWER.links_loss if is_bare else 0.0
        empty = max(empty, _emptiness(shown, parent), _echo(f"{parent} {shown}", known, doing))
        late = ANSWER.order_loss * min(place, ANSWER.order_units)
        return float(weights @ similarity + meant) + bonus - outside - empty - late

    own = np.array([worth(*numbered) for numbered in enumerate(units)], dtype=np.float32)
    return own + key_bonuses(query_terms.question, text, units)


def _counted_thing(query_terms: QueryTerms, headings: Set[str]) -> npt.NDArray[np.bool_]:
    """Return for each query token whether it is of the thing that is counted, unless a heading names that thing."""
    return query_terms.are_in(stems(counted_thing(query_terms.question)) - headings)[query_terms.words]


def _weights(query_terms: QueryTerms, headings: Set[str]) -> Vectors:
    """Return the weight of each query token: those outside the headings sum to 1, those in a heading count a little."""
    in_headings = query_terms.are_in(headings)[query_terms.words]
    beyond = float(query_terms.token_weights[~in_headings].sum())
    if not beyond:
        return np.zeros_like(query_terms.token_weights)
    within = ANSWER.heading_share / max(1 - beyond, ANSWER.heading_share)
    return query_terms.token_weights * np.where(in_headings, within, 1 / beyond).astype(np.float32)


def _code_bonus(text: str, unit: Unit, doing: float) -> float:
    is_bare = unit.kind == "code" or bool(_ALL_CODE.fullmatch(text, *unit.span))
    return -ANSWER.code_loss if is_bare and doing <= ANSWER.max_doing else doing * ANSWER.code_bonus


def _emptiness(shown: str, parent: str = "") -> float:
    """Return what is taken off a stretch of text that says little: a link, a placeholder, a fragment."""
    if _PLACEHOLDER.fullmatch(shown) or not _says(_PAGE_LINK.sub("", shown)):
        return ANSWER.links_loss
    if field := _FIELD.fullmatch(shown.rstrip(" .")):
        return ANSWER.field_loss if _says(field["value"]) else ANSWER.link_field_loss
    if "\n" in shown and all(map(_FIELD.fullmatch, shown.split("\n"))):
        return ANSWER.field_loss
    return ANSWER.fragment_loss if not parent and len(shown.split()) <= ANSWER.fragment_words else 0.0


def _echo(shown: str, known: Set[str], doing: float) -> float:
    """Return what a short stretch loses that says no more than the question and the headings."""
    if len(shown.split()) > ANSWER.echo_words or not stems(shown) <= known:
        return 0.0
    is_command = doing > ANSWER.max_doing and bool(_HOLDS_CODE.search(shown))
    return 0.0 if is_command or _SENTENCE_END.search(shown) else ANSWER.echo_loss


def _says(text: str) -> bool:
    """Return whether a text contains a word outside of links that carries meaning."""
    return any(word.casefold() not in STOP_WORDS for word in _WORD.findall(_LINK.sub(" ", text)))


def _shown_whole(alignment: TokenAlignment, whole: Whole) -> Shown:
    return Shown(whole.shown, _as_shown(alignment.text[slice(*whole.shown)]), whole.more)


def _whole(alignment: TokenAlignment, units: Units, worth: Vectors, best: int) -> Whole | None:
    """Return the whole list or table of the best unit, if many of its units are worth as much; None otherwise."""
    first, last = units.units[best].span
    whole = next(
        (candidate for candidate in reversed(units.wholes) if candidate.span[0] <= first and last <= candidate.span[1]),
        None,
    )
    if not whole or whole.shown[1] - whole.shown[0] > LONGEST_WHOLE:
        return None
    inside = [row for row, unit in enumerate(units.units) if whole.span[0] <= unit.span[0] < whole.span[1]]
    alike = int((worth[inside] >= worth[best] - ANSWER.list_slack).sum())
    is_asked = len(inside) > 1 and bool(_ASKS_LIST.search(alignment.query_terms.question))
    is_asked |= not _says(
        _PAGE_LINK.sub("", alignment.text[first:last])
    )  # one link of many is no answer, all of them are
    return whole if is_asked or 1 < alike > len(inside) / 2 else None


def _with_neighbours(text: str, units: Sequence[Unit], worth: Vectors, best: int) -> Span:
    """Return the span of a sentence with the neighbours in its paragraph that say almost as much.

    What begins with a pronoun is not understood without the sentence before.
    """
    first = last = best
    if _POINTS_BACK.match(text, units[best].span[0]) and _may_join(units, best - 1, best):
        first = best - 1
    near = sorted((place for place in (best - 1, best + 1) if 0 <= place < len(units)), key=lambda place: -worth[place])
    for place in near:
        says_enough = worth[place] >= (1 - ANSWER.neighbour_slack) * worth[best]
        low, high = min(first, place), max(last, place)
        if says_enough and _is_sentence(text, units[place]) and _may_join(units, low, high):
            first, last = low, high
    return units[first].span[0], units[last].span[1]


def _is_sentence(text: str, unit: Unit) -> bool:
    sentence = text[slice(*unit.span)].rstrip(" .")
    is_fragment = len(sentence.split()) <= ANSWER.fragment_words
    return unit.kind == "sentence" and not is_fragment and not _FIELD.fullmatch(sentence)


def _beginning(units: Sequence[Unit], first: int) -> Span:
    """Return the span of a sentence and those after it in its paragraph, as many as are enough."""
    after = units[first : first + MAX_SENTENCES]
    ends = [unit.span[1] for unit in after if unit.block == units[first].block and unit.kind == "sentence"]
    start, end = units[first].span
    return start, max([end, *(last for last in ends if last - start <= ENOUGH)])


def _may_join(units: Sequence[Unit], first: int, last: int) -> bool:
    same = first >= 0 and units[first].block == units[last].block
    return same and units[last].span[1] - units[first].span[0] <= LONGEST_SHOWN


def _composed(alignment: TokenAlignment, unit: Unit, span: Span) -> Shown:
    """Return a stretch as it is shown: with the item it stands below, or with what stands above it."""
    if unit.parent and unit.parent[1] <= span[0]:
        item = f"- {_as_shown(alignment.text[slice(*span)])}".replace("\n", "\n  ")
        return Shown(span, f"- {_as_shown(alignment.text[slice(*unit.parent)])}\n{indent(item, '  ')}", unit.more)
    return _with_label(alignment, unit, span)


def _with_label(alignment: TokenAlignment, unit: Unit, span: Span) -> Shown:
    """Return a stretch with the head of its table, or with the label that introduces it."""
    text = alignment.text
    start, end = span
    if unit.kind == "row" and start == unit.span[0]:
        head = unit.labels[-1]
        rule = text[head[1] :].lstrip("\n").partition("\n")[0]
        return Shown(span, f"{text[slice(*head)].strip()}\n{rule.strip()}\n{_as_shown(text[start:end])}", unit.more)
    label = unit.labels[-1] if unit.is_introduced else None
    if label and start >= label[1] and _needs(alignment, unit, label):
        if not text[label[1] : start].strip(" \t\n*_`>:-"):
            return Shown((label[0], end), _as_shown(text[label[0] : end]), unit.more)
        mark = "- " if unit.kind == "item" else ""
        return Shown(span, f"{_as_shown(text[slice(*label)])}\n\n{mark}{_as_shown(text[start:end])}", unit.more)
    return Shown(span, _as_shown(text[start:end]), unit.more)


def _needs(alignment: TokenAlignment, unit: Unit, label: Span) -> bool:
    """Say whether a unit is shown with its label: it is code, or the label says what is asked and the unit doesn't."""
    if unit.kind == "code" or _ALL_CODE.fullmatch(alignment.text, *unit.span):
        return True
    more = alignment.query_terms.token_weights @ np.maximum(alignment.nearest(label) - alignment.nearest(unit.span), 0)
    return float(more) >= ANSWER.label_lead


def _as_shown(text: str) -> str:
    """Return a stretch without comments, and without the indentation or the signs of a quote of the lines below."""
    first, line_end, rest = _COMMENT.sub("", text).rstrip().partition("\n")
    if _QUOTED.fullmatch(rest) and not first.startswith(">"):
        rest = _QUOTE_SIGN.sub("", rest)
    return f"{first}{line_end}{dedent(rest)}"


def like_words(alignment: TokenAlignment) -> tuple[str, ...]:
    """Return the words of a text that mean a query term in other words, those for the rarest term first.

    A letter or a number is meant as it is.
    """
    query_terms, text = alignment.query_terms, alignment.text
    meaningful = {(start, end): stem for stem, start, end in stemmed_words(text) if len(stem) > 1 and stem.isalpha()}
    whole = [row for row, span in enumerate(alignment.spans) if span in meaningful]
    is_held = query_terms.are_in(stems(text))
    if not whole or not len(query_terms.words):
        return ()
    words, firsts = np.unique(query_terms.words, return_index=True)
    similarity = np.add.reduceat(alignment.similarity[:, whole], firsts, axis=0) / query_terms.token_counts[words, None]
    likest = similarity.argmax(axis=1).tolist()
    words_alike = [
        text[slice(*alignment.spans[whole[likest[row]]])]
        for row in np.argsort(-query_terms.weights[words], kind="stable").tolist()
        if not is_held[words[row]] and similarity[row, likest[row]] >= LIKE
    ]
    return tuple(dict.fromkeys(words_alike))


def shared_words(query_terms: QueryTerms, topic: Topic) -> tuple[str, ...]:
    """Return the words of a topic that a question shares in any form, as the topic writes them."""
    written: dict[str, str] = {}
    wanted = query_terms.all_stems
    for text in topic.texts:
        for stem, start, end in stemmed_words(text):
            if stem in wanted and len(stem) > 1:
                written.setdefault(stem, text[start:end])
    return tuple(written.values())
