"""Templates that escape, in place of HTML put together by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from assistant.ui.views.markup import trusted
from assistant.ui.views.rendering import TEMPLATES, joined, render
from tests.assistant.ui.html import HOSTILE, assert_harmless


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_filled_in_stands_there_as_text(text: str) -> None:
    html = render("message", message=text) + render("note", sentence=text) + render("facts", facts=[text, text])
    assert_harmless(html + render("source", source={"path": text, "is_sound": True, "name": text}, facts=[text]))


def test_html_that_was_made_here_is_not_escaped_again_and_other_text_beside_it_is() -> None:
    made = render("note", sentence="a < b")
    assert "a &lt; b" in render("alert", shown=made)
    assert made + "<b>" == f"{made}&lt;b&gt;"
    assert joined([trusted("<i>"), trusted("</i>")]) == "<i></i>"


def test_value_that_a_template_misspells_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="sentence"):
        render("note")


def test_no_template_switches_escaping_off_and_no_module_puts_tags_together() -> None:
    for template in TEMPLATES.glob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape", template.read_text(encoding="utf-8")), template.name
    for module in sorted(Path(TEMPLATES).parent.rglob("*.py")):
        if module.name != "markup.py":  # it writes the tags of what a note holds
            assert not re.search(r"""\bf["']{1,3}[^"'\n]*</?[a-z]+[ >]""", module.read_text(encoding="utf-8")), module
