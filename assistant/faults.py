"""what a check by pydantic found wrong with what was given -> words for the program or the model that gave it"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any


def fault_message(fault: Mapping[str, Any], record: Any) -> str:  # noqa: ANN401 (a dataclass of any kind)
    """Return what is wrong with a value of a record: where a name is unknown, with those that are known."""
    names = ", ".join(field.name for field in fields(record))
    match fault["type"]:
        case "unexpected_keyword_argument":
            return f"Unknown name. Known: {names}" if names else "Nothing may be given here"
        case "dataclass_type":
            return f"Should be an object with: {names}"
        case _:
            return str(fault["msg"])
