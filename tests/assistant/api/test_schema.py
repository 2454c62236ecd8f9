"""The OpenAPI document: valid, made from the records, and what is served."""

from __future__ import annotations

import json
import re

from openapi_spec_validator import validate
from starlette.testclient import TestClient

from assistant.api.documentation import docs_html
from assistant.api.routes import DOCS, OPENAPI
from assistant.api.schema import OPERATIONS, document_text, openapi
from tests.openapi import STALE


def test_document_is_valid_openapi() -> None:
    validate(json.loads(OPENAPI.read_text(encoding="utf-8")))


def test_what_is_checked_in_is_made_from_the_records_as_they_are() -> None:
    assert OPENAPI.read_text(encoding="utf-8") == document_text(), STALE
    assert DOCS.read_text(encoding="utf-8") == docs_html(openapi()), STALE


def test_document_and_page_are_served(reader: TestClient) -> None:
    assert reader.get("openapi.json").json() == openapi()
    page = reader.get("docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'self'" in page.headers["content-security-policy"]


def test_page_loads_nothing_and_runs_nothing() -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|<img|<iframe|src=|@import|url\(|https?://", page)
    assert all(f'id="{operation.name}"' in page for operation in OPERATIONS)


def test_every_route_is_described(reader: TestClient) -> None:
    described = {(operation.method.upper(), operation.path) for operation in OPERATIONS}
    for method, path in described:
        response = reader.request(method, path.removeprefix("/").replace("{id}", "x"))
        assert response.status_code not in {405, 500}
        assert "There is no such address" not in response.text
