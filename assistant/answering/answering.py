"""what do the notes say to a question? the steps from question to Answer, in order"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, TypeAlias

from assistant.answer import Answer, Evidence, FollowUp, ReadAs, TopicResult, passage_of, topic_result
from assistant.answering.asking_words import said_above
from assistant.answering.combined import both, compare_sides
from assistant.answering.confidence import Features, confidence, features, settings_of
from assistant.answering.coverage import Coverage, cover
from assistant.answering.follow_up import Before, leans, read_after
from assistant.answering.listings import names_another_note, of_days, of_notes, overview, speaking_of
from assistant.answering.passage import (
    LIKELY,
    MAX_WORDS,
    Shown,
    align,
    align_in_place,
    best_passage,
    day_above,
    forbids,
    heading_states,
    lacks_number,
    like_words,
    note_field,
    shared_words,
)
from assistant.answering.question_kind import about_library, asked_days, is_keyword, sides, two_questions
from assistant.answering.says_nothing import says_no_more
from assistant.answering.section import asked_section, steps_below
from assistant.answering.settings import ANSWER
from assistant.answering.slots import likeliest, slot_preferences, weights_of
from assistant.answering.unread_language import unread_language
from assistant.discovery import related_topics, with_others
from assistant.preferences import read_preferences
from assistant.settings import answered_from
from index.errors import QuestionError
from index.library import Library
from index.records import ALL_NOTES, Entry, Hit, NoteFilter, Slot, Topic
from index.retrieval import QueryTerms, SearchResults, notes_text, with_first
from index.text import (
    Renamed,
    Replaced,
    compared,
    numbered,
    renamed,
    stems,
    storable,
    title_key,
)

Ask: TypeAlias = Callable[[str], Answer]

DEFAULT_LIMIT: Final = 5
"""Topics in an answer if no other number is given."""


def ask(
    library: Library,
    question: str,
    *,
    limit: int = DEFAULT_LIMIT,
    subject: str | None = None,
    slot: Slot | None = None,
    id: str | None = None,
    threshold: float | None = None,
    notes: NoteFilter = ALL_NOTES,
    as_typed: bool = False,
    after: str = "",
) -> Answer:
    """Return what the notes say to a question, with at most `limit` topics, of a subject or slot if given.

    Searched are the notes that both `notes` and the filters in the question let through. Misspelt words are corrected
    unless `as_typed`. A follow-up is read with the question `after` which it comes and the topic that answered that.
    The notes count as answering from the probability `threshold` on, by default that of the settings.

    Raises:
        QuestionError: the question is empty, too long, or names an unknown subject.
        LibraryError: the library cannot be read, or was made with another model.

    """
    started = time.perf_counter()
    question = as_asked(question)
    follow_up = _follow_up(library, question, storable(after))
    full_question = follow_up.read if follow_up else question

    with library.reading():  # one revision for all sub-questions
        library.expect(full_question)
        narrowed = library.narrowed(full_question)
        notes = narrowed.notes & notes
        asking = _Asking(library, limit, narrowed.subject or subject, narrowed.slot or slot, notes, as_typed, threshold)
        answer = asking.by_kind(narrowed.text) if narrowed.text else of_notes(library, notes, limit)
    if not answer.answered and not answer.note:
        answer = replace(answer, note=unread_language(question, library.encoder.name))
    elapsed = round((time.perf_counter() - started) * 1000, 1)
    return replace(
        answer,
        question=question,
        id=id,
        elapsed_ms=elapsed,
        read_as=tuple(asking.read_as),
        follow_up=follow_up,
        filter=notes_text(notes),
    )


@dataclass(slots=True)
class _Asking:
    """A question under way: where it is searched, and which of its words were put right so far."""

    library: Library
    limit: int
    subject: str | None
    slot: Slot | None
    notes: NoteFilter
    as_typed: bool
    threshold: float | None
    read_as: dict[ReadAs, None] = field(default_factory=dict)
    """An ordered set: two questions in one may have a word in common."""

    def by_kind(self, question: str) -> Answer:
        """Answer a question by its kind."""
        return _by_kind(self.library, question, self.plainly, is_filtered=bool(self.subject or self.slot or self.notes))

    def plainly(self, question: str) -> Answer:
        """Answer a question that asks for one thing, or the same by another of its names if that is surer."""
        results = self._find(question)
        self.read_as.update(dict.fromkeys(map(_read_as, results.query.replaced)))
        answer = self._answered(question, results)
        for other_name, results_by_name in () if self.as_typed else self._by_other_names(question, results):
            by_other_name = self._answered(question, results_by_name)
            if by_other_name.confidence > answer.confidence:
                self.read_as[ReadAs(other_name.before, other_name.after)] = None
                return by_other_name
        return answer

    def _by_other_names(self, question: str, results: SearchResults) -> Iterator[tuple[Renamed, SearchResults]]:
        """Yield what matches a question by another name: an abbreviation of its results, or a number for an ordinal."""
        if other_name := renamed(question, (hit.topic.full_text for hit in results.hits)):
            yield other_name, self._find(other_name.text)
        if ordinal := numbered(question):
            by_number = self._find(ordinal.renamed.text)
            if by_number.hits and ordinal.is_in(by_number.hits[0].topic.heading_path):
                yield ordinal.renamed, by_number

    def _find(self, question: str) -> SearchResults:
        limit = max(self.limit, 2)
        return self.library.find(
            question, limit, subject=self.subject, slot=self.slot, notes=self.notes, as_typed=self.as_typed
        )

    def _answered(self, question: str, results: SearchResults) -> Answer:
        return _answer_from_results(self.library, question, results, self.limit, self.threshold)


def _follow_up(library: Library, question: str, after: str) -> FollowUp | None:
    """Return how a follow-up is read after the question before it; None for a question that stands alone."""
    if not after.strip() or not leans(question, after) or library.snapshot().has_title(title_key(question)):
        return None
    before = ask(library, after, limit=1)
    return read_after(question, Before(after, before.hits[0].topic if before.answered else ""))


def search(
    library: Library,
    question: str,
    *,
    limit: int = DEFAULT_LIMIT,
    start: int = 0,
    subject: str | None = None,
    slot: Slot | None = None,
    notes: NoteFilter = ALL_NOTES,
    as_typed: bool = False,
) -> tuple[TopicResult, ...]:
    """Return the topics that match a question, best first, from position `start` on, without an answer.

    Raises:
        QuestionError: the question is empty, too long, or names an unknown subject.
        LibraryError: the library cannot be read, or was made with another model.

    """
    asked_for = as_asked(question)
    results = library.find(asked_for, start + limit, subject=subject, slot=slot, notes=notes, as_typed=as_typed)
    preferences = _preferences(library, results)
    chosen = (_choose(results, hit, preferences) for hit in results.hits[start:])
    return tuple(_topic_result(library, results, each) for each in chosen)


def _by_kind(library: Library, question: str, ask_plainly: Ask, *, is_filtered: bool) -> Answer:
    """Answer a question by its kind; a question that is a title asks for its topic."""
    if library.snapshot().has_title(title_key(question)):
        titled = ask_plainly(question)
        is_ambiguous = is_keyword(question) and names_another_note(titled)
        return speaking_of(library, titled) if is_ambiguous else titled
    if (wanted := about_library(question)) and not is_filtered:
        return overview(library, wanted, ask_plainly(wanted.about or question))
    if (days := asked_days(question)) and not is_filtered:
        return of_days(library, days, ask_plainly(question))
    if two := two_questions(question):
        return both(*map(ask_plainly, two))
    answer = ask_plainly(question)
    if is_keyword(question):
        return speaking_of(library, answer)
    two_sides = sides(question)
    return compare_sides(answer, two_sides, ask_plainly) if two_sides else answer


def _read_as(word: Replaced) -> ReadAs:
    return ReadAs(word.typed, word.read.capitalize() if word.typed[0].isupper() else word.read)


def _answer_from_results(
    library: Library, question: str, results: SearchResults, limit: int, threshold: float | None
) -> Answer:
    """Return what the notes say to a question that asks for one thing.

    At least two topics are searched: how far the first leads the second is a feature of confidence.
    """
    preferences = _preferences(library, results)
    results = _with_asked_first(library, results, preferences)
    query, hits = results.query, results.hits[:limit]
    asked_for = query.slot or likeliest(preferences)
    chosen = [_choose(results, hit, preferences) for hit in hits]
    cards = tuple(_topic_result(library, results, each) for each in chosen)
    probability, passage = 0.0, None
    if chosen:
        covered, passage = _best_answer(library, results, chosen[0], preferences)
        probability = confidence(results.hits, covered, settings_of(library.encoder.calibration))
    from_here = answered_from(read_preferences(library).threshold) if threshold is None else threshold
    answered = bool(passage) and probability >= from_here
    if passage and answered:
        cards = (replace(cards[0], highlights=passage.spans), *cards[1:])
    answer = Answer(
        question=question,
        answered=answered,
        confidence=round(probability, 3),
        slot=asked_for or (cards[0].slot if cards else None),
        answer=_evidence(cards[0], passage) if passage and answered else None,
        hits=cards,
        related=related_topics(library, hits[0].row_id, hits[0].topic) if answered else (),
        elapsed_ms=0.0,
    )
    return with_others(library, answer) if answered else answer


def _evidence(card: TopicResult, passage: Shown) -> Evidence:
    """Return the passage that answers with its place: that of front matter is the first line of its note."""
    evidence = passage_of(card, passage.span, passage.text, passage.more)
    return replace(evidence, line=1) if passage.is_note_field and not evidence.anchor else evidence


def weigh(library: Library, question: str) -> tuple[Features, Coverage, Hit] | None:
    """Return the features of confidence, the coverage and the first hit of a question that asks for one thing.

    None if no topic matches.
    """
    results = library.find(question, 2)
    if not results.hits:
        return None
    preferences = _preferences(library, results)
    results = _with_asked_first(library, results, preferences)
    covered, _ = _best_answer(library, results, _choose(results, results.hits[0], preferences), preferences)
    return features(results.hits, covered), covered, results.hits[0]


def _with_asked_first(library: Library, results: SearchResults, preferences: Mapping[Slot, float]) -> SearchResults:
    """Put the section first that says what is asked of the note that is named, or the topic with its front matter."""
    return _with_note_first(library, _with_section_first(results, preferences), preferences)


def _with_section_first(results: SearchResults, preferences: Mapping[Slot, float]) -> SearchResults:
    terms, hits = results.terms_alone, results.hits
    way = preferences.get("How", 0.0)
    section = asked_section(terms, hits[0], results.sections, way) if results.sections else None
    section = section or steps_below(terms.question, hits, way)
    return results._replace(hits=with_first(hits, section)) if section else results


def _with_note_first(library: Library, results: SearchResults, preferences: Mapping[Slot, float]) -> SearchResults:
    """Put the topic first that has its note's front matter, where a field of it answers and the first topic doesn't."""
    question, first = results.query.text, results.hits[:1]
    of_note = (hit for hit in (*results.hits, *results.sections) if hit.path == first[0].path)
    holder = next((hit for hit in of_note if note_field(question, hit.topic, "", hit.note_name)), None)
    if not holder or holder.row_id == first[0].row_id:
        return results
    _, passage = _best_answer(library, results, _choose(results, first[0], preferences), preferences)
    answers = note_field(question, holder.topic, passage.text, holder.note_name)
    return results._replace(hits=with_first(results.hits, holder)) if answers else results


def _preferences(library: Library, results: SearchResults) -> Mapping[Slot, float]:
    """Return the probability that a question asks for each slot: 1 for a slot that it names."""
    query, encoder = results.query, library.encoder
    if query.slot:
        return {query.slot: 1.0}
    return slot_preferences(query.text, results.vector, weights_of(encoder.name, encoder.calibration))


def as_asked(typed: str) -> str:
    """Return a question without surrounding space, with characters that can be stored.

    Raises:
        QuestionError: it is empty.

    """
    question = storable(typed).strip()
    if not question:
        raise QuestionError("The question is empty. Ask in your own words, for example: what is GitOps?")
    return question


def _choose_entry(hit: Hit, query_terms: QueryTerms, preferences: Mapping[Slot, float]) -> int:
    """Return the position of the best entry, preferring the slot asked for unless another is clearly better.

    The less certain the slot, the more it counts which entry holds the words of the question that are in no heading.
    """
    weights = query_terms.weights * ~query_terms.are_in(stems(hit.topic.heading_path))
    contained_preference = ANSWER.contained_preference * (1 - max(preferences.values()))

    def preference(position: int) -> float:
        entry = hit.topic.entries[position]
        contained = float(weights[query_terms.are_in(stems(entry.text))].sum())
        preferred = preferences.get(entry.slot, 0.0) if entry.slot else 0.0
        return (
            ANSWER.entry_weight * hit.entry_scores[position]
            + ANSWER.slot_preference * preferred
            + contained_preference * contained
        )

    return max(range(len(hit.entry_scores)), key=preference)


class _Chosen(NamedTuple):
    """A topic, and which of its entries is shown."""

    hit: Hit
    position: int

    @property
    def entry(self) -> Entry:
        """The entry that is shown."""
        return self.hit.topic.entries[self.position]


def _choose(results: SearchResults, hit: Hit, preferences: Mapping[Slot, float]) -> _Chosen:
    return _Chosen(hit, _choose_entry(hit, results.terms_alone, preferences))


def _topic_result(library: Library, results: SearchResults, chosen: _Chosen) -> TopicResult:
    hit, entry, terms_alone = chosen.hit, chosen.entry, results.terms_alone
    shared = shared_words(terms_alone, hit.topic)
    alike = like_words(terms_alone, entry.text, library.encoder.tokenizer)
    why = (*shared, *(word for word in alike if compared(word) not in map(compared, shared)))
    return topic_result(hit.id, hit.path, hit.topic, entry, score=hit.score, why=why[:MAX_WORDS])


def _best_answer(
    library: Library, results: SearchResults, chosen: _Chosen, preferences: Mapping[Slot, float]
) -> tuple[Coverage, Shown]:
    """Return the passage of the first result's entry that answers, and how far it covers the question."""
    (hit, position), text, tokenizer = chosen, chosen.entry.text, library.encoder.tokenizer
    alignment = align(results.terms_alone, text, tokenizer)
    passages = library.reader.entry_tokens(hit.row_id, position)
    in_place = align_in_place(results.query_terms, hit.topic, text, passages, tokenizer)
    doing = 1 - preferences.get("What", 0.0)
    headings = said_above(results, hit)
    way = preferences.get("How", 0.0)
    passage = best_passage(alignment, hit.entry_spans[position], headings, in_place, doing, way)
    if field := note_field(results.query.text, hit.topic, passage.text, hit.note_name):
        passage = Shown((0, 0), field, is_note_field=True)
    passage = _below_stated_heading(results.query.text, hit.topic, passage)
    covered = cover(library, results, hit, passage)
    is_echo = way > LIKELY and says_no_more(results.query.text, text[slice(*passage.span)])
    return covered._replace(is_empty=covered.is_empty or is_echo or passage.is_drawing), passage


def _below_stated_heading(question: str, topic: Topic, passage: Shown) -> Shown:
    """Return a passage below the heading of its topic that alone states the amount, the day or the ban asked for."""
    is_amount = heading_states(question, topic.title) and lacks_number(
        question, passage.text, stems(topic.heading_path)
    )
    is_ban = forbids(topic.title) and not (forbids(passage.text) or passage.text.endswith((".", "!", "?")))
    heading = topic.title if is_amount or is_ban else day_above(question, topic, passage.text)
    return passage._replace(text=f"{heading}\n\n{passage.text}") if heading else passage
