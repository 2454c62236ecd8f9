r"""what Markdown and its dialects write that is not seen as it stands: a rule each, with an example

A rule looks no further ahead than to the next mark of its kind, so that time grows with the text, whatever it holds.
Patterns are verbose regular expressions: a space is written as `[ ]`. The name of the group that matches says what is
seen of markup (`index/markdown/plain.py`); where no group is named, nothing is.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Rule(NamedTuple):
    """One way to write something that is not seen as it stands."""

    example: str
    seen: str
    """What a person sees of the example; white space in a row counts as one space."""
    pattern: str


PICTURE_SIZE: Final = r"\|\d{1,4}(?:x\d{1,4})?+"
"""What says behind the words of a picture how wide it is, and how high: `|300`, `|300x200`."""
BOX: Final = r"\[[ xX/<>!?*+\"-]\]"
"""What a task begins with: open, done, given up, moved or marked in one of the ways that Obsidian's themes show."""

MATHEMATICS: Final = r"""
    \\\( (?=[^\\\n]*+(?:(?<=[=^+*<>])|\\[A-Za-z])|[^\\\n]*?(?:[=^+*<>]|/\d|\d/)|\s*+[A-Za-z]\s*+\\\))
        (?:[^\\\n]|\\[^()\[\]\n])++ \\\)
  | \\\[ (?=[^\\\]]*?(?:[=^]|\\[A-Za-z])) (?:[^\\\n]|\\[^()\[\]\n]|\n(?![ \t]*\n))++ \\\]
"""
"""Mathematics between the brackets of LaTeX; a bracket that is only escaped has words inside."""

RULED: Final = r"[ \t>]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+"
"""The line below the head of a table."""

_BRACKETED: Final = r"[^\[\]]*+(?:\[[^\[\]]*+\][^\[\]]*+)*+"
_LINK_DESTINATION: Final = r"""
    \( \s*+ (?:<[^<>\n]*+>|[^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)*+)
       (?:\s++(?:"[^"\n]*+"|'[^'\n]*+'|\([^()\n]*+\)))? \s*+ \)
"""
_REFERENCE_LABEL: Final = r"\[[^\[\]\n]*+\]"
"""What a link gives instead of its address, which stands somewhere else."""
_BLOCK_TAGS: Final = (
    "blockquote|br|dd|details|div|dl|dt|figcaption|figure|h[1-6]|hr|li|ol|option|p|pre|summary|table|td|th|tr|ul"
)
_INLINE_TAGS: Final = (
    "a|abbr|b|big|center|cite|code|del|em|font|i|iframe|img|input|ins|kbd|label|mark|picture|q|s|samp|section|small"
    "|source|span|strong|sub|sup|svg|tbody|thead|time|tt|u|var|video"
)

CODE: Final = r"(?:```(?s:.*?)(?:```|\Z) | ~~~(?s:.*?)(?:~~~|\Z) | `[^`\n]++`)"
"""Code in a line, or between fences, in which nothing else is markup."""
TABLE_PADDING: Final = r"""
    (?:(?<=\|[ \t])[ \t]++ | [ \t]+(?=[ \t]\|) | (?<=\|-{3})-++ | (?<=\|[ ]-{3})-++ | (?<=\|:-{2})-++(?!:))
"""
"""What makes the columns of a table as wide as its source shows them."""
HTML_TAG: Final = rf"(?i:</?(?:{_BLOCK_TAGS}|{_INLINE_TAGS})\b[^<>]*+>)"

_ATTRIBUTE: Final = r"""(?:[.:\#][\w:-]*+|[\w:-]++=(?:"[^"\n]*+"|'[^'\n]*+'|[^\s{}"']++))"""
"""What a link, a picture or a word is given in braces, for how it looks: a class, an id, a value."""

LINE_RULES: Final = (
    Rule("a\n\n_ _ _\n\nb", "a b", r"[ \t]*+ (?P<rule>[-*_]) (?:[ \t]*+(?P=rule)){2,}+ [ \t]*+ $"),
    Rule("Title\n=====", "Title", r"[ \t]*+ (?:=++|-{2,}+) [ \t]*+ $"),
    Rule("::: warning\nHot.\n:::", "Hot.", r"[ \t]*+ :{3,}+ [^\n]*+ $"),
    Rule("a\n:-: | :-:\nb", "a b", rf"{RULED} (?:\n|$)"),
    Rule(
        "> [!note]- 1. Wear gloves",
        "Wear gloves",
        r"[ \t]*+ (?:>[ \t]*+)++ (?:\[!\w[^\[\]\n]*+\][-+]?+[ \t]*+)?+ (?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?+",
    ),
    Rule("- [x] Sow beans", "Sow beans", rf"[ \t]*+ (?:[-*+]|\d{{1,9}}[.)]) [ \t]++ (?:{BOX}[ \t]++)?+"),
    Rule("### Beans", "Beans", r"[ \t]*+ \#{1,6} [ \t]++"),
    Rule(
        '!!! tip "Water early"',
        '"Water early"',
        r"""[ \t]*+ (?:!!!|\?\?\?\+?+) [ \t]++ (?=\w) (?:[\w\ -]*+(?="))?+""",
    ),
    Rule("[^1]: From the almanac", "From the almanac", r"[ \t]*+ \[\^[^\[\]\s]++\]: [ \t]*+"),
    Rule(
        "a\n\n[seeds]: https://seeds.example 'Seeds'",
        "a",
        r"""[ ]{0,3} \[[^\[\]\n]++\]: [ \t]*+ \S++ (?:[ \t]++["'(][^\n]*+)?+ $""",
    ),
)
"""What begins a line, or is all of it: the thematic break; what stands below a heading; the fence of a block; the line
below the head of a table; quotes and callouts; items and tasks; headings; admonitions; footnotes; where links of a name
lead."""

LINE_MARKS: Final = "^(?:" + "|".join(rule.pattern for rule in LINE_RULES) + ")"

INLINE_RULES: Final = (
    Rule("a {octicon}`star` b", "a b", r"\{(?:octicon|material-[a-z]++|fa[a-z-]*+)\}`[^`\n]++`"),
    Rule(
        "see {ref}`how to sow <sowing>`",
        "see how to sow",
        r"\{[A-Za-z][\w:.+-]*+\}`(?P<titled>[^`<>\n]*[^`<>\s])[ ]*+<[^`<>\n]++>`",
    ),
    Rule(
        "call {py:func}`~garden.beans.sow`",
        "call sow",
        r"\{[A-Za-z][\w:.+-]*+\}`(?:~(?:[^`\n.]*+\.)*+|!)?+(?P<role>[^`\n]++)`",
    ),
    Rule("run `git status` now", "run git status now", r"(?<!`)`(?P<code>[^`\n]++(?:\n(?![ \t]*\n)[^`\n]++)*+)`(?!`)"),
    Rule("``a = b``", "a = b", r"(?<!`)``(?!`)[ ]?(?P<ticked>(?:[^`]|(?<!`)`(?!`))++)``(?!`)"),
    Rule(
        "so $x^2 = 4$ holds",
        "so $x^2 = 4$ holds",
        rf"""(?P<math>{MATHEMATICS}
          | \$\$(?:[^$\n]|\n(?![ \t]*\n))++\$\$ | (?<!\d)\$(?=[^\s$])(?:[^\\$\n]|\\.)++(?<!\s)\$(?!\w))""",
    ),
    # it ends at the first possible end
    Rule("a <!-- later --> b", "a b", r"<!--(?:(?!-->|<!--)(?s:.))*+(?:<!--(?:(?!-->|<!--)(?s:.))*+){0,9}+-->"),
    Rule("a <% tp.date.now() %> b", "a b", r"<%(?:(?!%>|<%)(?s:.))*+%>"),
    Rule("a {/* later */} b", "a b", r"\{/\*(?:(?!\*/)(?s:.))*+\*/\}"),
    Rule("a %%later%% b", "a b", r"(?<!\S)%%(?:(?!%%)(?s:.))++%%(?!\S)"),
    Rule(
        "a <style>p { color: red }</style> b",
        "a b",
        r"(?i:<(?:script|style)\b[^<>]*+>(?:(?!</?(?:script|style)\b)(?s:.))*+</(?:script|style)\s*+>)",
    ),
    Rule(r"5 \+ 3", "5 + 3", r"\\(?P<escaped>[!-/:-@\[-`{-~])"),
    Rule("first\\\nsecond", "first second", r"\\$"),
    Rule(
        "see [[Beans#Sowing|how to sow]]",
        "see how to sow",
        r"!?\[\[(?P<page>[^\[\]|\n]*+(?:\|(?P<shown>[^\[\]\n]*+))?+)\]\]",
    ),
    Rule(
        "![a bean|300](bean.png)",
        "a bean",
        rf"!\[(?P<alt>(?:(?!{PICTURE_SIZE}\])[^\[\]])*+)(?:{PICTURE_SIZE})?+\](?:{_LINK_DESTINATION}|{_REFERENCE_LABEL})",
    ),
    Rule("[beans](beans.md 'All of them')", "beans", rf"\[(?!\^)(?P<text>{_BRACKETED})\]{_LINK_DESTINATION}"),
    Rule("[beans][seeds]", "beans", rf"(?<![\w\]])\[(?!\^)(?P<named>{_BRACKETED})\]{_REFERENCE_LABEL}"),
    Rule("beans[^1] grow", "beans grow", r"\[\^[^\[\]\s]++\]"),
    Rule("<https://seeds.example>", "https://seeds.example", r"<(?P<address>[A-Za-z][\w+.-]*+[:@][^<>\s]++)>"),
    Rule(
        '<img src="b.png" alt="a bean">',
        "a bean",
        r"""(?i:<img\b[^<>]*?\balt=["'](?P<described>[^"'<>]*+)["'][^<>]*+>)""",
    ),
    Rule("a<br>b", "a b", rf"(?P<gap>(?i:</?(?:{_BLOCK_TAGS})\b[^<>]*+>))"),
    Rule("<b>bold</b>", "bold", rf"(?i:</?(?:{_INLINE_TAGS})\b[^<>]*+>)"),
    Rule("a</note> b", "a b", r"</[A-Za-z][\w.-]*+\s*+>"),
    Rule("a <note/> b", "a b", r"<[A-Za-z][\w.-]*+(?:\s[^<>=]*+=[^<>]*+|\s*+/)>"),
    Rule(
        "salt &amp; pepper",
        "salt & pepper",
        r"(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)",
    ),
    Rule("a *b", "a b", r"(?<![0-9A-Za-z*])\*{1,3}+(?=[^\s*])"),
    Rule("b* a", "b a", r"(?<=[^\s*])\*{1,3}+(?![0-9A-Za-z*])"),
    Rule("un**believ", "unbeliev", r"(?<=[A-Za-z])\*\*(?=[A-Za-z])"),
    Rule(
        "a _very_ good",
        "a very good",
        r"(?<!\w)(?P<stress>_{1,3}+)(?=\S)(?P<stressed>[^_\n]++)(?<=\S)(?P=stress)(?!\w)",
    ),
    Rule("a ~~b", "a b", r"~~(?=[^\s~])"),
    Rule("b~~ a", "b a", r"(?<=[^\s~])~~"),
    Rule("a ==b", "a b", r"(?<![=\w])==(?=[^\s=])"),
    Rule("b== a", "b a", r"(?<=[^\s=])==(?![=\w])"),
    Rule("a #garden note", "a garden note", r"(?<!\S)\#(?=[^\W\d])"),
    Rule("Beans ##", "Beans", r"(?<=[ \t])\#++[ \t]*+$"),
    Rule("sow in May ^sowing", "sow in May", r"(?<!\S)\^[A-Za-z0-9-]++[ \t]*+$"),
    Rule("Beans {#beans .old}", "Beans", r"\{[\#:.][^{}\n]*+\}[ \t]*+$"),
    Rule(
        "a :bean:{ .icon title=bean } b",
        "a :bean: b",
        rf"(?<=[)\]`*_:]) \{{[ ]*+ {_ATTRIBUTE} (?:[ ]++ {_ATTRIBUTE})*+ [ ]*+\}}",
    ),
    Rule("a {{< figure >}} b", "a b", r"\{\{[<%][^{}\n]*[%>]\}\}"),
    Rule("a {% include seeds.md %} b", "a b", r"\{%[^{}\n]*%\}"),
    Rule("press ++ctrl+s++", "press ctrl+s", r"(?<![\w+])\+\+(?P<keys>[\w-]++(?:\+[\w-]++)*+)\+\+(?![\w+])"),
    Rule("a ^^b", "a b", r"(?<!\S)\^\^(?=[^\s^])"),
    Rule("b^^ a", "b a", r"(?<=[^\s^])\^\^(?![\w^])"),
    Rule("a :material-sprout: b", "a b", r"(?<!\w):(?:material|octicons|fontawesome|simple)-[a-z\d-]++:"),
)
"""What stands within a line: code and mathematics; comments and what a template fills in; escaped characters and
breaks; links, pictures and footnotes; HTML; emphasis, which begins and ends by rules of their own; tags, the end of a
heading, the name of a block, attributes and shortcodes; keys, icons and what else the tools of documentation know."""

INLINE_MARKS: Final = r"(?=[`<%\\!\[&*_~=\#|^{$+:])(?:" + "|".join(f"\n{rule.pattern}" for rule in INLINE_RULES) + ")"
