"""Notes: the library from Python: open, add, sync, ask, search, related, topics"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from assistant.answering import DEFAULT_LIMIT
from assistant.discovery import LIMIT as RELATED_LIMIT
from assistant.service import AskRequest, Service, TopicRef, WholeTopic
from assistant.settings import open_library
from index.errors import LibraryError, QuestionError
from index.records import ALL_NOTES, SLOT_NAMED, Slot
from index.retrieval import parse_filters

if TYPE_CHECKING:
    from assistant.answer import Answer, Related, TopicResult
    from assistant.operations import Status
    from index.indexing import SyncReport
    from index.library import Library


class Notes:
    """A library of notes: what is added to it is read by `sync`, and asked from any number of threads.

    What cannot be done raises a `TopicsError`, whose text says what is wrong and what to do.
    """

    def __init__(self, folder: str | Path | None = None, *, model: str | None = None) -> None:
        """Open the library in a folder, or make one there; without a folder, the one that the `topics` command uses.

        Raises:
            LibraryError: the folder cannot be used.

        """
        library, service = open_library(Path(folder) if folder else None, model), Service()
        service.use(library)
        self._folder = library.folder
        self._opened: tuple[Library, Service] | None = library, service

    def __repr__(self) -> str:
        return f"Notes({str(self.folder)!r})"

    def __enter__(self) -> Notes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the library's files; nothing can be asked any more."""
        if self._opened:
            self._opened[0].close()
            self._opened = None

    @property
    def folder(self) -> Path:
        """Where the library lies."""
        return self._folder

    @property
    def _library(self) -> Library:
        return self._open()[0]

    @property
    def _service(self) -> Service:
        return self._open()[1]

    def _open(self) -> tuple[Library, Service]:
        if self._opened is None:
            raise LibraryError(f"These notes are closed. Open them again with {self!r}.")
        return self._opened

    # notes in

    @property
    def sources(self) -> list[str]:
        """The folders and files that are read; `builtin` stands for the bundled topics, which a new library has."""
        return self._library.sources()

    def add(self, path: str | Path, *, include: Iterable[str] = (), exclude: Iterable[str] = ()) -> str:
        """Remember a folder or file of notes, and return its name here; the next `sync` reads it.

        Of a folder, only files that match a pattern of `include` are read, if there are any, and none that match one
        of `exclude`, both as in .gitignore.

        Raises:
            SourceError: nothing readable is there.

        """
        return self._library.add(path, include=include, exclude=exclude)

    def remove(self, path: str | Path) -> str:
        """Forget a folder or file and all that came from it; the files themselves stay as they are.

        Raises:
            SourceError: it is not a source of this library.

        """
        return self._library.remove(path)

    def sync(self) -> SyncReport:
        """Read what is new, changed or gone, and say what that was; only new text is embedded.

        Raises:
            LibraryError: the library cannot be changed.

        """
        return self._library.sync()

    def status(self) -> Status:
        """Return what the library holds, which files could not be read and why, and what changed since the sync."""
        return self._service.status()

    # answers out

    def ask(
        self,
        question: str,
        *,
        limit: int = DEFAULT_LIMIT,
        subject: str | None = None,
        slot: str | None = None,
        filter: str = "",
        as_typed: bool = False,
        after: str = "",
    ) -> Answer:
        """Return what the notes say to a question, as the page and the command do; nothing of it is kept.

        At most `limit` topics are found, of one subject and slot ("what", "how" or "example") if given, and of the
        notes that a filter leaves, as in `folder:work tag:urgent`. A question that leans on the one `after` which it
        comes is read with that one.

        Raises:
            QuestionError: the question is empty or too long, or names what is not there, or no topic is wanted.

        """
        notes = parse_filters(filter, date.today()) if filter else ALL_NOTES
        request = AskRequest(
            question, _at_least(1, limit, "limit"), subject, _slot(slot), as_typed=as_typed, notes=notes, after=after
        )
        return self._service.answer(request)

    def search(
        self,
        query: str,
        *,
        limit: int = DEFAULT_LIMIT,
        start: int = 0,
        subject: str | None = None,
        slot: str | None = None,
        filter: str = "",
    ) -> tuple[TopicResult, ...]:
        """Return the topics that match, best first, from the one at `start` on; nothing is said of an answer.

        Raises:
            QuestionError: the query is empty or too long, or names what is not there.

        """
        notes = parse_filters(filter, date.today()) if filter else ALL_NOTES
        request = AskRequest(query, _at_least(1, limit, "limit"), subject, _slot(slot), notes=notes)
        return self._service.search(request, _at_least(0, start, "start")).results

    # looked through

    @property
    def subjects(self) -> dict[str, int]:
        """Every subject with the number of its topics, the largest first."""
        return self._service.contents().subjects

    def topics(self, subject: str | None = None) -> tuple[TopicRef, ...]:
        """Return all topics by subject, or those of one.

        Raises:
            QuestionError: there is no such subject.

        """
        return self._service.contents_page(subject, limit=max(len(self._service.contents().topics), 1), start=0).topics

    def topic(self, id: str) -> WholeTopic:
        """Return a topic as a whole, by its id or a place as `notes.md:12`.

        Raises:
            UnknownTopicError: there is none.

        """
        return self._service.topic(id)

    def related(self, id: str, *, limit: int = RELATED_LIMIT) -> tuple[Related, ...]:
        """Return the topics that belong beside one, given by its id or a place as `notes.md:12`, each with why.

        Raises:
            UnknownTopicError: there is none.

        """
        return self._service.related(id, _at_least(1, limit, "limit")).related


def ask(question: str, *, folder: str | Path | None = None) -> Answer:
    """Return what the notes say to one question; without a folder, those that the `topics` command uses.

    For more than one question, open `Notes`: the model is loaded once then.

    Raises:
        QuestionError: the question is empty or too long.

    """
    with Notes(folder) as notes:
        return notes.ask(question)


def _slot(name: str | None) -> Slot | None:
    if name is None:
        return None
    if slot := SLOT_NAMED.get(name.lower()):
        return slot
    raise QuestionError(f"There is no slot {name!r}: it is what, how or example.")


def _at_least(least: int, count: int, name: str) -> int:
    if count < least:
        raise QuestionError(f"{name} is {count}: give {least} or more.")
    return count
