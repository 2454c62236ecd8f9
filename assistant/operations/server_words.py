"""what is the state of a library's server? facts and problems, in words"""

from __future__ import annotations

from typing import Final

from assistant.amounts import counted
from index.storage import Replica, ServerState

MAX_LAG_SECONDS: Final = 60.0
"""Seconds that a replica may lag: if the primary is lost, the changes of that time have to be read again."""

MAX_CONNECTIONS_SHARE: Final = 0.9
"""The share of the connections that a server allows from which on the next machine may be refused."""


def server_facts(state: ServerState) -> list[str]:
    """Return facts about a server: version, replicas with their lag, queue, workers."""
    facts = [
        f"PostgreSQL {state.version.split()[0]}, {state.megabytes:,} MB{', a replica' if state.is_replica else ''}"
    ]
    facts += [_replica_words(replica) for replica in state.replicas] or ["no replica"]
    facts += [f"{counted(state.waiting, 'passage')} to embed"] if state.waiting else ["nothing waits to be embedded"]
    facts += [f"{counted(state.failed, 'passage')} could not be embedded"] if state.failed else []
    facts += [counted(len(state.workers), "worker")] if state.workers else ["no worker"]
    return facts + ([f"{state.writer} is writing"] if state.writer else [])


def server_problems(state: ServerState) -> list[tuple[str, str]]:
    """Return what is wrong with a server, each with what to do."""
    return [
        (what, remedy)
        for is_so, what, remedy in (
            (
                any((replica.lag_seconds or 0) > MAX_LAG_SECONDS for replica in state.replicas),
                "a replica is far behind",
                "See that it has room and that its network is well.",
            ),
            (
                bool(state.waiting and not state.workers),
                f"{counted(state.waiting, 'passage')} wait and no worker is there",
                "Start `topics work`, or run `topics sync` without --by-workers.",
            ),
            (
                state.connections > MAX_CONNECTIONS_SHARE * state.max_connections,
                f"{state.connections} of {state.max_connections} connections are taken",
                "Raise max_connections, or put PgBouncer in front, with sessions pooled.",
            ),
        )
        if is_so
    ]


def _replica_words(replica: Replica) -> str:
    """Return the state of a replica in words.

    >>> _replica_words(Replica("second", "streaming", True, 0.0))
    'replica second: streaming, waited for, 0.0 s behind'
    """
    lag = "" if replica.lag_seconds is None else f", {replica.lag_seconds:.1f} s behind"
    return f"replica {replica.name}: {replica.state}{', waited for' if replica.is_synchronous else ''}{lag}"
