"""what was asked, marked and left unanswered?"""

from assistant.feedback.gaps import Gap, find_gaps
from assistant.feedback.journal import AskedQuestion, Feedback, Journal, where_kept
from assistant.feedback.marks import erase, journal_of, mark, marked, take_back

__all__ = [
    "AskedQuestion",
    "Feedback",
    "Gap",
    "Journal",
    "erase",
    "find_gaps",
    "journal_of",
    "mark",
    "marked",
    "take_back",
    "where_kept",
]
