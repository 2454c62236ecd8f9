"""how are answers composed? two questions in one, a comparison, a keyword, the contents of the library"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from assistant.amounts import counted
from assistant.answer import Answer, Evidence, SubAnswer, TopicResult, passage_of, stands_of
from assistant.answering.passage import first_words, words_of_days
from assistant.answering.question_kind import AboutLibrary, AskedDays
from assistant.answering.settings import ANSWER
from assistant.location import anchor_json
from index.catalog import StoredTopic
from index.library import Library
from index.markdown import find_units, sentence_spans, visible_text
from index.records import NoteFilter
from index.retrieval import notes_text
from index.text import days, stemmed_words, stems, terms, title_key

LISTED: Final = 10
"""Topics that are listed in the answer to a question about the library."""

SUBJECT: Final = 3
"""Words at the beginning of a sentence that say what it is about."""
_COMPARING: Final = re.compile(
    r"\b(?:than|while|whereas|unlike|differ\w*|compared|contrast|vs|versus|both|neither|respectively"
    r"|confused with|same as|instead of|two \w+s|als|während|anders|unterschied\w*|dagegen|hingegen)\b",
    re.IGNORECASE,
)

APART: Final = 3
"""Words between two things from which on a sentence compares them; with fewer, it only lists both: "Argo CD or
Flux"."""
_ONE_OF_SOME: Final = re.compile(
    r"\b(?:like|such as|e\.?g\.?,?|including|namely|and|or|und|oder|wie)\W*$|[/&]\s*$", re.IGNORECASE
)

COUNTED: Final = 1_000
"""Topics that are searched at most to count those about something."""


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
    cards = {card.id: card for card in reversed((*main.hits[:1], *other.hits[:1], *main.hits[1:], *other.hits[1:]))}
    ordered = dict.fromkeys(card.id for card in (*main.hits[:1], *other.hits[:1], *main.hits[1:], *other.hits[1:]))
    return tuple(cards[id_] for id_ in ordered)[: max(len(main.hits), len(other.hits))]


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
    return replace(_unanswered(answer, note), confidence=min(answer.confidence, ANSWER.one_sided))


def _compares(answer: Answer, compared: tuple[str, str]) -> bool:
    """Say whether the passage that answers compares two things; naming both is not enough."""
    if not answer.answer:
        return False
    headings, text = _heading_lines(answer.hits[0]), visible_text(answer.answer.text)
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
    headings = stems(_heading_lines(card))
    units = [unit.span for unit in find_units(card.text).units if unit.kind in {"item", "sentence"}]

    def begins_with(side: str) -> tuple[int, int] | None:
        wanted = stems(side) - headings or stems(side)
        return next((span for span in units if wanted <= stems(_first_words(card.text[slice(*span)]))), None)

    first, second = map(begins_with, compared)
    if not (first and second) or first == second:
        return None
    text = "\n".join(f"- {' '.join(card.text[slice(*span)].split())}" for span in (first, second))
    marked = replace(card, highlights=tuple(sorted((first, second))))
    return replace(answer, answer=passage_of(card, first, text), hits=(marked, *answer.hits[1:]))


def _first_words(text: str) -> str:
    return " ".join(visible_text(text).split()[:SUBJECT])


def _are_separate(text: str, first: str, second: str) -> bool:
    """Say whether a text names two things at least `APART` words apart, the later one not as an item of a list.

    >>> _are_separate("An agent such as Argo CD or Flux does it.", "Argo CD", "Flux")
    False
    """
    places = [[start for stem, start, _ in stemmed_words(text) if stem in stems(side)] for side in (first, second)]
    if not all(places):
        return False
    earlier, later = sorted((min(places[0]), min(places[1])))
    return len(text[earlier:later].split()) > APART and not _ONE_OF_SOME.search(text[:later])


def _is_about(answer: Answer, thing: str) -> bool:
    """Say whether a heading above the passage names a thing, or a sentence in it begins with its name."""
    if not answer.answer:
        return False
    wanted, text = stems(thing), answer.answer.text
    begins = (_first_words(text[slice(*span)]) for span in sentence_spans(text))
    return any(wanted <= stems(text) for text in (_heading_lines(answer.hits[0]), *begins))


def _heading_lines(card: TopicResult) -> str:
    return "\n".join((card.subject, *card.parents, card.topic))


def _all_of(card: TopicResult) -> str:
    return "\n".join((_heading_lines(card), *card.entries.values()))


def _unanswered(answer: Answer, note: str) -> Answer:
    hits = tuple(replace(card, highlights=()) for card in answer.hits)
    return replace(answer, answered=False, answer=None, hits=hits, related=(), others=(), note=note)


def speaking_of(library: Library, answer: Answer) -> Answer:
    """Return the topics that hold a keyword, best first and with the keyword marked, but no answering passage."""
    wanted = stems(answer.question)
    containing = [card for card in answer.hits if wanted and wanted <= stems(_all_of(card))]
    containing.sort(key=lambda card: title_key(card.subject) != title_key(answer.question))
    if not containing:
        return answer
    marked = [replace(card, highlights=_where(card.text, wanted)) for card in containing]
    rest = [replace(card, highlights=()) for card in answer.hits if card not in containing]
    count = len(library.lexical().topics_containing(list(dict.fromkeys(terms(answer.question))), COUNTED))
    many = f"{counted(count, 'topic')}" if count < COUNTED else f"More than {COUNTED:,} topics"
    note = f"{many} {'speaks' if count == 1 else 'speak'} of {answer.question.strip(' ?!')}."
    return replace(_unanswered(answer, note), kind="topics", hits=(*marked, *rest))


def names_another_note(answer: Answer) -> bool:
    """Say whether a question that is the title of the first topic is also the name of another note."""
    wanted, first = title_key(answer.question), answer.hits[0].subject if answer.hits else ""
    others = {title_key(card.subject) for card in answer.hits[1:]}
    return wanted in others and wanted != title_key(first)


def _where(text: str, wanted: frozenset[str]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for stem, start, end in stemmed_words(text) if stem in wanted)


def overview(library: Library, wanted: AboutLibrary, nearest: Answer) -> Answer:
    """Return what the library holds, in all or about something: the number of topics, a list, or their beginnings."""
    topics = _topics_about(library, wanted.about)
    if not topics:
        return _unanswered(nearest, "")
    lines = (
        _subjects(topics)
        if not wanted.about
        else [_listed(topic, is_summary=wanted.wish == "summary") for topic in topics]
    )
    return _contents(topics, f" about {wanted.about}" if wanted.about else "", lines, nearest)


def of_notes(library: Library, notes: NoteFilter, limit: int) -> Answer:
    """Return the topics of notes that a filter alone asks for, newest first."""
    ids = library.topics_of(notes)
    cards = tuple(_first_entry(stored) for stored in library.topics(ids[:limit]).values() if stored.topic.entries)
    filter_text = notes_text(notes)
    note = (
        f"{counted(len(ids), 'topic')} for {filter_text}, the newest first."
        if ids
        else f"There is no topic for {filter_text}."
    )
    return Answer(
        "",
        answered=False,
        confidence=0.0,
        slot=None,
        answer=None,
        hits=cards,
        related=(),
        elapsed_ms=0.0,
        kind="topics",
        note=note,
    )


def _first_entry(stored: StoredTopic) -> TopicResult:
    topic, entry = stored.topic, stored.topic.entries[0]
    return TopicResult(
        id=stored.topic_id,
        subject=topic.subject,
        topic=topic.title,
        slot=entry.slot,
        score=0.0,
        text=entry.text,
        highlights=(),
        why=(),
        path=stored.path,
        line=entry.line,
        entries={each.slot or "": each.text for each in topic.entries},
        parents=topic.parents,
        anchor=anchor_json(entry.location(0).anchor),
        stands=stands_of(entry),
    )


def of_days(library: Library, wanted: AskedDays, nearest: Answer) -> Answer:
    """Return the topics of a day or a month in order of date, each with its beginning."""
    lexical = library.lexical()
    ids = dict.fromkeys(id_ for day in wanted.days for id_ in lexical.topics_containing([day], COUNTED))
    topics = list(library.topics(ids).values())
    lines = [_topic_item(stored, _of_day(stored, wanted.days)) for stored in topics]
    return _contents(topics, f" of {wanted.words}", lines, nearest) if topics else nearest


def _of_day(stored: StoredTopic, wanted: Sequence[str]) -> str:
    """Return what a topic says of days: the sentence that names one, or its beginning if its title does."""
    topic = stored.topic
    is_called = not set(wanted).isdisjoint(days(f"{topic.heading_path}\n{stored.path}"))
    named = (words_of_days(entry.text, wanted) for entry in topic.entries)
    return ("" if is_called else next(filter(None, named), "")) or first_words(topic.entries[0].text)


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
    evidence = Evidence(
        text,
        first.topic.subject,
        first.topic.title,
        None,
        first.path,
        first.topic.line,
        more,
        anchor_json(first.topic.anchor),
    )
    return replace(_unanswered(nearest, ""), answered=True, confidence=1.0, answer=evidence, kind="contents")


def _topics_about(library: Library, about: str) -> Sequence[StoredTopic]:
    """Return the topics about something, those named so first; for no thing, a sample of each subject."""
    if not about:
        return library.reader.sample_topics(COUNTED)
    topics = library.topics(library.lexical().topics_containing(list(dict.fromkeys(terms(about))), COUNTED))
    wanted = stems(about)
    return sorted(topics.values(), key=lambda stored: not wanted <= stems(stored.topic.heading_path))


def _listed(stored: StoredTopic, *, is_summary: bool) -> str:
    says = first_words(stored.topic.entries[0].text) if is_summary and stored.topic.entries else ""
    return _topic_item(stored, says)


def _topic_item(stored: StoredTopic, says: str) -> str:
    return f"- **{stored.topic.title}**" + (f": {says}" if says else f" ({stored.topic.subject})")
