"""where the links of a note lead, and the names under which a topic is linked to"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from index.markdown import link_targets
from index.records import Topic
from index.words import title_key

_NOT_IN_ANCHORS: Final = re.compile(r"[^\w\- ]")
_NUMBER: Final = re.compile(r"(?:\d+-)+(?=\D)")


def links(topic: Topic, place: str) -> frozenset[str]:
    """Return what a topic of the document at a place links to, as `names` names it; the web is left out.

    >>> from index.records import Entry
    >>> entry = Entry(None, "See [drift](../argo.md#17-handling-drift) and [[GitOps|the basics]].", 1)
    >>> sorted(links(Topic("Git", "Tags", (entry,), 1), "notes/git/tags.md"))
    ['[[gitops', 'notes/argo.md#handling-drift']
    """
    targets = (target for entry in topic.entries for target in link_targets(entry.text))
    return frozenset(name for target in targets if (name := _named(target, place)))


def names(topic: Topic, place: str, *, is_first: bool) -> Iterator[str]:
    """Yield what a link to a topic may say; the first topic of a document also stands for the document."""
    note = posixpath.splitext(posixpath.basename(place))[0]
    yield f"{place}#{anchor(topic.title)}"
    yield f"[[{title_key(topic.title)}"
    yield f"[[{title_key(note)}#{anchor(topic.title)}"
    if is_first:
        yield place
        yield f"[[{title_key(note)}"


def anchor(heading: str) -> str:
    """Return what a link to a heading ends in, as GitHub makes it, without the heading's number.

    >>> anchor("4. `is` vs. ==")
    'is-vs'
    """
    return _NUMBER.sub("", _NOT_IN_ANCHORS.sub("", heading.casefold()).strip().replace(" ", "-"), count=1)


def _named(target: str, place: str) -> str:
    if target.startswith("[["):
        note, _, heading = target.removeprefix("[[").partition("#")
        if not note:
            return f"{place}#{anchor(heading)}"
        note = title_key(posixpath.basename(note).removesuffix(".md"))
        return f"[[{note}#{anchor(heading)}" if heading else f"[[{note}"
    try:
        parts = urlsplit(target)
    except ValueError:  # a bracket that is not closed, as of an IPv6 address
        return ""
    if parts.scheme or parts.netloc:
        return ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(parts.path))) if parts.path else place
    return f"{path}#{anchor(unquote(parts.fragment))}" if parts.fragment else path
