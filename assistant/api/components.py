"""records -> their schemas in the OpenAPI document, described by what stands below their fields in the code"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from itertools import pairwise
from typing import Any, Final, Literal

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import DataclassSchema

from assistant.answering import GATE_ONLY, PromptSource
from assistant.api.records import ProblemDetails
from assistant.location import AnchorJson
from index.records import Slot

REF: Final = "#/components/schemas/{model}"

NAMED: Final = {"Slot": TypeAdapter(Slot).json_schema(), "Anchor": TypeAdapter(AnchorJson).json_schema()}
"""Schemas that stand in many records: by a name, a generated client has one type for each, not one for each record."""


class DescribedFields(GenerateJsonSchema):
    """Generates the schemas of records with a description of each field."""

    def dataclass_schema(self, schema: DataclassSchema) -> JsonSchemaValue:
        """Return the schema of a dataclass."""
        described = super().dataclass_schema(schema)
        for name, docstring in field_docstrings(schema["cls"]).items():
            described["properties"][name].setdefault("description", re.sub(r"\bNone\b", "null", docstring))
        return described


def field_docstrings(kind: type) -> dict[str, str]:
    """Return what stands below each field of a class in its source, on one line.

    >>> field_docstrings(ProblemDetails)
    {'errors': 'What is wrong, field by field.', 'near': 'Topics that may have been meant.'}
    """
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    statements = definition.body if isinstance(definition, ast.ClassDef) else []
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairwise(statements)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def component_schemas(answers: set[type], bodies: set[type]) -> dict[str, Any]:
    """Return the schemas of what is answered and of what may be sent, by their names."""
    answered = _schemas(answers, "serialization")
    for name in GATE_ONLY:
        del answered[PromptSource.__name__]["properties"][name]
    for name, schema in answered.items():
        if name != ProblemDetails.__name__:  # of which only what is known is told
            schema["required"] = list(schema["properties"])  # every field is there, whatever it defaults to
            for field in schema["properties"].values():
                field.pop("default", None)
    schemas = answered | _schemas(bodies, "validation")
    return NAMED | {name: by_name(schema) for name, schema in schemas.items()}


def _schemas(kinds: set[type], mode: Literal["serialization", "validation"]) -> dict[str, Any]:
    adapters: list[Any] = [(kind, mode, TypeAdapter(kind)) for kind in sorted(kinds, key=lambda kind: kind.__name__)]
    _, document = TypeAdapter.json_schemas(adapters, ref_template=REF, schema_generator=DescribedFields)
    schemas: dict[str, Any] = document["$defs"]
    return schemas


def by_name(schema: Any) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Return a schema in which those that have a name are referred to by it."""
    for name, named in NAMED.items():
        if schema == named:
            return {"$ref": REF.format(model=name)}
    if isinstance(schema, dict):
        return {key: by_name(value) for key, value in schema.items()}
    return [by_name(value) for value in schema] if isinstance(schema, list) else schema
