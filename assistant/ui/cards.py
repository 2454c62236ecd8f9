"""an Answer -> HTML, by pure functions that escape whatever the notes and the question hold"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from html import escape
from typing import Final

from assistant.answer import Answer, Card, Evidence, Span
from index.markdown import inline_html, to_html

LONGEST_ENTRY: Final = 20_000
"""Characters of an entry that a card shows; a page of several megabytes takes seconds to appear."""

_OPEN, _CLOSE = "⸨", "⸩"  # punctuation, so that emphasis beside them is still emphasis
_BLOCK_START: Final = re.compile(r"\s*(?:(?:[-*+>]|\d+[.)]|#{1,6})\s+)*")
_BLOCK_TAG: Final = re.compile(r"</?(?:p|li|ul|ol|pre|table|t[rdh]|blockquote|h\d)\b")

SNIPPET: Final = 140
"""Characters of the best entry that a closed card shows."""

STYLE: Final = """<style>
.stMainBlockContainer { padding-top: 4rem }
h1 { font-size: clamp(1.7rem, 5vw, 2.25rem) !important }
.ta-answer { border-left: 4px solid #2f9e6e; padding: .25rem 0 .25rem 1rem; margin: .25rem 0 1.5rem }
.ta-answer .ta-sentence { font-size: 1.25rem; line-height: 1.5 }
.ta-answer p { margin: 0 }
.ta-none { border-left-color: #c98a00 }
.ta-meta { font-size: .85rem; opacity: .75; margin-top: .35rem; overflow-wrap: anywhere }
.ta-card { border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: .6rem;
  margin: 0 0 .75rem; overflow: hidden }
.ta-card summary { cursor: pointer; padding: .7rem 1rem; list-style-position: outside }
.ta-card summary:hover { background: color-mix(in srgb, currentColor 5%, transparent) }
.ta-card summary:focus-visible { outline: 2px solid currentColor; outline-offset: -3px }
.ta-title { font-weight: 600 }
.ta-badge { font-size: .75rem; font-weight: 600; border-radius: 1rem; padding: .1rem .55rem; margin-left: .4rem;
  background: color-mix(in srgb, #2f9e6e 22%, transparent); white-space: nowrap }
.ta-body { padding: 0 1rem .6rem }
.ta-entry { display: grid; grid-template-columns: 5rem 1fr; gap: .25rem .75rem; padding: .5rem .6rem;
  border-radius: .4rem }
.ta-entry.ta-plain { grid-template-columns: 1fr }
.ta-snippet { font-size: .9rem; opacity: .85; margin-top: .25rem; overflow-wrap: anywhere }
.ta-card[open] .ta-snippet { display: none }
.ta-best { background: color-mix(in srgb, #2f9e6e 9%, transparent) }
.ta-slot { font-size: .85rem; font-weight: 600; opacity: .75; padding-top: .1rem }
.ta-best .ta-slot { opacity: 1 }
.ta-text { min-width: 0; overflow-wrap: anywhere }
.ta-text > :first-child { margin-top: 0 } .ta-text > :last-child { margin-bottom: 0 }
.ta-text pre { overflow-x: auto; padding: .6rem; border-radius: .4rem;
  background: color-mix(in srgb, currentColor 7%, transparent) }
.ta-text table { display: block; overflow-x: auto; border-collapse: collapse }
.ta-text td, .ta-text th { border: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .2rem .5rem }
.ta-answer code, .ta-card code { font-size: .9em; padding: .05em .3em; border-radius: .25em; color: inherit;
  background: color-mix(in srgb, currentColor 9%, transparent) }
.ta-text pre code { background: none; padding: 0 }
.ta-card mark { background: color-mix(in srgb, #ffc93c 38%, transparent); color: inherit; padding: .05em 0 }
.ta-heading { font-size: .85rem; font-weight: 600; opacity: .75; margin: 0 0 .5rem }
@media (max-width: 480px) { .ta-entry { grid-template-columns: 1fr } }
</style>"""


def answer_html(answer: Answer) -> str:
    """Return the whole answer: the sentence or the plain "your notes don't say", then a card for each topic."""
    head = _evidence(answer.answer, answer.confidence) if answer.answer else _no_answer(answer)
    cards = (_card(card, is_best=answer.answered and number == 0) for number, card in enumerate(answer.hits))
    return f"{head}{''.join(cards)}"


def message_html(message: str) -> str:
    """Return an error or a hint as a person is to read it."""
    return f'<div class="ta-answer ta-none" role="alert">{escape(message)}</div>'


def _evidence(evidence: Evidence, confidence: float) -> str:
    slot = f" · {escape(evidence.slot)}" if evidence.slot else ""
    return (
        '<div class="ta-answer" role="status">'
        f'<div class="ta-sentence">{inline_html(evidence.text)}</div>'
        f'<div class="ta-meta">{inline_html(evidence.topic)}{slot} · {_place(evidence.path, evidence.line)} · '
        f"{confidence_words(confidence)}</div></div>"
    )


def _no_answer(answer: Answer) -> str:
    nearest = '<p class="ta-heading">The nearest topics</p>' if answer.hits else ""
    return (
        '<div class="ta-answer ta-none" role="status"><div class="ta-sentence">Your notes don’t say.</div>'
        '<div class="ta-meta">Nothing in them answers '
        f"“{escape(answer.question)}” well enough. Try other words, or add notes about it.</div></div>{nearest}"
    )


def confidence_words(confidence: float) -> str:
    """Return how sure the answer is, in words and as a number.

    >>> confidence_words(0.93)
    'very likely the answer (93 %)'
    """
    percent = min(round(confidence * 100), 99)
    words = "very likely" if confidence >= 0.9 else "likely" if confidence >= 0.7 else "possibly"
    return f"{words} the answer ({percent} %)"


def _card(card: Card, *, is_best: bool) -> str:
    badge = '<span class="ta-badge">best match</span>' if is_best else ""
    entries = "".join(
        _entry(slot, text, card.highlights if slot == (card.slot or "") else (), slot == (card.slot or ""))
        for slot, text in card.entries.items()
    )
    why = f" · shares {escape(', '.join(card.why))}" if card.why else ""
    return (
        f'<details class="ta-card" data-topic="{escape(card.id)}"{" open" if is_best else ""}>'
        f'<summary><span class="ta-title">{inline_html(card.topic)}</span>{badge}'
        f'<div class="ta-meta">{escape(card.subject)} · {_place(card.path, card.line)}{why}</div>'
        f'<div class="ta-snippet">{inline_html(snippet(card.text))}</div></summary>'
        f'<div class="ta-body">{entries}</div></details>'
    )


def snippet(text: str) -> str:
    """Return the beginning of a text on one line, cut between words where it is long."""
    return textwrap.shorten(text, SNIPPET, placeholder=" …")


def _entry(slot: str, text: str, highlights: Sequence[Span], is_best: bool) -> str:
    label = f'<div class="ta-slot">{escape(slot)}</div>' if slot else ""
    classes = f"ta-entry{' ta-best' if is_best else ''}{'' if slot else ' ta-plain'}"
    return f'<div class="{classes}">{label}<div class="ta-text">{highlighted_html(text, highlights)}</div></div>'


def _place(path: str, line: int) -> str:
    return f"<code>{escape(path)}:{line}</code>"


def highlighted_html(text: str, highlights: Sequence[Span]) -> str:
    r"""Return Markdown as safe HTML, its highlighted span marked where that is possible within one block.

    >>> highlighted_html("Stop. *Go* on.", [(6, 14)])
    '<p>Stop. <mark><em>Go</em> on.</mark></p>\n'
    """
    shown = text[:LONGEST_ENTRY] + (" …" if len(text) > LONGEST_ENTRY else "")
    if len(highlights) != 1 or _OPEN in text or _CLOSE in text or highlights[0][1] > LONGEST_ENTRY:
        return to_html(shown)
    start, end = highlights[0]
    if marker := _BLOCK_START.match(shown, start, end):
        start = marker.end()
    html = to_html(f"{shown[:start]}{_OPEN}{shown[start:end]}{_CLOSE}{shown[end:]}")
    before, _, rest = html.partition(_OPEN)
    marked, _, after = rest.partition(_CLOSE)
    if not after or _BLOCK_TAG.search(marked):
        return to_html(shown)
    return f"{before}<mark>{marked}</mark>{after}"
