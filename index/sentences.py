"""text -> the spans of its sentences (home of sentencex)"""

from __future__ import annotations

from sentencex import get_sentence_boundaries

_LANGUAGE = "en"
"""sentencex falls back from any language to rules much like these; notes do not say theirs."""


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the character spans of the sentences of a text, in order, without the white space around them.

    >>> sentence_spans("Use `git rebase main`. It helps, e.g. here.")
    [(0, 22), (23, 43)]
    """
    spans = []
    for boundary in get_sentence_boundaries(_LANGUAGE, text):
        sentence = text[boundary["start_index"] : boundary["end_index"]]
        if stripped := sentence.strip():
            start = boundary["start_index"] + sentence.index(stripped)
            spans.append((start, start + len(stripped)))
    return spans
