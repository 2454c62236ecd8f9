"""records of the service -> what a tool gives back: few fields, short texts, and never more than a model can read"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from assistant.answer import Answer, Evidence, Related, TopicResult
    from assistant.service import TopicRef, WholeTopic

MAX_TEXT: Final = 600
"""Characters of a result's text: enough to judge whether the topic is to be fetched."""
MAX_TEXT_BYTES: Final = 800
"""And bytes in UTF-8: a character of Chinese is three, and about a token."""
MAX_TITLE: Final = 200
MAX_RESULT: Final = 20_000
"""Characters of a whole result, as JSON: clients cut what is longer, where nobody knows."""
MAX_LINE: Final = 2_000
"""Characters of a line that is fetched: a longer one counts as several."""

Url: TypeAlias = Callable[[str], str]
"""Gives the address of a topic by its id."""
ToolResult: TypeAlias = dict[str, Any]


def shortened(text: str, characters: int = MAX_TEXT, size: int = MAX_TEXT_BYTES) -> str:
    """Return a text, or its beginning up to the end of a word.

    >>> shortened("one two three", 9), shortened("one two", 9)
    ('one two …', 'one two')
    """
    beginning = text[:characters].encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
    if len(beginning) >= len(text):
        return text
    whole_words, _, rest = beginning.rpartition(" ")
    return f"{whole_words if len(rest) < 40 and whole_words else beginning} …"


def hit(card: TopicResult, url: Url) -> ToolResult:
    """Return a topic that was found."""
    return {
        "id": card.id,
        "title": shortened(card.topic, MAX_TITLE),
        "url": url(card.id),
        "subject": shortened(card.subject, MAX_TITLE),
        "path": card.path,
        "line": card.line,
        "score": card.score,
        "slot": card.slot,
        "text": shortened(card.text),
    }


def answered(answer: Answer, url: Url) -> ToolResult:
    """Return an answer with its source, and the topics found."""
    passage = answer.answer
    result: ToolResult = {
        "answered": answer.answered,
        "confidence": answer.confidence,
        "answer": said(passage),
        "source": source(passage),
        "results": [hit(card, url) for card in answer.hits],
    }
    if answer.parts:
        result["parts"] = [
            {"question": part.question, "answer": said(part.answer), "source": source(part.answer)}
            for part in answer.parts
        ]
    return result


def said(passage: Evidence | None) -> str | None:
    """Return the text of a passage."""
    return shortened(passage.text, 2 * MAX_TEXT, 2 * MAX_TEXT_BYTES) if passage else None


def source(passage: Evidence | None) -> str | None:
    """Return where a passage stands, as it is cited."""
    return f"{passage.path}:{passage.line}" if passage else None


def beside(related: Related, url: Url) -> ToolResult:
    """Return a topic that belongs beside another."""
    return {
        "id": related.id,
        "title": shortened(related.topic, MAX_TITLE),
        "url": url(related.id),
        "subject": shortened(related.subject, MAX_TITLE),
        "path": related.path,
        "line": related.line,
        "score": related.score,
        "why": list(related.why),
    }


def listed(topic: TopicRef) -> ToolResult:
    """Return a topic of the table of contents."""
    return {"id": topic.id, "title": shortened(topic.topic, MAX_TITLE), "source": f"{topic.path}:{topic.line}"}


def part_of_topic(topic: WholeTopic, url: Url, from_line: int, max_lines: int) -> ToolResult:
    """Return some lines of a topic's text, and where the next ones begin."""
    lines = _wrapped_lines(topic.markdown)
    taken, size = list[str](), 0
    for line in lines[from_line - 1 : from_line - 1 + max_lines]:
        size += len(json.dumps(line, ensure_ascii=False)) + 1
        if taken and size > MAX_RESULT - 2 * MAX_LINE:
            break
        taken.append(line)
    following = from_line + len(taken)
    return {
        "id": topic.id,
        "title": shortened(topic.topic, MAX_TITLE),
        "text": "\n".join(taken),
        "url": url(topic.id),
        "metadata": {
            "subject": shortened(topic.subject, MAX_TITLE),
            "path": topic.path,
            "line": topic.line,
            "parents": [shortened(parent, MAX_TITLE) for parent in topic.parents],
            "next_line": following if taken and following <= len(lines) else None,
        },
    }


def beyond_the_end(topic: WholeTopic, from_line: int) -> str:
    """Return what to do where a topic has no line from which its text was asked for; nothing where it has."""
    count = len(_wrapped_lines(topic.markdown))
    if from_line <= count:
        return ""
    return f"The topic ends at line {count} of its text: call again with `from_line` 1 to {count}, or go on without it."


def _wrapped_lines(markdown: str) -> list[str]:
    return [
        line[start : start + MAX_LINE]
        for line in markdown.rstrip("\n").split("\n")
        for start in range(0, max(len(line), 1), MAX_LINE)
    ]


def within_budget(
    results: Sequence[ToolResult], start: int, following: int | None
) -> tuple[list[ToolResult], int | None]:
    """Return as many results as a model can read, and where the next ones begin."""
    size, taken = 0, list[ToolResult]()
    for result in results:
        size += len(as_json(result)) + 1
        if taken and size > MAX_RESULT - 2 * MAX_LINE:
            return taken, start + len(taken)
        taken.append(result)
    return taken, following


def as_json(result: object) -> str:
    """Return plain values as JSON without a blank: what a model reads."""
    return json.dumps(result, ensure_ascii=False, separators=(",", ":"))


def sound(value: object) -> Any:  # noqa: ANN401 (whatever JSON holds)
    r"""Return plain values whose texts can be sent: half a surrogate pair, as in a file name that is no UTF-8, cannot.

    >>> sound({"path": "caf\udce9.md"})
    {'path': 'caf���.md'}
    """
    match value:
        case str():
            return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if not value.isascii() else value
        case dict():
            return {sound(name): sound(inner) for name, inner in value.items()}
        case list() | tuple():
            return [sound(inner) for inner in value]
        case _:
            return value
