"""Documents made for tests, so that what they say, and where, is known."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from index.formats import DocumentReader, document_topics, format_of
from index.formats.documents.blocks import Extract
from index.records import Topic

WIDTH, HEIGHT = A4


def pdf(draw: Callable[[Canvas], object]) -> bytes:
    """Return a PDF that a function draws; the last page is ended for it."""
    kept = io.BytesIO()
    canvas = Canvas(kept, pagesize=A4, invariant=True)
    draw(canvas)
    canvas.save()
    return kept.getvalue()


def page(
    canvas: Canvas, lines: Sequence[str], *, heading: str = "", top: float = 760, left: float = 60, size: float = 11
) -> None:
    """Draw a heading in large type and lines below it; an empty line begins a paragraph."""
    if heading:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(left, top, heading)
        top -= 30
    canvas.setFont("Helvetica", size)
    for line in lines:
        canvas.drawString(left, top, line)
        top -= 1.25 * size if line else 0.6 * size


def pages(*each: tuple[str, Sequence[str]], outline: Sequence[tuple[str, int, int]] = ()) -> bytes:
    """Return a PDF of pages, a heading and its lines each; an outline has titles, levels and pages from 0."""

    def draw(canvas: Canvas) -> None:
        for number, (heading, lines) in enumerate(each):
            canvas.bookmarkPage(f"page-{number}")
            for title, level, where in outline:
                if where == number:
                    canvas.addOutlineEntry(title, f"page-{number}", level)
            page(canvas, lines, heading=heading)
            canvas.showPage()

    return pdf(draw)


def extract(content: bytes, name: str, reader: DocumentReader) -> Extract:
    """Return what is read of a document, by the format that its name means."""
    kind = format_of(name)
    assert kind, name
    return reader.read(kind.module, content)


def topics(content: bytes, name: str, reader: DocumentReader) -> tuple[Topic, ...]:
    """Return the topics of a document."""
    return document_topics(extract(content, name, reader), name.partition(".")[0])


def outline_of(found: Sequence[Topic]) -> list[tuple[str, dict[str, str | int]]]:
    """Return the headings of topics below the subject, each with where it stands."""
    return [(" > ".join((*topic.parents, topic.title)), dict(topic.anchor)) for topic in found]
