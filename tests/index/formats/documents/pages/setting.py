"""Pages as they are set, for tests of what is made of their lines."""

from __future__ import annotations

from index.formats.documents.pages.page import Line, Page

WIDTH, HEIGHT = 600.0, 800.0
TOP = 700.0
"""Where the first line of the text stands: below the margin in which heads are looked for."""
LEADING = 14.0


def line(text: str, y0: float, *, x0: float = 60.0, size: float = 10.0, bold: bool = False) -> Line:
    """Return a line that is as wide as its text, six points a letter."""
    return Line(text, x0, y0, x0 + 6 * len(text), y0 + size, size, bold)


def page(number: int, *texts: str, extra: tuple[Line, ...] = ()) -> Page:
    """Return a page with lines of text below each other, and others anywhere."""
    lines = [line(text, TOP - LEADING * row) for row, text in enumerate(texts)]
    return Page(number, WIDTH, HEIGHT, [*extra, *lines])
