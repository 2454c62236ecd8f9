"""MCP over standard input and output, for a client that starts a process: it answers before the library is loaded"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from assistant.service import Service, WorkQueue
    from index.embedding import CrossEncoder
    from index.errors import TopicsError
    from index.library import Library

LOADED_CHECK_SECONDS: Final = 0.02
"""How often it is seen whether all is loaded."""

Returned = TypeVar("Returned")


def serve_stdio(
    folder: Path | str | None, model: str | None, *, follow: bool = True, reranker: CrossEncoder | None = None
) -> None:
    """Serve the library in a folder until standard input ends, then end the process at once.

    Nothing but the protocol is written to standard output. With `follow`, edits are read while it runs; a
    `reranker` reads the first topics, too.
    """
    asyncio.run(_serve(Backend(folder, model, follow=follow, reranker=reranker)))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # whatever still loads or reads in a thread is not waited for: a library survives that at any moment


class Backend:
    """The library, and the service on it, which is loaded in a thread while client and server greet each other."""

    def __init__(
        self, folder: Path | str | None, model: str | None, *, follow: bool, reranker: CrossEncoder | None
    ) -> None:
        """Open the library; what is wrong with it is told to whoever asks."""
        from assistant.settings import open_library
        from index.errors import TopicsError

        self._follow = follow
        self._library: Library | None = None
        self._loaded: tuple[Service, WorkQueue] | None = None
        self._problem: TopicsError | None = None
        try:
            self._library = open_library(folder, model)
            self._library.reranker = reranker
        except TopicsError as error:
            self._problem = error

    def subjects(self) -> dict[str, int]:
        """Return every subject with the number of its topics, none where nothing can be told yet."""
        from index.errors import TopicsError

        try:
            return self._library.subjects() if self._library and not self._library.is_unread else {}
        except TopicsError as error:
            self._problem = error
            return {}

    @property
    def has_only_samples(self) -> bool:
        """Whether the library holds the bundled topics and no notes of its user."""
        from assistant.mcp.instructions import has_only_samples

        return bool(self._library and not self._problem and has_only_samples(self._library))

    def start(self) -> None:
        """Begin to load what answers."""
        if self._library and not self._problem:
            threading.Thread(target=self._load, args=(self._library,), daemon=True).start()

    async def run(self, work: Callable[[Service], Returned]) -> Returned:
        """Do some work on the service in its turn, once it is loaded and the library can be asked."""
        from assistant.mcp.waiting import until_ready

        while self._loaded is None:
            if self._problem:
                raise self._problem
            await asyncio.sleep(LOADED_CHECK_SECONDS)
        service, queue = self._loaded
        await until_ready(service)
        return await queue.run(partial(work, service))

    def _load(self, library: Library) -> None:
        from assistant.service import Service, WorkQueue
        from index.errors import TopicsError
        from index.progress import silent

        try:
            if library.reranker:
                library.reranker.prepare(silent)
        except TopicsError as error:
            self._problem = error
            return
        service = Service()
        service.use(library)
        if self._follow:
            service.start(threading.Event())
        else:
            service.open_in_background()
        self._loaded = service, WorkQueue()


async def _serve(backend: Backend) -> None:
    from mcp.server.stdio import stdio_server

    from assistant.mcp.instructions import instructions
    from assistant.mcp.server import make_server

    told = instructions(backend.subjects(), are_samples=backend.has_only_samples)
    server = make_server(backend.run, told)
    async with stdio_server() as (received, sent):
        backend.start()
        await server.run(received, sent, server.create_initialization_options())
