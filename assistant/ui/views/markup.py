"""note text -> HTML that cannot run or load anything: a passage marked, code coloured (home of pygments)"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from html import escape, unescape
from textwrap import dedent
from types import MappingProxyType
from typing import Final, NamedTuple

from markupsafe import Markup
from pygments import lex
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType
from pygments.util import ClassNotFound

from index.markdown import (
    BOX,
    atomic_blocks,
    block_head,
    formulas,
    inline_html,
    is_drawn,
    text_blocks,
    to_html_with_pictures,
)
from index.records import Span

LONGEST_EXCERPT: Final = 1_200
"""Characters of an entry that a card shows around what it is shown for: about a screen of a phone."""

LONGEST_TEXT: Final = 200_000
"""Characters of an entry that the topic's own page shows: beyond, a browser takes seconds."""

NOWHERE: Final[Mapping[str, str]] = MappingProxyType({})
"""Where links lead that lead to no topic."""


class Embeds(NamedTuple):
    """What is shown of what a text embeds, by its address: an address as Markdown writes it, or `[[` and a name."""

    pictures: Mapping[str, Markup]
    notes: Mapping[str, Markup]


NOTHING: Final = Embeds(MappingProxyType({}), MappingProxyType({}))
"""What is embedded is its words."""

LONGEST_CODE: Final = 20_000
"""Characters of a code block that are coloured: the slowest lexers take a tenth of a second for so much."""

_OPEN, _CLOSE = "⸨", "⸩"  # punctuation, so that emphasis beside them is still emphasis
_BLOCK_START: Final = re.compile(rf"\s*(?:(?:[-*+>]|\d+[.)]|#{{1,6}}|{BOX})\s+)*")
ITEM: Final = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
"""What an item of a list begins with."""
_SIGNED: Final = re.compile(rf"{_OPEN}(.*?){_CLOSE}", re.DOTALL)
_UNFINISHED_ROW: Final = re.compile(r"[^\n`]*\|[^\n`]*\n?\Z")
_CELL: Final = re.compile(r"[^\s|](?:[^|\n]*[^\s|])?")
_BLOCK_TAG: Final = re.compile(r"</?(?:p|li|ul|ol|pre|table|t[rdh]|blockquote|h\d)\b")
_CELL_TAG: Final = re.compile(r'<(t[dh])(?=(?: style="[^"]*")?>([^\n]*)</t[dh]>)')
LONG_CELL: Final = 48
"""Characters from which on a narrow screen would break a cell of a table into a word a line."""
_TAG: Final = re.compile(r"<[^>]*>")
_DIRECTED_TAG: Final = re.compile(r"<(p|li|ul|ol|h[1-6]|blockquote|table|td|th)\b")
_FROM_THE_RIGHT: Final = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""A letter of Hebrew, Arabic, Syriac, Thaana or N'Ko."""
_HTML_CODE_BLOCK: Final = re.compile(r'<pre><code class="language-([^"\s]+)">([^<]*)</code></pre>')
_HTML_LINK: Final = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_PICTURE: Final = re.compile(r'<span data-picture="([^"]*)"[^>]*>(.*?)</span>', re.DOTALL)
_WIDTH: Final = re.compile(r' data-width="(\d+)"')
_EMBEDDED_ALONE: Final = re.compile(r'(<p><a href="(\[\[[^"]*)" data-embed=""[^>]*>[^<]*</a></p>)')
_ANY_EMBED: Final = re.compile(r'<span data-picture="([^"]*)"|<a href="(\[\[[^"]*)" data-embed')
_LINK_TAG: Final = re.compile(r"</?a\b[^>]*>")
_QUOTE_SIGN: Final = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_BLOCK_QUOTE: Final = re.compile(r"(?:[ \t]*(?:>.*)?(?:\n|\Z))*")
_PICTURE_LINE: Final = re.compile(
    r"^[ \t]*!(?:\[\[[^\[\]\n]*\]\]|\[(?:[^\[\]\n]*\.(?:png|jpe?g|gif|webp|svg|bmp))?\]\([^()\n]*\))[ \t]*(?:\n|\Z)",
    re.MULTILINE | re.IGNORECASE,
)
"""A line of nothing but an embedded file, or a picture that is described by its file's name: no part of an answer."""
_IN_BACKTICKS: Final = re.compile(r"`([^`\n]+)`")
_BLANK_LINE: Final = re.compile(r"\n[ \t]*\n")

_CLASSES: Final = (
    (Comment, "c"),
    (Keyword, "k"),
    (String, "s"),
    (Number, "m"),
    (Name.Function, "n"),
    (Name.Class, "n"),
    (Name.Builtin, "n"),
    (Name.Decorator, "n"),
    (Name.Tag, "n"),
    (Name.Attribute, "n"),
)
"""Kinds of tokens, and the class in `style.css` that gives each its colour."""


class Excerpt(NamedTuple):
    """A part of a text, and where in it the marked span now stands."""

    text: str
    marked: Span | None
    is_cut: bool


def highlighted_html(
    text: str,
    marked: Span | None = None,
    leads: Mapping[str, str] = NOWHERE,
    embeds: Embeds = NOTHING,
) -> Markup:
    r"""Return Markdown as safe HTML, what is read of a span marked in each of its blocks, and code coloured.

    A link to another note leads where `leads` says, else it is words: to the app, its address means nothing. What is
    embedded is shown as `embeds` says, by its address, and else is words as well.

    >>> str(highlighted_html("Stop. *Go* on.", (6, 14)))
    '<p>Stop. <mark><em>Go</em> on.</mark></p>\n'
    >>> str(highlighted_html("[Go](go.md)", leads={"go.md": "?topic=1"}))
    '<p><a href="?topic=1">Go</a></p>\n'
    """
    html = []
    fragments = _EMBEDDED_ALONE.split(_highlighted(text, marked))
    for before, paragraph, target in zip(fragments[::3], [*fragments[1::3], ""], [*fragments[2::3], ""], strict=True):
        note = embeds.notes.get(unescape(target))  # it is more than fits a line
        html += [
            _with_links_and_pictures(before, leads, embeds),
            note or _with_links_and_pictures(paragraph, leads, embeds),
        ]
    return trusted(_directed("".join(html)))


def _with_links_and_pictures(html: str, leads: Mapping[str, str], embeds: Embeds) -> str:
    return _PICTURE.sub(partial(_embedded_picture, embeds), _HTML_LINK.sub(partial(_leading, leads, embeds), html))


def _embedded_picture(embeds: Embeds, match: re.Match[str]) -> str:
    picture = embeds.pictures.get(unescape(match[1]))
    is_cut = "mark>" in match[2]  # what is marked begins or ends within its words
    if picture is not None and not is_cut:
        return _placed(picture, match)
    return match[2] if is_cut else _absent(match[2])


def _absent(words: str) -> str:
    """Return the words of what is embedded and cannot be shown, told from the sentence around them."""
    return f'<span class="ta-absent">{words}</span>' if words else ""


def _placed(picture: str, match: re.Match[str]) -> str:
    """Return a picture as wide as its note says, and on a line of its own where it stands on one there."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    size = f'width="{width[1]}" ' if (width := _WIDTH.search(match[0])) else ""
    of_line = " ta-alone" if before in {"", "\n", ">"} and after in {"", "\n", "<"} else ""
    return str(picture).replace('<img class="ta-picture"', f'<img {size}class="ta-picture{of_line}"', 1)


def embedded(text: str) -> list[str]:
    """Return the addresses of what a text embeds, in order: of pictures, and `[[` with the name of a note or file.

    >>> embedded("![A cat](cat.png), `![no](no.png)` and ![[Note#Part|shown]]")
    ['cat.png', '[[Note#Part']
    """
    return [unescape(match[1] or match[2]) for match in _ANY_EMBED.finditer(_highlighted(text, None))]


def trusted(html: str) -> Markup:
    """Return text as HTML that no template escapes: for what was escaped when it was made, and nothing else."""
    return Markup(html)  # noqa: S704 (the one place where text becomes HTML)


def _directed(html: str) -> str:
    """Let each block run from the side from which its script is read, where any is read from the right."""
    return _DIRECTED_TAG.sub(r'<\1 dir="auto"', html) if _FROM_THE_RIGHT.search(html) else html


@lru_cache(maxsize=512)
def _highlighted(text: str, marked: Span | None) -> str:
    html = _marked_html(text, marked) if marked else to_html_with_pictures(text)
    return _CELL_TAG.sub(_wide_enough, _HTML_CODE_BLOCK.sub(_code_block, html))


def _wide_enough(cell: re.Match[str]) -> str:
    """Return the tag of a cell, with room for its words if they are many."""
    return f'{cell[0]} class="ta-wide"' if len(unescape(_TAG.sub("", cell[2]))) >= LONG_CELL else cell[0]


@lru_cache(maxsize=2048)
def line_html(text: str) -> Markup:
    """Return a line of Markdown as safe HTML; its links to other notes are words."""
    html = _HTML_LINK.sub(partial(_leading, NOWHERE, NOTHING), inline_html(text))
    return trusted(f'<span dir="auto">{html}</span>' if _FROM_THE_RIGHT.search(html) else html)


def sentence_html(text: str, head: str = "") -> Markup:
    r"""Return a sentence that answers as safe HTML; as blocks if it is an item, or if a list or code goes with it.

    `head` is that of the table whose row it is, or the fence above that code. The `>` of a quote that it was taken out
    of are not shown.

    >>> str(sentence_html("He stays\n> *for* now.")), str(sentence_html("Who:\n> - Ann"))
    ('He stays\n<em>for</em> now.', '<div class="ta-text"><p>Who:</p>\n<ul>\n<li>Ann</li>\n</ul>\n</div>')
    """
    text = _PICTURE_LINE.sub("", unquoted(text)) or text
    first, line_end, rest = text.partition("\n")
    html: str = highlighted_html(f"{head}{text}" if head else f"{first}{line_end}{dedent(rest)}")
    line = html.strip().removeprefix("<p>").removesuffix("</p>")
    is_line = not head and not ITEM.match(text) and not (line_end and _BLOCK_TAG.search(line))
    return line_html(text) if is_line else trusted(f'<div class="ta-text">{html}</div>')


def unquoted(text: str) -> str:
    """Return a sentence without the `>` that each line after its first has in a quote."""
    first, line_end, rest = text.partition("\n")
    return f"{first}{line_end}{_QUOTE_SIGN.sub('', rest)}" if _BLOCK_QUOTE.fullmatch(rest) else text


def plain_html(line: str) -> Markup:
    r"""Return a line without marks as HTML; its formulas are drawn, one of several lines only if it is all.

    >>> str(plain_html(r"If $x < 1$, then $$\begin{align} x \end{align}$$."))
    'If <code class="math">$x &lt; 1$</code>, then ….'
    """
    fragments: list[str] = []
    end = 0
    for start, stop in formulas(line):
        formula = line[start:stop]
        drawn = "…" if r"\begin" in formula and formula != line else f'<code class="math">{escape(formula)}</code>'
        fragments += [escape(line[end:start], quote=False), drawn]
        end = stop
    return trusted("".join((*fragments, escape(line[end:], quote=False))))


def command_html(text: str) -> Markup:
    """Return words of the app as HTML, with the commands in them set apart.

    >>> str(command_html("<!> Run `topics sync`."))
    '&lt;!&gt; Run <code>topics sync</code>.'
    """
    return trusted(_IN_BACKTICKS.sub(r"<code>\1</code>", escape(text, quote=False)))


@lru_cache(maxsize=2048)
def title_html(title: str) -> Markup:
    """Return a title as it stands inside a link of ours: code and emphasis shown, its own links left as words."""
    return trusted(_LINK_TAG.sub("", line_html(title)))


def excerpt(text: str, marked: Span | None, longest: int = LONGEST_EXCERPT) -> Excerpt:
    r"""Return the blocks of a text around a span, or its first blocks, of about a length; a block is cut only if alone.

    >>> excerpt("one\n\ntwo\n\nthree", (5, 8), longest=5)
    Excerpt(text='two', marked=(0, 3), is_cut=True)
    """
    if len(text) <= longest:
        return Excerpt(text, marked, is_cut=False)
    start, end = _blocks_around(text, marked or (0, 1), longest)
    head = ""
    if end - start > 2 * longest:  # one endless block
        start = max(start, marked[0] - longest // 4) if marked else start
        end = min(end, start + 2 * longest)
        if head := block_head(text, start):  # only whole lines of a table or of code are any
            start = text.rfind("\n", 0, start) + 1
            end = max(text.rfind("\n", start, end), marked[1] if marked else start)
    inside = marked and marked[0] >= start and marked[1] <= end
    moved = len(head) - start
    shifted = (marked[0] + moved, marked[1] + moved) if marked and inside else None
    return Excerpt(head + text[start:end], shifted, is_cut=True)


def _blocks_around(text: str, span: Span, longest: int) -> Span:
    blocks = list(_block_spans(text))
    first = next((at for at, (_, end) in enumerate(blocks) if end > span[0]), len(blocks) - 1)
    last = first
    while last + 1 < len(blocks) and blocks[last][1] < span[1]:
        last += 1
    while True:
        if first and blocks[last][1] - blocks[first - 1][0] <= longest:
            first -= 1
        elif last + 1 < len(blocks) and blocks[last + 1][1] - blocks[first][0] <= longest:
            last += 1
        else:
            return blocks[first][0], blocks[last][1]


def _block_spans(text: str) -> Iterator[Span]:
    """Yield the stretches between blank lines; code and tables stay whole."""
    whole = atomic_blocks(text)
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        if not any(first < gap.start() < end - 1 for first, end in whole) and text[start : gap.start()].strip():
            yield start, gap.start()
            start = gap.end()
    yield start, len(text)


def _marked_html(text: str, marked: Span) -> str:
    if _OPEN in text or _CLOSE in text:
        return to_html_with_pictures(text)
    signed = text
    for start, end in reversed(_markable(text, marked)):
        signed = f"{signed[:start]}{_OPEN}{signed[start:end]}{_CLOSE}{signed[end:]}"
    html = to_html_with_pictures(signed)
    if any(_BLOCK_TAG.search(inside) for inside in _SIGNED.findall(html)):
        return to_html_with_pictures(text)
    return html.replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")


def _markable(text: str, marked: Span) -> list[Span]:
    """Return the parts of a span that can be marked, in order: in each block, what a person reads; in a row, cells."""
    parts: list[Span] = []
    for block in text_blocks(text):
        start, end = max(block.start, marked[0]), min(block.end, marked[1])
        if start >= end or block.kind == "head":
            continue
        if block.kind == "prose":
            opening = _BLOCK_START.match(text, start, end)
            parts.append((opening.end() if opening else start, end))
        elif _UNFINISHED_ROW.match(text, start, end):
            parts += [cell.span() for cell in _CELL.finditer(text, start, end)]
    return [(start, end) for start, end in parts if start < end]


def _leading(leads: Mapping[str, str], embeds: Embeds, link: re.Match[str]) -> str:
    target, words = unescape(link[1]), link[2]
    if target in embeds.pictures and "data-embed" in link[0]:
        return _placed(embeds.pictures[target], link)
    if target in leads:
        return f'<a href="{escape(leads[target])}">{words}</a>'
    if _ELSEWHERE.match(target):
        return link[0]
    return _absent(words) if "data-embed" in link[0] and "mark>" not in words else words


def _code_block(block: re.Match[str]) -> str:
    """Return code with its colours; folded where its reader knows what it draws, and not the code."""
    code = _coloured(block)
    if not is_drawn(unescape(block[1])):
        return code
    return f'<details class="ta-drawn"><summary>Made by {block[1]}: its code</summary>{code}</details>'


def _coloured(block: re.Match[str]) -> str:
    language, code = unescape(block[1]), unescape(block[2])
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False) if len(code) <= LONGEST_CODE else None
    except ClassNotFound:
        lexer = None
    if lexer is None:
        return block[0]
    return f"<pre><code>{''.join(_span(kind, text) for kind, text in lex(code, lexer))}</code></pre>"


def _span(kind: _TokenType, text: str) -> str:
    class_name = next((name for family, name in _CLASSES if kind in family), None)
    return f'<span class="{class_name}">{escape(text)}</span>' if class_name and text.strip() else escape(text)


def first_span(spans: Sequence[Span]) -> Span | None:
    """Return the span to mark, where there is one."""
    return spans[0] if spans else None
