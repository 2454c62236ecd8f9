"""a model as exported to ONNX: tokens and vectors without torch (home of onnxruntime and tokenizers)"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from index.records import Tokens, Vectors
from index.shadow import Marks, is_whole

FORMAT: Final = 3
"""Raised when an export is written in another way: older ones are then made anew by the next sync."""

NETWORK_FILE: Final = "model.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"
TOKENS_FILE: Final = "tokens.npy"
"""The network's own table of tokens: a unit vector for each, shape (tokens, dimension), float16."""
CARD_FILE: Final = "model.json"

BATCH_TOKENS: Final = 1024
"""Texts of about the same length share a run up to so many tokens; 8,192 is a fifth slower on two cores."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What an export says of itself; it is written last, so that an export without one is not there."""

    model: str
    """The name or folder of the model it was made from."""
    dimension: int
    max_tokens: int
    """How many tokens of a text are read, special tokens and prompts already taken off."""
    longest: int
    """The same with the prompt."""
    padding: int
    """The token that fills a shorter text up."""
    query_prompt: str
    document_prompt: str
    files: Marks
    """The mark of each file, so that a damaged one is noticed; none where this model cannot be exported."""
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Keep the card beside the network."""
        part = folder / f"{CARD_FILE}.part"
        part.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")
        part.replace(folder / CARD_FILE)

    @classmethod
    def read(cls, folder: Path) -> ModelCard | None:
        """Return the card in this folder; None where there is none, or one of another format."""
        try:
            card = cls(**json.loads((folder / CARD_FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return card if card.format == FORMAT else None


class ExportedModel:
    """A network and its tokenizer; any number of threads may use it at once."""

    @classmethod
    def open(cls, folder: Path, card: ModelCard) -> ExportedModel | None:
        """Load the export in a folder; None where it is damaged."""
        try:
            return cls(folder, card) if is_whole(folder, card.files) else None
        except Exception:  # the runtimes have no common error for what is no network or no tokenizer
            return None

    def __init__(self, folder: Path, card: ModelCard) -> None:
        """Load the network and the tokenizer in a folder."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _available_cores()
        self._session = onnxruntime.InferenceSession(folder / NETWORK_FILE, options, providers=["CPUExecutionProvider"])
        self._inputs = [given.name for given in self._session.get_inputs()]
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._token_vectors = np.load(folder / TOKENS_FILE, mmap_mode="r")
        self._card = card
        self.dimension = card.dimension
        self.max_tokens = card.max_tokens

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's tokens, without the special ones."""
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def tokens(self, text: str) -> Tokens:
        """Return the tokens of a text with their vectors from the network's own table."""
        found = self._tokenizer.encode(text, add_special_tokens=False)
        return Tokens(found.offsets, self._token_vectors[found.ids].astype(np.float32))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors of questions, shape (texts, dimension)."""
        return self._encode(texts, self._card.query_prompt)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors of passages, shape (texts, dimension)."""
        return self._encode(texts, self._card.document_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        tokens = [self._tokens(prompt + text) for text in texts]
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for rows in _batches([len(one) for one in tokens]):
            vectors[rows] = self._run([tokens[row] for row in rows])
        return vectors

    def _tokens(self, text: str) -> Encoding:
        tokens = self._tokenizer.encode(text, add_special_tokens=False)
        tokens.truncate(self._card.longest)
        return self._tokenizer.post_process(tokens)

    def _run(self, tokens: Sequence[Encoding]) -> Vectors:
        longest = max(len(one) for one in tokens)
        given = {name: np.zeros((len(tokens), longest), dtype=np.int64) for name in self._inputs}
        given["input_ids"][:] = self._card.padding
        values = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
        for row, one in enumerate(tokens):
            for name in self._inputs:
                given[name][row, : len(one)] = getattr(one, values[name])
        vectors: Vectors = self._session.run(None, given)[0]
        return vectors


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the positions of texts that share a run, longest first."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lambda position: -lengths[position]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def _available_cores() -> int:
    """Return how many cores this process may use; a container's limit is not always what the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
