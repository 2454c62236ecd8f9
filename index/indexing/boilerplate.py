"""notes -> the paragraphs that most of them share: shown, but not embedded

A footer, a licence or a row of links that stands in every note makes all of them look alike. It is known by its text as
a person sees it. Below a heading that they share, too, it is no topic. One that was never seen often is found when the
notes are next read as a whole.
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
"""The share of a source's notes from which on a paragraph of theirs tells nothing about each: a word in every fifth
note has a tenth of the weight of one in a single note of ten thousand, and a paragraph is many words."""

FEWEST: Final = 8
"""In fewer notes a paragraph may well be said again because it matters."""

_PARAGRAPH: Final = re.compile(r"\S.*?(?=\n\s*\n|\Z)", re.DOTALL)


def shared_paragraphs(documents: Iterable[Document], count: int) -> frozenset[str]:
    """Return the keys of the paragraphs that too many documents share.

    `count` is how many documents their source has, those that are not given included: a few that were just edited say
    little about all. Each line of a .jsonl is a document of its own.
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
    """Return a text without the paragraphs of these keys; one that holds nothing else stays as it is."""
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
    """Return a document without the topics of which nothing is its own: most notes share the heading and all below it.

    One that holds nothing else stays as it is, and so do the lines of a .jsonl, which are notes of their own.
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
