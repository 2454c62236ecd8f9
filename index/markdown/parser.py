"""Markdown text -> its blocks, links and HTML (home of markdown-it-py, with mdit-py-plugins)"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, Literal, NamedTuple, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar

from index.markdown.directives import without_directives
from index.markdown.extensions import PICTURES, note_blocks, note_signs
from index.markdown.plain import without_size
from index.records import Span

_BLOCK_PARSER: Final = MarkdownIt("commonmark").enable("table").disable("inline").use(admon_plugin).use(note_blocks)
_DOLLARS: Final = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)


def _inline_math(state: StateInline, silent: bool) -> bool:
    """Take what stands between dollars for mathematics, unless a name follows: `$HOME/$USER` are variables."""
    start = state.pos
    is_math = _DOLLARS(state, True) and not state.src[state.pos : state.pos + 1].isidentifier()
    state.pos = start
    return is_math and _DOLLARS(state, silent)


def _math_html(self: RendererProtocol, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
    token = tokens[at]
    code = f'<code class="math">{escapeHtml(f"{token.markup}{token.content}{token.markup}")}</code>'
    return f"<pre>{code}</pre>\n" if token.block else code


def _picture_html(self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[at]
    words = self.renderInlineAsText(token.children, options, env) if token.children else ""  # type: ignore[attr-defined]
    shown, width = without_size(words)
    size = f' data-width="{width}"' if width else ""
    return f'<span data-picture="{escapeHtml(str(token.attrs["src"]))}"{size}>{escapeHtml(shown)}</span>'


def _renderer() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    parser.use(admon_plugin).use(note_blocks).use(note_signs)
    parser.use(dollarmath_plugin, allow_labels=False, allow_blank_lines=False)
    parser.inline.ruler.at("math_inline", _inline_math)
    for kind in ("math_inline", "math_inline_double", "math_block"):
        parser.add_render_rule(kind, _math_html)
    parser.add_render_rule("image", _picture_html)
    return parser


_RENDERER: Final = _renderer()

_KINDS: Final = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "list_item",
    "table_open": "table",
}
NodeKind: TypeAlias = Literal["heading", "paragraph", "list", "item", "quote", "code", "table", "row", "html", "text"]
_NODES: Final[dict[str, NodeKind]] = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "table_open": "table",
    "tr_open": "row",
    "fence": "code",
    "code_block": "code",
    "html_block": "html",
    "inline": "text",
}
_HEAD_LINES: Final = {"table_open": 2, "fence": 1}
_HAS_HEAD: Final = re.compile(r"\||```|~~~")
_DEFINITION_TAGS: Final = re.compile(r"</?d[ltd]>", re.IGNORECASE)
_LINE_END: Final = re.compile(r"\r\n?|\n")


class Block(NamedTuple):
    """A heading, a paragraph, a list, an item of one or a table, with the lines it stands on, from 0."""

    kind: str
    """`heading`, `paragraph`, `list`, `list_item` or `table`."""
    depth: int
    """In how many blocks it lies."""
    first: int
    end: int
    """The line after its last."""
    level: int = 0
    """A heading's, 1 to 6."""
    text: str = ""
    """A heading's, as it is written."""
    is_underlined: bool = False
    """Whether it is a heading by the rule below it."""


def blocks(text: str) -> Iterator[Block]:
    r"""Yield the blocks of a text in order, each before those inside it.

    >>> [(block.kind, block.first, block.text) for block in blocks("# Git\n\nTracks files.")]
    [('heading', 0, 'Git'), ('paragraph', 2, '')]
    """
    lines = text.split("\n")
    for token, following in pairwise(_BLOCK_PARSER.parse(text)):
        if token.map and token.type in _KINDS:
            first, end = token.map
            block = Block(_KINDS[token.type], token.level, first, end)
            if block.kind == "heading":
                level = int(token.tag.removeprefix("h"))
                # a line of spaces that Markdown does not know (U+2028) may belong to it, but not to its text
                first = next(number for number in range(first, end) if lines[number].strip())
                block = Block(block.kind, block.depth, first, end, level, following.content, token.markup in {"-", "="})
            yield block


class TextBlock(NamedTuple):
    """An innermost block of a text: where it stands in it, and whether it is prose, a whole or the head of a table."""

    start: int
    end: int
    kind: Literal["prose", "whole", "head"]


def text_blocks(text: str) -> list[TextBlock]:
    """Return a text's innermost blocks, in order.

    A list item and a heading come without their marks. A code block, a row of a table and raw HTML are wholes.
    """
    starts = _line_starts(text)
    blocks: list[TextBlock] = []
    in_row = in_head = False
    for token in _BLOCK_PARSER.parse(text):
        if token.type in {"thead_open", "thead_close"}:
            in_head = token.type == "thead_open"
            continue
        if token.type in {"tr_open", "tr_close"}:
            in_row = token.type == "tr_open"
        elif in_row:  # a row is one block, its cells are none
            continue
        if not token.map:
            continue
        begin, end = (starts[line] for line in token.map)
        if token.type == "inline":
            first, last = token.content.split("\n")[0], token.content.split("\n")[-1]
            if first not in text[begin:end]:  # the title of an admonition that has none of its own
                continue
            begin = max(text.find(first, begin, end), begin)
            blocks.append(TextBlock(begin, max(text.rfind(last, begin, end) + len(last), begin), "prose"))
        elif token.type in {"fence", "code_block", "tr_open", "html_block"}:
            blocks.append(TextBlock(begin, end, "head" if in_head else "whole"))
    return blocks


class Node(NamedTuple):
    """A block of a text with the blocks inside it: the tree of a Markdown document, without its inline marks."""

    kind: NodeKind
    start: int
    """Where what it says begins: after the marks of a heading or an item, with the fence of code."""
    end: int
    children: tuple[Node, ...] = ()
    level: int = 0
    """A heading's, 1 to 6."""
    is_ordered: bool = False
    """Whether it is a list whose items are numbered."""


def outline(text: str) -> tuple[Node, ...]:
    r"""Return the blocks of a text as a tree, in order; the first row of a table is its head.

    Terms of a definition list in HTML, and what stands below them, are blocks like any other.

    >>> [(node.kind, node.start, len(node.children)) for node in outline("Who:\n\n- Ann\n- Bob\n\n> Yes.")]
    [('paragraph', 0, 0), ('list', 6, 2), ('quote', 19, 1)]
    """
    text = _DEFINITION_TAGS.sub(lambda match: " " * len(match[0]), text)
    starts = _line_starts(text)
    open_nodes: list[tuple[Token, list[Node]]] = []
    top: list[Node] = []
    for token in _BLOCK_PARSER.parse(text):
        kind = _NODES.get(token.type)
        if token.nesting > 0 and kind:
            open_nodes.append((token, []))
        elif token.nesting < 0 and token.type.replace("_close", "_open") in _NODES:
            opened, children = open_nodes.pop()
            siblings = open_nodes[-1][1] if open_nodes else top
            siblings.append(_node(text, starts, opened, children))
        elif kind and token.map:
            siblings = open_nodes[-1][1] if open_nodes else top
            siblings.append(_node(text, starts, token, []))
    return tuple(top)


def _node(text: str, starts: Sequence[int], token: Token, children: list[Node]) -> Node:
    """Return a block that is closed, without the space at its end."""
    kind = _NODES[token.type]
    start, end = (starts[line] for line in token.map or (0, 0))
    if token.type == "inline" and token.content:
        first, last = token.content.split("\n")[0], token.content.split("\n")[-1]
        start = max(text.find(first, start, end), start)
        return Node(kind, start, max(text.rfind(last, start, end) + len(last), start))
    end = start + len(text[start:end].rstrip())
    if len(children) == 1 and children[0].kind == "text":  # of a paragraph or a heading
        start, end, children = children[0].start, children[0].end, []
    elif kind == "item" and children:
        start = children[0].start
    elif kind == "row":  # its cells say nothing each by itself
        children = []
    level = int(token.tag[1]) if kind == "heading" else 0
    return Node(kind, start, end, tuple(children), level, is_ordered=token.type == "ordered_list_open")


def atomic_blocks(text: str) -> list[Span]:
    """Return the character spans of the code blocks and tables of a text, in order."""
    starts = _line_starts(text)
    return [
        (starts[token.map[0]], starts[token.map[1]])
        for token in _BLOCK_PARSER.parse(text)
        if token.level == 0 and token.map and token.type in {"fence", "code_block", "table_open"}
    ]


def block_head(text: str, at: int) -> str:
    r"""Return the head of the table in whose body a position lies, with the rule below it, or the fence above its code.

    There is none elsewhere, nor in a list or a quote, whose lines mean nothing outside.

    >>> block_head("| a |\n|---|\n| 1 |", 12), block_head("```sh\nls\n```", 6)
    ('| a |\n|---|\n', '```sh\n')
    """
    if not _HAS_HEAD.search(text):
        return ""
    starts = _line_starts(text)
    for token in _BLOCK_PARSER.parse(text):
        if token.map and token.type in _HEAD_LINES and token.level == 0:
            first, last = token.map
            below = first + _HEAD_LINES[token.type]
            if starts[below] <= at < starts[last]:
                return text[starts[first] : starts[below]]
    return ""


def _line_starts(text: str) -> list[int]:
    return [0, *(line_end.end() for line_end in _LINE_END.finditer(text)), len(text)]


def link_targets(text: str) -> Iterator[str]:
    """Yield where the links of a text lead, in order; a wikilink as `[[` and what it names.

    >>> list(link_targets("[a](b.md#c), [[Note|shown]], `[[code]]`"))
    ['b.md#c', '[[Note']
    """
    if "](" not in text and "[[" not in text:
        return
    for block in _RENDERER.parse(text):
        for token in block.children or ():
            if token.type == "link_open":
                yield str(token.attrs["href"])


def to_html(text: str) -> str:
    r"""Return the text as HTML that cannot run or load anything: raw HTML is left out or escaped, images are words.

    >>> to_html(r"So $a\,b$ costs $5.")
    '<p>So <code class="math">$a\\,b$</code> costs $5.</p>\n'
    """
    return str(_RENDERER.render(text))


def to_html_with_pictures(text: str) -> str:
    r"""Return the same HTML with what is embedded marked, for whoever can show it: nothing is loaded by itself.

    >>> to_html_with_pictures("![A cat](cat.png) ![[Note]]")
    '<p><span data-picture="cat.png">A cat</span> <a href="[[Note" data-embed="">Note</a></p>\n'
    """
    return str(_RENDERER.render(text, {PICTURES: True}))


def inline_html(text: str) -> str:
    """Return one line of text as HTML without a paragraph around it; as safe as `to_html`."""
    return str(_RENDERER.renderInline(text))


def normalised(text: str) -> str:
    """Make lines mean to us what they mean to the parser, also those that only tools of documentation know."""
    return without_directives(_LINE_END.sub("\n", text.removeprefix("\ufeff")).replace("\0", "\ufffd"))
