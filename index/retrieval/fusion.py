"""how do similarity of meaning and shared words become one score?"""

from __future__ import annotations

from index.records import Vectors
from index.retrieval.settings import RETRIEVAL, RetrievalSettings


def fuse(
    cosines: Vectors, lexical_scores: Vectors, tokens_per_word: float = 1.0, settings: RetrievalSettings = RETRIEVAL
) -> Vectors:
    """Return scores, at most 1, that rise with the cosine and with the share of the question's words (0 to 1).

    The more tokens the model splits a word of the question into, the more the shared words count.

    >>> import numpy as np
    >>> cosines, words = np.array([0.4, 0.4, 1.0]), np.array([0.0, 0.5, 0.5])
    >>> fuse(cosines, words).round(2).tolist(), fuse(cosines, words, tokens_per_word=2).round(2).tolist()
    ([0.4, 0.66, 1.0], [0.4, 0.76, 1.0])
    """
    words = settings.words_weight * tokens_per_word * lexical_scores**settings.words_power
    return 1 - (1 - cosines) / (1 + words)
