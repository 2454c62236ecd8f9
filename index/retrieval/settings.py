"""what ranking weighs: the numbers that decide together which topics come first"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """The weights of ranking and how many topics each step looks at; another set is tried by `SearchRequest`."""

    words_weight: float = 3.0
    """How much the words that a topic shares with a question draw its score towards 1, where the model reads each as a
    whole; as often as much as it reads a word in several tokens, for then it knows little of what the word means.
    Success@1 with 3 and this division is no lower than with 6 for all over the bundled topics (.926 -> .939), a
    household's, a vault of notes (.897 -> .905; its other half, .875 -> .898), SciFact (.610 -> .617), SQuAD (.808 ->
    .813), CLAPnq and XQuAD in English, Spanish and Chinese; over XQuAD in German one question of 298 is lost, and three
    are with 3 alone."""
    words_power: float = 2.0
    """Above 1, so that a few shared words count little: a long question that a topic holds the most of is asked in its
    words, and any other question is better told by its meaning."""
    tokens_weight: float = 0.5
    """The weight of tokens in a topic's similarity. nDCG@10 of SciFact is .732 with none and .740 with half, of XQuAD
    .983 and .986; 0.3 to 0.6 are alike."""

    rerank_depth: int = 20
    """Topics that are reranked for a question, best first: a millisecond or two."""
    word_candidates: int = 50
    """Topics found by words that are looked at: those beyond share too little with the question to come first."""
    literal_candidates: int = 200
    """Topics with all the words of a quoted text that are read to see whether it stands there: 15 milliseconds."""
    number_candidates: int = 20
    """Topics among which one is looked for that has the very number, code or day that is asked for."""
    section_candidates: int = 20
    """Topics among which the section of a note that is asked for is looked for."""


RETRIEVAL: Final = RetrievalSettings()
"""What was measured to be best."""
