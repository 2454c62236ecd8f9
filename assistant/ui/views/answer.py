"""an Answer -> HTML: the passage that answers, and the cards of topics"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from markupsafe import Markup, escape

from assistant.answer import (
    MAX_CONFIDENCE_SHOWN,
    Answer,
    Evidence,
    SubAnswer,
    TopicResult,
    confidence_words,
    more_of,
    read_as_words,
)
from assistant.discovery import headings_above, only_greets
from assistant.location import document_link
from assistant.place import Place
from assistant.ui.views.dates_and_numbers import counted, percent
from assistant.ui.views.feedback import GivenFeedback, offer_html
from assistant.ui.views.filters import filter_text_words
from assistant.ui.views.markup import (
    ITEM,
    excerpt,
    first_span,
    highlighted_html,
    line_html,
    plain_html,
    trusted,
    unquoted,
)
from assistant.ui.views.rendering import joined, render
from index.markdown import formulas, visible_text, visible_title
from index.records import Slot, Span
from index.text import compared

SNIPPET: Final = 220
"""Characters that a closed card shows: two to three lines."""

MARKS_TO_WORDS: Final = 5
"""How much longer Markdown may be than what is seen of it."""

BEFORE_WORD: Final = 80
"""Characters that a snippet shows before the word that it is shown for."""

_BEFORE_ITEM: Final = re.compile(r"\n(?=[ \t]*(?:[-*+]|\d+[.)])[ \t])")
_BETWEEN_ROWS: Final = re.compile(r" {2}\n {2}")
"""Rows of a table, as they are read, begin and end with two spaces."""

MARK: Final = trusted("<mark>{}</mark>")


class ShownEntry(NamedTuple):
    """An entry of a topic, as HTML."""

    slot: str
    text: Markup
    more: str | Markup
    """What is said of the rest where it is cut; empty where it is whole."""
    is_best: bool
    """It is the one that was asked for."""


def answer_html(answer: Answer, place: Place, *, is_rejected: bool = False, is_next_best: bool = False) -> Markup:
    """Return what the notes say: the sentence that answers, in its slot and with its source, or that they don't.

    `is_rejected` where somebody said so of what they seemed to say; `is_next_best` where this comes in place of that.
    """
    return render(
        "answer",
        is_next_best=is_next_best,
        follow_up=answer.follow_up,
        alone_link=replace(place.closed, after="").link,
        read_as=read_as_words(answer),
        as_typed_link=replace(place.closed, as_typed=True).link,
        everywhere_link=Place(place.question, after=place.after).link,
        within=" and ".join(filter(None, (place.subject, place.slot))),
        filter=filter_text_words(answer.filter) if answer.filter and answer.filter not in answer.note else "",
        topics_note=answer.note if answer.kind == "topics" else "",
        why_not=_why_not(answer, is_rejected=is_rejected),
        passages=_passages(answer),
        others=[
            {"evidence": other, "number": _number_of(answer, other), "link": _link(answer, other)}
            for other in _others(answer)
        ],
        note=answer.note,
        is_passage=answer.kind == "passage",
    )


def _passages(answer: Answer) -> list[dict[str, Any]]:
    """Return what is said to each of several questions, or to the only one; nothing where the notes don't answer."""
    if answer.kind == "topics" or not answer.answer:
        return []
    shown = answer.parts or (SubAnswer("", answered=True, confidence=answer.confidence, answer=answer.answer),)
    return [_passage(answer, part) for part in shown]


def _passage(answer: Answer, part: SubAnswer) -> dict[str, Any]:
    if not part.answer:
        return {"question": part.question, "evidence": None}
    likely, _ = confidence_words(part.confidence)
    return {
        "question": part.question,
        "evidence": part.answer,
        "more": more_of(part.answer).strip() if part.answer.more else "",
        "number": _number_of(answer, part.answer),
        "link": _link(answer, part.answer),
        "likely": likely,
        "percent": percent(min(part.confidence, MAX_CONFIDENCE_SHOWN)),
        "copied": copied(part.answer),
    }


def _others(answer: Answer) -> tuple[Evidence, ...]:
    """Return what other notes say instead of what answers."""
    return answer.others if answer.answer and answer.kind != "topics" else ()


def _number_of(answer: Answer, evidence: Evidence) -> int:
    """Return the number of the card that a passage stands on."""
    named = [(card.subject, card.topic, card.path) for card in answer.hits]
    wanted = (evidence.subject, evidence.topic, evidence.path)
    return named.index(wanted) + 1 if wanted in named else 1


def _link(answer: Answer, evidence: Evidence) -> str:
    """Return where the document of a passage is opened at its page; nothing where it is none that a browser shows."""
    card = answer.hits[_number_of(answer, evidence) - 1] if answer.hits else None
    return document_link(card.id, evidence.path, evidence.anchor) if card and card.path == evidence.path else ""


def cards_html(answer: Answer, place: Place, feedback: GivenFeedback, *, is_next_best: bool = False) -> Markup:
    """Return a card for each topic, in order; that of the answer holds it in its place, and shows it no second time."""
    heading = "" if answer.answered or answer.kind == "topics" or not answer.hits else "The nearest topics"
    best = answer.hits[0] if answer.kind == "passage" and answer.answered and answer.hits else None
    cards = [
        _card_fields(card, number, place.opening(card.id), offer_html(answer, card, feedback), is_best=card is best)
        for number, card in enumerate(answer.hits, start=1)
    ]
    return render("cards", heading=heading, cards=cards, badge="next best match" if is_next_best else "best match")


def by_words_html(answer: Answer, place: Place) -> Markup:
    """Return the topics that hold words of a question, and that nothing more is known of them yet."""
    nothing = "" if answer.hits else " None of the notes read so far holds a word of your question."
    note = f"Found by words; meaning follows, and then whether your notes answer this.{nothing}"
    heading = "Topics that hold your words" if answer.hits else ""
    cards = [
        _card_fields(card, number, place.opening(card.id), trusted(""), is_best=False)
        for number, card in enumerate(answer.hits, 1)
    ]
    return render("notice", sentence=note, is_answer=False) + render("cards", heading=heading, cards=cards)


def spoken(answer: Answer) -> str:
    """Return what a screen reader is told when the answer has arrived."""
    if only_greets(answer):
        return "Hello! Ask what your notes say, in your own words."
    if answer.kind == "topics":
        return answer.note
    if not answer.answer:
        return f"Your notes don’t say. {answer.note} {counted(len(answer.hits), 'nearest topic')}.".replace("  ", " ")
    answer_text = " ".join(visible_text(answer.answer.text).split())
    answer_text = " ".join(filter(None, (answer_text, answer.note)))
    return f"Answered by {answer.answer.topic}: {answer_text} {counted(len(answer.hits), 'topic')}."


def copied(evidence: Evidence) -> str:
    """Return an answer with its source, as it is copied."""
    name = ": ".join(filter(None, (headings_above(evidence.subject, (), evidence.topic), evidence.topic)))
    return f"{evidence.text}\n— {name} ({evidence.location})"


def _why_not(answer: Answer, *, is_rejected: bool) -> str:
    quoted = f"“{snippet(answer.question)}”"
    if answer.note:
        return answer.note
    if is_rejected:
        return f"You said that the best match does not answer {quoted}."
    cases = round(answer.confidence * 100) or "less than 1"
    return f"Nothing in them answers {quoted} well enough (the best guess would be right in {cases} of 100 cases)."


def _card_fields(card: TopicResult, number: int, place: Place, offer: Markup, *, is_best: bool) -> dict[str, Any]:
    marked = first_span(card.highlights)
    is_title_alone = len(card.entries) == 1 and compared(visible_text(card.text)) == compared(visible_title(card.topic))
    return {
        "id": card.id,
        "number": number,
        "title": card.topic,
        "link": place.link,
        "above": headings_above(card.subject, card.parents, card.topic),
        "location": card.location,
        "document": document_link(card.id, card.path, card.anchor),
        "why": f"speaks of {', '.join(card.why)}" if card.why else "alike in meaning" if card.score else "",
        "snippet": "" if is_title_alone else _snippet(card, marked),
        "slots": " · ".join(filter(None, sorted(card.entries, key=lambda slot: slot != card.slot))),
        "entries": [] if is_title_alone else _entries(card.entries, card.slot, marked),
        "offer": offer,
        "is_best": is_best,
    }


def _snippet(card: TopicResult, marked: Span | None) -> Markup:
    if marked and len(card.text[slice(*marked)].split()) == 1:
        return _around(card.text, *marked)
    text = _snippet_html(unquoted(card.text[slice(*marked)]) if marked else card.text)
    return MARK.format(text) if marked else text


def _around(text: str, start: int, end: int) -> Markup:
    """Return a word marked, with as much around it as a snippet holds."""
    before = visible_text(text[max(start - BEFORE_WORD, 0) : start])
    before = before if start <= BEFORE_WORD else f"… {before.partition(' ')[2]}"
    after = snippet(visible_text(f"{text[start:end]}{text[end : end + SNIPPET * MARKS_TO_WORDS]}"))
    word = visible_text(text[start:end])
    return joined((escape(before), MARK.format(word), plain_html(after.removeprefix(word))))


def _snippet_html(text: str) -> Markup:
    if "\n" not in text and len(text) <= SNIPPET and not ITEM.match(text):
        return line_html(text)
    return plain_html(_cut(_on_one_line(text[: SNIPPET * MARKS_TO_WORDS])))  # cut through, marks would be no marks


def _cut(text: str) -> str:
    r"""Return the beginning of a text, without the formula that would be cut through.

    >>> _cut("So " + "$x^2 = 4$ and " * 20).removesuffix(" …")[-13:]
    '$x^2 = 4$ and'
    """
    line, beginning = " ".join(text.split()), snippet(text)
    end = len(beginning.removesuffix(" …"))
    cut = next(((start, stop) for start, stop in formulas(line) if start < end < stop), None)
    if cut is None or cut == (0, len(line)):
        return line if cut else beginning
    return f"{line[: cut[0]]}…"


def _on_one_line(text: str) -> str:
    r"""Return what is seen of a text, with what stands apart there, items and rows, told apart.

    >>> _on_one_line("Buy:\n- milk\n- rye flour")
    'Buy: milk · rye flour'
    """
    items = (_BETWEEN_ROWS.sub(" · ", visible_text(item)).strip() for item in _BEFORE_ITEM.split(text))
    return " · ".join(filter(None, items)).replace(": · ", ": ")


def snippet(text: str) -> str:
    """Return the beginning of a text on one line, cut between words where it is long, as far as it has any."""
    cut = textwrap.shorten(text, SNIPPET, placeholder=" …")
    line = " ".join(text.split())
    return cut if len(cut) > SNIPPET // 2 or cut == line else f"{line[:SNIPPET]} …"


def _entries(entries: Mapping[str, str], best: Slot | None, marked: Span | None) -> list[ShownEntry]:
    """Return the entries of a card, the best one first and marked, each cut to what fits a card."""
    first = best or ""
    ordered = [first, *(slot for slot in entries if slot != first)]
    return [shown_entry(slot, entries[slot], marked if slot == first else None, slot == first) for slot in ordered]


def shown_entry(slot: str, text: str, marked: Span | None, is_best: bool) -> ShownEntry:
    """Return an entry as a card shows it."""
    part = excerpt(text, marked)
    more = "… the topic has more" if part.is_cut else ""
    return ShownEntry(slot, highlighted_html(part.text, part.marked), more, is_best)
