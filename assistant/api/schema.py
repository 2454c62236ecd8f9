"""the OpenAPI document, made from the records themselves: what is asked, what is answered, what may go wrong

`make docs` writes it to `openapi.json`, which is what the API serves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from pydantic import TypeAdapter

from assistant.answer import Answer
from assistant.answering import InWords
from assistant.api.bodies import EVENTS, JSON, MAX_BODY_BYTES, MAX_LINES, NDJSON
from assistant.api.parameters import (
    AskParameters,
    ContentsParameters,
    NoParameters,
    RelatedParameters,
    SearchParameters,
    SyncParameters,
)
from assistant.api.records import Health, ProblemDetails, SyncState
from assistant.operations import Status
from assistant.server import API
from assistant.service import ContentsPage, RelatedPage, SearchPage, WholeTopic

REF: Final = "#/components/schemas/{model}"

PROBLEMS: Final = {
    400: "The body is no JSON, or the address has a name that is not known.",
    401: "A password or token is needed.",
    403: "Another page may not ask.",
    404: "There is no such topic; `near` are those that may have been meant.",
    413: f"The body is longer than {MAX_BODY_BYTES // 1024} KiB, or a batch has more than {MAX_LINES} lines.",
    415: "The body is of another kind than JSON.",
    421: "The server does not answer to the name it was asked by.",
    422: "A value is not as it may be; `errors` names the fields.",
    429: "More is asked at once than can be answered: ask again after `Retry-After` seconds.",
    501: "No model server was named when the server was started.",
    503: "The library is being opened, or cannot be: ask again after `Retry-After` seconds.",
}
ALWAYS: Final = (401, 403, 421, 422, 429, 503)
"""What may go wrong with every question."""
WITH_BODY: Final = (400, 413, 415)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked."""

    method: str
    path: str
    name: str
    summary: str
    answers: type
    parameters: type = NoParameters
    problems: tuple[int, ...] = ALWAYS
    by_query: bool = True
    """Whether its parameters stand in the query string; otherwise they are the body."""


OPERATIONS: Final = (
    Operation("get", "/ask", "ask", "Ask a question", Answer, AskParameters),
    Operation(
        "post", "/ask", "askWithBody", "Ask a question, or a batch of them line by line", Answer,
        AskParameters, (*ALWAYS, *WITH_BODY), by_query=False,
    ),
    Operation("get", "/search", "search", "Find topics, a page of them", SearchPage, SearchParameters),
    Operation(
        "post", "/search", "searchWithBody", "Find topics, a page of them", SearchPage,
        SearchParameters, (*ALWAYS, *WITH_BODY), by_query=False,
    ),
    Operation(
        "post", "/write", "write", "Have a model server put the answer in words, each sentence checked", InWords,
        AskParameters, (*ALWAYS, *WITH_BODY, 501), by_query=False,
    ),
    Operation("get", "/topics/{id}", "topic", "Read a topic as a whole", WholeTopic, problems=(*ALWAYS, 404)),
    Operation(
        "get", "/topics/{id}/related", "related", "Find the topics that belong beside one", RelatedPage,
        RelatedParameters, (*ALWAYS, 404),
    ),
    Operation(
        "get", "/contents", "contents", "List subjects and topics, a page of them", ContentsPage,
        ContentsParameters,
    ),
    Operation("get", "/status", "status", "See what is read, what was skipped and why", Status),
    Operation(
        "post", "/sync", "sync", "Read what changed in the notes", SyncState, SyncParameters,
    ),
    Operation("get", "/health", "health", "See whether questions are answered", Health, problems=(403, 421)),
)  # fmt: skip


def openapi() -> dict[str, Any]:
    """Return the document, as OpenAPI 3.1 has it."""
    answered = {operation.answers for operation in OPERATIONS} | {ProblemDetails}
    bodies = {operation.parameters for operation in OPERATIONS if not operation.by_query}
    schemas = _schemas(answered, "serialization") | _schemas(bodies, "validation")
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Topic Assistant",
            "version": version("topic-assistant"),
            "summary": "Ask your own notes a question and get the passage that answers it.",
            "description": "Within `/api/v1` only additions are made. What is asked is not kept, unless asked for.",
        },
        "servers": [{"url": API}],
        "security": [{}, {"password": []}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "password": {"type": "http", "scheme": "basic", "description": "Any user name, and the password."},
                "token": {"type": "http", "scheme": "bearer", "description": "The token, or the password."},
            },
        },
    }


def _schemas(kinds: set[type], mode: Any) -> dict[str, Any]:  # noqa: ANN401 (a literal of pydantic's)
    """Return the schemas of records by their names, described by what their fields say in the code."""
    adapters: list[Any] = [(kind, mode, TypeAdapter(kind)) for kind in sorted(kinds, key=lambda kind: kind.__name__)]
    _, document = TypeAdapter.json_schemas(adapters, ref_template=REF)
    schemas: dict[str, Any] = document["$defs"]
    if mode == "serialization":
        for name, schema in schemas.items():
            if name != ProblemDetails.__name__:  # of which only what is known is told
                schema["required"] = list(schema["properties"])  # every field is there, whatever it defaults to
    return schemas


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "responses": _responses(operation),
    }
    listed = _parameters(operation)
    if listed:
        described["parameters"] = listed
    if not operation.by_query:
        described["requestBody"] = _request_body(operation)
    if operation.path == "/health":
        described["security"] = [{}]
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    in_path = [
        {
            "name": "id",
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
            "description": "A topic's id: stable as long as its file, headings and order stay.",
        }
    ]
    schema = TypeAdapter(operation.parameters).json_schema() if operation.by_query else {}
    in_query = [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": {
                key: value for key, value in _not_null(property_).items() if key not in {"title", "description"}
            },
            "description": property_.get("description") or _not_null(property_).get("description", ""),
        }
        for name, property_ in schema.get("properties", {}).items()
    ]
    return (in_path if "{id}" in operation.path else []) + in_query


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a value where one is given: in a query string, none is not written."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    return choices[0] if choices else schema


def _request_body(operation: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {JSON: {"schema": _ref(operation.parameters)}}
    if operation.path == "/ask":
        content[NDJSON] = {"schema": {"type": "string", "description": f"A question a line, {MAX_LINES} at most."}}
    return {"required": True, "content": content}


def _responses(operation: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {JSON: {"schema": _ref(operation.answers)}}
    if operation.path == "/ask" and not operation.by_query:
        content[NDJSON] = {"schema": {"type": "string", "description": "An answer a line, or what is wrong with it."}}
    if operation.path == "/write":
        description = "An event with every sentence, the last one called `done`; the data of each is an InWords."
        content = {EVENTS: {"schema": {"type": "string", "description": description}}}
    responses: dict[str, Any] = {"200": {"description": operation.answers.__doc__ or "", "content": content}}
    if operation.path == "/sync":
        responses["202"] = {"description": "It is still going on.", "content": content}
    if operation.path == "/health":
        responses["503"] = {"description": "Not yet, or not at all.", "content": content}
    for status in sorted(operation.problems):
        problem = {"application/problem+json": {"schema": _ref(ProblemDetails)}}
        responses[str(status)] = {"description": PROBLEMS[status], "content": problem}
    return responses


def _ref(kind: type) -> dict[str, str]:
    return {"$ref": REF.format(model=kind.__name__)}


def document_text() -> str:
    """Return the document as it is checked in."""
    return json.dumps(openapi(), indent=1, ensure_ascii=False) + "\n"
