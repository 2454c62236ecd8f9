"""PDF -> blocks: what can be seen of its pages, in reading order (home of pypdfium2)"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple, TypeVar

import pypdfium2 as pdfium
import pypdfium2.raw as c

from index.formats.documents.blocks import Extract, Unreadable
from index.formats.documents.limits import Limits
from index.formats.documents.pages.layout import blocks_of
from index.formats.documents.pages.page import Line, Outline, Page
from index.formats.documents.pages.reading_order import Box, TextRun, column_edges, in_reading_order, is_in_order
from index.formats.documents.pdfium import Quad, bounds, fills, letter_boxes, objects_of, render_modes

LineOrRun = TypeVar("LineOrRun", Line, TextRun)

WHITE: Final = 250
"""From this on, of 255, each of red, green and blue is white."""

SMALLEST: Final = 1.0
"""Points below which nobody reads a letter."""

SAME_HEIGHT: Final = 0.02
"""Points by which the letters of two lines differ at most that are set in one size."""

CLOSE: Final = 1.2
"""How far below each other lines of a paragraph stand, in heights of their letters: a heading stands farther apart."""

DEEPEST_OUTLINE: Final = 6

_BOLD_FONT_NAMES: Final = (b"bold", b"black", b"heavy", b"semibold", b"demi", b"cmbx")
_NAME_BYTES: Final = 128
_INVISIBLE_MODES: Final = frozenset({c.FPDF_TEXTRENDERMODE_INVISIBLE, c.FPDF_TEXTRENDERMODE_CLIP})

EVERYWHERE: Final[Box] = (float("-inf"), float("-inf"), float("inf"), float("inf"))
"""The ground of what a form draws: where that lies on the page is not looked at."""

_HYPHENS: Final = ("\x02", "\ufffe")
"""What stands for a hyphen at the end of a line, and for that end, in text as pdfium gives it."""
_FROM_RIGHT: Final = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Hebrew, Arabic, Syriac and the other scripts between them that are written from right to left."""
_HYPHEN: Final = re.compile(f"[{''.join(_HYPHENS)}]")


def read(content: bytes, limits: Limits) -> Extract:
    """Return the text of a PDF, page by page.

    Raises:
        Unreadable: it is encrypted, damaged, or holds no text.

    """
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("encrypted: save it without a password to have it read") from error
        raise Unreadable("damaged: no PDF, or not all of one") from error
    try:
        return _extract(document, limits)
    finally:
        document.close()


def _extract(document: pdfium.PdfDocument, limits: Limits) -> Extract:
    count = len(document)
    pages = [_page(document, number) for number in range(min(count, limits.pages))]
    scanned = sum(page.is_scanned for page in pages)
    hidden = sum(page.hidden for page in pages)
    if not any(page.lines for page in pages):
        why = f"{_counted(scanned, 'scanned page')}" if scanned else f"{_counted(count, 'page')} without any"
        hidden_too = f"; {_counted(hidden, 'piece')} of invisible text not read" if hidden else ""
        raise Unreadable(f"no text: {why}{hidden_too}")
    problems = (
        f"read in part: the first {limits.pages:,} of {count:,} pages" if count > limits.pages else "",
        f"{scanned} of {_counted(count, 'page')} scanned, without text" if scanned else "",
        f"{_counted(hidden, 'piece')} of invisible text not read" if hidden else "",
        f"{_counted(attached, 'embedded file')} not read" if (attached := _attached(document)) else "",
    )
    blocks = blocks_of(pages, list(_outline(document, len(pages))))
    return Extract(blocks, _title(document), "; ".join(filter(None, problems)))


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _attached(document: pdfium.PdfDocument) -> int:
    return max(int(c.FPDFDoc_GetAttachmentCount(document.raw)), 0)


def _title(document: pdfium.PdfDocument) -> str:
    """Return what a PDF says it is called, where that is no name of a file, nor one that a program made up."""
    title = " ".join(str(document.get_metadata_value("Title")).split())
    is_name = "." in title[-5:] or title.lower().startswith(("microsoft word", "untitled", "unknown", "(anonymous"))
    return "" if is_name or len(title.split()) < 2 else title


def _outline(document: pdfium.PdfDocument, pages: int) -> Iterator[Outline]:
    """Yield the outline's headings that lead to a page that was read."""
    for bookmark in document.get_toc(max_depth=DEEPEST_OUTLINE):
        dest = bookmark.get_dest()
        page = dest.get_index() if dest else None
        title = " ".join(bookmark.get_title().split())
        if dest is None or page is None or not 0 <= page < pages or not title:
            continue
        mode, view = dest.get_view()
        top = view[1] if mode == c.PDFDEST_VIEW_XYZ and len(view) > 1 else None
        yield Outline(title, bookmark.level + 1, page, top)


class _VisibleObjects(NamedTuple):
    """What of a page can be seen."""

    boxes: list[Box]
    """Those of the text runs."""
    objects: list[c.FPDF_PAGEOBJECT]
    hidden: int
    has_image: bool


def _page(document: pdfium.PdfDocument, number: int) -> Page:
    page = document[number]
    try:
        size = page.get_size()
        text = page.get_textpage()
        try:
            return _read_page(page, text, number, size)
        finally:
            text.close()
    finally:
        page.close()


def _read_page(page: pdfium.PdfPage, text: pdfium.PdfTextPage, number: int, size: tuple[float, float]) -> Page:
    shown, rotation, whole = _visible_objects(page), page.get_rotation(), text.get_text_range()
    # what is read from the right is laid out as in a mirror, so that indents, ends of lines and columns are found alike
    mirror = size[0] if _is_right_to_left(whole) else None
    boxes = [(mirror - x1, y0, mirror - x0, y1) for x0, y0, x1, y1 in shown.boxes] if mirror else shown.boxes
    edges = [] if rotation else column_edges(boxes, size[0])
    lines = [] if shown.hidden else _mirrored(_page_lines(text, whole, _Upright(rotation, size)), mirror)
    if shown.hidden or (edges and not is_in_order(lines, boxes, edges, size[1])):
        lines = in_reading_order(_mirrored(_visible_text_runs(text, shown), mirror), edges)
    is_scanned = not lines and shown.has_image
    return Page(number + 1, size[0], size[1], lines, shown.hidden, is_scanned, edges)


def _is_right_to_left(text: str) -> bool:
    """Say whether most letters of a text are of a script that is written from right to left."""
    if not _FROM_RIGHT.search(text):
        return False
    return 2 * len(_FROM_RIGHT.findall(text)) > sum(map(str.isalpha, text))


def _mirrored(placed: Iterable[LineOrRun], width: float | None) -> list[LineOrRun]:
    """Return lines or text runs of a page as they stand in its mirror; as they are without the width of one."""
    if width is None:
        return list(placed)
    return [each._replace(x0=width - each.x1, x1=width - each.x0) for each in placed]


class _TextRow(NamedTuple):
    """The text of a line, and the places of its first and last letter in the text of the page."""

    text: str
    first: int
    last: int


def _text_rows(whole: str) -> Iterator[_TextRow]:
    """Yield the lines of a text as pdfium gives it, with a hyphen for what stands for one at their end."""
    begin, has_hyphens = 0, any(sign in whole for sign in _HYPHENS)
    for row in whole.split("\r\n"):
        texts = _HYPHEN.split(row) if has_hyphens else [row]
        for number, text in enumerate(texts, start=1):
            if stripped := text.strip():
                first = begin if text[0] == stripped[0] else begin + len(text) - len(text.lstrip())
                yield _TextRow(f"{stripped}-" if number < len(texts) else stripped, first, first + len(stripped) - 1)
            begin += len(text) + 1
        begin += 1


def _page_lines(text: pdfium.PdfTextPage, whole: str, upright: _Upright) -> Iterator[Line]:
    """Yield the lines of a page as pdfium makes them, given all of its text."""
    raw = text.raw
    placed = _placed(text, whole)
    height = size = above = 0.0
    matrix, fonts, bold = c.FS_MATRIX(), _Fonts(raw), False
    to_matrix = ctypes.byref(matrix)
    begins, ends = letter_boxes(raw, [line.first for line in placed]), letter_boxes(raw, [line.last for line in placed])
    for (line, first, last), begin, end in zip(placed, begins, ends, strict=True):
        x0, y0, x1, y1 = upright(begin)
        left, _, right, _ = upright(end)
        x0, x1 = (x0, right) if x0 <= left else (left, x1)  # it is read from the right
        if abs(y1 - y0 - height) > SAME_HEIGHT:  # else it is as large as the line before
            height = y1 - y0
            c.FPDFText_GetMatrix(raw, first, to_matrix)
            size = c.FPDFText_GetFontSize(raw, first) * max(abs(matrix.d), abs(matrix.b), abs(matrix.c))
        # a line that stands as close to the one before as lines of a paragraph do is as bold as that one
        if bold or not 0 < above - y0 <= CLOSE * height:
            bold = fonts.is_bold(first) and fonts.is_bold(last)
        above = y0
        yield Line(line, x0, y0, x1, y1, size, bold)


def _placed(text: pdfium.PdfTextPage, whole: str) -> list[_TextRow]:
    """Return the lines of a page, with the places of their letters as pdfium counts them."""
    lines = list(_text_rows(whole))
    is_plain = whole.isascii() or max(whole) <= "\uffff"
    if not is_plain:  # a letter beyond counts twice
        lines = [
            _TextRow(line, *(len(whole[:at].encode("utf-16-le")) // 2 for at in places)) for line, *places in lines
        ]
    if is_plain and c.FPDFText_CountChars(text.raw) == len(whole):  # both count alike
        return lines
    place_of = partial(c.FPDFText_GetCharIndexFromTextIndex, text.raw)
    counted = [_TextRow(line, place_of(first), place_of(last)) for line, first, last in lines]
    return [_TextRow(line, first, max(first, last)) for line, first, last in counted if first >= 0]


def _mended(line: str) -> str:
    """Return a text run with a hyphen for what stands for one at its end, and without other such signs."""
    if line.endswith(_HYPHENS):
        line = f"{line[:-1]}-"
    return line.replace("\x02", "").replace("\ufffe", "")


class _Fonts:
    """Tells of the letters of a page whether they are bold, by the name of their font."""

    def __init__(self, raw: c.FPDF_TEXTPAGE) -> None:
        self._raw = raw
        self._name, flags = ctypes.create_string_buffer(_NAME_BYTES), ctypes.c_int()
        self._to_flags = ctypes.byref(flags)
        self._flags = flags
        self._known: dict[bytes, bool] = {}

    def is_bold(self, index: int) -> bool:
        """Say whether a letter is bold."""
        c.FPDFText_GetFontInfo(self._raw, index, self._name, _NAME_BYTES, self._to_flags)
        name = self._name.value
        if name not in self._known:
            self._known[name] = any(word in name.lower() for word in _BOLD_FONT_NAMES)
        return self._known[name]


class _Upright:
    """Turns boxes as a rotated page shows them."""

    def __init__(self, rotation: int, size: tuple[float, float]) -> None:
        self._rotation = rotation
        self._width, self._height = size

    def __call__(self, box: Quad) -> Box:
        """Return left, bottom, right and top of a box, given its left, top, right and bottom."""
        x0, y1, x1, y0 = box
        if not self._rotation:
            return x0, y0, x1, y1
        if self._rotation == 90:
            return y0, self._height - x1, y1, self._height - x0
        if self._rotation == 180:
            return self._width - x1, self._height - y1, self._width - x0, self._height - y0
        return self._width - y1, x0, self._width - y0, x1


def _visible_objects(page: pdfium.PdfPage) -> _VisibleObjects:
    """Return what of a page can be seen, and how many text runs cannot."""
    left, bottom, right, top = page.get_cropbox()
    drawn = objects_of(page.raw)
    modes = render_modes(drawn)
    on_page = len(drawn)
    if c.FPDF_TEXTRENDERMODE_UNKNOWN in modes:  # what forms draw stands behind what the page itself does
        drawn += [inner for item in drawn for inner in _objects_in_form(item)]
        modes += render_modes(drawn[on_page:])
    boxes: list[Box] = []
    objects: list[c.FPDF_PAGEOBJECT] = []
    grounds: list[Box] = []
    hidden, has_image = 0, False
    for place, (item, mode, box, fill) in enumerate(zip(drawn, modes, bounds(drawn), fills(drawn), strict=True)):
        is_top = place < on_page
        if mode != c.FPDF_TEXTRENDERMODE_UNKNOWN:  # of all but text
            x0, y0, x1, y1 = box
            is_outside = is_top and (x1 <= left or x0 >= right or y1 <= bottom or y0 >= top)
            is_tiny = y1 - y0 < SMALLEST and _size(item) < SMALLEST
            if is_outside or is_tiny or mode in _INVISIBLE_MODES or (fill and _is_lost(fill, box, grounds)):
                hidden += 1
                continue
            objects.append(item)
            if is_top and x1 > x0:
                boxes.append(box)
        elif (kind := c.FPDFPageObj_GetType(item)) == c.FPDF_PAGEOBJ_IMAGE or _is_dark(kind, fill):
            has_image |= kind == c.FPDF_PAGEOBJ_IMAGE
            grounds.append(box if is_top else EVERYWHERE)
    return _VisibleObjects(boxes, objects, hidden, has_image)


def _objects_in_form(item: c.FPDF_PAGEOBJECT, depth: int = DEEPEST_OUTLINE) -> Iterator[c.FPDF_PAGEOBJECT]:
    """Yield what a form draws, and what forms in it do; nothing of what is no form."""
    for number in range(c.FPDFFormObj_CountObjects(item)):
        inner = c.FPDFFormObj_GetObject(item, number)
        if c.FPDFPageObj_GetType(inner) != c.FPDF_PAGEOBJ_FORM:
            yield inner
        elif depth:
            yield from _objects_in_form(inner, depth - 1)


def _is_lost(fill: Quad, box: Box, grounds: Sequence[Box]) -> bool:
    """Say whether a text without colour, or a white one on no ground of another colour, cannot be seen."""
    red, green, blue, alpha = fill
    if alpha == 0 or min(red, green, blue) < WHITE:
        return alpha == 0
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return not any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in grounds)


def _size(item: c.FPDF_PAGEOBJECT) -> float:
    """Return the size of a run's letters in points, as the page shows them."""
    size, matrix = ctypes.c_float(), c.FS_MATRIX()
    c.FPDFTextObj_GetFontSize(item, size)
    c.FPDFPageObj_GetMatrix(item, matrix)
    return float(size.value * max(abs(matrix.d), abs(matrix.b), abs(matrix.c)))


def _is_dark(kind: int, fill: Quad | None) -> bool:
    """Say whether what is drawn is a ground on which white can be read."""
    is_filled = kind == c.FPDF_PAGEOBJ_PATH and fill is not None and min(fill[:3]) < WHITE and fill[3] > 0
    return is_filled or kind == c.FPDF_PAGEOBJ_SHADING


def _visible_text_runs(text: pdfium.PdfTextPage, shown: _VisibleObjects) -> Iterator[TextRun]:
    """Yield each text run that can be seen, with its box, size and weight."""
    for item, box in zip(shown.objects, bounds(shown.objects), strict=True):
        length = c.FPDFTextObj_GetText(item, text.raw, None, 0)
        buffer = (ctypes.c_ushort * (length // 2))()
        c.FPDFTextObj_GetText(item, text.raw, buffer, length)
        content = bytes(buffer)[:-2].decode("utf-16-le", "replace").replace("\r\n", " ")
        if content.strip():
            yield TextRun(_mended(content), *box, _size(item), _is_bold_object(item))


def _is_bold_object(item: c.FPDF_PAGEOBJECT) -> bool:
    font = c.FPDFTextObj_GetFont(item)
    name = ctypes.create_string_buffer(_NAME_BYTES)
    c.FPDFFont_GetBaseFontName(font, name, _NAME_BYTES)
    return any(word in name.value.lower() for word in _BOLD_FONT_NAMES)
