"""the folder of an export: its files, and the manifest that says which model it is and that they are whole"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from index.storage import Checksums, is_own_folder, read_own, write_whole

FORMAT: Final = 7
"""Raised when an export is written in another way."""
READ_FORMATS: Final = (6, FORMAT)
"""The formats that are read; an export of an older one is made anew by the next sync. Where a BERT model's is of 6, the
network maps its table of tokens, which takes 10 MB more."""

EXPORT_FOLDER: Final = "model"
"""Where, in a library's folder, its model is kept as it was exported."""
NETWORK_FILE: Final = "model.onnx"
BYTES_FILE: Final = "model-8bit.onnx"
"""The network with weights of 8 bits, for heaps of notes; only where it is faster and near enough."""
TOKENIZER_FILE: Final = "tokenizer.json"
TOKENS_FILE: Final = "tokens.npy"
"""The network's own table of tokens: a vector for each, shape (tokens, dimension)."""
EXPORT_FILES: Final = (NETWORK_FILE, BYTES_FILE, TOKENIZER_FILE, TOKENS_FILE)
"""All that a card may name."""
MANIFEST_FILE: Final = "model.json"


def part_path(folder: Path, file: str) -> Path:
    """Return where a file lies until it is whole."""
    return folder / f"{file}.part"


def part_paths(folder: Path) -> list[Path]:
    """Return where files of an export that was cut off may lie."""
    return [part_path(folder, file) for file in (NETWORK_FILE, BYTES_FILE, MANIFEST_FILE)]


@dataclass(frozen=True, slots=True)
class ExportManifest:
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
    has_half_precision: bool | None
    """Whether torch computes in half precision on the machine that made it, which embeds heaps of notes soonest; None
    where that was not found out yet."""
    files: Checksums
    """The checksum of each file, so that a damaged one is noticed; none where this model cannot be exported."""
    format: int = FORMAT
    calibration: dict[str, Any] | None = None
    """What the model's numbers mean (`Calibration.to_json`); None where that was not measured."""

    def write(self, folder: Path) -> None:
        """Keep the card beside the network."""
        write_whole(folder / MANIFEST_FILE, json.dumps(asdict(self), indent=2))

    @classmethod
    def read(cls, folder: Path) -> ExportManifest | None:
        """Return the card in this folder; None where none is, or one of a format that is not read or of other files.

        It may have come with somebody else's library: through a link, nothing is read, and so nothing written.
        """
        try:
            card = cls(**json.loads(read_own(folder / MANIFEST_FILE)))
            is_ours = is_own_folder(folder) and set(card.files) <= set(EXPORT_FILES)
        except (OSError, ValueError, TypeError, RecursionError):
            return None
        return card if is_ours and card.format in READ_FORMATS else None
