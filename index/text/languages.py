"""the function words of a question that is not English (home of tantivy's lists of them)"""

from __future__ import annotations

import re
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

SCRIPTS: Final = {
    "Chinese, Japanese or Korean": re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"),
    "Russian": re.compile("[\u0400-\u04ff]"),
    "Greek": re.compile("[\u0370-\u03ff]{2}"),
    "Arabic": re.compile("[\u0600-\u06ff]"),
    "Hebrew": re.compile("[\u0590-\u05ff]"),
    "Hindi": re.compile("[\u0900-\u097f]"),
    "Thai": re.compile("[\u0e00-\u0e7f]"),
}
"""Languages that are told by their letters; of several that share them, the one that most people write."""


def function_words(text: str) -> frozenset[str]:
    """Return the function words of a text that is not English, in lower case: of the language that has most in it.

    One alone says nothing, nor do those that stand among as many English ones.

    >>> sorted(function_words("Der Teig hat nach einer Nacht im Ofen eine Kruste."))
    ['der', 'eine', 'einer', 'hat', 'im', 'nach']
    >>> function_words("how do they die in Los Angeles?")
    frozenset()
    """
    language = _by_function_words(text)
    words = _analyser().analyze(text)
    return frozenset(words) - frozenset(_analyser(language).analyze(text)) if language else frozenset()


def language_of(text: str) -> str:
    """Return the language of a text that is not English, as far as its script or its function words tell; else nothing.

    >>> [language_of(text) for text in ("wie alt ist der Teig?", "鍵はどこ？", "где ключ?", "who is der Alte?")]
    ['German', 'Chinese, Japanese or Korean', 'Russian', '']
    """
    for name, script in SCRIPTS.items():
        if script.search(text):
            return name
    return _by_function_words(text).capitalize()


def _by_function_words(text: str) -> str:
    """Return the language that has most function words in a text, in lower case; nothing where it seems English."""
    words = _analyser().analyze(text)
    left = {language: len(_analyser(language).analyze(text)) for language in LANGUAGES}
    likeliest = min(left, key=left.__getitem__)
    known, english = len(words) - left[likeliest], sum(word in STOP_WORDS for word in words)
    return likeliest if known > max(english, 1) else ""


@cache
def _analyser(language: str | None = None) -> tantivy.TextAnalyzer:
    import tantivy  # a library whose words are looked at only has no use for it

    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    return (words.filter(tantivy.Filter.stopword(language)) if language else words).build()
