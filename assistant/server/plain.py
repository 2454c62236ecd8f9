"""the doors for programs without the pages: Starlette and uvicorn, and nothing of Streamlit (home of uvicorn)"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from assistant.server.access import Access, check_exposure, guards
from assistant.server.paths import API, MCP
from assistant.server.running import check_free, opened, say_where
from assistant.service import Service
from index.library import Library


def plain_app(access: Access, routes: Sequence[BaseRoute]) -> Starlette:
    """Return routes behind their guards."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        say_where(access.reach, {"programs": API, "assistants (MCP)": MCP})
        yield

    def lead_to_docs(_request: Request) -> RedirectResponse:
        return RedirectResponse(f"{access.reach.prefix}{API}/docs")

    there = Route(f"{access.reach.prefix}/", lead_to_docs)  # whoever opens the address is told what it is for
    return Starlette(routes=[*routes, there], middleware=guards(access), lifespan=lifespan)


def serve_plainly(service: Service, library: Library, access: Access, routes: Sequence[BaseRoute]) -> None:
    """Serve routes until it is interrupted.

    Raises:
        TopicsError: the address cannot be listened on, or needs a password.

    """
    check_exposure(access, with_pages=False)
    check_free(access.reach.host, access.reach.port)
    with opened(service, library):
        uvicorn.run(
            plain_app(access, routes),
            host=access.reach.host,
            port=access.reach.port,
            proxy_headers=bool(access.reach.proxies),
            forwarded_allow_ips=list(access.reach.proxies),
            log_level="warning",
            server_header=False,
            ws="none",  # no door speaks WebSocket: what would is not loaded
        )
