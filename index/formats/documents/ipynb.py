"""notebooks -> blocks: what their cells say, and the code below it"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from index.formats.documents.blocks import Anchor, Block, Extract, Unreadable, fenced
from index.formats.documents.limits import Limits
from index.formats.documents.markdown_parts import markdown_blocks


def read(content: bytes, limits: Limits) -> Extract:
    """Return the cells of a notebook; what they have put out is not read.

    Raises:
        Unreadable: it is no notebook.

    """
    try:
        notebook = json.loads(content)
    except ValueError as error:
        raise Unreadable("damaged: no notebook, or not all of one") from error
    if not isinstance(notebook, dict):
        raise Unreadable("damaged: no notebook")
    language = _text(
        _get(notebook, "metadata", "kernelspec", "language") or _get(notebook, "metadata", "language_info", "name")
    )
    blocks = [
        block
        for number, cell in enumerate(_notebook_cells(notebook), 1)
        for block in _cell_blocks(cell, number, language)
    ]
    return Extract(blocks, _text(_get(notebook, "metadata", "title")))


def _notebook_cells(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the cells, of the third version of the format too."""
    sheets = notebook.get("worksheets")
    of_sheets = (
        [cell for sheet in sheets if isinstance(sheet, dict) for cell in sheet.get("cells", ())]
        if isinstance(sheets, list)
        else []
    )
    cells = notebook.get("cells")
    for cell in cells if isinstance(cells, list) else of_sheets:
        if isinstance(cell, dict):
            yield cell


def _cell_blocks(cell: dict[str, Any], number: int, language: str) -> Iterator[Block]:
    anchor: Anchor = (("cell", number),)
    source = _text(cell.get("source", cell.get("input")))
    kind = cell.get("cell_type")
    if not source.strip():
        return
    if kind == "heading":
        level = cell.get("level")
        yield Block(source, anchor, level if isinstance(level, int) and 1 <= level <= 6 else 1)
    elif kind == "code":
        yield Block(fenced(source, language), anchor)
    else:
        yield from markdown_blocks(source, anchor)


def _get(value: Any, *names: str) -> Any:  # noqa: ANN401 (any JSON)
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str:  # noqa: ANN401 (any JSON)
    """Return a text, or lines of one, as one text; nothing for any other value."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
