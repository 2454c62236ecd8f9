"""AsciiDoc -> blocks: headings and what stands below them, line by line"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from index.formats.documents.blocks import Block, Extract, one_line
from index.formats.documents.decoding import decoded
from index.formats.documents.limits import Limits

_ASCIIDOC_HEADING: Final = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*?)(?:[ \t]+=+)?[ \t]*$")
_ATTRIBUTE: Final = re.compile(r":!?([\w-]+)!?:(?:[ \t]+(.*))?$")
_COMMENT_LINE: Final = re.compile(r"//(?!/)")
_BLOCK_LINE: Final = re.compile(r"\[[^\]]*\][ \t]*$")
_SOURCE: Final = re.compile(r"\[(?:source)?[%\w]*,\s*([\w+#-]+)")
_MACRO: Final = re.compile(r"(?:include|image|video|audio|toc|ifdef|ifndef|ifeval|endif)::")
_DELIMITER_LINE: Final = re.compile(r"(-{4,}|\.{4,}|/{4,}|\+{4,}|```\w*)[ \t]*$")
_CONTAINER: Final = re.compile(r"(={4,}|\*{4,}|_{4,}|--)[ \t]*$")
_TABLE: Final = re.compile(r"[|,:!]={3,}[ \t]*$")
_ITEM: Final = re.compile(r"[ \t]*(\*{1,5}|-|\.{1,5})[ \t]+(?=\S)")
_TITLE: Final = re.compile(r"\.(?![.\s])(\S.*)$")
_FILE_LINK: Final = re.compile(r"\blink:[^\s\[\]]+\[([^\]]+)\]")
_ASCIIDOC_LINK: Final = re.compile(r"\b(?:link:)?((?:https?://|mailto:)[^\s\[\]]+)\[([^\]]*)\]")
_REFERENCE: Final = re.compile(r"<<([^>,]+)(?:,\s*([^>]+))?>>|xref:([^\s\[]+)\[([^\]]*)\]")
_BOLD: Final = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_ANCHOR: Final = re.compile(r"\[\[[^\]]*\]\]|\[#[\w-]+\]")
_UNKNOWN_ATTRIBUTE: Final = re.compile(r"\{(nbsp|empty|blank)\}")


def read(content: bytes, limits: Limits) -> Extract:
    """Return the headings of an AsciiDoc file, and what stands below each; what it would include is not read."""
    lines = decoded(content).replace("\r\n", "\n").split("\n")
    blocks = list(_Reader(lines).run())
    title = blocks[0].text if blocks and blocks[0].level == 1 else ""
    return Extract(blocks, title)


class _Reader:
    """Goes through the lines once."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0
        self._taken: list[str] = []
        self._begun = 0
        self._language = ""

    def run(self) -> Iterator[Block]:
        while self._at < len(self._lines):
            yield from self._line(self._lines[self._at])
            self._at += 1
        yield from self._flush()

    def _line(self, line: str) -> Iterator[Block]:
        number = self._at + 1
        if not line.strip():
            yield from self._flush()
        elif heading := _ASCIIDOC_HEADING.match(line):
            yield from self._flush()
            yield Block(one_line(_inline_markdown(heading[2])), level=len(heading[1]), line=number)
        elif _DELIMITER_LINE.match(line):
            yield from self._flush()
            yield from self._fenced(line.strip(), number)
        elif _TABLE.match(line):
            yield from self._flush()
            yield from self._table(line.strip())
        elif _CONTAINER.match(line) or _MACRO.match(line) or _COMMENT_LINE.match(line) or _ATTRIBUTE.match(line):
            yield from self._flush()
        elif _BLOCK_LINE.match(line):
            source = _SOURCE.match(line)
            self._language = source[1] if source else ""
        else:
            self._take(number, _markdown_line(line))

    def _take(self, number: int, line: str) -> None:
        self._begun = self._begun or number
        self._taken.append(line)

    def _flush(self) -> Iterator[Block]:
        if self._taken:
            yield Block("\n".join(self._taken), line=self._begun)
        self._taken, self._begun = [], 0

    def _fenced(self, marker: str, number: int) -> Iterator[Block]:
        """Yield a block of code; of a comment, nothing."""
        code: list[str] = []
        closing = "```" if marker.startswith("```") else marker
        while self._at + 1 < len(self._lines):
            self._at += 1
            if self._lines[self._at].strip() == closing:
                break
            code.append(self._lines[self._at])
        language, self._language = (
            self._language or marker.removeprefix("```") if marker[0] == "`" else self._language,
            "",
        )
        if not marker.startswith("/") and any(map(str.strip, code)):
            yield Block("\n".join((f"```{language}", *code, "```")), line=number)

    def _table(self, marker: str) -> Iterator[Block]:
        """Yield a table: a row a line, or cells on lines of their own, as many as the first line has."""
        rows: list[tuple[int, list[str]]] = []
        begun = self._at + 2
        while self._at + 1 < len(self._lines):
            self._at += 1
            line = self._lines[self._at]
            if line.strip() == marker:
                break
            cells = [_inline_markdown(cell.strip()) for cell in re.split(r"(?<!\\)(?:[.\d+*<>^]*[a-z]?)?\|", line)[1:]]
            if cells and rows and len(cells) < len(rows[0][1]) and len(rows[-1][1]) < len(rows[0][1]):
                rows[-1][1].extend(cells)
            elif cells:
                rows.append((self._at + 1, cells))
        if rows:
            width = max(len(cells) for _, cells in rows)
            filled = ["| " + " | ".join([*cells, *[""] * (width - len(cells))]) + " |" for _, cells in rows]
            yield Block("\n".join((filled[0], "| " + " | ".join(["---"] * width) + " |", *filled[1:])), line=begun)


def _markdown_line(line: str) -> str:
    """Return a line as Markdown: its list marker, its title, what is marked in it."""
    if item := _ITEM.match(line):
        marker = item[1]
        depth = len(marker) - 1 if marker[0] in "*." else 0
        return f"{'   ' * depth}{'1.' if marker[0] == '.' else '-'} {_inline_markdown(line[item.end() :])}"
    if title := _TITLE.match(line):
        return f"**{_inline_markdown(title[1])}**"
    return "" if line.strip() == "+" else _inline_markdown(line.strip())


def _inline_markdown(text: str) -> str:
    """Return what AsciiDoc marks in a line as Markdown does."""
    text = _ANCHOR.sub("", _UNKNOWN_ATTRIBUTE.sub(" ", text))
    text = _ASCIIDOC_LINK.sub(lambda link: f"[{link[2].rstrip('^') or link[1]}]({link[1]})", text)
    text = _FILE_LINK.sub(r"\1", text)
    text = _REFERENCE.sub(lambda link: link[2] or link[4] or link[1] or link[3], text)
    return _BOLD.sub(r"**\1**", text)
