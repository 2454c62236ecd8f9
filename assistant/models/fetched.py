"""a model loaded over the network, where a person asks for it, by a process of its own; this one stays offline"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from index.embedding import StoredModel
from index.errors import ModelError
from index.offline import SWITCHES
from index.storage import remove

PROGRAM: Final = Path(__file__).with_name("hub.py")

ENDPOINT_VARIABLE: Final = "HF_ENDPOINT"
"""Where another hub than the public one is named, as huggingface_hub reads it."""
PUBLIC: Final = "https://huggingface.co"

SWITCHED_ON: Final = {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_PROGRESS_BARS"}
"""What is not set for the process that loads; telemetry and the check for updates stay off."""

AUTHOR: Final = "sentence-transformers"
"""Whose model is meant where nobody is named."""

NEEDED: Final = "model.safetensors"
"""What no model is without; weights in other formats can run code when they are opened."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What would be loaded, and from where."""

    repository: str
    endpoint: str
    files: tuple[str, ...]
    megabytes: float


def repository(name: str) -> str:
    """Return the whole name of a model at the hub.

    >>> repository("all-mpnet-base-v2"), repository("intfloat/multilingual-e5-small")
    ('sentence-transformers/all-mpnet-base-v2', 'intfloat/multilingual-e5-small')
    """
    return name if "/" in name else f"{AUTHOR}/{name}"


def look_up(name: str) -> Listing:
    """Return what would be loaded of a model.

    Raises:
        ModelError: the hub cannot be reached, or holds no such model.

    """
    files = _from_hub_process("list", name)["files"]
    names = tuple(file["name"] for file in files)
    if NEEDED not in names:
        raise ModelError(f"{name} at {_endpoint()} holds no {NEEDED}: it cannot be used here. Name another model.")
    return Listing(name, _endpoint(), names, sum(file["bytes"] for file in files) / 1e6)


def fetch(listing: Listing, home: Path, cache: Path) -> Path:
    """Load a model into a folder of its own, verify it, and return the folder; a part of one is left for a next time.

    Raises:
        ModelError: it cannot be loaded, or is not what it should be.

    """
    folder = home / listing.repository.rpartition("/")[2]
    part = folder.with_name(f"{folder.name}.part")
    part.mkdir(parents=True, exist_ok=True)
    broken = _from_hub_process("load", listing.repository, str(part))["broken"]
    if broken:
        remove(part.parent, part.name)
        raise ModelError(f"{', '.join(broken)} of {listing.repository} came damaged. Nothing was kept: fetch it again.")
    StoredModel(str(part), cache).verify()
    remove(part, ".cache")  # what the hub's library notes of the download
    remove(folder.parent, folder.name)
    part.replace(folder)
    return folder


def _endpoint() -> str:
    return os.environ.get(ENDPOINT_VARIABLE) or PUBLIC


def _from_hub_process(what: str, name: str, *folder: str) -> dict[str, Any]:
    """Return what the process says that may use the network.

    Raises:
        ModelError: it could not do what it was to do.

    """
    environment = {key: value for key, value in os.environ.items() if key not in SWITCHED_ON}
    environment |= {key: value for key, value in SWITCHES.items() if key not in SWITCHED_ON}
    command = [sys.executable, "-P", str(PROGRAM), what, name, *folder]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603  # ours
    try:
        record: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        record = {"error": f"loading ended with {done.returncode}"}
    if "error" in record:
        raise ModelError(
            f"{name} cannot be loaded from {_endpoint()} ({record['error']}). Without a network: copy the folder of "
            f"the model, the one with modules.json and {NEEDED} in it, from another machine, and run "
            "`topics model add FOLDER`."
        )
    return record
