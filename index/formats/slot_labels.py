"""where a note is cut: its headings, and its slot labels in all the ways people write them"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from index.formats.headings import Named, WrittenHeading, named, slots
from index.markdown import Block, blocks, visible_title
from index.records import SLOT_NAMED, Slot

ASKED_AS: Final = "also asked as"
SLOT_OF: Final[dict[str, Slot]] = SLOT_NAMED | {"examples": "Example"}
_NAMES: Final = "|".join([ASKED_AS, *sorted(SLOT_OF, key=len, reverse=True)])

_LABEL: Final = re.compile(
    rf"\s*(?:(?P<mark>\*{{1,3}}|_{{1,3}})(?P<marked>{_NAMES})\s*(?:[:：]\s*(?P=mark)|(?P=mark)\s*[:：]|(?P=mark)\s*$)"
    rf"|(?P<plain>{_NAMES})\s*(?::(?=\s|$)|：))[ \t]*",
    re.IGNORECASE,
)
"""`*What:*`, `**What**:`, `__how:__`, `**What**` alone on its line, or a plain `Example:` at the start of a line."""

_HEADING_LABEL: Final = re.compile(rf"({_NAMES})\s*:?", re.IGNORECASE)
BOLD_LEVEL: Final = 7
"""The level of a bold title: it lies below every heading."""
LIST_MARKER: Final = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_PLACEHOLDERS: Final = re.compile(r"[\s:–-]*(?:\{\{.*?\}\}[\s:–-]*)+")
"""What else a template leaves to be filled in: a heading of nothing else names nothing."""
_BOLD_LINE: Final = re.compile(r"\s{0,3}(\*\*|__)(?=\S)(?:(?!\1).)+\1[ \t]*")


@dataclass(frozen=True, slots=True)
class Mark:
    """A heading or a slot label, and where the text after it begins."""

    line: int
    """The mark's own line, from 0."""
    body: int
    """The line on which its text begins, from 0."""
    column: int = 0
    """Where on that line."""
    level: int = 0
    """1 to 6 for a heading, BOLD_LEVEL for a bold title, 0 for a label at the start of a line."""
    title: str = ""
    """A heading's title; empty for a slot."""
    also: str = ""
    """The title with its number, or without; empty where there is no other."""
    text: str = ""
    """A heading's text as it is written; empty for a slot."""
    label: str = ""
    """A slot's name in lower case; empty for a heading."""
    is_plain: bool = False
    """Whether it is a label without emphasis."""
    indented: bool = False
    """Whether it begins a list item, where the lines below stand indented."""


def find_marks(text: str) -> Iterator[Mark]:
    """Yield the marks of a text in their order; its lines end in newlines alone."""
    return _credible(_marks(text, text.split("\n")))


def _credible(marks: Iterable[Mark]) -> Iterator[Mark]:
    """Leave out plain labels that keep no company under their heading: prose and its lists begin so, too.

    An `Example:` needs a label before it. An item of a list needs another label in the items, and none before them.
    """
    for section in _by_heading(marks):
        labels = [mark for mark in section if not mark.title]
        listed = {SLOT_OF.get(mark.label, mark.label) for mark in labels if mark.indented}
        may_be_listed = len(listed) > 1 and labels[0].indented
        is_labelled = False
        for mark in section:
            is_alone = not may_be_listed if mark.indented else mark.label.startswith("example") and not is_labelled
            if mark.is_plain and is_alone:
                continue
            is_labelled = not mark.title
            yield mark


def _by_heading(marks: Iterable[Mark]) -> Iterator[list[Mark]]:
    section: list[Mark] = []
    for mark in marks:
        if mark.title and section:
            yield section
            section = []
        section.append(mark)
    yield section


def _marks(text: str, lines: Sequence[str]) -> Iterator[Mark]:
    slot_level = BOLD_LEVEL  # a heading below a slot's is a part of what stands in that slot
    note_blocks = list(blocks(text))
    headings = _heading_labels(note_blocks, lines)
    may_be_plain = False
    for block in note_blocks:
        is_paragraph = block.kind == "paragraph"
        if block.depth == 0 and (is_paragraph or _is_underlined_label(block, lines)):
            title = headings.get(block.first)
            if title:
                yield title
            yield from _paragraph_marks(block.first + bool(title), block.end, lines)
        elif block.kind == "heading" and block.depth == 0:
            mark = headings.get(block.first)
            if mark and mark.level <= slot_level:
                slot_level = mark.level if mark.label else BOLD_LEVEL
                yield mark
        elif block.kind == "list" and block.depth == 0:
            may_be_plain = _list_item_label(block.first, lines) is not None
        elif block.kind == "list_item" and block.depth == 1:
            match = _list_item_label(block.first, lines)
            if match and (match["marked"] or may_be_plain):
                yield _label_mark(block.first, match.end(), match, indented=True)
        elif is_paragraph or _is_piped_table(block, lines):
            yield from _run_on_marks(block, lines)


def _heading_labels(note_blocks: Sequence[Block], lines: Sequence[str]) -> dict[int, Mark]:
    """Return the marks of the headings and bold titles among some blocks, by the line on which each stands."""
    named_blocks = [(block, heading) for block in note_blocks if (heading := _heading(block, lines))]
    headings = [heading for _, heading in named_blocks]
    ends = [*(block.first for block, _ in named_blocks[1:]), len(lines)]

    def text(place: int) -> Sequence[str]:
        return lines[named_blocks[place][0].end : ends[place]]

    def has_text(place: int) -> bool:
        return any(map(str.strip, text(place)))

    def has_slots(place: int) -> bool:
        return any(map(_LABEL.match, text(place)))

    names = named(headings, has_slots)
    labels = [_HEADING_LABEL.fullmatch(name.title) for name in names]
    is_slot = slots(headings, lambda place: labels[place] is not None, has_text, has_slots)
    return {
        block.first: _heading_mark(block, heading.level, name, label if is_one else None)
        for (block, heading), name, label, is_one in zip(named_blocks, names, labels, is_slot, strict=True)
    }


def _heading(block: Block, lines: Sequence[str]) -> WrittenHeading | None:
    """Return the heading that a block is, if it names anything, or the title that somebody wrote in bold."""
    if block.depth:
        return None
    if block.kind == "paragraph":
        is_title = _is_bold_title(block.first, lines)
        return WrittenHeading(BOLD_LEVEL, visible_title(lines[block.first])) if is_title else None
    title = visible_title(block.text)
    is_heading = block.kind == "heading" and title and not _PLACEHOLDERS.fullmatch(title)
    return WrittenHeading(block.level, title) if is_heading and not _is_underlined_label(block, lines) else None


def _heading_mark(block: Block, level: int, name: Named, label: re.Match[str] | None) -> Mark:
    body = block.first + 1 if block.kind == "paragraph" else block.end
    if label:
        return Mark(block.first, body, level=level, label=label[1].lower())
    text = block.text if block.kind == "heading" else name.title
    return Mark(block.first, body, level=level, title=name.title, also=name.also, text=text)


def _is_bold_title(number: int, lines: Sequence[str]) -> bool:
    """Say whether a line is bold as a whole and `What` comes next: a title by someone who does not use headings."""
    if not _BOLD_LINE.fullmatch(lines[number]) or _LABEL.match(lines[number]):
        return False
    below = next((lines[later] for later in range(number + 1, len(lines)) if lines[later].strip()), "")
    label = _LABEL.match(LIST_MARKER.sub("", below))
    return bool(label and (label["marked"] or label["plain"]).lower() == "what")


def _is_underlined_label(block: Block, lines: Sequence[str]) -> bool:
    """Say whether a heading is labelled text that only a rule right below turned into one."""
    if not block.is_underlined:
        return False
    labels = [match for line in lines[block.first : block.end - 1] if (match := _LABEL.match(line))]
    is_one_line = block.end - block.first == 2
    return any(not is_one_line or (match["marked"] and match.end() < len(lines[block.first])) for match in labels)


def _paragraph_marks(first: int, end: int, lines: Sequence[str]) -> Iterator[Mark]:
    """Find labels at line starts; inside a paragraph, a plain one counts only where the paragraph began with one."""
    may_be_plain = True
    for number in range(first, end):
        match = _LABEL.match(lines[number])
        if match and (match["marked"] or may_be_plain):
            yield _label_mark(number, match.end(), match)
        elif number == first:
            may_be_plain = False


def _is_piped_table(block: Block, lines: Sequence[str]) -> bool:
    """Say whether it is a table whose rows begin with a pipe, so that a row with a label first is none."""
    return block.kind == "table" and lines[block.first].lstrip().startswith("|")


def _run_on_marks(block: Block, lines: Sequence[str]) -> Iterator[Mark]:
    """Find labels right below a list, a quote or a table, which for Markdown go on with its last line."""
    for number in range(block.first + 1, block.end):
        match = _LABEL.match(lines[number])
        if match and not lines[number][0].isspace():
            yield _label_mark(number, match.end(), match)


def _list_item_label(number: int, lines: Sequence[str]) -> re.Match[str] | None:
    marker = LIST_MARKER.match(lines[number])
    return _LABEL.match(lines[number], marker.end()) if marker else None


def _label_mark(number: int, column: int, match: re.Match[str], *, indented: bool = False) -> Mark:
    label = (match["marked"] or match["plain"]).lower()
    return Mark(number, number, column, label=label, is_plain=bool(match["plain"]), indented=indented)
