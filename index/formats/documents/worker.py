"""the process that reads documents: one file at a time from standard input, with no other file, socket or program

It is started by `reader.py` with an empty environment, and gives back JSON: whatever a document makes of this process,
the one that started it gets a text. What is imported here is imported by each such process.
"""

from __future__ import annotations

import codecs
import gc
import json
import math
import os
import sys
from importlib import import_module
from typing import IO, Any, Final

from index.formats.documents.blocks import Block, Extract, Unreadable
from index.formats.documents.limits import Limits

if sys.platform != "win32":  # there, the clock and the death of a process of its own are what is left
    import resource

LENGTH: Final = 8
"""Bytes before each answer that say how long it is."""

ENCODINGS: Final = (
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "latin-1",
    "ascii",
    "cp437",
    "idna",
)

LOADED_LATE: Final = (
    "_strptime", "base64", "binascii", "bisect", "bz2", "calendar", "copy", "decimal", "heapq", "html.entities", "lzma",
    "quopri", "shutil", "statistics", "stringprep", "textwrap", "unicodedata",
)  # fmt: skip
"""Modules that Python and libraries load when they are first needed, which is too late here."""

_REFUSED: Final = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "open")
"""Events (PEP 578) that no reader of a document causes once its libraries are there."""

_is_locked = False
_prepared: set[str] = set()


def main() -> None:
    """Read documents until there are no more."""
    given, taken = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _load()
    sys.addaudithook(_refuse_event)
    is_first = True
    while line := given.readline():
        request = json.loads(line)
        limits = Limits(**request["limits"])
        if is_first:
            _limit_for_good(limits)
            is_first = False
        answer = json.dumps(_read_in_limits(request["module"], given.read(request["size"]), limits)).encode()
        taken.write(len(answer).to_bytes(LENGTH, "big") + answer)
        taken.flush()


def _load() -> None:
    """Load what would be loaded when a document first needs it: encodings, and modules."""
    for name in ENCODINGS:
        codecs.lookup(name)
    for module in LOADED_LATE:
        import_module(module)


def _read_in_limits(module: str, content: bytes, limits: Limits) -> dict[str, Any]:
    try:
        reader = import_module(module)
        if module not in _prepared:
            getattr(reader, "prepare", lambda: None)()
            gc.freeze()  # what was loaded stays: it is not looked through for garbage after each document
        _prepared.add(module)
        _lock(limits)
        gc.disable()  # what a document is made of lives until it is told: looking for garbage takes a fifth of the time
        extract = _shortened(reader.read(content, limits), limits)
        return {name: getattr(extract, name) for name in ("blocks", "title", "problem", "tags")}
    except Unreadable as error:
        return {"reason": str(error)}
    except MemoryError:
        return {"reason": f"takes more than {limits.memory_megabytes:,} MB of memory"}
    except RecursionError:
        return {"reason": "nested too deeply"}
    except Exception as error:
        return {"reason": f"damaged, or not what its name says ({type(error).__name__}: {str(error)[:120]})"}
    finally:
        gc.enable()
        _unlock()


def _shortened(extract: Extract, limits: Limits) -> Extract:
    """Return what was read up to the longest text that is taken."""
    room = limits.characters
    taken: list[Block] = []
    for block in extract.blocks:
        room -= len(block.text)
        if room < 0:
            part = f"read in part: its first {limits.characters:,} characters"
            problem = "; ".join(filter(None, (extract.problem, part)))
            return Extract(taken, extract.title, problem, extract.tags)
        taken.append(block)
    return extract


def _refuse_event(event: str, arguments: tuple[Any, ...]) -> None:
    if _is_locked and event.startswith(_REFUSED):
        raise PermissionError(f"a document may not cause {event} {arguments[:1]}")


def _limit_for_good(limits: Limits) -> None:
    """Limit the memory, and let nothing be written to any file."""
    if sys.platform == "win32":
        return
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_AS, limits.memory_megabytes * 2**20)


def _lower(what: int, to: int) -> None:
    if sys.platform != "win32":
        _, hard = resource.getrlimit(what)
        to = to if hard == resource.RLIM_INFINITY else min(to, hard)
        resource.setrlimit(what, (to, to))


def _lock(limits: Limits) -> None:
    """Let nothing be opened any more, neither by Python nor below it, and limit the time of this file."""
    global _is_locked
    _is_locked = True
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime) + limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    # a descriptor must be below this number, and those below it are taken
    resource.setrlimit(resource.RLIMIT_NOFILE, (_first_free(), resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


def _unlock() -> None:
    global _is_locked
    _is_locked = False
    if sys.platform != "win32":
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _first_free() -> int:
    """Return the lowest number that no open file has."""
    number = os.dup(0)
    os.close(number)
    return number


def read_answer(stream: IO[bytes]) -> bytes:
    """Return an answer from the stream of a worker; nothing where it has ended."""
    head = stream.read(LENGTH)
    return stream.read(int.from_bytes(head, "big")) if len(head) == LENGTH else b""
