"""Markdown as HTML holds nothing that runs or loads, whatever it is made of."""

from __future__ import annotations

import time
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.markdown.parser import block_head, inline_html, to_html, to_html_with_pictures
from tests.index.hostile import texts


class Tags(HTMLParser):
    """Collects the elements of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


HARMLESS = set(
    (
        "p br hr h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s a kbd sub sup table thead tbody tr th td"
    ).split()
)
RENDERERS = pytest.mark.parametrize("render", [to_html, inline_html])


def assert_harmless(html: str) -> None:
    for tag, attributes in Tags(html).found:
        assert tag in HARMLESS
        assert set(attributes) <= {"href", "title", "class", "start", "style"}
        assert not (attributes.get("href") or "").casefold().lstrip().startswith(("javascript:", "vbscript:", "file:"))
        assert attributes.get("style") in {None, "text-align:left", "text-align:center", "text-align:right"}


@RENDERERS
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![pixel](https://example.org/p.gif)",
        '![pixel][r]\n\n[r]: https://example.org/p.gif "onload=x"',
        "[a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](&#106;avascript:x) [d](\tjavascript:x) [e](<java\nscript:x>)",
        "<javascript:alert(1)> <vbscript:x> [f](vbscript:x) [g](file:///etc/passwd) [h](data:text/html,x)",
        '[a](/u "\\" onclick=\\"x")',
        '```x" onclick="y\nz\n```',
        "| a |\n|:-:|\n| <b onclick=x> |",
        "<style>p{}</style>\n\n<iframe src=x>\n\n<!-- <script> -->",
    ],
)
def test_html_holds_nothing_that_runs_or_loads(render: Callable[[str], str], text: str) -> None:
    assert_harmless(render(text))


ATTACKS = [
    *("<script>", "<img src=x onerror=y>", "<a href=", "javascript:", "java\nscript:", "&#106;avascript:", "onclick=x"),
    *("![", "[", "](", ")", "<", ">", '"', "'", "&lt;", "&#60;", "\n[r]: javascript:x\n", "[r]"),
    *("$", "$$", "\n$$\n", "\n!!! note ", "\n??? ", "\n    ", "[^a]", "\n[^<b>]: ", "\\(", "\\)", "\\[ x=", "\\]"),
    *("data:text/html,", "style=", "[[", "]]", "%%", "==", "[!note]", "[x] ", "<kbd>", "</kbd>", "<sub>", "</sub>"),
]  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(ATTACKS) | texts(3), max_size=12).map("".join))
def test_no_text_becomes_html_that_runs_or_loads(text: str) -> None:
    assert_harmless(to_html(text))
    assert_harmless(inline_html(text))


def test_html_keeps_what_notes_are_made_of() -> None:
    assert to_html("Use `git rebase`, **not** ~~merge~~:\n\n- [a](https://example.org)") == (
        "<p>Use <code>git rebase</code>, <strong>not</strong> <s>merge</s>:</p>\n"
        '<ul>\n<li><a href="https://example.org">a</a></li>\n</ul>\n'
    )
    assert to_html("| a |\n|---|\n| b |") == (
        "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>\n"
    )


@pytest.mark.parametrize("written", [r"$e^{i\pi}\,+1<0$", r"$$a_1*b*c_1\;$$", r"$\{x\}$"])
def test_mathematics_is_shown_as_it_is_written(written: str) -> None:
    assert inline_html(f"So *{written}*.") == f'So <em><code class="math">{escape(written)}</code></em>.'


def test_block_of_mathematics_is_shown_as_it_is_written() -> None:
    assert (
        to_html("So:\n\n$$\na\n+ b\\,c\n$$") == '<p>So:</p>\n<pre><code class="math">$$\na\n+ b\\,c\n$$</code></pre>\n'
    )


@pytest.mark.parametrize("text", ["$5 or $10", "5$ or 10$", "$HOME/$USER", "$_GET, $_POST", "echo $$", "$ a $", "US$"])
def test_dollars_of_prices_and_variables_are_no_mathematics(text: str) -> None:
    assert inline_html(text) == text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[[Ann Lee|Ann]], [[Git#Tags]]", '<a href="[[Ann Lee">Ann</a>, <a href="[[Git#Tags">Git Tags</a>'),
        ("![[board.png|600]] ![a *pic*](b.png)", '<a href="[[board.png">board.png</a> a pic'),
        ("![[board.png|The board|600]] ![a pic|60x40](b.png)", '<a href="[[board.png">The board</a> a pic'),
        ("[[javascript:alert(1)]]", '<a href="[[javascript:alert(1)">javascript:alert(1)</a>'),
        ("==It moved.== a == b ^7f3a2b", "It moved. a == b "),
        ("Seen %% not this %%, nor <!-- that -->this", "Seen %% not this %%, nor this"),
        ("Seen %% not this %% and <b>that</b>", "Seen  and that"),
        ("<kbd>Ctrl</kbd>+<kbd>C</kbd><br>H<sub>2</sub>O", "<kbd>Ctrl</kbd>+<kbd>C</kbd><br />\nH<sub>2</sub>O"),
        ("<kbd onclick=x>C</kbd> <your name>", "C &lt;your name&gt;"),
        ("On <% tp.date.now() %>: {{title}}", "On : {{title}}"),
        ("[x] done, [ ] not a box", "☑ done, [ ] not a box"),
        ("`[[a]] ==b== %% c %% <br>`", "<code>[[a]] ==b== %% c %% &lt;br&gt;</code>"),
    ],
)
def test_what_notes_write_beyond_commonmark_is_shown_as_they_mean_it(text: str, html: str) -> None:
    assert inline_html(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("%%\n# One\n\ntwo\n%%\nThree", "<p>Three</p>\n"),
        ("One\n<!-- two\n\nthree -->\n\nFour", "<p>One</p>\n<p>Four</p>\n"),
        ("%%\nnever closed", "<p>%%<br />\nnever closed</p>\n"),
        ("> [!tip]- Try *this*\n> Well.", "<strong>Try this</strong><br />\nWell."),
        ("09:15 *Up.*\n10:30 Out.", "<p>09:15 <em>Up.</em><br />\n10:30 Out.</p>\n"),
        ("status:: done\ndue:: now", "<p>status:: done<br />\ndue:: now</p>\n"),
        ("09:15 Up, then\nout.", "<p>09:15 Up, then\nout.</p>\n"),
        ("> [!warning]\n> Hot.", "<strong>Warning</strong><br />\nHot."),
        ("- [ ] open\n- [X] done", "<ul>\n<li>☐ open</li>\n<li>☑ done</li>\n</ul>\n"),
    ],
)
def test_comments_are_not_shown_and_callouts_tasks_and_lines_of_a_log_are(text: str, html: str) -> None:
    assert to_html(text).replace("<blockquote>\n<p>", "").replace("</p>\n</blockquote>\n", "") == html


@pytest.mark.parametrize("sign", ["<!--\n", "%%\n%\n", "> <!--\n", "- <!--\n"])
def test_time_grows_with_the_text_where_comments_are_never_closed(sign: str) -> None:
    started = time.process_time()
    to_html(sign * 20_000)
    assert time.process_time() - started < 20  # two seconds at most here; what grows with its square takes minutes


def test_inline_html_has_no_paragraph_around_it() -> None:
    assert inline_html("a `b` <c>") == "a <code>b</code> &lt;c&gt;"


def test_head_of_a_table_is_told_for_its_rows_only() -> None:
    text = "| a |\n|---|\n| 1 |\n\nbetween\n\n- | b |\n  |---|\n  | 2 |"
    assert block_head(text, text.index("| 1")) == "| a |\n|---|\n"
    assert [block_head(text, text.index(part)) for part in ("| a", "|---", "between", "| b", "| 2")] == [""] * 5


def test_head_of_code_is_the_fence_above_it() -> None:
    text = "~~~ sh\nls\n\ncd\n~~~\n\n- ```\n  pwd\n  ```"
    assert block_head(text, text.index("cd")) == "~~~ sh\n"
    assert [block_head(text, text.index(part)) for part in ("~~~", "pwd")] == [""] * 2


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<!-- a --> b", "<p>b</p>\n"),
        ("<!-- a\n\nb --> c", "<p>c</p>\n"),
        ("%% a\n\nb %% c", "<p>c</p>\n"),
        ("%% a %%\nb", "<p>b</p>\n"),
        ("> %%\n> a\n> %%\n> b", "<blockquote>\n<p>b</p>\n</blockquote>\n"),
        ("<!-- a <!-- b --> c", "<p>c</p>\n"),
        ("%% a\n\nb", "<p>%% a</p>\n<p>b</p>\n"),
        ("%% a\nb%%c", "<p>%% a<br />\nb%%c</p>\n"),
    ],
)
def test_comment_ends_at_the_first_sign_of_its_end(text: str, html: str) -> None:
    assert to_html(text) == html


def test_signs_of_comments_that_are_never_closed_take_no_longer_than_the_text_is_long() -> None:
    started = time.perf_counter()
    to_html("<!-- a\n\n%% b\n\n" * 2_000)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Tea[^k], rye[^7].", "<p>Tea<sup>1</sup>, rye<sup>7</sup>.</p>\n"),
        ("[^k]: Hot\n[^l]: Wet", "<p><sup>1</sup> Hot<br />\n<sup>2</sup> Wet</p>\n"),
        ("[^k]: word", "<p><sup>1</sup> word</p>\n"),
        ("[^<b>]", "<p><sup>1</sup></p>\n"),
        (
            '!!! warning "Not *dry*"\n\n    Burns.\n\nAfter.',
            "<blockquote>\n<p><strong>Not <em>dry</em></strong></p>\n<p>Burns.</p>\n</blockquote>\n<p>After.</p>\n",
        ),
        ("??? tip\n    Oil it.", "<blockquote>\n<p><strong>Tip</strong></p>\n<p>Oil it.</p>\n</blockquote>\n"),
        ("Wow!!! Dry.", "<p>Wow!!! Dry.</p>\n"),
        (
            r"\( -b/2a \) (optional\) \[in, out\]",
            r'<p><code class="math">\( -b/2a \)</code> (optional) [in, out]</p>' + "\n",
        ),
        (
            r"\[ \int x^2 \], \(n\)",
            r'<p><code class="math">\[ \int x^2 \]</code>, <code class="math">\(n\)</code></p>' + "\n",
        ),
    ],
)
def test_footnotes_admonitions_and_mathematics_are_shown_as_they_are_meant(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("sign", "box"), [(" ", "☐"), ("x", "☑"), ("-", "☒"), (">", "☐ →"), ("!", "☐ !"), ("/", "☐"), ("*", "☐")]
)
def test_task_has_a_box_whatever_its_state(sign: str, box: str) -> None:
    assert to_html(f"- [{sign}] mow") == f"<ul>\n<li>{box} mow</li>\n</ul>\n"


def test_size_of_a_picture_is_its_width_and_not_among_its_words() -> None:
    shown = '<span data-picture="cat.png" data-width="300">{}</span>'
    assert to_html_with_pictures("![A cat|300](cat.png)") == f"<p>{shown.format('A cat')}</p>\n"
    assert to_html_with_pictures("![|300x200](cat.png)") == f"<p>{shown.format('')}</p>\n"
    assert 'data-embed="" data-width="400"' in to_html_with_pictures("![[cat.png#dark|400]]")
    assert "data-width" not in to_html_with_pictures("![[cat.png|cats]] [[cat.png|400]]")
    assert to_html_with_pictures("![cats|dogs](cat.png)") == '<p><span data-picture="cat.png">cats|dogs</span></p>\n'
