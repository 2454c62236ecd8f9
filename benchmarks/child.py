"""a measurement in a process of its own: what it printed, its seconds and its peak memory"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Done:
    """What a process left behind."""

    output: str
    seconds: float
    peak_mb: float
    """The most memory that was resident, in units of 10^6 bytes."""

    @property
    def result(self) -> dict[str, Any]:
        """The JSON object in the last line that it printed."""
        found: dict[str, Any] = json.loads(self.output.strip().splitlines()[-1])
        return found


def python(*arguments: str, environment: dict[str, str] | None = None) -> Done:
    """Run Python with these arguments and wait for it.

    Raises:
        RuntimeError: it failed.

    """
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603
        [sys.executable, *arguments], stdout=subprocess.PIPE, text=True, env=os.environ | (environment or {})
    ) as process:
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)  # unlike Popen.wait it tells what this very process took
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"`python {' '.join(arguments)}` ended with {process.returncode}; it said why above.")
    unit = 1 if sys.platform == "darwin" else 1024
    return Done(output, seconds, usage.ru_maxrss * unit / 1e6)
