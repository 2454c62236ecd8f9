"""where does each topic lie on the map? neighbours beside neighbours, known topics where they were (home of openTSNE)

The places are stored with the library, in one file that is written in one step. Without it, or if it is damaged, all
topics are laid out again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from index.errors import LibraryError
from index.library import Library
from index.records import Vectors

Places: TypeAlias = npt.NDArray[np.float32]
"""Coordinates of topics, shape (topics, 2), each axis from 0 to 1."""

FORMAT: Final = 1
"""Raised when the file is written in another way."""
MAP_FILE: Final = "map.json"

RENEWED: Final = 0.1
"""The share of topics that may be new before all are laid out again, from the places they have."""

COMPONENTS: Final = 50
"""Principal components in which neighbours are searched, as van der Maaten and Hinton do (JMLR 2008): it halves the
time."""
PERPLEXITY: Final = 30
"""The effective number of neighbours of a topic; in a library of fewer than a hundred topics, a third of these."""
FEWEST: Final = 5
"""Topics, at least, for t-SNE: fewer are placed by their two principal components."""
UNFOLDED: Final = 2_000
"""Topics that t-SNE lays out; of more, a sample of this size, since it takes minutes for 20,000."""
STEPS_APART: Final = 250
"""Steps of early exaggeration, in which groups form (van der Maaten and Hinton, 2008)."""
STEPS: Final = 150
"""Steps after these: 1,864 topics lie as near to their neighbours after 150 (trustworthiness .979) as after 750 (.979),
and take 3 s of one processor."""
STEPS_OF_FEW: Final = 750
"""Steps after these for few topics, which takes a second: a dozen are not separated after 150."""
FEW: Final = 300
"""Topics up to which they are few."""
START_WIDTH: Final = 1e-4
"""The spread t-SNE starts from, so that it keeps the arrangement it is given (Kobak and Linderman, 2021)."""

DIGITS: Final = 5
"""Decimals of a stored coordinate: finer than any screen."""

NEIGHBOURS: Final = 3
"""The number of most similar topics that a new topic is put between."""


def lay_out(ids: list[str], vectors: Vectors, before: Mapping[str, tuple[float, float]]) -> Places:
    """Return the coordinates of topics, given their unit vectors and the former coordinates of some, `before`.

    If nine in ten topics have a place, they keep it, and the others are put between their most similar topics.
    """
    if not ids:
        return np.zeros((0, 2), dtype=np.float32)
    is_known = np.array([id_ in before for id_ in ids])
    if not is_known.any():
        return _renewed(vectors, _main_components(vectors, 2))
    places = np.array([before[id_] for id_ in ids if id_ in before], dtype=np.float32)
    places = _filled_in(vectors, is_known, places)
    return places if is_known.mean() >= 1 - RENEWED else _renewed(vectors, places)


def read_places(library: Library) -> dict[str, tuple[float, float]]:
    """Return the stored coordinates by topic id; empty if they belong to another library."""
    try:
        record, fingerprint = json.loads(library.storage.read_file(MAP_FILE) or "{}"), library.fingerprint
        is_sound = (record["format"], record["stamp"]) == (FORMAT, fingerprint)
        return {id_: (float(x), float(y)) for id_, (x, y) in record["places"].items()} if is_sound else {}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def keep_places(library: Library, ids: list[str], places: Places) -> None:
    """Store coordinates; if that fails, the next map lays the topics out again."""
    record = {id_: [round(x, DIGITS), round(y, DIGITS)] for id_, (x, y) in zip(ids, places.tolist(), strict=True)}
    with suppress(OSError, LibraryError):
        library.storage.write_file(
            MAP_FILE, json.dumps({"format": FORMAT, "stamp": library.fingerprint, "places": record})
        )


def _renewed(vectors: Vectors, start: Places) -> Places:
    """Lay topics out again, starting near `start`; of many topics a sample, and the others between these."""
    if len(vectors) <= UNFOLDED:
        return _unfolded(vectors, start)
    is_sample = np.zeros(len(vectors), dtype=bool)
    is_sample[np.linspace(0, len(vectors) - 1, UNFOLDED).astype(int)] = True
    return _filled_in(vectors, is_sample, _unfolded(vectors[is_sample], start[is_sample]))


def _filled_in(vectors: Vectors, is_placed: npt.NDArray[np.bool_], placed: Places) -> Places:
    """Return the coordinates of all topics; those without get some between their most similar placed topics."""
    places = np.empty((len(vectors), 2), dtype=np.float32)
    places[is_placed] = placed
    known = vectors[is_placed]
    for row in np.flatnonzero(~is_placed):
        places[row] = _between_neighbours(known @ vectors[row], placed).round(DIGITS)
    return places


def _unfolded(vectors: Vectors, start: Places) -> Places:
    """Return coordinates by t-SNE, initialised with `start`."""
    if len(vectors) < FEWEST:
        return _scaled(start)
    spread = START_WIDTH / max(float(start[:, 0].std()), 1e-9)
    from openTSNE import TSNE  # seconds, which no question needs; it takes a fifth of scikit-learn's time

    unfold = TSNE(
        perplexity=min(PERPLEXITY, (len(vectors) - 1) / 3),
        initialization=((start - start.mean(axis=0)) * spread).astype(np.float64),
        neighbors="exact",
        negative_gradient_method="bh",
        early_exaggeration_iter=STEPS_APART,
        n_iter=STEPS_OF_FEW if len(vectors) <= FEW else STEPS,
        random_state=0,
        n_jobs=1,  # its threads wait for each other: two take longer than one, and many times longer on a busy machine
    )
    return _scaled(np.asarray(unfold.fit(_main_components(vectors, COMPONENTS))))


def _main_components(vectors: Vectors, count: int) -> Vectors:
    """Return vectors in their principal components, padded with zeros."""
    if len(vectors) < 2:
        return np.zeros((len(vectors), count), dtype=np.float32)
    dimensions = min(count, *vectors.shape)
    from sklearn.decomposition import PCA

    start = PCA(
        dimensions, svd_solver="full" if dimensions == min(vectors.shape) else "auto", random_state=0
    ).fit_transform(vectors)
    return np.pad(start, ((0, 0), (0, count - dimensions))).astype(np.float32)


def _scaled(places: Places) -> Places:
    low, high = places.min(axis=0), places.max(axis=0)
    return np.asarray((places - low) / np.maximum(high - low, 1e-9), dtype=np.float32).round(DIGITS)


def _between_neighbours(similarity: npt.NDArray[np.float32], places: Places) -> Places:
    count = min(NEIGHBOURS, len(similarity))
    nearest = np.argpartition(-similarity, count - 1)[:count]
    return np.asarray(np.average(places[nearest], axis=0, weights=np.maximum(similarity[nearest], 1e-3)))
