"""how long it takes until a library is read by another model"""

from __future__ import annotations

import time
from typing import Final

from index.embedding import Encoder
from index.library import Library

TRIED_TOPICS: Final = 12
"""Topics that are read to see how fast a model is here: a second or two."""

LONGEST_TRIED: Final = 2_000
"""Characters of each, as a passage has them at most."""

WHOLE: Final = 1.6
"""How much more is embedded than what the topics say: a topic as a whole, and parts that overlap. Of the bundled topics
it is 1.7 times their text, of a folder of documentation 1.4."""


def seconds_to_embed(library: Library, encoder: Encoder) -> float:
    """Return about how long it takes to embed all of a library by a model that has been prepared."""
    texts = [stored.topic.full_text[:LONGEST_TRIED] for stored in library.reader.sample_topics(TRIED_TOPICS)]
    if not texts:
        return 0.0
    encoder.encode_documents(texts[:1])  # which loads the model
    began = time.perf_counter()
    encoder.encode_documents(texts)
    seconds_per_character = (time.perf_counter() - began) / max(sum(map(len, texts)), 1)
    return seconds_per_character * WHOLE * sum(len(topic.full_text) for _, topic in library.all_topics())
