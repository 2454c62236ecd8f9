"""which section of a note does a question ask for, and does it name the note?

Many notes have the same sections ("Ingredients", "Steps"): a question names the note and, by its form, the section.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from index.records import Hit, StoredTopic, Topic
from index.retrieval.late_interaction import QueryTerms
from index.text import stems, title_key


class Section(NamedTuple):
    """A section that many notes have: an example question, the pattern of such questions, and its headings."""

    example: str
    pattern: str
    headings: frozenset[str]
    others: frozenset[str] = frozenset()
    """Headings of sections that tell something else of the note: they answer no such question."""

    def asked_by(self, question: str) -> re.Match[str] | None:
        """Return the words of a question that ask for such a section; None if none do."""
        return re.search(self.pattern, question, re.IGNORECASE)

    def is_called(self, title: str) -> bool:
        """Return whether a section with this title is one of the kind."""
        return _QUALIFIER.sub("", title_key(title)).rstrip(":") in self.headings


def heading_set(listed: str) -> frozenset[str]:
    """Return the headings of a list with commas between them."""
    return frozenset(heading.strip() for heading in listed.split(","))


SECTIONS: Final = (
    Section(
        "what goes into the soup?",
        r"\bingredients?\b|\bzutaten\b|\bwhat (?:goes|went) (?:in|into)\b"
        r"|\bwhat (?:do|does|will|would|should) (?:i|we|you|one) need (?:for|to)\b",
        heading_set(
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
        heading_set(
            "mitigation, mitigations, mitigation steps, resolution, resolutions, resolution steps, resolving, "
            "solution, solutions, fix, fixes, fixing, how to fix, how to fix it, remedy, remedies, remediation, "
            "repair, workaround, workarounds, what to do, troubleshooting, troubleshooting steps, behebung, "
            "fehlerbehebung, abhilfe, lösung, lösungen, maßnahmen"
        ),
        heading_set(
            "meaning, description, impact, impacts, symptom, symptoms, severity, effects, consequences, auswirkungen, "
            "symptome, folgen"
        ),
    ),
    Section(
        "how do I make soup?",
        r"\bhow (?:do|can|could|should|would|did) (?:i|we|you|one) (?!know\b|tell\b)|\bhow to\b"
        r"|\b(?:steps|instructions|directions|procedure|method)\b|^wie (?:macht|mache|koche|backe|baue|geht)\b",
        heading_set(
            "steps, the steps, step by step, instructions, directions, method, methods, preparation, procedure, "
            "process, how to, how to make it, walkthrough, schritte, anleitung, zubereitung, vorgehen, ablauf"
        ),
    ),
)
"""The first section whose pattern matches a question is the one asked for."""

_QUALIFIER: Final = re.compile(r"\A(?:possible|potential|suggested|recommended|common|mögliche) ")
"""A word before the name of a section that leaves it what it is: "Possible solutions"."""

NOTE_NAME_SHARE: Final = 0.3
"""The part of the words of a note's name that must be said to name it: one of three."""

NAMING_WEIGHT: Final = 0.5
"""The weight of the words of a question that name a note of a longer name: of all its words, half."""


@lru_cache(maxsize=32)
def asked_section(question: str) -> Section | None:
    """Return the common section that a question asks for; None if it asks for none."""
    return next((section for section in SECTIONS if section.asked_by(question)), None)


def words_for_section(question: str, title: str) -> frozenset[str]:
    """Return the stems of a question that ask for a section with such a title; none where it asks for another.

    >>> words_for_section("how do I fix the pump?", "Possible solutions"), words_for_section("fix the pump", "Impact")
    (frozenset({'fix'}), frozenset())
    """
    section = asked_section(question)
    asking = section.asked_by(question) if section and section.is_called(title) else None
    return stems(asking[0]) if asking else frozenset()


def is_remedy(question: str, title: str) -> bool:
    """Return whether a section with such a title has the remedy that a question asks for.

    >>> is_remedy("what do I do when the pump leaks?", "Mitigation"), is_remedy("how do I make soup?", "Steps")
    (True, False)
    """
    section = asked_section(question)
    return section is not None and bool(section.others) and section.is_called(title)


def is_other_section(question: str, title: str) -> bool:
    """Return whether a section with such a title tells something else than the one asked for.

    >>> is_other_section("how do I fix the pump?", "Impact"), is_other_section("what if the pump leaks?", "Impact")
    (True, False)
    """
    section = asked_section(question)
    return section is not None and title_key(title).rstrip(":") in section.others


def asks_for_section(question: str, first: Hit) -> bool:
    """Return whether a question asks for a section of the first hit's note: it names the note and no heading in it."""
    wanted, above = stems(question), stems("\n".join(headings_above(first.topic)))
    is_named = wanted & above and not wanted & (stems(first.topic.title) - above)
    return bool(is_named) and asked_section(question) is not None


def names_note(query_terms: QueryTerms, hit: Hit) -> bool:
    """Return whether a question names the note of a hit: by a third of the words of its name, or by half of its own."""
    name = stems(hit.topic.subject)
    is_named = query_terms.are_in(name)
    return bool(name) and (
        int(is_named.sum()) >= NOTE_NAME_SHARE * len(name) or float(query_terms.weights @ is_named) >= NAMING_WEIGHT
    )


def is_section_of(hit: Hit, stored: StoredTopic) -> bool:
    """Return whether a topic is a section of the note of a hit."""
    return (stored.path, stored.topic.subject) == (hit.path, hit.topic.subject)


def headings_above(topic: Topic) -> tuple[str, ...]:
    """Return the headings above that of a topic, the outermost first."""
    return topic.subject, *topic.parents
