"""Requests that nobody thought of: made from the OpenAPI document by schemathesis, valid and invalid ones.

`TOPICS_REQUESTS=2000 python -m pytest tests/assistant/api/test_generated.py` makes as many as that.
"""

from __future__ import annotations

import os
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.applications import Starlette

from assistant.api import api_routes
from assistant.api.parameters import NoParameters
from assistant.api.schema import OPERATIONS, Operation
from assistant.server import Access, Reach, guards
from assistant.service import Service

IN_THE_SUITE: Final = 100
REQUESTS: Final = int(os.environ.get("TOPICS_REQUESTS", IN_THE_SUITE))


def no_failure(_context: object, response: Any, _case: object) -> None:  # noqa: ANN401 (schemathesis's own)
    """Hold that nothing failed which nobody foresaw; that no model server was named, or none answers, is foreseen."""
    assert response.status_code != 500


CHECKS: Final = [
    no_failure,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


KINDS: Final = [(operation, GenerationMode.POSITIVE) for operation in OPERATIONS] + [
    (operation, GenerationMode.NEGATIVE) for operation in OPERATIONS if operation.parameters is not NoParameters
]
"""Where nothing may be said, nothing can be said wrongly."""
HOST: Final = {"Host": "127.0.0.1"}


@pytest.mark.parametrize(("operation", "mode"), KINDS, ids=[f"{one.name}-{mode.value}" for one, mode in KINDS])
def test_no_generated_request_is_a_failure_of_the_server(
    service: Service, operation: Operation, mode: GenerationMode
) -> None:
    app = Starlette(routes=api_routes(service), middleware=guards(Access(Reach())))
    api = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=HOST)

    @given(case=api[operation.path][operation.method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=REQUESTS // len(KINDS) + 1,
        deadline=None,
        database=None,
        derandomize=REQUESTS == IN_THE_SUITE,
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Any) -> None:  # noqa: ANN401 (generic in what schemathesis keeps to itself)
        case.call_and_validate(checks=CHECKS, headers=HOST)

    check()
