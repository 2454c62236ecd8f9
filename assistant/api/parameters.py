"""what a request may say: names, types and limits, checked by pydantic (home of pydantic)"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Final, TypeAlias, TypeVar, cast

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from assistant.answering import DEFAULT_LIMIT
from assistant.discovery import LIMIT as RELATED_LIMIT
from assistant.faults import fault_message
from assistant.server import Problem
from assistant.service import AskRequest
from index.records import SLOT_NAMED, Slot
from index.retrieval import parse_filters

MAX_QUESTION: Final = 2_000
"""Characters of a question: the model reads fewer, and says so."""
MAX_TOPICS: Final = 100
MAX_LISTED: Final = 1_000
DEFAULT_LISTED: Final = 100
MAX_START: Final = 10_000
MAX_WAIT: Final = 60

TEXTS: Final = frozenset({"question", "query", "subject", "slot", "id", "after", "filter"})
"""The parameters that are text, and so stand in a query string as they are."""

CHECKED: Final = ConfigDict(extra="forbid")


def _none_if_empty(name: object) -> object:
    """Take an empty name as none: models send one where they want no filter."""
    return None if name == "" else name


def _slot_in_any_case(name: object) -> object:
    return SLOT_NAMED.get(name.lower(), name) if isinstance(name, str) else name


Question: TypeAlias = Annotated[
    str, Field(min_length=1, max_length=MAX_QUESTION, description="In your own words; subject: and slot: may filter.")
]
SubjectName: TypeAlias = Annotated[
    Annotated[str, Field(max_length=500)] | None,
    BeforeValidator(_none_if_empty),
    Field(description="Only topics of this subject, in any case."),
]
SlotFilter: TypeAlias = Annotated[
    Annotated[Slot, BeforeValidator(_slot_in_any_case)] | None,
    BeforeValidator(_none_if_empty),
    Field(description="Only entries in this slot, in any case."),
]
Filter: TypeAlias = Annotated[
    str,
    Field(
        max_length=MAX_QUESTION,
        description="Only notes such as these, as typed: folder:recipes tag:bread kind:pdf after:2026-09 -word",
    ),
]
Topics: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=MAX_TOPICS, description="Topics at most.")]
Start: TypeAlias = Annotated[
    int, Field(ge=0, le=MAX_START, description="Topics to leave out: `next` of the page before.")
]
AsTyped: TypeAlias = Annotated[bool, Field(strict=True, description="Take no word for a misspelling.")]


@checked(frozen=True, config=CHECKED)
class AskParameters:
    """A question, with its filters."""

    question: Question
    limit: Topics = DEFAULT_LIMIT
    subject: SubjectName = None
    slot: SlotFilter = None
    as_typed: AsTyped = False
    filter: Filter = ""
    after: Annotated[
        str, Field(max_length=MAX_QUESTION, description="The question before it, for one that leans on that.")
    ] = ""
    journal: Annotated[bool, Field(strict=True, description="Keep the question in the journal.")] = False
    id: Annotated[str | None, Field(max_length=500, description="Given back with the answer.")] = None

    @property
    def request(self) -> AskRequest:
        """What is asked of the service."""
        return AskRequest(
            self.question,
            limit=self.limit,
            subject=self.subject,
            slot=self.slot,
            as_typed=self.as_typed,
            notes=parse_filters(self.filter, date.today()),
            after=self.after,
        )


@checked(frozen=True, config=CHECKED)
class SearchParameters:
    """A question whose topics are wanted, with its filters."""

    query: Question
    limit: Topics = DEFAULT_LIMIT
    start: Start = 0
    subject: SubjectName = None
    slot: SlotFilter = None
    as_typed: AsTyped = False
    filter: Filter = ""

    @property
    def request(self) -> AskRequest:
        """What is asked of the service."""
        notes = parse_filters(self.filter, date.today())
        return AskRequest(self.query, self.limit, self.subject, self.slot, self.as_typed, notes)


@checked(frozen=True, config=CHECKED)
class RelatedParameters:
    """How many topics are wanted beside one."""

    limit: Topics = RELATED_LIMIT


@checked(frozen=True, config=CHECKED)
class ContentsParameters:
    """Which part of the table of contents is wanted."""

    subject: SubjectName = None
    limit: Annotated[int, Field(strict=True, ge=1, le=MAX_LISTED, description="Topics at most.")] = DEFAULT_LISTED
    start: Annotated[
        int, Field(strict=True, ge=0, le=10**9, description="Topics to leave out: `next` of the page before.")
    ] = 0


@checked(frozen=True, config=CHECKED)
class SyncParameters:
    """How long the answer to a sync may be waited for."""

    wait: Annotated[int, Field(strict=True, ge=0, le=MAX_WAIT, description="Seconds to wait until all is read.")] = 0


@checked(frozen=True, config=CHECKED)
class NoParameters:
    """Nothing may be said."""


Parameters = TypeVar("Parameters")


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a request."""

    field: str
    message: str


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(kind)  # type: ignore[arg-type]


def checked_parameters(kind: type[Parameters], given: object) -> Parameters:
    """Return what a request says.

    Raises:
        Problem: it says what it may not, field by field.

    """
    try:
        checked_value: Parameters = _adapter(cast("Hashable", kind)).validate_python(given)
    except ValidationError as error:
        raise _unfit(error.errors(), kind) from error
    return checked_value


def _unfit(faults: list[Any], kind: type) -> Problem:
    """Return the problem of fields that are not as they may be."""
    wrong = [
        {"field": ".".join(map(str, fault["loc"])) or "body", "message": fault_message(fault, kind)} for fault in faults
    ]
    message = "; ".join(f"{field['field']}: {field['message']}" for field in wrong)
    return Problem(422, f"{message}.", errors=wrong)


def of_query(query: Mapping[str, str]) -> dict[str, object]:
    """Return the values of a query string: numbers and yes or no are read as JSON, as in `limit=3`.

    Yes and no may be written as Python writes them: programs that put values into an address do.
    """
    return {name: value if name in TEXTS else _json_value(value) for name, value in query.items()}


def _json_value(text: str) -> object:
    try:
        return json.loads(text.lower() if text in {"True", "False"} else text)
    except (ValueError, RecursionError):
        return text
