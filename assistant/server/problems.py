"""what goes wrong, as programs read it: Problem Details for HTTP APIs (RFC 9457)"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response

MEDIA_TYPE: Final = "application/problem+json"


class Problem(Exception):  # noqa: N818 (RFC 9457 calls it so)
    """A request that cannot be answered: its status, what is wrong and what to do, and what else a program may use."""

    def __init__(
        self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **members: object
    ) -> None:
        """Name what is wrong; `members` stand in the problem beside its detail."""
        super().__init__(detail)
        self.status, self.detail, self.headers, self.members = status, detail, headers, members


def problem_response(
    status: int, detail: str, headers: Mapping[str, str] | None = None, members: Mapping[str, object] | None = None
) -> Response:
    """Return the response that tells a problem; `about:blank` says that its status is its type."""
    problem: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    content = json.dumps(problem | {"detail": detail} | dict(members or {}))
    return Response(content, status, headers, media_type=MEDIA_TYPE)
