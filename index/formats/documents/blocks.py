"""Block and Extract: what every reader of a document gives, whatever the format; nothing heavy is imported here"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

Anchor: TypeAlias = tuple[tuple[str, str | int], ...]
"""Where a block stands, a kind and a value each: `(("page", 3),)`. It is what `index.records` calls so, which would
bring numpy into the process that reads."""

PARAGRAPH: Final = "\n\n"
LINE: Final = "\n"

_BLOCK_SIGN: Final = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|>|[+](?=\s)|~~~|```|=+\s*$|-{2,}\s*$)", re.MULTILINE)
_HTML_TAG_OPENING: Final = re.compile(r"<(?=[A-Za-z/!?])")
_PAIRED: Final = re.compile(r"(?<![\w\\])([*_`])(?=\S)|(?<=\S)([*_`])(?!\w)|(\*)(?=\w)")
_INVISIBLE_CHARACTERS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\ufffe\uffff]")
"""Control characters and characters without width, which no reader sees."""
_SIGN: Final = re.compile(rf"[*_`#>+~=<-]|{_INVISIBLE_CHARACTERS.pattern}")


class Unreadable(Exception):  # noqa: N818 (it says what the document is)
    """The document cannot be read; the message is the reason, as a person is told it."""


class Block(NamedTuple):
    """A heading, or a stretch of text as Markdown, and where it stands."""

    text: str
    anchor: Anchor = ()
    level: int = 0
    """Of a heading, 1 for the outermost; 0 for text."""
    line: int = 0
    """Where it begins in the file, counted from 1; 0 where the file has no lines."""
    joint: str = PARAGRAPH
    """What stands between it and the block before."""


@dataclass(frozen=True, slots=True)
class Extract:
    """What was read of a document."""

    blocks: Sequence[Block]
    title: str = ""
    """What the document says it is called; empty where it says nothing."""
    problem: str = ""
    """What was not read of it, and why; empty when all was."""
    tags: tuple[str, ...] = ()


def literal(text: str) -> str:
    r"""Return plain text as Markdown that shows it as it is: characters are escaped where they would mean something.

    >>> literal("# 2 * 3 and *this* <b> snake_case")
    '\\# 2 * 3 and \\*this\\* \\<b> snake_case'
    """
    if not _SIGN.search(text):
        return text
    text = _INVISIBLE_CHARACTERS.sub("", text)
    text = _BLOCK_SIGN.sub(r"\1\\\2", _HTML_TAG_OPENING.sub(r"\\<", text))
    return _PAIRED.sub(lambda special: f"\\{special[0]}", text)


def one_line(text: str) -> str:
    """Return a text on one line, as a heading is."""
    return " ".join(_INVISIBLE_CHARACTERS.sub("", text).split())


def fenced(code: str, language: str = "") -> str:
    """Return code between fences that it does not hold itself."""
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}{language}\n{code.strip(chr(10))}\n{fence}"


def table_row(cells: Sequence[str]) -> str:
    r"""Return cells as a row of a Markdown table.

    >>> table_row(["a|b", "two\nlines"])
    '| a\\|b | two lines |'
    """
    return "| " + " | ".join(one_line(cell).replace("|", "\\|") for cell in cells) + " |"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows, the head first, as a Markdown table; all rows are as wide as the widest."""
    width = max(map(len, rows), default=0)
    if not width:
        return ""
    head, *body = ([*row, *[""] * (width - len(row))] for row in rows)
    return "\n".join((table_row(head), table_row(["---"] * width), *map(table_row, body)))
