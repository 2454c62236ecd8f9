"""what the links of a note say, and the names under which a topic is linked to: both in one form, so that they meet"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from index.markdown import link_targets
from index.records import Topic
from index.text import compared, composed, readable_name, title_key

_NOT_IN_ANCHORS: Final = re.compile(r"[^\w\- ]")


def links(topic: Topic, place: str) -> frozenset[str]:
    """Return what a topic of the document at a place links to, as `names` names it; the web is left out.

    >>> from index.records import Entry
    >>> entry = Entry(None, "See [drift](../argo.md#17-handling-drift) and [[GitOps|the basics]].", 1)
    >>> sorted(links(Topic("Git", "Tags", (entry,), 1), "notes/git/tags.md"))
    ['[[gitops', 'notes/argo.md#17-handling-drift']
    """
    targets = (target for entry in topic.entries for target in link_targets(entry.text))
    return frozenset(name for target in targets if (name := named_target(target, place)))


def names(topic: Topic, place: str, *, is_first: bool) -> Iterator[str]:
    """Yield what a link to a topic may say; the first topic of a document also stands for the document.

    A heading that is called without its number has an alias with it, and one that keeps it may have one without.
    A question may say its other names, which are there with a `=` before them.
    """
    place = composed(place)
    note = readable_name(posixpath.splitext(posixpath.basename(place))[0]).rpartition("/")[2]
    for alias in topic.aliases:
        yield f"={title_key(alias)}"
        yield f"[[{title_key(alias)}"
    for name in (topic.title, *topic.aliases):
        yield f"{place}#{anchor(name)}"
        yield f"[[{title_key(note)}#{anchor(name)}"
    yield f"[[{title_key(topic.title)}"
    if is_first:
        yield place
        yield f"[[{title_key(note)}"


def anchor(heading: str) -> str:
    """Return what a link to a heading ends in, as GitHub makes it, without the hyphens at either end.

    >>> anchor("4. `is` vs. =="), anchor("2. Mai")
    ('4-is-vs', '2-mai')
    """
    return _NOT_IN_ANCHORS.sub("", compared(heading)).replace(" ", "-").strip("-")


def named_target(target: str, place: str) -> str:
    """Return what a link in the document at a place leads to, as `names` names it; empty for one that leads out."""
    target, place = composed(target), composed(place)
    if target.startswith("[["):
        note, _, heading = target.removeprefix("[[").partition("#")
        if not note:
            return place if heading.startswith("^") else f"{place}#{anchor(heading)}"
        note = title_key(posixpath.basename(note).removesuffix(".md"))
        heading = "" if heading.startswith("^") else heading  # a block has no name here: its note is meant
        return f"[[{note}#{anchor(heading)}" if heading else f"[[{note}"
    try:
        parts = urlsplit(target)
    except ValueError:  # a bracket that is not closed, as of an IPv6 address
        return ""
    if parts.scheme or parts.netloc:
        return ""
    path = (
        posixpath.normpath(posixpath.join(posixpath.dirname(place), composed(unquote(parts.path))))
        if parts.path
        else place
    )
    return f"{path}#{anchor(unquote(parts.fragment))}" if parts.fragment else path
