"""lines -> paragraphs, joined across lines and pages, hyphens at the end of a line mended"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from index.formats.documents.blocks import PARAGRAPH, Block, literal
from index.formats.documents.pages.headings import HeadingPlace, headings_by_line
from index.formats.documents.pages.page import BULLET, Line, Page, page_anchor, usual_leading

NEW_PARAGRAPH: Final = 1.35
"""How much farther than usual a line stands below the one before, where a paragraph begins."""
INDENT: Final = 0.8
"""How far a paragraph's first line is moved in, in sizes of its letters."""
SHORT: Final = 0.75
"""The share of the column's width below which a line is the last one of its paragraph, or a line of its own."""

_ITEM: Final = re.compile(rf"{BULLET.pattern}|^\s*(?:\d{{1,3}}|[a-zA-Z])[.)]\s+\S")
_SENTENCE_ENDS: Final = tuple(".!?:;…")
_CLOSING: Final = "\"'”’)]"
_WORD_WITH_HYPHENS: Final = re.compile(r"\w+(?:-\w+)*")


def blocks_between(pages: Sequence[Page], headings: Mapping[HeadingPlace, Block]) -> list[Block]:
    """Return headings, and the paragraphs between them, in the order of the pages."""
    return _Joiner(_word_counts(pages)).join(pages, headings)


def _word_counts(pages: Sequence[Page]) -> Counter[str]:
    """Return how often each word stands in a document, where any is parted at the end of a line."""
    lines = [line.text for page in pages for line in page.lines]
    is_parted = any(line.endswith("-") for line in lines)
    return (
        Counter(word for line in lines for word in _WORD_WITH_HYPHENS.findall(line.casefold()))
        if is_parted
        else Counter()
    )


@dataclass(slots=True)
class _Joiner:
    """Joins lines to paragraphs, from page to page."""

    words: Counter[str]
    """How often each word stands in the document: whether a hyphen belongs to a word at the end of a line."""
    text: str = ""
    """The paragraph so far, of this page."""
    joint: str = PARAGRAPH
    """What stands between that paragraph and the block before."""
    last: Line | None = None
    last_page: Page | None = None
    blocks: list[Block] = field(default_factory=list)

    def join(self, pages: Sequence[Page], headings: Mapping[HeadingPlace, Block]) -> list[Block]:
        by_page: dict[int, dict[int, Block]] = defaultdict(dict)
        for (number, place), heading in headings.items():
            by_page[number][place] = heading
        for page in pages:
            measures = _measures(page)
            begin = 0
            for number, places in headings_by_line(by_page.get(page.number, {})):
                self._lines(page, begin, number, measures)
                begin = number
                for place in places:
                    begin += place == number
                    self._head(by_page[page.number][place])
            self._lines(page, begin, len(page.lines), measures)
            self._end_of_page()
        self._close()
        return self.blocks

    def _head(self, heading: Block) -> None:
        self._close()
        if heading.text:
            self.blocks.append(heading)

    def _lines(self, page: Page, begin: int, end: int, measures: _Measures) -> None:
        """Add the lines of a page between two headings."""
        for line in page.lines[begin:end]:
            if self.last is None:
                self._begin(line)
            elif self.last_page is not page:
                self._on_next_page(line)
            elif _begins(self.last, line, measures):
                self._flush()
                self.joint = PARAGRAPH
                self._begin(line)
            else:
                joint, before = self._joined(self.text, line.text) if self.text.endswith("-") else (" ", self.text)
                self.text = before + joint + literal(line.text)
            self.last, self.last_page = line, page

    def _begin(self, line: Line) -> None:
        """Begin a paragraph, or an item of a list, with a line."""
        self.text = BULLET.sub("- ", line.text, count=1)
        if not self.text.startswith("- "):
            self.text = literal(self.text)
        elif len(self.text) > 2:
            self.text = f"- {literal(self.text[2:])}"

    def _joined(self, before: str, line: str) -> tuple[str, str]:
        """Return what stands between two lines of a paragraph, and the first of them with its hyphen or without."""
        if not before.endswith("-") or before.endswith("--") or not line[:1].islower():
            return " ", before
        first, second = re.search(r"([\w-]*)-$", before), re.match(r"\w+", line)
        if not first or not second or not first[1]:
            return " ", before
        whole = f"{first[1]}-{second[0]}".casefold()
        is_compound = self.words[whole] > 0 and not self.words[whole.replace("-", "")]
        return "", before if is_compound else before[:-1]

    def _end_of_page(self) -> None:
        """Write the paragraph as a block of its page, and leave it open: it may go on upon the next one."""
        if self.text:
            self._flush()

    def _on_next_page(self, line: Line) -> None:
        """Begin a block with the first line of a page, joined to the last block where its paragraph goes on."""
        above = self.last or line
        is_open = (
            _may_go_on(line.text)
            and not _ends_sentence(above.text)
            and abs(above.size - line.size) < 1
            and bool(self.blocks)
            and not self.blocks[-1].level
        )
        self._begin(line)
        self.joint = PARAGRAPH
        if is_open:
            self.joint, before = self._joined(self.blocks[-1].text, line.text)
            self.blocks[-1] = self.blocks[-1]._replace(text=before)

    def _flush(self) -> None:
        if self.text and self.last_page:
            self.blocks.append(Block(self.text, page_anchor(self.last_page.number), joint=self.joint))
        self.text = ""

    def _close(self) -> None:
        self._flush()
        self.last, self.joint = None, PARAGRAPH


class _Measures(NamedTuple):
    """What is usual for the lines of a page."""

    leading: float
    edges: Sequence[float]
    sides: Sequence[tuple[float, float]]
    """Where the lines of each column begin and end at most."""


def _measures(page: Page) -> _Measures:
    columns: list[list[Line]] = [[] for _ in range(len(page.edges) + 1)]
    for line in page.lines:
        columns[bisect_right(page.edges, line.x0)].append(line)
    ends = (*page.edges, page.width)
    return _Measures(usual_leading(page.lines), page.edges, list(map(_sides, columns, ends)))


def _sides(lines: Sequence[Line], end: float) -> tuple[float, float]:
    """Return where lines of a column begin and end at most, but for those that reach into the next one."""
    within = [line for line in lines if line.x1 <= end] or lines
    return min((line.x0 for line in within), default=0.0), max((line.x1 for line in within), default=0.0)


def _may_go_on(text: str) -> bool:
    """Say whether a text begins with a small letter, or with one of a script that has no others."""
    return text[:1].isalpha() and not text[:1].isupper()


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def _begins(above: Line, line: Line, measures: _Measures) -> bool:
    """Say whether a line begins a paragraph."""
    if _ITEM.match(line.text):
        return True
    leading, edges, sides = measures
    if above.y0 <= line.y0 or above.x0 > line.x1 or line.x0 > above.x1:  # another column
        return _ends_sentence(above.text) or not _may_go_on(line.text)
    if above.y0 - line.y0 > max(NEW_PARAGRAPH * leading, 1.0) or abs(above.size - line.size) > 1:
        return True
    if line.x0 > above.x0 + INDENT * line.size and not BULLET.match(above.text):
        return True
    left, right = sides[bisect_right(edges, above.x0)]
    is_short = above.x1 - left < SHORT * (right - left)
    return is_short and (not line.text[:1].islower() or _ends_sentence(above.text))
