"""a canvas of Obsidian -> blocks: its cards, in the order in which they lie (JSON Canvas 1.0)"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from index.formats.documents.blocks import Anchor, Block, Extract, Unreadable, literal, one_line
from index.formats.documents.limits import Limits
from index.formats.documents.markdown_parts import markdown_blocks

BELOW_GROUP: Final = 2
"""The level of a heading in a card: the groups that cards lie in are above it."""


class _Node(NamedTuple):
    number: int
    """Counted from 1, in the order of the file."""
    id: str
    kind: str
    text: str
    x: float
    y: float
    width: float
    height: float

    def holds(self, other: _Node) -> bool:
        """Say whether another node lies in this one."""
        return (
            self is not other
            and self.x <= other.x
            and self.y <= other.y
            and other.x + other.width <= self.x + self.width
            and other.y + other.height <= self.y + self.height
        )


def read(content: bytes, limits: Limits) -> Extract:
    """Return the cards of a canvas, below the groups that they lie in, and what its labelled arrows say.

    Raises:
        Unreadable: it is no canvas.

    """
    try:
        canvas = json.loads(content)
    except ValueError as error:
        raise Unreadable("damaged: no canvas, or not all of one") from error
    if not isinstance(canvas, dict):
        raise Unreadable("damaged: no canvas")
    nodes = list(_nodes(canvas.get("nodes")))
    return Extract([*_cards(nodes), *_arrows(canvas.get("edges"), nodes)])


def _nodes(given: Any) -> Iterator[_Node]:  # noqa: ANN401 (any JSON)
    for number, node in enumerate(given if isinstance(given, list) else (), start=1):
        if not isinstance(node, dict):
            continue
        kind = str(node.get("type", ""))
        text = node.get({"text": "text", "file": "file", "link": "url", "group": "label"}.get(kind, ""), "")
        place = [node.get(name, 0) for name in ("x", "y", "width", "height")]
        if isinstance(text, str) and all(isinstance(value, int | float) for value in place):
            yield _Node(number, str(node.get("id", "")), kind, text, *map(float, place))


def _cards(nodes: Sequence[_Node]) -> Iterator[Block]:
    groups = [node for node in nodes if node.kind == "group" and node.text.strip()]
    cards = sorted((node for node in nodes if node.kind != "group"), key=lambda node: (node.y, node.x))
    of_group: dict[str, list[_Node]] = {}
    for card in cards:
        around = [group for group in groups if group.holds(card)]
        inner = min(around, key=lambda group: group.width * group.height) if around else None
        of_group.setdefault(inner.id if inner else "", []).append(card)
    for card in of_group.get("", ()):
        yield from _card_blocks(card, 0)
    for group in sorted(groups, key=lambda node: (node.y, node.x)):
        yield Block(group.text, _node_anchor(group), 1)
        for card in of_group.get(group.id, ()):
            yield from _card_blocks(card, BELOW_GROUP - 1)


def _card_blocks(node: _Node, below: int) -> Iterator[Block]:
    if node.kind == "text":
        for block in markdown_blocks(node.text, _node_anchor(node)):
            yield block._replace(level=block.level + below) if block.level else block
    elif node.kind == "file":
        yield Block(f"[[{one_line(node.text)}]]", _node_anchor(node))
    elif node.text.startswith(("https://", "http://")):
        yield Block(f"<{one_line(node.text)}>", _node_anchor(node))


def _arrows(edges: Any, nodes: Sequence[_Node]) -> Iterator[Block]:  # noqa: ANN401 (any JSON)
    """Yield a sentence for each arrow that says something."""
    named = {node.id: node for node in nodes}
    for edge in edges if isinstance(edges, list) else ():
        if not isinstance(edge, dict) or not isinstance(edge.get("label"), str) or not edge["label"].strip():
            continue
        ends = [named.get(str(edge.get(end))) for end in ("fromNode", "toNode")]
        if ends[0] and ends[1]:
            sentence = " → ".join((_node_name(ends[0]), one_line(edge["label"]), _node_name(ends[1])))
            yield Block(f"- {literal(sentence)}", _node_anchor(ends[0]))


def _node_name(node: _Node) -> str:
    first = next((line for line in node.text.split("\n") if line.strip()), node.kind)
    return one_line(first.lstrip("#- "))[:80]


def _node_anchor(node: _Node) -> Anchor:
    return (("node", node.number),)
