"""how work that takes a while tells how far it has come, and is told to stop"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias


class Phase(StrEnum):
    """What is being done, in the words that the page and the terminal show."""

    STARTING = "Starting"
    WAITING = "Waiting for another change to end"
    PREPARING_MODEL = "Preparing the model"
    PREPARING_RERANKER = "Preparing the reranker"
    MEASURING_MODEL = "Getting to know the model"
    MEASURING_RERANKER = "Getting to know the reranker"
    WEIGHING_RERANKER = "Weighing the reranker"
    ASKING_MODEL = "Asking the model"
    READING = "Reading"
    CUTTING = "Cutting into passages"
    WAITING_FOR_WORKERS = "Waiting for workers"
    PREPARING_TO_EMBED = "Getting ready to embed"
    EMBEDDING = "Embedding"
    WRITING = "Writing"
    ORDERING = "Ordering"
    REMOVING = "Removing"
    COPYING_VECTORS = "Copying vectors"
    COPYING_NOTES = "Copying notes"
    COMPARING = "Comparing"
    READING_DIFFERENCES = "Reading what differs"
    ASKING = "Asking"


Progress: TypeAlias = Callable[[Phase, int, int], None]
"""Told what is being done, how much of it is done, and how much there is (0 where nobody knows)."""

CancelToken: TypeAlias = Callable[[], bool]
"""Asked between two steps whether the work is to stop."""


def silent(phase: str, done: int, total: int) -> None:
    """Take a report of progress and say nothing."""


def never() -> bool:
    """Return False: the work is not to stop."""
    return False
