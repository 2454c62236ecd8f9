"""the OpenAPI document -> a page that people read, without scripts and with nothing from elsewhere

`make docs` writes it to `docs.html`, which is what the API serves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

TEMPLATE: Final = "docs.jinja"


def docs_html(document: dict[str, Any]) -> str:
    """Return an OpenAPI document as a page."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    schemas = document["components"]["schemas"]
    environment.filters["kind"] = lambda schema: linked(kind_of(schema), schemas)
    return environment.get_template(TEMPLATE).render(document=document, schemas=schemas)


def linked(kind: str, names: Iterable[str]) -> Markup:
    """Return a kind of value in which the name of each record leads to it.

    >>> linked("list of Related", ["Related", "RelatedPage"])
    Markup('list of <a href="#Related">Related</a>')
    """
    name = rf"\b(?:{'|'.join(names)})\b"
    return Markup(re.sub(name, r'<a href="#\g<0>">\g<0></a>', str(escape(kind))))  # noqa: S704 (escaped just before)


def kind_of(schema: dict[str, Any]) -> str:
    """Return what kind of value a schema allows, in a few words.

    >>> kind_of({"type": "array", "items": {"$ref": "#/components/schemas/TopicResult"}}), kind_of({"type": "integer"})
    ('list of TopicResult', 'integer')
    >>> kind_of({"anyOf": [{"type": "string"}, {"type": "null"}]}), kind_of({"enum": ["what", "how"]})
    ('string or null', 'what, how')
    >>> kind_of({"type": "integer", "minimum": 1, "maximum": 100}), kind_of({"type": "string", "maxLength": 9})
    ('integer, 1 to 100', 'string, at most 9 characters')
    """
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(map(kind_of, schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}" if "items" in schema else "list"
    kind = str(schema.get("type", "any"))
    if "maximum" in schema:
        return f"{kind}, {schema['minimum']:,} to {schema['maximum']:,}"
    return f"{kind}, at most {schema['maxLength']:,} characters" if "maxLength" in schema else kind
