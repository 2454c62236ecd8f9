"""what ranking weighs: the numbers that decide together which topics come first"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """The weights of ranking and how many topics each step looks at; another set is tried by `SearchRequest`."""

    words_weight: float = 3.0
    """How much shared words draw the score of a topic towards 1, if each is one token of the model; multiplied by the
    tokens of a word if it has several, as the model knows little of the meaning of such a word.
    Success@1 with 3 and this factor is no lower than with 6 for all over the bundled topics (.926 -> .939), a
    household's, a vault of notes (.897 -> .905; its other half, .875 -> .898), SciFact (.610 -> .617), SQuAD (.808 ->
    .813), CLAPnq and XQuAD in English, Spanish and Chinese; over XQuAD in German one question of 298 is lost, and three
    are with 3 alone."""
    words_power: float = 2.0
    """The exponent of the share of words: above 1, so that a few shared words count little. A topic that holds most
    words of a long question is asked for in its own words; for any other, meaning says more."""
    tokens_weight: float = 0.5
    """The weight of tokens in a topic's similarity. nDCG@10 of SciFact is .732 with none and .740 with half, of XQuAD
    .983 and .986; 0.3 to 0.6 are alike."""

    rerank_depth: int = 20
    """Topics that are reranked for a question, best first: a millisecond or two."""
    word_candidates: int = 50
    """Candidates by words: topics beyond share too little with the question to come first."""
    literal_candidates: int = 200
    """Topics with all words of a quoted text that are searched for it: 15 milliseconds."""
    number_candidates: int = 20
    """Top topics among which those with the very number, code or day asked for are moved up."""
    section_candidates: int = 20
    """Top topics among which the section asked for is searched."""


RETRIEVAL: Final = RetrievalSettings()
"""The values that were measured to be best."""
