"""A reader that does what a document tells it: what a hostile one may bring a library to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from index.formats.documents.blocks import Block, Extract, Unreadable
from index.formats.documents.limits import Limits


def read(content: bytes, limits: Limits) -> Extract:
    match content.decode():
        case "crash":
            os.abort()
        case "leave":
            os._exit(3)
        case "work":
            while True:
                pass
        case "wait":
            time.sleep(600)
        case "memory":
            return Extract([Block(str(len(bytes(limits.memory_megabytes * 2**20))))])
        case "depth":
            return read(content, limits)
        case "socket":
            return Extract([Block(str(socket.socket()))])
        case "file":
            return Extract([Block(Path(__file__).read_text())])
        case "program":
            return Extract([Block(str(subprocess.run([sys.executable, "-V"], check=False).returncode))])
        case "print":
            print("not an answer")
        case "environment":
            return Extract([Block(" ".join(os.environ))])
        case "process":
            return Extract([Block(str(os.getpid()))])
        case "long":
            return Extract([Block("x" * 1000)] * 20)
        case "reason":
            raise Unreadable("it says why")
        case "error":
            raise ValueError("what a library says")
    return Extract([Block("read")])
