"""Answer and its parts: frozen dataclasses, and the JSON that every door gives out"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from html import escape
from typing import Any, Final, Literal, TypeAlias

from assistant.location import AnchorJson, anchor_json, location
from index.markdown import to_html
from index.records import Entry, Slot, Span, Topic
from index.text import is_jsonl

FoundBy: TypeAlias = Literal["meaning", "words"]
MAX_CONFIDENCE_SHOWN: Final = 0.99
"""More than this nobody can promise."""

AnswerKind: TypeAlias = Literal["passage", "topics", "contents"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passage that answers, and where it stands."""

    text: str
    """As Markdown, with the head of its table or the label above it."""
    subject: str
    topic: str
    slot: Slot | None
    path: str
    line: int
    """Where the passage begins in the file, counted from 1."""
    more: int = 0
    """How many items, rows or lines of it are left out at its end."""
    anchor: AnchorJson | None = None
    """Where it stands in a document that is no note: `{"page": 3}`."""

    @property
    def location(self) -> str:
        """Return where it stands, in words."""
        return location(self.path, self.line, self.anchor)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a stretch of an entry begins to stand in a document that is no note."""

    start: int
    """Where it begins in the entry, in characters."""
    line: int
    anchor: AnchorJson | None


def stands_of(entry: Entry) -> tuple[Stand, ...]:
    """Return where each stretch of an entry stands."""
    return tuple(Stand(place.start, place.line, anchor_json(place.anchor)) for place in entry.locations)


@dataclass(frozen=True, slots=True)
class TopicResult:
    """A topic that matches the question, its best entry first."""

    id: str
    subject: str
    topic: str
    slot: Slot | None
    score: float
    """0 to 1; 1.0 is a topic whose title is the question, or that was marked as answering it."""
    text: str
    """The best entry, as Markdown."""
    highlights: tuple[Span, ...]
    """Where in `text` the passage stands that answers; empty for a card that doesn't."""
    why: tuple[str, ...]
    """The words of the topic that carried the match, as it writes them: those that the question shares, then others
    that mean the same."""
    path: str
    line: int
    """Where `text` begins in the file, counted from 1."""
    entries: dict[str, str]
    """Every entry by its slot, in the note's order; one without a slot stands under the empty name."""
    parents: tuple[str, ...] = ()
    """The headings between the subject and the topic, outermost first."""
    anchor: AnchorJson | None = None
    """Where `text` begins in a document that is no note."""
    stands: tuple[Stand, ...] = ()
    """Where each stretch of `text` stands in such a document, in order."""

    @property
    def location(self) -> str:
        """Return where it stands, in words."""
        return location(self.path, self.line, self.anchor)

    @property
    def headings(self) -> str:
        """Return its subject, the headings above it and its title, one a line."""
        return "\n".join((self.subject, *self.parents, self.topic))


def topic_result(  # what each caller knows of a topic
    id: str, path: str, topic: Topic, entry: Entry, *, score: float = 0.0, why: tuple[str, ...] = ()
) -> TopicResult:
    """Return a topic as a result that shows one of its entries."""
    return TopicResult(
        id=id,
        subject=topic.subject,
        topic=topic.title,
        slot=entry.slot,
        score=round(min(max(score, 0.0), 1.0), 3),
        text=entry.text,
        highlights=(),
        why=why,
        path=path,
        line=entry.line,
        entries={each.slot or "": each.text for each in topic.entries},
        parents=topic.parents,
        anchor=anchor_json(entry.location(0).anchor),
        stands=stands_of(entry),
    )


@dataclass(frozen=True, slots=True)
class Related:
    """A topic that belongs beside the answer."""

    subject: str
    topic: str
    score: float
    """The probability that a reader would put it beside the answer, 0 to 1."""
    why: tuple[str, ...]
    """What both speak of, the most telling first, as this one writes it."""
    id: str
    """Its topic id, by which the pages find it: two files may have topics of the same subject and title."""
    path: str
    line: int
    """Where its heading stands in the file, counted from 1."""
    parents: tuple[str, ...] = ()
    """The headings between the subject and the topic, outermost first."""
    anchor: AnchorJson | None = None
    """Where its heading stands in a document that is no note."""

    def to_json(self) -> dict[str, Any]:
        """Return its fields of the public contract."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SubAnswer:
    """One of two questions in one sentence, or one of the things compared, with what the notes say of it."""

    question: str
    answered: bool
    confidence: float
    answer: Evidence | None


@dataclass(frozen=True, slots=True)
class ReadAs:
    """A word of a question that was taken for a misspelling, or a name by another one of the same thing."""

    typed: str
    read: str
    """The word of the notes that it was read as."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How a question that leans on the one before it was read."""

    after: str
    """The question before it, in full."""
    about: str
    """The title of the topic that answered that one; empty where the notes did not."""
    read: str
    """What it asks in full."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the notes say to one question."""

    question: str
    answered: bool
    confidence: float
    """The probability that the notes answer the question, 0 to 1."""
    slot: Slot | None
    """The slot that the question asks for; if it does not say, that of the best entry."""
    answer: Evidence | None
    """None when the notes don't answer."""
    hits: tuple[TopicResult, ...]
    """Topics in order, best first; the nearest ones when the notes don't answer."""
    related: tuple[Related, ...]
    elapsed_ms: float
    id: str | None = None
    """The question's id in a batch."""
    found_by: FoundBy = "meaning"
    """By words alone until the first notes of a library are embedded: nothing is said then of whether they answer."""
    kind: AnswerKind = "passage"
    """`topics` where a keyword was typed, which asks for no passage: those that hold it come first. `contents` where
    the library itself was asked for: the answer is a list of its topics."""
    parts: tuple[SubAnswer, ...] = ()
    """Where two questions were asked in one, or two things compared, each of them."""
    others: tuple[Evidence, ...] = ()
    """What other notes say in the same words with another number or code; the answer is the newest."""
    note: str = ""
    """What else a person must know, in a sentence: which half is not answered, that notes contradict each other,
    that the model does not read the question's language."""
    read_as: tuple[ReadAs, ...] = ()
    """The words of the question that were put right."""
    follow_up: FollowUp | None = None
    """How it was read after the question before it; None where it stands alone."""
    filter: str = ""
    """Which notes were searched, as it is typed; empty where all were."""

    @property
    def full_question(self) -> str:
        """The question in full, which can be saved and asked again without the one before it."""
        return self.follow_up.read if self.follow_up else self.question

    def to_json(self) -> dict[str, Any]:
        """Return the public contract: one object of plain values, the id first."""
        fields = asdict(self)
        return {"id": fields.pop("id"), **fields}

    def _repr_html_(self) -> str:
        """Return it as a notebook shows it: whatever a note holds, nothing runs and nothing is loaded."""
        passage = _passage_html(self.answer) if self.answer else "<p>Your notes don’t say.</p>"
        items = "".join(f"<li>{_cited(card.topic, card.location)}</li>" for card in self.hits)
        return f"<div><p><strong>{escape(self.question)}</strong></p>{passage}<ol>{items}</ol></div>"


def _passage_html(passage: Evidence) -> str:
    return f"<blockquote>{to_html(passage.text)}</blockquote><p>{_cited(passage.topic, passage.location)}</p>"


def _cited(topic: str, location: str) -> str:
    return f"{escape(topic)} · <code>{escape(location)}</code>"


def passage_of(card: TopicResult, span: Span, text: str, more: int = 0) -> Evidence:
    """Return a passage of the entry that a card shows, with where it begins in the note."""
    before = [stand for stand in card.stands if stand.start <= span[0]]
    stand = before[-1] if before else Stand(0, card.line, card.anchor)
    line = card.line if is_jsonl(card.path) else stand.line + card.text.count("\n", stand.start, span[0])
    return Evidence(text, card.subject, card.topic, card.slot, card.path, line, more, stand.anchor)


def without_answer(answer: Answer) -> Answer:
    """Return what is left of an answer that a person said is none: the same topics, none of which answers."""
    hits = tuple(replace(card, highlights=()) for card in answer.hits)
    return replace(answer, answered=False, answer=None, hits=hits, parts=(), others=(), note="")


def read_as_words(answer: Answer) -> str:
    """Return what words of the question were read as, in words; nothing where all were read as typed.

    >>> answer = Answer("Brandl?", False, 0.1, None, None, (), (), 1.0, read_as=(ReadAs("Brandl", "Brandt"),))
    >>> read_as_words(answer)
    '“Brandl” read as “Brandt”'
    """
    return ", ".join(f"“{word.typed}” read as “{word.read}”" for word in answer.read_as)


def confidence_words(confidence: float) -> tuple[str, str]:
    r"""Return how sure an answer is, in words and in percent: never all of them, which nobody can promise.

    >>> confidence_words(0.999)
    ('very likely', '99\xa0%')
    """
    words = "very likely" if confidence >= 0.9 else "likely" if confidence >= 0.7 else "possibly"
    return words, f"{round(min(confidence, MAX_CONFIDENCE_SHOWN) * 100)}\u00a0%"  # both on one line


def more_of(evidence: Evidence) -> str:
    """Return a line that says how much of a passage is left out; nothing where all is shown."""
    return f"\n… {evidence.more} more" if evidence.more else ""
