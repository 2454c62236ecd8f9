"""text -> the spans of its sentences (home of sentencex)

A list item, a row of a table, a heading and a code block are sentences of their own, whatever stands in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from sentencex import get_sentence_boundaries

from index.markdown.extensions import begin_alone, broken_by_hand
from index.markdown.parser import TextBlock, text_blocks
from index.markdown.plain import formulas, visible_text
from index.markdown.rules import BOX
from index.records import Span

_LANGUAGE: Final = "en"
"""sentencex falls back from any language to rules much like these; notes do not say theirs."""

_SPACE: Final = re.compile(r"[^\S\n]")
"""Given to sentencex as a plain space: it takes each for one byte, and panics in the middle of a wider one."""

_BLOCK_MARK: Final = re.compile(r"^[ \t]*(?:[-*+>#|=]|\d+[.)]|```|~~~|<|%%)|^(?: {4}|\t)|\|", re.MULTILINE)
"""What only a text of several blocks holds; without it, parsing is spared."""
_BLOCK_MARKERS: Final = re.compile(r"(?:[\s>#*+=|:_~-]|\d+[.)]|(?:!!!|\?{3}\+?)[ \t]+[\w -]*\"?|\"(?=[ \t]*\n))*")
"""What stands between blocks and says nothing: bullets, numbers, rules, how an admonition begins, the line below a
table's heading."""
_LINE: Final = re.compile(r"[^\n]+")
_WHOLE: Final = re.compile(
    r"""
      (?<!`)(`+)(?!`).+?(?<!`)\1(?!`)                                       # code
    | \$\$(?:(?!\$\$).)+\$\$                                                 # a formula
    | \b\w+://\S+                                                           # an address
    | !?\[\[[^\[\]\n]+\]\] | !\[[^\[\]\n]*\]                                  # a link to a note, a picture
    | (?<!\S)%%(?:(?!%%).)+%%(?!\S) | <!--(?:(?!-->).)*-->                    # a comment
    | \bv?\d+(?:\.\d+)+\.\s+[a-z]                                           # a version that the sentence goes on after
    | \b\d{1,2}\.\s+(?:[a-zäöüß]|(?:Jan|Feb|Mär|Mar|Apr|Ma[ij]|Jun|Jul|Aug|Sep|Okt|Nov|De[sz])[a-zäöü]*\b)  # a day
    | (?:[Ss]tr|\b(?:Abs|App|Art|Bd|Eq|Fig|Kap|Sec|Tab|Tel|Vol|Ziff))\.\s+\d    # what a number counts
    | \b(?:Mio|Mrd|Tsd)\.\s+\S                                              # what a number is followed by
    | (?P<emphasis>(?<![\w*])(\*{1,3})(?=[^\s*])(?:(?!\3).)+(?<=\S)\3(?![\w*])
                  |(?<!\w)(_{1,3})(?=[^\s_])(?:(?!\4).)+(?<=\S)\4(?!\w)
                  |(?<![=\w])==(?=[^\s=])(?:(?!==).)+(?<=\S)==(?![=\w])
                  |(?<![~\w])~~(?=[^\s~])(?:(?!~~).)+(?<=\S)~~(?![~\w]))
    """,
    re.DOTALL | re.VERBOSE,
)
"""No sentence ends inside it."""
_CALLOUT: Final = re.compile(r"\[!\w[^\[\]\n]*\][-+]?[ \t]*")
"""What a quote begins with that is shown as a box; the rest of its line is a title."""
_TAGS: Final = re.compile(r"[ \t>]*(?:#[^\W\d][\w/-]*[ \t]*)+")
_LEFT_OUT: Final = re.compile(r"(?:^[ \t]*(?:>[ \t]*)+|\s)*", re.MULTILINE)
"""What stands before a sentence: space, and the `>` of a quote that goes on in the next line."""

_BLOCK_NAME: Final = re.compile(r"(?<!\S)\^[A-Za-z0-9-]+\s*\Z")
_BOX: Final = re.compile(rf"\A{BOX}(?:\s+|\Z)")
_BEGINS_UNSEEN: Final = "<%!{`~"
"""What markup begins with of which nothing may be seen: tags, comments, pictures, queries."""

TOGETHER: Final = 100
"""Characters of lines that answer together, such as an address."""
FIELDS_TOGETHER: Final = 300
"""The same of lines that are all fields ("Date: 3 May"): they say of one thing what, when and who."""
_KEY_VALUE_LINE: Final = re.compile(r"[*_]{0,2}\w[\w ./-]{0,30}:[*_]{0,2}[ \t]+(?!.*(?:\]\(|\[\[|://))\S.*")
"""A field whose value is no link: where links stand, each line leads elsewhere."""


def sentence_spans(text: str) -> list[Span]:
    """Return the character spans of the sentences of a Markdown text, in order, without marks and space around them.

    A line of tags and the head of a table say nothing by themselves, and of a comment nothing is seen: they are left
    out, and so is the name of a block.

    >>> sentence_spans("Use `git rebase main`. It helps, e.g. here.")
    [(0, 22), (23, 43)]
    """
    sentences = []
    for start, end, kind in _text_blocks(text):
        if kind == "prose":
            sentences += [(start + first, start + last) for first, last in _prose_spans(text[start:end])]
        elif kind == "whole":
            sentences.append((start, end))
    return [span for sentence in sentences if (span := _stripped(text, *sentence)) and _is_seen(text, span)]


def prose_sentences(text: str, start: int, end: int) -> list[Span]:
    """Return the spans of the sentences of one paragraph of a text, as `sentence_spans` does."""
    sentences = ((start + first, start + last) for first, last in _prose_spans(text[start:end]))
    return [span for sentence in sentences if (span := _stripped(text, *sentence)) and _is_seen(text, span)]


def _text_blocks(text: str) -> Iterator[TextBlock]:
    """Yield blocks that, together with the marks between them, are the whole text."""
    done = 0
    for block in text_blocks(text) if _BLOCK_MARK.search(text) else ():
        if block.start < done:
            continue
        if not _BLOCK_MARKERS.fullmatch(text, done, block.start):
            yield TextBlock(done, block.start, "whole")
        yield block
        done = block.end
    if not done or not _BLOCK_MARKERS.fullmatch(text, done):
        yield TextBlock(done, len(text), "prose")


def _prose_spans(text: str) -> Iterator[Span]:
    if _is_run_of_fields(text):
        yield 0, len(text)
        return
    for start, end in _unbroken_spans(text):
        for first, last in _between_boundaries(text[start:end]):
            yield start + first, start + last


def _unbroken_spans(text: str) -> Iterator[Span]:
    """Yield the stretches of a paragraph that no sentence crosses; what lies between them says nothing."""
    callout = _CALLOUT.match(text)
    lines = _lines(text)
    is_list = len(lines) > 1 and _is_list([text[slice(*line)] for line in lines])
    start = callout.end() if callout else 0
    for first, last in lines:
        if _TAGS.fullmatch(text, first, last):
            yield start, first
            start = last
        elif is_list or (callout and first == 0):
            yield start, last
            start = last
    yield start, len(text)


def _lines(text: str) -> list[Span]:
    r"""Return the lines of a paragraph, a formula of several lines as one.

    >>> _lines("So:\n$$\nx\n$$")
    [(0, 3), (4, 11)]
    """
    wholes = formulas(text) if "$$" in text or "\\[" in text else []
    lines: list[Span] = []
    for line in _LINE.finditer(text):
        start, end = line.span()
        if lines and any(first < start < last for first, last in wholes):
            start, _ = lines.pop()
        lines.append((start, end))
    return lines


def _is_list(lines: Sequence[str]) -> bool:
    return begin_alone(lines) or (sum(map(len, lines)) > TOGETHER and broken_by_hand(lines))


def _is_run_of_fields(text: str) -> bool:
    lines = text.strip().split("\n") if len(text) <= FIELDS_TOGETHER else ()
    return len(lines) > 1 and all(map(_KEY_VALUE_LINE.fullmatch, lines))


def _between_boundaries(text: str) -> Iterator[Span]:
    """Yield what lies between the boundaries that cut apart nothing whole.

    One before the end of emphasis comes after it; not where the sentence began with it: `**Arrival.** She has the key.`
    """
    wholes = list(_WHOLE.finditer(text))
    start = 0
    for boundary in get_sentence_boundaries(_LANGUAGE, _SPACE.sub(" ", text)):
        end = boundary["end_index"]
        cut = next((whole for whole in wholes if whole.start() < end < whole.end()), None)
        if cut and _may_end_after(cut, text, start, end):
            end = cut.end()
            cut = None
        if not cut:
            yield start, end
            start = end
    yield start, len(text)


def _may_end_after(emphasis: re.Match[str], text: str, start: int, end: int) -> bool:
    """Say whether a sentence from `start`, with a boundary at `end`, ends after the emphasis that goes on there."""
    closes = emphasis["emphasis"] and not text[end : emphasis.end()].strip("*_=~")
    begins_before = text[start : emphasis.start()].strip() or emphasis[0].startswith(("==", "~~"))
    return bool(closes and begins_before and not text[emphasis.end() :].lstrip()[:1].islower())


def _stripped(text: str, start: int, end: int) -> Span | None:
    if before := _LEFT_OUT.match(text, start, end):
        start = before.end()
    end = start + len(_BLOCK_NAME.sub("", text[start:end]).rstrip())
    return (start, end) if start < end else None


def _is_seen(text: str, span: Span) -> bool:
    sentence = _BOX.sub("", text[slice(*span)])
    return sentence[:1] not in _BEGINS_UNSEEN or bool(visible_text(sentence).strip())
