"""which formats are read: a line for each; a new one is a module with a function `read`, and its line here"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import PurePath
from typing import Final, NamedTuple

NOTES: Final = frozenset({".md", ".markdown", ".mdx", ".qmd", ".txt"})
"""Suffixes of notes, which may begin with front matter."""
LINES: Final = frozenset({".jsonl"})
"""Suffixes of files that have a topic on each line."""

NEEDS_EXTRA: Final = "needs `pip install 'topic-assistant[documents]'`, which brings what reads "
"""The beginning of the reason why a document was skipped whose library is not installed."""


class Format(NamedTuple):
    """A kind of document that is no note."""

    name: str
    """What a person calls it."""
    kind: str
    """What `kind:` in a question calls it."""
    suffixes: tuple[str, ...]
    module: str
    """In `index/formats/documents/`: its `read` takes the bytes and the limits, and gives an `Extract`."""
    libraries: tuple[str, ...] = ()
    """What must be installed, as it is imported."""
    is_text: bool = False
    """Whether the file is text itself, and no larger than a note."""


FORMATS: Final = (
    Format("PDF", "pdf", (".pdf",), "pdf", ("pypdfium2",)),
    Format("Word", "document", (".docx",), "docx", ("mammoth", "selectolax")),
    Format("slides", "slides", (".pptx",), "pptx", ("pptx",)),
    Format("web pages", "web", (".html", ".htm", ".xhtml"), "html", ("selectolax",)),
    Format("books", "book", (".epub",), "epub", ("selectolax", "defusedxml")),
    Format("notes of Evernote", "export", (".enex",), "enex", ("selectolax", "defusedxml")),
    Format("notebooks", "notebook", (".ipynb",), "ipynb"),
    Format("Org", "note", (".org",), "org", ("orgparse",), is_text=True),
    Format("reStructuredText", "note", (".rst",), "rst", ("docutils",), is_text=True),
    Format("AsciiDoc", "note", (".adoc", ".asciidoc"), "asciidoc", is_text=True),
    Format("mail", "mail", (".eml", ".mbox"), "mail", ("selectolax",)),
    Format("subtitles", "subtitles", (".vtt", ".srt"), "subtitles", ("webvtt",), is_text=True),
    Format("tables", "table", (".csv", ".tsv"), "csv", is_text=True),
    Format("canvases", "canvas", (".canvas",), "canvas", is_text=True),
)

_BY_SUFFIX: Final = {suffix: kind for kind in FORMATS for suffix in kind.suffixes}

SUFFIXES: Final = NOTES | LINES | _BY_SUFFIX.keys()
"""What the names of files end with that are read."""

KIND_OF: Final[Mapping[str, str]] = {
    **dict.fromkeys((suffix.removeprefix(".") for suffix in NOTES), "note"),
    **dict.fromkeys((suffix.removeprefix(".") for suffix in LINES), "table"),
    **{suffix.removeprefix("."): each.kind for suffix, each in _BY_SUFFIX.items()},
}
"""The kind of a document by its suffix without the dot; both kind and suffix may follow `kind:` in a question."""


def format_of(path: str | PurePath) -> Format | None:
    """Return the format of a document by its name; None for a note, and for what is not read.

    >>> format_of("Manual.PDF").name, format_of("note.md")
    ('PDF', None)
    """
    return _BY_SUFFIX.get(PurePath(path).suffix.lower())


def needs_extra(path: str | PurePath) -> str:
    """Return the reason why a document is skipped whose library is not installed; empty where it is."""
    kind = format_of(path)
    return f"{NEEDS_EXTRA}{kind.name}" if kind and not all(map(_is_installed, kind.libraries)) else ""


@cache
def _is_installed(library: str) -> bool:
    return find_spec(library) is not None


def kinds_read() -> str:
    """Return the suffixes of all files that are read, in words."""
    return ", ".join(sorted(SUFFIXES))
