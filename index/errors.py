"""what can go wrong with notes, in one small tree

TopicsError                 every error that a person can mend; its text says what, where and what to do
├── QuestionError           the question itself cannot be asked, or what it names is not there
├── SourceError             a path that is not there or cannot be a source
├── SettingError            a setting that is none
├── MissingExtraError       an optional library that is not installed
├── ModelError              the embedding model is missing, damaged or does not fit
└── LibraryError            the library cannot be opened or written
    ├── LibraryBusyError    another process is writing to it
    └── LibraryModelError   it was made with another model than the one asked for
"""

from __future__ import annotations

from typing import Final

DAMAGED_ROW: Final = (
    "somebody has changed it, or its disk is failing. Move the library's folder away, then `topics add` your folders "
    "again: it is made anew from your notes, which are untouched."
)
"""What to do where the catalog holds what no sync writes."""


class TopicsError(Exception):
    """Anything a person can mend: the message is shown to them as it is."""


class QuestionError(TopicsError):
    """The question cannot be asked as it stands, or the subject, slot or topic it names is not there."""


class SourceError(TopicsError):
    """A path cannot be added, or is not one of the library's sources."""


class SettingError(TopicsError):
    """A setting has a value that means nothing."""


class MissingExtraError(TopicsError):
    """What is asked for needs a library that is not installed; the message names the extra that brings it."""


class ModelError(TopicsError):
    """The embedding model cannot be used."""


class LibraryError(TopicsError):
    """The library cannot be opened or written."""


class LibraryBusyError(LibraryError):
    """Another process is writing to the library."""


class LibraryModelError(LibraryError):
    """The library's vectors come from another model than the one asked for."""
