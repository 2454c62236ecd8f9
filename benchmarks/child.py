"""a measurement in a process of its own: what it printed, its seconds and its peak memory"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

LOOKED_AT: Final = 0.005
"""Seconds between two looks at a process; its time is known as exactly."""


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
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, *arguments], stdout=output, env=os.environ | (environment or {})
        )
        peak = 0.0
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            peak = max(peak, _peak_mb(process.pid))
            time.sleep(LOOKED_AT)
        seconds = time.perf_counter() - started
        _, status, usage = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read()
    if process.returncode:
        raise RuntimeError(f"`python {' '.join(arguments)}` ended with {process.returncode}; it said why above.")
    return Done(printed, seconds, peak or usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6)


def _peak_mb(process: int) -> float:
    """Return what Linux says of a process that runs; its account of one that ended starts with its parent's memory."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM:")), 0.0)
