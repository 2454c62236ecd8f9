"""the one library that all sessions of the app share"""

from __future__ import annotations

import gc
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeAlias

from assistant.answer import Answer
from assistant.answering import ask
from assistant.discovery import Contents, contents
from assistant.feedback import Gap, Journal, erase, find_gaps, mark, take_back
from assistant.operations import FirstStart, JobRunner
from assistant.place import Place
from assistant.settings import open_library
from index.catalog import Catalog
from index.errors import LibraryError, QuestionError, TopicsError
from index.library import Library

if TYPE_CHECKING:
    from assistant.discovery import TopicMap

Edition: TypeAlias = tuple[int, int]
"""What an answer depends on beside its question: the revisions of notes and of words."""

LIMIT: Final = 6
"""Topics on a page: what is further down is hardly ever the answer."""

REMEMBERED: Final = 256
"""Answers kept for Back and Forward, and for what else is pressed beside them."""

LOOK_SECONDS: Final = 0.05
"""How often it is seen whether the first notes can be asked."""

RETRY_SECONDS: Final = 10.0
"""How long after it could not be opened a library is tried again."""

TYPED: Final = 16
"""Answers kept of questions that nobody has asked yet: one for each person who is typing."""


class Answers(OrderedDict[tuple[Edition, Place], Answer]):
    """The latest answers, as many as are worth their memory."""

    def __init__(self, most: int) -> None:
        """Begin with none."""
        super().__init__()
        self._most = most

    def keep(self, key: tuple[Edition, Place], answer: Answer) -> Answer:
        """Keep an answer in place of the oldest, and return it."""
        self[key] = answer
        while len(self) > self._most:
            self.popitem(last=False)
        return answer


class Engine:
    """A library that is opened, indexed and warmed when it is first needed."""

    def __init__(self) -> None:
        """Start with nothing: the settings say which library it is, unless `use` does."""
        self._lock = threading.Lock()
        self._preparing = threading.Lock()
        self._map_lock = threading.Lock()
        self._asking = threading.Lock()
        self.keeper = JobRunner(self.open_another)
        self.use(None)

    def use(self, library: Library | None) -> None:
        """Show this library from now on; None is the one that the settings mean."""
        with self._lock:
            self._library = library
            self._is_ready = False
            self._first: FirstStart | None = None
            self._opener: threading.Thread | None = None
            self.problem = ""
            """Why the library could not be made ready; empty where it could, or nobody has tried."""
            self._journal: Journal | None = None
            self._map: TopicMap | None = None
            self._contents: tuple[int, Contents] | None = None
            self._answers = Answers(REMEMBERED)
            self._ahead = Answers(TYPED)

    @property
    def is_ready(self) -> bool:
        """Say whether questions can be asked without waiting for the library to be opened."""
        return self._is_ready

    def library(self) -> Library:
        """Return the library, ready to be asked.

        Raises:
            TopicsError: it cannot be opened or indexed, or its model cannot be loaded.

        """
        library = self._opened()
        if not self._is_ready:
            with self._preparing:  # once, however many wait for it
                if not self._is_ready:
                    self._prepare(library)
                    self._is_ready = self._library is library
        return library

    def _opened(self) -> Library:
        """Return the library as it is, whether or not it can be asked."""
        with self._lock:
            self._library = self._library or open_library()
            return self._library

    @property
    def first(self) -> FirstStart | None:
        """The first start of the library while it lasts."""
        if self._first and self._is_ready and not self.keeper.is_busy:
            self._first = None
        return self._first

    def waiting(self) -> FirstStart | None:
        """Return the first start where nothing can be asked yet, and see that it goes on; None where all is ready.

        A library that was read before is opened in a moment, which is waited for.

        Raises:
            TopicsError: the library cannot be opened.

        """
        library = self._opened()
        if self._is_ready or not library.is_unread:
            return None
        with self._lock:
            self._first = self._first or FirstStart(library)
            if not (self._opener and self._opener.is_alive()):
                self._opener = threading.Thread(target=self._open, daemon=True)
                self._opener.start()
            return self._first

    def _open(self) -> None:
        with suppress(TopicsError):  # it is kept, and shown by the page
            self.library()

    @property
    def revision(self) -> int:
        """Which revision of the library can be asked."""
        return self.library().snapshot().revision

    def journal(self) -> Journal:
        """Return the journal of the library."""
        library = self.library()
        if self._journal is None or self._journal.path.parent != library.folder:
            self._journal = Journal(library.folder)
        return self._journal

    def mark(self, question: str, topic_id: str, *, useful: bool) -> None:
        """Keep that a topic was useful for a question, which finds it from now on, or that it was not."""
        mark(self.library(), self.journal(), question, topic_id, useful=useful)

    def take_back(self, question: str, topic_id: str) -> None:
        """Undo how a topic was marked for a question."""
        take_back(self.library(), self.journal(), question, topic_id)

    def erase(self) -> None:
        """Erase everything that was asked, marked, saved and learned."""
        erase(self.library(), self.journal())

    def gaps(self) -> list[Gap]:
        """Return what the notes leave unanswered at present."""
        return find_gaps(self.library(), self.journal())

    def contents(self) -> Contents:
        """Return the table of contents of the present revision."""
        library = self.library()
        revision = library.snapshot().revision
        if self._contents is None or self._contents[0] != revision:
            self._contents = revision, contents(library)
        return self._contents[1]

    def topic_map(self) -> TopicMap:
        """Return the map of the present revision."""
        from assistant.discovery import topic_map  # it brings scikit-learn, a second to import: asking needs none of it

        library = self.library()
        with self._map_lock:  # laid out once, however many look at it
            if self._map is None or self._map.revision != library.snapshot().revision:
                self._map = topic_map(library)
            return self._map

    def place_on_map(self, question: str) -> tuple[float, float] | None:
        """Return where a question lies on the map; None where it has no place there."""
        from assistant.discovery import place

        if not question:
            return None
        try:
            return place(self.library(), self.topic_map(), question)
        except QuestionError:  # it was of a subject that is gone since, and whoever asked it was told so
            return None

    def answer(self, place: Place) -> Answer:
        """Return what the notes say to the question of a place, within its filters.

        Raises:
            TopicsError: the question cannot be asked.

        """
        key = self._edition(), place.closed
        if found := self._answers.get(key):
            return found
        with self._asking:  # two who ask the same at once are told the same, and others would only take turns
            return self._answers.get(key) or self._answers.keep(key, self._ahead.get(key) or self._ask(place.closed))

    def think_ahead(self, place: Place) -> None:
        """Have the answer to a question that is still being typed, unless somebody is waiting for another one."""
        if not place.question or not self._is_ready or not self._asking.acquire(blocking=False):
            return
        try:
            with suppress(TopicsError):  # whoever asks it is told what is wrong
                key = self._edition(), place.closed
                if key not in self._answers and key not in self._ahead:
                    self._ahead.keep(key, self._ask(place.closed))
        finally:
            self._asking.release()

    def _edition(self) -> Edition:
        library = self.library()
        return library.snapshot().revision, library.lexical().revision

    def _ask(self, place: Place) -> Answer:
        library, subject = self.library(), place.subject or None
        return ask(library, place.question, limit=LIMIT, subject=subject, slot=place.slot, as_typed=place.as_typed)

    def open_another(self) -> Library:
        """Return a library of its own on the same folder, with the same model: to be closed by whoever uses it.

        Raises:
            LibraryError: its folder has gone since; another one is not begun in its place.

        """
        library = self._opened()
        if not Catalog.exists(library.folder):
            raise LibraryError(
                f"There is no library at {library.folder} any more. Put it back, or start the app again."
            )
        return Library(library.folder, library.encoder, limits=library.limits)

    def start(self, stop: threading.Event) -> None:
        """Make ready in the background, so that the first visitor does not wait; then follow what is edited."""
        threading.Thread(target=self._run, args=(stop,), daemon=True).start()

    def _run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self.library()
                self.contents()
                self.keeper.follow(stop)
            except Exception as error:  # the page shows what is wrong, and whoever mends it is followed from then on
                self.keeper.fail(error)
                stop.wait(RETRY_SECONDS)

    def _prepare(self, library: Library) -> None:
        try:
            if library.is_unread:
                self._read_for_the_first_time(library)
            library.snapshot()
            if not library.is_unread:
                library.encoder.encode_queries(["warm up"])
        except TopicsError as error:
            self.problem = str(error)
            raise
        self.problem = ""
        # Streamlit collects garbage after every rerun, which would walk the whole model: what is loaded now stays
        gc.collect()
        gc.freeze()

    def _read_for_the_first_time(self, library: Library) -> None:
        """Read the notes of a new library, as a change that the pages show; wait until the first can be asked."""
        with self._lock:
            self._first = self._first or FirstStart(library)
        self.keeper.start(lambda own, progress: own.sync(progress))
        while self.keeper.is_busy and library.is_unread:
            time.sleep(LOOK_SECONDS)
        if library.is_unread and self.keeper.last and self.keeper.last.error:
            raise LibraryError(self.keeper.last.error)


engine = Engine()
