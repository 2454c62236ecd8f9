"""What a run of the `topics` command is given and leaves, in this process and with an encoder that needs no model."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

QUESTION = "how do I settle merge conflicts with a rebase?"
YEAST = "which pizza dough needs least yeast?"
"""A question that no notes here answer."""


class Result(NamedTuple):
    """What a run of the command left."""

    code: int
    out: str
    err: str


Topics = Callable[..., Result]
"""Runs `topics` with its arguments."""


def asked(result: Result) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(result.out)
    return record
