"""text -> the spans of its sentences (home of sentencex)

A list item, a row of a table, a heading and a code block are sentences of their own, whatever stands in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sentencex import get_sentence_boundaries

from index.markdown import text_blocks
from index.records import Span

_LANGUAGE: Final = "en"
"""sentencex falls back from any language to rules much like these; notes do not say theirs."""

_BLOCK_MARK: Final = re.compile(r"^[ \t]*(?:[-*+>#|=]|\d+[.)]|```|~~~|<)|^(?: {4}|\t)|\|", re.MULTILINE)
"""What only a text of several blocks holds; without it, parsing is spared."""
_MARKS: Final = re.compile(r"(?:[\s>#*+=|:_~-]|\d+[.)])*")
"""What stands between blocks and says nothing: bullets, numbers, rules, the line below a table's heading."""
_WHOLE: Final = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)|\b\w+://\S+|\bv?\d+(?:\.\d+)+\.\s+[a-z]", re.DOTALL)
"""A code span, an address, or a version that the sentence goes on after: no sentence ends inside it."""


def sentence_spans(text: str) -> list[Span]:
    """Return the character spans of the sentences of a Markdown text, in order, without marks and space around them.

    >>> sentence_spans("Use `git rebase main`. It helps, e.g. here.")
    [(0, 22), (23, 43)]
    """
    sentences = []
    for start, end, is_prose in _blocks(text):
        for first, last in _prose_spans(text[start:end]) if is_prose else [(0, end - start)]:
            sentences.append((start + first, start + last))
    return [span for one in sentences if (span := _stripped(text, *one))]


def _blocks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield blocks that, together with the marks between them, are the whole text."""
    done = 0
    for start, end, is_prose in text_blocks(text) if _BLOCK_MARK.search(text) else ():
        if start < done:
            continue
        if not _MARKS.fullmatch(text, done, start):
            yield done, start, False
        yield start, end, is_prose
        done = end
    if not done or not _MARKS.fullmatch(text, done):
        yield done, len(text), True


def _prose_spans(text: str) -> Iterator[Span]:
    """Yield what lies between the boundaries that cut no code span and no address apart."""
    wholes = [match.span() for match in _WHOLE.finditer(text)]
    start = 0
    for boundary in get_sentence_boundaries(_LANGUAGE, text):
        end = boundary["end_index"]
        if not any(first < end < last for first, last in wholes):
            yield start, end
            start = end
    yield start, len(text)


def _stripped(text: str, start: int, end: int) -> Span | None:
    sentence = text[start:end]
    start += len(sentence) - len(sentence.lstrip())
    return (start, start + len(sentence.strip())) if sentence.strip() else None
