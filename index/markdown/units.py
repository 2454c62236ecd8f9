"""what of an entry can be shown: its sentences, items, rows and code, each with what belongs to it

A unit is the least that can answer. Many are nothing by themselves: a label ("Door code:") needs what stands below it,
code what it is for, an item its own items. So each comes with the stretch that is shown for it, and with the labels
above it, which say what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from itertools import groupby
from typing import Final, Literal, NamedTuple, TypeAlias

from index.markdown.parser import Node, outline
from index.markdown.plain import visible_text
from index.markdown.sentences import prose_sentences
from index.records import Span

UnitKind: TypeAlias = Literal["sentence", "item", "row", "code", "label"]

MAX_ITEMS: Final = 10
"""Items or rows that are shown of more: with what stands around them, a screen of a phone."""
MAX_LINES: Final = 20
"""Lines that are shown of longer code."""
LITTLE: Final = 4
"""Lines, or a single item, that are shown as well where nothing else would be left out."""

MAX_LABEL: Final = 90
"""Characters of a paragraph that introduces a list, a table or a quote without a colon: a title's length."""
ENOUGH: Final = 300
"""Characters after which no further sentence is shown below a label, and up to which an item is one unit."""
LONGEST_SHOWN: Final = 2 * ENOUGH
"""Characters up to which the first item below a title is shown with it."""
MAX_SENTENCES: Final = 3
"""Sentences of a paragraph that are shown below a label."""

_OPENS: Final = re.compile(r"[:：?？][*_`\s]*\Z")
"""What a label ends in, or a question that a note asks and answers itself."""
_ALL_BOLD: Final = re.compile(r"(\*\*|__)(?=\S)(?:(?!\1).)+\1[:：?]?\s*\Z", re.DOTALL)
_ENDS: Final = re.compile(r"[.!?…;。！？][\s\"'”’)*_]*\Z")
_COMMAND: Final = re.compile(r"(`+)(?:(?!\1).)+\1[.;]?\s*\Z", re.DOTALL)
_SHORT_NAME: Final = re.compile(r"[*_]{0,2}\w(?:[\w.&'’/-]*\w)?(?:[ \t]+\w(?:[\w.&'’/-]*\w)?){0,2}[*_]{0,2}\Z")
"""A line of up to three words without an end mark, such as the name of a thing, of which the next paragraph says
something."""

_TERM_END: Final = re.compile(r"\s*</dt>\s*<dd>", re.IGNORECASE)
"""What stands between a term of a definition list in HTML and what it means."""

_ANNOUNCES: Final = re.compile(r"\b(?:following|as follows|folgende\w*|suivante?s?|siguientes?)\b", re.IGNORECASE)
"""What a sentence says that introduces a list or a table, though it ends with a full stop."""

_COUNT: Final = re.compile(
    r"\b(?:(?P<digits>[2-9]|1\d)|(?P<word>two|three|four|five|six|seven|eight|nine|ten))[ \t\n]+\w", re.I
)
_COUNT_WORDS: Final = "two three four five six seven eight nine ten".split()
_CALLOUT_TITLE: Final = re.compile(r"\[![^\[\]\n]+\][-+]?[ \t]+\S")
_ITEM_NAME: Final = re.compile(r"(?P<mark>`|\*\*|__)(?P<name>[^`*_\n]+)(?P=mark)")
"""What an item begins with that it explains: `stdout`, **Stop**."""

_PICTURES: Final = re.compile(r"(?:!\[[^\[\]\n]*\]\([^()\n]*\)(?:\{[^{}\n]*\})?\s*)+")
"""Pictures without a word beside them, which introduce nothing."""

_DRAWN: Final = re.compile(
    r"[ \t]*(?:`{3,}|~{3,})[ \t]*\{?\.?(?:mermaid|plantuml|puml|graphviz|dot|d2|ditaa|blockdiag|seqdiag|nomnoml|"
    r"wavedrom|vega(?:-lite)?|markmap|excalidraw|compressed-json|chart|dataview(?:js)?|tasks|query|tracker)\b",
    re.IGNORECASE,
)
"""The fence of code that a note draws, as a diagram or as the results of a query: its reader never sees the code."""

_NOT_INTRODUCED: Final = frozenset({"heading", "html"})
_OF_A_PROCEDURE: Final = frozenset({"paragraph", "list", "code"})
MIN_STEPS: Final = 2
"""Code blocks, each below a sentence that introduces it, from which on the blocks around them are one procedure."""


class Unit(NamedTuple):
    """The least of an entry that can answer, in characters of its text."""

    span: Span
    kind: UnitKind
    shown: Span
    """What is shown for it: of a label, what it introduces as well."""
    more: int
    """How many items, rows or lines of what it introduces are left out of that."""
    labels: tuple[Span, ...]
    """What says what it is about, outermost first: headings in the entry, labels, the head of its table, its item."""
    is_introduced: bool
    """Whether the last of the labels stands right above its block."""
    block: int
    """Where its block begins: neighbours in a paragraph may be shown together."""
    parent: Span | None = None
    """The item that it is an item below: without, it says something of nothing."""


class Whole(NamedTuple):
    """A list, a table or a procedure as it is shown: with the label that introduces it, cut where it is long."""

    span: Span
    shown: Span
    more: int
    are_steps: bool = False
    """Whether its items are steps, one after the other: it is a numbered list or a procedure."""
    ends: tuple[int, ...] = ()
    """Where each of its items, rows or steps ends."""

    def holds(self, span: Span) -> bool:
        """Say whether a stretch lies in it."""
        return self.span[0] <= span[0] and span[1] <= self.span[1]

    def within(self, longest: int) -> Whole:
        """Return it cut to as many of its first items as fit into so many characters, one at least."""
        start = self.shown[0]
        fitting = max(1, sum(end - start <= longest for end in self.ends))
        more = len(self.ends) - fitting
        return self if more <= self.more else self._replace(shown=(start, self.ends[fitting - 1]), more=more)


class Units(NamedTuple):
    """What can be shown of an entry, in order."""

    units: tuple[Unit, ...]
    wholes: tuple[Whole, ...]
    """Its lists and tables."""
    procedures: tuple[Whole, ...] = ()
    """Steps that are items or paragraphs, and code, in turn."""

    def inside(self, whole: Whole) -> list[int]:
        """Return the positions of the units of a list, a table or a procedure."""
        start, end = whole.span
        return [place for place, unit in enumerate(self.units) if start <= unit.span[0] < end]


class _Above(NamedTuple):
    """What stands above a block."""

    labels: tuple[Span, ...] = ()
    label: Span | None = None
    """The last of the labels, where it stands right above."""
    parent: Span | None = None
    """The item that a list stands in."""

    def unit(self, span: Span, block: int, kind: UnitKind = "sentence", end: int = 0, more: int = 0) -> Unit:
        """Return a unit below it, shown up to `end`."""
        shown = (span[0], max(span[1], end))
        return Unit(span, kind, shown, more, self.labels, self.label is not None, block, self.parent)


_Labelling: TypeAlias = Generator[Unit | Whole, None, Span | None]
"""Yields what can be shown of a block; returns what of it introduces the next one."""


def find_units(text: str, *, with_drawings: bool = False) -> Units:
    r"""Return what can be shown of an entry: the code of diagrams and queries only `with_drawings`.

    >>> text = "**Door code:**\n\n4417"
    >>> [text[slice(*unit.shown)] for unit in find_units(text).units]
    ['**Door code:**\n\n4417', '4417']
    """
    nodes = outline(text) if with_drawings else _without_drawings(text, outline(text))
    members = list(_below(text, nodes, ()))
    # code of blanks alone has nothing to show
    units = [member for member in members if isinstance(member, Unit) and member.span[0] < member.span[1]]
    wholes = [member for member in members if isinstance(member, Whole)]
    return Units(tuple(units), tuple(wholes), tuple(_procedures(nodes)))


def is_drawn(language: str) -> bool:
    """Return whether a note draws code in a language, as a diagram or as the results of a query."""
    return bool(_DRAWN.match(f"```{language}"))


def _without_drawings(text: str, nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Return blocks with nothing in the place of code that a note draws, so that nothing introduces it."""
    return tuple(
        Node("html", node.start, node.start)
        if node.kind == "code" and _DRAWN.match(text, node.start)
        else node._replace(children=_without_drawings(text, node.children))
        for node in nodes
    )


def _below(
    text: str, siblings: Sequence[Node], labels: tuple[Span, ...], parent: Span | None = None
) -> Iterator[Unit | Whole]:
    """Yield what can be shown of blocks that stand one below the other, in an item maybe."""
    headings: list[Node] = []
    label: Span | None = None
    for number, node in enumerate(siblings):
        if node.kind == "heading":
            headings = [above for above in headings if above.level < node.level]
        over = tuple(dict.fromkeys((*labels, *map(_span, headings), *((label,) if label else ()))))
        above = _Above(over, label, parent if node.kind == "list" else None)
        label = yield from _block(text, node, siblings[number + 1 : number + 4], above)
        if node.kind == "heading":
            headings.append(node)


def _procedures(siblings: Sequence[Node]) -> Iterator[Whole]:
    """Yield the procedures: items or paragraphs, and code, in turn, each procedure below one heading."""
    for is_step, nodes in groupby(siblings, lambda node: node.kind in _OF_A_PROCEDURE):
        if is_step and (whole := _procedure(list(nodes))):
            yield whole


def _procedure(nodes: Sequence[Node]) -> Whole | None:
    """Return the steps among some blocks, from the first that code follows to the last; None where there are few."""
    told = [place for place, node in enumerate(nodes) if place and node.kind == "code" != nodes[place - 1].kind]
    if len(told) < MIN_STEPS:
        return None
    first = next((place for place, node in enumerate(nodes) if node.kind == "list"), told[0] - 1)
    steps = nodes[min(first, told[0] - 1) :]
    ends = [
        node.end
        for place, node in enumerate(steps)
        if node.kind != "paragraph" and (place + 1 == len(steps) or steps[place + 1].kind != "code")
    ]
    span = steps[0].start, ends[-1]
    return Whole(span, span, 0, are_steps=True, ends=tuple(ends))


def _block(text: str, node: Node, rest: Sequence[Node], above: _Above) -> _Labelling:
    match node.kind:
        case "heading":
            yield above.unit(_span(node), node.start, "label", *_introduced(text, rest))
        case "paragraph":
            return (yield from _paragraph(text, node, rest, above))
        case "list":
            return (yield from _list(text, node, rest, above))
        case "table":
            yield from _table(text, node, above)
        case "quote":
            yield from _quote(text, node, above)
        case "code":
            yield above.unit(_span(node), node.start, "code", *_shown_end(text, node))
        case "html" if visible_text(text[node.start : node.end]).strip():
            yield above.unit(_span(node), node.start)
    return None


def _quote(text: str, node: Node, above: _Above) -> Iterator[Unit | Whole]:
    """Yield what can be shown of a quote: of a callout, below its title, which says nothing without what follows it."""
    sentences = _callout_sentences(text, node)
    labels = (*above.labels, *sentences[:1])
    for member in _below(text, node.children, labels):
        if isinstance(member, Unit) and labels[-1:] == (member.span,):
            head, *rest = node.children
            end = _first_sentences(text, head) if len(sentences) > 1 else _introduced(text, rest)[0]
            member = above.unit(member.span, member.block, "label", end)
        yield member


def _callout_sentences(text: str, node: Node) -> list[Span]:
    """Return the title of a callout, and the sentences right below it; nothing where there is no title."""
    head = node.children[0] if node.children else node
    has_title = head.kind == "paragraph" and _CALLOUT_TITLE.match(text, head.start)
    return prose_sentences(text, head.start, head.end) if has_title else []


def _paragraph(text: str, node: Node, rest: Sequence[Node], above: _Above) -> _Labelling:
    sentences = prose_sentences(text, node.start, node.end)
    introduces = bool(rest) and _introduces(text, node, sentences, rest[0], is_label_above=above.label is not None)
    explains_code = introduces and _is_code(text, rest[0]) and _is_short(node, sentences)
    for number, span in enumerate(sentences):
        is_last = number == len(sentences) - 1
        opens = bool(_OPENS.search(text, *span))
        if introduces and (is_last or explains_code):
            kind: UnitKind = "label" if opens else "sentence"
            yield above.unit(span, node.start, kind, *_introduced(text, rest))
        elif opens and not is_last:  # a line that introduces the next one
            yield above.unit(span, node.start, "label", sentences[number + 1][1])
        else:
            yield above.unit(span, node.start)
    return sentences[-1] if sentences and introduces else None


def _introduces(text: str, node: Node, sentences: Sequence[Span], below: Node, *, is_label_above: bool) -> bool:
    """Say whether a paragraph, by its last sentence, introduces the block below it."""
    if below.kind in _NOT_INTRODUCED or not sentences or _PICTURES.fullmatch(text, node.start, node.end):
        return False
    if _OPENS.search(text, *sentences[-1]) or is_name(text, _span(node)):
        return True
    if is_label_above:
        return False
    if below.kind in {"list", "table"} and _ANNOUNCES.search(text, *sentences[-1]):
        return True
    if below.kind == "list" and _tells_items(text[slice(*sentences[-1])], text, below.children):
        return True
    if below.kind == "paragraph":
        return bool(_SHORT_NAME.match(text, node.start, node.end))
    is_open = not _ENDS.search(text, *sentences[-1])
    is_title = is_open and len(sentences) == 1 and node.end - node.start <= MAX_LABEL
    goes_on = is_open and below.kind == "list" and "\n\n" not in text[node.end : below.start]
    return is_title or goes_on or below.kind == "code" or (_is_code(text, below) and _is_short(node, sentences))


def _tells_items(sentence: str, text: str, items: Sequence[Node]) -> bool:
    """Say whether a sentence tells how many items a list has, or names them all as they name themselves.

    "There are two ways to start it." stands above a list of two, "It has `red` and `blue` keys." above one of these.
    """
    counts = (
        int(match["digits"]) if match["digits"] else _COUNT_WORDS.index(match["word"].lower()) + 2
        for match in _COUNT.finditer(sentence)
    )
    names = [_ITEM_NAME.match(text, item.start) for item in items]
    return len(items) > 1 and (len(items) in counts or all(name and name[0] in sentence for name in names))


def is_name(text: str, span: Span) -> bool:
    """Say whether a paragraph names what the next one is about: all of it is bold, or it is a term of an HTML list."""
    return bool(_ALL_BOLD.match(text, *span) or _TERM_END.match(text, span[1]))


def _is_code(text: str, node: Node) -> bool:
    """Say whether a block is code: fenced, indented, or a list whose items are nothing but code."""
    if node.kind == "list":
        return bool(node.children) and all(_is_command(text, item) for item in node.children)
    return node.kind == "code"


def _is_command(text: str, item: Node) -> bool:
    head, *inner = item.children or (item,)
    return not inner and bool(_COMMAND.match(text, head.start, head.end))


def _is_short(node: Node, sentences: Sequence[Span]) -> bool:
    """Say whether a paragraph is so short that what stands below it belongs to each of its sentences."""
    return len(sentences) <= MAX_SENTENCES and node.end - node.start <= ENOUGH


def _list(text: str, node: Node, rest: Sequence[Node], above: _Above) -> _Labelling:
    yield _whole(text, node, node.children, above)
    label = None
    for item in node.children:
        below = rest if item is node.children[-1] else ()
        label = yield from _item(text, item, below, above)
    return label


def _whole(text: str, node: Node, parts: Sequence[Node], above: _Above) -> Whole:
    end, more = _shown_end(text, node)
    shown = above.label[0] if above.label else node.start, end
    return Whole(_span(node), shown, more, are_steps=node.is_ordered, ends=tuple(part.end for part in parts))


def _item(text: str, item: Node, rest: Sequence[Node], above: _Above) -> _Labelling:
    """Yield what can be shown of an item; the last one introduces the code below its list, another block by a colon."""
    head, inner = item.children[0] if item.children else item, item.children[1:]
    if head.kind != "paragraph":
        yield from _below(text, item.children, above.labels)
        return None
    sentences = prose_sentences(text, head.start, head.end)
    is_label = bool(_OPENS.search(text, head.start, head.end))
    introduces_code = bool(rest) and rest[0].kind == "code"
    is_last_label = is_label and bool(rest) and rest[0].kind not in {*_NOT_INTRODUCED, "list"}
    below = inner or (rest if is_last_label or introduces_code else ())
    if below and sentences:
        end, more = _introduced(text, below)
        if below[0].kind == "code" and _is_short(head, sentences):
            yield from (above.unit(span, head.start, "item", end, more) for span in sentences[:-1])
        else:
            yield from _sentence_units(text, head, sentences[:-1], above)
        if not (is_label or below[0].kind == "code" or end - head.start <= ENOUGH):
            end, more = _beginning_of(below[0], head.start) if _is_group_title(text, head) else (0, 0)
        yield above.unit(sentences[-1], head.start, "label" if is_label else "item", end, more)
        yield from _below(text, inner, (*above.labels, _span(head)), _span(head))
    else:
        yield from _plain_item(text, head, sentences, above)
    return _span(head) if below and not inner else None


def _plain_item(text: str, head: Node, sentences: Sequence[Span], above: _Above) -> Iterator[Unit]:
    """Yield an item of a few sentences as one unit, of a longer one each sentence."""
    if sentences and sentences[-1][1] - sentences[0][0] <= ENOUGH and len(sentences) <= MAX_SENTENCES:
        yield above.unit((sentences[0][0], sentences[-1][1]), head.start, "item")
    else:
        yield from _sentence_units(text, head, sentences, above)


def _sentence_units(text: str, node: Node, sentences: Sequence[Span], above: _Above) -> Iterator[Unit]:
    """Yield each sentence of an item; a question that it asks itself is shown with what follows."""
    for number, span in enumerate(sentences):
        is_asked = number + 1 < len(sentences) and _OPENS.search(text, *span) is not None
        kind: UnitKind = "label" if is_asked else "sentence"
        yield above.unit(span, node.start, kind, sentences[number + 1][1] if is_asked else 0)


def _is_group_title(text: str, head: Node) -> bool:
    """Say whether an item is a title of those below it rather than a sentence: it says nothing by itself."""
    return head.end - head.start <= MAX_LABEL and not _ENDS.search(text, head.start, head.end)


def _beginning_of(node: Node, start: int) -> tuple[int, int]:
    """Return the end of the first items of a list, as many as are enough, and how many are left out."""
    if node.kind != "list":
        return 0, 0
    ends = [item.end for item in node.children]
    count = max(1, sum(end - start <= ENOUGH for end in ends))
    return (ends[count - 1], len(ends) - count) if ends[count - 1] - start <= LONGEST_SHOWN else (0, 0)


def _table(text: str, node: Node, above: _Above) -> Iterator[Unit | Whole]:
    head, *rows = node.children
    yield _whole(text, node, rows, above)
    below = above._replace(labels=(*above.labels, _span(head)))
    yield from (below.unit(_span(row), row.start, "row") for row in rows)


def _introduced(text: str, rest: Sequence[Node]) -> tuple[int, int]:
    """Return the end of what is shown of what stands below a label, and how much of that is left out."""
    if not rest:
        return 0, 0
    node, *after = rest
    if node.kind == "heading":
        return _introduced(text, after) if after else (node.end, 0)
    if node.kind == "paragraph" and after and node.end - node.start <= ENOUGH:
        sentences = prose_sentences(text, node.start, node.end)
        if _introduces(text, node, sentences, after[0], is_label_above=True):
            return _introduced(text, after)
    return _shown_end(text, node)


def _shown_end(text: str, node: Node) -> tuple[int, int]:
    """Return the end of what is shown of a block, and how many of its items, rows or lines are left out."""
    match node.kind:
        case "paragraph":
            return _first_sentences(text, node), 0
        case "quote" if node.children:
            return _shown_end(text, node.children[0])
        case "code":
            return _first_lines(text, node)
        case "list":
            return _first_parts(node, node.children)
        case "table":
            return _first_parts(node, node.children[1:])
    return node.end, 0


def _first_parts(node: Node, parts: Sequence[Node]) -> tuple[int, int]:
    more = len(parts) - MAX_ITEMS
    return (parts[MAX_ITEMS - 1].end, more) if more > 1 else (node.end, 0)


def _first_lines(text: str, code: Node) -> tuple[int, int]:
    lines = text[code.start : code.end].split("\n")
    more = len(lines) - MAX_LINES
    return (code.start + len("\n".join(lines[:MAX_LINES])), more) if more > LITTLE else (code.end, 0)


def _first_sentences(text: str, node: Node) -> int:
    """Return the end of the first sentences of a paragraph, as many as are enough."""
    ends = [end for _, end in prose_sentences(text, node.start, node.end)[:MAX_SENTENCES]]
    return max((end for end in ends if end - node.start <= ENOUGH), default=ends[0] if ends else node.end)


def _span(node: Node) -> Span:
    return node.start, node.end
