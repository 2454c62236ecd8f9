"""Word -> blocks: paragraphs below their headings (home of mammoth)"""

from __future__ import annotations

import io
import xml.dom.expatbuilder
import xml.dom.minidom
import xml.dom.pulldom  # noqa: F401
from typing import Final

import mammoth
from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.formats.documents.archives import embedded_told, open_office
from index.formats.documents.blocks import Anchor, Extract, one_line
from index.formats.documents.html import HEADINGS, page_blocks
from index.formats.documents.limits import Limits

COUNTED: Final = frozenset({"p", "table", "ul", "ol", *HEADINGS})

STYLES: Final = "\n".join(
    (
        "p[style-name='Title'] => h1:fresh",  # above the headings, which begin at the second level
        "p[style-name='Subtitle'] => p:fresh",
        *(f"p.Heading{level} => h{min(level + 1, 6)}:fresh" for level in range(1, 10)),
        *(f"p[style-name='heading {level}'] => h{min(level + 1, 6)}:fresh" for level in range(1, 10)),
        *(f"p[style-name='Heading {level}'] => h{min(level + 1, 6)}:fresh" for level in range(1, 10)),
        "comment-reference =>",
    )
)


def read(content: bytes, limits: Limits) -> Extract:
    """Return the text of a Word document.

    Raises:
        Unreadable: it is damaged, encrypted, or costs more than the limits allow.

    """
    archive = open_office(content, limits, "word/document.xml")
    made = mammoth.convert_to_html(
        io.BytesIO(content),
        style_map=STYLES,
        external_file_access=False,
        include_embedded_style_map=False,
        convert_image=mammoth.images.img_element(lambda _: {}),
        ignore_empty_paragraphs=False,
    )
    blocks = page_blocks(LexborHTMLParser(f"<body>{made.value}</body>"), _Paragraphs())
    return Extract(blocks, problem=embedded_told(archive))


class _Paragraphs:
    """Places by the heading above, and which paragraph of the document it is."""

    def __init__(self) -> None:
        self._number = 0
        self._heading: Anchor = ()

    def at(self, node: LexborNode) -> Anchor:
        """Return where an element stands."""
        if node.tag not in COUNTED:
            return (*self._heading, ("paragraph", max(self._number, 1)))
        self._number += max(len(node.css("li, tr")), 1)
        if node.tag in HEADINGS and (title := one_line(node.text())):
            self._heading = (("heading", title),)
        first = self._number - max(len(node.css("li, tr")), 1) + 1
        return (*self._heading, ("paragraph", first))
