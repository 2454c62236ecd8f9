"""The API as chat programs call it that make tools of an OpenAPI document, Open WebUI among them.

A tool is an operation by its id; what a model gives it is put into the address as Python writes it, or sent as JSON.
"""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.conftest import NOTES

QUESTION = "how do I settle merge conflicts?"


@pytest.fixture
def tools(reader: TestClient) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Return the method, path and operation of each tool that the document names."""
    paths = reader.get("openapi.json").json()["paths"]
    operations = ((method, path, operation) for path, methods in paths.items() for method, operation in methods.items())
    return {operation["operationId"]: (method, path, operation) for method, path, operation in operations}


def call(reader: TestClient, tool: tuple[str, str, dict[str, Any]], **given: object) -> Any:  # noqa: ANN401 (JSON)
    method, path, operation = tool
    places = {parameter["name"]: parameter["in"] for parameter in operation.get("parameters", ())}
    for name in [name for name, place in places.items() if place == "path"]:
        path = path.replace(f"{{{name}}}", str(given.pop(name)))
    query = "&".join(f"{name}={value}" for name, value in given.items() if name in places)
    address = f"{path.removeprefix('/')}{'?' if query else ''}{query}"
    response = reader.post(address, json=given) if method == "post" else reader.get(address)
    assert response.status_code == 200, response.text
    return response.json()


def test_each_tool_of_the_recipe_answers(reader: TestClient, tools: dict[str, Any]) -> None:
    answer = call(reader, tools["askWithBody"], question=f"{QUESTION} & #now?", limit=2)
    found = call(reader, tools["searchWithBody"], query="merge conflicts", limit=1)["results"]
    assert answer["hits"][0]["id"] == found[0]["id"]
    assert call(reader, tools["topic"], id=found[0]["id"])["topic"] == found[0]["topic"]
    assert call(reader, tools["related"], id=found[0]["id"], limit=1)["id"] == found[0]["id"]
    assert len(call(reader, tools["contents"])["topics"]) == NOTES.count("\n## ")


def test_yes_and_no_may_be_written_as_python_writes_them(reader: TestClient, tools: dict[str, Any]) -> None:
    assert call(reader, tools["ask"], question=QUESTION, as_typed=True, journal=False)["answered"]
