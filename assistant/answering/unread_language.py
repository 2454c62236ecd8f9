"""which questions are in a language that the default model does not read, and which model reads it?"""

from __future__ import annotations

from typing import Final

from index.embedding import DEFAULT_MODEL
from index.text import language_of

MANY_LANGUAGES: Final = "intfloat/multilingual-e5-small"
"""A small model of about a hundred languages; docs/models.md has its figures."""


def unread_language(question: str, model: str) -> str:
    """Return the remark on an unanswered question in a language that the model does not read; else an empty string."""
    language = language_of(question) if model == DEFAULT_MODEL else ""
    if not language:
        return ""
    name = MANY_LANGUAGES.rpartition("/")[2]
    return (
        f"{DEFAULT_MODEL} reads English; of a question in {language}, only the words count. A model of many languages "
        f"reads it: `topics model fetch {MANY_LANGUAGES}`, then `topics model use {name}`."
    )
