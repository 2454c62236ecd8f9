"""what the figures were measured on"""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("faiss-cpu", "numpy", "onnxruntime", "sentence-transformers", "tantivy", "torch")


def describe() -> dict[str, str]:
    """Return the processor, its cores and their load, the system, Python and the packages that count."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}",
        "system": platform.platform(),
        "python": platform.python_version(),
    } | {package: version(package) for package in PACKAGES}


def memory(process: int | str = "self") -> tuple[int, int]:
    """Return the megabytes of a process that are its own, and those with the files that it has mapped.

    The system may drop what is mapped, and read it again.
    """
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    own, whole = (int(status.split(f"{name}:")[1].split()[0]) // 1024 for name in ("RssAnon", "VmRSS"))
    return own, whole


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
