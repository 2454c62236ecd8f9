"""the five tools: what each is for, what it is called with, and what it gives

All read, none writes, and nothing that is asked is kept in the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from assistant.mcp.arguments import (
    AskArguments,
    ContentsArguments,
    FetchArguments,
    RelatedArguments,
    SearchArguments,
    input_schema,
)
from assistant.mcp.notices import known_subject, notice
from assistant.mcp.results import (
    ToolResult,
    Url,
    answered,
    beside,
    beyond_the_end,
    hit,
    listed,
    part_of_topic,
    within_budget,
)
from index.records import SLOT_NAMED, NoteFilter

if TYPE_CHECKING:
    from assistant.service import Service

CONTENTS_PAGE: Final = 20
"""Topics on a page of the contents."""
MAX_SUBJECTS: Final = 40
"""Subjects that are named, the largest first."""


@dataclass(frozen=True)
class Tool:
    """A tool as a client is told of it, and what it does."""

    name: str
    title: str
    description: str
    arguments: type
    call: Callable[[Service, Any, Url], ToolResult]

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """What checks its arguments."""
        return TypeAdapter(self.arguments)

    @cached_property
    def input_schema(self) -> dict[str, Any]:
        """What it is called with, as JSON Schema."""
        return input_schema(self.adapter)


def ask(service: Service, arguments: AskArguments, url: Url) -> ToolResult:
    """Return what the notes say to a question."""
    from assistant.service import AskRequest

    subject, remarks = known_subject(service, arguments.subject)
    answer = service.answer(
        AskRequest(arguments.question, arguments.limit, subject, notes=_note_filter(arguments.filter))
    )
    result = answered(answer, url)
    if not answer.answered and answer.kind == "passage":
        remarks.append("The notes do not answer this. Say so; what is in results is only near it.")
    return notice(service, result, [*remarks, answer.note], is_open=not answer.answered)


def _note_filter(typed: str | None) -> NoteFilter:
    """Return which notes a filter means, as people type it."""
    from index.retrieval import parse_filters

    return parse_filters(typed or "", date.today())


def search(service: Service, arguments: SearchArguments, url: Url) -> ToolResult:
    """Return the topics that match a question."""
    from assistant.service import AskRequest

    subject, remarks = known_subject(service, arguments.subject)
    slot = SLOT_NAMED[arguments.slot] if arguments.slot else None
    request = AskRequest(arguments.query, arguments.limit, subject, slot, notes=_note_filter(arguments.filter))
    page = service.search(request, arguments.start)
    results, following = within_budget([hit(card, url) for card in page.results], page.start, page.next)
    return notice(service, {"results": results, "next": following}, remarks, is_open=not results)


def fetch(service: Service, arguments: FetchArguments, url: Url) -> ToolResult:
    """Return a topic as it is written, a part at a time."""
    topic = service.topic(arguments.id)
    part = part_of_topic(topic, url, arguments.from_line, arguments.max_lines)
    return notice(service, part, [beyond_the_end(topic, arguments.from_line)])


def related(service: Service, arguments: RelatedArguments, url: Url) -> ToolResult:
    """Return the topics that belong beside one."""
    page = service.related(arguments.id, arguments.limit)
    return {"results": [beside(topic, url) for topic in page.related]}


def contents(service: Service, arguments: ContentsArguments, url: Url) -> ToolResult:
    """Return the subjects of the library, and topics, a page of them."""
    subject, remarks = known_subject(service, arguments.subject)
    page = service.contents_page(subject, CONTENTS_PAGE, arguments.start)
    left_out = service.left_out()
    topics, following = within_budget([listed(topic) for topic in page.topics], page.start, page.next)
    result: ToolResult = {
        "subjects": dict(list(page.subjects.items())[:MAX_SUBJECTS]),
        "topics": topics,
        "next": following,
        "skipped": sum(left_out.values()),
    }
    return notice(service, result, remarks, is_open=bool(left_out))


TOOLS: Final = (
    Tool(
        "ask",
        "Ask the notes",
        "Ask the user's own notes a question; use this first whenever the user may have written it down. Gives the "
        "passage that answers, word for word with its source, how sure that is, and the nearest topics. `answered` "
        "false: the notes do not say.",
        AskArguments,
        ask,
    ),
    Tool(
        "search",
        "Search the notes",
        "Find topics by keywords or a question when several are wanted or `ask` did not suffice. `slot` narrows to "
        "definitions (what), instructions (how) or examples. Pass `next` as `start` for more.",
        SearchArguments,
        search,
    ),
    Tool(
        "fetch",
        "Read a topic",
        "Read a whole topic as Markdown, by the id of a result or by path:line, when its text was cut (…) or exact "
        "wording matters.",
        FetchArguments,
        fetch,
    ),
    Tool(
        "related",
        "Related topics",
        "List topics that belong beside one, with what they share. Use after `ask` to widen an answer.",
        RelatedArguments,
        related,
    ),
    Tool(
        "contents",
        "Table of contents",
        "List the subjects with their sizes and the topics page by page: what the notes are about, not what they say.",
        ContentsArguments,
        contents,
    ),
)
