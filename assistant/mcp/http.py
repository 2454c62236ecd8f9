"""MCP over HTTP, on the port of the app: the SDK is loaded when somebody asks for the first time"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assistant.mcp.results import Url
from assistant.mcp.waiting import until_ready
from assistant.server import MCP, problem_response
from assistant.service import Service, WorkQueue
from index.extras import missing_extra

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

MAX_REQUEST_BYTES: Final = 64 * 1024
"""Of a request: the longest question is a thirtieth of it."""


def mcp_routes(service: Service, queue: WorkQueue, prefix: str = "", url: Url | None = None) -> list[Route]:
    """Return the route of MCP on a service, below a path; calls wait in a queue, topics lie where `url` says."""
    return [Route(f"{prefix}{MCP}", McpDoor(service, queue, url))]


class McpDoor:
    """Serves clients by Streamable HTTP, each request by itself: nothing is kept from one to the next."""

    def __init__(self, service: Service, queue: WorkQueue, url: Url | None) -> None:
        """Answer by a service; calls wait in a queue."""
        self._service = service
        self._queue = queue
        self._url = url
        self._starting: asyncio.Task[StreamableHTTPSessionManager] | None = None
        self._serving: asyncio.Task[None] | None = None
        self._instructed: int | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["method"] != "POST":  # there is no stream to listen to, and no session to end
            refusal = problem_response(405, "MCP is asked by POST here.", {"Allow": "POST"})
            await refusal(scope, receive, send)
            return
        self._starting = self._starting or asyncio.create_task(self._start())
        try:
            manager = await asyncio.shield(self._starting)
        except ImportError as error:
            await problem_response(501, str(missing_extra(error) or error))(scope, receive, send)
            return
        await self._instruct(manager)
        await manager.handle_request(scope, receive, send)

    async def _start(self) -> StreamableHTTPSessionManager:
        manager = await asyncio.to_thread(self._make)
        started = asyncio.Event()
        self._serving = asyncio.create_task(_serve(manager, started.set))
        await started.wait()
        return manager

    def _make(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from assistant.mcp.instructions import instructions
        from assistant.mcp.server import make_server, topic_uri

        server = make_server(self._run, instructions({}), self._url or topic_uri)
        return StreamableHTTPSessionManager(
            server, json_response=True, stateless=True, max_request_body_size=MAX_REQUEST_BYTES
        )

    async def _instruct(self, manager: StreamableHTTPSessionManager) -> None:
        """Let a client that begins be told of the library as it is now."""
        if not self._service.is_ready:
            return
        from assistant.mcp.instructions import has_only_samples, instructions

        revision = self._service.revision
        if revision != self._instructed:
            contents = await asyncio.to_thread(self._service.contents)
            are_samples = has_only_samples(self._service.library())
            manager.app.instructions = instructions(contents.subjects, are_samples=are_samples)
            self._instructed = revision

    async def _run(self, work: Callable[[Service], Any]) -> Any:  # noqa: ANN401 (whatever the work gives)
        await until_ready(self._service)
        return await self._queue.run(lambda: work(self._service))


async def _serve(manager: StreamableHTTPSessionManager, started: Callable[[], None]) -> None:
    """Keep the manager's tasks alive for as long as the server runs."""
    async with manager.run():
        started()
        await asyncio.Event().wait()
