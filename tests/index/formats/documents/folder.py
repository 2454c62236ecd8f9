"""A folder of thirty documents of every kind, made here, so that every heading and its place are known."""

# ruff: noqa: E501 (documents as they are written)

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import docx as word
from docx.document import Document
from pptx import Presentation
from reportlab.pdfgen.canvas import Canvas

from tests.index.formats.documents.making import page, pages, pdf


def docx(build: Callable[[Document], object]) -> bytes:
    """Return a Word document that a function writes."""
    kept = io.BytesIO()
    document = word.Document()
    build(document)
    document.save(kept)
    return kept.getvalue()


def pptx(*slides: tuple[str, str, str]) -> bytes:
    """Return slides: a title, lines and notes each."""
    presentation = Presentation()
    for title, body, notes in slides:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = title, body
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    kept = io.BytesIO()
    presentation.save(kept)
    return kept.getvalue()


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return an archive of members."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 5, 1, 12, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def epub(title: str, chapters: Sequence[tuple[str, str]]) -> bytes:
    """Return a book: the name of each chapter in its table of contents, and its text."""
    files = [f"c{number}.xhtml" for number in range(len(chapters))]
    items = "".join(f'<item id="{file}" href="{file}"/>' for file in files)
    spine = "".join(f'<itemref idref="{file}"/>' for file in files)
    links = "".join(f'<li><a href="{file}">{name}</a></li>' for file, (name, _) in zip(files, chapters, strict=True))
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OPS/book.opf"/></rootfiles></container>',
            "OPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></metadata><manifest>{items}'
            f'<item id="nav" href="nav.xhtml" properties="nav"/></manifest><spine>{spine}</spine></package>',
            "OPS/nav.xhtml": f"<html><body><nav><ol>{links}</ol></nav></body></html>",
            **{
                f"OPS/{file}": f"<html><body>{text}</body></html>"
                for file, (_, text) in zip(files, chapters, strict=True)
            },
        }
    )


def enex(*notes: tuple[str, str]) -> bytes:
    """Return an export of Evernote: titles and the inside of each note."""
    inside = "".join(
        f"<note><title>{title}</title><content><![CDATA[<?xml version='1.0'?><!DOCTYPE en-note SYSTEM "
        f"'http://xml.evernote.com/pub/enml2.dtd'><en-note>{text}</en-note>]]></content><tag>house</tag></note>"
        for title, text in notes
    )
    head = "<?xml version='1.0'?><!DOCTYPE en-export SYSTEM 'http://xml.evernote.com/pub/evernote-export4.dtd'>"
    return f"{head}<en-export>{inside}</en-export>".encode()


def mail(subject: str, sender: str, date: str, text: str, attached: bytes = b"") -> bytes:
    """Return a message."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Date"] = sender, "bob@example.org", subject, date
    message.set_content(text)
    if attached:
        message.add_attachment(attached, maintype="application", subtype="pdf", filename="plan.pdf")
    return message.as_bytes()


def mbox(*messages: bytes) -> bytes:
    """Return messages as one file."""
    return b"\n".join(b"From ann@example.org Wed May  1 10:00:00 2024\n" + message for message in messages)


def notebook(*cells: tuple[str, str]) -> bytes:
    """Return a notebook of cells: a kind and a source each."""
    made = [{"cell_type": kind, "source": source.splitlines(keepends=True)} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4}).encode()


def _lease(document: Document) -> None:
    document.add_heading("Lease of the mill", 0)
    document.add_paragraph("Between the owner and the miller.")
    document.add_heading("Payment", 1)
    document.add_paragraph("The rent of the mill is paid on the third day of each month.")
    document.add_paragraph("by transfer", style="List Bullet")
    document.add_paragraph("or in flour", style="List Bullet")
    document.add_heading("Notice", 1)
    document.add_heading("By the owner", 2)
    document.add_paragraph("The owner gives notice half a year before.")


def _inventory(document: Document) -> None:
    document.add_heading("Kitchen", 1)
    table = document.add_table(3, 2)
    for row, cells in enumerate((("Thing", "Place"), ("Kettle", "upper shelf"), ("Sieve", "drawer"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.add_heading("Cellar", 1)
    document.add_paragraph("Forty jars of plum jam stand in the cellar.")


def _boiler(canvas: Canvas) -> None:
    canvas.setTitle("Boiler of the house")
    page(canvas, ["The boiler heats the water of three floors."], heading="What it does")
    canvas.showPage()
    page(canvas, ["Its pressure is one and a half bar when it is cold."], heading="Pressure")
    canvas.showPage()
    page(canvas, ["Sweep the flue each September before the first fire."], heading="Flue")


PAGE: Final = """<!doctype html><html><head><title>Bees · My site</title><style>p { color: red }</style></head><body>
<header><a href="/">Home</a></header><nav><ul><li><a href="/a">All posts</a></li></ul></nav>
<main><h1 id="bees">Keeping bees</h1><p>Bees need sugar in autumn, when <b>nothing</b> flowers.</p>
<h2>Feeding</h2><p>Give each hive two litres of syrup a week.</p><ul><li>in the evening<ul><li>never at noon</li></ul></li></ul>
<section id="tools"><h2>Tools</h2><table><tr><th>Tool</th><th>Price</th></tr><tr><td>Smoker</td><td>30</td></tr></table>
</section><p style="display: none">Unseen words.</p></main><footer>Imprint</footer></body></html>"""

SAVED: Final = """<html><head><title>Sourdough</title></head><body><div id="menu" role="navigation">Menu</div>
<article><h1>Sourdough</h1><p>Feed the starter with rye flour every evening.</p><h2 id="oven">Oven</h2>
<p>Bake at two hundred and thirty degrees.</p></article></body></html>"""

APPLE: Final = """<html><head><title>Trip</title></head><body><div><b><span style="font-size: 24px">Trip to the lake</span></b></div>
<div>The ferry leaves at a quarter past eight.</div><div><br></div><div><b><span style="font-size: 20px">Tent</span></b></div>
<div>Pitch it below the larch.</div></body></html>"""

NOTION: Final = """<html><head><title>Reading list</title></head><body><article id="77a1" class="page sans"><header>
<h1 class="page-title">Reading list</h1><table class="properties"><tbody><tr><th>Status</th><td>open</td></tr></tbody></table>
</header><div class="page-body"><h2 id="b1">Novels</h2><p>The one about the lighthouse keeper is lent to Clara.</p>
<ul class="to-do-list"><li><div class="checkbox checkbox-on"></div> return the atlas</li></ul></div></article></body></html>"""

ORG: Final = """#+TITLE: Garden plan
Sow from the south side on.
* TODO Compost :garden:
  :PROPERTIES:
  :ID: 1
  :END:
  Turn the *heap* every fourth week.
** Worms
   Keep them below twenty-five degrees.
   #+begin_src sh
   echo worms
   #+end_src
"""

RST: Final = """Pump manual
===========

The pump lifts water from the well.

Oil
---

Change the oil of the pump each *spring*, see :ref:`tools <t>`.

.. note:: Wear gloves when the motor is warm.

Filter
~~~~~~

=====  =====
Size   Bars
=====  =====
small  3
=====  =====
"""

ADOC: Final = """= Network at home
:author: Ann

Two routers share the line.

== Router

Its password hangs behind the *clock*.

[source,sh]
----
ping 10.0.0.1
----

=== Ports

|===
|Name |Port

|shell |22
|===
"""

VTT: Final = """WEBVTT

00:00:01.000 --> 00:00:03.000
<v Ann>Glaciers move slowly

00:00:03.000 --> 00:00:05.000
<v Ann>down the valley.

00:12:03.000 --> 00:12:06.000
<v Bob>The lake at its end is green with the flour of stones.
"""

SRT: Final = """1
00:00:01,000 --> 00:00:03,000
The night train leaves at five to eleven.

2
00:00:04,000 --> 00:00:06,000
It stops on platform <i>nine</i>.
"""

CANVAS: Final = json.dumps(
    {
        "nodes": [
            {"id": "g", "type": "group", "label": "Power", "x": 0, "y": 0, "width": 500, "height": 500},
            {"id": "a", "type": "text", "text": "# Solar\nPanels lie on the roof of the shed.", "x": 10, "y": 10, "width": 9, "height": 9},
            {"id": "b", "type": "text", "text": "The battery stands in the cellar.", "x": 600, "y": 0, "width": 9, "height": 9},
        ],
        "edges": [{"id": "e", "fromNode": "a", "toNode": "b", "label": "feeds"}],
    }
)  # fmt: skip

SCREWS: Final = "Article;Shelf;Count\n" + "".join(f"Screw M{size};shelf {size};{3 * size}\n" for size in range(1, 61))

FILES: Final[Mapping[str, Callable[[], bytes]]] = {
    "boiler.pdf": lambda: pdf(_boiler),
    "bike.pdf": lambda: pages(
        ("Brakes", ["The pads of the brake are worn at two millimetres."]),
        ("Pads", ["Bed new pads in with thirty stops from walking pace."]),
        outline=[("Brakes", 0, 0), ("Pads", 1, 1)],
    ),
    "letter.pdf": lambda: pages(("", ["Dear neighbour, the hedge is cut on Saturday."]), ("", ["Yours, Ann."])),
    "lease.docx": lambda: docx(_lease),
    "inventory.docx": lambda: docx(_inventory),
    "sea.pptx": lambda: pptx(
        ("Whales", "They sing\nThey dive for an hour", "Tell of the whale that was followed by radio."),
        ("Dolphins", "They sleep with one half of the brain", ""),
    ),
    "club.pptx": lambda: pptx(("Meeting", "The club meets on the first Tuesday", "")),
    "bees.html": lambda: PAGE.encode(),
    "saved/sourdough.htm": lambda: SAVED.encode(),
    "apple/trip.html": lambda: APPLE.encode(),
    "Reading list 0123456789abcdef0123456789abcdef.html": lambda: NOTION.encode(),
    "sea.epub": lambda: epub(
        "The book of the sea",
        [
            ("Tides", "<h1>Tides</h1><p>The moon draws the sea.</p><h2>Spring tides</h2><p>They come at full moon.</p>"),
            ("Salt", "<p>Rivers carry salt into the sea.</p>"),
        ],
    ),
    "hill.epub": lambda: epub("Hills", [("Heather", "<h1>Heather</h1><p>It is burnt every ten years.</p>")]),
    "notes.enex": lambda: enex(("Bread", "<div>Knead the dough for ten minutes.</div>"), ("Lamp", "<h2>Bulb</h2><p>Forty watts.</p>")),
    "rain.ipynb": lambda: notebook(
        ("markdown", "# Rain\nRain is measured in the yard at seven."),
        ("code", "import csv"),
        ("markdown", "## Gauge\nEmpty the gauge after reading it."),
    ),
    "empty-title.ipynb": lambda: notebook(("code", "print('nothing but code')")),
    "garden.org": lambda: ORG.encode(),
    "journal.org": lambda: b"* Monday\nThe fox took two hens.\n* Tuesday\nMended the fence with wire.\n",
    "pump.rst": lambda: RST.encode(),
    "short.rst": lambda: b"One paragraph on the ladder, which is eight metres long.\n",
    "network.adoc": lambda: ADOC.encode(),
    "roof.asciidoc": lambda: b"== Tiles\n\nThe tiles of the roof come from the brickyard at Elm.\n",
    "heating.eml": lambda: mail(
        "Re: Heating", "Ann Example <ann@example.org>", "Wed, 01 May 2024 10:00:00 +0200", "The fitter comes on Friday at nine.\n"
    ),
    "list.mbox": lambda: mbox(
        mail("Roof", "Ann <ann@example.org>", "Wed, 01 May 2024 10:00:00 +0200", "It leaks above the stairs.\n"),
        mail("Piano", "Eve <eve@example.org>", "Thu, 02 May 2024 10:00:00 +0200", "The tuner wants ninety.\n"),
        mail("Re: Roof", "Bob <bob@example.org>", "Fri, 03 May 2024 10:00:00 +0200", "The roofer brings slate.\n\nAnn wrote:\n> It leaks\n"),
    ),
    "talk.vtt": lambda: VTT.encode(),
    "train.srt": lambda: SRT.encode(),
    "screws.csv": lambda: SCREWS.encode(),
    "prices.tsv": lambda: b"Fruit\tPrice\nApple\t2\nQuince\t5\n",
    "power.canvas": lambda: CANVAS.encode(),
    "plan.canvas": lambda: json.dumps({"nodes": [{"id": "x", "type": "text", "text": "Paint the gate.", "x": 0, "y": 0}]}).encode(),
}  # fmt: skip
"""Thirty documents by their names."""


def write(folder: Path) -> None:
    """Write all of them."""
    for name, made in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(made())
