"""which answers list topics? those to a keyword, to a filter alone, to a day, and to a question about the library"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.amounts import counted
from assistant.answer import Answer, Evidence, TopicResult, topic_result, without_answer
from assistant.answering.passage import first_words, words_of_days
from assistant.answering.question_kind import AboutLibrary, AskedDays
from assistant.location import anchor_json
from index.catalog import StoredTopic
from index.library import Library
from index.records import NoteFilter
from index.retrieval import notes_text
from index.text import days, stemmed_words, stems, terms, title_key

MAX_LISTED: Final = 10
"""Topics that are listed in the answer to a question about the library."""

MAX_COUNTED: Final = 1_000
"""Topics that are searched at most to count those about something."""


def speaking_of(library: Library, answer: Answer) -> Answer:
    """Return the topics that hold a keyword, best first and with the keyword marked, but no answering passage."""
    wanted = stems(answer.question)
    containing = [card for card in answer.hits if wanted and wanted <= stems(_whole_text(card))]
    containing.sort(key=lambda card: title_key(card.subject) != title_key(answer.question))
    if not containing:
        return answer
    marked = [replace(card, highlights=_where(card.text, wanted)) for card in containing]
    rest = [replace(card, highlights=()) for card in answer.hits if card not in containing]
    count = len(library.lexical().topics_containing(list(dict.fromkeys(terms(answer.question))), MAX_COUNTED))
    many = f"{counted(count, 'topic')}" if count < MAX_COUNTED else f"More than {MAX_COUNTED:,} topics"
    note = f"{many} {'speaks' if count == 1 else 'speak'} of {answer.question.strip(' ?!')}."
    return replace(without_answer(answer), kind="topics", hits=(*marked, *rest), related=(), note=note)


def _whole_text(card: TopicResult) -> str:
    return "\n".join((card.headings, *card.entries.values()))


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
        return replace(without_answer(nearest), related=())
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
    return topic_result(stored.topic_id, stored.path, stored.topic, stored.topic.entries[0])


def of_days(library: Library, wanted: AskedDays, nearest: Answer) -> Answer:
    """Return the topics of a day or a month in order of date, each with its beginning."""
    lexical = library.lexical()
    ids = dict.fromkeys(id_ for day in wanted.days for id_ in lexical.topics_containing([day], MAX_COUNTED))
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
    text = "\n".join((head, "", *lines[:MAX_LISTED]))
    more = max(len(lines) - MAX_LISTED, 0)
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
    return replace(without_answer(nearest), answered=True, confidence=1.0, answer=evidence, related=(), kind="contents")


def _topics_about(library: Library, about: str) -> Sequence[StoredTopic]:
    """Return the topics about something, those named so first; for no thing, a sample of each subject."""
    if not about:
        return library.reader.sample_topics(MAX_COUNTED)
    topics = library.topics(library.lexical().topics_containing(list(dict.fromkeys(terms(about))), MAX_COUNTED))
    wanted = stems(about)
    return sorted(topics.values(), key=lambda stored: not wanted <= stems(stored.topic.heading_path))


def _listed(stored: StoredTopic, *, is_summary: bool) -> str:
    says = first_words(stored.topic.entries[0].text) if is_summary and stored.topic.entries else ""
    return _topic_item(stored, says)


def _topic_item(stored: StoredTopic, says: str) -> str:
    return f"- **{stored.topic.title}**" + (f": {says}" if says else f" ({stored.topic.subject})")
