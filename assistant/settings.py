"""where the library lives and which model it uses: options, environment, defaults (home of platformdirs)"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from index.errors import SettingError
from index.formats import LIMIT_NAMES, Limits
from index.places import is_address, is_strange_address

if TYPE_CHECKING:
    from index.embedding import Encoder, Measure
    from index.library import Library

LIBRARY_VARIABLE: Final = "TOPICS_LIBRARY"
MODEL_VARIABLE: Final = "TOPICS_MODEL"
CACHE_VARIABLE: Final = "TOPICS_CACHE"
CONFIG_VARIABLE: Final = "TOPICS_CONFIG"
MODELS_VARIABLE: Final = "TOPICS_MODELS"
THRESHOLD_VARIABLE: Final = "TOPICS_THRESHOLD"
LIMITS_VARIABLE: Final = "TOPICS_DOCUMENT_LIMITS"

ANSWERED_FROM: Final = 0.24
"""The least probability at which the passage is given as the answer; below it, "your notes don't say". The highest at
which no set of questions that confidence was fitted to has more than about 8 % of its right first topics refused: 2 to
6 % for questions on notes and paragraphs, 8 % for those asked in other words on purpose."""


def library_folder(folder: Path | None = None) -> Path:
    """Return the folder of the library: the one given, or else that of the environment, or else the user's data folder.

    Raises:
        SettingError: the folder begins with `~` and the name of a user who is not known.

    """
    chosen = folder or Path(os.environ.get(LIBRARY_VARIABLE) or platformdirs.user_data_path("topic-assistant", False))
    try:
        return chosen.expanduser().absolute()
    except RuntimeError as error:
        raise SettingError(f"There is no home folder for {chosen}: name the library's folder without `~`.") from error


def library_place(place: Path | str | None = None) -> Path | str:
    """Return the folder or address of the library: the one given, or else that of the environment, or else the default.

    Raises:
        SettingError: a folder begins with `~` and the name of a user who is not known, or an address is of no library.

    """
    chosen = place or os.environ.get(LIBRARY_VARIABLE) or None
    if is_strange_address(chosen):
        raise SettingError(
            f"{chosen} is no address of a library. As in: postgresql://ann@db.example/notes?library=team"
        )
    return str(chosen) if is_address(chosen) else library_folder(Path(chosen) if chosen else None)


def folder_beside(address: str) -> Path:
    """Return the folder for what belongs to a library on a server and stays on this machine."""
    name = hashlib.sha256(address.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return platformdirs.user_data_path("topic-assistant", False) / "servers" / name


def evaluation_folder(folder: Path, model: str | None = None) -> Path:
    """Return the folder of an evaluation set's library for a model, so that measuring it again is quick."""
    named = f"{folder.resolve()}\n{model or os.environ.get(MODEL_VARIABLE) or ''}"
    name = hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return cache_folder() / "eval" / name


def cache_folder() -> Path:
    """Return the folder for files that can be made anew: that of the environment, or else the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE) or platformdirs.user_cache_path("topic-assistant", False)
    return Path(chosen).absolute()


def known_libraries() -> list[Path]:
    """Return the folders of the libraries that a person switched between, in order, without those that are gone."""
    try:
        lines = _libraries_file().read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []
    return [Path(line) for line in lines if line and Path(line).is_dir()]


def remember_library(folder: Path) -> None:
    """Remember a library's folder, to offer it from now on; where that file cannot be written, it is not offered."""
    known = [known for known in known_libraries() if known != folder]
    file = _libraries_file()
    from index.storage import write_whole  # SQLite is not loaded for settings that are only read

    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, "".join(f"{known}\n" for known in (*known, folder)))


def _libraries_file() -> Path:
    chosen = os.environ.get(CONFIG_VARIABLE) or platformdirs.user_config_path("topic-assistant", False)
    return Path(chosen).absolute() / "libraries.txt"


def models_folder() -> Path:
    """Return the folder of models that were fetched or given a name: that of the environment, or in the user's data."""
    chosen = os.environ.get(MODELS_VARIABLE) or platformdirs.user_data_path("topic-assistant-models", False)
    return Path(chosen).absolute()


def answered_from(chosen: float | None = None) -> float:
    """Return the least probability at which a passage is given as the answer.

    The environment decides, or else what was chosen for the library, or else ANSWERED_FROM.

    Raises:
        SettingError: the environment names no number from 0 to 1.

    """
    value = os.environ.get(THRESHOLD_VARIABLE) or str(ANSWERED_FROM if chosen is None else chosen)
    try:
        threshold = float(value)
    except ValueError:
        threshold = -1.0
    if not 0 <= threshold <= 1:
        raise SettingError(f"{THRESHOLD_VARIABLE} is {value!r}: set it to a number from 0 to 1, or leave it out.")
    return threshold


def document_limits() -> Limits:
    """Return what a document that is no note may cost: the defaults, with those that the environment sets otherwise.

    Raises:
        SettingError: the environment names a limit that is none, or a value that is no whole number above 0.

    """
    limits = os.environ.get(LIMITS_VARIABLE, "")
    pairs = [setting.partition("=") for setting in limits.split()]
    if not all(name in LIMIT_NAMES and value.isdecimal() and int(value) for name, _, value in pairs):
        raise SettingError(
            f"{LIMITS_VARIABLE} is {limits!r}: write it as `pages=5000 seconds=120`, or leave it out. "
            f"The limits are {', '.join(LIMIT_NAMES)}."
        )
    return Limits(**{name: int(value) for name, _, value in pairs})


def gate_encoder(library: Library) -> Encoder:
    """Return the encoder that judges what a model server writes: the default model, for which the gate was measured."""
    from index.embedding import DEFAULT_MODEL, EXPORT_FOLDER, ModelEncoder

    if library.encoder.name == DEFAULT_MODEL:
        return library.encoder
    return ModelEncoder(DEFAULT_MODEL, library.folder / EXPORT_FOLDER, cache_folder() / "models")


def open_library(
    place: Path | str | None = None,
    model: str | None = None,
    measure: Measure | None = None,
    *,
    may_make: bool | None = None,
) -> Library:
    """Open the library that is given, or else named by the environment; make one where there is none, if `may_make`.

    Unless `may_make` says so or not, one is made in a folder and none on a server, where everybody would see a mistyped
    name. `measure` finds out once what the similarities of another model than the default one mean.

    Raises:
        LibraryError: the folder or the server cannot be used, or there is no library.
        SettingError: the environment has a value that cannot be used.

    """
    from index.library import Library  # the engine is not loaded for settings that are only read

    chosen = library_place(place)
    return Library(
        chosen,
        model=model or os.environ.get(MODEL_VARIABLE) or None,
        models=cache_folder() / "models",
        limits=document_limits(),
        measure=measure,
        beside=folder_beside(chosen) if isinstance(chosen, str) else None,
        may_make=not isinstance(chosen, str) if may_make is None else may_make,
    )
