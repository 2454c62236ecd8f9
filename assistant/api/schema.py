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
from assistant.api.components import REF, by_name, component_schemas
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

PROBLEMS: Final = {
    400: "The body is no JSON.",
    401: "A password or token is needed.",
    403: "Another page may not ask.",
    404: "There is no such topic; `near` are those that may have been meant.",
    413: f"The body is longer than {MAX_BODY_BYTES // 1024} KiB, or a batch has more than {MAX_LINES} lines.",
    415: "The body is of another kind than JSON.",
    421: "The server does not answer to the name it was asked by.",
    422: "A value is not allowed: `errors` names the fields.",
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
    description: str
    """What it gives and when to use it: programs that make tools of operations show it to their model."""
    answers: type
    parameters: type = NoParameters
    problems: tuple[int, ...] = ALWAYS
    by_query: bool = True
    """Whether its parameters stand in the query string; otherwise they are the body."""


ASK: Final = (
    "Ask the notes a question in plain words; do this first. Gives the passage that answers, word for word, with its "
    "file and line and how sure that is, and the nearest topics. Where `answered` is false, the notes do not say."
)
SEARCH: Final = (
    "Find topics by keywords or a question, the best first, where several are wanted. Pass `next` as `start` for more."
)

OPERATIONS: Final = (
    Operation("get", "/ask", "ask", "Ask a question", ASK, Answer, AskParameters),
    Operation(
        "post", "/ask", "askWithBody", "Ask a question, or a batch of them line by line", ASK, Answer,
        AskParameters, (*ALWAYS, *WITH_BODY), by_query=False,
    ),
    Operation("get", "/search", "search", "Find topics, a page of them", SEARCH, SearchPage, SearchParameters),
    Operation(
        "post", "/search", "searchWithBody", "Find topics, a page of them", SEARCH, SearchPage,
        SearchParameters, (*ALWAYS, *WITH_BODY), by_query=False,
    ),
    Operation(
        "post", "/write", "write", "Put the answer in words",
        "Have the model server that was named at the start put the answer in words; each sentence is checked.",
        InWords, AskParameters, (*ALWAYS, *WITH_BODY, 501), by_query=False,
    ),
    Operation(
        "get", "/topics/{id}", "topic", "Read a topic as a whole",
        "Read a whole topic as Markdown and by entry, with the topics before and after it in its file.",
        WholeTopic, problems=(*ALWAYS, 404),
    ),
    Operation(
        "get", "/topics/{id}/related", "related", "Find related topics",
        "List the topics that belong beside one, with what they share.",
        RelatedPage, RelatedParameters, (*ALWAYS, 404),
    ),
    Operation(
        "get", "/contents", "contents", "List subjects and topics, a page of them",
        "List all subjects with their sizes, and topics page by page: what the notes are about, not what they say. "
        "Pass `next` as `start` for more.",
        ContentsPage, ContentsParameters,
    ),
    Operation(
        "get", "/status", "status", "See what is read",
        "List the sources, the files that were left out and why, and what changed since the last sync.", Status,
    ),
    Operation(
        "post", "/sync", "sync", "Read what changed in the notes",
        "Read what changed in the notes, waiting up to `wait` seconds; 202 says that it goes on: send it again.",
        SyncState, SyncParameters,
    ),
    Operation(
        "get", "/health", "health", "See whether questions are answered",
        "See whether questions are answered; needs no password, and says nothing of the notes.",
        Health, problems=(403, 421),
    ),
)  # fmt: skip


def openapi() -> dict[str, Any]:
    """Return the document, as OpenAPI 3.1 has it."""
    answered = {operation.answers for operation in OPERATIONS} | {ProblemDetails}
    bodies = {operation.parameters for operation in OPERATIONS if not operation.by_query}
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
            "schemas": component_schemas(answered, bodies),
            "securitySchemes": {
                "password": {"type": "http", "scheme": "basic", "description": "Any user name, and the password."},
                "token": {"type": "http", "scheme": "bearer", "description": "The token, or the password."},
            },
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
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
            "description": "The id of a result, or path:line. An id stays while its file, headings and order do.",
        }
    ]
    schema = TypeAdapter(operation.parameters).json_schema() if operation.by_query else {}
    in_query = [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": by_name(
                {key: value for key, value in _not_null(property_).items() if key not in {"title", "description"}}
            ),
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
