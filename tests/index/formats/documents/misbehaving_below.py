"""A reader that asks the system itself for a socket, past all that Python would notice."""

from __future__ import annotations

import ctypes
import os
import socket

from index.formats.documents.blocks import Block, Extract
from index.formats.documents.limits import Limits

_SYSTEM = ctypes.CDLL(None, use_errno=True)


def read(content: bytes, limits: Limits) -> Extract:
    if _SYSTEM.socket(int(socket.AF_INET), int(socket.SOCK_STREAM), 0) < 0:
        raise OSError(os.strerror(ctypes.get_errno()))
    return Extract([Block("open")])
