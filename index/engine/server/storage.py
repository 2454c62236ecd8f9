"""a library on a server: a reader over shared connections, a writer that holds the library's lock"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from index.engine.milvus.opening import SEARCH, open_index, search_address
from index.engine.server.address import Address
from index.engine.server.catalog.tables import State
from index.engine.server.connection import Server, Statement, explained
from index.engine.server.journal import ServerJournal, file_changed, file_written
from index.engine.server.news import News
from index.engine.server.reading import ServerCatalog
from index.engine.server.searching.dense import ServerSnapshot
from index.engine.server.searching.dense_statements import count_by_title
from index.engine.server.searching.lexical import ServerWords
from index.engine.server.searching.lexical_statements import frequencies_of
from index.engine.server.state import read_state
from index.engine.server.work import Worker
from index.engine.server.writing import ServerWriter, hold_lock
from index.errors import LibraryError
from index.records import Encoded, Vectors
from index.storage import Neighbours, Orphans, ServerState, TopicFacts
from index.text import title_hash

if TYPE_CHECKING:
    from index.engine.milvus.index import MilvusIndex


MAX_NAMED: Final = 20
"""Libraries that are named to whoever asks for one that is not there."""


class ServerReader(ServerCatalog):
    """The record of every note, and the present revision of vectors and words."""

    def __init__(self, server: Server) -> None:
        """Read by the connections to a server."""
        super().__init__(server)
        self._search: MilvusIndex | None = None
        self._loading = threading.Lock()
        self._snapshot: ServerSnapshot | None = None
        self._lexical: ServerWords | None = None

    def snapshot(self) -> ServerSnapshot:
        """Return the vectors of the present revision."""
        return self.present()[0]

    def lexical(self) -> ServerWords:
        """Return the words of the present revision."""
        return self.present()[1]

    def present(self) -> tuple[ServerSnapshot, ServerWords]:
        """Return vectors and words: the same for all who ask while a revision lasts, with what was looked up."""
        state = self.state()
        with self._loading:
            if self._snapshot is None or self._lexical is None or self._snapshot.state != state:
                search = self.search_index(state)
                self._snapshot = ServerSnapshot(self._server, state, search)
                self._lexical = ServerWords(self._server, state, search)
            return self._snapshot, self._lexical

    def search_index(self, state: State) -> MilvusIndex | None:
        """Return the search engine's index where one names the candidates of this library.

        Raises:
            LibraryError: one does, and TOPICS_SEARCH does not say where it is.

        """
        if not state.search:
            return None
        if not search_address():
            raise LibraryError(
                f"The library {self._server.address.name} is searched by {state.search}. Set {SEARCH} to that address, "
                "or run `topics server reindex ADDRESS` without it to search by PostgreSQL again."
            )
        if self._search is None:
            self._search = open_index(state.uid)
        return self._search

    def expect(self, question: str, words: Iterable[str]) -> None:
        """Ask at once for all that is needed to understand a question, where it is one revision that is read."""
        if not self._ahead.is_on or self.is_expected(question):
            return
        wanted, title = sorted(set(words)), title_hash(question)
        statements = frequencies_of(self.number, wanted), count_by_title(self.number, [title])
        frequencies, counts = self.look_ahead(question, *statements)
        snapshot, lexical = self.present()
        lexical.take(wanted, frequencies)
        snapshot.take_titles([title], counts)

    def facts_of(self, row_id: int, title: str, words: Iterable[str]) -> TopicFacts:
        """Return the views and links of a topic, and keep what its title and words tell, all in one journey."""
        snapshot, lexical = self.present()
        titles, unknown = [title_hash(title)], lexical.unknown(words)
        views, links, counts, frequencies, *forms = self._server.several(
            snapshot.asking_views([row_id]),
            self.asking_links(row_id),
            count_by_title(self.number, titles),
            frequencies_of(self.number, unknown),
            *snapshot.asking_forms(titles),
        )
        snapshot.take_titles(titles, counts)
        lexical.take(unknown, frequencies)
        for rows in forms:
            snapshot.take_forms(titles, rows)
        return TopicFacts(snapshot.take_views(views), [(source, target, rivals) for source, target, rivals in links])

    def neighbours(
        self, vector: Vectors, passages: int, words: Sequence[str], holders: int, others: Iterable[int]
    ) -> Neighbours:
        """Return the topics of so many `passages` nearest to a vector, so many `holders` of the words, and others."""
        snapshot, lexical = self.present()
        by_words = lexical.asking_best(words, holders)
        rows = self._server.several(snapshot.asking_neighbours(vector, passages, by_words, others))[0]
        self.keep_rows((row[0], *row[10:]) for row in rows if row[10] is not None)
        scores = {row[0]: row[8] for row in rows if row[8] is not None}
        return Neighbours(snapshot.take_neighbours(rows), lexical.shares(words, scores))


class ServerStorage:
    """One library on a server."""

    folder = None

    def __init__(self, address: Address, *, may_make: bool = True) -> None:
        """Open a library; where there is none, make an empty one if that `may` be.

        Raises:
            LibraryError: the server cannot be reached, is not prepared, or refuses, or there is no such library.

        """
        self._server = Server(address)
        self.is_new = not self.is_there()
        if self.is_new:
            self._make(may_make=may_make)
        self.reader = ServerReader(self._server)
        self._news = News(address)

    def _make(self, *, may_make: bool) -> None:
        """Make the library, if that `may` be and the user may."""
        [(is_writer, names)] = self._server.all(
            """SELECT has_table_privilege('topics.library', 'INSERT'),
                      (SELECT array_agg(name ORDER BY name) FROM topics.library)"""
        )
        if not (may_make and is_writer):
            self._server.close()
            raise LibraryError(
                f"There is no library {self.name} that you may see; {_named(names or ())}. A user with the role "
                "topics_writer makes one of that name by `topics add`, on the machine where the notes are."
            )
        name = self._server.address.library
        self._server.all("INSERT INTO topics.library (name) VALUES (%s) ON CONFLICT (name) DO NOTHING", name)

    @property
    def name(self) -> str:
        """The address, without any secret."""
        return self._server.address.name

    @property
    def journeys(self) -> int:
        """How often the server was waited for."""
        return self._server.journeys

    def close(self) -> None:
        """Close the connections."""
        self._server.close()
        self._news.close()

    def is_there(self) -> bool:
        """Return whether the library can still be opened."""
        return bool(self._server.all("SELECT 1 FROM topics.library WHERE name = %s", self._server.address.library))

    @contextmanager
    def reading(self) -> Iterator[ServerReader]:
        """See one revision in everything that this thread reads inside."""
        with self.reader.looking_ahead(), self._server.reading():
            yield self.reader

    # what belongs to the library and to no note

    def read_file(self, name: str) -> str | None:
        """Return a small file that belongs to the library and to no note; None where it is not there."""
        return self.reader.file(name)

    def write_file(self, name: str, content: str | None) -> None:
        """Keep a small file that belongs to the library, the same for all who use it; None takes it away."""
        library = self.reader.number
        if content is None:
            self._server.all("DELETE FROM topics.file WHERE library = %s AND name = %s", library, name)
        else:
            self._server.several(file_written(library, name, content))

    def change_file(self, name: str, change: Callable[[str | None], str]) -> None:
        """Keep what a change makes of a small file; where somebody else was faster, it is made of theirs."""
        library, is_kept = self.reader.number, False
        while not is_kept:
            row = self._server.one("SELECT content FROM topics.file WHERE library = %s AND name = %s", library, name)
            before = row[0] if row else None
            is_kept = bool(self._server.several(file_changed(library, name, before, change(before)))[0])

    def journal(self) -> ServerJournal:
        """Return the journal that all share who use the library."""
        return ServerJournal(self._server, self.reader.number)

    # how the server fares

    def news(self, seconds: float) -> bool:
        """Wait up to some seconds for a change that somebody else makes; say whether one has landed."""
        return self._news.wait(seconds, self.reader.revision)

    def server_state(self) -> ServerState:
        """Return how the server fares, as far as this user may see it."""
        return read_state(self._server, self.reader.number)

    def worker(self, model: str, encode: Callable[[Sequence[str]], Encoded]) -> Worker:
        """Return what embeds for others, by a connection of its own."""
        return Worker(self._server, model, encode)

    def writing(self) -> AbstractContextManager[ServerWriter]:
        """Hold the library's lock by a connection of its own, which the server lets go of should this process end."""
        return self._writing(self.reader.search_index(self.reader.state()))

    @contextmanager
    def _writing(self, search: MilvusIndex | None) -> Iterator[ServerWriter]:
        address = self._server.address
        with explained(address):
            connection = Server(address, does="writes").connected()
            try:
                hold_lock(connection, address.name, self.reader.number)
                who = f"process {os.getpid()} on {socket.gethostname()}, since {datetime.now(UTC):%H:%M:%S} UTC"
                connection.execute("UPDATE topics.library SET writer = %s WHERE id = %s", (who, self.reader.number))
                yield ServerWriter(self._server, connection, search)
            finally:
                connection.close()

    def reindex(self) -> int:
        """Fill the search engine that TOPICS_SEARCH names with all topics, and return how many there are.

        Where it names none, PostgreSQL searches from now on.

        Raises:
            LibraryError: the library cannot be changed, or the search engine does not take it.

        """
        address = search_address()
        index = open_index(self.reader.id) if address else None
        with self._writing(index) as writer:
            return writer.reindex(address)

    def at_rest(self) -> AbstractContextManager[None]:
        """Keep nobody out: nothing on a server is ever half made."""
        return nullcontext()

    def damage(self) -> str:
        """Return what contradicts itself in the tables; nothing where they are sound."""
        with self.reading() as reader:
            state = reader.state()
            wrong = self._server.several(
                Statement(
                    """SELECT count(*) FROM topics.passage p WHERE p.library = %s
                       AND NOT EXISTS (SELECT 1 FROM topics.vector v
                                       WHERE v.shelf = p.shelf AND v.key = p.vector_key)""",
                    (state.library,),
                ),
                Statement("SELECT count(*) FROM topics.topic WHERE library = %s", (state.library,)),
            )
        without, topics = wrong[0][0][0], wrong[1][0][0]
        faults = [f"{without} passages lack their vector"] if without else []
        faults += [f"{topics} topics are there, {state.topics} are counted"] if topics != state.topics else []
        return "; ".join(faults)

    def damaged_indexes(self) -> tuple[str, ...]:
        """Return the words whose count is not that of their topics, as one kind of damage; they never leave step."""
        rows = self._server.all(
            """SELECT 1 FROM topics.word w WHERE w.library = %s
               AND w.topics <> (SELECT count(*) FROM topics.posting p WHERE p.word_id = w.id) LIMIT 1""",
            self.reader.number,
        )
        return ("words",) if rows else ()

    def left_over(self) -> Orphans:
        """Return what writers that were cut off have left."""
        row = self._server.one(
            """SELECT count(*) FROM topics.vector v WHERE v.library = %s
               AND NOT EXISTS (SELECT 1 FROM topics.passage p WHERE p.shelf = v.shelf AND p.vector_key = v.key)""",
            self.reader.number,
        )
        return Orphans((), int(row[0]) if row else 0)


def _named(libraries: Sequence[str]) -> str:
    """Return in words which libraries there are.

    >>> _named(["team", "wiki"]), _named([])
    ('there are: team, wiki', 'there is none yet')
    """
    named = ", ".join(libraries[:MAX_NAMED]) + (", …" if len(libraries) > MAX_NAMED else "")
    return f"there are: {named}" if named else "there is none yet"
