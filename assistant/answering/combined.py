"""answers that are made of several: two questions in one, a comparison, a keyword, what the library holds"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from assistant.amounts import counted
from assistant.answer import Answer, Card, Evidence, Part
from assistant.answering.evidence import first_words
from assistant.answering.question_kind import AboutLibrary, AskedDays
from index.catalog import StoredTopic
from index.library import Library
from index.text import stemmed_words, stems, terms

LISTED: Final = 10
"""Topics that are named of those that a question about the library is answered with."""

ONE_SIDED: Final = 0.05
"""The probability that notes answer a comparison though no passage tells of one of its sides: they may say it in other
words."""

COUNTED: Final = 1_000
"""Topics that are looked at for how many speak of something."""


def both(first: Answer, second: Answer) -> Answer:
    """Return the answer to two questions in one: what is said to each, or which of them the notes don't answer."""
    parts = tuple(Part(one.question, one.answered, one.confidence, one.answer) for one in (first, second))
    if first.answer and first.answer == second.answer:
        return first
    main, other = (second, first) if second.answered and not first.answered else (first, second)
    open_questions = [part.question for part in parts if not part.answered]
    note = f"Your notes don’t say: {_asked(open_questions[0])}" if len(open_questions) == 1 else ""
    return replace(main, parts=parts, hits=_together(main, other), note=note or main.note)


def _asked(question: str) -> str:
    return f"{question.rstrip(' ?')}?"


def _together(main: Answer, other: Answer) -> tuple[Card, ...]:
    """Return the cards of two answers, first what answers each; a topic that answers both is marked for the first."""
    cards = {card.id: card for card in reversed((*main.hits[:1], *other.hits[:1], *main.hits[1:], *other.hits[1:]))}
    ordered = dict.fromkeys(card.id for card in (*main.hits[:1], *other.hits[:1], *main.hits[1:], *other.hits[1:]))
    return tuple(cards[id_] for id_ in ordered)[: max(len(main.hits), len(other.hits))]


def compare(answer: Answer, compared: tuple[str, str], ask: Callable[[str], Answer]) -> Answer:
    """Return the answer to a comparison: a passage that speaks of both, or one of each, or which of them is there."""
    if all(_speaks_of(answer, side) for side in compared):
        return answer
    told = [replace(ask(f"what is {side}?"), question=side) for side in compared]
    there = [one for one in told if _speaks_of(one, one.question)]
    if len(there) == len(told):
        return replace(both(*told), confidence=min(one.confidence for one in told))
    note = f"Of the two, your notes tell of {there[0].question} only." if there else ""
    return replace(_unanswered(answer, note), confidence=min(answer.confidence, ONE_SIDED))


def _speaks_of(answer: Answer, thing: str) -> bool:
    """Say whether the passage that answers, or a heading above it, names a thing."""
    if not answer.answer:
        return False
    card = answer.hits[0]
    said = "\n".join((card.subject, *card.parents, card.topic, answer.answer.text))
    return stems(thing) <= stems(said)


def _all_of(card: Card) -> str:
    return "\n".join((card.subject, *card.parents, card.topic, *card.entries.values()))


def _unanswered(answer: Answer, note: str) -> Answer:
    hits = tuple(replace(card, highlights=()) for card in answer.hits)
    return replace(answer, answered=False, answer=None, hits=hits, related=(), others=(), note=note)


def speaking_of(library: Library, answer: Answer) -> Answer:
    """Return the topics that hold a keyword, marked, best first: nothing is asked about it, so no passage answers."""
    wanted = stems(answer.question)
    holding = [card for card in answer.hits if wanted and wanted <= stems(_all_of(card))]
    if not holding:
        return answer
    marked = [replace(card, highlights=_where(card.text, wanted)) for card in holding]
    rest = [replace(card, highlights=()) for card in answer.hits if card not in holding]
    count = len(library.lexical().holding(list(dict.fromkeys(terms(answer.question))), COUNTED))
    many = f"{counted(count, 'topic')}" if count < COUNTED else f"More than {COUNTED:,} topics"
    note = f"{many} {'speaks' if count == 1 else 'speak'} of {answer.question.strip(' ?!')}."
    return replace(_unanswered(answer, note), kind="topics", hits=(*marked, *rest))


def _where(text: str, wanted: frozenset[str]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for stem, start, end in stemmed_words(text) if stem in wanted)


def overview(library: Library, wanted: AboutLibrary, nearest: Answer) -> Answer:
    """Return what the library holds, or holds about something: how many topics, which, or what each begins with."""
    topics = _about(library, wanted.about)
    if not topics:
        return _unanswered(nearest, "")
    lines = (
        _subjects(topics) if not wanted.about else [_listed(one, is_summary=wanted.wish == "summary") for one in topics]
    )
    return _contents(topics, f" about {wanted.about}" if wanted.about else "", lines, nearest)


def of_days(library: Library, wanted: AskedDays, nearest: Answer) -> Answer:
    """Return what the library holds of a day or a month, in its order: what each topic begins with."""
    lexical = library.lexical()
    ids = dict.fromkeys(id_ for day in wanted.days for id_ in lexical.holding([day], COUNTED))
    topics = list(library.topics(ids).values())
    lines = [_listed(one, is_summary=True) for one in topics]
    return _contents(topics, f" of {wanted.said}", lines, nearest) if topics else nearest


def _subjects(topics: Sequence[StoredTopic]) -> list[str]:
    subjects = Counter(stored.topic.subject for stored in topics)
    return [f"- **{subject}**: {counted(count, 'topic')}" for subject, count in subjects.most_common()]


def _contents(topics: Sequence[StoredTopic], name: str, lines: Sequence[str], nearest: Answer) -> Answer:
    """Return an answer that lists topics, a line each or a line for each subject."""
    subjects = {stored.topic.subject for stored in topics}
    head = f"{counted(len(topics), 'topic')}{name} in {counted(len(subjects), 'subject')}:"
    first = topics[0]
    text = "\n".join((head, "", *lines[:LISTED]))
    more = max(len(lines) - LISTED, 0)
    evidence = Evidence(text, first.topic.subject, first.topic.title, None, first.path, first.topic.line, more)
    return replace(_unanswered(nearest, ""), answered=True, confidence=1.0, answer=evidence, kind="contents")


def _about(library: Library, about: str) -> Sequence[StoredTopic]:
    """Return the topics about something, those first that are called so; of all, some of each subject."""
    if not about:
        return library.sample_topics(COUNTED)
    found = library.topics(library.lexical().holding(list(dict.fromkeys(terms(about))), COUNTED))
    wanted = stems(about)
    return sorted(found.values(), key=lambda stored: not wanted <= stems(stored.topic.heading_path))


def _listed(stored: StoredTopic, *, is_summary: bool) -> str:
    says = first_words(stored.topic.entries[0].text) if is_summary and stored.topic.entries else ""
    return f"- **{stored.topic.title}**" + (f": {says}" if says else f" ({stored.topic.subject})")
