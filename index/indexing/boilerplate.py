"""notes -> the paragraphs that most of them share: shown, but not embedded

A footer, a licence or a row of links that stands in every note makes all of them look alike. Paragraphs are compared by
the text that a person sees. A shared paragraph below a shared heading is no topic. A sync that reads only a few edited
notes may miss a paragraph that has become common; the next full reading recognises it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from index.markdown import PlainText, visible_text
from index.records import Document, Topic
from index.text import is_jsonl

SHARE: Final = 1 / 5
"""A paragraph in at least this share of a source's notes is boilerplate: a word in every fifth note has a tenth of the
weight of a word in one note of ten thousand, and a paragraph is many words."""

FEWEST: Final = 8
"""Notes that must share a paragraph: in fewer, it may be repeated because it matters."""

_PARAGRAPH: Final = re.compile(r"\S.*?(?=\n\s*\n|\Z)", re.DOTALL)


def shared_paragraphs(documents: Iterable[Document], count: int) -> frozenset[str]:
    """Return the keys of the paragraphs that too many documents share.

    `count` is the number of documents of the whole source, so that a few edited ones are not taken for all of it. Each
    line of a .jsonl file counts as a document.
    """
    return _shared([note for document in documents for note in _keys_by_note(document)], count)


def shared_headings(documents: Iterable[Document], count: int) -> frozenset[str]:
    """Return the keys of the headings that too many documents share, as `shared_paragraphs` does."""
    notes = (document.topics for document in documents if not is_jsonl(document.path))
    return _shared([set(map(_heading_key, topics)) for topics in notes], count)


def _shared(notes: Sequence[set[str]], count: int) -> frozenset[str]:
    seen = Counter(key for note in notes for key in note)
    enough = max(FEWEST, SHARE * max(count, len(notes)))
    return frozenset(key for key, times in seen.items() if times >= enough)


def without_shared(text: PlainText, shared: frozenset[str]) -> PlainText:
    """Return a text without its shared paragraphs, or unchanged if it has no others."""
    if not shared:
        return text
    paragraphs = list(_PARAGRAPH.finditer(text.text))
    ends = [*(paragraph.start() for paragraph in paragraphs), len(text.text)][1:]  # none where there is no paragraph
    remaining = [
        (paragraph.start(), end)
        for paragraph, end in zip(paragraphs, ends, strict=True)
        if _key(paragraph[0]) not in shared
    ]
    return text.only(remaining) if 0 < len(remaining) < len(paragraphs) else text


def without_boilerplate(document: Document, shared: frozenset[str]) -> Document:
    """Return a document without the topics whose heading and paragraphs are all shared by most notes.

    A document with no other topics stays as it is, and so does a .jsonl file, each line of which is a note.
    """
    if not shared or is_jsonl(document.path):
        return document
    own = tuple(topic for topic in document.topics if not _is_boilerplate(topic, shared))
    return replace(document, topics=own) if own else document


def _is_boilerplate(topic: Topic, shared: frozenset[str]) -> bool:
    return _heading_key(topic) in shared and _paragraph_keys(topic) <= shared


def _paragraph_keys(topic: Topic) -> set[str]:
    return {_key(match[0]) for entry in topic.entries for match in _PARAGRAPH.finditer(visible_text(entry.text))}


def _heading_key(topic: Topic) -> str:
    return _key(f"# {topic.title}")


def _keys_by_note(document: Document) -> Iterator[set[str]]:
    """Yield the keys of the paragraphs of each note in a document."""
    topics = [_paragraph_keys(topic) for topic in document.topics]
    yield from topics if is_jsonl(document.path) else [set().union(*topics)]


def _key(paragraph: str) -> str:
    words = " ".join(paragraph.casefold().split())
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=8).hexdigest()
