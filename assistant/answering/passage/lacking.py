"""does a passage lack the time, the count, the amount, the name or the negation that is asked for?

"It is cleaned with vinegar" does not answer "when is the pump cleaned?", though it has all of its other words. "Before
the first frost" does, though it has no number: a passage lacks the time only if it has no word that could tell one.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Final, NamedTuple

from assistant.answering.passage.asked_number import CHOICE, DIGIT, LINK_TARGET, OPENING, WEEKDAY, counted_stems
from index.text import PLAIN_WORD, STOP_WORDS, stem, stemmed_language, stems

_NUMBER_WORD: Final = (
    rf"{DIGIT}|\b(?:half|quarter|once|twice|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|"
    r"dozens?|hundreds?|thousands?|millions?|few|several|single|both|pair|couple|none|no|nobody|zero|all|every|each|only|"
    r"majority)\b"
)
_AMOUNT_WORD: Final = rf"{_NUMBER_WORD}|\b(?:an?|free|nothing|little|lots?|enough|much|most|some|part|as)\b"
_TIME_UNIT: Final = (
    r"seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|century|centuries|"
    rf"{WEEKDAY}|jan(?:uary)?|feb(?:ruary)?|march|april|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|fall|winter|season|easter|christmas|holidays?|birthday|weekends?|"
    r"dawn|morning|midday|noon|afternoon|dusk|evening|midnight|bedtime|sunrise|sunset|breakfast|lunch|dinner|"
    r"today|tonight|tomorrow|yesterday|while|during|before|until|till|since|always|never|ever|ago"
)
_WHEN: Final = rf"{_TIME_UNIT}|annual(?:ly)?|when(?:ever)?|after(?:wards)?|soon|now|early|earlier|late|later"
_TIME_WORD: Final = (
    rf"{_NUMBER_WORD}|\b(?:{_WHEN}|daily|nightly|weekly|monthly|yearly|if|often|regularly|usually|sometimes|rarely|"
    r"immediately|time|first|last|next|start|beginning|end|old|new)\b"
)
_PAST_WORD: Final = rf"{DIGIT}|\b(?:{_WHEN}|by|upon|once|as|recent(?:ly)?|just)\b"
"""What tells when something was: "the last time" and "the first one" only say that it was."""
_MONEY_WORD: Final = (
    r"[$€£¥]|\d|\b(?:free|cheap\w*|expensive|nothing|fortune|cents?|euros?|dollars?|pounds?|bucks|quid|hundreds?|"
    r"thousands?|millions?|two|three|four|five|six|seven|eight|nine|ten|twenty|fifty|included|covered|budget|priceless)\b"
)
_DURATION_WORD: Final = (
    r"\d[\d.,]*\s*(?:ms|s|secs?|mins?|h|hrs?|d|wks?|mos?|yrs?)\b|\d:\d\d|\b\d{4}\b|\b(?:time|duration)\W+\d|"
    rf"\b(?:{_TIME_UNIT}|when|after|overnight|forever|immediately|instant(?:ly)?)\b"
)
"""More than a number, which may be of anything."""
_BLOCK_END: Final = re.compile(r"\n(?=\W|\n)")
"""Where a paragraph, an item or a row ends: a line that begins with a word goes on with the one above."""
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+")
_LISTED: Final = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\S", re.MULTILINE)
_LABEL: Final = re.compile(r"\A[^\n]+(?=:[*_]*\s*\n)")
"""The line that introduces a list."""
_AFTER_HEAD: Final = re.compile(
    r"\s+(?:of|on|about|for|with|to|from|by|in|at)\b.*|[^\w\s'’-].*", re.DOTALL | re.IGNORECASE
)
"""What a heading says after its first noun and the words before that: "of the chat", "(5)"."""
_MIN_LISTED: Final = 2

_ASKS_NAME: Final = re.compile(
    OPENING + r"who(?:['’]s| is| are| was| were) (?:the|our|my|your|their|its)\b(?-i:[^A-Z]*)\Z", re.IGNORECASE
)
"""Who has a part that is written in small letters; a question about somebody by name asks what that person is."""
_ASKS_MAKER: Final = re.compile(
    OPENING + r"who (?:wrote|gave|made|built|painted|founded|invented|designed|composed|bought|sold|sent|told|taught|"
    r"brought|paid|recommended|borrowed|lent)\b",
    re.IGNORECASE,
)
"""Who did something once."""
_KIND_OF_PERSON: Final = re.compile(
    r"\b\w{3,}(?:er|or|ist|ian|man|men|woman|women)s?\b|\b(?:people|famil(?:y|ies)|friends?|cousins?|bosse?s?|chefs?|"
    r"guides?|nurses?|kings?|queens?|monks?|students?|child(?:ren)?|kids?|boys?|girls?|guests?|parents?|staff|team|"
    r"company|council|school|church|club|shop|state|city|town)\b",
    re.IGNORECASE,
)
"""Whoever is called by what they are."""
_PERSON_WORDS: Final = frozenset(
    "i me my mine we us our ours you your yours nobody none vacant everybody everyone all both anyone wife husband "
    "mother father mum mom dad son daughter brother sister aunt uncle neighbour neighbours neighbor neighbors".split()
)
_FIRST_PERSON: Final = frozenset("i me my mine we us our ours".split())
_HANDLE: Final = re.compile(r"@\w|\bno one\b", re.IGNORECASE)
_OTHER_SCRIPT: Final = re.compile(r"[\u0370-\u1fff\u2e80-\ud7ff]")

_NEGATION: Final = r"\b(?:not|never|non|no(?!\.?\s?\d))\b|n['’]t\b"
"""What denies in English, the only language whose passages are judged here; "no. 5" and "no 5" are numbers."""
_NEGATED_QUESTION: Final = re.compile(
    rf"{OPENING}(?:who|whom|whose|what|which|where|when|how (?:many|much|often|long|far))\b"
    r"(?:(?!\b(?:if|that|because|so|when|while|until|after|before|but|and|or|since|though|who|to|without|for)\b)"
    rf"[^,;:.?!])*?(?:{_NEGATION})",
    re.IGNORECASE,
)
"""A question whose main clause is negated: "what do I do if it does not start" has the negation elsewhere."""
_NEGATIVE_WORD: Final = re.compile(
    rf"{_NEGATION}|\b(?:nor|neither|none|nobody|nothing|without|cannot|except|only|but|fail\w*|refus\w*|exclu\w*|"
    r"un(?!der|i|til)\w{4,}|prohibit\w*|forb\w+|avoid\w*|lack\w*|stop\w*|less|least|few\w*|abandon\w*|absent|"
    r"missing|missed|free|others?|instead|declin\w*|reject\w*|den(?:y|ie[sd])|rare(?:ly)?|hardly|prevent\w*|bad|wrong|"
    r"\w{3,}less)\b|[❌✗✘]",
    re.IGNORECASE,
)


class LackingRule(NamedTuple):
    """A kind of question, and the words of which an answer has one at least."""

    example: str
    asks: str
    words: str


_HOW_LONG: Final = r"how long (?:do|does|did)\b(?!.*\bbe\b)"
_ASKS_DURATION: Final = re.compile(OPENING + _HOW_LONG, re.IGNORECASE)

LACKING_RULES: Final = (
    LackingRule("when was the pump cleaned?", r"when (?:was|were|did|has|have|had)\b", _PAST_WORD),
    LackingRule(
        "when is the pump cleaned?",
        rf"when(?:['’]s| is| are| will| do| does)\b(?!{CHOICE})"
        r"(?!.*\b(?:better|best|worth|useful|appropriate)\b)",
        rf"{_TIME_WORD}|\b(?:at|by|cases?|for|in|on|upon)\b",
    ),
    LackingRule("how long does it take?", _HOW_LONG, _DURATION_WORD),
    LackingRule("how long is it?", r"(?:how (?:long|often|late)|what (?:time|date|day|year))\b", _TIME_WORD),
    LackingRule(
        "what does the pump cost?",
        r"(?:(?:what|how much) (?:do|does|did|will|would)\b.*\b(?:costs?|charges? (?:for|per))\b|how expensive\b"
        r"|(?:what|which)\b[^,;]*?\b(?:price|fee|rent|salary)s? (?:of|for)\b)",
        _MONEY_WORD,
    ),
    LackingRule(
        "which pressure do the tyres need?",
        r"(?:what|which)(?:['’]s| is| are| was)?(?: the)?(?: [\w-]+){0,2}? (?:torque|pressure|temperature|voltage|"
        r"wattage|speed|weight|height|depth|width|length|distance|altitude|elevation|humidity|ph)"
        r"(?=\W*\Z| (?:of|for|in|at|to|do|does|did|is|are|was|were|should|must|can)\b)",
        _AMOUNT_WORD,
    ),
    LackingRule("how many hens are there?", r"how many\b", _NUMBER_WORD),
    LackingRule(
        "how much flour goes in?", r"(?:how (?:much|far|deep|high|tall|wide|thick|heavy|old|hot|cold))\b", _AMOUNT_WORD
    ),
)
"""The first rule that fits a question counts. What comes again and again may be told by its case: "at full moon"."""

_RULES: Final = tuple(
    (re.compile(OPENING + rule.asks, re.IGNORECASE), re.compile(rule.words, re.IGNORECASE)) for rule in LACKING_RULES
)


def lacks_number(question: str, shown: str, headings: Set[str] = frozenset()) -> bool:
    """Return whether a passage has no word of a time, a count or an amount where the question asks for one.

    What a paragraph says before it comes to what is asked beyond the `headings`, given by their stems, is of something
    else. False for a passage in another language, whose words for these are not known here.

    >>> lacks_number("when is it cleaned?", "It is cleaned with vinegar.")
    True
    >>> lacks_number("when is it cleaned?", "Clean it before the first frost.")
    False
    >>> lacks_number("when is it cleaned?", "It came in May. It is cleaned with vinegar.")
    True
    """
    words = next((words for asks, words in _RULES if asks.search(question)), None)
    if not words or "`" in shown:  # a command may tell the number
        return False
    asked_beyond, plain = stems(question) - headings, LINK_TARGET.sub(" ", shown)
    if any(words.search(_from_what_is_asked(block, asked_beyond)) for block in _BLOCK_END.split(plain)):
        return False
    return not _is_unread(shown)


def lacks_negation(question: str, shown: str) -> bool:
    """Return whether a passage denies nothing where the question asks what is not the case.

    None of 54 such answers to questions of SQuAD 2.0 was right. False for a passage in another language.

    >>> [lacks_negation("who was not at the party?", shown) for shown in ("Ann and Tom came.", "Only Ann came.")]
    [True, False]
    """
    if not asks_negation(question) or _NEGATIVE_WORD.search(shown):
        return False
    return not _is_unread(shown)


def _is_unread(shown: str) -> bool:
    """Return whether a passage is in a language whose words are not known here."""
    return bool(_OTHER_SCRIPT.search(shown) or stemmed_language(shown))


def lists_what_is_counted(question: str, shown: str, title: str) -> bool:
    r"""Return whether a passage is a list of the very things that a question counts, as its title or label says.

    >>> lists_what_is_counted("how many ferry captains are there?", "- Ann\n- Bo", "Captains of the ferry")
    True
    >>> lists_what_is_counted("how many captains are there?", "- Ann\n- Bo", "Letters to captains")
    False
    """
    things = counted_stems(question)
    label = _LABEL.match(shown)
    names = (_AFTER_HEAD.sub("", name.strip("*_ ")).split()[-1:] for name in (title, label[0] if label else ""))
    if not things or not any(things & stems(" ".join(name)) for name in names):
        return False
    return len(_LISTED.findall(shown)) >= _MIN_LISTED


def lacks_name(question: str, shown: str) -> bool:
    """Return whether a passage names nobody where the question asks who has a part, or who did something.

    A word in capitals counts as a name, but a stop word or one of the question. False for a passage in another
    language.

    >>> lacks_name("who is the cook?", "The cook makes the soup."), lacks_name("who is the cook?", "Ask Ann.")
    (True, False)
    >>> lacks_name("who gave us the jug?", "The jug is blue."), lacks_name("who gave us the jug?", "The miller did.")
    (True, False)
    """
    asks_maker = _ASKS_MAKER.search(question)
    if not (asks_maker or _ASKS_NAME.search(question)) or _HANDLE.search(shown):
        return False
    asked_stems = stems(question)
    if asks_maker and any(stem(match[0].casefold()) not in asked_stems for match in _KIND_OF_PERSON.finditer(shown)):
        return False
    asked_words = frozenset(PLAIN_WORD.findall(question.casefold()))
    # "ask me" does not tell who "my cook" is
    known = asked_words | _FIRST_PERSON if asked_words & _FIRST_PERSON else asked_words
    words = PLAIN_WORD.findall(shown)
    if (_PERSON_WORDS - known) & {word.casefold() for word in words}:
        return False
    names = (word for word in words if word[0].isupper() and word.casefold() not in STOP_WORDS)
    if any(stem(name.casefold()) not in asked_stems for name in names):
        return False
    return not _is_unread(shown)


def asks_negation(question: str) -> bool:
    """Return whether a question asks what is not the case.

    >>> asks_negation("which days are not free?"), asks_negation("what do I do if it is not free?")
    (True, False)
    """
    return _NEGATED_QUESTION.search(question) is not None


def asks_duration(question: str) -> bool:
    """Return whether a question asks how long something goes on.

    >>> asks_duration("how long does it take?"), asks_duration("how long is the rope?")
    (True, False)
    """
    return _ASKS_DURATION.search(question) is not None


def _from_what_is_asked(block: str, asked_stems: Set[str]) -> str:
    """Return a paragraph from the first sentence on that holds a word asked for; all of it where none does."""
    sentences = _SENTENCE_END.split(block)
    first = next((place for place, sentence in enumerate(sentences) if stems(sentence) & asked_stems), 0)
    return " ".join(sentences[first:])
