"""which blocks and lines do tools of documentation write that Markdown does not know? A rule each, with an example

A rule looks no further than the line that begins a block; `directives.py` finds where that ends. Patterns are verbose
regular expressions, in which a space is written as `[ ]`; a line is compared without the space around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from index.markdown.rules import Rule

Kind: TypeAlias = Literal["callout", "layout", "picture", "rows", "terms", "code", "formula", "hidden", "verbatim"]
"""What a reader of the page sees of a block: a box with a title, its text below a title, a picture and its caption, the
rows of a table, terms with what they mean, code, mathematics, nothing, or the block as it is written."""

_DIRECTIVE_NAMES: Final[Mapping[Kind, str]] = {
    "callout": "admonition attention caution danger deprecated details dropdown error hint important note seealso tip"
    " todo toggle topic versionadded versionchanged versionremoved warning",
    "layout": "aside block caption card card-carousel centered code-group column column-margin columns compound confval"
    " container csv-table describe div envvar epigraph figure-caption grid grid-item grid-item-card"
    " hlist html line-block margin md-block option panel-tabset pull-quote rubric sidebar slot tab tab-item"
    " tab-set table tabs v-pre",
    "picture": "figure image",
    "rows": "flat-table list-table",
    "terms": "glossary",
    "code": "code code-block code-cell console doctest parsed-literal prompt sourcecode testcode",
    "formula": "math",
    "hidden": "autoclass autodata autoexception autofunction automethod automodule autosummary bibliography contents"
    " currentmodule default-role embed eval-rst highlight ifconfig include index literalinclude meta module plot raw"
    " role sectnum tableofcontents toctree",
}
DIRECTIVES: Final[Mapping[str, Kind]] = {
    name: kind for kind, names in _DIRECTIVE_NAMES.items() for name in names.split()
}
"""By the name of a directive. Any other is a box where it stands between colons, and code where it does in a fence."""


class BlockRule(NamedTuple):
    """One way to write a block: the line that begins it, and what ends it."""

    example: str
    rewritten: str
    pattern: str
    """Of its first line, without the space around that. The groups say what the block is: `name`, `title`, `given`."""
    end: str = "fence"
    """What its last line holds. `fence`: no more than the group of that name; `indented`: it ends above the first line
    that is no further in than the first; nothing: it ends at an empty line."""
    kind: Kind | None = None
    """None where its name says."""


_DIRECTIVE: Final = r"""
    (?: \{ [ ]*+ (?P<name>\.?[\w+-][\w:.+-]*+) (?P<given>[^{}]*+) \} | (?P<bare>[\w-]++) ) [ ]*+
    (?: \[ (?P<bracketed>[^\[\]]*+) \] )?+ (?: \{ (?P<more>[^{}]*+) \} )?+ [ ]*+ (?P<title>.*+)
"""

BLOCK_RULES: Final = (
    BlockRule(
        "::: pump.valves\n    options:\n      members: true",
        "\n\n",
        r":::[ ]++ (?:\w++(?:[.:]\w++)++|mkdocs-[\w-]++)",
        "indented",
        "hidden",
    ),
    BlockRule(
        ":::{warning} In winter\nDrain it.\n:::",
        "> [!warning] In winter\n> Drain it.\n",
        rf"(?P<fence>:{{3,}}+) [ ]*+ {_DIRECTIVE}",
    ),
    BlockRule(
        "/// tip | In winter\nDrain it.\n///",
        "> [!tip] In winter\n> Drain it.\n",
        r"(?P<fence>/{3,}+) [ ]*+ (?P<bare>[\w-]++) [ ]*+ (?:\|[ ]*+(?P<title>.*+))?+",
    ),
    BlockRule(
        "```{code-block} python\n:linenos:\nprint()\n```",
        "\n```python\nprint()\n```",
        rf"(?P<fence>`{{3,}}+|~{{3,}}+) [ ]*+ (?=\{{) {_DIRECTIVE}",
    ),
    BlockRule(
        "- ```sh\n  :::note\n  ```",
        "- ```sh\n  :::note\n  ```",
        r"(?:(?:[-*+]|\d{1,9}[.)])[ ]++)?+ (?P<fence>`{3,}+(?=[^`]*+$)|~{3,}+) .*+",
        kind="verbatim",
    ),
    BlockRule(
        '=== "Linux"\n\n    Run it.',
        "**Linux**\n\nRun it.",
        r"""===[!+]*+ [ ]++ (?P<title>"[^\n]+"|'[^\n]+')""",
        "indented",
        "layout",
    ),
    BlockRule(
        '!!! tip inline "In winter"\n    Drain it.',
        "> [!tip] In winter\n> Drain it.",
        r"""(?:!!!|\?\?\?\+?+) [ ]*+ (?P<bare>[\w-]++) (?:[ ]++[\w-]++)*+ [ ]*+ (?P<title>"[^\n]*"|'[^\n]*')?+""",
        "indented",
        "callout",
    ),
    BlockRule("{/* later\n*/}\nNow.", "\n\nNow.", r"\{/\*.*+", "*/}", "hidden"),
    BlockRule("{% comment %}\nlater\n{% endcomment %}", "\n\n", r"\{%-?+[ ]*+comment\b.*+", "endcomment", "hidden"),
    BlockRule(
        "{% highlight ruby linenos %}\nputs\n{% endhighlight %}",
        "```ruby\nputs\n```",
        r"\{[%{][%<-]?+ [ ]*+ highlight [ ]++ (?P<title>[\w+-]++) .*+",
        "highlight",
        "code",
    ),
    BlockRule("--8<--\nusage.md\n--8<--", "\n\n", r"(?P<fence>-{1,}+8<-{1,}+)", kind="hidden"),
    BlockRule("import {\n  Tabs,\n} from '@theme/Tabs';", "\n\n", r"import [ ]++ \{ [\w\s,$]*+", " from ", "hidden"),
    BlockRule(
        "export const Note = () => (\n  <b/>\n);\n\nNow.",
        "\n\n\n\nNow.",
        r"export [ ]++ (?:default[ ]++)?+ (?: (?:const|let|var|class)[ ]++[\w${[] | function[ ]*+[\w*]*+[ ]*+\( ) .*+",
        "",
        "hidden",
    ),
    BlockRule(
        '<Tabs\n  defaultValue="b">',
        "\n",
        r"<[A-Z][\w.]*+ (?:[ ]++[\w-]++=[^<>]*+)?+",
        ">",
        "hidden",
    ),
)
"""Each is read where it begins a line, in an item of a list, too."""

LINE_RULES: Final = (
    Rule("(pump-target)=", "", r"\( [^()\s][^()\n]*+ \)="),
    Rule('--8<-- "usage.md"', "", r""";?+-{1,}+8<-{1,}+ [ ]++ ["'].*+"""),
    Rule("{!usage.md!}", "", r"\{![^{}\n]*!\}"),
    Rule("{: .wide #pump }", "", r"\{: [^{}\n]*+ \}"),
    Rule("[[_TOC_]]", "", r"(?i: \[\[_?+toc_?+\]\] | \[toc\] | \$\{toc\} )"),
    Rule("* TOC", "", r"[-*+1.]++[ ]++(?i:toc|table[ ]of[ ]contents)"),
    Rule("<<< @/pump.ts{2}", "", r"<<<[ ]++[@./].*+"),
    Rule(
        "import Tabs from '@theme/Tabs';",
        "",
        r"""import [ ]++ (?:[\w\s{},*$]*?[ ]from[ ]++)?+ (?:'[^'\n]++'|"[^"\n]++") ;?+""",
    ),
    Rule('{% tab title="Linux" %}', "**Linux**", r"\{%[^{}\n]*%\}"),
    Rule('{{% notice tip "In winter" %}}', "**In winter**", r"\{\{[<%][^{}\n]*[%>]\}\}"),
    Rule(
        '<TabItem value="a" label="Linux">',
        "**Linux**",
        r"(?:<[A-Z][\w.]*+(?:[ ]++[^<>=]*+=[^<>]*+|[ ]*+/)|</[A-Z][\w.]*+)>",
    ),
)
"""What tells the tool what to do on a line of its own; the title that a tag gives is seen as one."""
