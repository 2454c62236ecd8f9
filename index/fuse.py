"""likeness by meaning and by words -> one score"""

from __future__ import annotations

from typing import Final

from index.records import Vectors

WORDS_WEIGHT: Final = 6.0
"""How much the words that a topic shares with a question draw its score towards 1."""
WORDS_POWER: Final = 2.0
"""Above 1, so that a few shared words count little: a long question that a topic holds the most of is asked in its
words, and any other question is better told by its meaning. Both were chosen on SciFact, XQuAD, the chunking
evaluation by Chroma and the tuning half of `tests/cases/questions.jsonl` together."""


def fuse(cosines: Vectors, shares: Vectors) -> Vectors:
    """Return scores, at most 1, that rise with the cosine and with the share of the question's words (0 to 1).

    >>> import numpy as np
    >>> fuse(np.array([0.4, 0.4, 1.0]), np.array([0.0, 0.25, 0.5])).round(2).tolist()
    [0.4, 0.56, 1.0]
    """
    return 1 - (1 - cosines) / (1 + WORDS_WEIGHT * shares**WORDS_POWER)
