"""how a server fares: its size, its replicas and how far they are behind, and who embeds and writes"""

from __future__ import annotations

import re
from typing import Final

from index.engine.server.connection import Server, Statement
from index.storage import Replica, ServerState

_FACTS: Final = """
    SELECT current_setting('server_version'),
           coalesce((SELECT extversion FROM pg_extension WHERE extname = 'vector'), ''),
           pg_is_in_recovery(), pg_database_size(current_database()) / 1000000,
           (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
           current_setting('max_connections')::int"""

_PROGRAM: Final = re.compile(r"topics (\w+) (\S+)")


def read_state(server: Server, library: int) -> ServerState:
    """Return how the server of a library fares."""
    facts, replicas, queue, programs = server.several(
        Statement(_FACTS),
        Statement("SELECT name, state, is_synchronous, lag FROM topics.replicas()"),
        Statement(
            """SELECT count(*) FILTER (WHERE failure = ''), count(*) FILTER (WHERE failure <> '')
               FROM topics.to_embed WHERE library = %s""",
            (library,),
        ),
        Statement("SELECT name FROM topics.programs()"),
    )
    busy = [match.groups() for (name,) in programs if (match := _PROGRAM.match(name or ""))]
    version, pgvector, is_replica, megabytes, connections, max_connections = facts[0]
    return ServerState(
        version=version,
        pgvector=pgvector,
        is_replica=is_replica,
        megabytes=megabytes,
        connections=connections,
        max_connections=max_connections,
        replicas=tuple(Replica(*row) for row in replicas),
        waiting=queue[0][0],
        failed=queue[0][1],
        workers=tuple(sorted(who for does, who in busy if does == "works")),
        writer=next((who for does, who in busy if does == "writes"), ""),
    )
