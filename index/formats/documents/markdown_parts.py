"""Markdown inside other documents -> blocks: its headings and what stands below them"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from index.formats.documents.blocks import Anchor, Block

_HEADING: Final = re.compile(r" {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")


def markdown_blocks(text: str, anchor: Anchor) -> Iterator[Block]:
    """Yield the headings of a text, and the stretches between them as they are written."""
    lines: list[str] = []
    fence = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        if mark := _FENCE.match(line):
            fence = "" if fence and line.strip().startswith(fence) else fence or mark[1]
        heading = None if fence or mark else _HEADING.fullmatch(line)
        if heading and heading[2]:
            yield from _stretch(lines, anchor)
            lines = []
            yield Block(heading[2], anchor, len(heading[1]))
        else:
            lines.append(line)
    yield from _stretch(lines, anchor)


def _stretch(lines: list[str], anchor: Anchor) -> Iterator[Block]:
    text = "\n".join(lines).strip("\n")
    if text.strip():
        yield Block(text, anchor)
