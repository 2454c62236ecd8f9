"""topic -> passages that fit the model (home of langchain-text-splitters)

Lengths are the model's own tokens, the heading path included. An entry that fits is one passage; a longer one is
packed from whole sentences, code blocks and tables, each passage repeating the last sentences of the one before.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from langchain_text_splitters import TextSplitter

from index.boilerplate import without_shared
from index.plain import visible, visible_text
from index.records import Passage, PassageKind, Topic
from index.sentences import sentence_spans

OVERLAP: Final = 1 / 6
"""The share of a passage that may repeat the one before: room for a sentence or two."""

LONGEST_HEADING: Final = 1 / 2
"""The share of a passage that the heading path may take; a longer one is searched on its own."""

_LINE_MARKS: Final = re.compile(r"[ \t]*(?:[-*+>#]+|\d+[.)])?[ \t]*")

Span = tuple[int, int]
TokenSpans = Callable[[str], Sequence[Span]]
"""Tells where in a text each of its tokens stands, in order."""


def topic_passages(
    topic: Topic, max_tokens: int, token_spans: TokenSpans, shared: frozenset[str] = frozenset()
) -> list[Passage]:
    """Return what is embedded of a topic, each at most `max_tokens` long.

    It is the text that a person sees, without Markdown's signs and without the paragraphs that most notes share, known
    by their keys; its spans are those of the entry as it is written.
    The entries come first, in order and whole or in parts; then the topic as a whole where it has several entries
    and fits; then each phrase it is also asked as.
    """
    heading = f"{topic.heading_path} > "
    heading_length = len(token_spans(heading))
    long_heading = heading_length > max_tokens * LONGEST_HEADING
    prefix, room = ("", max_tokens) if long_heading else (heading, max_tokens - heading_length)

    seen = [without_shared(visible(entry.text), shared) for entry in topic.entries]
    passages = [
        Passage("entry", prefix + entry.text[start:end], position, *entry.source_span(start, end))
        for position, entry in enumerate(seen)
        for start, end in split_spans(entry.text, room, token_spans, entry.blocks)
    ]
    whole = "\n".join(entry.text for entry in seen)
    if len(topic.entries) > 1 and len(token_spans(whole)) <= room:
        passages.append(Passage("topic", prefix + whole))
    if long_heading:
        passages += _cut(topic.heading_path, "topic", max_tokens, token_spans)
    for phrase in topic.asked_as:
        passages += _cut(visible_text(phrase), "asked", max_tokens, token_spans)
    return passages


def split_spans(text: str, max_tokens: int, token_spans: TokenSpans, blocks: Sequence[Span] = ()) -> list[Span]:
    """Return spans of at most `max_tokens` that cover the text in order, overlapping where it had to be split.

    Blocks, the spans of code and tables, are kept whole where they fit.
    """
    tokens = token_spans(text)
    if len(tokens) <= max_tokens or len(text) == 1:
        return [(0, len(text))]
    spans: list[Span] = []
    end = 0
    for chunk in _BlockSplitter(max_tokens, tokens, blocks).split_text(text):
        # chunks are slices of the text that follow one another, so each begins at or before the last one's end
        start = text.rindex(chunk, 0, end + len(chunk))
        end = start + len(chunk)
        # by itself, a slice may have more tokens than it had in the text: a few letters of a long word
        spans += [(start + first, start + last) for first, last in split_spans(chunk, max_tokens, token_spans)]
    return spans


def _cut(text: str, kind: PassageKind, max_tokens: int, token_spans: TokenSpans) -> Iterator[Passage]:
    for start, end in split_spans(text, max_tokens, token_spans):
        yield Passage(kind, text[start:end])


class _BlockSplitter(TextSplitter):
    """Packs sentences, code blocks and tables into chunks; joined without overlap they are the text again.

    The text was read by the tokenizer once; the length of any slice is how many tokens stand in it, if only in part.
    """

    def __init__(self, max_tokens: int, tokens: Sequence[Span], blocks: Sequence[Span]) -> None:
        self._lengths = {"": 0}
        super().__init__(
            chunk_size=max_tokens,
            chunk_overlap=int(max_tokens * OVERLAP),
            length_function=self._lengths.__getitem__,
            strip_whitespace=False,
        )
        self._starts = [start for start, _ in tokens]
        self._ends = [end for _, end in tokens]
        self._blocks = blocks

    def split_text(self, text: str) -> list[str]:
        pieces = []
        for start, end in pairwise(_cut_points(text, self._blocks)):
            for first, last in self._fitting(text, start, end):
                piece = text[first:last]
                self._lengths[piece] = max(self._length(first, last), self._lengths.get(piece, 0))
                pieces.append(piece)
        return self._merge_splits(pieces, separator="")

    def _fitting(self, text: str, start: int, end: int) -> Iterator[Span]:
        """Yield a span whole where it fits, else parts that end with a line, or a word, or a token."""
        while self._length(start, end) > self._chunk_size:
            full = self._starts[bisect_right(self._ends, start) + self._chunk_size]
            cut = text.rfind("\n", start, full) + 1 or text.rfind(" ", start, full) + 1 or max(full, start + 1)
            yield start, cut
            start = cut
        yield start, end

    def _length(self, start: int, end: int) -> int:
        return bisect_left(self._starts, end) - bisect_right(self._ends, start)


def _cut_points(text: str, blocks: Sequence[Span]) -> list[int]:
    """Return where a text may be cut: before each sentence, before and after each block."""
    edges = {0, len(text), *(edge for block in blocks for edge in block)}
    begins = [begin for begin, _ in blocks]
    for start in (_before_marks(text, start) for start, _ in sentence_spans(text)):
        block = bisect_left(begins, start) - 1  # the last one that begins before the sentence
        if block < 0 or start > blocks[block][1]:
            edges.add(start)
    return sorted(edges)


def _before_marks(text: str, start: int) -> int:
    """Return where the line begins if only a bullet, a number or such stands before, so that it stays with its item."""
    line = text.rfind("\n", 0, start) + 1
    return line if _LINE_MARKS.fullmatch(text, line, start) else start
