"""how a server that several people use fares"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Replica:
    """Another server that has all that this one has, or is about to."""

    name: str
    state: str
    """As PostgreSQL calls it: `streaming` is the usual one."""
    is_synchronous: bool
    """Whether a change counts as made only when it is there, too."""
    lag_seconds: float | None
    """How far it is behind; None where nobody says."""


@dataclass(frozen=True, slots=True)
class ServerState:
    """How a server that several people use fares."""

    version: str
    pgvector: str
    is_replica: bool
    megabytes: int
    """Of the whole database."""
    connections: int
    max_connections: int
    replicas: tuple[Replica, ...]
    waiting: int
    """Passages that wait to be embedded by a worker."""
    failed: int
    """Passages that a worker could not embed: the next sync tells of them."""
    workers: tuple[str, ...]
    """The processes that embed, by number and machine."""
    writer: str
    """Who changes the library at present; empty where nobody does."""
