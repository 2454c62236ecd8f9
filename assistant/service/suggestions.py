"""what may be meant by what is typed so far: titles of the present revision, and past questions"""

from __future__ import annotations

import threading
from typing import Final

from assistant.discovery import MAX_QUESTIONS, Contents, Suggestion, Typeahead, title_suggestions
from assistant.feedback import Journal
from assistant.service.revisions import OfRevision
from index.library import Library

PAST_QUESTIONS: Final = 1_000
"""Past questions that are offered again to whoever begins to type one."""


class Suggestions:
    """The suggestions of one library; any number of threads may ask for them."""

    def __init__(self, contents: OfRevision[Contents]) -> None:
        """Begin with none; titles are those of a table of contents."""
        self._titles = OfRevision(lambda library: title_suggestions(contents.get(library).topics))
        self._lock = threading.Lock()
        self._past: tuple[tuple[int, int], Typeahead] | None = None

    def find(self, library: Library, journal: Journal, typed: str) -> list[Suggestion]:
        """Return the titles and then the past questions that a half-typed text may mean."""
        return self.titles(library).find(typed) + self._past_questions(journal).find(typed, MAX_QUESTIONS)

    def titles(self, library: Library) -> Typeahead:
        """Return the titles of the present revision, ready to be found by what is typed of them."""
        return self._titles.get(library)

    def _past_questions(self, journal: Journal) -> Typeahead:
        with self._lock:
            edition = journal.edition
            if self._past is None or self._past[0] != edition:
                questions = (Suggestion(question.question) for question in journal.recent(PAST_QUESTIONS))
                self._past = edition, Typeahead(questions)
            return self._past[1]
