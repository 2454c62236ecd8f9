"""Documents that are broken, hostile or odd, made here; each with what must be told of it, or read in it."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Final, NamedTuple

import pypdfium2
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.index.formats.documents.folder import docx, enex, epub, mail, notebook, packed, pptx
from tests.index.formats.documents.making import page, pages, pdf

# ruff: noqa: E501 (documents as they are written)


class Odd(NamedTuple):
    """A document that is not as others are."""

    name: str
    made: Callable[[], bytes]
    told: str = ""
    """How the reason begins, where it is not read."""
    text: str = ""
    """What is read in it, all the same."""
    problem: str = ""
    """What is said of what was left out."""
    unread: str = "etc/passwd"
    """What must not be in it."""


PLAIN: Final = pages(("Oil", ["Change the oil each spring."]))
WORD: Final = docx(lambda document: document.add_paragraph("The gate is painted green."))
SLIDES: Final = pptx(("Whales", "They sing", ""))
BOOK: Final = epub("Sea", [("Tides", "<h1>Tides</h1><p>The moon draws the sea.</p>")])

LAUGHS: Final = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ) + "]>"
)  # fmt: skip
"""Entities that grow tenfold eight times: a billion laughs."""


def changed(content: bytes, **members: str | bytes) -> bytes:
    """Return an archive with some members added or replaced; `__` stands for a slash, and `_dot_` for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): value for name, value in members.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    return packed(kept | named)


def document_xml(content: bytes = WORD) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("word/document.xml").decode()


def encrypted() -> bytes:
    kept = io.BytesIO()
    canvas = Canvas(kept, encrypt=StandardEncryption("secret", ownerPassword="other"))
    page(canvas, ["A secret."])
    canvas.save()
    return kept.getvalue()


def with_attachment() -> bytes:
    document = pypdfium2.PdfDocument(PLAIN)
    document.new_attachment("notes.txt").set_data(b"attached words")
    kept = io.BytesIO()
    document.save(kept)
    document.close()
    return kept.getvalue()


def raw_pdf(*objects: bytes, root: int = 1) -> bytes:
    """Return a PDF of objects as they are written, with no table of where they stand."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, item) for number, item in enumerate(objects, start=1))
    return b"%%PDF-1.4\n%strailer\n<< /Root %d 0 R /Size %d >>\n%%%%EOF\n" % (body, root, len(objects) + 1)


def loop_of_pages() -> bytes:
    return raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000 >>")


def bomb_in_a_stream() -> bytes:
    stream = zlib.compress(b" " * 100 * 2**20, 1)
    head = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream)
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
        head + stream + b"\nendstream",
    )


def thousand_pages() -> bytes:
    def draw(canvas: Canvas) -> None:
        for number in range(1, 1001):
            canvas.drawString(60, 700, f"Room {number} has the key {number + 5000}.")
            canvas.showPage()

    return pdf(draw)


def many_members() -> bytes:
    return packed({"META-INF/container.xml": "<x/>", **{f"f{number}": b"" for number in range(5_001)}})


def lying_size() -> bytes:
    """Return a Word document whose list of contents says that the text is a hundred bytes long."""
    content = changed(WORD, word__document_dot_xml=b"<a>" + b" " * 5_000_000 + b"</a>")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    return content.replace(struct.pack("<L", size), struct.pack("<L", 100))


def deep_json() -> bytes:
    return b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


def with_image_elsewhere() -> bytes:
    relation = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" TargetMode="External" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="file:///etc/passwd"/></Relationships>'
    picture = '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="r9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p><w:sectPr'
    return changed(
        WORD,
        word__document_dot_xml=document_xml().replace("<w:sectPr", picture, 1),
        word___rels__document_dot_xml_dot_rels=relation,
    )


HEBREW: Final = "השער נפתח בתשע בבוקר."

ODD: Final = (
    # PDF
    Odd("encrypted.pdf", encrypted, told="encrypted: save it without a password"),
    Odd("truncated.pdf", lambda: PLAIN[: len(PLAIN) // 3], told="damaged: no PDF, or not all of one"),
    Odd("empty.pdf", lambda: b"", told="damaged: no PDF, or not all of one"),
    Odd("noise.pdf", lambda: bytes(number * 7919 % 251 for number in range(5_000)), told="damaged: no PDF"),
    Odd("page-of-html.pdf", lambda: b"<html><body>Not found</body></html>", told="damaged: no PDF"),
    Odd("loop.pdf", loop_of_pages, told="damaged: no PDF, or not all of one"),
    Odd("bomb.pdf", bomb_in_a_stream, told="no text: 1 page without any"),
    Odd("thousand.pdf", thousand_pages, text="Room 1000 has the key 6000."),
    Odd("attached.pdf", with_attachment, text="Change the oil", problem="1 embedded file not read", unread="attached words"),
    Odd("without-its-end.pdf", lambda: PLAIN[: PLAIN.index(b"xref")], told="damaged: no PDF, or not all of one"),
    # packed documents
    Odd("bomb.docx", lambda: changed(WORD, word__document_dot_xml=b"<a>" + b" " * 60 * 2**20 + b"</a>"), told="unpacks to more than 100 times its size"),
    Odd("members.epub", many_members, told="holds 5,002 packed files, of at most 5,000"),
    Odd("above.epub", lambda: packed({"../../.bashrc": b"x"}), told="holds a packed file whose name leads out of it"),
    Odd("absolute.docx", lambda: packed({"/etc/passwd": b"x"}), told="holds a packed file whose name leads out of it"),
    Odd("laughs.docx", lambda: changed(WORD, word__document_dot_xml=document_xml().replace("<w:document", f"{LAUGHS}<w:document", 1)), told="declares a document type"),
    Odd("laughs-utf16.docx", lambda: changed(WORD, word__document_dot_xml=f'<?xml version="1.0" encoding="UTF-16"?>{LAUGHS}<a>&i;</a>'.encode("utf-16")), told="declares a document type"),
    Odd("linked.docx", with_image_elsewhere, text="painted green", unread="root:"),
    Odd("macros.docx", lambda: changed(WORD, word__vbaProject_dot_bin=b"x", word__embeddings__a_dot_xlsx=b"x"), text="painted green", problem="1 embedded file not read; macros not read"),
    Odd("old-or-encrypted.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5_000, told="encrypted, or of an old format"),
    Odd("none-of-word.docx", lambda: packed({"a.txt": b"x"}), told="damaged: no document of the kind"),
    Odd("truncated.docx", lambda: WORD[:-200], told="damaged: not the packed file"),
    Odd("lying.docx", lying_size, told="damaged"),
    Odd("right-to-left.docx", lambda: docx(lambda document: document.add_paragraph(HEBREW)), text=HEBREW),
    Odd("truncated.pptx", lambda: SLIDES[: len(SLIDES) // 2], told="damaged: not the packed file"),
    Odd("laughs.pptx", lambda: changed(SLIDES, ppt__slides__slide1_dot_xml=f"{LAUGHS}<a>&i;</a>"), told="declares a document type"),
    Odd("no-titles.pptx", lambda: pptx(("", "A line without a title", "")), text="A line without a title"),
    Odd("protected.epub", lambda: changed(BOOK, **{"META-INF/rights_dot_xml": "<rights/>"}), told="protected against copying"),
    Odd("laughs.epub", lambda: changed(BOOK, OPS__book_dot_opf=f"{LAUGHS}<package>&i;</package>"), told="damaged: what tells its parts is no XML, or declares"),
    Odd("without-a-chapter.epub", lambda: changed(BOOK, OPS__c0_dot_xhtml=b""), told=""),
    # XML, HTML, JSON
    Odd("laughs.enex", lambda: f"{LAUGHS}<en-export><note><title>&i;</title></note></en-export>".encode(), told="declares entities of its own"),
    Odd("elsewhere.enex", lambda: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><en-export><note><title>&e;</title></note></en-export>', told="declares entities of its own"),
    Odd("cut.enex", lambda: enex(("Bread", "<div>Knead.</div>"))[:-30], told="damaged: no export of notes"),
    Odd("deep.html", lambda: b"<div>" * 5_000 + b"At the bottom.", told="nested too deeply"),
    Odd("script.html", lambda: b"<html><script>document.write('words')</script></html>", told="", unread="words"),
    Odd("right-to-left.html", lambda: f'<html dir="rtl"><h1>שער</h1><p>{HEBREW}</p></html>'.encode(), text=HEBREW),
    Odd("program-longer-than-its-page.html", lambda: b"<body><div><h2>Keys</h2><p>Press S to search.</p></div><script>" + b"x = 1;" * 500 + b"</script><main><h1>Moving</h1><p>Boxes first, the lamps last.</p></main></body>", text="Boxes first, the lamps last.", unread="Press S"),
    Odd("permanent-links.html", lambda: '<h2 id="b">Gate<a href="#b">\u00b6</a></h2><p>Green.</p>'.encode(), text="Green.", unread="\u00b6"),
    Odd("latin.html", lambda: '<meta charset="windows-1251"><p>Ворота зелёные.</p>'.encode("cp1251"), text="Ворота зелёные."),
    Odd("not-json.ipynb", lambda: notebook(("code", "a"))[:-4], told="damaged: no notebook"),
    Odd("deep.ipynb", deep_json, told="nested too deeply"),
    Odd("list.canvas", lambda: b"[1, 2]", told="damaged: no canvas"),
    Odd("odd.canvas", lambda: json.dumps({"nodes": [None, {"type": "text", "text": 5}, {"type": "text", "text": "Whole.", "x": 0, "y": 0}], "edges": [7]}).encode(), text="Whole."),
    # text
    Odd("binary.csv", lambda: b"a,b\n\0\0\0", told="not a text file"),
    Odd("open-quote.csv", lambda: b'a,b\n"1,2\n' + b"3,4\n" * 1_000, text="3,4"),
    Odd("long-cell.csv", lambda: b"a,b\n" + b"x" * (2**20 + 10) + b",1\n", told="damaged: no table"),
    Odd("utf32.srt", lambda: "1\n00:00:01,000 --> 00:00:04,000\nGuten Abend.\n".encode("utf-32"), text="Guten Abend."),
    Odd("code.rst", lambda: b"Title\n=====\n\n.. code-block:: shell\n\n   ls -l\n", text="```shell\nls -l\n```"),
    Odd("utf16.csv", lambda: "Tür;Farbe\nHof;grün\n".encode("utf-16"), text="| Hof | grün |"),
    Odd("no-times.vtt", lambda: b"WEBVTT\n\nnothing with a time\n", told=""),
    Odd("noise.srt", lambda: b"just words\n", told="damaged: no subtitles"),
    Odd("charset.eml", lambda: b"Subject: Door\nContent-Type: text/plain; charset=x-unknown\n\nThe door sticks.\n", text="The door sticks."),
    Odd("broken-header.eml", lambda: b"From: =?utf-8?b?!!!?= <\nSubject: =?x?q?=\nDate: 99 Foo\n\nThe window is open.\n", text="The window is open."),
    Odd("attached.eml", lambda: mail("Plan", "Ann <a@example.org>", "Wed, 01 May 2024 10:00:00 +0200", "See the plan.\n", PLAIN), text="See the plan.", problem="1 attachment not read"),
    Odd("nested.eml", lambda: b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(300)), told="damaged: no mail"),
    Odd("noise.mbox", lambda: bytes(range(1, 256)) * 20, told="damaged: no mail"),
    Odd("include.rst", lambda: b"Gate\n====\n\n.. include:: /etc/passwd\n\n.. raw:: html\n   :file: /etc/passwd\n\nGreen.\n", text="Green.", unread="root:"),
    Odd("include.adoc", lambda: b"= Gate\n\ninclude::/etc/passwd[]\n\nGreen.\n", text="Green.", unread="root:"),
    Odd("file.adoc", lambda: b"= Gate\n\nSee the link:rules.txt[rules].\n", text="See the rules."),
    Odd("stars.org", lambda: b"*" * 10_000 + b" Deep\nText below.\n", text="Text below."),
)  # fmt: skip
