"""Other forms of a word, in the language of the question that asks for it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from index.text.word_forms import other_forms


def vocabulary(words: str) -> Mapping[str, int]:
    return dict.fromkeys(words.split(), 1)


@pytest.mark.parametrize(
    ("question", "words", "forms"),
    [
        ("Wo sind die Häuser?", "haus hauptsache", {"hauser": {"haus"}}),
        ("Was mache ich mit dem Haus?", "häuser hausmeister", {"haus": {"hauser"}}),
        ("Wie geht das mit dem Mergen?", "merge merging", {"mergen": {"merg"}}),
        (
            "¿Cómo se han restaurado las copias?",
            "restaurar resto copia",
            {"restaurado": {"restaurar"}},
        ),
        ("comment sont les principales vannes ?", "principal princesse", {"principal": {"princip"}}),
        ("dove sono le bottiglie?", "bottiglia bottega", {"bottigli": {"bottiglia"}}),
        ("como restaurar os meus dados?", "restauração resto", {"restaurar": {"restauracao"}}),
        ("waar zijn de boeken?", "boek boekhouding", {"boeken": {"boek"}}),
    ],
)
def test_forms_of_a_word_are_told_by_the_stemmer_of_its_language(
    question: str, words: str, forms: dict[str, set[str]]
) -> None:
    known = vocabulary(words)
    assert other_forms(question, lambda letters: {word: 1 for word in known if word.startswith(letters)}) == forms


@pytest.mark.parametrize("text", ["how do I merge the houses?", "Häuser", "und die der das"])
def test_english_untold_and_function_words_have_none(text: str) -> None:
    assert other_forms(text, lambda letters: {f"{letters}{ending}": 1 for ending in ("", "e", "en", "s")}) == {}
