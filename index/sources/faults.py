"""what went wrong with one file -> the reason that a person is told"""

from __future__ import annotations

from typing import Final

from index.text import storable

LONGEST_MESSAGE: Final = 200
"""Characters of an error's own words: what is longer holds the file's text."""


def reason_of(error: Exception) -> str:
    """Return in a line why a file is not read, for an error of the system, of its content, or of this program.

    >>> reason_of(PermissionError(13, "Permission denied"))
    'cannot be read (Permission denied)'
    >>> reason_of(RecursionError("maximum recursion depth exceeded"))
    'nested too deeply'
    """
    match error:
        case OSError():
            return f"cannot be read ({error.strerror or error})"
        case RecursionError():
            return "nested too deeply"
        case MemoryError():
            return "takes more memory than there is"
    message = " ".join(storable(str(error)).split())[:LONGEST_MESSAGE]
    return f"something in it is not understood, which is a fault of Topic Assistant ({type(error).__name__}: {message})"
