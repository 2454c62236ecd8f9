"""which topic leads to which: the tables of links and of the names that a link may say"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable
from typing import Final

from index.records import Topic
from index.storage import Database

MAX_LINKS: Final = 100
"""Links of a topic that are looked at: a page that has more is a table of contents."""


class Links(Database):
    """Which topic leads to which."""

    def put_links(self, row_id: int | None, topic: Topic, place: str, *, is_first: bool) -> None:
        """Keep where a topic of the document at a place leads, and what links to it may say."""
        from index.catalog.links import links, names  # they bring the Markdown parser, and most only read

        for table, values in (("link", links(topic, place)), ("topic_name", names(topic, place, is_first=is_first))):
            self._db.executemany(
                f"INSERT OR IGNORE INTO {table} VALUES (?, ?)",  # noqa: S608  # one of the two names above
                [(row_id, value) for value in values],
            )

    def move_links(self, row_id: int, renewed: int | None) -> None:
        """Give the links of a topic, and those to it, to the topic that takes its place."""
        self._db.execute("UPDATE link SET topic_id = ? WHERE topic_id = ?", (renewed, row_id))
        self._db.execute("UPDATE topic_name SET topic_id = ? WHERE topic_id = ?", (renewed, row_id))

    def leads(self, targets: Iterable[str], place: str) -> dict[str, str]:
        """Return the id of the topic that links lead to in a document at a place, by the link as it is written.

        Those that lead to no topic are left out; of several topics, the first one is meant.
        """
        from index.catalog.links import named_target

        named = {target: name for target in targets if (name := named_target(target, place))}
        rows = self._all(
            """SELECT name, stable_id FROM topic_name JOIN topic ON topic.id = topic_id
               WHERE name IN (SELECT value FROM json_each(?)) ORDER BY document_id DESC, line DESC""",
            json.dumps(list(named.values())),
        )
        ids = dict(rows)
        return {target: ids[name] for target, name in named.items() if name in ids}

    def topics_called(self, name: str) -> list[int]:
        """Return the ids of the topics that have a name beside their title."""
        from index.text import title_key

        return [id_ for (id_,) in self._all("SELECT topic_id FROM topic_name WHERE name = ?", f"={title_key(name)}")]

    def links_of(self, row_id: int) -> list[tuple[int, int, int]]:
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
            row_id,
            MAX_LINKS,
        )


def place_of(source: str, path: str) -> str:
    """Return where a document stands, seen from others: that of a source that is a single file is the file itself.

    >>> place_of("/notes", "git/tags.md"), place_of("/notes/tags.md", "tags.md")
    ('/notes/git/tags.md', '/notes/tags.md')
    """
    return source if posixpath.basename(source) == path else f"{source}/{path}"
