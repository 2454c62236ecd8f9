"""what a mark does: the question finds its topic again, and a wrong mark is taken back"""

from __future__ import annotations

from assistant.feedback.journal import Feedback, Journal, Mark
from index.library import Library
from index.text import title_key


def mark(library: Library, journal: Journal, question: str, topic_id: str, feedback: Feedback) -> None:
    """Keep what a person says of a topic, given by its id, as the answer to a question.

    A useful topic is found by the question from now on, also in other words; a wrong one no longer is, where it was.
    """
    if feedback is Feedback.USEFUL:
        library.learn(question, topic_id)
    else:
        library.unlearn(question, topic_id)
    journal.mark(question, topic_id, feedback)


def take_back(library: Library, journal: Journal, question: str, topic_id: str) -> None:
    """Undo how a topic was marked for a question, as if it never had been."""
    library.unlearn(question, topic_id)
    journal.undo(question, topic_id)


def erase(library: Library, journal: Journal, question: str | None = None) -> None:
    """Erase everything that was asked, marked, saved and learned, or all about one question, from every file.

    Raises:
        LibraryError: it is in no list any more, but a process that reads the library prevents it from being
            overwritten.

    """
    library.unlearn(question)
    journal.erase(question)
    library.wipe()


def marked(library: Library, journal: Journal, question: str | None = None) -> list[Mark]:
    """Return every mark, or those for one question: what was learned first, which counts where the journal is gone."""
    learned = [Mark(question, topic_id, Feedback.USEFUL) for question, topic_id in library.learned()]
    wrong = [mark for mark in journal.marks() if mark.feedback is Feedback.WRONG]
    return [mark for mark in learned + wrong if question is None or title_key(mark.question) == title_key(question)]


def journal_of(library: Library) -> Journal:
    """Return the journal of a library: on a server it is one for all, and off until they turn it on."""
    return Journal(library.storage.journal() or library.folder, is_on_at_first=not library.is_on_server)
