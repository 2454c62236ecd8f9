"""Writes what the HTTP API serves of itself: its OpenAPI document and the page made from it; `make docs` runs it."""

from __future__ import annotations

from typing import Final

from assistant.api.documentation import docs_html
from assistant.api.routes import DOCS, OPENAPI
from assistant.api.schema import document_text, openapi

STALE: Final = "the records have changed: run `make docs`"


def main() -> None:
    OPENAPI.write_text(document_text(), encoding="utf-8")
    DOCS.write_text(docs_html(openapi()), encoding="utf-8")


if __name__ == "__main__":
    main()
