"""a process of its own that exports a model, once for all libraries: `python -m index.embedding.exporting`

A BERT model is put together from its files, in two seconds, the default one without torch; any other is exported by
torch, in half a minute or more, of which the memory is given back when the process ends.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from index.embedding.export_manifest import MANIFEST_FILE, ExportManifest
from index.embedding.exports import UNWRITABLE, Export
from index.embedding.model_store import DEFAULT_MODEL
from index.embedding.onnx_model import TRIED, ExportedModel
from index.errors import ModelError
from index.storage import checksums_of

if TYPE_CHECKING:
    from index.embedding.torch_model import ReferenceModel

KNOWN: Final = np.array(
    [
        [-0.07657, -0.03168, -0.10161, 0.01404, 0.08473, -0.01598, -0.12583, -0.02907],
        [0.00862, 0.02568, 0.00463, 0.02882, 0.02429, 0.01888, -0.04128, 0.00289],
    ]
)
"""How the vectors of what is tried begin, as torch computes them for the default model."""
MAX_APART: Final = 1e-4
"""What numbers may be apart that two machines compute."""


def export(name: str, location: Path | str, folder: Path) -> None:
    """Write the export of a model into an empty folder, its card last."""
    if name == DEFAULT_MODEL and _builds(Path(location), folder):
        return
    from index.embedding.torch_model import ReferenceModel  # it brings torch

    model = ReferenceModel(name, str(location))
    if not _builds_as(model, Path(location), folder):
        model.export(folder)


def export_cross_encoder(name: str, location: str, folder: Path) -> None:
    """Write the export of a cross-encoder into an empty folder, its card last."""
    from index.embedding.torch_model import export_cross_encoder as by_torch  # it brings torch

    by_torch(name, location, folder)


def tune(folder: Path) -> None:
    """Find out what embeds heaps of notes soonest on this machine, and say so on the card of an export."""
    card = ExportManifest.read(folder)
    if card is None or card.has_half_precision is not None:
        return
    from index.embedding.torch_model import computes_in_half_precision

    ExportedModel(folder, card).keep_bytes_if_faster()
    checksums = {name: own for name, own in checksums_of(folder, card.files).items() if name != MANIFEST_FILE}
    replace(card, has_half_precision=computes_in_half_precision(), files=checksums).write(folder)


def _builds_as(model: ReferenceModel, location: Path, folder: Path) -> bool:
    """Return whether a model was put together from its files, and computes what torch does."""
    from index.embedding.bert import build

    try:
        card = build(model.name, location, folder)
        if not model.agrees(ExportedModel(folder, card)):
            return False
    except OSError as error:
        if error.filename is None or Path(error.filename).is_relative_to(folder):
            raise
        return False  # it has not the files that are looked for
    except Exception:  # the runtime has no common error
        logging.getLogger(__name__).debug("%s cannot be put together", model.name, exc_info=True)
        return False
    replace(card, files=checksums_of(folder)).write(folder)
    return True


def _builds(model: Path, folder: Path) -> bool:
    """Return whether the default model was put together from its files, and computes what it should."""
    from index.embedding.bert import build

    try:
        card = build(DEFAULT_MODEL, model, folder)
        vectors = ExportedModel(folder, card).encode_queries(TRIED)[:, : KNOWN.shape[1]]
    except OSError:
        raise
    except Exception:  # the runtime has no common error
        logging.getLogger(__name__).debug("%s cannot be put together", DEFAULT_MODEL, exc_info=True)
        return False
    if np.abs(vectors - KNOWN).max() > MAX_APART:
        return False
    replace(card, files=checksums_of(folder)).write(folder)
    return True


def main(what: str, name: str, location: str, *places: str) -> None:
    """Export a model, or tune its export, and end with what is wrong where that cannot be."""
    try:
        if what == "tune":
            tune(Path(places[0]))
        elif what == "cross-encoder":
            root, made_from = places
            Export(Path(root), name, made_from).make(partial(export_cross_encoder, name, location))
        else:
            root, made_from = places
            Export(Path(root), name, made_from).make(partial(export, name, location))
    except ModelError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.stderr.write(
            f"The model cannot be written to {places[0]} ({error.strerror or error}). See that its disk has room.\n"
        )
        sys.exit(UNWRITABLE)


if __name__ == "__main__":
    main(*sys.argv[1:])
