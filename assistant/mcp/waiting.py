"""how long a call waits for the library to be opened, and what is said where that takes longer"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from assistant.mcp.refusals import Refusal

if TYPE_CHECKING:
    from assistant.service import Service

WAIT_SECONDS: Final = 20.0
"""Opening a library takes a second or two; clients give up after 30 or 60."""
WAITING_CHECK_SECONDS: Final = 0.02


async def until_ready(service: Service) -> None:
    """Wait until the library can be asked.

    Raises:
        Refusal: it cannot be opened, or that takes longer than a client waits.

    """
    if service.is_ready:
        return
    opening = service.open_in_background()
    deadline = time.monotonic() + WAIT_SECONDS
    while not service.is_ready:
        if service.problem and not opening.is_alive():  # not that of the attempt before
            raise Refusal(f"{service.problem} Tell the user; do not call again.")
        if time.monotonic() > deadline:
            what = (
                "The notes are being read for the first time" if service.first_start else "The library is being opened"
            )
            raise Refusal(f"{what}. Tell the user, and call again in a minute.")
        await asyncio.sleep(WAITING_CHECK_SECONDS)
