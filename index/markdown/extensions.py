"""what notes write beyond CommonMark -> rules for markdown-it: wikilinks, tasks, comments (home of markdown-it-py)

What is shown of such markup is what is embedded of it (`plain.py`), but for what is more than words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, image

from index.markdown.plain import visible_extension, visible_text, without_size
from index.markdown.rules import BOX, MATHEMATICS

_CALLOUT: Final = re.compile(r"\[!(?P<kind>\w[^\[\]\n]*)\][-+]?[ \t]*(?P<title>[^\n]*)\n?")
_TASK: Final = re.compile(rf"{BOX}[ \t]+")
_WIKILINK: Final = re.compile(r"!?\[\[([^\[\]|\n]+)(?:\|[^\[\]\n]*)?\]\]")
_FOOTNOTE: Final = re.compile(r"\[\^(?P<name>[^\[\]\s]+)\](?P<colon>:[ \t]*)?")
_MATHEMATICS: Final = re.compile(MATHEMATICS, re.VERBOSE)
_LINE_BREAK: Final = re.compile(r"<br\b[^<>]*>\n?", re.IGNORECASE)
_SET_APART: Final = re.compile(r"<(?P<tag>kbd|sub|sup)>(?P<text>[^<>\n]+)</(?P=tag)>", re.IGNORECASE)
_BEGINS_ALONE: Final = re.compile(r"[^\w\n*]*(?:(?:\*\*|__)(?=\S)|\d{1,2}[:.]\d\d\b|\w[\w -]*::(?!\S))")
"""Bold text, a time or a field (`status:: done`)."""
_IS_PROSE: Final = re.compile(r"[.!?,;…][\s\"'”’)*_]*\Z")
"""How a line of prose ends where it does not just run out of room."""
NARROWEST: Final = 60
"""Characters in which a word has room for certain: prose is wrapped at 60 at the least."""
_OPENING_CHARACTERS: Final = "<%=^!{+:"
"""The characters that begin markup which CommonMark does not know."""

_BOXES: Final = {"x": "☑ ", "X": "☑ ", "-": "☒ ", ">": "☐ → ", "<": "☐ ← ", "!": "☐ ! ", "?": "☐ ? "}
"""What is shown of a task; any other is open."""

_ADMONITION: Final = {
    "admonition": ("<blockquote>\n", "</blockquote>\n"),
    "admonition_title": ("<p><strong>", "</strong></p>\n"),
}

PICTURES: Final = "pictures"
"""The key in the parser's environment that asks for pictures and embedded notes instead of their words."""

_COMMENTS: Final = {"%%": "%%", "<!--": "-->"}
"""What comments begin with, and what ends each."""

_Write: TypeAlias = Callable[[StateInline, "re.Match[str]"], None]
"""Adds to a line what is shown of a match."""


def comments(parser: MarkdownIt) -> None:
    """Teach a parser to pass over comments: from `%%` to `%%`, and from `<!--` to `-->`."""
    parser.block.ruler.before("fence", "comment", _comment, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def note_blocks(parser: MarkdownIt) -> None:
    """Teach a parser which blocks notes write beyond CommonMark: comments, footnotes, and how admonitions look."""
    parser.use(comments)
    parser.block.ruler.at("reference", _link_reference, {"alt": []})
    for kind, (opening, closing) in _ADMONITION.items():
        parser.add_render_rule(f"{kind}_open", _written(opening))
        parser.add_render_rule(f"{kind}_close", _written(closing))


def note_signs(parser: MarkdownIt) -> None:
    """Teach a parser what else notes write beyond CommonMark."""
    parser.inline.ruler.before("escape", "mathematics", _rule(_MATHEMATICS, _write_mathematics))
    parser.inline.ruler.before("link", "footnote", _rule(_FOOTNOTE, _write_footnote))
    parser.inline.ruler.before("link", "callout", _rule(_CALLOUT, _write_callout, only_first=True))
    parser.inline.ruler.before("link", "task", _rule(_TASK, _write_task, only_first=True))
    parser.inline.ruler.before("link", "picture", _picture_rule)
    parser.inline.ruler.before("link", "wikilink", _rule(_WIKILINK, _write_wikilink))
    parser.inline.ruler.before("link", "line_break", _rule(_LINE_BREAK, _write_line_break))
    parser.inline.ruler.before("link", "set_apart", _rule(_SET_APART, _write_set_apart))
    parser.inline.ruler.before("link", "extension", _extension_rule)
    parser.core.ruler.push("lines", _keep_lines)


def _comment(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Pass over a comment from the beginning of a line to its closing mark, wherever in a line that stands.

    What follows on that line is text. A comment on a line of its own does not part the paragraph around it.
    """
    start = state.bMarks[first] + state.tShift[first]
    opening = {"%": "%%", "<": "<!--"}.get(state.src[start : start + 1], "")
    opening = opening if opening and state.src.startswith(opening, start) else ""
    comment_end = _comment_end(state, start, opening, end) if opening else None
    if not comment_end:
        return False
    last, rest = comment_end
    if silent:
        return last > first or opening != "%%"
    has_rest = rest < state.eMarks[last]
    if has_rest:
        state.bMarks[last], state.tShift[last] = rest, 0
    state.line = last if has_rest else last + 1
    return state.line > first


def _comment_end(state: StateBlock, start: int, opening: str, end: int) -> tuple[int, int] | None:
    """Return the line on which a comment ends, and where on it the text begins that follows; None where it has no end.

    `%%` ends one before a space alone. Where one is never closed, nor is what is opened further below: looking again
    would take as long for each.
    """
    closing = _COMMENTS[opening]
    if (opening, end) in state.env.get("unclosed", ()):
        return None
    at = state.src.find(closing, start + 2, state.eMarks[end - 1])  # `<!-->` is a comment
    if at < 0:
        state.env.setdefault("unclosed", set()).add((opening, end))
        return None
    rest = at + len(closing)
    if opening == "%%" and not state.src[rest : rest + 1].isspace() and rest < len(state.src):
        return None
    last = bisect_right(state.bMarks, at, hi=end) - 1
    while rest < state.eMarks[last] and state.src[rest].isspace():
        rest += 1
    return last, rest


def _link_reference(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    is_footnote = state.src.startswith("[^", state.bMarks[first] + state.tShift[first])
    return not is_footnote and reference(state, first, end, silent)


def _written(html: str) -> Callable[..., str]:
    return lambda *_: html


def _rule(pattern: re.Pattern[str], write: _Write, *, only_first: bool = False) -> Callable[[StateInline, bool], bool]:
    """Return a rule that writes what a pattern matches, or only what it matches at the beginning of a block."""

    def rule(state: StateInline, silent: bool) -> bool:
        match = None if only_first and state.pos else pattern.match(state.src, state.pos, state.posMax)
        if match and not silent:
            write(state, match)
        state.pos = match.end() if match else state.pos
        return bool(match)

    return rule


def _write_callout(state: StateInline, match: re.Match[str]) -> None:
    """Show the title of a callout, or else its kind, on a line of its own."""
    _enclose(state, "strong", visible_text(match["title"]).strip() or match["kind"].capitalize())
    if match.end() < state.posMax:
        state.push("hardbreak", "br", 0)


def _write_task(state: StateInline, match: re.Match[str]) -> None:
    """Show a box: ticked for what is done, crossed out for what was given up."""
    state.push("text", "", 0).content = _BOXES.get(match[0][1], "☐ ")


def _write_footnote(state: StateInline, match: re.Match[str]) -> None:
    """Show a footnote's number, raised, where it is marked and before its text; a name counts in its order."""
    begins = state.pos == 0 or state.src[state.pos - 1] == "\n"
    numbers = state.env.setdefault("footnotes", {})
    number = match["name"] if match["name"].isdigit() else numbers.setdefault(match["name"], str(len(numbers) + 1))
    _enclose(state, "sup", number)
    if match["colon"]:
        state.push("text", "", 0).content = " " if begins else match["colon"]


def _write_mathematics(state: StateInline, match: re.Match[str]) -> None:
    token = state.push("code_inline", "code", 0)
    token.content, token.attrs["class"] = match[0], "math"


def _write_wikilink(state: StateInline, match: re.Match[str]) -> None:
    """Show a link to a note, or the name of an embedded file; its address is `[[` and what it names."""
    target = match[1].strip()
    marks = {"data-embed": ""} if match[0][0] == "!" and PICTURES in state.env else {}
    if marks and (width := without_size(match[0].removesuffix("]]"))[1]):
        marks["data-width"] = width
    _enclose(state, "a", visible_text(match[0]).strip() or target, kind="link", href=f"[[{target}", **marks)


def _picture_rule(state: StateInline, silent: bool) -> bool:
    """Make a picture of an embedded file if the environment asks for pictures; else the words that describe it."""
    return PICTURES in state.env and state.src.startswith("![", state.pos) and image(state, silent)


def _write_line_break(state: StateInline, match: re.Match[str]) -> None:
    state.push("hardbreak", "br", 0)


def _write_set_apart(state: StateInline, match: re.Match[str]) -> None:
    """Show keys to press, and what stands below or above the line, as such."""
    _enclose(state, match["tag"].lower(), visible_text(match["text"]))


def _extension_rule(state: StateInline, silent: bool) -> bool:
    """Show what is seen of any other markup that CommonMark does not know."""
    may_begin = state.src[state.pos] in _OPENING_CHARACTERS
    extension = visible_extension(state.src, state.pos, state.posMax) if may_begin else None
    if not extension:
        return False
    if not silent and extension.text:
        state.push("text", "", 0).content = extension.text
    state.pos = extension.end
    return True


def _keep_lines(state: StateCore) -> None:
    """Leave the lines of a list without bullets lines."""
    for block in state.tokens:
        lines = block.content.split("\n") if block.type == "inline" else ()
        if len(lines) > 1 and (begin_alone(lines) or broken_by_hand(lines)):
            for token in block.children or ():
                token.type = "hardbreak" if token.type == "softbreak" else token.type


def begin_alone(lines: Sequence[str]) -> bool:
    """Say whether each line of a paragraph begins as an item of its own does."""
    return all(map(_BEGINS_ALONE.match, lines))


def broken_by_hand(lines: Sequence[str]) -> bool:
    """Say whether the lines of a paragraph end where somebody ended them: most had room for the next word.

    Few may end as a part of a sentence does, and the last may not: prose can be short of any width.

    >>> broken_by_hand(["Alarm code 2291", "Wifi: tulip-field", "bins go out on Tuesday"])
    True
    """
    width = max(NARROWEST, *map(len, lines))
    had_room = [len(line) + 1 + len(below.strip().partition(" ")[0]) <= width for line, below in pairwise(lines)]
    prose = [bool(_IS_PROSE.search(line)) for line in lines]
    return 2 * sum(had_room) > len(had_room) and 4 * sum(prose) < len(prose) and not prose[-1]


def _enclose(state: StateInline, tag: str, text: str, *, kind: str = "", **attributes: str) -> None:
    state.push(f"{kind or tag}_open", tag, 1).attrs.update(attributes)
    state.push("text", "", 0).content = text
    state.push(f"{kind or tag}_close", tag, -1)
