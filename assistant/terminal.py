"""what reaches the terminal of whatever notes hold: text and tables without controls, JSON in any encoding"""

from __future__ import annotations

import codecs
import json
import math
import re
import sys
from collections.abc import Iterable
from io import TextIOWrapper
from typing import Final

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""All of C0 and C1 but the tab and the end of a line: a terminal obeys what begins with one of them (ECMA-48)."""

_BEYOND_UTF8: Final = re.compile(r"[\x7f-\x9f]")
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7e]")


def printable(text: str) -> str:
    r"""Return a text without what a terminal would obey; the letters of a sequence stay, as what they are.

    >>> printable("a \x1b[31mred\x1b[0m title\x9b2J\r\n")
    'a [31mred[0m title2J\n'
    """
    return _CONTROLS.sub("", text)


class PlainConsole(Console):
    """A console whose every text is printable, whichever door it comes through."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield what is to be printed: rich's own controls, which move its progress bar, and texts without any."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable(segment.text))


out: Final = PlainConsole(highlight=False)
err: Final = PlainConsole(stderr=True, highlight=False)


def say(message: str) -> None:
    """Print a line to standard error; whatever stands in it, nothing is taken for markup."""
    err.print(Text(message), soft_wrap=True)


def say_error(message: str) -> None:
    """Print what went wrong to standard error."""
    err.print(Text.assemble(("Error: ", "bold red"), message), soft_wrap=True)


def print_table(columns: list[str], rows: list[list[str]]) -> None:
    """Print rows under their headings, as wide as the terminal; nothing where there are none."""
    if not rows:
        return
    from rich.table import Table  # an error is said without

    table = Table(box=None, pad_edge=False, header_style="dim", show_header=any(columns))
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    print_lines(table)


def print_lines(shown: RenderableType) -> None:
    """Print without the blanks that rich fills lines up with: they would be copied along."""
    with out.capture() as captured:
        out.print(shown)
    for line in Text.from_ansi(captured.get()).split():
        line.rstrip()
        out.print(line, soft_wrap=True)


def encode_json(value: object, indent: int | None = None, encoding: str = "utf-8") -> str:
    r"""Return plain values as JSON that a stream in this encoding can hold and that no terminal obeys.

    A number that JSON has no word for is null.

    >>> encode_json({"a": "é\x9b", "b": float("nan")})
    '{"a": "é\\u009b", "b": null}'
    >>> encode_json(["é😀"], encoding="latin-1")
    '["\\u00e9\\ud83d\\ude00"]'
    """
    from index.text import storable  # it brings stemmer and spelling, and an error is said without

    text = storable(json.dumps(_finite(value), ensure_ascii=False, indent=indent, allow_nan=False))
    beyond = _BEYOND_UTF8 if codecs.lookup(encoding).name == "utf-8" else _BEYOND_ASCII
    return beyond.sub(lambda match: json.dumps(match[0])[1:-1], text)


def print_json(value: object, indent: int | None = None) -> None:
    """Print plain values as JSON: one line, or indented for people."""
    sys.stdout.write(encode_json(value, indent, sys.stdout.encoding or "utf-8") + "\n")
    sys.stdout.flush()


def print_in_any_encoding() -> None:
    """Let standard output show a question mark for what its encoding does not have, rather than fail."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _finite(value: object) -> object:
    match value:
        case float():
            return value if math.isfinite(value) else None
        case dict():
            return {name: _finite(item) for name, item in value.items()}
        case list() | tuple():
            return [_finite(item) for item in value]
        case _:
            return value
