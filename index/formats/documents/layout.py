"""lines of pages as they are set -> blocks: headings and whole paragraphs, without running heads and feet

Headings are those of the outline, or else lines in larger or bolder type. Paragraphs are joined across lines and pages,
and hyphens at the end of a line are mended.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple

from index.formats.documents.blocks import PARAGRAPH, Block, literal, one_line

EDGE_LINES: Final = 3
"""Lines at the top and the bottom of a page among which running heads and feet are looked for."""
MARGIN: Final = 0.11
"""The share of a page's height, at its top and its bottom, in which they stand: text begins an inch from the edge."""
MIN_REPEATED: Final = 3
"""Pages on which the same line stands at the same place, from which on it belongs to the pages and not to the text."""
SAME_PLACE: Final = 4.0
"""Points by which such a line may be moved."""
APART: Final = 3
"""Pages between two of them at most: heads of left and right pages differ, and a chapter's first page has none."""

BETWEEN: Final = 10_000
"""How far the places of headings lie apart that stand above the same line: more than a page has lines."""
LONGEST_NUMBER: Final = 8
"""Letters and figures that stand before a heading on its page, and not in the outline: `Chapter 12`, `4.2.1`."""

LARGER: Final = 1.12
"""How much larger than the text a heading is set: 11 points over 10 are a caption's difference, 12 a heading's."""
LONGEST_HEADING: Final = 140
"""Characters; what is longer is a text in large type."""
MAX_HEADINGS: Final = 0.4
"""The share of the letters from which on what stands out is the text itself."""

NEW_PARAGRAPH: Final = 1.35
"""How much farther than usual a line stands below the one before, where a paragraph begins."""
INDENT: Final = 0.8
"""How far a paragraph's first line is moved in, in sizes of its letters."""
SHORT: Final = 0.75
"""The share of the column's width below which a line is the last one of its paragraph, or a line of its own."""

_DIGIT_RUN: Final = re.compile(r"\d+")
_ONLY_NUMBER: Final = re.compile(
    r"[\W_]*(?:page\s+|seite\s+)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|/|von)\s*\d+)?[\W_]*", re.I
)
_BULLET: Final = re.compile(r"^\s*[•‣▪▫◦●○■□–—∙·‐*-]\s+(?=\S)")
_ITEM: Final = re.compile(rf"{_BULLET.pattern}|^\s*(?:\d{{1,3}}|[a-zA-Z])[.)]\s+\S")
_SENTENCE_ENDS: Final = tuple(".!?:;…")
_CLOSING: Final = "\"'”’)]"
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORD_WITH_HYPHENS: Final = re.compile(r"\w+(?:-\w+)*")
_PLAIN: Final = re.compile(r"\w+")


class Line(NamedTuple):
    """A line as it is set: points, from the left and from the bottom of its page as it is shown."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool


class Page(NamedTuple):
    """A page of lines in reading order."""

    number: int
    """Counted from 1."""
    width: float
    height: float
    lines: list[Line]
    hidden: int = 0
    """Text runs on it that nobody can see."""
    is_scanned: bool = False
    edges: Sequence[float] = ()
    """Where one column ends and the next one begins."""


class Outline(NamedTuple):
    """A heading of a document's own outline."""

    title: str
    level: int
    page: int
    """Counted from 0."""
    top: float | None
    """Where on the page it leads, in points from the bottom; None for the page as a whole."""


class _Style(NamedTuple):
    size: float
    bold: bool


def blocks_of(pages: Sequence[Page], outline: Sequence[Outline]) -> tuple[str, list[Block]]:
    """Return the title that the first page shows, if it shows one, and the blocks of all pages in order."""
    pages = without_running_lines(pages)
    body = _body_size(pages)
    headings = _outlined(pages, outline) if outline else _by_type(pages, body)
    if not headings:
        headings = {
            (page.number, -1): Block(f"Page {page.number}", _page_anchor(page), 1) for page in pages if page.lines
        }
        headings = headings if len(headings) > 1 else {}
    return "", _Writer(_word_counts(pages)).write(pages, headings)


def _word_counts(pages: Sequence[Page]) -> Counter[str]:
    """Return how often each word stands in a document, where any is parted at the end of a line."""
    lines = [line.text for page in pages for line in page.lines]
    is_parted = any(line.endswith("-") for line in lines)
    return (
        Counter(word for line in lines for word in _WORD_WITH_HYPHENS.findall(line.casefold()))
        if is_parted
        else Counter()
    )


def _page_anchor(page: Page) -> tuple[tuple[str, str | int], ...]:
    return (("page", page.number),)


# heads and feet


def without_running_lines(pages: Sequence[Page]) -> list[Page]:
    """Return pages without the lines that stand at the same place of many, but for the number of the page."""
    places: dict[str, list[tuple[int, float]]] = defaultdict(list)
    body = _body_size(pages)
    keyed = [[(line, list(_keys(line, page.number, body))) for line in _edge_lines(page)] for page in pages]
    for page, edge in zip(pages, keyed, strict=True):
        for line, keys in edge:
            for key in keys:
                places[key].append((page.number, line.y0))
    running = {key for key, positions in places.items() if _is_running(positions)}
    return [_without(page, running, edge, count=len(pages)) for page, edge in zip(pages, keyed, strict=True)]


def _edge_lines(page: Page) -> list[Line]:
    low, high = MARGIN * page.height, page.height - MARGIN * page.height
    above = sorted((line for line in page.lines if line.y0 >= high), key=lambda line: -line.y0)
    below = sorted((line for line in page.lines if line.y1 <= low), key=lambda line: -line.y0)
    return [*above[:EDGE_LINES], *below[-EDGE_LINES:]]


def _keys(line: Line, page: int, body: float) -> Iterator[str]:
    """Yield what a line is told by: itself, and where it is no heading, itself with the number of its page as none."""
    yield line.text
    if line.size < LARGER * body:
        for number in list(_DIGIT_RUN.finditer(line.text))[:4]:
            if len(number[0]) <= 6:
                yield f"{line.text[: number.start()]}\0{int(number[0]) - page}\0{line.text[number.end() :]}"


def _is_running(positions: Sequence[tuple[int, float]]) -> bool:
    """Say whether enough pages close to each other have a line at about the same place."""
    run, best = 1, 1
    for (page, place), (following, next_place) in pairwise(positions):
        is_next = 0 < following - page <= APART and abs(place - next_place) <= SAME_PLACE
        run = run + 1 if is_next else 1
        best = max(best, run)
    return best >= MIN_REPEATED


def _without(page: Page, running: set[str], edge: Sequence[tuple[Line, list[str]]], *, count: int) -> Page:
    """Return a page without those of the lines at its edges that have a running key, or are a number alone."""
    dropped = {line for line, keys in edge if not running.isdisjoint(keys)}
    if count >= MIN_REPEATED and edge:
        first_and_last = edge[0][0], min((line for line, _ in edge), key=lambda line: line.y0)
        dropped |= {line for line in first_and_last if _ONLY_NUMBER.fullmatch(line.text)}
    return page._replace(lines=[line for line in page.lines if line not in dropped]) if dropped else page


# headings


def _body_size(pages: Sequence[Page]) -> float:
    """Return the size that most letters have."""
    letters: dict[float, int] = {}
    for page in pages:
        for line in page.lines:
            letters[line.size] = letters.get(line.size, 0) + len(line.text)
    sizes: Counter[float] = Counter()
    for size, count in letters.items():
        sizes[round(size * 2) / 2] += count
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _outlined(pages: Sequence[Page], outline: Sequence[Outline]) -> dict[tuple[int, int], Block]:
    """Return the outline's headings by where each stands: a page, and the line that it takes the place of.

    One that is not found on its page stands before the first line below where it leads.
    """
    by_number = {page.number: page for page in pages}
    headings: dict[tuple[int, int], Block] = {}
    for entry in outline:
        page = by_number[entry.page + 1]
        place = _place_of(entry, page, {line for number, line in headings if number == page.number})
        anchor = _page_anchor(page)
        while (page.number, place) in headings:
            place -= BETWEEN  # several above the same line, in their order
        headings[page.number, place] = Block(entry.title, anchor, entry.level)
    return headings


def _place_of(entry: Outline, page: Page, taken: set[int]) -> int:
    """Return the number of the line that is a heading; one below -1 where it only stands above a line."""
    wanted = _letters(entry.title)
    for number, line in enumerate(page.lines):
        letters = _letters(line.text)
        is_named = letters == wanted or (letters.endswith(wanted) and len(letters) < len(wanted) + LONGEST_NUMBER)
        if wanted and is_named and number not in taken:
            return number
    below = next((number for number, line in enumerate(page.lines) if entry.top and line.y1 <= entry.top + 2), 0)
    return -1 - below


def _letters(text: str) -> str:
    return "".join(_PLAIN.findall(text)).casefold()


def _by_type(pages: Sequence[Page], body: float) -> dict[tuple[int, int], Block]:
    """Return the lines set larger than the text, or bold above a text, by where they stand; none where most are."""
    lines_at: dict[tuple[int, int], tuple[Page, list[Line]]] = {}
    count = 0
    for page in pages:
        leading = _leading(page.lines)
        previous: int | None = None
        for number, line in enumerate(page.lines):
            count += len(line.text)
            if not _stands_out(page.lines, number, body, leading):
                previous = None
            elif previous is not None and _is_same_heading(lines_at[page.number, previous][1][-1], line):
                lines_at[page.number, previous][1].append(line)
            else:
                previous = number
                lines_at[page.number, number] = page, [line]
    lines_at = {place: heading for place, heading in lines_at.items() if len(_text_of(heading[1])) <= LONGEST_HEADING}
    if not lines_at or sum(len(_text_of(lines)) for _, lines in lines_at.values()) > MAX_HEADINGS * count:
        return {}
    styles = sorted({_style(lines[0]) for _, lines in lines_at.values()}, reverse=True)
    levels = {style: min(level, 5) for level, style in enumerate(styles, start=1)}
    headings: dict[tuple[int, int], Block] = {}
    for place, (page, lines) in lines_at.items():
        headings[place] = Block(_text_of(lines), _page_anchor(page), levels[_style(lines[0])])
        headings |= {(place[0], place[1] + more): Block("") for more in range(1, len(lines))}
    return headings


def _style(line: Line) -> _Style:
    return _Style(round(line.size * 2) / 2, line.bold)


def _text_of(lines: Sequence[Line]) -> str:
    return one_line(" ".join(line.text for line in lines))


def _stands_out(lines: Sequence[Line], number: int, body: float, leading: float) -> bool:
    line = lines[number]
    is_larger = line.size >= LARGER * body
    if not (is_larger or line.bold) or not _LETTER.search(line.text) or _BULLET.match(line.text):
        return False
    if is_larger:
        return True
    if not line.bold or line.size < 0.95 * body or line.text.endswith((".", ",", ";")):
        return False
    above, below = (lines[place] if 0 <= place < len(lines) else None for place in (number - 1, number + 1))
    is_apart = above is None or above.bold or abs(above.y0 - line.y0) > 1.2 * leading
    return is_apart and below is not None and len(line.text) <= LONGEST_HEADING / 2


def _is_same_heading(above: Line, line: Line) -> bool:
    """Say whether a heading goes on in the next line."""
    return _style(above) == _style(line) and 0 < above.y0 - line.y0 < 1.6 * max(line.size, above.size)


def _leading(lines: Sequence[Line]) -> float:
    """Return how far the lines of a page usually stand below each other."""
    gaps = [above.y0 - line.y0 for above, line in pairwise(lines) if above.y0 > line.y0]
    return median(gaps) if gaps else 0.0


# paragraphs


@dataclass(slots=True)
class _Writer:
    """Joins lines to paragraphs, from page to page."""

    words: Counter[str]
    """How often each word stands in the document: whether a hyphen belongs to a word at the end of a line."""
    text: str = ""
    """The paragraph so far, of this page."""
    joint: str = PARAGRAPH
    last: Line | None = None
    last_page: Page | None = None
    blocks: list[Block] = field(default_factory=list)

    def write(self, pages: Sequence[Page], headings: dict[tuple[int, int], Block]) -> list[Block]:
        by_page: dict[int, dict[int, Block]] = defaultdict(dict)
        for (number, place), heading in headings.items():
            by_page[number][place] = heading
        for page in pages:
            measures = _measures(page)
            begin = 0
            for number, here in _by_line(by_page.get(page.number, {})):
                self._lines(page, begin, number, measures)
                begin = number
                for place in here:
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
        """Write lines of a page between two headings."""
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
        self.text = _BULLET.sub("- ", line.text, count=1)
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
        """Keep the paragraph open, as a block of its page: it may go on upon the next one."""
        if self.text:
            self._flush()

    def _on_next_page(self, line: Line) -> None:
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
            self.blocks.append(Block(self.text, _page_anchor(self.last_page), joint=self.joint))
        self.text = ""

    def _close(self) -> None:
        self._flush()
        self.last, self.joint = None, PARAGRAPH


def _by_line(places: Iterable[int]) -> list[tuple[int, list[int]]]:
    """Return the lines that have headings, each with the places of those: above it, then the one that it is itself."""
    lines: dict[int, list[int]] = defaultdict(list)
    for place in sorted(places, key=lambda place: (place >= 0, -place)):
        lines[place if place >= 0 else (-1 - place) % BETWEEN].append(place)
    return sorted(lines.items())


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
    return _Measures(_leading(page.lines), page.edges, list(map(_sides, columns, ends)))


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
    if line.x0 > above.x0 + INDENT * line.size and not _BULLET.match(above.text):
        return True
    left, right = sides[bisect_right(edges, above.x0)]
    is_short = above.x1 - left < SHORT * (right - left)
    return is_short and (not line.text[:1].islower() or _ends_sentence(above.text))
