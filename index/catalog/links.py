"""where the links of a note lead, and the names under which a topic is linked to"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from index.markdown import link_targets
from index.records import Topic
from index.storage import Database
from index.text import compared, composed, readable_name, title_key

MAX_LINKS: Final = 100
"""Links of a topic that are looked at: a page that has more is a table of contents."""

_NOT_IN_ANCHORS: Final = re.compile(r"[^\w\- ]")


class Links(Database):
    """Which topic leads to which."""

    def put_links(self, topic_id: int | None, topic: Topic, place: str, *, is_first: bool) -> None:
        """Keep where a topic of the document at a place leads, and what links to it may say."""
        for table, values in (("link", links(topic, place)), ("topic_name", names(topic, place, is_first=is_first))):
            self._db.executemany(
                f"INSERT OR IGNORE INTO {table} VALUES (?, ?)",  # noqa: S608  # one of the two names above
                [(topic_id, value) for value in values],
            )

    def move_links(self, topic_id: int, renewed: int | None) -> None:
        """Give the links of a topic, and those to it, to the topic that takes its place."""
        self._db.execute("UPDATE link SET topic_id = ? WHERE topic_id = ?", (renewed, topic_id))
        self._db.execute("UPDATE topic_name SET topic_id = ? WHERE topic_id = ?", (renewed, topic_id))

    def leads(self, targets: Iterable[str], place: str) -> dict[str, str]:
        """Return the stable id of the topic that links lead to in a document at a place, by the link as it is written.

        Those that lead to no topic are left out; of several topics, the first one is meant.
        """
        named = {target: name for target in targets if (name := named_target(target, place))}
        found = self._all(
            """SELECT name, stable_id FROM topic_name JOIN topic ON topic.id = topic_id
               WHERE name IN (SELECT value FROM json_each(?)) ORDER BY document_id DESC, line DESC""",
            json.dumps(list(named.values())),
        )
        ids = dict(found)
        return {target: ids[name] for target, name in named.items() if name in ids}

    def topics_called(self, name: str) -> list[int]:
        """Return the ids of the topics that have a name beside their title."""
        return [id_ for (id_,) in self._all("SELECT topic_id FROM topic_name WHERE name = ?", f"={title_key(name)}")]

    def links_of(self, topic_id: int) -> list[tuple[int, int, int]]:
        """Return how a topic is linked: from topic, to topic, and by how many links the two share it with others.

        Of several topics that a link may mean, each is returned; of more than MAX_LINKS either way, some.
        """
        return self._all(
            """SELECT source, target, max(
                   (SELECT count(*) FROM (SELECT 1 FROM link WHERE topic_id = source LIMIT ?2)),
                   (SELECT count(*) FROM (SELECT 1 FROM link WHERE link.target = name LIMIT ?2)))
               FROM (SELECT * FROM (SELECT l.topic_id AS source, n.topic_id AS target, n.name AS name
                                    FROM link l JOIN topic_name n ON n.name = l.target WHERE l.topic_id = ?1 LIMIT ?2)
                     UNION
                     SELECT * FROM (SELECT l.topic_id, n.topic_id, n.name
                                    FROM topic_name n JOIN link l ON l.target = n.name WHERE n.topic_id = ?1 LIMIT ?2))
               WHERE source <> target ORDER BY source, target""",
            topic_id,
            MAX_LINKS,
        )


def place_of(source: str, path: str) -> str:
    """Return where a document stands, seen from others: that of a source that is a single file is the file itself.

    >>> place_of("/notes", "git/tags.md"), place_of("/notes/tags.md", "tags.md")
    ('/notes/git/tags.md', '/notes/tags.md')
    """
    return source if posixpath.basename(source) == path else f"{source}/{path}"


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
