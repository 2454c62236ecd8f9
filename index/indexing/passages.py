"""topic -> passages that fit the model

Lengths are the model's own tokens, the heading path included. An entry that fits is one passage; a longer entry is
packed from whole sentences, code blocks and tables, each passage repeating the last sentences of the previous passage.
A passage that begins within a large table is embedded with the head of the table in front.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from index.indexing.boilerplate import without_shared
from index.markdown import PlainText, visible, visible_text
from index.records import Passage, PassageKind, Span, Topic

LONGEST_HEADING: Final = 1 / 2
"""The share of a passage that the heading path may take; a longer path is a passage of its own."""

LONGEST_HEAD: Final = 1 / 3
"""The share of a passage that the head of a table may take, below the heading path; rows of a wider table are embedded
without it, as people look for rows."""

LONGEST_FIELD: Final = 200
"""Characters of a front matter field that is embedded. A longer field is found by its words alone, and so is a field
for programs, such as `ms.topic`."""

_NAME_IN_FILE_NAME: Final = re.compile(r"(?<![\w-])[^\W\d_]{3,}(?![\w-])")
"""A word of a file name that may be a name, and is no part of a code."""

TokenSpans: TypeAlias = Callable[[str], Sequence[Span]]
"""Returns the spans of a text's tokens, in order."""


def topic_passages(
    topic: Topic, max_tokens: int, token_spans: TokenSpans, shared: frozenset[str] = frozenset()
) -> list[Passage]:
    """Return what is embedded of a topic, each at most `max_tokens` long.

    That is the text that a person sees, without markup and without the boilerplate paragraphs whose keys are `shared`;
    spans refer to the entry as it is written. First come the entries in order, each whole or split; then the whole
    topic, if it has several entries and fits; then each way to ask for it; then its front matter.
    """
    heading = f"{topic.heading_path} > "
    heading_length = len(token_spans(heading))
    long_heading = heading_length > max_tokens * LONGEST_HEADING
    prefix, room = ("", max_tokens) if long_heading else (heading, max_tokens - heading_length)

    seen = [without_shared(visible(entry.text), shared) for entry in topic.entries]
    passages = [
        Passage("entry", prefix + head + entry.text[start:end], position, *entry.source_span(start, end))
        for position, entry in enumerate(seen)
        for head, (start, end) in _split_below_heads(entry, room, token_spans)
    ]
    whole = "\n".join(entry.text for entry in seen)
    if len(topic.entries) > 1 and len(token_spans(whole)) <= room:
        passages.append(Passage("topic", prefix + whole))
    if long_heading:
        passages += _split_passages(topic.heading_path, "topic", max_tokens, token_spans)
    for phrase in topic.asked_as:
        passages += _split_passages(visible_text(phrase), "asked", max_tokens, token_spans)
    if told := _news(topic):
        passages += _split_passages(f"{prefix}{told}", "asked", max_tokens, token_spans)
    return passages


def _split_below_heads(entry: PlainText, max_tokens: int, token_spans: TokenSpans) -> Iterator[tuple[str, Span]]:
    """Yield spans of an entry, each with the head of the table in whose rows it begins; none if every table fits.

    Head and span together have at most `max_tokens`.
    """
    heads = _repeated_heads(entry, max_tokens, token_spans)
    room = max_tokens - max(map(len, map(token_spans, heads.values())), default=0)
    for start, end in split_spans(entry.text, room, token_spans, entry.blocks):
        body = next((body for body in heads if body[0] <= start < body[1]), None)
        yield (heads[body] if body else ""), (start, end)


def _repeated_heads(entry: PlainText, max_tokens: int, token_spans: TokenSpans) -> dict[Span, str]:
    """Return the heads of an entry's tables by the spans of their rows; empty if every table fits a passage."""
    tables = entry.tables if len(entry.text) > max_tokens else ()  # a token has at least a character
    texts = (table.head + entry.text[slice(*table.body)] for table in tables)
    if not any(len(token_spans(text)) > max_tokens for text in texts):
        return {}
    longest = max_tokens * LONGEST_HEAD
    return {table.body: table.head for table in tables if len(token_spans(table.head)) <= longest}


def _news(topic: Topic) -> str:
    """Return what the front matter says in words that stand nowhere else in the topic."""
    if not topic.fields:
        return ""
    stated = "\n".join((topic.heading_path, *(entry.text for entry in topic.entries))).casefold()
    fields = [(name, value) for name, value in topic.fields if len(value) <= LONGEST_FIELD and "." not in name]
    news = [
        (name, value)
        for name, value in fields
        if any(word not in stated for word in _NAME_IN_FILE_NAME.findall(value.casefold()))
    ]
    return "; ".join(f"{name}: {value}" for name, value in news)


def split_spans(text: str, max_tokens: int, token_spans: TokenSpans, blocks: Sequence[Span] = ()) -> list[Span]:
    """Return spans of at most `max_tokens` that cover the text in order, overlapping where it had to be split.

    `blocks`, the spans of code and tables, are kept whole where they fit.
    """
    tokens = token_spans(text)
    if len(tokens) <= max_tokens or len(text) == 1:
        return [(0, len(text))]
    # imported here because langchain takes half a second, which notes whose entries all fit never need
    from index.indexing.chunks import cut_chunks

    spans: list[Span] = []
    end = 0
    chunks = cut_chunks(text, max_tokens, tokens, blocks)
    if chunks == [text]:  # the spans of the tokenizer do not match the text
        chunks = [text[: len(text) // 2], text[len(text) // 2 :]]
    for chunk in chunks:
        # chunks are consecutive slices of the text, so each begins at or before the end of the previous one
        start = text.rindex(chunk, 0, end + len(chunk))
        end = start + len(chunk)
        # by itself, a slice may have more tokens than it had in the text: a few letters of a long word
        spans += [(start + first, start + last) for first, last in split_spans(chunk, max_tokens, token_spans)]
    return spans


def _split_passages(text: str, kind: PassageKind, max_tokens: int, token_spans: TokenSpans) -> Iterator[Passage]:
    for start, end in split_spans(text, max_tokens, token_spans):
        yield Passage(kind, text[start:end])
