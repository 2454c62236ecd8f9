"""a library in a folder of this machine: a reader that all threads share, a writer behind a lock"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.catalog import Catalog
from index.errors import LibraryError
from index.records import Encoded, Vectors
from index.storage import (
    LOCK_SECONDS,
    Neighbours,
    Orphans,
    TopicFacts,
    one_at_a_time,
    read_own,
    remove,
    write_whole,
    writing,
)

if TYPE_CHECKING:  # FAISS and tantivy take longer to load than the record of the notes to be read
    from index.engine.local.lexical import LexicalIndex
    from index.engine.local.snapshot import Snapshot

SETTLING_SECONDS: Final = 0.2
"""How long a change waits for readers before what it wrote ahead is left for the next one to clear away."""

LOOK_SECONDS: Final = 0.2
"""How often it is looked whether another process has changed the library, by whoever waits for that."""

FILES_LOCK: Final = "files.lock"
"""What is held while a file that belongs to no note is read, changed and written; a sync does not hold it up."""

WIPING_SECONDS: Final = 5.0
"""How long erasing waits for readers: an answer takes a fraction of a second."""


class LocalReader(Catalog):
    """The catalog, and its present revision in memory; a sync that has landed since, by any process, is seen."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the catalog in a folder, or make an empty one."""
        super().__init__(folder, create=create)
        self._folder = folder
        self._loading = threading.Lock()  # a revision is loaded once, however many threads ask for it
        self._snapshot: Snapshot | None = None
        self._lexical: LexicalIndex | None = None

    def expect(self, question: str, words: Iterable[str]) -> None:
        """Do nothing: what a question needs is a few microseconds away."""

    def facts_of(self, row_id: int, title: str, words: Iterable[str]) -> TopicFacts:
        """Return the views and links of a topic; what its title and words tell is a few microseconds away."""
        return TopicFacts(self.snapshot().views([row_id]), self.links_of(row_id))

    def neighbours(
        self, vector: Vectors, passages: int, words: Sequence[str], holders: int, others: Iterable[int]
    ) -> Neighbours:
        """Return the topics of so many `passages` nearest to a vector, so many `holders` of the words, and others."""
        snapshot, scores = self.snapshot(), self.lexical().best(words, holders)
        return Neighbours(snapshot.views([*scores, *others, *snapshot.around(vector, passages).tolist()]), scores)

    def present(self) -> tuple[Snapshot, LexicalIndex]:
        """Return the vectors and the words of the present revision."""
        return self.snapshot(), self.lexical()

    def snapshot(self) -> Snapshot:
        """Return the vectors of the present revision."""
        from index.engine.local.snapshot import Snapshot

        with self._loading:
            if self._snapshot is None or self._snapshot.revision != self.revision():
                with self.view():
                    self._snapshot = Snapshot.load(self, self._folder, self._snapshot)
            return self._snapshot

    def lexical(self) -> LexicalIndex:
        """Return the index of words, as near to the present revision as it has come."""
        from index.engine.local.lexical import LexicalIndex

        with self._loading:
            if self._lexical is None or self._lexical.revision != self.revision():
                self._lexical = LexicalIndex.open(self._folder, self)
            return self._lexical


class LocalWriter(Catalog):
    """A connection to the catalog for writing, and what keeps the folder in order; questions go on over another one."""

    def __init__(self, folder: Path) -> None:
        """Open the catalog in a folder."""
        super().__init__(folder)
        self._folder = folder

    def refresh(self, *, is_last: bool = True, thoroughly: bool = False) -> None:
        """Bring the derived indexes in step with the catalog; unless `is_last`, more may be left to replay."""
        from index.engine.local.maintenance import refresh_indexes

        refresh_indexes(self._folder, self, is_last=is_last, thoroughly=thoroughly)

    def repair(self) -> None:
        """Remove what was left over and make anew what is damaged; notes and vectors in use are not touched."""
        from index.engine.local.maintenance import repair

        repair(self._folder, self)

    def wipe(self) -> None:
        """See that nothing of what was deleted stands in any of the library's files.

        Raises:
            LibraryError: another process reads the library, which keeps what was from being overwritten.

        """
        self.refresh(thoroughly=True)
        self.vacuum()
        if not self.leave_nothing_beside(WIPING_SECONDS):
            raise LibraryError(
                f"What was deleted is found no more, but the files in {self._folder} still hold it: another process "
                "is reading them. Close the app and what else uses this library, then repeat."
            )


class LocalStorage:
    """The folder of one library."""

    def __init__(self, folder: Path, *, may_make: bool = True) -> None:
        """Open the library in a folder; where there is none, make an empty one if that `may` be.

        Raises:
            LibraryError: the folder cannot be used, its catalog is none, or there is no library in it.

        """
        self.folder = folder
        self.is_new = not Catalog.exists(folder)
        if self.is_new and not may_make:
            raise LibraryError(f"There is no library in {folder}. See that its name is right.")
        self.reader = LocalReader(folder, create=self.is_new)

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.folder)

    def close(self) -> None:
        """Close the library's files."""
        self.reader.close()

    def is_there(self) -> bool:
        """Return whether the library can still be opened: its folder may have been moved away."""
        return Catalog.exists(self.folder)

    def reading(self) -> AbstractContextManager[LocalReader]:
        """Give the reader that all threads share; a sync that lands while it is read gives it another snapshot."""
        return nullcontext(self.reader)

    def read_file(self, name: str) -> str | None:
        """Return a file of the folder that belongs to no note; None where it is not there or not sound."""
        try:
            return read_own(self.folder / name)
        except (OSError, ValueError):
            return None

    def write_file(self, name: str, content: str | None) -> None:
        """Keep a file of the folder that belongs to no note, in one step; None takes it away.

        Raises:
            OSError: the folder cannot be written.

        """
        if content is None:
            remove(self.folder, name)
        else:
            write_whole(self.folder / name, content)

    def change_file(self, name: str, change: Callable[[str | None], str]) -> None:
        """Keep what a change makes of a file of the folder, while no other process changes one.

        Raises:
            OSError: the folder cannot be written.

        """
        self.folder.stat()  # raises where it has gone, which the lock would make anew
        with one_at_a_time(self.folder / FILES_LOCK, LOCK_SECONDS):
            self.write_file(name, change(self.read_file(name)))

    def journal(self) -> None:
        """Return nothing: the journal is a file of the folder."""

    def news(self, seconds: float) -> bool:
        """Wait up to some seconds for a change that another process makes; say whether one has landed."""
        before, until = self.reader.revision(), time.monotonic() + seconds
        while self.reader.revision() == before and time.monotonic() < until:
            time.sleep(min(LOOK_SECONDS, seconds))
        return self.reader.revision() != before

    def server_state(self) -> None:
        """Return nothing: there is no server."""

    def worker(self, model: str, encode: Callable[[Sequence[str]], Encoded]) -> None:
        """Return nothing: no other machine reads these files."""

    @contextmanager
    def writing(self) -> Iterator[LocalWriter]:
        """Hold the writers' lock and give a connection for writing."""
        with writing(self.folder), closing(LocalWriter(self.folder)) as writer:
            writer.mark_private()
            yield writer
            if writer.has_changed:
                with suppress(LibraryError):  # the change itself is kept, and the next one clears away
                    writer.leave_nothing_beside(SETTLING_SECONDS)

    def at_rest(self) -> AbstractContextManager[None]:
        """Keep writers out while files are looked at: what one of them has half made is neither damaged nor left over.

        Raises:
            LibraryBusyError: another process is writing.

        """
        return writing(self.folder) if os.access(self.folder, os.W_OK) else nullcontext()

    def damage(self) -> str:
        """Return what SQLite finds wrong with the catalog; nothing where it is sound."""
        return self.reader.damage()

    def damaged_indexes(self) -> tuple[str, ...]:
        """Return which of the files made from the catalog are damaged, or out of step with it."""
        from index.engine.local.maintenance import damaged_indexes

        return tuple(damaged_indexes(self.folder, self.reader))

    def left_over(self) -> Orphans:
        """Return what writers that were cut off have left."""
        from index.engine.local.maintenance import left_over

        return left_over(self.folder, self.reader)
