"""how are two answers put together? those to two questions in one, and those to both sides of a comparison"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from assistant.answer import Answer, SubAnswer, TopicResult, passage_of, without_answer
from assistant.answering.settings import ANSWER
from index.markdown import find_units, sentence_spans, visible_text
from index.text import stemmed_words, stems

MAX_SUBJECT_WORDS: Final = 3
"""Words at the beginning of a sentence that say what it is about."""
_COMPARING: Final = re.compile(
    r"\b(?:than|while|whereas|unlike|differ\w*|compared|contrast|vs|versus|both|neither|respectively"
    r"|confused with|same as|instead of|two \w+s|als|während|anders|unterschied\w*|dagegen|hingegen)\b",
    re.IGNORECASE,
)

MIN_WORDS_BETWEEN: Final = 3
"""Words between two things from which on a sentence compares them; with fewer, it only lists both: "Argo CD or
Flux"."""
_ONE_OF_SOME: Final = re.compile(
    r"\b(?:like|such as|e\.?g\.?,?|including|namely|and|or|und|oder|wie)\W*$|[/&]\s*$", re.IGNORECASE
)


def both(first: Answer, second: Answer) -> Answer:
    """Return the answer to two questions in one, with a note if one of them has no answer."""
    parts = tuple(
        SubAnswer(answer.question, answer.answered, answer.confidence, answer.answer) for answer in (first, second)
    )
    if longer := _one_passage(first, second):
        return longer
    main, other = (second, first) if second.answered and not first.answered else (first, second)
    open_questions = [part.question for part in parts if not part.answered]
    note = f"Your notes don’t say: {_as_question(open_questions[0])}" if len(open_questions) == 1 else ""
    return replace(main, parts=parts, hits=_together(main, other), note=note or main.note)


def _one_passage(first: Answer, second: Answer) -> Answer | None:
    """Return the answer whose passage contains that of the other; None if neither does."""
    if not (first.answer and second.answer and first.answer.path == second.answer.path):
        return None
    longer, shorter = sorted((first, second), key=lambda each: -len(each.answer.text if each.answer else ""))
    is_within = longer.answer and shorter.answer and shorter.answer.text in longer.answer.text
    return longer if is_within else None


def _as_question(question: str) -> str:
    return f"{question.rstrip(' ?')}?"


def _together(main: Answer, other: Answer) -> tuple[TopicResult, ...]:
    """Return the results of two answers, those that answer first; one that answers both keeps its first marks."""
    cards: dict[str, TopicResult] = {}
    for card in (*main.hits[:1], *other.hits[:1], *main.hits[1:], *other.hits[1:]):
        cards.setdefault(card.id, card)
    return tuple(cards.values())[: max(len(main.hits), len(other.hits))]


def compare_sides(answer: Answer, compared: tuple[str, str], ask: Callable[[str], Answer]) -> Answer:
    """Return the answer to a comparison: a passage on both sides, one on each, or a note on which side is missing."""
    if _compares(answer, compared):
        return answer
    if beside := _told_beside(answer, compared):
        return beside
    told = [replace(ask(f"what is {side}?"), question=side) for side in compared]
    there = [answer for answer in told if _is_about(answer, answer.question)]
    if len(there) == len(told) and told[0].answer != told[1].answer:
        return replace(both(*told), confidence=min(answer.confidence for answer in told))
    note = f"Of the two, your notes tell of {there[0].question} only." if len(there) == 1 else ""
    confidence = min(answer.confidence, ANSWER.one_sided)
    return replace(without_answer(answer), confidence=confidence, related=(), note=note)


def _compares(answer: Answer, compared: tuple[str, str]) -> bool:
    """Say whether the passage that answers compares two things; naming both is not enough."""
    if not answer.answer:
        return False
    headings, text = answer.hits[0].headings, visible_text(answer.answer.text)
    if not all(stems(side) <= stems(f"{headings}\n{text}") for side in compared):
        return False
    are_headings = all(stems(side) <= stems(headings) for side in compared)
    return are_headings or _COMPARING.search(text) is not None or _are_separate(text, *compared)


def _told_beside(answer: Answer, compared: tuple[str, str]) -> Answer | None:
    """Return the answer with the two items or sentences of its entry that begin with what is compared; None if none do.

    What a heading says of both sides ("top down versus bottom up search" under "Search") need not be said again.
    """
    if not answer.answer:
        return None
    card = answer.hits[0]
    headings = stems(card.headings)
    units = [
        unit.shown if unit.kind == "label" else unit.span
        for unit in find_units(card.text).units
        if unit.kind in {"item", "sentence"} or (unit.kind == "label" and _is_paragraph(card.text[slice(*unit.shown)]))
    ]

    def begins_with(side: str) -> tuple[int, int] | None:
        wanted = stems(side) - headings or stems(side)
        return next((span for span in units if wanted <= stems(_first_words(card.text[slice(*span)]))), None)

    first, second = map(begins_with, compared)
    if not (first and second) or first == second:
        return None
    text = "\n".join(f"- {' '.join(card.text[slice(*span)].split())}" for span in (first, second))
    marked = replace(card, highlights=tuple(sorted((first, second))))
    return replace(answer, answer=passage_of(card, first, text), hits=(marked, *answer.hits[1:]))


def _is_paragraph(shown: str) -> bool:
    """Say whether a label goes on in its own paragraph, as a term does with what it means."""
    return "\n" in shown.strip() and "\n\n" not in shown


def _first_words(text: str) -> str:
    return " ".join(visible_text(text).split()[:MAX_SUBJECT_WORDS])


def _are_separate(text: str, first: str, second: str) -> bool:
    """Say whether a text names two things `MIN_WORDS_BETWEEN` words apart, the later one not as an item of a list.

    >>> _are_separate("An agent such as Argo CD or Flux does it.", "Argo CD", "Flux")
    False
    """
    places = [[start for stem, start, _ in stemmed_words(text) if stem in stems(side)] for side in (first, second)]
    if not all(places):
        return False
    earlier, later = sorted((min(places[0]), min(places[1])))
    return len(text[earlier:later].split()) > MIN_WORDS_BETWEEN and not _ONE_OF_SOME.search(text[:later])


def _is_about(answer: Answer, thing: str) -> bool:
    """Say whether a heading above the passage names a thing, or a sentence in it begins with its name."""
    if not answer.answer:
        return False
    wanted, text = stems(thing), answer.answer.text
    begins = (_first_words(text[slice(*span)]) for span in sentence_spans(text))
    return any(wanted <= stems(text) for text in (answer.hits[0].headings, *begins))
