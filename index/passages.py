"""topic -> passages that fit the model (home of langchain-text-splitters)

Lengths are the model's own tokens, the heading path included. An entry that fits is one passage; a longer one is
packed from whole sentences, code blocks and tables, each passage repeating the last sentences of the one before.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from langchain_text_splitters import RecursiveCharacterTextSplitter, TextSplitter

from index.boilerplate import without_shared
from index.plain import visible, visible_text
from index.records import Passage, PassageKind, Topic
from index.sentences import sentence_spans

OVERLAP: Final = 1 / 6
"""The share of a passage that may repeat the one before: room for a sentence or two."""

LONGEST_HEADING: Final = 1 / 2
"""The share of a passage that the heading path may take; a longer one is searched on its own."""

_LINE_MARKS: Final = re.compile(r"[ \t]*(?:[-*+>#]+|\d+[.)])?[ \t]*")

CountTokens = Callable[[str], int]
Span = tuple[int, int]


def topic_passages(
    topic: Topic, max_tokens: int, count_tokens: CountTokens, shared: frozenset[str] = frozenset()
) -> list[Passage]:
    """Return what is embedded of a topic, each at most `max_tokens` long as `count_tokens` counts.

    It is the text that a person sees, without Markdown's signs and without the paragraphs that most notes share, known
    by their keys; its spans are those of the entry as it is written.
    The entries come first, in order and whole or in parts; then the topic as a whole where it has several entries
    and fits; then each phrase it is also asked as.
    """
    heading = f"{topic.heading_path} > "
    long_heading = count_tokens(heading) > max_tokens * LONGEST_HEADING
    prefix = "" if long_heading else heading
    room = max_tokens - count_tokens(prefix)

    seen = [without_shared(visible(entry.text), shared) for entry in topic.entries]
    passages = [
        Passage("entry", prefix + entry.text[start:end], position, *entry.source_span(start, end))
        for position, entry in enumerate(seen)
        for start, end in split_spans(entry.text, room, count_tokens, entry.blocks)
    ]
    whole = "\n".join(entry.text for entry in seen)
    if len(topic.entries) > 1 and count_tokens(whole) <= room:
        passages.append(Passage("topic", prefix + whole))
    if long_heading:
        passages += _cut(topic.heading_path, "topic", max_tokens, count_tokens)
    for phrase in topic.asked_as:
        passages += _cut(visible_text(phrase), "asked", max_tokens, count_tokens)
    return passages


def split_spans(text: str, max_tokens: int, count_tokens: CountTokens, blocks: Sequence[Span] = ()) -> list[Span]:
    """Return spans of at most `max_tokens` that cover the text in order, overlapping where it had to be split.

    Blocks, the spans of code and tables, are kept whole where they fit.
    """
    if count_tokens(text) <= max_tokens:
        return [(0, len(text))]
    spans = []
    end = 0
    for chunk in _BlockSplitter(max_tokens, count_tokens, blocks).split_text(text):
        # chunks are slices of the text that follow one another, so each begins at or before the last one's end
        start = text.rindex(chunk, 0, end + len(chunk))
        end = start + len(chunk)
        spans.append((start, end))
    return spans


def _cut(text: str, kind: PassageKind, max_tokens: int, count_tokens: CountTokens) -> Iterator[Passage]:
    for start, end in split_spans(text, max_tokens, count_tokens):
        yield Passage(kind, text[start:end])


class _BlockSplitter(TextSplitter):
    """Packs sentences, code blocks and tables into chunks; joined without overlap they are the text again."""

    def __init__(self, max_tokens: int, count_tokens: CountTokens, blocks: Sequence[Span]) -> None:
        super().__init__(
            chunk_size=max_tokens,
            chunk_overlap=int(max_tokens * OVERLAP),
            length_function=count_tokens,
            strip_whitespace=False,
        )
        self._blocks = blocks
        self._finer = RecursiveCharacterTextSplitter(
            separators=["\n", " ", ""],
            keep_separator="end",
            chunk_size=max_tokens,
            chunk_overlap=0,
            length_function=lambda piece: count_tokens(piece) or len(piece[:1]),  # a piece of 0 would be repeated
            strip_whitespace=False,
        )

    def split_text(self, text: str) -> list[str]:
        pieces = (
            piece
            for start, end in pairwise(_cut_points(text, self._blocks))
            for piece in self._fitting(text[start:end])
        )
        return self._merge_splits(pieces, separator="")

    def _fitting(self, piece: str) -> list[str]:
        return [piece] if self._length_function(piece) <= self._chunk_size else self._finer.split_text(piece)


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
