"""notes exported by Evernote -> blocks: a topic a note"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.formats.documents.blocks import Anchor, Block, Extract, Unreadable, literal, one_line
from index.formats.documents.html import HEADINGS, page_blocks
from index.formats.documents.limits import Limits


def read(content: bytes, limits: Limits) -> Extract:
    """Return the notes of an export.

    Raises:
        Unreadable: it is no XML, or declares entities of its own.

    """
    try:
        # an export names the type of its document; what would let it grow is refused
        root = fromstring(content, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise Unreadable("declares entities of its own: it may grow without end") from error
    except (ParseError, ValueError) as error:
        raise Unreadable("damaged: no export of notes, or not all of one") from error
    notes = list(root.iter("note"))
    resources = sum(1 for _ in root.iter("resource"))
    told = f"{resources:,} attachment{'' if resources == 1 else 's'} not read" if resources else ""
    return Extract([block for note in notes for block in _note_blocks(note)], problem=told)


def _note_blocks(note: Element) -> Iterator[Block]:
    title = one_line(note.findtext("title") or "") or "Untitled"
    place = _Note(title)
    yield Block(title, place.anchor, 1)
    for block in page_blocks(LexborHTMLParser(note.findtext("content") or ""), place):
        yield block._replace(level=min(block.level + 1, 6)) if block.level else block
    if tags := [one_line(tag.text or "") for tag in note.iter("tag")]:
        yield Block(literal(f"Tags: {', '.join(tags)}"), place.anchor)


class _Note:
    """Places by the note, and the heading in it."""

    def __init__(self, title: str) -> None:
        self.anchor: Anchor = (("note", title),)
        self._heading: Anchor = ()

    def at(self, node: LexborNode) -> Anchor:
        """Return where an element stands."""
        if node.tag in HEADINGS and (title := one_line(node.text())):
            self._heading = (("heading", title),)
        return (*self.anchor, *self._heading)
