"""what kind of question is it: one, two in one, a comparison, a bare keyword, or one about the library itself?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from index.text import STOP_WORDS, dates, has_run, is_plain_run, month_of, stems

Wish: TypeAlias = Literal["list", "summary", "count"]
"""What a question about the library itself asks for."""

_ASKS: Final = r"(?:how|what|why|when|where|who|which|is|are|can|could|do|does|did|should|must|will)\b"
_TWO: Final = re.compile(
    rf"(?P<first>{_ASKS}.+?)(?:\?\s*(?:and\s+|also\s+)?|[,;]?\s+and\s+(?:also\s+)?|;\s*)(?P<second>{_ASKS}.+)",
    re.IGNORECASE | re.DOTALL,
)
_FIRST_WORD: Final = re.compile(r"\w+")
_THE: Final = r"(?:the|a|an|my|our|your|its|their|his|her|it|them)\b"
_TWO_TASKS: Final = re.compile(
    r"(?P<head>how (?:(?:do|can|could|should|must|would) (?:i|we|you)|to)) "
    r"(?P<first>(?:(?!between|both|either|neither)\w+ )+?\w+),? and (?:then |also )?"
    rf"(?P<second>(?!{_THE}|{_ASKS})\w+ (?:(?:up|down|out|off|on|back|over|away) )?{_THE}.*)",
    re.IGNORECASE,
)
"""A question for two tasks, each with its object: "how do I back up gitlab and restore it"."""
_TWO_FACTS: Final = re.compile(
    r"(?P<head>(?:what|who|where|when|which)(?:['’]s| is| are| was| were)) "
    r"(?P<first>(?!the (?:difference|relation))[^,;?]+?),? and (?:also )?(?:its|his|her|their) (?P<second>[^,;?]+)\W*",
    re.IGNORECASE,
)
"""A question for two facts about one thing: "who is the dentist and her number"."""
_CONTRACTED: Final = re.compile(r"['’]s\b")
_PRONOUN: Final = re.compile(r"\b(?:it|them|that|this|those|these)\b", re.IGNORECASE)
_DONE_TO: Final = re.compile(
    r"how (?:(?:do|can|could|should|must|would) (?:i|we|you|one)|to) \w+ (?P<thing>.+?) "
    r"(?:at|on|in|into|onto|to|from|with|by) ",
    re.IGNORECASE,
)
"""A question for a way to do something, with the object alone as `thing`: "apples" of "store apples in the cellar"."""
_HOW_TO: Final = re.compile(r"how (?:do|can|could|should|must|to|would)\b", re.IGNORECASE)

_SIDE: Final = r"(?P<{}>[^,;?]+?)"
_REST_OF_QUESTION: Final = r"\s*(?:[,;?].*|\bwhich\b.*)?"
_COMPARISONS: Final = tuple(
    re.compile(
        pattern.format(_SIDE.format("one"), _SIDE.format("other")) + _REST_OF_QUESTION, re.IGNORECASE | re.DOTALL
    )
    for pattern in (
        r".*\bdifferences? between {} and {}",
        r".*\bcompar(?:e|ing|ison (?:of|between)) {} (?:and|with|to|against) {}",
        r"how (?:do|does|is|are) {} (?:differ|different) from {}",
        r"(?!(?:how|where|which|who|whose|why|when|what|is|are|was|were|do|does|did)\b)"
        r"{} (?:vs\.?|versus|compared (?:to|with)) {}",
    )
)

_THINGS: Final = r"(?:topics?|notes?|subjects?|entries|files?|pages?|documents?)"
_HERE: Final = r"(?:here|my notes|(?:this|the) library)"
_ALL: Final = r"(?:everything|all)(?: (?:you know|there is|i have|my notes say))?"
_ABOUT: Final = r"(?:\s+(?:about|on|for|of|regarding|concerning|zu[mr]?|über|von)\s+(?P<about>.+?))?"
_NO_DAY: Final = r"(?!\s+\w+\s+(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|my|me|the agenda)\b)"
_WISHES: Final[Mapping[str, Wish]] = {
    rf"how many {_THINGS}(?: (?:are|do) (?:there|you have|i have))?(?: (?:in )?{_HERE})?": "count",
    rf"(?:what|which) {_THINGS} (?:are there|do you have|do i have|do you know)": "list",
    rf"(?:list|show)(?: me)? (?:all|every|the|my)(?: (?:of )?(?:the|my))? {_THINGS}": "list",
    rf"what (?:all )?do (?:i|we) have(?=\s+(?:on|about|regarding)\b){_NO_DAY}": "list",
    r"(?:welche|was für) (?:themen|notizen|seiten) (?:gibt es|habe ich|haben wir|hast du|kennst du)": "list",
    r"was (?:habe ich|haben wir|weißt du|gibt es)(?=\s+(?:zu[mr]?|über)\b)": "list",
    r"(?:alle|zeig(?:e)?(?: mir)? alle) (?:themen|notizen)|(?:zeig(?:e)?(?: mir)? )?alles": "list",
    r"what (?:all )?(?:do you know|can (?:i|you) (?:ask|answer)(?: you| here)?)": "list",
    rf"what(?: is|'s|’s) in {_HERE}|what do (?:my|the) notes (?:say|know|hold|cover)": "list",
    rf"(?:summari[sz]e|(?:give me )?(?:a summary|an overview|overview) of|tell me|show me) {_ALL}": "summary",
}
_LIBRARY: Final = tuple(
    (re.compile(rf"(?:{pattern}){_ABOUT}[\s?.!]*", re.IGNORECASE | re.DOTALL), wish)
    for pattern, wish in _WISHES.items()
)


_WROTE: Final = re.compile(
    r"""
      (?:what\ (?:did|have|had)\ (?:i|we)\ (?:do|done|write|written|note|noted|log|logged|record|recorded)(?:\ down)?
      |  what\ (?:happened|was\ (?:going\ on|there|written)|is\ there)
      |  (?:(?:show|list)\ (?:me\ )?)?(?:all\ |everything\ |my\ |the\ )*(?:notes?|entries|entry|topics?|journal|diary)?
      |  was\ (?:habe\ ich|haben\ wir|war|ist\ passiert)|(?:meine\ )?(?:notizen|einträge)
      )?
      \s*(?:\b(?:on|in|from|of|for|during|at|am|im|vom|von|aus)\b)?(?:\ the)?\s*\0\s*
      (?:gemacht|geschrieben|notiert|passiert|los)?
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A question for all that there is of a day or a month; NUL stands in its place."""


class AskedDays(NamedTuple):
    """A question for all that there is of a day or a month."""

    words: str
    """The day or month as the question writes it."""
    days: tuple[str, ...]
    """Each as `2031-05-03`."""


class AboutLibrary(NamedTuple):
    """A question that the table of contents answers."""

    wish: Wish
    about: str
    """The words that limit it to some topics; empty for all topics."""


def two_questions(question: str) -> tuple[str, str] | None:
    """Return the two questions that a person asks in one; None where it is a single one.

    A pronoun in the second is replaced by what the first is about.

    >>> two_questions("how do I back up gitlab and how do I restore it?")
    ('how do I back up gitlab', 'how do I restore gitlab?')
    >>> two_questions("how do I store apples in the cellar and how do I peel them?")
    ('how do I store apples in the cellar', 'how do I peel apples?')
    >>> two_questions("who is the plumber and his number?")
    ('who is the plumber', 'what is the number of plumber?')
    >>> two_questions("when do I pick one and when the other?")
    """
    two = _two_whole_questions(question.strip()) or _two_with_one_beginning(question.strip())
    if not two:
        return None
    first, second = two
    done_to = _DONE_TO.match(first)
    subject = (meant_by(done_to["thing"]) if done_to else "") or meant_by(first)
    second = _PRONOUN.sub(lambda _: subject, second, count=1) if subject else second
    return (first, second) if stems(first) and stems(second) else None


def _two_whole_questions(question: str) -> tuple[str, str] | None:
    """Return two questions that each begin with a question word; None where there are not two.

    None, too, where the first contains the question word of the second: "tell me which part and which shelf it lies on"
    is a single question.
    """
    match = _TWO.fullmatch(question)
    if not match:
        return None
    first, second = match["first"].strip(" ?"), match["second"].strip()
    begins = _FIRST_WORD.findall(second.casefold())[0]
    return None if begins in _FIRST_WORD.findall(first.casefold())[1:] else (first, second)


def _two_with_one_beginning(question: str) -> tuple[str, str] | None:
    """Return two questions of which the second leaves out the beginning that it shares with the first; else None."""
    if tasks := _TWO_TASKS.fullmatch(question):
        return f"{tasks['head']} {tasks['first']}", f"{tasks['head']} {tasks['second']}"
    if facts := _TWO_FACTS.fullmatch(question):
        first = f"{facts['head']} {facts['first']}"
        return first, f"what is the {facts['second'].strip()} of {meant_by(first)}?"
    return None


def meant_by(question: str) -> str:
    """Return what a question is about: its words that carry meaning, without the verb of a "how do I" question."""
    plain = _CONTRACTED.sub("", question)
    words = [word for word in re.findall(r"[\w.+#/-]+", plain) if word.casefold() not in STOP_WORDS]
    return " ".join(words[1:] if _HOW_TO.match(question) and len(words) > 1 else words)


def sides(question: str) -> tuple[str, str] | None:
    """Return the two things that a question compares; None where it compares none.

    >>> sides("What's the difference between a list and a tuple?"), sides("flux vs argo cd, which is better?")
    (('a list', 'a tuple'), ('flux', 'argo cd'))
    """
    for pattern in _COMPARISONS:
        match = pattern.fullmatch(question.strip())
        if match and stems(match["one"]) and stems(match["other"]):
            return match["one"].strip(), match["other"].strip()
    return None


def about_library(question: str) -> AboutLibrary | None:
    """Return what a question asks of the library itself; None where it asks something of the notes.

    >>> about_library("what topics are there about gitlab?"), about_library("what do you know?")
    (AboutLibrary(wish='list', about='gitlab'), AboutLibrary(wish='list', about=''))
    """
    for pattern, wish in _LIBRARY:
        if match := pattern.fullmatch(question.strip()):
            return AboutLibrary(wish, (match["about"] or "").strip())
    return None


def asked_days(question: str) -> AskedDays | None:
    """Return the day, or the days of the month, that are all a question asks for; None where it asks for more or other.

    >>> asked_days("what did I write on 3 May 2031?")
    AskedDays(words='3 May 2031', days=('2031-05-03',))
    >>> len(asked_days("notes from May 2031").days), asked_days("what did I pay in May 2031?")
    (31, None)
    """
    day, month = next(dates(question), None), month_of(question)
    keys: tuple[str, ...]
    if day and day.has_year:
        span, keys = day.span, (day.key,)
    elif month:
        span, keys = month[1], tuple(f"{month[0]}-{number:02}" for number in range(1, 32))
    else:
        return None
    rest = f"{question[: span[0]]}\0{question[span[1] :]}"
    is_day_alone = _WROTE.fullmatch(" ".join(rest.split()).rstrip(" ?!."))
    return AskedDays(question[slice(*span)], keys) if is_day_alone else None


def is_keyword(question: str) -> bool:
    """Return whether a question is a single word that names a thing, and asks nothing about it.

    A date is no keyword: it asks what there was on that day. In a script without spaces, a short run of characters is
    a keyword if it contains no particle or question word.

    >>> is_keyword("Docker"), is_keyword("st.cache_data?"), is_keyword("docker volumes"), is_keyword("why?")
    (True, True, False, False)
    >>> is_keyword("暗証番号"), is_keyword("鍵はどこ？"), is_keyword("2031-11-02")
    (True, False, False)
    """
    words = question.strip(" ?!.\"'`").split()
    if len(words) == 1 and has_run(words[0]):
        return is_plain_run(words[0])
    return (
        len(words) == 1
        and not any(dates(words[0]))
        and words[0].casefold() not in STOP_WORDS
        and any(map(str.isalnum, words[0]))
    )
