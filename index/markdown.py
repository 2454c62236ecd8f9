"""Markdown text -> topics and HTML (home of markdown-it-py)

A document is cut at its marks: headings, and slot labels such as `*What:*` or `### How`. The stretch after
each mark belongs to the heading above it; the stretches of one heading make one topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from textwrap import dedent
from typing import Final, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.front_matter import split_front_matter
from index.plain import visible_title
from index.records import SLOTS, Entry, Slot, Topic

_BLOCK_PARSER: Final = MarkdownIt("commonmark").enable("table").disable("inline")
_RENDERER: Final = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")

_ASKED_AS: Final = "also asked as"
_SLOT_OF: Final[dict[str, Slot]] = {slot.lower(): slot for slot in SLOTS} | {"examples": "Example"}
_NAMES: Final = "|".join([_ASKED_AS, *sorted(_SLOT_OF, key=len, reverse=True)])

_LABEL: Final = re.compile(
    rf"\s*(?:(?P<mark>\*{{1,3}}|_{{1,3}})(?P<marked>{_NAMES})\s*(?:[:：]\s*(?P=mark)|(?P=mark)\s*[:：]|(?P=mark)\s*$)"
    rf"|(?P<plain>{_NAMES})\s*(?::(?=\s|$)|：))[ \t]*",
    re.IGNORECASE,
)
"""`*What:*`, `**What**:`, `__how:__`, `**What**` alone on its line, or a plain `Example:` at the start of a line."""

_HEADING_LABEL: Final = re.compile(rf"({_NAMES})\s*:?", re.IGNORECASE)
_LIST_MARKER: Final = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_NUMBER: Final = re.compile(r"\(?(?P<number>\d+(?:\.\d+)*)(?P<end>[.):]*)\s+(?=\S)")
_BOLD_LINE: Final = re.compile(r"\s{0,3}(\*\*|__)(?=\S)(?:(?!\1).)+\1[ \t]*")
_HIDDEN: Final = re.compile(r"^%%[ \t]*\n(?s:.*?)^%%[ \t]*$", re.MULTILINE)
"""A comment between two lines of its own: the headings inside are none."""
_LINE_END: Final = re.compile(r"\r\n?|\n")
_WIKILINK: Final = re.compile(r"\[\[([^\[\]|]+)(?:\|[^\[\]]*)?\]\]")
_RULE: Final = re.compile(r"\s{0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}")
_PHRASE_END: Final = re.compile(r";|\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)")
"""What parts two asked-as phrases: a semicolon, a blank line, a list marker."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A heading or a slot label, and where the text after it begins."""

    line: int
    """The mark's own line, from 0."""
    body: int
    """The line on which its text begins, from 0."""
    column: int = 0
    """Where on that line."""
    level: int = 0
    """1 to 6 for a heading, 7 for a bold title, 0 for a label at the start of a line."""
    title: str = ""
    """A heading's title; empty for a slot."""
    label: str = ""
    """A slot's name in lower case; empty for a heading."""
    is_plain: bool = False
    """Whether it is a label without emphasis."""
    indented: bool = False
    """Whether the lines below stand indented in a list item."""


@dataclass(slots=True)
class _Section:
    """A heading with the stretches collected for it so far."""

    line: int
    headings: tuple[str, ...]
    has_subject: bool
    entries: dict[Slot | None, Entry] = field(default_factory=dict)
    asked_as: tuple[str, ...] = ()
    is_parent: bool = False


class Note(NamedTuple):
    """A Markdown document as it was understood."""

    topics: tuple[Topic, ...]
    problem: str
    """What could not be read of it; empty when all is well."""


def read_note(text: str, name: str) -> Note:
    """Return the topics of a Markdown document; where front matter gives a title, that takes the place of `name`."""
    front = split_front_matter(_normalise(text))
    return Note(parse_topics(front.body, front.title or name), front.problem)


def parse_topics(text: str, name: str) -> tuple[Topic, ...]:
    r"""Return the topics of Markdown in their order.

    An `# h1` that holds deeper headings is the subject of what it holds. Where there is none, `name` (the document's
    title, or the file's name without its ending) is; it is also the title of text that stands under no heading.
    Topics without any text are left out. No text makes this fail.

    >>> parse_topics("# Git\n## 1. Rebase\n*What:* Replays commits.\n*How:* `git rebase main`", "notes")[0].title
    'Rebase'
    """
    text = _normalise(text)
    lines = text.split("\n")
    tokens = _BLOCK_PARSER.parse(_HIDDEN.sub(lambda comment: "\n" * comment[0].count("\n"), text))
    marks = [_Mark(0, 0), *_credible(_marks(tokens, lines)), _Mark(len(lines), len(lines))]
    sections: list[_Section] = [_Section(0, (name,), has_subject=False)]
    open_headings: list[tuple[int, _Section]] = []
    for mark, following in pairwise(marks):
        if mark.title:
            open_headings = [(level, section) for level, section in open_headings if level < mark.level]
            sections.append(_section_below(open_headings, mark))
            open_headings.append((mark.level, sections[-1]))
        _collect(sections[-1], mark, _stretch(lines, mark, following))
    return tuple(_topic(section, name) for section in sections if section.entries)


def text_blocks(text: str) -> list[tuple[int, int, bool]]:
    """Return the character spans of a text's innermost blocks, in order, and whether each is prose.

    A list item and a heading come without their marks. A code block, a row of a table and raw HTML are no prose.
    """
    starts = [0, *(line_end.end() for line_end in _LINE_END.finditer(text)), len(text)]
    blocks: list[tuple[int, int, bool]] = []
    in_row = False
    for token in _BLOCK_PARSER.parse(text):
        if token.type in {"tr_open", "tr_close"}:
            in_row = token.type == "tr_open"
        elif in_row:  # a row is one block, its cells are none
            continue
        if not token.map:
            continue
        begin, end = (starts[line] for line in token.map)
        if token.type == "inline":
            first, last = token.content.split("\n")[0], token.content.split("\n")[-1]
            begin = max(text.find(first, begin, end), begin)
            blocks.append((begin, max(text.rfind(last, begin, end) + len(last), begin), True))
        elif token.type in {"fence", "code_block", "tr_open", "html_block"}:
            blocks.append((begin, end, False))
    return blocks


def atomic_blocks(text: str) -> list[tuple[int, int]]:
    """Return the character spans of the code blocks and tables of a text, in order."""
    starts = [0, *(line_end.end() for line_end in _LINE_END.finditer(text)), len(text)]
    return [
        (starts[token.map[0]], starts[token.map[1]])
        for token in _BLOCK_PARSER.parse(text)
        if token.level == 0 and token.map and token.type in {"fence", "code_block", "table_open"}
    ]


def link_targets(text: str) -> Iterator[str]:
    """Yield where the links of a text lead, in order; a wikilink as `[[` and what it names.

    >>> list(link_targets("[a](b.md#c), [[Note|shown]], `[[code]]`"))
    ['b.md#c', '[[Note']
    """
    if "](" not in text and "[[" not in text:
        return
    for block in _RENDERER.parse(text):
        for token in block.children or ():
            if token.type == "link_open":
                yield str(token.attrs["href"])
            elif token.type == "text":
                yield from (f"[[{match[1].strip()}" for match in _WIKILINK.finditer(token.content))


def to_html(text: str) -> str:
    """Return the text as HTML that cannot run or load anything: raw HTML is escaped, images stay text."""
    return str(_RENDERER.render(text))


def inline_html(text: str) -> str:
    """Return one line of text as HTML without a paragraph around it; as safe as `to_html`."""
    return str(_RENDERER.renderInline(text))


def _normalise(text: str) -> str:
    """Make lines mean to us what they mean to the parser."""
    return _LINE_END.sub("\n", text.removeprefix("\ufeff")).replace("\0", "\ufffd")


def _credible(marks: Iterable[_Mark]) -> Iterator[_Mark]:
    """Leave out a plain `Example:` where its heading has no label before it: prose begins so, too."""
    is_labelled = False
    for mark in marks:
        if mark.is_plain and mark.label.startswith("example") and not is_labelled:
            continue
        is_labelled = not mark.title
        yield mark


def _marks(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[_Mark]:
    slot_level = 7
    numbers: set[str] = set()
    for position, token in enumerate(tokens):
        if token.map is None:
            continue
        if token.level == 0 and token.type == "paragraph_open" and _is_bold_title(token.map[0], lines):
            first, end = token.map
            yield _Mark(first, first + 1, level=7, title=_unnumbered(visible_title(lines[first]), numbers))
            yield from _paragraph_marks((first + 1, end), lines)
        elif token.level == 0 and (token.type == "paragraph_open" or _is_underlined_label(token, lines)):
            yield from _paragraph_marks(token.map, lines)
        elif token.type == "heading_open" and token.level == 0:
            mark = _heading_mark(token, tokens[position + 1], numbers)
            if mark and mark.level <= slot_level:
                slot_level = mark.level if mark.label else 7
                yield mark
        elif token.type == "list_item_open" and token.level == 1:
            yield from _list_item_marks(token.map[0], lines)
        elif token.type == "paragraph_open" or _is_piped_table(token, lines):
            yield from _run_on_marks(token.map, lines)


def _heading_mark(opening: Token, inline: Token, numbers: set[str]) -> _Mark | None:
    start, end = opening.map or [0, 0]
    title = _unnumbered(visible_title(inline.content), numbers)
    level = int(opening.tag.removeprefix("h"))
    if match := _HEADING_LABEL.fullmatch(title):
        return _Mark(start, end, level=level, label=match[1].lower())
    return _Mark(start, end, level=level, title=title) if title else None


def _is_bold_title(number: int, lines: Sequence[str]) -> bool:
    """Say whether a line is bold as a whole and `What` comes next: a title by someone who does not use headings."""
    if not _BOLD_LINE.fullmatch(lines[number]) or _LABEL.match(lines[number]):
        return False
    below = next((lines[later] for later in range(number + 1, len(lines)) if lines[later].strip()), "")
    label = _LABEL.match(_LIST_MARKER.sub("", below))
    return bool(label and (label["marked"] or label["plain"]).lower() == "what")


def _unnumbered(title: str, numbers: set[str]) -> str:
    """Return a title without its number: `4.`, `(4)`, or a bare `4.2` where a heading had the number 4 before it."""
    match = _NUMBER.match(title)
    if not match:
        return title
    is_known = match["number"].rpartition(".")[0] in numbers
    numbers.add(match["number"])
    return title[match.end() :] if match["end"] or is_known else title


def _is_underlined_label(token: Token, lines: Sequence[str]) -> bool:
    """Say whether a heading is labelled text that only a rule right below turned into one."""
    if token.type != "heading_open" or token.markup not in {"-", "="} or not token.map:
        return False
    start, end = token.map
    labels = [match for line in lines[start : end - 1] if (match := _LABEL.match(line))]
    is_one_line = end - start == 2
    return any(not is_one_line or (match["marked"] and match.end() < len(lines[start])) for match in labels)


def _paragraph_marks(span: Sequence[int], lines: Sequence[str]) -> Iterator[_Mark]:
    """Find labels at line starts; inside a paragraph, a plain one counts only where the paragraph began with one."""
    may_be_plain = True
    for number in range(*span):
        match = _LABEL.match(lines[number])
        if match and (match["marked"] or may_be_plain):
            yield _label_mark(number, match.end(), match)
        elif number == span[0]:
            may_be_plain = False


def _is_piped_table(token: Token, lines: Sequence[str]) -> bool:
    """Say whether it is a table whose rows begin with a pipe, so that a row with a label first is none."""
    return token.type == "table_open" and token.map is not None and lines[token.map[0]].lstrip().startswith("|")


def _run_on_marks(span: Sequence[int], lines: Sequence[str]) -> Iterator[_Mark]:
    """Find labels right below a list, a quote or a table, which for Markdown go on with its last line."""
    for number in range(span[0] + 1, span[1]):
        match = _LABEL.match(lines[number])
        if match and not lines[number][0].isspace():
            yield _label_mark(number, match.end(), match)


def _list_item_marks(number: int, lines: Sequence[str]) -> Iterator[_Mark]:
    marker = _LIST_MARKER.match(lines[number])
    match = _LABEL.match(lines[number], marker.end()) if marker else None
    if match and match["marked"]:
        yield _label_mark(number, match.end(), match, indented=True)


def _label_mark(number: int, column: int, match: re.Match[str], *, indented: bool = False) -> _Mark:
    label = (match["marked"] or match["plain"]).lower()
    return _Mark(number, number, column, label=label, is_plain=bool(match["plain"]), indented=indented)


def _section_below(above: Sequence[tuple[int, _Section]], mark: _Mark) -> _Section:
    for _, section in above:
        section.is_parent = True
    has_subject = above[0][0] == 1 if above else mark.level == 1
    return _Section(mark.line, (*(section.headings[-1] for _, section in above), mark.title), has_subject)


def _stretch(lines: Sequence[str], mark: _Mark, following: _Mark) -> tuple[str, int]:
    """Return the text between two marks, without a rule at its end, and the line, from 0, on which it begins."""
    if mark.body >= following.line:
        return "", mark.body
    first, *rest = lines[mark.body : following.line]
    below = dedent("\n".join(rest)) if mark.indented else "\n".join(rest)
    stretch = [first[mark.column :], *below.split("\n")]
    while stretch and (not stretch[-1].strip() or _RULE.fullmatch(stretch[-1])):
        stretch.pop()
    skipped = next((number for number, line in enumerate(stretch) if line.strip()), 0)
    return "\n".join(stretch[skipped:]).rstrip(), mark.body + skipped


def _collect(section: _Section, mark: _Mark, stretch: tuple[str, int]) -> None:
    text, line = stretch
    if not text.strip():
        return
    if mark.label == _ASKED_AS:
        section.asked_as += tuple(_phrases(text))
        return
    slot = _SLOT_OF.get(mark.label)
    earlier = section.entries.get(slot)
    section.entries[slot] = (
        Entry(slot, f"{earlier.text}\n\n{text}", earlier.line) if earlier else Entry(slot, text, line + 1)
    )


def _phrases(text: str) -> Iterator[str]:
    """Yield the phrases of a text; its line breaks part them only where nothing else does."""
    parts = _PHRASE_END.split(text)
    for part in parts if len(parts) > 1 else text.split("\n"):
        if phrase := " ".join(_LIST_MARKER.sub("", part).split()).strip(" \"'"):
            yield phrase


def _topic(section: _Section, name: str) -> Topic:
    headings = section.headings
    if not section.has_subject or (len(headings) == 1 and not section.is_parent):
        headings = (name, *headings)
    elif len(headings) == 1:
        headings = (*headings, *headings)
    return Topic(
        subject=headings[0],
        title=headings[-1],
        entries=tuple(section.entries.values()),
        line=section.line + 1,
        parents=headings[1:-1],
        asked_as=section.asked_as,
    )
