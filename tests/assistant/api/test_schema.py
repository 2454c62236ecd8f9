"""The OpenAPI document: valid, made from the records, and what is served."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
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


@pytest.mark.parametrize("document", ["openapi.json", "docs"])
def test_document_that_a_client_has_is_not_sent_again(reader: TestClient, document: str) -> None:
    etag = reader.get(document).headers["etag"]
    again = reader.get(document, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert reader.get(document, headers={"If-None-Match": '"another"'}).status_code == 200


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


def test_a_field_is_described_by_what_the_code_says_of_it() -> None:
    described = openapi()["components"]["schemas"]["Evidence"]["properties"]
    assert described["line"]["description"] == "Where the passage begins in the file, counted from 1."
    assert "counted from 1" in DOCS.read_text(encoding="utf-8")
    unsaid = [operation.name for operation in OPERATIONS if not operation.description.endswith(".")]
    assert unsaid == []


def test_null_is_called_so_and_not_as_python_has_it() -> None:
    assert not re.search(r"\bNone\b", document_text())


def subschemas(schema: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 (whatever JSON holds)
    """Yield every object within a schema, itself included."""
    if isinstance(schema, dict):
        yield schema
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for value in inner:
        yield from subschemas(value)


def test_generated_clients_can_name_the_values_of_every_choice() -> None:
    choices = [schema["enum"] for schema in subschemas(openapi()) if isinstance(schema.get("enum"), list)]
    assert len(choices) > 1
    assert all(len({value.casefold() for value in values}) == len(values) for values in choices)


def test_generated_clients_have_one_type_of_slot_and_of_anchor() -> None:
    schemas = openapi()["components"]["schemas"]
    for name in ("Slot", "Anchor"):
        assert [schema for schema in subschemas(openapi()) if schema == schemas[name]] == [schemas[name]]
