"""a response -> another one: it is held back until it is whole, as its body is needed to write it anew"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

Rewrite: TypeAlias = Callable[[MutableHeaders, bytes], bytes]
"""Takes the headers of a response, which it may change, and its body; returns the body that is sent instead."""


def rewriting(send: Send, applies: Callable[[Message], bool], rewrite: Rewrite) -> Send:
    """Return a `send` that rewrites a response whose start `applies`; any other passes as it comes."""
    started: Message | None = None
    parts: list[bytes] = []

    async def send_rewritten(message: Message) -> None:
        nonlocal started
        if message["type"] == "http.response.start" and applies(message):
            started = message
        elif started and message["type"] == "http.response.body":
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                await _send_whole(started, b"".join(parts), rewrite, send)
        else:
            await send(message)

    return send_rewritten


async def _send_whole(started: Message, body: bytes, rewrite: Rewrite, send: Send) -> None:
    headers = MutableHeaders(raw=list(started["headers"]))
    rewritten = rewrite(headers, body)
    headers["Content-Length"] = str(len(rewritten))
    await send({**started, "headers": headers.raw})
    await send({"type": "http.response.body", "body": rewritten})
