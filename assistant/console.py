"""what the command prints: answers and lists (home of rich)"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assistant.amounts import counted
from assistant.answer import Answer, Evidence, Related, TopicResult, confidence_words, more_of, read_as_words
from assistant.discovery import Named, disambiguated, headings_above
from assistant.location import location
from assistant.terminal import out, print_lines, print_table, say
from index.catalog import StoredTopic
from index.markdown import CODE, HTML_TAG, TABLE_PADDING, visible_text

if TYPE_CHECKING:
    from assistant.answering import InWords
    from assistant.discovery import Duplicates, Point, TopicMap

SHOWN_TOPICS: Final = 4
"""Topics named of each area of the map."""

SHOWN_LINES: Final = 20
"""Lines that are printed of a longer entry: the passage that answers stands above it whole."""

_LAYOUT: Final = re.compile(
    rf"""
      (?P<code>{CODE})
    | (?:\A|(?<=\n\n)) [ \t]* (?:{HTML_TAG}[ \t]*)+ (?:\n\s*|\Z)
    | (?<=\n) [ \t]* (?:{HTML_TAG}[ \t]*)+ (?:\n|\Z)
    | (?<=\|[ \t]) (?:[ \t]*{HTML_TAG})+ [ \t]* | (?:[ \t]*{HTML_TAG})+ (?=[ \t]*\|)
    | (?P<between>(?<=\S)(?:{HTML_TAG})+(?=\w))
    | {HTML_TAG}
    | {TABLE_PADDING}
    | (?<=\n\n) (?:[^\S\n]*\n)+
    """,
    re.VERBOSE,
)
"""What stands in Markdown for its looks in a browser; a tag between two words stands for a space."""


def print_answer(answer: Answer, *, is_whole: bool = False) -> None:
    """Print an answer for people: the sentence first, then the topics, then what is related.

    Of the entry that answers, the first lines are printed, or the whole of it.
    """
    if answer.filter and answer.filter not in answer.note:
        out.print(Text(f"Only {answer.filter} was searched.", style="dim"))
    if answer.follow_up:
        about = f"about: {answer.follow_up.about}; " if answer.follow_up.about else ""
        out.print(Text(f"{about}read as “{answer.follow_up.read}”", style="dim"))
    if answer.read_as:
        out.print(Text(f"{read_as_words(answer)}; ask with --as-typed to keep it.", style="dim"))
    for line in _answer_lines(answer):
        print_lines(line)
    for number, card in enumerate(answer.hits, start=1):
        out.print()
        is_answer = number == 1 and answer.answered and answer.kind == "passage"
        print_lines(_answering_card(card, is_whole=is_whole) if is_answer else _near_card(number, card))
    if answer.related:
        out.print()
        out.print(Text(f"Related: {' · '.join(_related_names(answer))}", style="dim"))


def print_in_words(states: Iterable[InWords]) -> None:
    """Print an answer in words sentence by sentence as it comes, then what was withheld and what went wrong."""
    shown = 0
    for state in states:
        if not shown and state.shown:
            out.print()
            out.print(Text(f"In words, by {state.model}:", style="dim"))
        for sentence in state.shown[shown:]:
            cited = "".join(f"[{number}]" for number in sentence.sources)
            print_lines(Padding(Text.assemble((sentence.text, "green"), (f" {cited}", "dim")), (0, 0, 0, 2)))
        shown = len(state.shown)
        if state.is_done:
            _print_ending(state)


def _print_ending(state: InWords) -> None:
    """Print which entries were cited, what was withheld, and what went wrong."""
    cited = {number for sentence in state.shown for number in sentence.sources}
    for source in state.sources:
        if source.number in cited:
            out.print(Text(f"  [{source.number}] {source.topic}   {source.location}", style="dim"), soft_wrap=True)
    if state.withheld:
        out.print(Text(f"{counted(len(state.withheld), 'sentence')} withheld:", style="dim"))
    for sentence in state.withheld:
        out.print(Text.assemble("  ", (sentence.text, "dim strike"), (f"   {sentence.reason}", "dim")), soft_wrap=True)
    if state.problem:
        say(state.problem)


def _percent(share: float) -> str:
    return f"{share * 100:.0f}\u00a0%"  # both on one line


def _answer_lines(answer: Answer) -> Iterator[RenderableType]:
    """Yield what answers: to each question of several, and what other notes say instead."""
    if not answer.answer:
        nearest = " The nearest topics:" if answer.hits else ""
        text = answer.note if answer.kind == "topics" else f"Your notes don't say.{nearest}"
        yield Text(text, style="bold yellow")
    for part in answer.parts if answer.answer else ():
        yield Padding(Text(part.question, style="dim"), (0, 0, 0, 2))
        yield (
            _headline(part.answer, part.confidence) if part.answer else Text("  Your notes don't say.", style="yellow")
        )
    if answer.answer and not answer.parts:
        yield _headline(answer.answer, answer.confidence if answer.kind == "passage" else None)
    if answer.note and answer.kind != "topics":
        yield Padding(Text(answer.note, style="bold yellow"), (0, 0, 0, 2))
    yield from (_headline(other, None) for other in answer.others)


def _stands(topic: Named) -> str:
    """Return the headings above a topic and its place."""
    above = headings_above(topic.subject, topic.parents, topic.topic)
    return _dotted(above, location(topic.path, topic.line, topic.anchor))


def _dotted(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _related_names(answer: Answer) -> list[str]:
    distinction = disambiguated(answer.related, answer.hits[:1])
    return [_with_distinction(related.topic, told) for related, told in zip(answer.related, distinction, strict=True)]


def _with_distinction(title: str, distinction: str) -> str:
    return f"{title} ({distinction})" if distinction else title


def print_greeting(examples: Sequence[str]) -> None:
    """Answer a greeting: say what can be asked."""
    offer = " For example:" if examples else ""
    out.print(Text(f"Hello! Ask what your notes say, in your own words.{offer}"))
    for example in examples:
        out.print(Text(f'  topics ask "{example}"', style="bold"), soft_wrap=True)


def _headline(evidence: Evidence, confidence: float | None) -> Group:
    """Return a passage with its source, and how sure it is where it claims to answer."""
    place = f"{evidence.topic}{f' · {evidence.slot}' if evidence.slot else ''}"
    sure = "" if confidence is None else "{} ({}) · ".format(*confidence_words(confidence))
    return Group(
        Padding(
            _without_layout(Text.assemble((evidence.text, "bold green"), (more_of(evidence), "dim"))), (0, 0, 0, 2)
        ),
        Padding(Text.assemble((place, "bold"), (f"   {sure}{evidence.location}", "dim")), (0, 0, 0, 2)),
    )


def _near_card(number: int, card: TopicResult) -> Group:
    """Return a topic that was found, with the line that its entry begins with."""
    line = " ".join(visible_text(card.text).split())
    shown = Text(line, no_wrap=True, overflow="ellipsis", style="dim")
    return Group(_card_title(number, card), Padding(shown, (0, 0, 0, 3)))


def _answering_card(card: TopicResult, *, is_whole: bool) -> Group:
    """Return the topic that answers, with all its entries, a long one cut."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True)
    rows.add_column(overflow="fold")
    for slot, text in card.entries.items():
        is_best = slot == (card.slot or "")
        body = _without_layout(_highlighted(card) if is_best else Text(text))
        shown = body if is_whole else _first_lines(body)
        rows.add_row(Text(slot, style="bold green" if is_best else "dim"), shown)
    return Group(_card_title(1, card), Padding(rows, (0, 0, 0, 3)))


def _card_title(number: int, card: TopicResult) -> Table:
    return _numbered(number, card.topic, _stands(card))


def _numbered(number: int, title: str, place: str) -> Table:
    """Return the title of a topic in a list, further lines of it below its first letter."""
    row = Table.grid(padding=(0, 1))
    row.add_column(no_wrap=True)
    row.add_column(overflow="fold")
    row.add_row(f"{number}.", Text.assemble((title, "bold"), (f"   {place}", "dim")))
    return row


def _first_lines(text: Text) -> Text:
    """Return the first lines of a text, with how many are left out and how to see them."""
    lines = text.split(allow_blank=True)
    more = len(lines) - SHOWN_LINES
    if more <= 1:
        return text
    left_out = Text(f"… {more} more lines; --whole prints them all", style="dim")
    return Text("\n").join((*lines[:SHOWN_LINES], left_out))


def _highlighted(card: TopicResult) -> Text:
    text = Text(card.text)
    for start, end in card.highlights:
        text.stylize("bold", start, end)
    return text


def _without_layout(text: Text) -> Text:
    """Return Markdown with what stands in it for its looks in a browser left out: HTML tags, the padding of tables."""
    end, slices = 0, []
    for match in _LAYOUT.finditer(text.plain):
        if match["code"] is None:
            slices += [text[end : match.start()], Text(" " if match["between"] else "")]
            end = match.end()
    return Text().join((*slices, text[end:]))


def print_related(beside: StoredTopic, related: Sequence[Related], *, by_title: bool) -> None:
    """Print the topics that belong beside one, with why, and which topic that is."""
    topic = beside.topic
    taken = "Beside" if by_title else "No such title; beside the topic that answers best,"
    above = headings_above(topic.subject, topic.parents, topic.title)
    place = _dotted(above, location(beside.path, topic.line, topic.anchor))
    out.print(Text.assemble(f"{taken} ", (topic.title, "bold"), (f"   {place}", "dim")), soft_wrap=True)
    if not related:
        out.print(Text("Nothing in your notes belongs beside it.", style="bold yellow"))
    for number, other in enumerate(related, start=1):
        title = _numbered(number, other.topic, f"{_percent(other.score)} · {_stands(other)}")
        why = [Padding(Text(", ".join(other.why), style="dim"), (0, 0, 0, 3))] if other.why else []
        print_lines(Group(title, *why))


def print_duplicates(duplicates: Sequence[Duplicates]) -> None:
    """Print the places where the same thing is said."""
    if not duplicates:
        out.print("No two entries say the same thing.")
    for group in duplicates:
        line = "Two notes contradict each other:" if group.differ else " ".join(visible_text(group.text).split())
        out.print(Text.assemble((f"{_percent(group.score)}  ", "bold"), line), no_wrap=True, overflow="ellipsis")
        for place, difference in zip_longest(group.places, group.differ):
            name = f"{place.subject} > {place.topic}{f' · {place.slot}' if place.slot else ''}"
            out.print(
                Padding(
                    Text.assemble(f"{location(place.path, place.line, place.anchor)}   ", (name, "dim")), (0, 0, 0, 5)
                )
            )
            if difference:
                out.print(Padding(" ".join(visible_text(difference).split()), (0, 0, 0, 7)), markup=False)


def print_clusters(drawn: TopicMap) -> None:
    """Print the areas of a map, the largest first, each with some of its topics."""
    rows = [
        [cluster.name, str(cluster.size), _few_points([point for point in drawn.points if point.cluster == number])]
        for number, cluster in enumerate(drawn.clusters)
    ]
    print_table(["area", "topics", "among them"], sorted(rows, key=lambda row: -int(row[1])))
    between = sum(point.cluster is None for point in drawn.points)
    out.print(Text(f"{counted(len(drawn.points), 'topic')}, {between} of them between the areas", style="dim"))


def _few_points(points: Sequence[Point]) -> str:
    shown = points[:SHOWN_TOPICS]
    return " · ".join(
        _with_distinction(topic.topic, told) for topic, told in zip(shown, disambiguated(shown), strict=True)
    )
