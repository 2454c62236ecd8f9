"""which number does a question in another language than English ask for? a row of words for each language

As in English: a time ("wann"), money ("cuánto cuesta"), or any number ("combien de").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from index.text import NUMBER_WORDS, stemmed_language

TIME_WORDS_FILE: Final = Path(__file__).with_name("time_words.txt")


class NumberWords(NamedTuple):
    """Regular expressions of a language, as parts of larger ones; the first three each with an example question."""

    time: tuple[str, str]
    money: tuple[str, str]
    amount: tuple[str, str]
    counted: str
    """The words that come before the word for what is counted."""
    units: str
    """Units of time."""


NUMBER_QUESTIONS: Final[Mapping[str, NumberWords]] = {
    "german": NumberWords(
        time=(
            "wann|wie lange|wie spät|wie oft|um wie ?viel uhr|welche[ms]? (?:jahr|tag|datum|monat)",
            "seit wann gilt das?",
        ),
        money=("kostet|kosten|wie teuer|preis|miete|gebühr(?:en)?", "was kostet die Karte?"),
        amount=(
            "wie ?viele?|wie (?:hoch|groß|weit|alt|schwer|warm|heiß|kalt|tief|breit|dick|schnell|lang)|anzahl",
            "wie viele Eier sind im Teig?",
        ),
        counted="wie ?viele? ",
        units="sekunden?|minuten?|stunden?|tagen?|tage?|nächte?n?|wochen?|monate?n?|jahre?n?|uhr|jahrhunderts?",
    ),
    "french": NumberWords(
        time=(
            "quand|à quelle heure|combien de temps|depuis quand|(?:quelle|quel) (?:année|jour|date|mois|heure)",
            "quand passe le chauffagiste ?",
        ),
        money=("coûte(?:nt)?|coût|prix|loyer|tarif", "quel est le prix du billet ?"),
        amount=(
            "combien|quelle (?:taille|hauteur|longueur|distance|température)|quel âge",
            "combien d'œufs dans la pâte ?",
        ),
        counted="combien (?:de |d['’])",
        units="secondes?|minutes?|heures?|h|jours?|nuits?|semaines?|mois|ans?|années?|siècles?",
    ),
    "spanish": NumberWords(
        time=(
            "cu[áa]ndo|a qu[ée] hora|cu[áa]nto tiempo|(?:qu[ée]|cu[áa]l) (?:año|d[íi]a|fecha|mes)",
            "¿en qué año se fundó?",
        ),
        money=("cuesta|cuestan|precio|alquiler|tarifa|coste", "¿cuánto cuesta la entrada?"),
        amount=(
            "cu[áa]nt[oa]s?|qu[ée] (?:edad|altura|tamaño|distancia|temperatura|porcentaje)",
            "¿cuántos huevos lleva?",
        ),
        counted="cu[áa]nt[oa]s? ",
        units="segundos?|minutos?|horas?|d[íi]as?|noches?|semanas?|mes(?:es)?|años?|siglos?",
    ),
    "italian": NumberWords(
        time=("quando|a che ora|quanto tempo|(?:che|quale) (?:anno|giorno|data|mese)", "in che anno è nata?"),
        money=("costa|costano|prezzo|affitto|tariffa", "quanto costa il biglietto?"),
        amount=("quant[oaie]|che (?:età|altezza|temperatura)", "quante uova ci vogliono?"),
        counted="quant[oaie] ",
        units="second[oi]|minut[oi]|or[ae]|giorn[oi]|nott[ei]|settiman[ae]|mes[ei]|ann[oi]|secol[oi]",
    ),
    "portuguese": NumberWords(
        time=("quando|a que horas|quanto tempo|(?:que|qual) (?:ano|dia|data|m[êe]s)", "em que ano foi fundada?"),
        money=("custa|custam|preço|aluguel|renda|tarifa", "quanto custa o bilhete?"),
        amount=("quant[oa]s?|que (?:idade|altura|tamanho|temperatura)", "quantos ovos leva?"),
        counted="quant[oa]s? ",
        units="segundos?|minutos?|horas?|dias?|noites?|semanas?|m[êe]s(?:es)?|anos?|séculos?",
    ),
    "dutch": NumberWords(
        time=("wanneer|hoe laat|hoe lang|hoe vaak|welk(?:e)? (?:jaar|dag|datum|maand)", "in welk jaar is het gebouwd?"),
        money=("kosten|kost|prijs|huur", "wat kost het kaartje?"),
        amount=("hoeveel|hoe (?:hoog|groot|ver|oud|zwaar|warm|diep|breed|snel)", "hoeveel eieren zitten erin?"),
        counted="hoeveel ",
        units="seconden?|minu(?:ut|ten)|uur|uren|dagen|dag|nachten?|weken|week|maanden?|jaar|jaren|eeuw",
    ),
}

MONEY: Final = re.compile(
    r"[$€£¥]\s?\d|\d\s?(?:[$€£¥]|(?:k|eur|euros?|usd|gbp|chf|dollars?|dólares|pfund|francs?|franken|centimes?|cent|kr)\b)"
    r"|\d[.,]\d\d\b|\b(?:gratis|kostenlos|gratuite?|gratuito)\b",
    re.IGNORECASE,
)


class _NumberPatterns(NamedTuple):
    """The regular expressions of a language."""

    asks: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    """A pattern of questions, and one of the numbers that answer these; the most specific kind first."""
    counted: re.Pattern[str]


def number_in_language(question: str) -> re.Pattern[str] | None:
    """Return a pattern for the kind of number that a question asks for in a language of `NUMBER_QUESTIONS`; else None.

    >>> bool(number_in_language("wann kommt die Müllabfuhr?").search("am 3. Mai"))
    True
    """
    rules = _rules(stemmed_language(question))
    return next((number for asks, number in rules.asks if asks.search(question)), None) if rules else None


def counted_in_language(question: str) -> str:
    """Return the word for what is counted in a question in a language of `NUMBER_QUESTIONS`; empty where nothing is.

    >>> counted_in_language("wie viele Eier sind im Teig?")
    'Eier'
    """
    rules = _rules(stemmed_language(question))
    match = rules.counted.search(question) if rules else None
    return match["thing"] if match else ""


@lru_cache(maxsize=len(NUMBER_QUESTIONS) + 1)
def _rules(language: str) -> _NumberPatterns | None:
    if not (row := NUMBER_QUESTIONS.get(language)):
        return None
    words = "|".join(map(re.escape, NUMBER_WORDS[language]))
    number = re.compile(rf"\d|\b(?:{words})\b", re.IGNORECASE)
    time = re.compile(
        rf"(?:\d|\b(?:{words}))[\s-]?(?:{row.units})\b|\b\d{{1,2}}[:.h]\d\d\b|\b\d{{4}}\b|\b\d{{1,2}}\.\d{{1,2}}\."
        rf"|\b(?:{'|'.join(_time_words(language))})s?\b",
        re.IGNORECASE,
    )
    kinds = zip((row.time, row.money, row.amount), (time, MONEY, number), strict=True)
    asks = tuple((re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), kind) for (pattern, _), kind in kinds)
    return _NumberPatterns(asks, re.compile(rf"\b{row.counted}(?P<thing>\w+)", re.IGNORECASE))


def _time_words(language: str) -> list[str]:
    """Return the months and the days of the week."""
    lines = TIME_WORDS_FILE.read_text(encoding="utf-8").splitlines()
    return next(line.split()[1:] for line in lines if line.split()[0] == language)
