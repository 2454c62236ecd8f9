"""the function words of a question that is not English (home of tantivy's lists of them)"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from index.text.normal_form import unaccented
from index.text.words import STOP_WORDS

if TYPE_CHECKING:
    import tantivy

LANGUAGES: Final = (
    *("german", "french", "spanish", "italian", "portuguese", "dutch", "russian"),
    *("danish", "finnish", "hungarian", "norwegian", "swedish"),
)
"""Those beside English whose function words tantivy knows; of two that are as likely, the first is taken."""

ASKING: Final = {
    "german": """
        wie wer wen wem wessen was welche welcher welches welchem welchen wo wohin woher wann warum wieso weshalb wozu
        womit wodurch worüber woran wofür worauf wieviel viele gibt darf dürfen kann können muss müssen soll
    """,
    "french": """
        où quand comment combien pourquoi quel quelle quels quelles quoi est sont
        fait faire puis peut peux dois faut
    """,
    "spanish": """
        qué quién quiénes cuánto cuánta cuántos cuántas dónde cuándo cómo cuál cuáles
        hay cuesta puedo podemos puede debo
    """,
    "italian": """
        dove quando come quanto quanta quanti quante chi cosa cos perché quale
        quali è sono costa posso possiamo può devo
    """,
    "portuguese": """
        onde quando como quanto quanta quantos quantas quem qual quais porquê quê
        é são custa posso podemos pode devo
    """,
    "dutch": "hoe wie wat waar waarom wanneer welke welk hoeveel waarmee mag mogen kan kunnen moet",
}
"""Words that ask, with or without their accents, of which tantivy has few. With them, the language of .99 of XQuAD's
German and 1.00 of its Spanish questions is told, without them of .88 and .90; of 5,465 English questions, one is taken
for another language, nine without them. Those that ask whether one may do something ("darf", "puis-je") make none of
3,942 English questions another language."""

CONTRACTED: Final = frozenset("stdm")
"""What is left of "what's" or "don't": words of French, by its lists."""

ENGLISH_TOO: Final = STOP_WORDS | {"come", "comment", "was"}
"""Words that ask in another language and may begin a question in English."""

QUESTIONS_AT_ONCE: Final = 32
"""Questions whose language is kept: to answer a question, it is asked for seven times."""

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
    return function_words_of(text, stemmed_language(text))


def function_words_of(text: str, language: str) -> frozenset[str]:
    """Return the words of a text, in lower case, that are function words of a language, or that ask in it."""
    return frozenset(word for word in _analyser().analyze(text) if language in _languages_of(word))


def language_of(text: str) -> str:
    """Return the language of a text that is not English, as far as its script or its function words tell; else nothing.

    >>> [language_of(text) for text in ("wie alt ist der Teig?", "鍵はどこ？", "где ключ?", "who is der Alte?")]
    ['German', 'Chinese, Japanese or Korean', 'Russian', '']
    """
    for name, script in SCRIPTS.items():
        if script.search(text):
            return name
    return stemmed_language(text).capitalize()


@lru_cache(maxsize=QUESTIONS_AT_ONCE)
def stemmed_language(text: str) -> str:
    """Return the language that has most function words in a text, in lower case; nothing where it seems English.

    One that asks, at the beginning, counts twice. Each of these languages has a stemmer, too.
    """
    words = [word for word in _analyser().analyze(text) if word not in CONTRACTED]
    counts = Counter(language for word in words for language in _languages_of(word))
    if words and words[0] not in ENGLISH_TOO:
        counts.update(language for language in ASKING if words[0] in asking_words(language))
    likeliest = max(LANGUAGES, key=counts.__getitem__)
    return likeliest if counts[likeliest] > max(sum(word in STOP_WORDS for word in words), 1) else ""


@lru_cache(maxsize=100_000)
def _languages_of(word: str) -> frozenset[str]:
    """Return the languages in which a word, in lower case, is a function word."""
    return frozenset(
        language for language in LANGUAGES if not _analyser(language).analyze(word) or word in asking_words(language)
    )


@cache
def asking_words(language: str) -> frozenset[str]:
    """Return the words that ask in a language, with and without their accents."""
    words = ASKING.get(language, "").split()
    return frozenset((*words, *(bare for bare in map(unaccented, words) if len(bare) > 1)))


@cache
def _analyser(language: str | None = None) -> tantivy.TextAnalyzer:
    import tantivy  # a library whose words are looked at only has no use for it

    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    return (words.filter(tantivy.Filter.stopword(language)) if language else words).build()
