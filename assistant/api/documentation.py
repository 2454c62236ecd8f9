"""the OpenAPI document -> a page that people read, without scripts and with nothing from elsewhere

`make docs` writes it to `docs.html`, which is what the API serves.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

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
    environment.filters["kind"] = kind_of
    return environment.get_template(TEMPLATE).render(document=document, schemas=document["components"]["schemas"])


def kind_of(schema: dict[str, Any]) -> str:
    """Return what kind of value a schema allows, in a word or two.

    >>> kind_of({"type": "array", "items": {"$ref": "#/components/schemas/TopicResult"}}), kind_of({"type": "integer"})
    ('list of TopicResult', 'integer')
    >>> kind_of({"anyOf": [{"type": "string"}, {"type": "null"}]}), kind_of({"enum": ["what", "how"]})
    ('string or null', 'what, how')
    """
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(map(kind_of, schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}" if "items" in schema else "list"
    return str(schema.get("type", "any"))
