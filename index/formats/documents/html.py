"""HTML -> blocks: the main text of a page, without what leads around it (home of selectolax)"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, Protocol

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.formats.documents.blocks import LINE, PARAGRAPH, Anchor, Block, Extract, fenced, literal, one_line
from index.formats.documents.decoding import decoded, load_encodings
from index.formats.documents.limits import Limits
from index.formats.documents.rows import table_blocks

LEFT_OUT: Final = frozenset(
    "script style noscript template svg math iframe object embed form button select input textarea nav aside head "
    "audio video canvas map dialog -comment".split()
)
"""What is no text of the page: programs, controls, what leads around."""

ROLES_LEFT_OUT: Final = frozenset("navigation banner contentinfo search complementary menu menubar toolbar".split())

INLINE: Final = frozenset(
    "-text a abbr b bdi bdo br cite code data del dfn em font i img ins kbd label mark q s samp small span strong sub "
    "sup time tt u var wbr en-todo".split()
)

HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}

MAIN_SHARE: Final = 0.5
"""The share of a page's text that its `main` holds at least; one that holds less is there for a program."""

MENU_LINKS: Final = 4
"""Links of a list from which on it may be a menu."""
MENU_SHARE: Final = 0.8
"""The share of a list's text that its links are, where it is a menu."""
LONGEST_ITEM: Final = 40
"""Letters of a menu's items, in the mean: a list of references has longer ones."""

LARGE_TYPE: Final = 18
"""Points or pixels from which on a bold line of its own is a heading: notes exported by apps have no other."""

LONGEST_CHAIN: Final = 5
"""Elements that stand in each other around such a line, at most."""

_UNREAD: Final = "script, style, template, noscript, svg, nav, aside"
"""Elements without text of the page that do not stand in one another."""
_HIDING_STYLE: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE
)
_FONT_SIZE: Final = re.compile(r"font-size\s*:\s*(\d+)")
_SPACE: Final = re.compile(r"\s+")
_CHARSET: Final = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)


def prepare() -> None:
    """Load every encoding: a page may be in any."""
    load_encodings()


def read(content: bytes, limits: Limits) -> Extract:
    """Return the text of a page: below its headings, each with the id that leads to it."""
    declared = _CHARSET.search(content[:4096])
    page = LexborHTMLParser(decoded(content, declared[1].decode("ascii") if declared else ""))
    title = page.css_first("head > title")
    return Extract(page_blocks(page, Ids()), one_line(title.text()) if title else "")


class Anchors(Protocol):
    """Finds the lines on which the elements of a page stand."""

    def at(self, node: LexborNode) -> Anchor:
        """Return the line of an element; to be called for the elements in their order."""


class Ids:
    """Places by the nearest id, or else the heading: what an address can lead to."""

    def __init__(self) -> None:
        """Begin above the first heading."""
        self._nearest: Anchor = ()

    def at(self, node: LexborNode) -> Anchor:
        """Return where an element stands."""
        id_ = node.attributes.get("id") or ""
        is_heading = node.tag in HEADINGS or (node.tag == "div" and bool(large_line(node)))
        if is_heading and not id_:
            inner = node.css_first("[id], a[name]")
            around = node.parent.attributes.get("id") if node.parent and node.parent.tag in ("section", "div") else ""
            id_ = (inner and (inner.attributes.get("id") or inner.attributes.get("name"))) or around or ""
        if id_ and (is_heading or node.tag in ("section", "article", "p", "li", "table", "pre", "dt")):
            self._nearest = (("id", id_),)
        elif is_heading and (title := one_line(node.text())):
            self._nearest = (("heading", title),)
        return self._nearest


def page_blocks(page: LexborHTMLParser, anchors: Anchors) -> list[Block]:
    """Return the blocks of a page's main text."""
    body = page.body
    if body is None:
        return []
    walker = _Walker(anchors)
    walker.walk(_main(page, body))
    walker.flush()
    return walker.blocks


def _main(page: LexborHTMLParser, body: LexborNode) -> LexborNode:
    whole = _length(body)
    for selector in ("main", "[role=main]", "article"):
        nodes = page.css(selector)
        if len(nodes) == 1 and _length(nodes[0]) >= MAIN_SHARE * whole:
            return nodes[0]
    return body


def _length(node: LexborNode) -> int:
    """Return how many letters of an element may be read: the programs of a page are often longer than what it says."""
    return _letters(node) - sum(map(_letters, node.css(_UNREAD)))


def _letters(node: LexborNode) -> int:
    return len("".join(node.text().split()))


class _Walker:
    """Goes through a page in its order."""

    def __init__(self, anchors: Anchors) -> None:
        self.blocks: list[Block] = []
        self._anchors = anchors
        self._anchor: Anchor = ()
        self._run: list[str] = []
        """The fragments of text that are not yet in a block."""

    def walk(self, node: LexborNode) -> None:
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if is_left_out(child):
                continue
            if tag in INLINE and not _holds_blocks(child):
                self._run.append(_inline_of(child))
                continue
            if tag in INLINE:
                self.walk(child)
                continue
            self.flush()
            self._anchor = self._anchors.at(child)
            self._block(child, tag)
            self.flush()

    def _block(self, node: LexborNode, tag: str) -> None:
        if tag in HEADINGS:
            self._heading(one_line(_inline_text(node)), HEADINGS[tag])
        elif tag in ("ul", "ol"):
            if not _is_menu(node):
                self._items(_list_items(node))
        elif tag == "pre":
            self._add(fenced(node.text(), _language(node)))
        elif tag == "table" and (rows := _table_cells(node)):
            self.blocks += table_blocks(rows, lambda _: self._anchor)
        elif tag == "blockquote":
            self._quote(node)
        elif tag in ("dt", "summary", "figcaption", "caption"):
            self._add(f"**{text}**" if (text := _inline_text(node).strip()) else "")
        elif tag == "div" and (title := large_line(node)):
            self._heading(title, 2)
        elif tag == "hr":
            return
        else:
            self.walk(node)

    def _heading(self, text: str, level: int) -> None:
        if text:
            self.blocks.append(Block(text, self._anchor, level))

    def _add(self, text: str, joint: str = PARAGRAPH) -> None:
        if text.strip():
            self.blocks.append(Block(text, self._anchor, joint=joint))

    def _items(self, items: Sequence[str]) -> None:
        for number, item in enumerate(items):
            self._add(item, LINE if number else PARAGRAPH)

    def _quote(self, node: LexborNode) -> None:
        inner = _Walker(self._anchors)
        inner.walk(node)
        inner.flush()
        text = "\n\n".join(block.text for block in inner.blocks)
        self._add("\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else "")

    def flush(self) -> None:
        """Make a block of the text that stands outside of any."""
        text = _tidied("".join(self._run))
        self._run = []
        self._add(text)


def is_left_out(node: LexborNode) -> bool:
    """Say whether an element is not read: no text, hidden, or what leads around the page."""
    tag = node.tag or ""
    if tag == "-text":
        return False
    if tag in LEFT_OUT:
        return True
    if tag in ("header", "footer"):
        return node.parent is not None and node.parent.tag == "body"
    attributes = node.attributes
    if not attributes:
        return False
    is_hidden = "hidden" in attributes or attributes.get("aria-hidden") == "true"
    return (
        is_hidden
        or attributes.get("role") in ROLES_LEFT_OUT
        or bool(_HIDING_STYLE.search(attributes.get("style") or ""))
    )


def _holds_blocks(node: LexborNode) -> bool:
    """Say whether an element that stands in a line holds what does not, as exported pages have it."""
    return any((child.tag or "") not in INLINE and (child.tag or "") not in LEFT_OUT for child in node.iter())


def _inline_text(node: LexborNode) -> str:
    return "".join(_inline_of(child) for child in node.iter(include_text=True) if not is_left_out(child))


def _inline_of(node: LexborNode) -> str:
    """Return what stands in a line as Markdown."""
    tag = node.tag or ""
    if tag == "-text":
        return literal(_SPACE.sub(" ", node.text_content or ""))
    if tag == "br":
        return "\n"
    if tag == "en-todo":
        return ("[x] " if node.attributes.get("checked") == "true" else "[ ] ") + _inline_text(node)
    if tag in ("code", "kbd", "samp", "tt"):
        return f"`{text}`" if (text := one_line(node.text()).replace("`", "'")) else ""
    text = _inline_text(node)
    bare = text.strip()
    if not bare:
        return text
    if tag in ("b", "strong"):
        return text.replace(bare, f"**{bare}**", 1) if "\n" not in bare and "**" not in bare else text
    href = node.attributes.get("href") or "" if tag == "a" else ""
    if href.startswith("#") and not any(map(str.isalnum, bare)):  # it leads to where it stands: § or ¶ of a heading
        return ""
    if href.startswith(("https://", "http://", "mailto:")) and "\n" not in bare and not re.search(r"[\s()<>]", href):
        return text.replace(bare, f"[{bare}]({href})", 1)
    return text


def _tidied(text: str) -> str:
    """Return a run of text without spaces at the ends of its lines."""
    lines = [line.strip() for line in text.split("\n")]
    return re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip()


def _is_menu(node: LexborNode) -> bool:
    """Say whether a list only leads elsewhere."""
    links = node.css("a")
    if len(links) < MENU_LINKS:
        return False
    text, linked = len(one_line(node.text())), sum(len(one_line(link.text())) for link in links)
    return linked >= MENU_SHARE * text and linked <= LONGEST_ITEM * len(links)


def _list_items(node: LexborNode, indent: str = "") -> list[str]:
    """Return the items of a list, each on its lines; lists within it are indented."""
    items: list[str] = []
    number = 0
    for child in node.iter():
        if child.tag in ("ul", "ol"):
            items += _list_items(child, f"{indent}  ")
        if child.tag != "li" or is_left_out(child):
            continue
        number += 1
        marker = f"{number}." if node.tag == "ol" else "-"
        text = _item_text(child, f"{indent}{' ' * (len(marker) + 1)}")
        if text:
            items.append(f"{indent}{marker} {text}")
        for inner in _lists_in(child):
            items += _list_items(inner, f"{indent}{' ' * (len(marker) + 1)}")
    return items


def _lists_in(node: LexborNode) -> Iterator[LexborNode]:
    for child in node.iter():
        if child.tag in ("ul", "ol"):
            yield child
        elif child.tag not in ("li", "table"):
            yield from _lists_in(child)


def _item_text(node: LexborNode, indent: str) -> str:
    """Return what an item says itself, without the lists in it."""
    box = node.css_first(".checkbox")
    state = "" if box is None else "[x] " if "checkbox-on" in (box.attributes.get("class") or "") else "[ ] "
    parts = []
    for child in node.iter(include_text=True):
        if child.tag in ("ul", "ol") or is_left_out(child):
            continue
        if child.tag == "pre":
            parts.append(f"\n{fenced(child.text(), _language(child))}\n")
        elif child.tag in INLINE:
            parts.append(_inline_of(child))
        else:
            parts.append(f"\n{_without_lists(child)}\n")
    text = re.sub(r"\n{2,}", "\n", _tidied("".join(parts)))
    return state + text.replace("\n", f"\n{indent}")


def _without_lists(node: LexborNode) -> str:
    inner = (
        child for child in node.iter(include_text=True) if child.tag not in ("ul", "ol") and not is_left_out(child)
    )
    return "".join(_inline_of(child) for child in inner)


def _table_cells(node: LexborNode) -> list[list[str]]:
    """Return the cells of a table; nothing of one that only lays out the page."""
    if node.css_first("table table, h1, h2, h3, h4") or node.attributes.get("role") == "presentation":
        return []
    rows = [
        [_inline_text(cell).replace("\n", " ").strip() for cell in row.iter() if cell.tag in ("td", "th")]
        for row in node.css("tr")
    ]
    rows = [row for row in rows if any(row)]
    return rows if rows and max(map(len, rows)) > 1 else []


def _language(node: LexborNode) -> str:
    code = node.css_first("code")
    classes = f"{node.attributes.get('class') or ''} {(code.attributes.get('class') or '') if code else ''}"
    match = re.search(r"\b(?:language|lang|highlight-source)-([\w+#-]+)", classes)
    return match[1] if match else ""


def large_line(node: LexborNode) -> str:
    """Return the text of a line of its own that is set as a heading: bold, in large letters."""
    chain = [node]
    while len(chain) < LONGEST_CHAIN and (only := _only_child(chain[-1])):
        chain.append(only)
    styles = " ".join(inner.attributes.get("style") or "" for inner in chain)
    size = _FONT_SIZE.search(styles)
    is_heading = size and int(size[1]) >= LARGE_TYPE and any(inner.tag in ("b", "strong") for inner in chain)
    text = one_line(chain[-1].text()) if is_heading else ""
    return text if len(text) <= 2 * LONGEST_ITEM else ""


def _only_child(node: LexborNode) -> LexborNode | None:
    """Return the element that is all that stands in another; None where there is more, or none."""
    children = list(islice(node.iter(include_text=True), 2))
    return children[0] if len(children) == 1 and children[0].tag != "-text" else None
