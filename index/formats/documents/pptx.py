"""slides -> blocks: a topic a slide, what is said beside it too (home of python-pptx)"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final

from pptx import Presentation
from pptx.util import Emu

from index.formats.documents.archives import embedded_told, open_office
from index.formats.documents.blocks import LINE, PARAGRAPH, Anchor, Block, Extract, literal, one_line
from index.formats.documents.limits import Limits
from index.formats.documents.rows import table_blocks

SAME_ROW: Final = Emu(200_000)
"""A fifth of an inch: shapes whose tops differ by less stand side by side."""


def read(content: bytes, limits: Limits) -> Extract:
    """Return the text of slides, each with its notes.

    Raises:
        Unreadable: it is damaged, encrypted, or costs more than the limits allow.

    """
    archive = open_office(content, limits, "ppt/presentation.xml")
    slides = list(Presentation(io.BytesIO(content)).slides)
    part = f"read in part: the first {limits.pages:,} of {len(slides):,} slides" if len(slides) > limits.pages else ""
    blocks = [
        block for number, slide in enumerate(slides[: limits.pages], start=1) for block in _slide_blocks(slide, number)
    ]
    return Extract(blocks, problem="; ".join(filter(None, (part, embedded_told(archive)))))


def _slide_blocks(slide: Any, number: int) -> Iterator[Block]:  # noqa: ANN401 (published without types)
    anchor: Anchor = (("slide", number),)
    title = slide.shapes.title
    yield Block(one_line(title.text_frame.text if title is not None else "") or f"Slide {number}", anchor, 1)
    shapes = sorted(_shapes(slide.shapes), key=lambda shape: ((shape.top or 0) // SAME_ROW, shape.left or 0))
    for shape in shapes:
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False):
            rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
            yield from table_blocks(rows, lambda _: anchor) if rows else ()
        elif shape.has_text_frame:
            yield from _paragraphs(shape.text_frame, anchor)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        speech = slide.notes_slide.notes_text_frame.text.strip()
        yield from (Block(f"Notes: {literal(speech)}", anchor),) if speech else ()


def _shapes(shapes: Any) -> Iterator[Any]:  # noqa: ANN401 (published without types)
    """Yield shapes, and those that are grouped."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _paragraphs(frame: Any, anchor: Anchor) -> Iterator[Block]:  # noqa: ANN401 (published without types)
    """Yield the paragraphs of a shape: a list where there are several, indented as they are on the slide."""
    paragraphs = [(paragraph.level, " ".join(paragraph.text.split())) for paragraph in frame.paragraphs]
    paragraphs = [(level, text) for level, text in paragraphs if text]
    for position, (level, text) in enumerate(paragraphs):
        item = f"{'  ' * level}- {literal(text)}" if len(paragraphs) > 1 else literal(text)
        yield Block(item, anchor, joint=LINE if position else PARAGRAPH)
