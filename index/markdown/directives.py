r"""blocks and lines that only tools of documentation know -> the Markdown that everything else reads, line by line

Sphinx (MyST), MkDocs, Docusaurus, VitePress, Hugo, Jekyll and Quarto each have marks for admonitions, tabs, included
files and tables of contents. Here an admonition becomes a callout, the name of a tab a bold line above what the tab
holds, a directive that shows code a fence, and what only tells the tool what to do an empty line. No line is added or
taken away, so that what stands on a line of the file stands on that line of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from index.markdown.directive_blocks import (
    BEGINS,
    CODE_INDENT,
    SIGNS,
    TICKS,
    ToolBlock,
    ToolPage,
    opening,
    read_page,
    tag_title,
)
from index.markdown.directive_rules import DIRECTIVES, LINE_RULES

_MYST_LINE: Final = re.compile(r"%(?!%).*|\+\+\+(?: .*)?|\^\^\^")
"""A comment, and what parts the cells of a page or the parts of a card, in MyST alone."""
_TOOL_LINE: Final = re.compile("|".join(rule.pattern for rule in LINE_RULES), re.VERBOSE)
_MAY_HOLD: Final = re.compile(rf"^[ \t]*(?:{SIGNS})", re.MULTILINE)
_BARE_TAG: Final = re.compile(r"<(?P<name>[A-Z][\w.]*)>")
_TAGGED: Final = re.compile(r"(?P<tag><(?P<name>[A-Z][\w.]*)\b[^<>]*>)(?P<text>.+)</(?P=name)>")
"""A tag with what stands in it, on one line."""
_DIRECTIVE_OPTION: Final = re.compile(r"[ \t]*(?::|#\|[ ]*)(?P<name>[\w-]+):(?:[ \t]+(?P<value>.*)|[ \t]*)")
_INDENTED_OPTION: Final = re.compile(r"(?: {4}|\t)[ \t]*(?P<name>[\w-]+):(?:[ \t]+(?P<value>.*)|[ \t]*)")
_CELL: Final = re.compile(r"(?P<indent>[ \t]*)(?P<row>[*-][ ]+)?(?(row)|(?<=[ \t]))[*-](?:[ \t]+(?P<text>.*)|[ \t]*)")
"""A cell of a row that is written as a list; the first of a row begins that, too."""
_TERM: Final = re.compile(r"[\w`*\"'(].{0,88}(?<![.:;,])")
_MEANING: Final = re.compile(r":[ \t]+(?=\S)")
"""What begins what a term means, right below it."""
_LANGUAGE: Final = re.compile(r"[\w+#.-]+")


def without_directives(text: str) -> str:
    r"""Return a note with Markdown alone in place of what only the tools of documentation know, line by line.

    >>> without_directives(":::tip In winter\nDrain it.\n:::\n(pump)=\n# Pump")
    '> [!tip] In winter\n> Drain it.\n\n\n# Pump'
    """
    if not _MAY_HOLD.search(text) and not ("}`" in text and "\n%" in text):
        return text
    page = read_page(text)
    return "\n".join(_rewritten(page, 0, len(page.lines)))


def _rewritten(page: ToolPage, first: int, end: int) -> Iterator[str]:
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


def _is_term(page: ToolPage, number: int, text: str) -> bool:
    """Return whether a line is a term of a definition list, all of it, with what it means right below."""
    below = page.lines[number + 1 : number + 2]
    if not below or not _MEANING.match(below[0].lstrip()) or not _TERM.fullmatch(text):
        return False
    above = page.lines[number - 1].strip() if number else ""
    return not above or bool(_MEANING.match(above))


def _line(page: ToolPage, line: str, text: str) -> str:
    """Return a line that is no code: of one that only tells a tool what to do, the title that it gives."""
    if page.is_myst and _MYST_LINE.fullmatch(line):
        return ""
    if not BEGINS.match(text):
        return line
    if (tagged := _TAGGED.fullmatch(text)) and (title := tag_title(tagged["tag"])):
        return f"{_bold(line, title)} {tagged['text']}"
    bare = _BARE_TAG.fullmatch(text)
    if _TOOL_LINE.fullmatch(text) or (bare and bare["name"] in page.closed_tags):
        return _bold(line, tag_title(text))
    block = opening(text, 0, 0) if text.startswith((":::", "///")) else None
    return _bold(line, block.title) if block else "" if not text.strip(":") else line


def _bold(line: str, title: str) -> str:
    """Return a title in bold as far in as a line; an empty line without one."""
    return f"{_indent(line)}**{title.strip('*_ ')}**" if title else ""


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _block_lines(page: ToolPage, block: ToolBlock) -> Iterator[str]:
    lines = page.lines[block.first : block.end]
    match block.kind:
        case "verbatim":
            yield from lines
        case "hidden":
            yield _bold(lines[0], tag_title(" ".join(lines)) if block.rule.end == ">" else "")
            yield from [""] * (len(lines) - 1)
        case "rows":
            yield from _rows(block, lines)
        case "terms":
            yield from _terms(block, lines)
        case "code" | "formula":
            yield from _code(block, lines)
        case _:
            yield from _text_lines(page, block, lines)


def _code(block: ToolBlock, lines: Sequence[str]) -> Iterator[str]:
    """Yield a directive that shows code, or mathematics, as a block of that."""
    indent = _indent(lines[0])
    count, options = _options(block, lines[1:])
    fence = (block.fence if block.fence.startswith(TICKS) else "```") if block.kind == "code" else "$$"
    named = block.title if block.name in DIRECTIVES or not block.name else block.name.removeprefix(".")
    language = _LANGUAGE.match(named) if block.kind == "code" else None
    caption = options.get("caption", "")
    head = [_bold(lines[0], caption), *[""] * (count - 1)] if count else []
    yield from (*head, f"{indent}{fence}{language[0] if language else ''}")
    yield from lines[1 + count : len(lines) - block.is_closed]
    if block.is_closed:
        yield indent + fence


def _rows(block: ToolBlock, lines: Sequence[str]) -> Iterator[str]:
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


def _terms(block: ToolBlock, lines: Sequence[str]) -> Iterator[str]:
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


def _options(block: ToolBlock, lines: Sequence[str]) -> tuple[int, dict[str, str]]:
    """Return how many lines below the first of a directive hold options, and these."""
    pattern = _INDENTED_OPTION if block.fence.startswith("/") else _DIRECTIVE_OPTION
    options: dict[str, str] = {}
    for count, line in enumerate(lines if block.fence else ()):
        match = pattern.fullmatch(line)
        if not match:
            return count, options
        options[match["name"]] = match["value"] or ""
    return 0, {}


def _text_lines(page: ToolPage, block: ToolBlock, lines: Sequence[str]) -> Iterator[str]:
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


def _shown_title(block: ToolBlock, title: str, options: Mapping[str, str]) -> str:
    if block.kind == "picture":
        return f"![{options.get('alt', '')}](<{title}>)"
    return _bold("", title)


def _dedented(lines: Iterator[str], depth: int, indent: int) -> Iterator[str]:
    """Yield lines with the indent of their block in place of a deeper one."""
    for line in lines:
        within = len(line) - len(line.lstrip())
        yield " " * indent + line[min(within, depth) :] if depth and within else line
