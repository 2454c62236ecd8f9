"""answers and topics -> Markdown, CSV and flash cards, to take elsewhere"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final, NamedTuple

from assistant.answer import Answer, Evidence, more_of
from assistant.location import anchor_words
from index.catalog import StoredTopic
from index.markdown import to_html

_FRONT_BY_SLOT: Final = {"What": "What is it: {}", "How": "How is it done: {}", "Example": "An example: {}", "": "{}"}

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would compute: a note must not run there either."""

ANKI_HEADER: Final = "#separator:tab\n#html:true\n#columns:Question\tAnswer\tSource\tTags\n#tags column:4\n"
"""What Anki reads at the head of a text file (docs.ankiweb.net/importing/text-files.html)."""


class Row(NamedTuple):
    """One entry of a topic, and where it stands."""

    subject: str
    topic: str
    slot: str
    """Empty for an entry without one."""
    text: str
    path: str
    line: int
    """Where the entry begins; for the further entries of an answer, where its best one does."""
    anchor: str = ""
    """Where it begins in a document that is no note, in words: `page 3`."""

    @property
    def location(self) -> str:
        """Return where it begins, in words."""
        return f"{self.path}, {self.anchor}" if self.anchor else f"{self.path}:{self.line}"


def answer_rows(answer: Answer) -> list[Row]:
    """Return every entry of every topic of an answer, in their order."""
    return [
        Row(card.subject, card.topic, slot, text, card.path, card.line, anchor_words(card.anchor))
        for card in answer.hits
        for slot, text in card.entries.items()
    ]


def topic_rows(topics: Iterable[StoredTopic]) -> list[Row]:
    """Return every entry of topics."""
    return [
        Row(
            stored.topic.subject,
            stored.topic.title,
            entry.slot or "",
            entry.text,
            stored.path,
            entry.line,
            anchor_words(entry.location(0).anchor),
        )
        for stored in topics
        for entry in stored.topic.entries
    ]


def answer_markdown(answer: Answer) -> str:
    """Return a question, what answers it, and the topics found, as Markdown."""
    passages = [_quoted(part.answer, part.question) for part in answer.parts] or [_quoted(answer.answer)]
    others = [_quoted(other, answer.note) for other in answer.others]
    return "\n\n".join((f"# {_one_line(answer.question)}", *passages, *others, to_markdown(answer_rows(answer))))


def _quoted(evidence: Evidence | None, head: str = "") -> str:
    """Return a passage with its source as a quote in Markdown, below what it is said to."""
    text = (
        f"{evidence.text}{more_of(evidence)}\n\n— {evidence.topic}, `{evidence.location}`"
        if evidence
        else "Your notes don’t say."
    )
    lines = (f"**{_one_line(head)}**\n\n{text}" if head else text).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def to_markdown(rows: Sequence[Row]) -> str:
    """Return topics as Markdown that the library can read again: subjects, topics, slots."""
    parts: list[str] = []
    above = Row("", "", "", "", "", 0)
    for row in rows:
        if row.subject != above.subject:
            parts.append(f"# {_one_line(row.subject)}")
        if row[:2] != above[:2]:
            parts.append(f"## {_one_line(row.topic)}")
        parts.append(f"*{row.slot}:*\n\n{row.text}" if row.slot else row.text)
        above = row
    return "\n\n".join(parts) + "\n"


def to_csv(rows: Iterable[Row]) -> str:
    """Return entries as CSV with a header, as spreadsheets read it; nothing in it is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(Row._fields)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def to_flash_cards(rows: Iterable[Row]) -> str:
    """Return a flash card for each entry, as a text file that Anki imports; the subject becomes a tag."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    for row in rows:
        question = _FRONT_BY_SLOT[row.slot].format(_card_front(row))
        answer = to_html(row.text).strip()
        source = row.location
        writer.writerow([_first_field(question), answer, escape(source, quote=False), _tag(row.subject)])
    return ANKI_HEADER + out.getvalue()


def _card_front(row: Row) -> str:
    """Return what a card asks for: the topic, and its note, without which many say nothing ("Setup")."""
    topic, note = _one_line(row.topic), _one_line(row.subject)
    return topic if note.casefold() in {"", topic.casefold()} else f"{topic} ({note})"


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _first_field(text: str) -> str:
    """Return what begins a line as HTML: Anki takes a line that begins with `#` for a setting of the file."""
    html = escape(text, quote=False)
    return f"&#35;{html[1:]}" if html.startswith("#") else html


def _tag(subject: str) -> str:
    return re.sub(r"\s+", "-", subject.strip())


def _one_line(text: str) -> str:
    return " ".join(text.split())
