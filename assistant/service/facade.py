"""what does every door offer of one library? Service: answers, contents, map, feedback, jobs"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.answer import Answer
from assistant.discovery import Contents, Suggestion, contents
from assistant.feedback import Feedback, Gap, Journal, erase, find_gaps, journal_of, mark, take_back
from assistant.operations import FirstStart, JobRunner, Status, draft_folders, draft_of, library_status, write_draft
from assistant.service.answers import Answers, AskRequest
from assistant.service.opened import OpenedLibrary
from assistant.service.reading import (
    ContentsPage,
    RelatedPage,
    SearchPage,
    WholeTopic,
    contents_page,
    related_page,
    search_page,
    topic_at,
    whole_topic,
)
from assistant.service.revisions import OfRevision
from assistant.service.suggestions import Suggestions
from index.errors import QuestionError, SettingError
from index.library import Library

if TYPE_CHECKING:
    from assistant.answering import InWords, Writer
    from assistant.discovery import TopicMap

NEWS_SECONDS: Final = 1.0
"""Seconds of waiting for news of a server before looking whether to stop."""

RETRY_SECONDS: Final = 10.0
"""Seconds until a library that could not be opened is tried again."""


class Service:
    """One library for any number of doors and threads; it is opened, read and warmed when it is first needed."""

    def __init__(self) -> None:
        """Begin without a library; the settings name it, unless `use` does."""
        self._lock = threading.Lock()
        self._leave = threading.Event()  # set to stop following the library, for another or for good
        self.jobs = JobRunner(self.open_another)
        self.landed = 0
        """The number of changes by other machines that were noticed."""
        self.writer: Writer | None = None
        """Writes answers in words; None unless a model server was named."""
        self.use(None)

    def use(self, library: Library | None) -> None:
        """Serve this library from now on, or that of the settings for None.

        Threads that still use the previous library go on with that.
        """
        self._opened = OpenedLibrary(library, self.jobs)
        self._answers = Answers()
        self._contents = OfRevision(contents)
        self._map = OfRevision(_topic_map)
        self._left_out = OfRevision(_left_out)
        self._suggestions = Suggestions(self._contents)
        self._journal: Journal | None = None

    # opening and following

    @property
    def is_ready(self) -> bool:
        """Return whether the library is open, so that a question need not wait for it."""
        return self._opened.is_ready

    @property
    def problem(self) -> str:
        """Why the library could not be opened; empty if it could, or was not tried."""
        return self._opened.problem

    @property
    def first_start(self) -> FirstStart | None:
        """The first start of the library while it goes on; None otherwise."""
        return self._opened.first_start

    @property
    def revision(self) -> int:
        """The revision of the library that answers."""
        return self.library().snapshot().revision

    def library(self) -> Library:
        """Return the opened library with its model loaded.

        Raises:
            TopicsError: it cannot be opened or read, or its model cannot be loaded.

        """
        return self._opened.ready()

    def waiting(self) -> FirstStart | None:
        """Return the first start, begun if need be, if nothing can be asked yet; None if the library is ready.

        Raises:
            TopicsError: the library cannot be opened.

        """
        return self._opened.waiting()

    def open_another(self) -> Library:
        """Return a second library on the same folder, sharing the model; the caller closes it.

        Raises:
            LibraryError: the folder was deleted; no new library is made in its place.

        """
        return self._opened.another()

    def open_in_background(self) -> threading.Thread:
        """Open the library in a background thread, unless one does; return the thread."""
        return self._opened.open_in_background()

    def join(self, seconds: float) -> None:
        """Wait up to `seconds` for the background thread that opens the library, if there is one."""
        self._opened.join(seconds)

    def switch(self, library: Library) -> None:
        """Serve another library once the jobs of the present one have ended, and follow its edits."""
        self.jobs.join()
        self.use(library)
        self._leave.set()

    def forget_answers(self) -> None:
        """Clear the cache of answers, after a setting that answers depend on was changed."""
        self._answers = Answers()

    def start(self, stop: threading.Event) -> None:
        """Open the library in the background, before the first visitor comes; then follow edits until `stop`."""
        threading.Thread(target=self._run, args=(stop,), daemon=True).start()
        threading.Thread(target=self._leave_at, args=(stop,), daemon=True).start()

    def _leave_at(self, stop: threading.Event) -> None:
        stop.wait()
        self._leave.set()

    def _run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._leave.clear()
            try:
                library = self.library()
                self._warm(library)
                self._follow(library)
            except Exception as error:  # doors show the problem; once it is solved, edits are followed
                self.jobs.fail(error)
                stop.wait(RETRY_SECONDS)

    def _warm(self, library: Library) -> None:
        self._suggestions.titles(library)
        library.note_index()

    def _follow(self, library: Library) -> None:
        """Follow edits of the files, or for a library on a server its revisions: other machines read the files."""
        if not library.is_on_server:
            self.jobs.follow(self._leave)
            return
        self.jobs.recover()
        while not self._leave.is_set():
            if library.storage.news(NEWS_SECONDS):
                self._warm(library)
                self.landed += 1

    # answers

    def answer(self, request: AskRequest) -> Answer:
        """Return what the notes say to a question, within its filters.

        Raises:
            TopicsError: the question cannot be asked.

        """
        return self._answers.answer(self.library(), request)

    def write(self, request: AskRequest, cancelled: threading.Event) -> Iterator[InWords]:
        """Yield the growing answer in words after each checked sentence; it is not stored.

        Raises:
            TopicsError: the question cannot be asked, or no model server was named.

        """
        if self.writer is None:
            raise SettingError("No model server was named. Start the app with --llm URL --llm-model NAME.")
        yield from self.writer.write(self.library(), self.answer(request), cancelled)

    def prefetch(self, request: AskRequest) -> None:
        """Cache the answer to a question that is still being typed, if no other question has to wait for it."""
        if request.question and self.is_ready:
            self._answers.prefetch(self.library(), request)

    def suggestions(self, typed: str) -> list[Suggestion]:
        """Return titles and then past questions that complete a half-typed text; empty until the library is open."""
        is_typed = self.is_ready and bool(typed.strip())
        return self._suggestions.find(self.library(), self.journal(), typed) if is_typed else []

    def search(self, request: AskRequest, start: int = 0) -> SearchPage:
        """Return the topics that match a question, from position `start` on, without an answer.

        Raises:
            TopicsError: the question cannot be asked.

        """
        return search_page(self.library(), request, start)

    # contents

    def topic(self, id: str) -> WholeTopic:
        """Return the whole topic with an id, or at a place such as `notes.md:12`.

        Raises:
            UnknownTopicError: no topic has the id or place.

        """
        contents = self.contents()
        return whole_topic(self.library(), contents, topic_at(contents, id))

    def related(self, id: str, limit: int) -> RelatedPage:
        """Return up to `limit` topics that are related to the one with an id, or at a place.

        Raises:
            UnknownTopicError: no topic has the id or place.

        """
        return related_page(self.library(), topic_at(self.contents(), id), limit)

    def contents_page(self, subject: str | None, limit: int, start: int) -> ContentsPage:
        """Return the topics of a subject, or of all, from position `start` on.

        Raises:
            QuestionError: no topic has the subject.

        """
        return contents_page(self.contents(), subject, limit, start)

    def left_out(self) -> dict[str, int]:
        """Return the reasons why files were skipped or read in part, with the number of files, largest first."""
        return self._left_out.get(self.library())

    def status(self) -> Status:
        """Return what the library holds, compared with its files as they are now."""
        return library_status(self.library())

    def sync(self, seconds: float) -> JobRunner:
        """Start a sync unless a job runs, and wait up to `seconds` for its end."""
        self.library()
        if not self.jobs.is_busy:
            self.jobs.start(lambda library, *told: library.sync(*told))
        self.jobs.join(seconds)
        return self.jobs

    def contents(self) -> Contents:
        """Return the table of contents of the present revision."""
        return self._contents.get(self.library())

    def topic_map(self) -> TopicMap:
        """Return the map of the present revision."""
        return self._map.get(self.library())

    def place_on_map(self, question: str) -> tuple[float, float] | None:
        """Return the coordinates of a question on the map; None if it has none."""
        from assistant.discovery import place

        if not question:
            return None
        try:
            return place(self.library(), self.topic_map(), question)
        except QuestionError:  # its subject was deleted since, which the answer said
            return None

    # journal and feedback

    def journal(self) -> Journal:
        """Return the journal of the library."""
        library = self.library()
        with self._lock:
            self._journal = self._journal or journal_of(library)
            return self._journal

    def mark(self, question: str, topic_id: str, feedback: Feedback) -> None:
        """Record feedback on a topic for a question; a useful topic is found by it from now on."""
        mark(self.library(), self.journal(), question, topic_id, feedback)

    def take_back(self, question: str, topic_id: str) -> None:
        """Withdraw the feedback on a topic for a question."""
        take_back(self.library(), self.journal(), question, topic_id)

    def erase(self) -> None:
        """Erase all questions, feedback, saved questions and what was learned from them."""
        erase(self.library(), self.journal())

    def dismiss(self, gap: Gap) -> None:
        """Record that the questions of a gap need no answer."""
        self.journal().dismiss(gap.questions)

    def write_draft(self, gap: Gap, folder: Path) -> Path:
        """Write a draft of the note that a gap lacks into a folder of a source; return the file, or the one there is.

        Raises:
            SourceError: the folder is in no source, or cannot be written to.

        """
        return self.draft_of(gap) or write_draft(self.library(), folder, gap.title, gap.stub)

    def draft_of(self, gap: Gap) -> Path | None:
        """Return the draft that was written for a gap and still waits to be filled in; None without one."""
        return draft_of(self.draft_folders(), gap.title, gap.ways)

    def draft_folders(self) -> list[Path]:
        """Return the folders in which a draft may be written."""
        return draft_folders(self.library())

    def gaps(self) -> list[Gap]:
        """Return the gaps: questions that the notes do not answer at present."""
        return find_gaps(self.library(), self.journal())


def _left_out(library: Library) -> dict[str, int]:
    return dict(Counter(document.reason for document in library.documents() if document.reason).most_common())


def _topic_map(library: Library) -> TopicMap:
    from assistant.discovery import topic_map  # imported here: scikit-learn takes a second, and answers do not need it

    return topic_map(library)


service: Final = Service()
"""The service that all doors of this process share."""
