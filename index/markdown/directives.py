r"""blocks and lines that only tools of documentation know -> the Markdown that everything else reads, line by line

Sphinx (MyST), MkDocs, Docusaurus, VitePress, Hugo, Jekyll and Quarto each have marks for admonitions, tabs, included
files and tables of contents. Here an admonition becomes a callout, the name of a tab a bold line above what the tab
holds, a directive that shows code a fence, and what only tells the tool what to do an empty line. No line is added or
taken away, so that what stands on a line of the file stands on that line of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from index.markdown.directive_rules import BLOCK_RULES, DIRECTIVES, LINE_RULES, BlockRule, Kind

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
_MYST_LINE: Final = re.compile(r"%(?!%).*|\+\+\+(?: .*)?|\^\^\^")
"""A comment, and what parts the cells of a page or the parts of a card, in MyST alone."""
_TAG_TITLE: Final = re.compile(
    r"""\b(?:title|label|header|heading|summary|caption)[ ]*=[ ]*\{?["'](?P<given>[^"'\n]+)["']
      | [<%][ ]*(?:tab|notice|admonition|callout|expand|details|hint|alert)\b[^"'=\n]*(?:name=)?
        "(?P<first>[^"\n]+)\"""",
    re.VERBOSE,
)
_TOOL_LINE: Final = re.compile("|".join(rule.pattern for rule in LINE_RULES), re.VERBOSE)
_BLOCK_PATTERNS: Final = [(re.compile(rule.pattern, re.VERBOSE), rule) for rule in BLOCK_RULES]
_CODE_FENCE: Final = r"(?:(?:[-*+]|\d{1,9}[.)])[ ]+)?(?:`{3}|~{3})"
_SIGNS: Final = (
    r":::|///|===[!+ ]|!!!|\?\?\?|[`~]{3,}[ ]*\{|\{[/%{:!]|;?-+8<|<[A-Z/]|<<<|import\b|export\b|\$\{|\[\[?_?(?i:toc)"
    r"|\([^()\n]+\)=|:[ ]|[-*+1.]+[ ]+(?i:toc|table of c)"
)
_BEGINS: Final = re.compile(f"{_CODE_FENCE}|{_SIGNS}")
_MAY_HOLD: Final = re.compile(rf"^[ \t]*(?:{_SIGNS})", re.MULTILINE)
"""What begins a line wherever a rule is met that rewrites anything: to look for that takes less time."""
_BARE_TAG: Final = re.compile(r"<(?P<name>[A-Z][\w.]*)>")
_TAGGED: Final = re.compile(r"(?P<tag><(?P<name>[A-Z][\w.]*)\b[^<>]*>)(?P<text>.+)</(?P=name)>")
"""A tag with what stands in it, on one line."""
_CLOSED_TAG: Final = re.compile(r"</([A-Z][\w.]*)>")
"""A tag of the kind that is closed somewhere is none that a person is to fill in."""
_ITEM_MARK: Final = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")
_DIRECTIVE_OPTION: Final = re.compile(r"[ \t]*(?::|#\|[ ]*)(?P<name>[\w-]+):(?:[ \t]+(?P<value>.*)|[ \t]*)")
_INDENTED_OPTION: Final = re.compile(r"(?: {4}|\t)[ \t]*(?P<name>[\w-]+):(?:[ \t]+(?P<value>.*)|[ \t]*)")
_UNTITLED: Final = frozenset(
    "code-group column columns compound container div glossary grid hlist html tab-set".split()
)
"""Directives whose argument says how they look."""
_TICKS: Final = ("`", "~")
_ONE_PARAGRAPH: Final = frozenset({">", " from "})
"""The ends of blocks that no empty line interrupts."""
_CELL: Final = re.compile(r"(?P<indent>[ \t]*)(?P<row>[*-][ ]+)?(?(row)|(?<=[ \t]))[*-](?:[ \t]+(?P<text>.*)|[ \t]*)")
"""A cell of a row that is written as a list; the first of a row begins that, too."""
_TERM: Final = re.compile(r"[\w`*\"'(].{0,88}(?<![.:;,])")
_MEANING: Final = re.compile(r":[ \t]+(?=\S)")
"""What begins what a term means, right below it."""
_LANGUAGE: Final = re.compile(r"[\w+#.-]+")
CODE_INDENT: Final = 4
"""Columns further in, a line is code, unless it belongs to an item."""


class _Block(NamedTuple):
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
        return self.rule.end == "indented"

    @property
    def is_raw(self) -> bool:
        """Say whether no block inside is read."""
        return self.kind in {"code", "formula", "hidden", "verbatim"} and not self.is_indented

    def ends(self, text: str) -> bool:
        """Say whether a line, without the space around it, is its last."""
        if self.rule.end != "fence":
            return self.rule.end in text if self.rule.end else not text
        return text.startswith(self.fence) and not text[len(self.fence) :].strip(self.fence[0])


class _Page(NamedTuple):
    """The lines of a note and its blocks, by the line on which each begins."""

    lines: Sequence[str]
    blocks: Mapping[int, _Block]
    not_code: frozenset[int]
    """The lines that are none by where they stand."""
    closed_tags: frozenset[str]
    is_myst: bool


def without_directives(text: str) -> str:
    r"""Return a note with Markdown alone in place of what only the tools of documentation know, line by line.

    >>> without_directives(":::tip In winter\nDrain it.\n:::\n(pump)=\n# Pump")
    '> [!tip] In winter\n> Drain it.\n\n\n# Pump'
    """
    if not _MAY_HOLD.search(text) and not ("}`" in text and "\n%" in text):
        return text
    page = _read_page(text)
    return "\n".join(_rewritten(page, 0, len(page.lines)))


def _read_page(text: str) -> _Page:
    """Return a note with the blocks that end in it; code ends with the note at the latest."""
    lines = text.split("\n")
    search = _Search()
    for number, line in enumerate(lines):
        search.read(number, line.strip(), len(line) - len(line.lstrip()))
    for depth, block in enumerate(search.open):
        if block.is_indented or block.fence.startswith(_TICKS):
            search.close(depth, len(lines))
            break
    return _Page(lines, search.blocks, frozenset(search.not_code), frozenset(_CLOSED_TAG.findall(text)), _is_myst(text))


def _is_myst(text: str) -> bool:
    """Say whether a note is written in MyST; one with TOML above it is not."""
    return not text.startswith("+++") and bool(_MYST.search(text))


@dataclass(slots=True)
class _Search:
    """The blocks of a note as far as its lines are read."""

    blocks: dict[int, _Block] = field(default_factory=dict)
    open: list[_Block] = field(default_factory=list)
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

    def _read_raw(self, block: _Block, number: int, text: str) -> None:
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
        block = _opening(text, number, indent)
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


def _opening(text: str, number: int, indent: int) -> _Block | None:
    """Return the block that a line begins, without the space around it."""
    if not _BEGINS.match(text):
        return None
    for pattern, rule in _BLOCK_PATTERNS:
        if match := pattern.fullmatch(text):
            parts = {"name": "", "bare": "", "fence": "", "title": "", **match.groupdict(default="")}
            name = (parts["name"] or parts["bare"]).lower()
            kind = rule.kind or _kind(name, parts["fence"], is_braced=bool(parts["name"]))
            return _Block(rule, kind, name, _block_title(name, parts), parts["fence"], number, indent)
    return None


def _kind(name: str, fence: str, *, is_braced: bool) -> Kind:
    if name.startswith(".callout-"):
        return "callout"
    if name in DIRECTIVES:
        return DIRECTIVES[name]
    if fence.startswith(_TICKS) and ":" not in name:
        return "code"
    return "layout" if is_braced else "callout"


def _block_title(name: str, parts: Mapping[str, str]) -> str:
    """Return what is seen of the line that begins a block."""
    given = _tag_title(f"{parts.get('given', '')} {parts.get('more', '')}")
    if given or name in _UNTITLED or name.startswith("."):
        return given
    title = (parts.get("bracketed", "") or parts["title"]).strip().strip("\"'")
    return f"{_VERSIONED[name]} {title}" if name in _VERSIONED else title


def _rewritten(page: _Page, first: int, end: int) -> Iterator[str]:
    """Yield some of the lines of a note as they are to be read."""
    is_explained = False
    while first < end:
        block, line = page.blocks.get(first), page.lines[first]
        text = line.strip() if first in page.not_code else ""
        if block:
            yield from _block_lines(page, block)
        elif is_explained and _MEANING.match(text):
            yield _meaning(text, _indent(line))
        elif is_explained := _is_term(page, first, text):
            yield _term([text], _indent(line))
        else:
            yield _line(page, line, text) if text else line
        first = block.end if block else first + 1


def _is_term(page: _Page, number: int, text: str) -> bool:
    """Return whether a line is a term of a definition list, all of it, with what it means right below."""
    below = page.lines[number + 1 : number + 2]
    if not below or not _MEANING.match(below[0].lstrip()) or not _TERM.fullmatch(text):
        return False
    above = page.lines[number - 1].strip() if number else ""
    return not above or bool(_MEANING.match(above))


def _line(page: _Page, line: str, text: str) -> str:
    """Return a line that is no code: of one that only tells a tool what to do, the title that it gives."""
    if page.is_myst and _MYST_LINE.fullmatch(line):
        return ""
    if not _BEGINS.match(text):
        return line
    if (tagged := _TAGGED.fullmatch(text)) and (title := _tag_title(tagged["tag"])):
        return f"{_bold(line, title)} {tagged['text']}"
    bare = _BARE_TAG.fullmatch(text)
    if _TOOL_LINE.fullmatch(text) or (bare and bare["name"] in page.closed_tags):
        return _bold(line, _tag_title(text))
    block = _opening(text, 0, 0) if text.startswith((":::", "///")) else None
    return _bold(line, block.title) if block else "" if not text.strip(":") else line


def _bold(line: str, title: str) -> str:
    """Return a title in bold as far in as a line; an empty line without one."""
    return f"{_indent(line)}**{title.strip('*_ ')}**" if title else ""


def _tag_title(text: str) -> str:
    title = _TAG_TITLE.search(text)
    return (title["given"] or title["first"]) if title else ""


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _block_lines(page: _Page, block: _Block) -> Iterator[str]:
    lines = page.lines[block.first : block.end]
    match block.kind:
        case "verbatim":
            yield from lines
        case "hidden":
            yield _bold(lines[0], _tag_title(" ".join(lines)) if block.rule.end == ">" else "")
            yield from [""] * (len(lines) - 1)
        case "rows":
            yield from _rows(block, lines)
        case "terms":
            yield from _terms(block, lines)
        case "code" | "formula":
            yield from _code(block, lines)
        case _:
            yield from _text_lines(page, block, lines)


def _code(block: _Block, lines: Sequence[str]) -> Iterator[str]:
    """Yield a directive that shows code, or mathematics, as a block of that."""
    indent = _indent(lines[0])
    count, options = _options(block, lines[1:])
    fence = (block.fence if block.fence.startswith(_TICKS) else "```") if block.kind == "code" else "$$"
    named = block.title if block.name in DIRECTIVES or not block.name else block.name.removeprefix(".")
    language = _LANGUAGE.match(named) if block.kind == "code" else None
    caption = options.get("caption", "")
    head = [_bold(lines[0], caption), *[""] * (count - 1)] if count else []
    yield from (*head, f"{indent}{fence}{language[0] if language else ''}")
    yield from lines[1 + count : len(lines) - block.is_closed]
    if block.is_closed:
        yield indent + fence


def _rows(block: _Block, lines: Sequence[str]) -> Iterator[str]:
    """Yield a table that is written as a list of lists as a list of its rows, cells below the names of columns."""
    count, options = _options(block, lines[1:])
    yield from (_bold(lines[0], block.title), *[""] * count)
    body = lines[1 + count : len(lines) - block.is_closed]
    starts = [number for number, line in enumerate(body) if (cell := _CELL.fullmatch(line)) and cell["row"]]
    first, *rows = [body[start:end] for start, end in pairwise((0, *starts[1:], len(body)))]
    if options.get("header-rows", "0") != "0":
        yield from [""] * len(first)
        names = [cell["text"] or "" for line in first if (cell := _CELL.fullmatch(line))]
    else:
        rows, names = [first, *rows], []
    for row in rows:
        yield from _row(row, names)
    yield from [""] * block.is_closed


def _row(lines: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    """Yield the cells of a row below the first as lines of its item, each with the name of its column."""
    columns = iter(("", *names[1:]))
    for line in lines:
        cell = _CELL.fullmatch(line)
        name = next(columns, "") if cell else ""
        named = f"{name}: " if name and cell and cell["text"] else ""
        yield f"{cell['indent']}{cell['row'] or ''}{named}{cell['text'] or ''}" if cell else line


def _terms(block: _Block, lines: Sequence[str]) -> Iterator[str]:
    """Yield a glossary as a list: an item for each term, or several of one meaning, with what stands further in."""
    count, _ = _options(block, lines[1:])
    body = lines[1 + count : len(lines) - block.is_closed]
    margin = min((_indent(line) for line in body if line.strip()), key=len, default="")
    are_terms = [line.strip() and _indent(line) == margin and not _MEANING.match(line.strip()) for line in body]
    yield from [""] * (1 + count)
    terms: list[str] = []
    for line, is_term, goes_on in zip(body, are_terms, [*are_terms, False][1:], strict=True):
        terms = [*terms, line.strip()] if is_term else []
        meaning = _meaning(line.strip(), margin) if line.strip() else ""
        yield "" if is_term and goes_on else _term(terms, margin) if is_term else meaning
    yield from [""] * block.is_closed


def _term(terms: Sequence[str], indent: str) -> str:
    return f"{indent}- {', '.join(f'**{term}**' for term in terms)}:"


def _meaning(text: str, indent: str) -> str:
    return f"{indent}  {_MEANING.sub('', text, count=1)}"


def _options(block: _Block, lines: Sequence[str]) -> tuple[int, dict[str, str]]:
    """Return how many lines below the first of a directive hold options, and these."""
    pattern = _INDENTED_OPTION if block.fence.startswith("/") else _DIRECTIVE_OPTION
    options: dict[str, str] = {}
    for count, line in enumerate(lines if block.fence else ()):
        match = pattern.fullmatch(line)
        if not match:
            return count, options
        options[match["name"]] = match["value"] or ""
    return 0, {}


def _text_lines(page: _Page, block: _Block, lines: Sequence[str]) -> Iterator[str]:
    """Yield a box as a callout, and anything else as its title, in bold, and its text."""
    indent = _indent(lines[0])
    count, options = _options(block, lines[1:])
    title = block.title or options.get("title", "")
    inner = _rewritten(page, block.first + 1 + count, block.end - block.is_closed)
    body = [*[""] * count, *_dedented(inner, len(indent) + CODE_INDENT if block.is_indented else 0, len(indent))]
    if block.kind == "callout":
        yield f"{indent}> [!{_callout(block.name)}] {title}".rstrip()
        yield from (f"{indent}> {line.removeprefix(indent)}".rstrip() for line in body)
    else:
        yield f"{indent}{_shown_title(block, title, options)}".rstrip()
        yield from body
    if block.is_closed:
        yield ""


def _callout(name: str) -> str:
    return "see also" if name == "seealso" else name.removeprefix(".callout-")


def _shown_title(block: _Block, title: str, options: Mapping[str, str]) -> str:
    if block.kind == "picture":
        return f"![{options.get('alt', '')}](<{title}>)"
    return _bold("", title)


def _dedented(lines: Iterator[str], depth: int, indent: int) -> Iterator[str]:
    """Yield lines with the indent of their block in place of a deeper one."""
    for line in lines:
        within = len(line) - len(line.lstrip())
        yield " " * indent + line[min(within, depth) :] if depth and within else line
