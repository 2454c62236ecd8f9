"""What is said of an answer."""

from __future__ import annotations

import pytest

from assistant.answer import confidence_words


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, ("very likely", "99\u00a0%")),
        (0.72, ("likely", "72\u00a0%")),
        (0.5, ("possibly", "50\u00a0%")),
    ],
)
def test_confidence_is_told_in_words_and_as_a_number(confidence: float, words: tuple[str, str]) -> None:
    assert confidence_words(confidence) == words
