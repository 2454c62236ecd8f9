"""a topic <-> the columns in which it is stored, several of them as JSON"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from index.errors import DAMAGED_ROW, LibraryError
from index.records import Anchor, Entry, Location, Topic


def read_topic(  # a column each
    topic_id: str, subject: str, title: str, line: int, parents: str, asked_as: str, entries: str, properties: str
) -> Topic:
    """Return a topic from its stored columns.

    Raises:
        LibraryError: a column has a value that no sync writes.

    """
    try:
        made = tuple(map(_entry, json.loads(entries)))
        topic = Topic(subject, title, made, line, tuple(json.loads(parents)), tuple(json.loads(asked_as)), topic_id)
        return replace(topic, **read_properties(properties)) if properties != "{}" else topic
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise LibraryError(f"The topic {title!r} is damaged in the library ({error}): {DAMAGED_ROW}") from error


def _entry(record: dict[str, Any]) -> Entry:
    if locations := record.get("locations"):
        record["locations"] = tuple(Location(start, line, read_anchor(anchor)) for start, line, anchor in locations)
    return Entry(**record)


def read_anchor(pairs: Iterable[tuple[str, str | int]]) -> Anchor:
    """Return an anchor from its stored form, in which tuples are lists."""
    return tuple((kind, value) for kind, value in pairs)


def read_properties(written: str) -> dict[str, Any]:
    """Return the further properties of a topic from their stored form, in which tuples are lists."""
    properties = json.loads(written)
    fields = tuple((name, value) for name, value in properties.get("fields", ()))
    lists = {name: tuple(properties.get(name, ())) for name in ("tags", "aliases", "days")}
    return {"fields": fields, "anchor": read_anchor(properties.get("anchor", ())), **lists}


def topic_row(topic: Topic) -> tuple[object, ...]:
    """Return the columns in which a topic is stored, without its id."""
    properties: dict[str, object] = {"aliases": topic.aliases, "tags": topic.tags, "fields": topic.fields}
    properties |= {"anchor": topic.anchor, "days": topic.days}
    entries = [_entry_row(entry) for entry in topic.entries]
    values = (topic.parents, topic.asked_as, entries, {name: value for name, value in properties.items() if value})
    return (topic.subject, topic.title, topic.line, *(json.dumps(value, ensure_ascii=False) for value in values))


def _entry_row(entry: Entry) -> dict[str, object]:
    row: dict[str, object] = {"slot": entry.slot, "text": entry.text, "line": entry.line}
    return row | {"locations": entry.locations} if entry.locations else row
