"""how is an answer put in words? a model server writes, and each sentence passes the gate before it is shown

The passage from the notes is shown in any case. Nothing that is written is stored.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from assistant.answer import Answer
from assistant.answering.prompt_sources import GATE_ONLY, PromptSource, messages, prompt_sources
from assistant.grounding import Gate, GateSource, Verdict
from assistant.llm import ModelServer, ModelServerError, write
from index.embedding import Encoder
from index.errors import TopicsError
from index.library import Library
from index.markdown import sentence_spans

MAX_SENTENCES: Final = 20
"""Sentences of an answer that are judged at most: the prompt asks for six."""
MIN_PROMPT_SHARE: Final = 0.6
"""The least share of the sent tokens, as our model counts them, that a server must report: other tokenizers need .75 to
1.4 times as many. A server that reports less has truncated the prompt."""
MIN_PROMPT_TOKENS: Final = 100
"""Tokens of a prompt from which truncation can be told from differences of counting."""

NOT_ANSWERED: Final = "Your notes don't answer this, so the model was not asked."
NOTHING_TO_READ: Final = "The notes that answer are kept from models, so the model was not asked."
NOT_SUPPORTED: Final = "Nothing that the model wrote is supported by your notes."
WROTE_NOTHING: Final = "The model wrote nothing."
CUT: Final = (
    "The model server cut off part of the notes it was given, so what it wrote is not shown: give it a larger context."
)
BUSY: Final = "Another answer is being written. Try again when it is done."
STOPPED: Final = "Stopped."

_THOUGHTS: Final = re.compile(
    r"<(?P<tag>think|thinking|thought|reasoning|analysis)>.*?(?:</(?P=tag)>|\Z)"
    r"|<\|channel\|>\s*analysis.*?(?:<\|channel\|>\s*final\s*(?:<\|message\|>)?|\Z)|<\|[a-z_]+\|>",
    re.DOTALL | re.IGNORECASE,
)
_THOUGHT_END: Final = re.compile(r"\A.*?</(?:think|thinking|thought|reasoning|analysis)>", re.DOTALL | re.IGNORECASE)
_HEADING_LINE: Final = re.compile(r"^\s*#{1,6}\s.*$", re.MULTILINE)
_LINE_MARK: Final = re.compile(r"^\s*(?:[-*+•]\s+|\d{1,2}[.)]\s+|>\s*)+")
_EMPHASIS: Final = re.compile(r"\*\*|__")
_CITED_NEXT: Final = re.compile(r"\s*(?:\[[\d\s,;&–-]+\]\s*)+[.!]?")
_SAYS_NONE: Final = re.compile(r"\W*none\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence that passed the gate."""

    text: str
    sources: tuple[int, ...]
    """The numbers of the entries that support it."""
    probability: float
    """The probability that they support it, 0 to 1."""


@dataclass(frozen=True, slots=True)
class WithheldSentence:
    """A sentence that did not pass the gate."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class InWords:
    """An answer in words as far as it is written."""

    model: str = ""
    """Who writes: the model and its address."""
    sources: tuple[PromptSource, ...] = ()
    shown: tuple[WrittenSentence, ...] = ()
    withheld: tuple[WithheldSentence, ...] = ()
    problem: str = ""
    """Why the answer is missing or incomplete, in a sentence; empty if it is complete."""
    is_done: bool = False
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return plain values, without the fields of entries that only the gate needs."""
        fields = asdict(self)
        fields["sources"] = [
            {name: value for name, value in source.items() if name not in GATE_ONLY} for source in fields["sources"]
        ]
        return fields


@dataclass(slots=True)
class Writer:
    """Writes one answer at a time by a server."""

    server: ModelServer
    excluded: tuple[str, ...] = ()
    """Notes that no model may read, as in a `.gitignore`."""
    encoder: Encoder | None = None
    """The encoder of the gate; None for that of the library."""
    _busy: threading.Lock = field(default_factory=threading.Lock)

    def write(self, library: Library, answer: Answer, cancelled: threading.Event | None = None) -> Iterator[InWords]:
        """Yield the growing answer in words after each sentence; the last one is marked as done.

        An error becomes its `problem`, and the sentences that passed until then stay.
        """
        if not self._busy.acquire(blocking=False):
            yield InWords(self.server.name, problem=BUSY, is_done=True)
            return
        try:
            yield from self._write(library, answer, cancelled or threading.Event())
        finally:
            self._busy.release()

    def _write(self, library: Library, answer: Answer, cancelled: threading.Event) -> Iterator[InWords]:
        started = time.monotonic()
        state = InWords(self.server.name)
        try:
            sources = self._sources(library, answer)
            state = replace(state, sources=sources)
            for further in self._judged(library, answer.question, state, cancelled):
                yield (state := further)
            problem = STOPPED if cancelled.is_set() else _problem_of(state)
        except TopicsError as error:
            problem = str(error)
        if problem == CUT:
            state = replace(state, shown=())
        yield replace(state, problem=problem, is_done=True, seconds=round(time.monotonic() - started, 1))

    def _sources(self, library: Library, answer: Answer) -> tuple[PromptSource, ...]:
        if not (answer.answered and answer.kind == "passage"):
            raise ModelServerError(NOT_ANSWERED)
        if sources := prompt_sources(library, answer, self.excluded):
            return sources
        raise ModelServerError(NOTHING_TO_READ)

    def _judged(self, library: Library, question: str, state: InWords, cancelled: threading.Event) -> Iterator[InWords]:
        """Yield the growing answer after each judged sentence.

        Raises:
            TopicsError: the server fails, or has truncated the prompt.

        """
        prompt = messages(question, state.sources)
        sent = sum(library.encoder.tokenizer.count_tokens(message["content"]) for message in prompt)
        judging = _Judging(state, [source.for_gate for source in state.sources], self.encoder or library.encoder)
        text = ""
        for delta in write(self.server, prompt, cancelled):
            if delta.prompt_tokens and sent >= MIN_PROMPT_TOKENS and delta.prompt_tokens < MIN_PROMPT_SHARE * sent:
                raise ModelServerError(CUT)
            text += delta.text
            if delta.text:
                yield from judging.judge(_complete(text))
        if not cancelled.is_set():
            yield from judging.judge(sentences_of(text))


class _Judging:
    """Judges the sentences of an answer as they arrive, and starts again if the first ones prove to be thoughts."""

    def __init__(self, state: InWords, sources: Sequence[GateSource], encoder: Encoder) -> None:
        self._empty = state
        self._sources = sources
        self._encoder = encoder
        self._restart()

    def _restart(self) -> None:
        self._gate = Gate(self._sources, self._encoder)
        self._state = self._empty
        self._judged: list[str] = []

    def judge(self, sentences: Sequence[str]) -> Iterator[InWords]:
        """Yield the growing answer after each sentence that was not judged yet."""
        if list(sentences[: len(self._judged)]) != self._judged:
            self._restart()
        for sentence in sentences[len(self._judged) : MAX_SENTENCES]:
            self._judged.append(sentence)
            self._state = _with(self._state, self._gate.judge(sentence))
            yield self._state


def _with(state: InWords, verdict: Verdict) -> InWords:
    if verdict.is_shown:
        sentence = WrittenSentence(verdict.sentence, verdict.supported_by, round(verdict.probability, 3))
        return replace(state, shown=(*state.shown, sentence))
    return replace(state, withheld=(*state.withheld, WithheldSentence(verdict.sentence, verdict.reason)))


def _problem_of(state: InWords) -> str:
    """Return the remark below a complete answer."""
    if state.shown:
        return ""
    return NOT_SUPPORTED if state.withheld else WROTE_NOTHING


def _complete(text: str) -> list[str]:
    """Return the complete sentences of a growing text, to which not even a citation can be added."""
    sentences = sentences_of(text)
    last = sentences.pop() if sentences else ""
    return sentences[:-1] if last.startswith("[") else sentences


def sentences_of(text: str) -> list[str]:
    """Return the sentences that a model wrote, each with what it cites; without thoughts, marks of lists and headings.

    >>> sentences_of("<think>Hm.</think>- Wait, e.g. two hours. [1] Stir [2].")
    ['Wait, e.g. two hours. [1]', 'Stir [2].']
    """
    statement = _THOUGHTS.sub("", _THOUGHT_END.sub("", text) if "<think" not in text else text)
    lines = (
        _EMPHASIS.sub("", _LINE_MARK.sub("", line)).strip() for line in _HEADING_LINE.sub("", statement).splitlines()
    )
    return [sentence for line in lines if line for sentence in _of_line(line) if not _SAYS_NONE.fullmatch(sentence)]


def _of_line(line: str) -> list[str]:
    """Return the sentences of a line; a citation behind the full stop belongs to the sentence before it."""
    sentences: list[str] = []
    start = 0
    for _, end in _spans(line):
        if end <= start:
            continue
        cited = _CITED_NEXT.match(line, end)
        stop = cited.end() if cited else end
        sentences.append(line[start:stop].strip())
        start = stop
    rest = line[start:].strip()
    return [*sentences, rest] if rest else sentences


def _spans(line: str) -> Sequence[tuple[int, int]]:
    return sentence_spans(line) or [(0, len(line))]
