"""which questions the default model does not read, and which model would"""

from __future__ import annotations

from typing import Final

from assistant.answer import Answer
from index.embedding import DEFAULT_MODEL
from index.library import Library
from index.text import language_of

MANY_LANGUAGES: Final = "intfloat/multilingual-e5-small"
"""A small model of about a hundred languages; what it reaches is told in docs/models.md."""


def unread_language(library: Library, answer: Answer) -> str:
    """Return what is said to a question without an answer in a language that the library's model does not read."""
    language = language_of(answer.question) if library.encoder.name == DEFAULT_MODEL and not answer.answered else ""
    if not language:
        return ""
    name = MANY_LANGUAGES.rpartition("/")[2]
    return (
        f"{DEFAULT_MODEL} reads English; of a question in {language}, only the words count. A model of many languages "
        f"reads it: `topics model fetch {MANY_LANGUAGES}`, then `topics model use {name}`."
    )
