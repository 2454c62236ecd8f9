"""an Answer -> HTML, by pure functions that escape whatever the notes and the question hold"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import escape
from typing import Final, NamedTuple

from assistant.amounts import counted
from assistant.answer import Answer, AnswerKind, Card, Evidence, Part, confidence_words, more_of, read_as_words
from assistant.discovery import only_greets, under
from assistant.place import Place
from assistant.ui.markup import excerpt, first_span, highlighted_html, line_html, sentence_html, title_html, unquoted
from assistant.ui.said import Said, offer_html
from index.markdown import visible_text
from index.records import Slot, Span

SNIPPET: Final = 220
"""Characters that a closed card shows: two to three lines."""

MARKS_TO_WORDS: Final = 5
"""How much longer Markdown may be than what is seen of it."""

BEFORE_WORD: Final = 80
"""Characters that a snippet shows before the word that it is shown for."""

NO_TOPICS: Final = 'This library holds no topics yet. <a href="library">Add a folder of notes, or upload some.</a>'
NO_TOPICS_MESSAGE: Final = f'<div class="ta-answer ta-none">{NO_TOPICS}</div>'


class Link(NamedTuple):
    """A text that leads somewhere."""

    text: str
    place: Place
    why: str = ""
    """Why it is offered."""
    apart: str = ""
    """What tells it from others of the same text."""


def answer_html(answer: Answer, place: Place, *, is_declined: bool = False) -> str:
    """Return what the notes say: the sentence that answers, in its slot and with its source, or that they don't.

    `is_declined` where somebody said so of what they seemed to say.
    """
    return _read_as(answer, place) + _answer(answer, place, is_declined=is_declined)


def _read_as(answer: Answer, place: Place) -> str:
    """Return what misspelt words were read as, with a link that asks for them as they were typed."""
    if not answer.read_as:
        return ""
    typed = escape(replace(place.closed, as_typed=True).link)
    return f'<p class="ta-note">{escape(read_as_words(answer))}. <a href="{typed}">Ask as typed</a></p>'


def _answer(answer: Answer, place: Place, *, is_declined: bool) -> str:
    if answer.kind == "topics":
        return f'<div class="ta-answer"><p class="ta-sentence">{escape(answer.note)}</p></div>'
    if not answer.answer:
        return _no_answer(answer, place, is_declined=is_declined)
    shown = answer.parts or (Part("", answered=True, confidence=answer.confidence, answer=answer.answer),)
    return "".join(_part(answer, part) for part in shown) + _others(answer)


def _part(answer: Answer, part: Part) -> str:
    """Return what is said to one question of several, or to the only one."""
    asked = f'<p class="ta-note">{escape(part.question)}</p>' if part.question else ""
    if not part.answer:
        return f'<div class="ta-answer ta-none">{asked}<p class="ta-sentence">Your notes don’t say.</p></div>'
    return _evidence(part.answer, part.confidence, asked, _number_of(answer, part.answer), answer.kind)


def _others(answer: Answer) -> str:
    """Return what other notes say instead."""
    return "".join(
        f'<div class="ta-answer ta-none"><p class="ta-note">{escape(answer.note)}</p>'
        f'<div class="ta-sentence">{sentence_html(one.text)}{_source(_number_of(answer, one))}</div>'
        f'<div class="ta-meta"><span>{title_html(one.topic)}</span><span>{place_html(one.path, one.line)}</span></div>'
        "</div>"
        for one in answer.others
    )


def _number_of(answer: Answer, evidence: Evidence) -> int:
    """Return the number of the card that a passage stands on."""
    named = [(card.subject, card.topic, card.path) for card in answer.hits]
    wanted = (evidence.subject, evidence.topic, evidence.path)
    return named.index(wanted) + 1 if wanted in named else 1


def _source(number: int) -> str:
    return f'<a class="ta-source" href="#ta-{number}" aria-label="[{number}] source">[{number}]</a>'


def cards_html(answer: Answer, place: Place, said: Said) -> str:
    """Return a card for each topic, in order; the one that answers is open."""
    if not answer.hits:
        return ""
    heading = "" if answer.answered or answer.kind == "topics" else '<p class="ta-heading">The nearest topics</p>'
    cards = (
        _card(
            card,
            number,
            place.opening(card.id),
            offer_html(answer, card, said),
            is_best=answer.kind == "passage" and answer.answered and number == 1,
        )
        for number, card in enumerate(answer.hits, start=1)
    )
    return f"{heading}{''.join(cards)}"


def by_words_html(answer: Answer, place: Place) -> str:
    """Return the topics that hold words of a question, and that nothing more is known of them yet."""
    found = "" if answer.hits else " None of the notes read so far holds a word of your question."
    note = f"Found by words; meaning follows, and then whether your notes answer this.{found}"
    heading = '<p class="ta-heading">Topics that hold your words</p>' if answer.hits else ""
    cards = (
        _card(card, number, place.opening(card.id), "", is_best=False) for number, card in enumerate(answer.hits, 1)
    )
    return f'<div class="ta-answer ta-none"><p class="ta-sentence">{note}</p></div>{heading}{"".join(cards)}'


def message_html(message: str) -> str:
    """Return an error or a hint as a person is to read it."""
    return f'<div class="ta-answer ta-none" role="alert">{escape(message)}</div>'


def greeting_html(examples: Iterable[str]) -> str:
    """Return what a greeting is answered with: what can be asked."""
    hello = '<div class="ta-answer"><p class="ta-sentence">Hello! Ask what your notes say, in your own words.</p></div>'
    return hello + chips_html("For example", (Link(one, Place(one)) for one in examples))


def problem_html(problem: str, place: Place) -> str:
    """Return why a question was not answered, with the way out where that may be a filter."""
    everywhere = Place(place.question)
    return message_html(problem) + chips_html(
        "", [Link("Search everything", everywhere)] if place != everywhere else ()
    )


def spoken(answer: Answer) -> str:
    """Return what a screen reader is told when the answer has arrived."""
    if only_greets(answer):
        return "Hello! Ask what your notes say, in your own words."
    if answer.kind == "topics":
        return answer.note
    if not answer.answer:
        return f"Your notes don’t say. {answer.note} {counted(len(answer.hits), 'nearest topic')}.".replace("  ", " ")
    said = " ".join(visible_text(answer.answer.text).split())
    said = " ".join(filter(None, (said, answer.note)))
    return f"Answered by {answer.answer.topic}: {said} {counted(len(answer.hits), 'topic')}."


def chips_html(heading: str, links: Iterable[Link], page: str = "") -> str:
    """Return a row of links that lead to places on this or another page."""
    items = "".join(
        f'<li><a href="{page}{escape(link.place.link)}"{_titled(link.why)}>{name_html(link.text, link.apart)}</a></li>'
        for link in links
    )
    return f'<p class="ta-heading">{escape(heading)}</p><ul class="ta-chips">{items}</ul>' if items else ""


def name_html(title: str, apart: str) -> str:
    """Return a title inside a link of ours, with what tells it from others, if anything has to."""
    return title_html(title) + (f' <span class="ta-apart">· {escape(apart)}</span>' if apart else "")


def place_html(path: str, line: int) -> str:
    """Return where a text stands, as a person writes it to find it again."""
    return f"<code>{escape(path)}:{line}</code>"


def entries_html(entries: Mapping[str, str], best: Slot | None, marked: Span | None) -> str:
    """Return the entries of a card, the best one first and marked, each cut to what fits a card."""
    first = best or ""
    ordered = [first, *(slot for slot in entries if slot != first)]
    return "".join(_entry(slot, entries[slot], marked if slot == first else None, slot == first) for slot in ordered)


def copied(evidence: Evidence) -> str:
    """Return an answer with its source, as it is copied."""
    return f"{evidence.text}\n— {evidence.subject}: {evidence.topic} ({evidence.path}:{evidence.line})"


def _evidence(evidence: Evidence, confidence: float, asked: str, number: int, kind: AnswerKind) -> str:
    slot = f'<span class="ta-slot">{escape(evidence.slot)}</span>' if evidence.slot else ""
    more = f'<p class="ta-note">{escape(more_of(evidence).strip())}</p>' if evidence.more else ""
    is_passage = kind == "passage"
    return (
        f'<div class="ta-answer">{asked}<div class="ta-sentence">{slot}{sentence_html(evidence.text)}{more}'
        f"{_source(number) if is_passage else ''}</div>"
        f'<div class="ta-meta">{_where_from(evidence, confidence) if is_passage else ""}'
        f'<button type="button" class="ta-copy" data-copy="{escape(copied(evidence))}">Copy</button></div></div>'
    )


def _where_from(evidence: Evidence, confidence: float) -> str:
    likely, percent = confidence_words(confidence)
    return (
        f"<span>{title_html(evidence.topic)}</span><span>{place_html(evidence.path, evidence.line)}</span>"
        f"<span>{likely} the answer ({percent})</span>"
    )


def _no_answer(answer: Answer, place: Place, *, is_declined: bool) -> str:
    within = " and ".join(filter(None, (place.subject, place.slot)))
    everywhere = f'<a href="{escape(Place(place.question).link)}">Search everything</a>'
    limits = f" Only {escape(within)} was searched. {everywhere}" if within else ""
    return (
        '<div class="ta-answer ta-none"><p class="ta-sentence">Your notes don’t say.</p>'
        f'<p class="ta-note">{_why_not(answer, is_declined=is_declined)}{limits}</p></div>'
    )


def _why_not(answer: Answer, *, is_declined: bool) -> str:
    asked = f"“{escape(snippet(answer.question))}”"
    if answer.note:
        return escape(answer.note)
    if is_declined:
        return f"You said that the best match does not answer {asked}."
    cases = round(answer.confidence * 100)
    return f"Nothing in them answers {asked} well enough (the best guess would be right in {cases} of 100 cases)."


def _card(card: Card, number: int, place: Place, offer: str, *, is_best: bool) -> str:
    badge = '<span class="ta-badge">best match</span>' if is_best else ""
    marked = first_span(card.highlights)
    above = escape(under((card.subject, *card.parents)))
    slots = " · ".join(filter(None, sorted(card.entries, key=lambda slot: slot != card.slot)))
    return (
        f'<article class="ta-card" id="ta-{number}"><h2><span class="ta-number">{number}</span>'
        f'<a class="ta-open ta-step" data-topic="{escape(card.id)}" href="{escape(place.link)}">'
        f"{title_html(card.topic)}</a>{badge}</h2>"
        f'<div class="ta-meta"><span>{above}</span><span>{place_html(card.path, card.line)}</span>'
        f"{_why(card)}</div>{_snippet(card, marked)}"
        f"<details{' open' if is_best else ''}><summary>{escape(slots) or 'More of it'}</summary>"
        f"{entries_html(card.entries, card.slot, marked)}</details>{offer}</article>"
    )


def _why(card: Card) -> str:
    if card.why:
        return f"<span>speaks of {escape(', '.join(card.why))}</span>"
    return "<span>alike in meaning</span>"


def _snippet(card: Card, marked: Span | None) -> str:
    if marked and " " not in card.text[slice(*marked)]:
        return f'<p class="ta-snippet">{_around(card.text, *marked)}</p>'
    text = _snippet_html(unquoted(card.text[slice(*marked)]) if marked else card.text)
    return f'<p class="ta-snippet">{f"<mark>{text}</mark>" if marked else text}</p>'


def _around(text: str, start: int, end: int) -> str:
    """Return a word marked, with as much around it as a snippet holds."""
    before = visible_text(text[max(start - BEFORE_WORD, 0) : start])
    before = before if start <= BEFORE_WORD else f"… {before.partition(' ')[2]}"
    after = snippet(visible_text(f"{text[start:end]}{text[end : end + SNIPPET * MARKS_TO_WORDS]}"))
    word = visible_text(text[start:end])
    return f"{escape(before)}<mark>{escape(word)}</mark>{escape(after.removeprefix(word))}"


def _snippet_html(text: str) -> str:
    if "\n" not in text and len(text) <= SNIPPET:
        return line_html(text)
    return escape(snippet(visible_text(text[: SNIPPET * MARKS_TO_WORDS])))  # cut through, marks would be no marks


def snippet(text: str) -> str:
    """Return the beginning of a text on one line, cut between words where it is long, as far as it has any."""
    cut = textwrap.shorten(text, SNIPPET, placeholder=" …")
    line = " ".join(text.split())
    return cut if len(cut) > SNIPPET // 2 or cut == line else f"{line[:SNIPPET]} …"


def _entry(slot: str, text: str, marked: Span | None, is_best: bool) -> str:
    label = f'<div class="ta-slot">{escape(slot)}</div>' if slot else ""
    classes = f"ta-entry{' ta-best' if is_best else ''}{'' if slot else ' ta-plain'}"
    part = excerpt(text, marked)
    more = '<p class="ta-note">… the topic has more</p>' if part.is_cut else ""
    shown = highlighted_html(part.text, part.marked)
    return f'<div class="{classes}">{label}<div class="ta-text">{shown}{more}</div></div>'


def _titled(why: str) -> str:
    return f' title="{escape(why)}"' if why else ""
