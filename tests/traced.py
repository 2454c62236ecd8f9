"""Programs that tests need beside Python, and what a process did on the network, as strace saw it."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest

NAME_PORTS: Final = (53, 5353, 5355)
"""Where names are looked up: DNS, multicast DNS and LLMNR. A resolver may run on this very machine, and asks others."""

NAME_SOCKETS: Final = ("resolve", "avahi", "mdns")
"""Parts of the paths of sockets on which the system looks names up."""

_CALL: Final = re.compile(r"^(?:\d+ +)?(?P<call>connect|bind|sendto|sendmsg|sendmmsg)\(")
_INET: Final = re.compile(r'sin_port=htons\((?P<port>\d+)\), sin_addr=inet_addr\("(?P<host>[^"]*)"\)')
_INET6: Final = re.compile(r'sin6_port=htons\((?P<port>\d+)\).*?inet_pton\(AF_INET6, "(?P<host>[^"]*)"')
_UNIX: Final = re.compile(r'sa_family=AF_UNIX, sun_path=@?"(?P<path>[^"]*)"')


def required_program(name: str, variable: str) -> str:
    """Return the path of a program; without it the test is skipped, or fails where CI demands it by a variable."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if path is None:
        if os.environ.get(variable):
            pytest.fail(f"no {name} found, and {variable} is set")
        pytest.skip(f"no {name} found: install it to run this test")
    return path


def tracing(log: Path) -> list[str]:
    """Return what is written before a command so that each call to the network, of its children too, is logged."""
    strace = required_program("strace", "TOPICS_REQUIRE_STRACE")
    tried = subprocess.run([strace, "-f", "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        if os.environ.get("TOPICS_REQUIRE_STRACE"):
            pytest.fail(f"strace may trace nothing here, and TOPICS_REQUIRE_STRACE is set: {tried.stderr}")
        pytest.skip("strace may trace nothing here")
    # -D: the command itself is the child, so that it ends where a test ends it
    return [strace, "-D", "-f", "--seccomp-bpf", "-e", "trace=network", "-s", "256", "-o", str(log)]


class Peer(NamedTuple):
    """Where a call went, or listened."""

    call: str
    host: str
    """An address, or the path of a socket."""
    port: int

    @property
    def is_outside(self) -> bool:
        if self.host.startswith("/"):
            return any(part in self.host for part in NAME_SOCKETS)
        return not ipaddress.ip_address(self.host).is_loopback or self.port in NAME_PORTS


def peers(lines: Sequence[str]) -> Iterator[Peer]:
    """Yield whom the calls of a log of strace's were for, each mention of an address in them.

    >>> list(peers(['7 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("1.1.1.1")}, 16) = 0']))
    [Peer(call='connect', host='1.1.1.1', port=53)]
    """
    for line in lines:
        if call := _CALL.match(line):
            for found in (*_INET.finditer(line), *_INET6.finditer(line)):
                yield Peer(call["call"], found["host"], int(found["port"]))
            for found in _UNIX.finditer(line):
                yield Peer(call["call"], f"/{found['path'].lstrip('/')}", 0)


def outside(log: Path) -> list[Peer]:
    """Return what in the log of a command that has ended went beyond loopback, listened there, or looked a name up."""
    deadline = time.monotonic() + 30
    while not _is_complete(lines := _lines(log)):
        assert time.monotonic() < deadline, "strace saw the command from its beginning to its end"
        time.sleep(0.05)
    return [peer for peer in peers(lines) if peer.is_outside]


def _is_complete(lines: Sequence[str]) -> bool:
    """Say whether the process that was traced first has ended: strace may still write when its command is gone."""
    ended = re.compile(rf"^{lines[0].split()[0]} +\+\+\+ (exited|killed)") if lines else None
    return ended is not None and any(map(ended.match, lines))


def _lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
