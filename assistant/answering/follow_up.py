"""does a question lean on the one before it, and what does it ask in full?

A question is a follow-up if it names nothing itself ("why?", "an example?"), if a pronoun in it has no antecedent ("how
do I undo it?"), or if it only replaces one thing by another ("and in Jenkins?"). Any other question stands alone,
whatever was asked before. This is decided by rules, without a model.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from assistant.answer import FollowUp
from assistant.answering.follow_up_languages import in_full, language_of_talk
from assistant.answering.question_kind import meant_by
from index.text import stem, stems

GENERIC: Final = frozenset(
    stem(word)
    for word in """
    example examples sample instance detail details explanation more other others alternative alternatives option
    options way ways difference differences reason reasons step steps command commands shortcut limit limits limitation
    limitations downside downsides drawback drawbacks advantage advantages disadvantage disadvantages pro pros con cons
    cost costs risk risks danger dangers benefit benefits use uses case cases cause causes default defaults tip tips
    first second third last next previous former latter rest same opposite reverse one ones thing things kind part
    faster slower safer cheaper easier simpler quicker worse long often much many big soon work works happen happens
    matter matters help helps needed need exactly practice summary short brief word words sentence recommend recommended
    common usual typical pitfall pitfalls mistake mistakes problem problems requirement requirements
    prerequisite prerequisites point purpose show tell explain elaborate continue wrong fail fails instead safe
    dangerous worth expensive hard difficult true possible necessary real practical concrete quick simple time times
    """.split()
)
"""Words that may be in a question about anything: a question of these alone names nothing."""

LONGEST_ELLIPSIS: Final = 6
"""Words up to which a fragment may be an ellipsis."""

MAX_OWN_WORDS: Final = 3
"""Meaningful words up to which a question with a pronoun may be a follow-up; with more it stands alone."""

MAX_OWN_WORDS_WITH_THEY: Final = 2
"""The same for "they", which often means people in general: where do they grow rice in Italy?"""

LONGEST_PLACE: Final = 4
"""Words up to which a prepositional phrase alone may be a follow-up: "in a declarative pipeline?"."""

_JOIN: Final = re.compile(
    r"(?:(?:and|but|so|then|also|or|ok|okay|well|now|great|thanks|cool|right|hm+|ah|oh)\b[\s,.!…-]*)+", re.IGNORECASE
)
"""Words that connect a question with the one before it."""
_INSTEAD: Final = re.compile(
    r"(?:(?:what|how)\s+about|what\s+if\s+(?:it\s+is|it's|it’s|i\s+use)|same\s+for)\s+", re.IGNORECASE
)
_PLACES: Final = r"in|on|for|with|using|from|without|under|via|by|at|inside|within|of|to|as(?=\s+an?\b)"
_PLACED: Final = re.compile(rf"(?:{_PLACES})\s+(?P<thing>.+)", re.IGNORECASE)
_PLACE_AT_END: Final = re.compile(
    rf"(?P<lead>.*\s)(?P<place>{_PLACES})\s+(?P<thing>[^,;?]+?)(?P<end>[\s?.!]*)", re.IGNORECASE
)
_DOES_IT: Final = re.compile(
    rf"(?:how|where|when|why)\s+(?:do|can|could|should|would|must)\s+(?:i|we|you)\s+do\s+(?:it|that|this|so|the\s+same)\s+"
    rf"(?P<place>(?:{_PLACES})\s+.+)",
    re.IGNORECASE,
)
"""A follow-up that does what the question before it does elsewhere: "how do I do that in Jenkins?"."""
_TO_VERB: Final = re.compile(
    r"(?:how|when|where|why)\s+(?:(?:do|does|can|could|should|must|would|to|i|we|you|one)\s+)+[\w-]+\s+", re.IGNORECASE
)
"""A question up to its verb: what follows right behind may belong to that ("turn on"), and is no place."""
_NAME: Final = re.compile(r"(?<=\s)(?!I\b)[A-Z][\w+#.-]*(?<=[\w+#])")
_IN_THE_MIDDLE: Final = re.compile(
    r"(?P<lead>how\s+(?:many|much)\s+)(?P<thing>.+?)(?P<end>\s+(?:do|does|did|are|is|were|was|can|should|will|have|has)\b.*)"
    r"|(?P<lead_of>what\s+(?:does|do)\s+)(?P<thing_of>.+?)(?P<end_of>\s+mean\s.*)",
    re.IGNORECASE,
)
"""A question with its thing in the middle: how many THING do I get? what does THING mean for Redis?"""
_IS: Final = re.compile(
    r"(?P<lead>(?:what|who|where|when|why)(?:\s+(?:is|are|was|were|does|do)|'s|’s)\s+)(?P<thing>.+?)(?P<end>\s+mean)?[\s?.!]*",
    re.IGNORECASE,
)
_DOING: Final = re.compile(
    r"(?P<lead>.*?\b(?:how|when|where|why|can|could|should|may)\s+(?:(?:do|does|can|could|should|must|would|to|i|we|you|one)\s+)+"
    r"[\w-]+\s+(?:(?:up|down|out|off|on|back|in)\s+)?)(?P<thing>.+?)[\s?.!]*",
    re.IGNORECASE | re.DOTALL,
)
_SAYS_WHAT_IT_IS: Final = re.compile(
    r"(?:what|who)(?:\s+(?:is|are|was|were)|'s|’s|s)\s+(?!it\b|th|the\b)", re.IGNORECASE
)
_ASKS: Final = re.compile(
    r"\b(?:how|what|why|when|where|who|which|is|are|was|were|can|could|do|does|did|should|must|will|would|has|have"
    r"|show|tell|give|explain|describe|list|compare)\b",
    re.IGNORECASE,
)
_PRONOUN: Final = re.compile(
    r"""\b(?:
      (?P<whose>[Ii]ts|[Tt]heirs?)
    | (?P<they>[Tt]hey) | [Ii]t | [Tt]hem | (?:one|some|my\ own|mine)(?=\W*$)
    | (?:[Tt]hose|[Tt]hese)(?=[\W]*$|[?,;]|\s+(?:two|three|ones)\b)
    | (?:[Tt]his|[Tt]hat)(?=[\W]*$|[?,;]|\s+(?:one|too|again|safely|back|automatically|manually|in|on|for|with|without
        |from|using|by|at|via|off|up|down|out|first|later|instead|faster|better)\b)
    | (?<=\bis\s)(?:this|that|those|these)(?!\s+(?:the|an?)\b)
    | (?<=\b(?:es|id|an|ld|do|as|re|ll)\s)(?:this|that|those|these)
        (?=\s+(?:work|happen|mean|matter|cost|take|affect|help|differ|apply|break|do|go|come|run|fail|have|need|safe)\b)
    )\b""",
    re.VERBOSE,
)
_OF_NOTHING: Final = re.compile(
    r"""
      \bit(?:\s+(?:is|was|be)|'s|’s)?\s+(?:really\s+|even\s+|always\s+|still\s+|ever\s+)?
      (?:possible|ok(?:ay)?|safe|bad|good|better|best|worth|necessary|true|wise|risky|normal|common|enough|time|hard|easy
      |dangerous|allowed|legal|correct|right|wrong|fine|important|useful|needed|late|early|rude|cheaper|faster|healthy)
      \s+(?:to|that|if|for|when|not)\b
    | \bit\s+takes?\s+(?:\w+\s+){0,3}to\b
    | \bit\s+(?:mean|called|cost|help|matter|hurt|seem|look|happen)s?\s+(?:when|if|that|to|like)\b
    | \bit\s+(?:rains?|snows?) | \bmake\s+it\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""An "it" that stands for nothing: is it possible to ..., how long does it take to ..."""
_NEW_CLAUSE: Final = re.compile(
    r"[,;:–—(]|\s-\s|\.\s|\?\s|\b(?:and|or|but|so|then|when|whenever|if|after|before|because|while|which|who|where|since"
    r"|although|though|than|as|until|unless|whether|how|that|without|\w+ing)\b",
    re.IGNORECASE,
)
"""What separates the clause of a pronoun from one that may hold its antecedent."""
_BEFORE_VERB: Final = re.compile(r".*\b(?:i|we|you|one|to)\s+[\w-]+", re.IGNORECASE | re.DOTALL)
"""Who does something, up to the verb, where no antecedent can be: how do I undo ..."""
_GOES_ON: Final = re.compile(
    r"\s*(?:is|are|was|were|will|would|can|could|should|must|may|might|has|have|had|does|did)\b"
)
"""What follows a pronoun that a clause begins with."""

_ARTICLE: Final = re.compile(r"(?:an?|the)\s", re.IGNORECASE)
_WITH_ARTICLE: Final = re.compile(
    rf"(?P<lead>.*\s)(?P<thing>(?:an?|the)\s(?:(?!(?:{_PLACES})\b)[^,;?\s]+\s?)+?)"
    rf"(?P<rest>\s(?:{_PLACES})\s+(?!(?:an?|the)\b)[^,;?]+?)[\s?.!]*",
    re.IGNORECASE,
)
"""A question about a thing that has an article, in a place that has none: what is a decorator in Python?"""

_KIND: Final = re.compile(r"(.*\w)\s+ones?", re.IGNORECASE)
_LAST_WORD: Final = re.compile(r"[\w.+#-]*\w(?=\W*$)")


class Before(NamedTuple):
    """The question before a follow-up, and the topic that answered it."""

    question: str
    """The question in full; of a follow-up, as it was read."""
    topic: str = ""
    """The title of the topic that answered it; empty where the notes did not."""

    @property
    def name(self) -> str:
        """What the question was about: the topic, or else its meaningful words."""
        return self.topic.replace("`", "") or meant_by(self.question)


def leans(question: str, before: str = "") -> bool:
    """Return whether a question is a follow-up, in the language of the question before it.

    >>> [leans(text) for text in ("how do I undo it?", "and in jenkins?", "why?", "any alternatives?")]
    [True, True, True, True]
    >>> [leans(text) for text in ("is it safe to rebase?", "a disk is full, how do I find it?", "and what is GitOps?")]
    [False, False, False]
    """
    return bool(question.strip()) and _full(question, Before(before or "-", "-")) is not None


def read_after(question: str, before: Before) -> FollowUp | None:
    """Return a follow-up with what it asks in full; None for a question that stands alone.

    >>> read_after("how do I undo it?", Before("what is a rebase?", "Rebase")).read
    'how do I undo Rebase?'
    >>> read_after("and in jenkins?", Before("how do I define a pipeline in gitlab?", "GitLab pipelines")).read
    'how do I define a pipeline in jenkins?'
    """
    read = _full(question, before)
    return FollowUp(before.question, before.topic, read) if read and before.question.strip() else None


def _full(question: str, before: Before) -> str | None:
    """Return a follow-up in full; None for a question that stands alone."""
    if language := language_of_talk(question, before.question):
        return in_full(question, before.question, before.topic.replace("`", ""), language)
    text = " ".join(question.split())
    joined = _JOIN.match(text)
    rest = text[joined.end() :] if joined else text
    if not stems(rest) - GENERIC and not _has_own_thing(rest):
        return _with_subject(rest, before.name) if _is_asking(rest, is_joined=bool(joined)) else None
    if elsewhere := _DOES_IT.fullmatch(rest):
        return _in_place(elsewhere["place"], before.question)
    if instead := _INSTEAD.match(rest):
        return _in_place(rest[instead.end() :], before.question)
    if _is_ellipsis(rest, is_joined=bool(joined)):
        return _in_place(rest, before.question)
    if (pronoun := _leaning_pronoun(rest)) and _is_asking(rest, is_joined=bool(joined)):
        return _with_name(rest, pronoun, before.name)
    if joined and len(stems(rest) - GENERIC) == 1 and not _SAYS_WHAT_IT_IS.match(rest):
        return _with_subject(rest, before.name)
    return None


def _has_own_thing(text: str) -> bool:
    """Return whether a text of common words holds a short name all the same, such as C or R."""
    return any(word.isupper() and len(word) == 1 and word not in "IA" for word in text.split())


def _is_asking(text: str, *, is_joined: bool) -> bool:
    """Return whether a text of common words is a question and not a typed keyword."""
    return bool(_ASKS.search(text) or (stems(text) and (is_joined or text.endswith("?"))))


def _is_ellipsis(text: str, *, is_joined: bool) -> bool:
    """Return whether a text is an ellipsis that replaces one thing: "in Jenkins?", "and Jenkins?"."""
    if _ASKS.search(text) or len(text.split()) > LONGEST_ELLIPSIS:
        return False
    is_placed = text.endswith("?") and len(text.split()) <= LONGEST_PLACE and _PLACED.fullmatch(text) is not None
    return is_joined or is_placed


def _with_subject(text: str, name: str) -> str:
    """Return a question with the name of what it is about, in place of its pronoun or at its end."""
    if pronoun := _PRONOUN.search(text):
        return _with_name(text, pronoun, name)
    return f"{text.rstrip(' ?.!')} of {name}?" if stems(text) else f"{text.rstrip(' ?.!')} {name}?"


def _with_name(text: str, pronoun: re.Match[str], name: str) -> str:
    own = f"{name}'s" if pronoun["whose"] else name
    return f"{text[: pronoun.start()]}{own}{text[pronoun.end() :]}"


def _leaning_pronoun(text: str) -> re.Match[str] | None:
    """Return the first pronoun of a question that has no antecedent in it."""
    for pronoun in _PRONOUN.finditer(text):
        if not any(empty.start() <= pronoun.start() < empty.end() for empty in _OF_NOTHING.finditer(text)):
            return pronoun if _is_short(text, pronoun) and not _has_antecedent(text, pronoun) else None
    return None


def _is_short(text: str, pronoun: re.Match[str]) -> bool:
    """Return whether a question with a pronoun has few enough meaningful words to be a follow-up."""
    return len(stems(text) - GENERIC) <= (MAX_OWN_WORDS_WITH_THEY if pronoun["they"] else MAX_OWN_WORDS)


def _has_antecedent(text: str, pronoun: re.Match[str]) -> bool:
    """Return whether what stands before a pronoun names what it may stand for.

    A thing in its own clause is none ("does Jenkins support it?"), but of an owner, of some of several things, and of
    what a clause begins with.
    """
    above = text[: pronoun.start()]
    ends = [clause.start() for clause in _NEW_CLAUSE.finditer(above)]
    is_open = bool(pronoun["whose"] or above.endswith(" of ") or _GOES_ON.match(text, pronoun.end()))
    named = above if is_open else above[: ends[-1]] if ends else ""
    return bool(stems(_BEFORE_VERB.sub("", named)) - GENERIC)


def _in_place(thing: str, question: str) -> str:
    """Return a question with its last thing replaced by another; the word "one" in that stands for its last word."""
    thing, question = thing.rstrip(" ?.!"), " ".join(question.split())
    if renamed := _with_other_name(thing, question):
        return renamed
    if (kind := _KIND.fullmatch(thing)) and (last := _LAST_WORD.search(question)):
        thing = f"{kind[1]} {last[0]}"
    at_end = _PLACE_AT_END.fullmatch(question)
    if at_end and _TO_VERB.fullmatch(at_end["lead"]):
        at_end = None
    if (placed := _PLACED.fullmatch(thing)) and not at_end:
        return f"{question.rstrip(' ?.!')} {thing}?"
    if not placed and (middle := _IN_THE_MIDDLE.fullmatch(question)):
        lead, end = (middle["lead"], middle["end"]) if middle["lead"] else (middle["lead_of"], middle["end_of"])
        return f"{lead}{thing}{end}"
    if not placed and _ARTICLE.match(thing) and (like := _WITH_ARTICLE.fullmatch(question)):
        return f"{like['lead']}{thing}{like['rest']}?"
    name = placed["thing"] if placed else thing
    if at_end:
        place = thing if placed else f"{at_end['place']} {thing}"
        return f"{at_end['lead']}{place}?"
    if is_ := _IS.fullmatch(question):
        return f"{is_['lead']}{name}{is_['end'] or ''}?"
    if pronoun := _PRONOUN.search(question):
        return _with_name(question, pronoun, name)
    if doing := _DOING.fullmatch(question):
        return f"{doing['lead']}{name}?"
    return f"{question.rstrip(' ?.!')} {name}?" if _ASKS.search(question) else name


def _with_other_name(thing: str, question: str) -> str | None:
    """Return a question with the one name in it replaced by the one of a follow-up that says nothing else; else None.

    >>> _with_other_name("the Garden one", "who leads the Music club in summer?")
    'who leads the Garden club in summer?'
    """
    other, names = _NAME.findall(f" {thing}"), _NAME.findall(question)
    if len(other) != 1 or len(names) != 1:
        return None
    rest = stems(f" {thing}".replace(other[0], "", 1)) - GENERIC
    return question.replace(names[0], other[0], 1) if rest <= stems(question) else None
