"""reStructuredText -> blocks: sections and what stands in them (home of docutils)"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from contextlib import suppress
from textwrap import dedent, indent
from typing import Final

from docutils import nodes
from docutils.core import publish_doctree

from index.formats.documents.blocks import Block, Extract, fenced, literal, one_line
from index.formats.documents.decoding import decoded
from index.formats.documents.limits import Limits
from index.formats.documents.rows import table_blocks

RST_SETTINGS: Final = {
    "_disable_config": True,  # no file of settings is looked for
    "file_insertion_enabled": False,  # no other file is read
    "raw_enabled": False,
    "report_level": 5,  # what is wrong is read as far as it can be
    "halt_level": 6,
    "input_encoding": "unicode",
    "smart_quotes": False,
    "syntax_highlight": "none",  # code is text; what colours it is loaded language by language
    "doctitle_xform": False,
    "line_length_limit": 1_000_000,
}

WARM_UP_NOTE: Final = ".. note:: a\n\n.. code:: python\n\n   b\n\n:emphasis:`c` `d <e>`_ |f| [#g]_\n\n.. [#g] h\n"

_ROLE: Final = re.compile(r":[\w:+.-]+:`([^`<]+?)(?:\s*<[^>]*>)?`")
_DIRECTIVE: Final = re.compile(r"\s*\.\. [\w:+.-]+::[ \t]*(.*)")
_OPTION: Final = re.compile(r"\s*:[\w-]+:.*")
_HEADLESS: Final = (nodes.comment, nodes.substitution_definition, nodes.target, nodes.system_message, nodes.pending)


def prepare() -> None:
    """Load what docutils loads when a text asks for it."""
    for name in (
        "docutils.parsers.rst",
        "docutils.parsers.rst.directives",
        "docutils.transforms",
        "docutils.languages",
    ):
        package = importlib.import_module(name)
        for module in pkgutil.iter_modules(package.__path__):
            if name != "docutils.languages" or module.name == "en":
                with suppress(ImportError):
                    importlib.import_module(f"{name}.{module.name}")
    importlib.import_module("docutils.parsers.rst.languages.en")
    publish_doctree(WARM_UP_NOTE, settings_overrides=dict(RST_SETTINGS))


def read(content: bytes, limits: Limits) -> Extract:
    """Return the sections of a reStructuredText file; directives that would read or run something are passed over."""
    tree = publish_doctree(decoded(content), settings_overrides=dict(RST_SETTINGS))
    return Extract(list(_node_blocks(tree, 0)))


def _node_blocks(node: nodes.Node, level: int) -> Iterator[Block]:
    for child in node.children:
        line = _first_line(child)
        match child:
            case nodes.section():
                yield from _node_blocks(child, level + 1)
            case nodes.title():
                is_section = isinstance(node, nodes.section)
                text = one_line(_inline_text(child))
                yield Block(text, level=min(level, 6), line=line - 1) if is_section else Block(f"**{text}**", line=line)
            case nodes.system_message():
                yield from _unknown(child)
            case nodes.table():
                rows = [
                    [one_line(entry.astext()) for entry in row.findall(nodes.entry)] for row in child.findall(nodes.row)
                ]
                yield from (block._replace(line=line) for block in table_blocks(rows, lambda _: ()) if rows)
            case nodes.Admonition() | nodes.compound() | nodes.container() | nodes.topic() | nodes.sidebar():
                yield from _node_blocks(child, level)
            case _ if isinstance(child, _HEADLESS):
                continue
            case _:
                if text := _text(child):
                    yield Block(text, line=line)


def _first_line(node: nodes.Node) -> int:
    """Return the line that a node begins on, which docutils tells of most; of others, that of one inside."""
    return next((int(inner.line) for inner in node.findall() if inner.line), 0)


def _text(node: nodes.Node) -> str:
    """Return a node as Markdown."""
    match node:
        case nodes.literal_block() | nodes.doctest_block() | nodes.math_block():
            classes = [str(name) for name in node["classes"] if name != "code"]
            return fenced(node.astext(), classes[0] if classes else "")
        case nodes.bullet_list() | nodes.enumerated_list():
            marker = "-" if isinstance(node, nodes.bullet_list) else "1."
            return "\n".join(_item(item, marker) for item in node.children)
        case nodes.definition_list():
            return "\n\n".join(_definition(item) for item in node.children)
        case nodes.field_list():
            return "\n".join(f"- {one_line(field.astext())}" for field in node.children)
        case nodes.block_quote():
            return "\n".join(f"> {line}".rstrip() for line in _text_of_children(node).split("\n"))
        case nodes.line_block():
            return "\n".join(one_line(line.astext()) for line in node.findall(nodes.line))
        case nodes.image() | nodes.transition():
            return ""
        case nodes.paragraph():
            return _inline_text(node).strip()
        case nodes.TextElement():
            return _inline_text(node).strip()
        case _:
            return _text_of_children(node)


def _text_of_children(node: nodes.Node) -> str:
    return "\n\n".join(filter(None, (_text(child) for child in node.children if not isinstance(child, _HEADLESS))))


def _item(item: nodes.Node, marker: str) -> str:
    return f"{marker} {indent(_text_of_children(item).replace(chr(10) * 2, chr(10)), ' ' * (len(marker) + 1)).strip()}"


def _definition(item: nodes.Node) -> str:
    terms = " : ".join(
        one_line(_inline_text(child)) for child in item.children if not isinstance(child, nodes.definition)
    )
    definition = next((_text_of_children(child) for child in item.children if isinstance(child, nodes.definition)), "")
    return f"**{terms}**\n{definition}" if definition else f"**{terms}**"


def _inline_text(node: nodes.Node) -> str:
    return "".join(_inline_of(child) for child in node.children)


def _inline_of(node: nodes.Node) -> str:
    match node:
        case nodes.Text():
            return literal(str(node))
        case nodes.literal() | nodes.math():
            return f"`{node.astext()}`"
        case nodes.strong():
            return f"**{_inline_text(node)}**"
        case nodes.reference():
            address = str(node.get("refuri", ""))
            is_web = address.startswith(("https://", "http://"))
            return f"[{_inline_text(node)}]({address})" if is_web else _inline_text(node)
        case nodes.problematic():
            return _ROLE.sub(r"\1", node.astext())
        case nodes.footnote_reference() | nodes.citation_reference() | nodes.image() | nodes.target():
            return ""
        case _:
            return _inline_text(node)


def _unknown(message: nodes.system_message) -> Iterator[Block]:
    """Yield what stands in a directive that docutils does not know, as those of Sphinx."""
    source = next((block.astext() for block in message.findall(nodes.literal_block)), "")
    head = _DIRECTIVE.match(source)
    if not head or "toctree" in source.split("\n", 1)[0]:
        return
    below = dedent("\n".join(line for line in source.split("\n")[1:] if not _OPTION.fullmatch(line))).strip("\n")
    line = int(message.get("line", 0))
    for text in (head[1].strip(), *re.split(r"\n\s*\n", _ROLE.sub(r"\1", below))):
        if text.strip():
            yield Block(literal(text), line=line)
