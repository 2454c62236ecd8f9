"""a question in another language than English that leans on the one before it -> what it asks in full

As in English: it names nothing itself ("warum?"), puts another thing in place of one ("und in Jenkins?"), or has a
pronoun at its end that stands for nothing in it ("wie mache ich das rückgängig?"). A row of words for each language.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from index.text import asking_words, function_words_of, stemmed_language, unaccented

LONGEST_ELLIPSIS: Final = 5
"""Words up to which what does not ask may be what is left of a question."""

LONGEST_THING: Final = 3
"""Words of a thing that is named in place of another: "what about" begins other questions, too."""


class FollowUpWords(NamedTuple):
    """The words of a language that make a question a follow-up: lists, and parts of regular expressions."""

    join: str
    """What ties a question to what was said before it."""
    instead: str
    """What begins a question that names another thing."""
    places: str
    """Prepositions before a thing in place of which another may come."""
    articles: str
    pronoun: str
    """A pronoun, and what follows it up to the end of the question, if it stands for what was asked about."""
    generic: str
    """Words that a question about anything may have."""
    asks: str
    """Words, beside those that ask, of a question that is none of what is left of another."""


FOLLOW_UP_WORDS: Final = {
    "german": FollowUpWords(
        join="und|aber|oder|dann|also|gut|ok|okay|danke|auch",
        instead="(?:was|wie) (?:ist|ist es|sieht es|steht es|wäre es) (?:mit|bei|um)|was gilt (?:für|bei)|wie bei",
        places="in|im|auf|für|mit|bei|beim|unter|ohne|von|vom|zu|zum|zur|über|aus|an|am",
        articles="der|die|das|dem|den|des|ein|eine|einen|einem|einer",
        pronoun=r"(?:das|(?<!gibt )es|ihn|sie|ihnen|ihm|dies|dieses)"
        r"(?= (?:\w+en|\w*rückgängig|wieder|ab|an|aus|auf|ein|um|weg|zu)\W*$|\W*$)",
        generic="""
            beispiel beispiele genau vorteile nachteile vorteil nachteil unterschied alternativen
            alternative kosten kostet lange oft viel schritte gründe grund details mehr besser geht
            funktioniert braucht möglich sinnvoll
        """,
        asks="ist|sind|kann|soll|muss|hat|haben|macht|zeig|erkläre?|nenne?|gibt|mache|brauche|darf",
    ),
    "french": FollowUpWords(
        join="et|mais|ou|alors|donc|ok|merci|bon|puis",
        instead="qu['’]en est[- ]il (?:de la |de l['’]|du |des |d['’]|de )|et si c['’]est|quid (?:de |du )",
        places="dans|sur|pour|avec|en|à|au|aux|sans|sous|chez|de|du|par|d['’]",
        articles="le|la|les|un|une|des|l['’]",
        pronoun=r"(?:ça|cela|ceci|ce dernier|celui-ci|celle-ci)(?=\W*$)",
        generic="""
            ça cela exemple exemples avantages inconvénients différence alternatives alternative coût
            coûte étapes raisons raison détails plus mieux marche fonctionne faut temps possible
            exactement
        """,
        asks="est|sont|peut|doit|faut|fait|montre|explique|donne|puis-je|dois-je",
    ),
    "spanish": FollowUpWords(
        join="y|e|pero|o|entonces|pues|vale|ok|gracias|bueno|también",
        instead="qué (?:hay|pasa|tal) (?:de|con|en)|qué tal",
        places="en|para|con|sin|de|del|por|sobre|bajo|desde|a|al",
        articles="el|la|los|las|un|una|unos|unas",
        pronoun=r"(?:eso|esto|ello|este último)(?=\W*$)",
        generic="""
            eso esto ejemplo ejemplos ventajas desventajas diferencia alternativas alternativa cuesta
            coste pasos razones razón detalles más mejor funciona tiempo posible exactamente
        """,
        asks="es|son|está|puedo|puede|debo|hay|tiene|muestra|explica|dame|hago|hace",
    ),
    "italian": FollowUpWords(
        join="e|ed|ma|o|allora|quindi|ok|grazie|bene|poi|anche",
        instead="che (?:ne dici|mi dici) (?:di|del|della)|e se (?:è|uso)",
        places="in|nel|nella|per|con|su|sul|senza|di|del|della|da|a|al|sotto",
        articles="il|lo|la|i|gli|le|un|uno|una|l['’]",
        pronoun=r"(?:questo|quello|ciò)(?=\W*$)",
        generic="""
            questo esempio esempi vantaggi svantaggi differenza alternative alternativa costa costo
            passi ragioni motivo dettagli più meglio funziona serve tempo possibile esattamente
        """,
        asks="è|sono|posso|può|devo|ha|mostra|spiega|dammi|faccio|fa|si",
    ),
    "portuguese": FollowUpWords(
        join="e|mas|ou|então|ok|obrigado|obrigada|bem|também",
        instead="(?:e )?quanto (?:a|ao|à)|que tal",
        places="em|no|na|nos|nas|para|com|sem|de|do|da|por|sobre|ao|à",
        articles="o|a|os|as|um|uma",
        pronoun=r"(?:isso|isto|aquilo)(?=\W*$)",
        generic="""
            isso exemplo exemplos vantagens desvantagens diferença alternativas alternativa custa custo
            passos razões razão detalhes mais melhor funciona tempo possível exatamente
        """,
        asks="é|são|posso|pode|devo|há|tem|mostra|explica|faço|faz|está",
    ),
    "dutch": FollowUpWords(
        join="en|maar|of|dan|dus|ok|oké|bedankt|goed|ook",
        instead="(?:hoe|wat) (?:zit|is|doe) (?:het|je)? ?(?:met|bij)|wat met",
        places="in|op|voor|met|bij|onder|zonder|van|naar|uit|aan|over",
        articles="de|het|een",
        pronoun=r"(?:dat|het|die|dit|deze)(?= (?:\w+en|ongedaan|weer|terug|uit|aan|af|op)\W*$|\W*$)",
        generic="""
            voorbeeld voorbeelden precies voordelen nadelen verschil alternatieven alternatief kost
            kosten lang vaak veel stappen redenen reden details meer beter werkt nodig mogelijk
        """,
        asks="is|zijn|kan|moet|heeft|maakt|toon|geef|leg|doe|mag",
    ),
}

_WORD_OR_NAME: Final = re.compile(r"[^\W_][\w.+#/’'-]*")


def language_of_talk(question: str, before: str) -> str:
    """Return the language, one of the rows, that a question and the one before it are asked in; else nothing."""
    language = stemmed_language(before) or stemmed_language(question)
    return language if language in FOLLOW_UP_WORDS else ""


def in_full(question: str, before: str, topic: str, language: str) -> str | None:
    """Return a question that leans on the one before it, which a topic answered, in full; None where it stands alone.

    Where no topic did, the words that say what the question before is about are its name.

    >>> in_full("und in Jenkins?", "wie definiere ich eine Pipeline in GitLab?", "Pipelines", "german")
    'wie definiere ich eine Pipeline in Jenkins?'
    >>> in_full("un exemple ?", "qu'est-ce que le levain ?", "Levain", "french")
    'un exemple Levain?'
    """
    rules, name = _rules(language), topic or " ".join(_own_words(before, language))
    text = " ".join(question.split())
    joined = rules.join.match(text)
    rest = (text[joined.end() :] if joined else text).strip(" ¿¡")
    own = _own_words(rest, language)
    begins = {word.casefold() for word in _WORD_OR_NAME.findall(rest)[:2]}  # in which year ...
    is_asking = bool(rules.asks.search(rest) or begins & asking_words(language))
    if pronoun := rules.pronoun.search(rest) if is_asking and len(own) <= 1 else None:
        return f"{rest[: pronoun.start()]}{name}{rest[pronoun.end() :]}"
    if rest and not own and (is_asking or joined or rest.endswith("?")):
        return f"{rest.rstrip(' ?.!')} {name}?"
    if (instead := rules.instead.match(rest)) and len(rest[instead.end() :].split()) <= LONGEST_THING:
        return _in_place(rest[instead.end() :], before, rules)
    is_placed = rest.endswith("?") and rules.placed.fullmatch(rest)
    if own and not is_asking and len(rest.split()) <= LONGEST_ELLIPSIS and (joined or is_placed):
        return _in_place(rest, before, rules)
    return None


class _FollowUpPatterns(NamedTuple):
    """A row as it is compared with a question."""

    join: re.Pattern[str]
    instead: re.Pattern[str]
    placed: re.Pattern[str]
    place_at_end: re.Pattern[str]
    article_at_end: re.Pattern[str]
    article_in_place: re.Pattern[str]
    with_article: re.Pattern[str]
    pronoun: re.Pattern[str]
    asks: re.Pattern[str]


@lru_cache(maxsize=len(FOLLOW_UP_WORDS))
def _rules(language: str) -> _FollowUpPatterns:
    row = FOLLOW_UP_WORDS[language]
    verb = r"(?P<verb>(?:\s(?-i:[a-zäöüß]+))?)" if language in {"german", "dutch"} else "(?P<verb>)"
    thing = rf"(?P<thing>(?:(?:{row.articles})\s*\b)?[^\s,;?]+(?:\s[^\s,;?]+)??)"
    return _FollowUpPatterns(
        *(
            re.compile(pattern, re.IGNORECASE)
            for pattern in (
                rf"[¿¡\s]*(?:(?:{row.join})\b[\s,.!…-]*)+",
                rf"(?:{row.instead})\s*",
                rf"(?:{row.places})\s*\b(?P<thing>.+)",
                rf"(?P<lead>.*\s)(?P<place>{row.places})\s{thing}{verb}[\s?.!]*",
                rf"(?P<lead>.*\s)(?P<thing>(?:{row.articles})\s*\b[^\s,;?]+){verb}[\s?.!]*",
                rf"(?P<lead>.*\s)(?P<thing>(?:{row.articles})\s*\b[^\s,;?]+)"
                rf"(?P<rest>\s(?:{row.places})\s(?!(?:{row.articles})\b)[^\s,;?]+)[\s?.!]*",
                rf"(?:{row.articles})\s*\b.*",
                rf"\b{row.pronoun}",
                rf"^(?:{row.asks})\b",
            )
        )
    )


def _own_words(text: str, language: str) -> list[str]:
    """Return the words of a text that say what it is about."""
    empty = {*function_words_of(text, language), *FOLLOW_UP_WORDS[language].generic.split()}
    row = FOLLOW_UP_WORDS[language]
    return [
        word
        for word in _WORD_OR_NAME.findall(text)
        if empty.isdisjoint((word.casefold(), unaccented(word.casefold())))
        and not re.fullmatch(rf"{row.asks}|{row.articles}", word.casefold())
    ]


def _in_place(text: str, before: str, rules: _FollowUpPatterns) -> str:
    """Return the question before with another thing in place of its last one, or that thing behind it."""
    thing, before = text.rstrip(" ?.!"), " ".join(before.split()).rstrip(" ?.!")
    placed = rules.placed.fullmatch(thing)
    if rules.with_article.fullmatch(thing) and (like := rules.article_in_place.fullmatch(before)):
        return f"{like['lead']}{thing}{like['rest']}?"
    if at_end := rules.place_at_end.fullmatch(before):
        instead = thing if placed else f"{at_end['place']} {thing}"
        return f"{at_end['lead']}{instead}{at_end['verb']}?"
    if not placed and (named := rules.article_at_end.fullmatch(before)):
        return f"{named['lead']}{thing}{named['verb']}?"
    return f"{before} {thing}?"
