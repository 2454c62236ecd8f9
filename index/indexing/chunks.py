"""text too long for a passage -> chunks that fit, cut between sentences (home of langchain-text-splitters)"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from langchain_text_splitters import TextSplitter

from index.markdown import sentence_spans
from index.records import Span

OVERLAP: Final = 1 / 6
"""The share of a chunk that may repeat the end of the chunk before it: room for a sentence or two."""

_LINE_MARKS: Final = re.compile(r"[ \t]*(?:[-*+>#]+|\d+[.)])?[ \t]*")


def cut_chunks(text: str, max_tokens: int, tokens: Sequence[Span], blocks: Sequence[Span]) -> list[str]:
    """Return slices of a text, in order, that cover it and overlap a little.

    `tokens` are the spans of the text's tokens; `blocks` are the spans of code and tables, kept whole where they fit.
    """
    return _BlockSplitter(max_tokens, tokens, blocks).split_text(text)


class _BlockSplitter(TextSplitter):
    """Packs sentences, code blocks and tables into chunks; joined without overlap they are the text again.

    The text is tokenized once; the length of a slice is the number of tokens that lie in it, wholly or in part.
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
        slices = []
        for start, end in pairwise(_cut_points(text, self._blocks)):
            for first, last in self._fitting(text, start, end):
                slice_ = text[first:last]
                self._lengths[slice_] = max(self._length(first, last), self._lengths.get(slice_, 0))
                slices.append(slice_)
        return self._merge_splits(slices, separator="")

    def _fitting(self, text: str, start: int, end: int) -> Iterator[Span]:
        """Yield a span whole where it fits, else smaller spans that end with a line, a word or a token."""
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
        block = bisect_left(begins, start) - 1  # the last block that begins before the sentence
        if block < 0 or start > blocks[block][1]:
            edges.add(start)
    return sorted(edges)


def _before_marks(text: str, start: int) -> int:
    """Return the line's beginning if only a bullet or a number precedes `start`, so that it stays with its item."""
    line = text.rfind("\n", 0, start) + 1
    return line if _LINE_MARKS.fullmatch(text, line, start) else start
