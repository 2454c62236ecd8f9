"""similarity by meaning and by words -> one score"""

from __future__ import annotations

from typing import Final

from index.records import Vectors

WORDS_WEIGHT: Final = 3.0
"""How much the words that a topic shares with a question draw its score towards 1, where the model reads each as a
whole; as often as much as it reads a word in pieces, for then it knows little of what the word means.

Success@1 with 3 and pieces is no lower than with 6 for all over the bundled topics (.926 -> .939), a household's, a
vault of notes (.897 -> .905; its other half, .875 -> .898), SciFact (.610 -> .617), SQuAD (.808 -> .813),
CLAPnq and XQuAD in English, Spanish and Chinese; over XQuAD in German one question of 298 is lost, and three are with
3 alone."""
WORDS_POWER: Final = 2.0
"""Above 1, so that a few shared words count little: a long question that a topic holds the most of is asked in its
words, and any other question is better told by its meaning."""


def fuse(cosines: Vectors, lexical_scores: Vectors, tokens_per_word: float = 1.0) -> Vectors:
    """Return scores, at most 1, that rise with the cosine and with the share of the question's words (0 to 1).

    The more pieces the model reads a word of the question in, the more the shared words count.

    >>> import numpy as np
    >>> cosines, words = np.array([0.4, 0.4, 1.0]), np.array([0.0, 0.5, 0.5])
    >>> fuse(cosines, words).round(2).tolist(), fuse(cosines, words, tokens_per_word=2).round(2).tolist()
    ([0.4, 0.66, 1.0], [0.4, 0.76, 1.0])
    """
    return 1 - (1 - cosines) / (1 + WORDS_WEIGHT * tokens_per_word * lexical_scores**WORDS_POWER)
