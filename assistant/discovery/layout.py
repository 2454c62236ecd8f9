"""topics -> places in two dimensions, neighbours beside neighbours; what has its place keeps it (home of openTSNE)

The places are kept with the library, in one file that is written in one step. Nothing depends on it: without
it, or with one that is not sound, the topics are laid out anew.
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
"""Where topics lie, shape (topics, 2), each axis from 0 to 1."""

FORMAT: Final = 1
"""Raised when the file is written in another way."""
MAP_FILE: Final = "map.json"

RENEWED: Final = 0.1
"""The share of topics that may be new before all are laid out again, from the places they have."""

COMPONENTS: Final = 50
"""Dimensions that neighbours are sought in, as van der Maaten and Hinton do (JMLR 2008): it halves the time."""
PERPLEXITY: Final = 30
"""About how many neighbours a topic is laid out by; in a library of fewer than a hundred, a third of them."""
FEWEST: Final = 5
"""With fewer topics there is nothing to unfold: the two main components are enough."""
UNFOLDED: Final = 2_000
"""Topics that are laid out by their forces; of more, a sample of so many, since t-SNE takes minutes for 20,000."""
STEPS_APART: Final = 250
"""Steps in which groups of topics draw together, as van der Maaten has it."""
STEPS: Final = 150
"""Steps after these: 1,864 topics lie as near to their neighbours after 150 (trustworthiness .979) as after 750 (.979),
and take 3 s of one processor."""
STEPS_OF_FEW: Final = 750
"""Steps after these where there are few topics, which takes a second: a dozen are not apart after 150."""
FEW: Final = 300
"""Topics that are few."""
START_WIDTH: Final = 1e-4
"""The spread t-SNE starts from, so that it keeps the arrangement it is given (Kobak and Linderman, 2021)."""

DIGITS: Final = 5
"""Decimals of a place that are kept: finer than any screen."""

NEIGHBOURS: Final = 3
"""A new topic is put among so many of those it is most like."""


def lay_out(ids: list[str], vectors: Vectors, before: Mapping[str, tuple[float, float]]) -> Places:
    """Return where topics lie, given what each is about as a unit vector and where some lay before.

    While nine in ten have a place they keep it, and the others are put among those they are most like.
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
    """Return the places kept with a library by topic id; none where they belong to another library."""
    try:
        record, fingerprint = json.loads(library.read_file(MAP_FILE) or "{}"), library.fingerprint
        is_sound = (record["format"], record["stamp"]) == (FORMAT, fingerprint)
        return {id_: (float(x), float(y)) for id_, (x, y) in record["places"].items()} if is_sound else {}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def keep_places(library: Library, ids: list[str], places: Places) -> None:
    """Keep places; where that cannot be written, the next map lays them out again."""
    record = {id_: [round(x, DIGITS), round(y, DIGITS)] for id_, (x, y) in zip(ids, places.tolist(), strict=True)}
    with suppress(OSError, LibraryError):
        library.write_file(MAP_FILE, json.dumps({"format": FORMAT, "stamp": library.fingerprint, "places": record}))


def _renewed(vectors: Vectors, start: Places) -> Places:
    """Lay topics out near the places to start from; of very many a sample, and the others among it."""
    if len(vectors) <= UNFOLDED:
        return _unfolded(vectors, start)
    is_sample = np.zeros(len(vectors), dtype=bool)
    is_sample[np.linspace(0, len(vectors) - 1, UNFOLDED).astype(int)] = True
    return _filled_in(vectors, is_sample, _unfolded(vectors[is_sample], start[is_sample]))


def _filled_in(vectors: Vectors, is_placed: npt.NDArray[np.bool_], placed: Places) -> Places:
    """Return the places of all topics, those without one put among the placed ones that they are most like."""
    places = np.empty((len(vectors), 2), dtype=np.float32)
    places[is_placed] = placed
    known = vectors[is_placed]
    for row in np.flatnonzero(~is_placed):
        places[row] = _between_neighbours(known @ vectors[row], placed).round(DIGITS)
    return places


def _unfolded(vectors: Vectors, start: Places) -> Places:
    """Return places near those to start from, so that like topics lie together (t-SNE)."""
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
    """Return vectors in their main components; zeros where there are fewer."""
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
