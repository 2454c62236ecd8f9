"""how topics are linked, and by which names: a link and a name are kept in one form, so that they meet"""

from __future__ import annotations

from collections.abc import Iterable

from index.catalog import MAX_LINKS, links_from, named_target, names
from index.engine.server.catalog.tables import LibraryTables, WritableTables, ids_of
from index.engine.server.connection import Statement
from index.engine.server.names import short_name
from index.records import Topic
from index.text import title_key


class Links(LibraryTables):
    """Which topics lead to which, and what a topic is called beside its title."""

    def links_of(self, row_id: int) -> list[tuple[int, int, int]]:
        """Return how a topic is linked: from topic, to topic, and by how many links the two share it with others.

        Of several topics that a link may mean, each is returned; of more than MAX_LINKS either way, some.
        """
        return self._server.several(self.asking_links(row_id))[0]

    def asking_links(self, row_id: int) -> Statement:
        """Return what asks how a topic is linked."""
        return Statement(
            """SELECT source, target, max(greatest(
                       (SELECT count(*) FROM (SELECT 1 FROM topics.link k WHERE k.topic_id = source LIMIT %(most)s) o),
                       (SELECT count(*) FROM (SELECT 1 FROM topics.link k WHERE k.library = %(library)s
                                               AND k.target = name LIMIT %(most)s) i)))
                   FROM ((SELECT l.topic_id AS source, n.topic_id AS target, n.name AS name FROM topics.link l
                          JOIN topics.topic_name n ON n.library = l.library AND n.name = l.target
                          WHERE l.topic_id = %(topic)s LIMIT %(most)s)
                         UNION
                         (SELECT l.topic_id, n.topic_id, n.name FROM topics.topic_name n
                          JOIN topics.link l ON l.library = n.library AND l.target = n.name
                          WHERE n.topic_id = %(topic)s LIMIT %(most)s)) pair
                   WHERE source <> target GROUP BY source, target ORDER BY source, target""",
            {"topic": int(row_id), "most": MAX_LINKS, "library": self.number},
        )

    def leads(self, targets: Iterable[str], place: str) -> dict[str, str]:
        """Return the id of the topic that links lead to in a document at a place, by the link as written.

        Those that lead to no topic are left out; of several topics, the first one is meant.
        """
        named = {target: name for target in targets if (name := named_target(target, place))}
        rows = self._server.all(
            """SELECT n.name, t.stable_id FROM topics.topic_name n JOIN topics.topic t ON t.id = n.topic_id
               WHERE n.library = %s AND n.name = ANY(%s) ORDER BY t.document_id DESC, t.line DESC""",
            self.number,
            list(named.values()),
        )
        ids: dict[str, str] = dict(rows)
        return {target: ids[name] for target, name in named.items() if name in ids}

    def topics_called(self, name: str) -> list[int]:
        """Return the ids of the topics that have a name beside their title."""
        key = title_key(name)
        known = self._ahead.called.get(key)
        return ids_of(self._server.several(self._called(key))[0]) if known is None else known

    def _called(self, key: str) -> Statement:
        return Statement(
            "SELECT topic_id FROM topics.topic_name WHERE library = %s AND name = %s", (self.number, f"={key}")
        )


class LinkWriter(Links, WritableTables):
    """The same for whoever changes them."""

    def _put_links(self, row_id: int, topic: Topic, place: str, *, is_first: bool) -> None:
        self._run(
            "INSERT INTO topics.link (topic_id, library, target) SELECT %s, %s, unnest(%s::text[])",
            row_id,
            self.number,
            sorted(set(map(short_name, links_from(topic, place)))),
        )
        self._run(
            "INSERT INTO topics.topic_name (topic_id, library, name) SELECT %s, %s, unnest(%s::text[])",
            row_id,
            self.number,
            sorted(set(map(short_name, names(topic, place, is_first=is_first)))),
        )
