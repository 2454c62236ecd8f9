"""Org -> blocks: headings and what stands below them, line by line (home of orgparse)"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import orgparse

from index.formats.documents.blocks import Block, Extract, one_line
from index.formats.documents.decoding import decoded
from index.formats.documents.limits import Limits

_DRAWER: Final = re.compile(r"\s*:(?:PROPERTIES|LOGBOOK|[A-Z_-]+):\s*$")
_DRAWER_END: Final = re.compile(r"\s*:END:\s*$", re.IGNORECASE)
_PLANNED: Final = re.compile(r"\s*(?:SCHEDULED|DEADLINE|CLOSED):\s*[<\[]")
_BEGIN: Final = re.compile(r"\s*#\+begin_(\w+)\s*([\w+-]*).*$", re.IGNORECASE)
_END_OF_BLOCK: Final = re.compile(r"\s*#\+end_\w+", re.IGNORECASE)
_KEYWORD: Final = re.compile(r"\s*#\+(\w+):\s*(.*)$")
_COMMENT_LINE: Final = re.compile(r"\s*#(?:\s|$)")
_ORG_LINK: Final = re.compile(r"\[\[([^\]\[]+)\](?:\[([^\]]+)\])?\]")
_ORG_CODE: Final = re.compile(r"(?<![\w=~])([=~])(?=\S)([^=~\n]+?)(?<=\S)\1(?![\w=~])")
_BOLD: Final = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_RULE_ROW: Final = re.compile(r"(\s*)\|[-+|]+\|?\s*$")
_STAR_ITEM: Final = re.compile(r"^(\s*)\+(\s)")


def read(content: bytes, limits: Limits) -> Extract:
    """Return the headings of an Org file, and what stands below each."""
    text = decoded(content).replace("\r\n", "\n")
    lines = text.split("\n")
    nodes = list(orgparse.loads(text)[1:])
    starts = [node.linenumber for node in nodes]
    title = next((match[2] for line in lines if (match := _KEYWORD.match(line)) and match[1].lower() == "title"), "")
    blocks = list(_paragraph_blocks(lines, 1, starts[0] if starts else len(lines) + 1))
    for node, end in zip(nodes, [*starts, len(lines) + 1][1:], strict=True):
        if heading := one_line(_inline_markdown(node.get_heading(format="plain"))):
            blocks.append(Block(heading, level=min(node.level, 6), line=node.linenumber))
        blocks += _paragraph_blocks(lines, node.linenumber + 1, end)
    return Extract(blocks, title)


def _paragraph_blocks(lines: Sequence[str], first: int, end: int) -> Iterator[Block]:
    """Yield the stretches between blank lines, from line `first` up to the one before `end`."""
    taken: list[str] = []
    begun = 0
    for number, line in _markdown_lines(lines, first, end):
        if line.strip() or _is_open(taken):
            begun = begun or number
            if taken and number > begun + len(taken):  # something between them is not read
                yield Block("\n".join(taken), line=begun)
                taken, begun = [], number
            taken.append(line)
        elif taken:
            yield Block("\n".join(taken), line=begun)
            taken, begun = [], 0
    if taken:
        yield Block("\n".join(taken), line=begun)


def _is_open(taken: Sequence[str]) -> bool:
    """Say whether a fence is open."""
    return sum(line.lstrip().startswith("```") for line in taken) % 2 == 1


def _markdown_lines(lines: Sequence[str], first: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield each line that says something, as Markdown, with its number."""
    is_drawer, block = False, ""
    below = lines[first - 1 : min(end, len(lines) + 1) - 1]
    margin = min((len(line) - len(line.lstrip()) for line in below if line.strip()), default=0)
    for number, line in enumerate((line[margin:] for line in below), start=first):
        if block:
            if _END_OF_BLOCK.match(line):
                yield number, "```" if block in ("src", "example") else ""
                block = ""
            else:
                yield (
                    number,
                    line
                    if block in ("src", "example")
                    else f"> {_inline_markdown(line)}"
                    if block == "quote"
                    else _inline_markdown(line),
                )
        elif is_drawer:
            is_drawer = not _DRAWER_END.match(line)
        elif _DRAWER.match(line):
            is_drawer = True
        elif begin := _BEGIN.match(line):
            block = begin[1].lower()
            yield number, f"```{begin[2]}" if block in ("src", "example") else ""
        elif not (_PLANNED.match(line) or _COMMENT_LINE.match(line) or _KEYWORD.match(line)):
            yield number, _markdown_line(line)


def _markdown_line(line: str) -> str:
    if _RULE_ROW.match(line) and line.strip("|-+ \t") == "":
        return line.replace("+", "|")
    return _STAR_ITEM.sub(r"\1-\2", _inline_markdown(line))


def _inline_markdown(text: str) -> str:
    """Return what Org marks in a line as Markdown does."""
    text = _ORG_LINK.sub(_link, text)
    text = _ORG_CODE.sub(r"`\2`", text)
    return _BOLD.sub(r"**\1**", text)


def _link(link: re.Match[str]) -> str:
    target, words = link[1], link[2]
    if target.startswith(("https://", "http://", "mailto:")):
        return f"[{words}]({target})" if words else f"<{target}>"
    return words or target.removeprefix("file:").removeprefix("*")
