"""which words say why a topic matched?"""

from __future__ import annotations

from typing import Final

import numpy as np

from assistant.answering.passage.alignment import align
from index.embedding import Tokenizer
from index.records import Topic
from index.retrieval import QueryTerms
from index.text import stemmed_words, stems

MAX_WORDS: Final = 6
"""Words shown at most."""

LIKE: Final = 0.35
"""The least similarity at which a word is shown for a query term: `slow` for quicker, `users` for customers. Below it,
the most similar word is seldom one that a reader would choose."""


def like_words(query_terms: QueryTerms, text: str, tokenizer: Tokenizer) -> tuple[str, ...]:
    """Return the words of a text that mean a query term which the text does not contain, the rarest term's first.

    Single letters and numbers mean only themselves: none is returned. Each word is read once, without the others: of
    the tokens of a long entry, a third are left.
    """
    is_contained = query_terms.are_in(stems(text))
    if is_contained.all() or not len(query_terms.words):
        return ()
    words = [text[start:end] for stem, start, end in stemmed_words(text) if len(stem) > 1 and stem.isalpha()]
    alignment = align(query_terms, " ".join(dict.fromkeys(words)), tokenizer)
    separated = f" {alignment.text} "
    whole = [row for row, (start, end) in enumerate(alignment.spans) if separated[start] == separated[end + 1] == " "]
    if not whole:
        return ()
    terms, firsts = np.unique(query_terms.words, return_index=True)
    similarity = np.add.reduceat(alignment.similarity[:, whole], firsts, axis=0) / query_terms.token_counts[terms, None]
    most_similar = similarity.argmax(axis=1).tolist()
    words_alike = [
        alignment.text[slice(*alignment.spans[whole[most_similar[row]]])]
        for row in np.argsort(-query_terms.weights[terms], kind="stable").tolist()
        if not is_contained[terms[row]] and similarity[row, most_similar[row]] >= LIKE
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
