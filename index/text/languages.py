"""the function words of a question that is not English (home of tantivy's lists of them)"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from index.text.words import STOP_WORDS

if TYPE_CHECKING:
    import tantivy

LANGUAGES: Final = (
    *("danish", "dutch", "finnish", "french", "german", "hungarian", "italian", "norwegian", "portuguese", "russian"),
    *("spanish", "swedish"),
)
"""Those beside English whose function words tantivy knows."""


def function_words(text: str) -> frozenset[str]:
    """Return the function words of a text that is not English, in lower case: of the language that has most in it.

    One alone says nothing, nor do those that stand among as many English ones.

    >>> sorted(function_words("Der Teig hat nach einer Nacht im Ofen eine Kruste."))
    ['der', 'eine', 'einer', 'hat', 'im', 'nach']
    >>> function_words("how do they die in Los Angeles?")
    frozenset()
    """
    words = _analyser().analyze(text)
    least = min((_analyser(language).analyze(text) for language in LANGUAGES), key=len)
    found, english = len(words) - len(least), sum(word in STOP_WORDS for word in words)
    return frozenset(words) - frozenset(least) if found > max(english, 1) else frozenset()


@cache
def _analyser(language: str | None = None) -> tantivy.TextAnalyzer:
    import tantivy  # a library whose words are looked at only has no use for it

    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    return (words.filter(tantivy.Filter.stopword(language)) if language else words).build()
