"""lines of pages as they are set -> blocks: headings and whole paragraphs, without running heads and feet"""

from __future__ import annotations

from collections.abc import Sequence

from index.formats.documents.blocks import Block
from index.formats.documents.pages.headings import HeadingPlace, larger_or_bold_lines, outlined_headings
from index.formats.documents.pages.page import Outline, Page, page_anchor
from index.formats.documents.pages.paragraphs import blocks_between
from index.formats.documents.pages.running_lines import without_running_lines


def blocks_of(pages: Sequence[Page], outline: Sequence[Outline]) -> list[Block]:
    """Return the blocks of all pages in order."""
    pages = without_running_lines(pages)
    headings = outlined_headings(pages, outline) if outline else larger_or_bold_lines(pages)
    return blocks_between(pages, headings or _numbers_as_headings(pages))


def _numbers_as_headings(pages: Sequence[Page]) -> dict[HeadingPlace, Block]:
    """Return a heading above each page that has text; nothing where only one has."""
    headings = {
        (page.number, -1): Block(f"Page {page.number}", page_anchor(page.number), 1) for page in pages if page.lines
    }
    return headings if len(headings) > 1 else {}
