"""which words say why a topic matched?"""

from __future__ import annotations

from typing import Final

import numpy as np

from assistant.answering.passage.alignment import TokenAlignment
from index.records import Topic
from index.retrieval import QueryTerms
from index.text import stemmed_words, stems

MAX_WORDS: Final = 6
"""Words that say why a topic matched."""

LIKE: Final = 0.35
"""The similarity from which one word is shown for another: `slow` for quicker, `users` for customers; below, what comes
first is seldom what a reader would say."""


def like_words(alignment: TokenAlignment) -> tuple[str, ...]:
    """Return the words of a text that mean a query term in other words, those for the rarest term first.

    A letter or a number is meant as it is.
    """
    query_terms, text = alignment.query_terms, alignment.text
    is_held = query_terms.are_in(stems(text))
    if is_held.all() or not len(query_terms.words):
        return ()
    meaningful = {(start, end) for stem, start, end in stemmed_words(text) if len(stem) > 1 and stem.isalpha()}
    whole = [row for row, span in enumerate(alignment.spans) if span in meaningful]
    if not whole:
        return ()
    words, firsts = np.unique(query_terms.words, return_index=True)
    similarity = np.add.reduceat(alignment.similarity[:, whole], firsts, axis=0) / query_terms.token_counts[words, None]
    likest = similarity.argmax(axis=1).tolist()
    words_alike = [
        text[slice(*alignment.spans[whole[likest[row]]])]
        for row in np.argsort(-query_terms.weights[words], kind="stable").tolist()
        if not is_held[words[row]] and similarity[row, likest[row]] >= LIKE
    ]
    return tuple(dict.fromkeys(words_alike))


def shared_words(query_terms: QueryTerms, topic: Topic) -> tuple[str, ...]:
    """Return the words of a topic that a question shares in any form, as the topic writes them."""
    written: dict[str, str] = {}
    wanted = query_terms.all_stems
    for text in topic.texts:
        for stem, start, end in stemmed_words(text):
            if stem in wanted and len(stem) > 1:
                written.setdefault(stem, text[start:end])
    return tuple(written.values())
