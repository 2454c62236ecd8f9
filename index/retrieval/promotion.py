"""which of the best topics comes first, whatever its score: the guide, the section, the title or the number asked for?

`in_particular` applies the rules one after the other; each takes the question and the hits, and returns the hits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from index.markdown import visible_text
from index.records import Hit, Topic
from index.retrieval.sections import Section, asked_section, asks_for_section, heading_set, headings_above
from index.retrieval.understanding import hit_text
from index.text import NumberMatch, dates, number_matches, stems, title_key

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

_REFERENCE_TITLES: Final = heading_set(
    "see also, related, related topics, related notes, related pages, related links, references, links, "
    "further reading, more information, siehe auch, weblinks, verweise, voir aussi, véase también"
)
"""What a section is called that refers to other things."""

_TAGS: Final = re.compile(
    r"^[ \t]*(?:tags?|keywords|schlagworte)::?[ \t].*$|(?<!\S)#\w[\w/-]*", re.IGNORECASE | re.MULTILINE
)
MAX_EMPTY_NAME_WORDS: Final = 5
"""Words up to which a heading without a text is a name; a longer one may say something: "Passport is in the drawer"."""
LONGEST_EMPTY: Final = 300
"""Characters of a heading without a text or a line of tags; what is longer is not looked through for words."""

TITLES_COMPARED: Final = 2
"""Top topics whose titles, if they have the same words, are compared with the order of the typed words."""


def in_particular(question: str, hits: list[Hit]) -> list[Hit]:
    """Return hits in order, but first those with the guide, the section, the title or the number that is asked for."""
    for put_first in (
        linked_first,
        references_last,
        written_first,
        guide_first,
        section_first,
        titled_first,
        containing_first,
    ):
        hits = put_first(question, hits)
    return hits


def section_first(question: str, hits: list[Hit]) -> list[Hit]:
    """Return hits in order, but the section asked for first if another section of its note is first."""
    section = asked_section(question)
    if not hits or not section or not asks_for_section(question, hits[0]):
        return hits
    return with_first(hits, next((hit for hit in hits if _is_beside(hit, hits[0], section)), hits[0]))


def titled_first(question: str, hits: list[Hit]) -> list[Hit]:
    """Return hits in order, but of two first titles with the same words, the one in the typed order first.

    "Kiel to Rome" is no way from Rome to Kiel.
    """
    if len(hits) < TITLES_COMPARED or _is_typed(question, hits[0].topic) or not _is_typed(question, hits[1].topic):
        return hits
    words = [stems(hit.topic.title) for hit in hits[:TITLES_COMPARED]]
    return with_first(hits, hits[1]) if words[0] == words[1] else hits


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

    return with_first(hits, next(filter(is_guide, hits), hits[0]))


def _is_record(hit: Hit) -> bool:
    """Return whether a topic tells of one time: a day or a version is in its name, or its note is a list of these."""
    topic = hit.topic
    names = (hit.note_name, topic.subject, *topic.parents, topic.title)
    is_dated = any(name.casefold() == "date" for name, _ in topic.fields)
    return is_dated or any(
        any(dates(name)) or _VERSION_TITLE.match(name) or _RECORD_TITLE.search(name) for name in names
    )


def linked_first(question: str, hits: list[Hit]) -> list[Hit]:
    """Return hits in their order, but before a first one that only lists links the note that is named and linked."""
    names = _linked_names(hits[0].topic) if hits else frozenset()
    wanted = stems(question)
    named = (
        hit
        for hit in hits
        if any(
            title_key(name) in names and stems(name) <= wanted
            for name in (hit.topic.title, hit.topic.subject, *hit.topic.aliases)
        )
    )
    return with_first(hits, next(named, hits[0])) if names else hits


def references_last(question: str, hits: list[Hit]) -> list[Hit]:
    """Return hits in their order, but before a first one that only refers to what is asked the next that says it.

    A footnote or a section "See also" with a link to an article on the thing has its name and says nothing of it.
    """
    if not hits or not _refers(question, hits[0].topic):
        return hits
    name = _referred_to(question, hits[0].topic)
    telling = (
        hit
        for hit in hits
        if hit.path == hits[0].path
        and not _refers(question, hit.topic)
        and name <= stems(f"{hit.topic.heading_path} {hit.topic.full_text}")
    )
    return with_first(hits, next(telling, hits[0]))


def written_first(question: str, hits: list[Hit]) -> list[Hit]:
    """Return hits in their order, but before a first one that says nothing the next of its note that says something.

    A heading of a template that nobody filled in, or a line of tags, is found by the name of its note. Where its own
    heading is asked for, it stays first: the note says nothing of that.
    """
    if not hits or _is_written(hits[0].topic):
        return hits
    topic = hits[0].topic
    if stems(question) & stems(topic.title) - stems(f"{topic.subject} {hits[0].note_name}"):
        return hits
    written = (hit for hit in hits if hit.path == hits[0].path and _is_written(hit.topic))
    return with_first(hits, next(written, hits[0]))


def _is_written(topic: Topic) -> bool:
    """Return whether a topic says more than its heading and its tags, or has a heading that may say something."""
    text = topic.entries_text
    if len(text) > LONGEST_EMPTY or len(topic.title.split()) > MAX_EMPTY_NAME_WORDS:
        return True
    return not stems(visible_text(_TAGS.sub(" ", text))) <= stems(topic.title)


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
    """Return whether a text holds words beside links and the marks of footnotes."""
    return bool(stems(visible_text(_FOOTNOTE_MARK.sub(" ", _LINK.sub(" ", text)))))


def _linked_names(topic: Topic) -> frozenset[str]:
    """Return the names of the notes that a topic lists, where each of its lines holds a link; nothing otherwise."""
    lines = [line for entry in topic.entries for line in entry.text.splitlines() if line.strip()]
    if not all(map(_LINK.search, lines)):
        return frozenset()
    return frozenset(title_key(match["page"] or match["label"]) for line in lines for match in _LINK.finditer(line))


def containing_first(question: str, hits: list[Hit]) -> list[Hit]:
    """Return hits in order, but those with the numbers, codes and days asked for before those with other ones.

    If no hit has them, the order stays as it is.
    """
    matches = [set(number_matches(question, hit_text(hit)).values()) for hit in hits]
    first = next((place for place, how in enumerate(matches) if NumberMatch.OTHER in how), len(hits))
    moved = [place for place in range(first + 1, len(hits)) if matches[place] <= {NumberMatch.SAME, NumberMatch.AMOUNT}]
    raised = [replace(hits[place], score=max(hits[place].score, hits[first].score)) for place in moved]
    return hits[:first] + raised + [hit for place, hit in enumerate(hits) if place >= first and place not in moved]


def _is_beside(hit: Hit, first: Hit, section: Section) -> bool:
    """Return whether a hit is the section asked for, in the note of the first hit and at most as deep."""
    above = headings_above(hit.topic)
    is_beside = hit.path == first.path and (*headings_above(first.topic), first.topic.title)[: len(above)] == above
    return is_beside and section.is_called(hit.topic.title)


def _is_typed(question: str, topic: Topic) -> bool:
    return f" {title_key(topic.title)} " in f" {title_key(question)} "


def with_first(hits: Sequence[Hit], first: Hit) -> list[Hit]:
    """Return as many hits, in their order, but one of them or of another place before them, scored no lower."""
    best = replace(first, score=max(first.score, hits[0].score))
    return [best, *(hit for hit in hits if hit.row_id != first.row_id)][: len(hits)]
