"""which titles and past questions complete a half-typed text?"""

from __future__ import annotations

import threading
from typing import Final

from assistant.discovery import MAX_QUESTIONS, Contents, Suggestion, Typeahead, title_suggestions
from assistant.feedback import Journal
from assistant.service.revisions import OfRevision
from index.library import Library

PAST_QUESTIONS: Final = 1_000
"""Past questions that are searched for completions, newest first."""


class Suggestions:
    """The suggestions of one library; thread-safe."""

    def __init__(self, contents: OfRevision[Contents]) -> None:
        """Take the table of contents whose titles are suggested."""
        self._titles = OfRevision(lambda library: title_suggestions(contents.get(library).topics))
        self._lock = threading.Lock()
        self._past: tuple[tuple[int, int], Typeahead] | None = None

    def find(self, library: Library, journal: Journal, typed: str) -> list[Suggestion]:
        """Return titles and then past questions that complete a half-typed text."""
        return self.titles(library).find(typed) + self._past_questions(journal).find(typed, MAX_QUESTIONS)

    def titles(self, library: Library) -> Typeahead:
        """Return an index of the titles of the present revision by what is typed of them."""
        return self._titles.get(library)

    def _past_questions(self, journal: Journal) -> Typeahead:
        with self._lock:
            edition = journal.edition
            if self._past is None or self._past[0] != edition:
                questions = (Suggestion(question.question) for question in journal.recent(PAST_QUESTIONS))
                self._past = edition, Typeahead(questions)
            return self._past[1]
