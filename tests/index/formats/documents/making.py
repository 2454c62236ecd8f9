"""Documents made for tests, so that what they say, and where, is known."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from typing import Final

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


LETTER: Final = 6.0
"""How wide each letter is of what is set from the right, in points, in letters of 11 points."""


def set_from_right(*lines: tuple[str, float, float]) -> bytes:
    """Return a PDF of one page with lines in any script, each with its right edge and its height.

    The letters stand from left to right as they are seen, as programs write scripts that are read from the right. The
    font is none of any system's: which letter each code means is told by the document itself.
    """
    letters = sorted({letter for text, _, _ in lines for letter in text})
    code_of = {letter: code for code, letter in enumerate(letters, start=33)}
    told = "\n".join(f"<{code:02x}> <{ord(letter):04x}>" for letter, code in code_of.items())
    shown = "\n".join(
        f"BT /F 11 Tf {right - LETTER * len(text)} {top} Td <{codes.hex()}> Tj ET"
        for text, right, top in lines
        for codes in [bytes(code_of[letter] for letter in _seen(text))]
    )
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <00> <ff> "
        f"endcodespacerange {len(letters)} beginbfchar\n{told}\nendbfchar endcmap end end"
    )
    widths = " ".join([str(round(LETTER / 11 * 1000))] * len(letters))
    font = (
        "/Type /Font /Subtype /Type1 /BaseFont /Courier /FirstChar 33 /ToUnicode 5 0 R "
        f"/LastChar {32 + len(letters)} /Widths [{widths}]"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH:.0f} {HEIGHT:.0f}] /Contents 4 0 R "
        "/Resources << /Font << /F 6 0 R >> >> >>",
        *(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream" for stream in (shown, to_unicode)),
        f"<< {font} >>",
    ]
    content, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return f"{content}{end}startxref\n{len(content)}\n%%EOF\n".encode("ascii")


def _seen(text: str) -> str:
    """Return a text that is read from the right as it is seen from the left: figures and Latin words are not turned."""
    return re.sub(r"[A-Za-z0-9]+", lambda word: word[0][::-1], text[::-1])
