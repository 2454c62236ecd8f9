"""nothing leaves this machine: the switch of every library that would send or fetch, set before any is imported"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Final

SWITCHES: Final[Mapping[str, str]] = {
    "HF_HUB_OFFLINE": "1",  # huggingface_hub: no model is looked for or fetched
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "DISABLE_TELEMETRY": "1",  # read by several libraries of Hugging Face
    "DO_NOT_TRACK": "1",  # what many tools have agreed on
    # onnxruntime, from 1.32 on: without it, a device id and a queue of events are kept and sent every few seconds;
    # its `disable_telemetry_events` comes after the first of them
    "ORT_DISABLE_TELEMETRY": "1",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "LANGSMITH_TRACING_V2": "false",  # langchain-text-splitters bring langsmith, which sends runs where it is asked to
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
}
"""What each environment variable is set to, whatever it was before: somebody's setting for other programs is none for
this one. Children inherit them."""

QUIET: Final[Mapping[str, str]] = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",  # a bar for loading what takes a moment
    "TRANSFORMERS_VERBOSITY": "error",  # it warns of long texts while we only count their tokens
    "TOKENIZERS_PARALLELISM": "false",  # forking after use would only warn
}
"""Settings that concern nobody but the one who reads the terminal: what is set stays."""

ONNXRUNTIME_FILES: Final = (
    "deviceid",
    "deviceid.lock",
    *(f"onnxruntime.db{end}" for end in ("", "-wal", "-shm", "-journal")),
)
"""What onnxruntime keeps where its telemetry is on: an id of the machine, and the events to be sent."""


def go_offline(environment: MutableMapping[str, str] = os.environ) -> None:
    """Set every switch; it counts for the libraries that are imported later, and for child processes."""
    environment.update(SWITCHES)
    for name, value in QUIET.items():
        environment.setdefault(name, value)


def not_switched(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the switches that are not as they should be: something has changed them since.

    >>> not_switched(dict(SWITCHES)), not_switched(dict(SWITCHES, HF_HUB_OFFLINE="0"))
    ([], ['HF_HUB_OFFLINE'])
    """
    return [name for name, value in SWITCHES.items() if environment.get(name) != value]


def telemetry_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where onnxruntime keeps its telemetry on this system (Microsoft's `DeveloperTools` convention)."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 (pathlib raises where there is no home folder)
    if sys.platform == "win32":
        base = Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "Microsoft" / "DeveloperTools" / ".onnxruntime"


def left_behind() -> list[Path]:
    """Return the files of telemetry that an earlier run, or another program, left in the user's cache folder."""
    return list(_kept(telemetry_folder()))


def remove_left_behind() -> None:
    """Delete those files, and the folders that are empty without them; whatever else lies there stays."""
    folder = telemetry_folder()
    for file in _kept(folder):
        file.unlink(missing_ok=True)
    for emptied in (folder, folder.parent, folder.parent.parent):
        with suppress(OSError):  # it is not empty, or not there
            emptied.rmdir()


def _kept(folder: Path) -> Iterator[Path]:
    if folder.is_symlink():
        return
    for name in ONNXRUNTIME_FILES:
        file = folder / name
        if file.is_file() and not file.is_symlink():
            yield file


go_offline()
