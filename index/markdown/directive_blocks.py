"""which lines of a note do the blocks of documentation tools take up, and what is each of them?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from index.markdown.directive_rules import BLOCK_RULES, DIRECTIVES, BlockRule, Kind

MAX_DEPTH: Final = 8
"""Blocks in one another that are read: each costs the lines inside it once more."""
_VERSIONED: Final = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "versionremoved": "Removed in version",
    "deprecated": "Deprecated since version",
}
"""How Sphinx begins a note on a version."""
_MYST: Final = re.compile(
    r"^\([^()\s][^()\n]*\)=[ \t]*$|^[ \t]*(?:`{3,}|:{3,})\{[\w:-]+\}|\{[\w:-]+\}`[^`\n]", re.MULTILINE
)
"""What only MyST has."""
_TAG_TITLE: Final = re.compile(
    r"""\b(?:title|label|header|heading|summary|caption)[ ]*=[ ]*\{?["'](?P<given>[^"'\n]+)["']
      | [<%][ ]*(?:tab|notice|admonition|callout|expand|details|hint|alert)\b[^"'=\n]*(?:name=)?
        "(?P<first>[^"\n]+)\"""",
    re.VERBOSE,
)
_BLOCK_PATTERNS: Final = [(re.compile(rule.pattern, re.VERBOSE), rule) for rule in BLOCK_RULES]
_CODE_FENCE: Final = r"(?:(?:[-*+]|\d{1,9}[.)])[ ]+)?(?:`{3}|~{3})"
SIGNS: Final = (
    r":::|///|===[!+ ]|!!!|\?\?\?|[`~]{3,}[ ]*\{|\{[/%{:!]|;?-+8<|<[A-Z/]|<<<|import\b|export\b|\$\{|\[\[?_?(?i:toc)"
    r"|\([^()\n]+\)=|:[ ]|[-*+1.]+[ ]+(?i:toc|table of c)"
)
"""What begins a line wherever a rule is met that rewrites anything: to look for that takes less time."""
BEGINS: Final = re.compile(f"{_CODE_FENCE}|{SIGNS}")
_CLOSED_TAG: Final = re.compile(r"</([A-Z][\w.]*)>")
"""A tag of the kind that is closed somewhere is none that a person is to fill in."""
_ITEM_MARK: Final = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")
_UNTITLED: Final = frozenset(
    "code-group column columns compound container div glossary grid hlist html tab-set".split()
)
"""Directives whose argument says how they look."""
TICKS: Final = ("`", "~")
_ONE_PARAGRAPH: Final = frozenset({">", " from "})
"""The ends of blocks that no empty line interrupts."""
CODE_INDENT: Final = 4
"""Columns further in, a line is code, unless it belongs to an item."""


class ToolBlock(NamedTuple):
    """A block of a tool: where it stands, and what it is."""

    rule: BlockRule
    kind: Kind
    name: str
    title: str
    fence: str
    first: int
    indent: int
    end: int = 0
    """The line after its last."""
    is_closed: bool = False
    """Whether its last line says no more than that it ends."""

    @property
    def is_indented(self) -> bool:
        """Return whether all that is further in belongs to it."""
        return self.rule.end == "indented"

    @property
    def is_raw(self) -> bool:
        """Return whether no block inside is read."""
        return self.kind in {"code", "formula", "hidden", "verbatim"} and not self.is_indented

    def ends(self, text: str) -> bool:
        """Return whether a line, without the space around it, is its last."""
        if self.rule.end != "fence":
            return self.rule.end in text if self.rule.end else not text
        return text.startswith(self.fence) and not text[len(self.fence) :].strip(self.fence[0])


class ToolPage(NamedTuple):
    """The lines of a note and its blocks, by the line on which each begins."""

    lines: Sequence[str]
    blocks: Mapping[int, ToolBlock]
    not_code: frozenset[int]
    """The lines that are none by where they stand."""
    closed_tags: frozenset[str]
    is_myst: bool


def read_page(text: str) -> ToolPage:
    """Return a note with the blocks that end in it; code ends with the note at the latest."""
    lines = text.split("\n")
    search = _Search()
    for number, line in enumerate(lines):
        search.read(number, line.strip(), len(line) - len(line.lstrip()))
    for depth, block in enumerate(search.open):
        if block.is_indented or block.fence.startswith(TICKS):
            search.close(depth, len(lines))
            break
    return ToolPage(
        lines, search.blocks, frozenset(search.not_code), frozenset(_CLOSED_TAG.findall(text)), _is_myst(text)
    )


def _is_myst(text: str) -> bool:
    """Return whether a note is written in MyST; one with TOML above it is not."""
    return not text.startswith("+++") and bool(_MYST.search(text))


@dataclass(slots=True)
class _Search:
    """The blocks of a note as far as its lines are read."""

    blocks: dict[int, ToolBlock] = field(default_factory=dict)
    open: list[ToolBlock] = field(default_factory=list)
    not_code: set[int] = field(default_factory=set)
    is_in_item: bool = False

    def read(self, number: int, text: str, indent: int) -> None:
        """Read the next line, which is so far in."""
        if self.open and self.open[-1].is_raw:
            self._read_raw(self.open[-1], number, text)
        elif text:
            while self.open and self.open[-1].is_indented and indent <= self.open[-1].indent:
                self.close(len(self.open) - 1, number)
            self._read_line(number, text, indent)

    def _read_raw(self, block: ToolBlock, number: int, text: str) -> None:
        if block.ends(text):
            self.close(len(self.open) - 1, number + 1, is_closed=True)
        elif not text and block.rule.end in _ONE_PARAGRAPH:
            self.open.pop()

    def _read_line(self, number: int, text: str, indent: int) -> None:
        depths = [depth for depth, block in enumerate(self.open) if block.fence and block.ends(text)]
        if depths:
            alike = [depth for depth in depths if self.open[depth].fence == text]
            self.close((alike or depths)[-1], number + 1, is_closed=True)
            return
        base = self.open[-1].indent + CODE_INDENT * self.open[-1].is_indented if self.open else 0
        self.is_in_item = bool(_ITEM_MARK.match(text)) or (self.is_in_item and indent > base)
        if not self.is_in_item and indent >= base + CODE_INDENT:
            return
        self.not_code.add(number)
        block = opening(text, number, indent)
        if block and (block.is_raw or len(self.open) < MAX_DEPTH):
            self.open.append(block)
            if block.kind == "hidden" and not block.fence and not block.is_indented:
                self._read_raw(block, number, text)

    def close(self, depth: int, end: int, *, is_closed: bool = False) -> None:
        """End the block at a depth, and with it those inside that need no last line."""
        for inner in self.open[depth + 1 :]:
            if inner.is_indented:
                self.blocks[inner.first] = inner._replace(end=end - is_closed)
        self.blocks[self.open[depth].first] = self.open[depth]._replace(end=end, is_closed=is_closed)
        del self.open[depth:]


def opening(text: str, number: int, indent: int) -> ToolBlock | None:
    """Return the block that a line begins, without the space around it."""
    if not BEGINS.match(text):
        return None
    for pattern, rule in _BLOCK_PATTERNS:
        if match := pattern.fullmatch(text):
            parts = {"name": "", "bare": "", "fence": "", "title": "", **match.groupdict(default="")}
            name = (parts["name"] or parts["bare"]).lower()
            kind = rule.kind or _kind(name, parts["fence"], is_braced=bool(parts["name"]))
            return ToolBlock(rule, kind, name, _block_title(name, parts), parts["fence"], number, indent)
    return None


def _kind(name: str, fence: str, *, is_braced: bool) -> Kind:
    if name.startswith(".callout-"):
        return "callout"
    if name in DIRECTIVES:
        return DIRECTIVES[name]
    if fence.startswith(TICKS) and ":" not in name:
        return "code"
    return "layout" if is_braced else "callout"


def _block_title(name: str, parts: Mapping[str, str]) -> str:
    """Return what is seen of the line that begins a block."""
    given = tag_title(f"{parts.get('given', '')} {parts.get('more', '')}")
    if given or name in _UNTITLED or name.startswith("."):
        return given
    title = (parts.get("bracketed", "") or parts["title"]).strip().strip("\"'")
    return f"{_VERSIONED[name]} {title}" if name in _VERSIONED else title


def tag_title(text: str) -> str:
    """Return the title that a tag or a shortcode gives to what stands in it; empty where it gives none."""
    title = _TAG_TITLE.search(text)
    return (title["given"] or title["first"]) if title else ""
