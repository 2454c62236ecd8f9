"""Service: what every door offers of one library: answers, contents, map, feedback, jobs"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.answer import Answer
from assistant.discovery import Contents, Suggestion, contents
from assistant.feedback import Feedback, Gap, Journal, erase, find_gaps, journal_of, mark, take_back
from assistant.operations import FirstStart, JobRunner, Status, draft_folders, library_status, write_draft
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
"""How long a server is listened to before it is looked whether to go on."""

RETRY_SECONDS: Final = 10.0
"""How long after it could not be opened a library is tried again."""


class Service:
    """One library for any number of doors and threads; it is opened, read and warmed when it is first needed."""

    def __init__(self) -> None:
        """Start with nothing: the settings say which library it is, unless `use` does."""
        self._lock = threading.Lock()
        self._leave = threading.Event()  # the library that is followed, for another one or for good
        self.jobs = JobRunner(self.open_another)
        self.landed = 0
        """How many changes that other machines have made landed while they were followed."""
        self.writer: Writer | None = None
        """What puts answers in words; none unless a person named a model server."""
        self.use(None)

    def use(self, library: Library | None) -> None:
        """Serve this library from now on; None is the one that the settings mean.

        What a thread still does for the library before stays with that one.
        """
        self._opened = OpenedLibrary(library, self.jobs)
        self._answers = Answers()
        self._contents = OfRevision(contents)
        self._map = OfRevision(_topic_map)
        self._left_out = OfRevision(_left_out)
        self._suggestions = Suggestions(self._contents)
        self._journal: Journal | None = None

    # opened and followed

    @property
    def is_ready(self) -> bool:
        """Say whether questions can be asked without waiting for the library to be opened."""
        return self._opened.is_ready

    @property
    def problem(self) -> str:
        """Why the library could not be made ready; empty where it could, or nobody has tried."""
        return self._opened.problem

    @property
    def first_start(self) -> FirstStart | None:
        """The first start of the library while it lasts."""
        return self._opened.first_start

    @property
    def revision(self) -> int:
        """Which revision of the library can be asked."""
        return self.library().snapshot().revision

    def library(self) -> Library:
        """Return the library, ready to be asked.

        Raises:
            TopicsError: it cannot be opened or read, or its model cannot be loaded.

        """
        return self._opened.ready()

    def waiting(self) -> FirstStart | None:
        """Return the first start where nothing can be asked yet, and see that it goes on; None where all is ready.

        Raises:
            TopicsError: the library cannot be opened.

        """
        return self._opened.waiting()

    def open_another(self) -> Library:
        """Return a library of its own on the same folder, with the same model: to be closed by whoever uses it.

        Raises:
            LibraryError: its folder has gone since; another one is not begun in its place.

        """
        return self._opened.another()

    def open_in_background(self) -> None:
        """Make the library ready in a thread of its own, unless one does."""
        self._opened.open_in_background()

    def join(self, seconds: float) -> None:
        """Wait until the library has been made ready in the background, if it is being; so many seconds at most."""
        self._opened.join(seconds)

    def switch(self, library: Library) -> None:
        """Serve another library from now on, once the changes to the one before have ended, and follow its edits."""
        self.jobs.join()
        self.use(library)
        self._leave.set()

    def forget_answers(self) -> None:
        """Answer every question anew, after what decides on answers was changed."""
        self._answers = Answers()

    def start(self, stop: threading.Event) -> None:
        """Make ready in the background, so that the first visitor does not wait; then follow what is edited."""
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
            except Exception as error:  # a door shows what is wrong, and whoever mends it is followed from then on
                self.jobs.fail(error)
                stop.wait(RETRY_SECONDS)

    def _warm(self, library: Library) -> None:
        self._suggestions.titles(library)
        library.note_index()

    def _follow(self, library: Library) -> None:
        """Follow the files, or on a server what lands there: its files are another machine's to read."""
        if not library.is_on_server:
            self.jobs.follow(self._leave)
            return
        self.jobs.recover()
        while not self._leave.is_set():
            if library.storage.news(NEWS_SECONDS):
                self._warm(library)
                self.landed += 1

    # asked

    def answer(self, request: AskRequest) -> Answer:
        """Return what the notes say to a question, within its filters.

        Raises:
            TopicsError: the question cannot be asked.

        """
        return self._answers.answer(self.library(), request)

    def write(self, request: AskRequest, cancelled: threading.Event) -> Iterator[InWords]:
        """Yield the answer to a question in words, anew with every sentence that was checked; nothing is kept of it.

        Raises:
            TopicsError: the question cannot be asked, or no model server was named.

        """
        if self.writer is None:
            raise SettingError("No model server was named. Start the app with --llm URL --llm-model NAME.")
        yield from self.writer.write(self.library(), self.answer(request), cancelled)

    def prefetch(self, request: AskRequest) -> None:
        """Have the answer to a question that is still being typed, where that keeps nobody waiting."""
        if request.question and self.is_ready:
            self._answers.prefetch(self.library(), request)

    def suggestions(self, typed: str) -> list[Suggestion]:
        """Return the titles and then the past questions that a half-typed text may mean; none before all is ready."""
        is_typed = self.is_ready and bool(typed.strip())
        return self._suggestions.find(self.library(), self.journal(), typed) if is_typed else []

    def search(self, request: AskRequest, start: int = 0) -> SearchPage:
        """Return the topics that match a question, from the one at `start` on; nothing is said of an answer.

        Raises:
            TopicsError: the question cannot be asked.

        """
        return search_page(self.library(), request, start)

    # looked through

    def topic(self, id: str) -> WholeTopic:
        """Return the topic of an id, or in which a place as `notes.md:12` stands, as a whole.

        Raises:
            UnknownTopicError: there is none.

        """
        contents = self.contents()
        return whole_topic(self.library(), contents, topic_at(contents, id))

    def related(self, id: str, limit: int) -> RelatedPage:
        """Return up to `limit` topics that belong beside the one of an id, or at a place.

        Raises:
            UnknownTopicError: there is none.

        """
        return related_page(self.library(), topic_at(self.contents(), id), limit)

    def contents_page(self, subject: str | None, limit: int, start: int) -> ContentsPage:
        """Return the topics of a subject, or else of all, from the one at `start` on.

        Raises:
            QuestionError: there is no such subject.

        """
        return contents_page(self.contents(), subject, limit, start)

    def left_out(self) -> dict[str, int]:
        """Return why files were left out, or read only in part, and how many for each reason, most first."""
        return self._left_out.get(self.library())

    def status(self) -> Status:
        """Return what the library holds, compared with its files as they are now."""
        return library_status(self.library())

    def sync(self, seconds: float) -> JobRunner:
        """Have what changed read, unless a change is being made, and wait for up to some seconds until it is."""
        self.library()
        if not self.jobs.is_busy:
            self.jobs.start(lambda library, progress: library.sync(progress))
        self.jobs.join(seconds)
        return self.jobs

    def contents(self) -> Contents:
        """Return the table of contents of the present revision."""
        return self._contents.get(self.library())

    def topic_map(self) -> TopicMap:
        """Return the map of the present revision."""
        return self._map.get(self.library())

    def place_on_map(self, question: str) -> tuple[float, float] | None:
        """Return where a question lies on the map; None where it has no place there."""
        from assistant.discovery import place

        if not question:
            return None
        try:
            return place(self.library(), self.topic_map(), question)
        except QuestionError:  # it was of a subject that is gone since, and whoever asked it was told so
            return None

    # kept and learned

    def journal(self) -> Journal:
        """Return the journal of the library."""
        library = self.library()
        with self._lock:
            self._journal = self._journal or journal_of(library)
            return self._journal

    def mark(self, question: str, topic_id: str, feedback: Feedback) -> None:
        """Keep that a topic was useful for a question, which finds it from now on, or that it was not."""
        mark(self.library(), self.journal(), question, topic_id, feedback)

    def take_back(self, question: str, topic_id: str) -> None:
        """Undo how a topic was marked for a question."""
        take_back(self.library(), self.journal(), question, topic_id)

    def erase(self) -> None:
        """Erase everything that was asked, marked, saved and learned."""
        erase(self.library(), self.journal())

    def dismiss(self, gap: Gap) -> None:
        """Keep that the questions of a gap need no answer."""
        self.journal().dismiss(gap.questions)

    def write_draft(self, gap: Gap, folder: Path) -> Path:
        """Write what a gap lacks as a note to fill in, into a folder of a source; return its file.

        Raises:
            SourceError: the folder is none of a source, or nothing can be written there.

        """
        return write_draft(self.library(), folder, gap.title, gap.stub)

    def draft_folders(self) -> list[Path]:
        """Return the folders that a draft may be written into."""
        return draft_folders(self.library())

    def gaps(self) -> list[Gap]:
        """Return what the notes leave unanswered at present."""
        return find_gaps(self.library(), self.journal())


def _left_out(library: Library) -> dict[str, int]:
    return dict(Counter(document.reason for document in library.documents() if document.reason).most_common())


def _topic_map(library: Library) -> TopicMap:
    from assistant.discovery import topic_map  # it brings scikit-learn, a second to import: asking needs none of it

    return topic_map(library)


service: Final = Service()
"""The one that all doors of this process stand on."""
