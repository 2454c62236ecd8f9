"""a page of Logseq, all of it blocks -> the same lines as a note: headings, lists, and front matter

What stands on a line stays on that line. A heading's blocks are those below it in the tree; where it has none, those
that follow it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

_BULLET: Final = re.compile(r"(?P<indent>[ \t]*)-(?:[ \t]+(?P<text>.*)|[ \t]*)$")
_PROPERTY: Final = re.compile(r"(?P<name>[^\W\d_][\w./-]*)::(?:[ \t]+(?P<value>.*)|[ \t]*)$")
_HEADING_MARKER: Final = re.compile(r"(?P<hashes>#{1,6})[ \t]+(?=\S)")
_HIDDEN_PROPERTY: Final = re.compile(
    r"(?:id|collapsed|heading|background-color|public|exclude-from-graph-view|created-at|updated-at|template"
    r"|template-including-parent|query-[\w-]+|logseq[.][\w.-]+|card-[\w-]+|hl-[\w-]+|ls-[\w-]+)::(?:\s|$)"
)
"""Properties that tell Logseq how to treat a block."""
_CLOCK: Final = re.compile(r"(?:CLOCK|:END):")
_DRAWER: Final = re.compile(r":[A-Z][A-Z_-]*:$")
"""A log book begins so, and ends with `:END:`."""
_DRAWER_END: Final = re.compile(r":END:|#\+END_QUERY", re.IGNORECASE)
_FENCE: Final = re.compile(r"(?:```|~~~)")

_ORG_BLOCK: Final = re.compile(r"#\+(?:BEGIN|END)_\w+", re.IGNORECASE)
_ORG_QUERY: Final = re.compile(r"#\+BEGIN_QUERY", re.IGNORECASE)
_MACRO: Final = re.compile(
    r"\{\{(?:query|renderer|embed|video|youtube|tweet|twitter|namespace|function|zotero[\w-]*)\b[^{}\n]*\}\}"
    r"|!?(?:\[[^\[\]\n]*\])?\(?\(\([0-9a-f]{8}-[0-9a-f-]{27}\)\)\)?",
    re.IGNORECASE,
)
"""What other blocks and results are shown in place of."""

_PLANNED: Final = re.compile(
    r"(?P<name>SCHEDULED|DEADLINE):[ \t]*<(?P<when>\d{4}-\d\d-\d\d(?:[ \t]+[^\W\d_]+\.?)?(?:[ \t]+\d{1,2}:\d\d)?)"
    r"(?:[ \t]+[.+]?\+(?P<count>\d+)(?P<unit>[hdwmy]))?[^<>\n]*>"
)
"""When a block is to be done, as Org writes it: `SCHEDULED: <2024-05-03 Fri 10:00 .+1w>`."""
_PLANNED_NAMES: Final = {"SCHEDULED": "Scheduled", "DEADLINE": "Deadline"}
_REPEAT_UNITS: Final = {"h": "hour", "d": "day", "w": "week", "m": "month", "y": "year"}

_LOGSEQ_SYNTAX: Final = re.compile(
    r"^[ \t]*- #{1,6}[ \t]"
    r"|^[ \t]*(?:- )?(?:SCHEDULED|DEADLINE): <\d{4}-"
    r"|^[ \t]*(?:- )?(?:id:: [0-9a-f-]{36}|collapsed:: |logseq[.][\w.-]+:: |:LOGBOOK:|\{\{(?:query|embed|renderer) )"
    r"|\A\s*(?:- )?(?:title|alias|tags|type|icon|public)::\s",
    re.MULTILINE,
)
"""What only pages of Logseq hold."""
_MAY_BE: Final = ("- #", "::", "{{", ": <", ":LOGBOOK:")
"""One of these stands wherever the pattern above matches: to look for them takes less time."""
MAX_DEPTH: Final = 6
"""Markdown has no deeper heading."""


class Outline(NamedTuple):
    """A page as a note: its properties, its lines, and where text goes back to a heading further up."""

    fields: dict[str, object]
    written: str
    """The properties as they are written."""
    text: str
    returns: dict[int, int]
    """By the line, from 0: below headings of less than which level the text goes on, after a deeper one."""


@dataclass(slots=True)
class _Block:
    line: int
    depth: int
    lines: list[str] = field(default_factory=list)
    """What it says, a line each; empty where nothing is to be shown."""
    level: int = 0
    """Of a heading."""
    has_blocks: bool = False
    is_plain: bool = False
    """Whether it stands above the first bullet."""

    def holds_beside(self, other: _Block) -> bool:
        """Say whether another heading lies below this one by its level alone, on a page that is not indented."""
        return self.depth == other.depth and not self.has_blocks and self.level < other.level


def is_outline(text: str) -> bool:
    """Say whether a text is a page of blocks: nothing but bullets and what stands indented below them."""
    if not any(sign in text for sign in _MAY_BE) or not _LOGSEQ_SYNTAX.search(text):
        return False
    is_within = is_code = False
    for line in text.split("\n"):
        is_bullet = not is_code and _BULLET.match(line) is not None
        is_code ^= bool(_FENCE.match(line.lstrip(" \t").removeprefix("- ")))
        if is_within and not is_bullet and line.strip() and not line[0].isspace():
            return False
        is_within |= is_bullet
    return is_within or bool(_PROPERTY.match(text.lstrip().split("\n")[0]))


def read_outline(text: str) -> Outline:
    r"""Return a page of blocks as a note with as many lines.

    >>> outline = read_outline("alias:: a, b\n\n- ## Rust\n  id:: 6\n\t- Old.\n- New {{query x}}")
    >>> outline.fields, outline.text.split("\n"), outline.returns
    ({'alias': 'a, b'}, ['', '', '### Rust', '', '- Old.', '- New '], {5: 1})
    """
    lines = text.split("\n")
    fields, first = _page_properties(lines)
    shown = [""] * len(lines)
    returns: dict[int, int] = {}
    headings: list[_Block] = []
    for block in _with_blocks(list(_outline_blocks(lines, first))):
        if block.level:
            headings = [heading for heading in headings if heading.depth < block.depth or heading.holds_beside(block)]
            block.level = min(MAX_DEPTH, max(block.level, 1 + _deepest(headings)))
            headings.append(block)
        elif any(block.lines) and any(heading.has_blocks and heading.depth >= block.depth for heading in headings):
            headings = [heading for heading in headings if heading.depth < block.depth]
            returns[block.line] = 1 + _deepest(headings)
        _write_block(block, headings[-1] if headings else None, shown)
    return Outline(fields, "\n".join(lines[:first]).strip("\n"), "\n".join(shown), returns)


def _with_blocks(blocks: Sequence[_Block]) -> Sequence[_Block]:
    """Return blocks that know whether others lie below them."""
    for block, following in pairwise(blocks):
        block.has_blocks = following.depth > block.depth
    return blocks


def _deepest(headings: Sequence[_Block]) -> int:
    return max((heading.level for heading in headings), default=0)


def _page_properties(lines: Sequence[str]) -> tuple[dict[str, object], int]:
    """Return the properties at the beginning of a page, and the line after them."""
    fields: dict[str, object] = {}
    number = 0
    for number, line in enumerate(lines):
        text = line.removeprefix("- ").strip() if line.startswith("- ") else line.strip()
        match = _PROPERTY.match(text)
        if match:
            fields.setdefault(match["name"], match["value"] or "")
        elif text and text != "-":
            return fields, number
    return fields, number + 1


def _outline_blocks(lines: Sequence[str], first: int) -> Iterator[_Block]:
    block: _Block | None = None
    indents: list[int] = []
    is_code = is_drawer = False
    for number in range(first, len(lines)):
        line = lines[number].rstrip()
        bullet = None if is_code else _BULLET.match(line)
        if bullet or block is None:
            if block:
                yield block
            width = len(bullet["indent"].expandtabs(4)) if bullet else 0
            while indents and indents[-1] >= width:
                indents.pop()
            indents.append(width)
            block = _Block(number, len(indents), is_plain=bullet is None)
            line = (bullet["text"] or "") if bullet else line
        else:
            line = _dedented(line, indents[-1])
        is_fence = bool(_FENCE.match(line))
        is_code ^= is_fence
        is_drawer = not is_code and (is_drawer or bool(_DRAWER.match(line) or _ORG_QUERY.match(line)))
        is_text = not is_code and not is_fence
        is_hidden = is_text and (is_drawer or any(sign.match(line) for sign in (_HIDDEN_PROPERTY, _CLOCK, _ORG_BLOCK)))
        is_drawer &= not _DRAWER_END.match(line)
        line = _MACRO.sub("", line) if is_text else line
        line = _PLANNED.sub(_planned, line) if is_text and _PLANNED.match(line) else line
        if not block.lines and (heading := _HEADING_MARKER.match(line)):
            block.level = len(heading["hashes"]) + 1  # the page is the subject of all of them
        block.lines.append("" if is_hidden else line)
    if block:
        yield block


def _planned(match: re.Match[str]) -> str:
    """Return when a block is to be done as a person reads it: `Scheduled: 2024-05-03 Fri 10:00, every week`."""
    count, unit = match["count"], _REPEAT_UNITS.get(match["unit"] or "")
    repeated = f", every {unit}" if count == "1" else f", every {count} {unit}s"
    return f"{_PLANNED_NAMES[match['name']]}: {match['when']}{repeated if unit else ''}"


def _dedented(line: str, indent: int) -> str:
    """Return a line of a block without what stands before each of its lines: the indentation, and room for a bullet."""
    width = 0
    for position, sign in enumerate(line):
        if width >= indent + 2 or not sign.isspace():
            return line[position:]
        width += 4 if sign == "\t" else 1
    return ""


def _write_block(block: _Block, heading: _Block | None, shown: list[str]) -> None:
    """Write the lines of a block where they stood: a heading as one, any other as an item of a list."""
    if block.level:
        text = _HEADING_MARKER.sub("", block.lines[0], count=1)
        shown[block.line] = f"{'#' * block.level} {text}"
        shown[block.line + 1 : block.line + len(block.lines)] = block.lines[1:]
        return
    if block.is_plain:
        shown[block.line : block.line + len(block.lines)] = block.lines
        return
    base = heading.depth + heading.has_blocks if heading else 1
    indent = "  " * max(block.depth - base, 0)
    first, *rest = block.lines
    shown[block.line] = f"{indent}- {first}" if any(line.strip() for line in block.lines) else ""
    for number, line in enumerate(rest, start=block.line + 1):
        shown[number] = f"{indent}  {line}" if line else ""
