"""what the HTTP API answers beside the records of answers and topics"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.api.parameters import FieldError
from assistant.operations import JobRunner
from assistant.service import TopicRef

State: TypeAlias = Literal["ready", "opening", "failed"]


@dataclass(frozen=True, slots=True)
class Health:
    """Whether questions are answered; nothing of the notes."""

    status: State


@dataclass(frozen=True, slots=True)
class SyncState:
    """How the reading of what changed gets on, or what came of it."""

    running: bool
    doing: str
    """What is being done; empty where nothing is."""
    done: int
    total: int
    """0 where nobody knows."""
    added: int
    """Files that the last sync added."""
    updated: int
    removed: int
    error: str
    """Why the last change failed; empty where it did not."""


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """What is wrong with a request, and what to do (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldError, ...] = ()
    """What is wrong, field by field."""
    near: tuple[TopicRef, ...] = ()
    """Topics that may have been meant."""


def sync_state(jobs: JobRunner) -> SyncState:
    """Return how the changes to a library get on."""
    progress, last = jobs.progress, jobs.last
    report = last.report if last else None
    counts = (len(report.added), len(report.updated), len(report.removed)) if report else (0, 0, 0)
    done, total = (progress.done, progress.total) if progress else (0, 0)
    return SyncState(
        progress is not None, progress.phase if progress else "", done, total, *counts, last.error if last else ""
    )
