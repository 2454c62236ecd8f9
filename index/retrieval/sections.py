"""which of the best topics does a question name: a section of a note, or a title in the typed order of words?

Many notes have the same sections ("Ingredients", "Steps"), and a question names the
note and, by its form, the section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from index.markdown import visible_text
from index.records import Hit, StoredTopic, Topic
from index.retrieval.late_interaction import QueryTerms
from index.text import STOP_WORDS, compared, dates, function_words, stems, title_key


class Section(NamedTuple):
    """A section that many notes have: an example question, the pattern of such questions, and its headings."""

    example: str
    pattern: str
    headings: frozenset[str]
    others: frozenset[str] = frozenset()
    """Headings of sections that tell something else of the note: they answer no such question."""


_ASK_MEANING: Final = frozenset({"define", "explain", "describe"})
_ASKED_MEANING: Final = re.compile(r"(?<=\w) (?:means?|stands? for)\W*\Z", re.IGNORECASE)
_OPENING_WORD: Final = re.compile(r"(?P<word>\w+)(?:['’]s\b)?")


def _heading_set(listed: str) -> frozenset[str]:
    return frozenset(heading.strip() for heading in listed.split(","))


SECTIONS: Final = (
    Section(
        "what goes into the soup?",
        r"\bingredients?\b|\bzutaten\b|\bwhat (?:goes|went) (?:in|into)\b"
        r"|\bwhat (?:do|does|will|would|should) (?:i|we|you|one) need (?:for|to)\b",
        _heading_set(
            "ingredients, ingredient list, materials, parts, tools, equipment, supplies, shopping list, what you need, "
            "what you'll need, you will need, requirements, prerequisites, zutaten, material, werkzeug, voraussetzungen"
        ),
    ),
    Section(
        "how do I fix a pump that leaks?",
        r"\bhow (?:do|can|could|should|would) (?:i|we|you|one) (?:fix|solve|resolve|repair|mitigate|remedy)\b"
        r"|\bhow to (?:fix|solve|resolve|repair|mitigate|remedy)\b"
        r"|\bwhat (?:(?:do|can|could|should|must) (?:i|we|you|one) do|to do) (?:when|if|about|against)\b"
        r"|^wie (?:behebe|löse|repariere)\b|^was (?:tun|mache ich|machen wir|tue ich|tun wir)\b",
        _heading_set(
            "mitigation, mitigations, mitigation steps, resolution, resolutions, resolution steps, resolving, "
            "solution, solutions, fix, fixes, fixing, how to fix, how to fix it, remedy, remedies, remediation, "
            "repair, workaround, workarounds, what to do, troubleshooting, troubleshooting steps, behebung, "
            "fehlerbehebung, abhilfe, lösung, lösungen, maßnahmen"
        ),
        _heading_set(
            "meaning, description, impact, impacts, symptom, symptoms, severity, effects, consequences, auswirkungen, "
            "symptome, folgen"
        ),
    ),
    Section(
        "how do I make soup?",
        r"\bhow (?:do|can|could|should|would|did) (?:i|we|you|one) (?!know\b|tell\b)|\bhow to\b"
        r"|\b(?:steps|instructions|directions|procedure|method)\b|^wie (?:macht|mache|koche|backe|baue|geht)\b",
        _heading_set(
            "steps, the steps, step by step, instructions, directions, method, methods, preparation, procedure, "
            "process, how to, how to make it, walkthrough, schritte, anleitung, zubereitung, vorgehen, ablauf"
        ),
    ),
)
"""The first section whose pattern matches a question is the one asked for."""

_PATTERNS: Final = tuple(re.compile(section.pattern, re.IGNORECASE) for section in SECTIONS)

_QUALIFIER: Final = re.compile(r"\A(?:possible|potential|suggested|recommended|common|mögliche) ")
"""A word before the name of a section that leaves it what it is: "Possible solutions"."""

_LINK: Final = re.compile(r"\[\[(?P<page>[^\[\]|#]+)[^\[\]]*\]\]|\[(?P<label>[^\[\]]+)\]\((?P<address>[^()\n]*)\)")
_FOOTNOTE_MARK: Final = re.compile(r"\[\^[^\]]*\]:?")
_ASKS_LINK: Final = re.compile(
    r"\b(?:where|links?|urls?|address|(?:web ?)?(?:sites?|pages?)|articles?|references?|sources?|read(?:ing)?|docs|"
    r"documentation|videos?|books?)\b",
    re.IGNORECASE,
)

_ASKS_WAY: Final = re.compile(
    r"\W*(?:(?:and|so|but|ok(?:ay)?|und)\W+)?(?:how (?!many\b|much\b|long\b|often\b|old\b|did\b|was\b|were\b)"
    r"|what(?:['’]s| is) the (?:best |right )?way\b|wie (?!viele?\b|lange\b|oft\b)|comment\b|c[oó]mo\b|come\b"
    r"|hoe (?!veel\b|lang\b|vaak\b))",
    re.IGNORECASE,
)
"""A question for a way to do something, which holds at any time."""
_VERSION_TITLE: Final = re.compile(r"\W*(?:\w+ )?v?\d+\.\d+(?:\.\w+)*(?=\W*\Z|\s*[(\[–—-])")
"""A version alone, or with what is told of it behind a dash; a number before words counts chapters."""
_RECORD_TITLE: Final = re.compile(
    r"\b(?:release notes|releases|change ?log|changes|what['’]s new|minutes|meeting notes|standups?|retrospectives?|"
    r"week ?notes|journal|diary|news)\b|\b(?:versionshinweise|änderungen|protokoll|tagebuch)\b",
    re.IGNORECASE,
)

_REFERENCE_TITLES: Final = _heading_set(
    "see also, related, related topics, related notes, related pages, related links, references, links, "
    "further reading, more information, siehe auch, weblinks, verweise, voir aussi, véase también"
)
"""What a section is called that refers to other things."""

NAMED_SHARE: Final = 0.3
"""The part of the words of a note's name that must be said to name it: one of three."""

NAMING_WEIGHT: Final = 0.5
"""The weight of the words of a question that name a note of a longer name: of all its words, half."""

TWO: Final = 2
"""Top topics whose titles, if they have the same words, are compared with the order of the typed words."""


@lru_cache(maxsize=32)
def asked_section(question: str) -> Section | None:
    """Return the common section that a question asks for; None if it asks for none."""
    return next(
        (section for section, pattern in zip(SECTIONS, _PATTERNS, strict=True) if pattern.search(question)), None
    )


def words_for_section(question: str, title: str) -> frozenset[str]:
    """Return the stems of a question that ask for a section with such a title; none where it asks for another.

    >>> words_for_section("how do I fix the pump?", "Possible solutions"), words_for_section("fix the pump", "Impact")
    (frozenset({'fix'}), frozenset())
    """
    section = asked_section(question)
    asking = re.search(section.pattern, question, re.IGNORECASE) if section and _is_called(title, section) else None
    return stems(asking[0]) if asking else frozenset()


def is_remedy(question: str, title: str) -> bool:
    """Return whether a section with such a title has the remedy that a question asks for.

    >>> is_remedy("what do I do when the pump leaks?", "Mitigation"), is_remedy("how do I make soup?", "Steps")
    (True, False)
    """
    section = asked_section(question)
    return section is not None and bool(section.others) and _is_called(title, section)


def is_other_section(question: str, title: str) -> bool:
    """Return whether a section with such a title tells something else than the one asked for.

    >>> is_other_section("how do I fix the pump?", "Impact"), is_other_section("what if the pump leaks?", "Impact")
    (True, False)
    """
    section = asked_section(question)
    return section is not None and title_key(title).rstrip(":") in section.others


def asks_for_section(question: str, first: Hit) -> bool:
    """Say whether a question asks for a section of the first hit's note: it names the note and no heading in it."""
    wanted, above = stems(question), stems("\n".join(_headings_above(first.topic)))
    is_named = wanted & above and not wanted & (stems(first.topic.title) - above)
    return bool(is_named) and asked_section(question) is not None


def names_note(query_terms: QueryTerms, hit: Hit) -> bool:
    """Return whether a question names the note of a hit: by a third of the words of its name, or by half of its own."""
    name = stems(hit.topic.subject)
    is_named = query_terms.are_in(name)
    return bool(name) and (
        int(is_named.sum()) >= NAMED_SHARE * len(name) or float(query_terms.weights @ is_named) >= NAMING_WEIGHT
    )


def is_section_of(hit: Hit, stored: StoredTopic) -> bool:
    """Return whether a topic is a section of the note of a hit."""
    return (stored.path, stored.topic.subject) == (hit.path, hit.topic.subject)


def section_first(question: str, hits: list[Hit]) -> list[Hit]:
    """Return hits in order, but the section asked for first if another section of its note is first."""
    section = asked_section(question)
    if not hits or not section or not asks_for_section(question, hits[0]):
        return hits
    return _with_first(hits, next((place for place, hit in enumerate(hits) if _is_beside(hit, hits[0], section)), 0))


def titled_first(question: str, hits: list[Hit]) -> list[Hit]:
    """Return hits in order, but of two first titles with the same words, the one in the typed order first.

    "Kiel to Rome" is no way from Rome to Kiel.
    """
    if len(hits) < TWO or _is_typed(question, hits[0].topic) or not _is_typed(question, hits[1].topic):
        return hits
    words = [stems(hit.topic.title) for hit in hits[:TWO]]
    return _with_first(hits, 1) if words[0] == words[1] else hits


def without_opening(question: str) -> str:
    """Return a question without the words that only ask what something is: what is left may be the title of a topic.

    >>> without_opening("What is the GIL?"), without_opening("Was ist ein Vorteig?"), without_opening("what is it?")
    ('GIL?', 'Vorteig?', 'what is it?')
    >>> without_opening("What's the GIL?"), without_opening("define GIL"), without_opening("what does GIL mean?")
    ('GIL?', 'GIL', 'GIL')
    """
    opening = STOP_WORDS | function_words(question) | _ASK_MEANING
    plain = _ASKED_MEANING.sub("", question)
    words = (match for match in _OPENING_WORD.finditer(plain) if compared(match["word"]) not in opening)
    first = next(words, None)
    return plain[first.start() :] if first else question


def guide_first(question: str, hits: list[Hit]) -> list[Hit]:
    """Return hits in order, but of a question for a way to do something the guide before what happened at one time.

    A release note, minutes, a post or a diary say that something was done ("bumped the version") in the words of the
    question. They give way to a topic whose headings hold most of these words, and all that their own headings hold.
    """
    if not hits or not _ASKS_WAY.match(question) or not _is_record(hits[0]):
        return hits
    wanted = stems(question)
    first_named = wanted & stems(hits[0].topic.heading_path)

    def is_guide(hit: Hit) -> bool:
        named = wanted & stems(hit.topic.heading_path)
        return first_named <= named and 2 * len(named) > len(wanted) and not _is_record(hit)

    return _with_first(hits, next((place for place, hit in enumerate(hits) if is_guide(hit)), 0))


def _is_record(hit: Hit) -> bool:
    """Return whether a topic tells of one time: a day or a version is in its name, or its note is a list of these."""
    topic = hit.topic
    names = (PurePosixPath(hit.path).stem, topic.subject, *topic.parents, topic.title)
    is_dated = any(name.casefold() == "date" for name, _ in topic.fields)
    return is_dated or any(
        any(dates(name)) or _VERSION_TITLE.match(name) or _RECORD_TITLE.search(name) for name in names
    )


def linked_first(question: str, hits: list[Hit]) -> list[Hit]:
    """Return hits in their order, but before a first one that only lists links the note that is named and linked."""
    names = _linked_names(hits[0].topic) if hits else frozenset()
    wanted = stems(question)
    named = (
        place
        for place, hit in enumerate(hits)
        if any(
            title_key(name) in names and stems(name) <= wanted
            for name in (hit.topic.title, hit.topic.subject, *hit.topic.aliases)
        )
    )
    return _with_first(hits, next(named, 0)) if names else hits


def references_last(question: str, hits: list[Hit]) -> list[Hit]:
    """Return hits in their order, but before a first one that only refers to what is asked the next that says it.

    A footnote or a section "See also" with a link to an article on the thing has its name and says nothing of it.
    """
    if not hits or not _refers(question, hits[0].topic):
        return hits
    name = _referred_to(question, hits[0].topic)
    telling = (
        place
        for place, hit in enumerate(hits)
        if hit.path == hits[0].path
        and not _refers(question, hit.topic)
        and name <= stems(f"{hit.topic.heading_path} {hit.topic.full_text}")
    )
    return _with_first(hits, next(telling, 0))


def _refers(question: str, topic: Topic) -> bool:
    """Return whether a topic only refers to what is asked, or is a section of nothing but links to other things."""
    if _referred_to(question, topic):
        return True
    if title_key(topic.title).rstrip(":") not in _REFERENCE_TITLES or asks_link(question):
        return False
    return not _says_more(topic.entries_text) and stems(question).isdisjoint(stems(topic.entries_text))


def asks_link(question: str) -> bool:
    """Return whether a question asks for an address or a page, which a link answers."""
    return bool(_ASKS_LINK.search(question))


def _referred_to(question: str, topic: Topic) -> frozenset[str]:
    """Return the stems of a link's text that says no more than the question and its own address; none where it does.

    None either where a topic holds more than links, or a link is asked for.
    """
    text = topic.entries_text
    if "](" not in text or asks_link(question) or _says_more(text):
        return frozenset()
    wanted = stems(question)
    for link in _LINK.finditer(text):
        label = stems(link["label"] or link["page"])
        if wanted & label and label - wanted <= stems(link["address"] or ""):
            return frozenset(wanted & label)
    return frozenset()


def _says_more(text: str) -> bool:
    """Say whether a text holds words beside links and the marks of footnotes."""
    return bool(stems(visible_text(_FOOTNOTE_MARK.sub(" ", _LINK.sub(" ", text)))))


def _linked_names(topic: Topic) -> frozenset[str]:
    """Return the names of the notes that a topic lists, where each of its lines holds a link; nothing otherwise."""
    lines = [line for entry in topic.entries for line in entry.text.splitlines() if line.strip()]
    if not all(map(_LINK.search, lines)):
        return frozenset()
    return frozenset(title_key(match["page"] or match["label"]) for line in lines for match in _LINK.finditer(line))


def _is_beside(hit: Hit, first: Hit, section: Section) -> bool:
    """Say whether a hit is the section asked for, in the note of the first hit and at most as deep."""
    above = _headings_above(hit.topic)
    is_beside = hit.path == first.path and (*_headings_above(first.topic), first.topic.title)[: len(above)] == above
    return is_beside and _is_called(hit.topic.title, section)


def _is_called(title: str, section: Section) -> bool:
    return _QUALIFIER.sub("", title_key(title)).rstrip(":") in section.headings


def _headings_above(topic: Topic) -> tuple[str, ...]:
    return topic.subject, *topic.parents


def _is_typed(question: str, topic: Topic) -> bool:
    return f" {title_key(topic.title)} " in f" {title_key(question)} "


def _with_first(hits: Sequence[Hit], place: int) -> list[Hit]:
    """Return hits with the one at `place` first, its score raised to the highest."""
    if not place:
        return list(hits)
    best = replace(hits[place], score=max(hits[place].score, hits[0].score))
    return [best, *hits[:place], *hits[place + 1 :]]
