"""words by Zipf's law, themes that share them -> topics by the hundred thousand, and questions about them

Each theme has words of its own and one real vector, that of a text made of them. A topic takes half of its words from
its theme and half from all, and its passages lie around the theme's vector, in few of the dimensions: so words and
vectors tell of the same topics, no two are equally good, and nothing but the themes has to be embedded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.library import PER_TOPIC, Told
from index.arrays import unit_vectors
from index.embedding import DEFAULT_MODEL, ModelEncoder, default_model_folder
from index.records import Encoded, Entry, Topic, Vectors

THEMES: Final = 1_000
THEME_WORDS: Final = 30
TEXT_WORDS: Final = 60
COMMON: Final = 400
"""The most frequent words, which are no theme's own."""

RARE_EVERY: Final = 4
"""A topic in so many has a word that no other one has: names and codes grow with a library, as Heaps' law says."""

DIRECTIONS: Final = 32
"""The dimensions in which passages of one theme differ."""

NOISE: Final = 0.6
"""How far a passage lies from its theme: their cosine is about .86."""

CHUNK: Final = 4_096
"""Topics made at a time."""


class Themes:
    """Topics by their number: the same ones whoever makes them."""

    def __init__(self, model: Path) -> None:
        """Encode the themes by the default model, which is exported to a folder."""
        self._random = np.random.default_rng(0)
        self._words = _vocabulary()
        ranks = np.arange(1, len(self._words) + 1)
        self._zipf = np.cumsum(1 / ranks) / np.sum(1 / ranks)
        self._own = self._random.integers(COMMON, len(self._words), size=(THEMES, THEME_WORDS))
        self._encoder = ModelEncoder(DEFAULT_MODEL, model)

    @cached_property
    def _encoded(self) -> Encoded:
        self._encoder.store.prepare()
        texts = [" ".join(self._words[number] for number in own) for own in self._own]
        return self._encoder.document_encoder(len(texts))(texts)

    def told(self, size: int) -> Iterator[Told]:
        """Yield the topics of a library with so many passages, some at a time, and what those are encoded as."""
        tokens, count = self._encoded.binary_tokens, -(-size // PER_TOPIC)
        for start in range(0, count, CHUNK):
            numbers = np.arange(start, min(start + CHUNK, count))
            themes = self._random.integers(THEMES, size=len(numbers))
            of_passages = np.repeat(themes, PER_TOPIC)
            encoded = Encoded(self._around(of_passages), [tokens[theme] for theme in of_passages.tolist()])
            yield self._topics(numbers, themes), encoded

    def questions(self, count: int) -> list[str]:
        """Return questions, each by two words of one theme and two that are common to all."""
        random = np.random.default_rng(1)
        ranks = np.arange(COMMON // 10, COMMON)
        asked = []
        for theme in random.integers(THEMES, size=count):
            own = random.choice(self._own[theme], 2, replace=False)
            common = random.choice(ranks, 2, replace=False, p=1 / ranks / np.sum(1 / ranks))
            asked.append("how does the {} {} change a {} with {}?".format(*(self._words[i] for i in (*own, *common))))
        return asked

    def _around(self, themes: npt.NDArray[np.int64]) -> Vectors:
        centres = self._encoded.vectors
        away = self._random.standard_normal((len(themes), DIRECTIONS), dtype=np.float32) @ self._directions
        return unit_vectors(centres[themes] + away * np.float32(NOISE / np.sqrt(DIRECTIONS)))

    @cached_property
    def _directions(self) -> Vectors:
        dimension = self._encoded.vectors.shape[1]
        return unit_vectors(np.random.default_rng(2).standard_normal((DIRECTIONS, dimension), dtype=np.float32))

    def _topics(self, numbers: npt.NDArray[np.int64], themes: npt.NDArray[np.int64]) -> list[Topic]:
        shape = (len(numbers), TEXT_WORDS)
        own = self._own[themes[:, None], self._random.integers(THEME_WORDS, size=shape)]
        common = np.searchsorted(self._zipf, self._random.random(shape))
        chosen = np.where(self._random.random(shape) < 0.5, own, common)
        return [self._topic(*row) for row in zip(numbers.tolist(), themes.tolist(), chosen.tolist(), strict=True)]

    def _topic(self, number: int, theme: int, chosen: Sequence[int]) -> Topic:
        words = [self._words[place] for place in chosen]
        if number % RARE_EVERY == 0:
            words.append(f"{words[0]}{number}")
        title = f"{self._words[self._own[theme, 0]]} {' '.join(words[:3])}".capitalize()
        return Topic(f"Theme {theme % 50}", title, (Entry(None, f"{' '.join(words)}.".capitalize(), 2),), 1)


def _vocabulary() -> list[str]:
    """Return the words that the default model knows as one piece, which lists them by how frequent they are."""
    words = (default_model_folder() / "vocab.txt").read_text(encoding="utf-8").split()
    return [word for word in words if len(word) > 1 and word.isascii() and word.isalpha()]
