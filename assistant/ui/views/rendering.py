"""values -> HTML: the templates beside this file, which escape whatever is not HTML already (home of jinja2)"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.place import Place
from assistant.ui.views.dates_and_numbers import number
from assistant.ui.views.markup import command_html, sentence_html, title_html, trusted

TEMPLATES: Final = Path(__file__).with_name("templates")

_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,  # a misspelt name is an error, not an empty place on the page
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_ENVIRONMENT.filters |= {
    "command_html": command_html,
    "number": number,
    "sentence_html": sentence_html,
    "title_html": title_html,
    "topic_link": lambda topic_id: Place(topic=topic_id).link,
}


def render(template: str, **values: object) -> Markup:
    """Return a template filled in: text is escaped, and HTML that another template or `markup` made stands as it is."""
    return trusted(_ENVIRONMENT.get_template(f"{template}.html").render(values))


def joined(parts: Iterable[Markup]) -> Markup:
    """Return several HTML fragments as one."""
    return Markup("").join(parts)
