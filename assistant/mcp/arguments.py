"""what each tool is called with: names, types and limits, checked by pydantic, described in few words"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from assistant.faults import fault_message
from assistant.mcp.refusals import Refusal

MAX_SENSIBLE_LIMIT: Final = 2_000
"""A limit beyond is met by no call that means well."""
CHECKED: Final = ConfigDict(extra="forbid")


def _slot_typed(name: object) -> object:
    """Take a slot in any case, and an empty one as none: models send it where they want no filter."""
    return (name.lower() or None) if isinstance(name, str) else name


Question: TypeAlias = Annotated[str, Field(min_length=1, max_length=2000)]
Subject: TypeAlias = Annotated[str, Field(max_length=3000, description="Only this subject")]
Filter: TypeAlias = Annotated[
    str,
    Field(
        max_length=3000,
        description="Only such notes: folder:recipes tag:bread source:work kind:pdf after:2026-09 -word",
    ),
]
SameFilter: TypeAlias = Annotated[str, Field(max_length=3000, description="As in `ask`")]
Id: TypeAlias = Annotated[str, Field(min_length=1, max_length=4200, description="id of a result, or path:line")]
SlotFilter: TypeAlias = Annotated[Literal["what", "how", "example"] | None, BeforeValidator(_slot_typed)]
Start: TypeAlias = Annotated[int, Field(ge=0, le=10_000)]
Limit: TypeAlias = Annotated[int, Field(ge=1, le=20)]


@checked(frozen=True, config=CHECKED)
class AskArguments:
    """What `ask` is called with."""

    question: Question
    subject: Subject | None = None
    filter: Filter | None = None
    limit: Limit = 3


@checked(frozen=True, config=CHECKED)
class SearchArguments:
    """What `search` is called with."""

    query: Question
    subject: Subject | None = None
    filter: SameFilter | None = None
    slot: SlotFilter = None
    limit: Limit = 5
    start: Start = 0


@checked(frozen=True, config=CHECKED)
class FetchArguments:
    """What `fetch` is called with."""

    id: Id
    from_line: Annotated[int, Field(ge=1, le=10**9, description="`next_line` of the part before")] = 1
    max_lines: Annotated[int, Field(ge=1, le=1000)] = 120


@checked(frozen=True, config=CHECKED)
class RelatedArguments:
    """What `related` is called with."""

    id: Id
    limit: Limit = 5


@checked(frozen=True, config=CHECKED)
class ContentsArguments:
    """What `contents` is called with."""

    subject: Subject | None = None
    start: Annotated[int, Field(ge=0, le=10**9, description="`next` of the page before")] = 0


def input_schema(adapter: TypeAdapter[Any]) -> dict[str, Any]:
    """Return the schema of arguments without what a model need not read: titles, and limits that it never comes to."""
    schema = adapter.json_schema()
    properties = {name: _plain_schema(property_) for name, property_ in schema["properties"].items()}
    required = {"required": schema["required"]} if "required" in schema else {}
    return {"type": "object", "properties": properties, **required}


def _plain_schema(schema: dict[str, Any]) -> dict[str, Any]:
    chosen = next((choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}), schema)
    simplified = {**chosen, **({"default": schema["default"]} if schema.get("default") is not None else {})}
    return {
        name: value for name, value in simplified.items() if name not in {"title", "minLength"} and not _is_far(value)
    }


def _is_far(value: object) -> bool:
    return isinstance(value, int) and value > MAX_SENSIBLE_LIMIT


def checked_arguments(adapter: TypeAdapter[Any], record: type, given: object) -> Any:  # noqa: ANN401 (that record)
    """Return the arguments of a call as the record of the tool.

    Raises:
        Refusal: they are not as they may be; it says which and how.

    """
    try:
        return adapter.validate_python(given)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'arguments'}: {fault_message(fault, record)}"
            for fault in error.errors()
        )
        raise Refusal(f"The arguments are wrong. {wrong}. Correct that and call again.") from error
