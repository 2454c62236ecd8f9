"""books -> blocks: their chapters in the order of reading, and the headings in them (home of defusedxml, as enex)"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urldefrag
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.formats.documents.archives import member, open_archive
from index.formats.documents.blocks import Anchor, Block, Extract, Unreadable, one_line
from index.formats.documents.decoding import decoded
from index.formats.documents.html import HEADINGS, page_blocks
from index.formats.documents.limits import Limits

_NAMESPACE: Final = re.compile(r"\{[^}]*\}")
_PROTECTED: Final = "META-INF/encryption.xml"
_FONTS: Final = re.compile(rb"obfuscation|idpf\.org/2008/embedding|ns\.adobe\.com/pdf/enc#RC", re.IGNORECASE)


def read(content: bytes, limits: Limits) -> Extract:
    """Return the chapters of a book.

    Raises:
        Unreadable: it is damaged, protected, or costs more than the limits allow.

    """
    archive = open_archive(content, limits)
    names = set(archive.namelist())
    if "META-INF/rights.xml" in names or (_PROTECTED in names and not _FONTS.search(member(archive, _PROTECTED))):
        raise Unreadable("protected against copying: its text is encrypted")
    root = _xml(member(archive, "META-INF/container.xml"))
    package = next((item.get("full-path", "") for item in _all(root, "rootfile")), "")
    book = _xml(member(archive, package))
    folder = posixpath.dirname(package)
    files = {item.get("id", ""): item for item in _all(book, "item")}
    labels: dict[str, str] = {}
    for item in files.values():
        path = _path(folder, item.get("href", ""))
        if path in names and (item.get("properties") == "nav" or item.get("media-type") == "application/x-dtbncx+xml"):
            labels |= dict(_labels(member(archive, path), path))
    blocks: list[Block] = []
    for reference in _all(book, "itemref"):
        listed = files.get(reference.get("idref", ""))
        path = "" if listed is None else _path(folder, listed.get("href", ""))
        if path in names and listed is not None and listed.get("properties") != "nav":
            blocks += _chapter(member(archive, path), labels.get(path, ""))
    title = next((one_line(item.text or "") for item in _all(book, "title") if item.text), "")
    return Extract(blocks, title)


def _xml(content: bytes) -> Element:
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable("damaged: what tells its parts is no XML, or declares a document type") from error
    return root


def _all(root: Element, name: str) -> Iterator[Element]:
    return (item for item in root.iter() if _NAMESPACE.sub("", item.tag) == name)


def _path(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(urldefrag(href).url)))


def _labels(content: bytes, path: str) -> Iterator[tuple[str, str]]:
    """Yield what the table of contents calls each file, by its path: the first name of each."""
    page = LexborHTMLParser(decoded(content))
    seen: set[str] = set()
    pairs = [(link.attributes.get("href") or "", link.text()) for link in page.css("nav a, a[href]")]
    for point in page.css("navpoint"):
        source, name = point.css_first("content"), point.css_first("navlabel")
        if source is not None and name is not None:
            pairs.append((source.attributes.get("src") or "", name.text()))
    for href, label in pairs:
        target = _path(posixpath.dirname(path), href)
        if one_line(label) and target not in seen:
            seen.add(target)
            yield target, one_line(label)


def _chapter(content: bytes, label: str) -> list[Block]:
    page = LexborHTMLParser(decoded(content))
    first = page.css_first("h1, h2, h3, h4, h5, h6")
    name = label or (one_line(first.text()) if first else "")
    blocks = page_blocks(page, _Chapter(name))
    if not blocks or not name or blocks[0].level:
        return blocks
    anchor: Anchor = (("chapter", name),)
    return blocks if any(block.level for block in blocks) and not label else [Block(name, anchor, 1), *blocks]


class _Chapter:
    """Places by the chapter, and the heading in it."""

    def __init__(self, name: str) -> None:
        self._chapter: Anchor = (("chapter", name),) if name else ()
        self._heading: Anchor = ()
        self._name = name

    def at(self, node: LexborNode) -> Anchor:
        """Return where an element stands."""
        if node.tag in HEADINGS and (title := one_line(node.text())):
            self._heading = (("heading", title),) if title != self._name else ()
        return (*self._chapter, *self._heading)
