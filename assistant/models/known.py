"""the models that have a name on this machine: the default one, what was fetched, and folders that were added"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.embedding import DEFAULT_MODEL, MODEL_MARKS, StoredModel, default_model_folder
from index.errors import ModelError
from index.storage import make_folder, write_whole

NAMES_FILE: Final = "models.json"
"""Where folders that were added are remembered, by name."""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model on this machine."""

    name: str
    folder: Path

    @property
    def is_there(self) -> bool:
        """Whether its folder still holds a model."""
        return any((self.folder / mark).is_file() for mark in MODEL_MARKS)

    @property
    def megabytes(self) -> int:
        """How large its files are."""
        return round(sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file()) / 1e6)


def known_models(home: Path) -> list[KnownModel]:
    """Return every model that has a name here, the default one first."""
    fetched = [KnownModel(folder.name, folder) for folder in sorted(home.glob("*/")) if folder.suffix != ".part"]
    added = [KnownModel(name, Path(folder)) for name, folder in _remembered_names(home).items()]
    return [KnownModel(DEFAULT_MODEL, default_model_folder()), *(known for known in fetched if known.is_there), *added]


def resolve(given: str, home: Path) -> str:
    """Return how a library names a model: by its folder, or the default one by its name.

    Raises:
        ModelError: there is none of that name, nor such a folder.

    """
    by_name = {known.name: known for known in known_models(home)}
    if given == DEFAULT_MODEL:
        return DEFAULT_MODEL
    folder = by_name[given].folder if given in by_name else Path(given).expanduser().absolute()
    if KnownModel(given, folder).is_there:
        return str(folder)
    raise ModelError(
        f"There is no model {given!r} here. Name one of {', '.join(by_name)}, or a folder that holds a model of "
        f"sentence-transformers (with a {MODEL_MARKS[0]} in it); `topics model fetch NAME` loads one from the network."
    )


def remember(folder: Path, home: Path, cache: Path) -> KnownModel:
    """Give a folder with a model a name, after the model was loaded from it.

    Raises:
        ModelError: there is none, or it cannot be loaded.

    """
    folder = folder.expanduser().absolute()
    known = KnownModel(folder.name, folder)
    if not known.is_there:
        raise ModelError(
            f"{folder} holds no model: a {MODEL_MARKS[0]} or a {MODEL_MARKS[1]} lies in the folder of every one."
        )
    StoredModel(str(folder), cache).verify()
    make_folder(home)
    write_whole(home / NAMES_FILE, json.dumps(_remembered_names(home) | {known.name: str(folder)}, indent=2))
    return known


def _remembered_names(home: Path) -> dict[str, str]:
    try:
        names = json.loads((home / NAMES_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(folder) for name, folder in names.items()} if isinstance(names, dict) else {}
