"""`make docs`: write the table of the constants that retrieval and answering weigh into docs/ranking.md

Read from the syntax tree alone: a constant is a public `NAME: Final` that is a number or a record of numbers, or a
field of a record of settings with its default, and its reason is the docstring below it. Constants on lines that follow
each other share the docstring below the last of them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "ranking.md"
ROOMS: Final = (
    "index/retrieval",
    "index/engine",
    "index/engine/local",
    "index/engine/server/searching",
    "assistant/answering",
    "assistant/answering/passage",
    "assistant/calibration",
    "assistant/discovery",
    "assistant/settings.py",
)
BEGIN: Final = "<!-- constants: begin -->"
END: Final = "<!-- constants: end -->"
NUMBER: Final = re.compile(r"[\d_.e+\-*/() ]+")
"""A number, or the arithmetic of numbers, as it stands in the code."""


class Constant(NamedTuple):
    """A constant with its reason, which is empty where none stands below it."""

    name: str
    value: str
    reason: str


def main() -> None:
    """Write the page with its table as the code has it now."""
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def with_table(page: str) -> str:
    """Return a page with what stands between its two marks made anew."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n{END}{rest.partition(END)[2]}"


def table() -> str:
    """Return a Markdown table for each module that has constants."""
    return "\n".join(_of_module(path) for path in modules() if constants(path.read_text(encoding="utf-8")))


def modules() -> list[Path]:
    """Return the modules of the rooms whose constants are listed."""
    return [path for room in ROOMS for path in sorted([ROOT / room, *(ROOT / room).glob("*.py")]) if path.is_file()]


def constants(source: str) -> list[Constant]:
    """Return the constants of a module.

    >>> constants('A: Final = 2\\nB: Final = 10**3\\n"Enough."\\n_HIDDEN: Final = 1\\nWORD: Final = "w"')
    [Constant(name='A', value='2', reason='Enough.'), Constant(name='B', value='10**3', reason='Enough.')]
    >>> constants('class Settings:\\n    weight: float = 0.5\\n    "Half."')
    [Constant(name='weight', value='0.5', reason='Half.')]
    """
    body = ast.parse(source).body
    records = (node for node in body if isinstance(node, ast.ClassDef) and node.name.endswith("Settings"))
    return [
        *(field for record in records for field in _constants_of(record.body, source)),
        *(constant for constant in _constants_of(body, source) if constant.name.isupper()),
    ]


def _constants_of(body: list[ast.stmt], source: str) -> Iterator[Constant]:
    for position, node in enumerate(body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name, value = node.target.id, _value(node.value, source)
            if value and not name.startswith("_"):
                yield Constant(name, value, _reason(body, position))


def _value(node: ast.expr | None, source: str) -> str:
    """Return a number as it is written, the numbers of a record by name, or nothing.

    >>> _value(ast.parse("f(Weights(a=-0.5), bias=2)").body[0].value, "f(Weights(a=-0.5), bias=2)")
    'a -0.5, bias 2'
    """
    text = ast.get_source_segment(source, node) if node else None
    if isinstance(node, ast.Call):
        return ", ".join(f"{name} {number}" for name, number in _numbers(node))
    return text if text and NUMBER.fullmatch(text) else ""


def _numbers(call: ast.Call) -> Iterator[tuple[str, str]]:
    for inner in call.args:
        yield from _numbers(inner) if isinstance(inner, ast.Call) else ()
    for keyword in call.keywords:
        if isinstance(keyword.value, ast.Call):
            yield from _numbers(keyword.value)
        elif keyword.arg and NUMBER.fullmatch(ast.unparse(keyword.value)):
            yield keyword.arg, ast.unparse(keyword.value)


def _reason(body: list[ast.stmt], position: int) -> str:
    """Return the docstring below a constant, or below those that follow it on the very next lines."""
    for node, below in zip(body[position:], body[position + 1 :], strict=False):
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            return " ".join(str(below.value.value).split())
        if not isinstance(below, ast.AnnAssign) or below.lineno != (node.end_lineno or 0) + 1:
            break
    return ""


def _of_module(path: Path) -> str:
    source = path.read_text(encoding="utf-8")
    first_line = (ast.get_docstring(ast.parse(source)) or "").split("\n")[0]
    rows = [f"| `{one.name}` | {one.value} | {_cell(one.reason)} |" for one in constants(source)]
    head = f"### `{path.relative_to(ROOT).as_posix()}`: {first_line}"
    return "\n".join([head, "", "| constant | value | why |", "|---|---|---|", *rows, ""])


def _cell(text: str) -> str:
    r"""Return a text as it stands in a cell of a table.

    >>> _cell("0.5 ** 2 | 1")
    '0.5 \\*\\* 2 \\| 1'
    """
    code_or_text = re.split(r"(`[^`]*`)", text)
    return "".join(
        part.replace("|", r"\|") if part.startswith("`") else re.sub(r"([|*_<])", r"\\\1", part)
        for part in code_or_text
    )


if __name__ == "__main__":
    main()
