"""How long a call waits for the library, and what is said where that takes longer."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.mcp import waiting
from assistant.mcp.refusals import Refusal


def opening(attempt: object = None, **state: object) -> Any:  # noqa: ANN401 (as much of a service as is asked)
    return SimpleNamespace(**{"is_ready": False, "problem": "", "open_in_background": lambda: attempt} | state)


@pytest.mark.parametrize(("first_start", "what"), [(object(), "read for the first time"), (None, "being opened")])
def test_what_takes_long_is_told_as_what_it_is(first_start: object, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "WAIT_SECONDS", 0.01)
    with pytest.raises(Refusal, match=what):
        asyncio.run(waiting.until_ready(opening(first_start=first_start)))


@pytest.mark.parametrize(("is_going_on", "told"), [(True, "being opened"), (False, "its disk is away")])
def test_problem_is_told_once_the_attempt_has_ended(
    is_going_on: bool, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "WAIT_SECONDS", 0.01)
    attempt = SimpleNamespace(is_alive=lambda: is_going_on)
    with pytest.raises(Refusal, match=told):
        asyncio.run(waiting.until_ready(opening(attempt, first_start=None, problem="its disk is away")))
