"""how good are answers in words? how many there are, and how much of what a model writes the notes support"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from assistant.answering import InWords, Writer, ask
from assistant.evaluation.datasets import Judged
from index.library import Library
from index.progress import Phase, Progress, silent


@dataclass(frozen=True, slots=True)
class InWordsReport:
    """What came of asking a model server."""

    questions: int
    answered: int
    """Questions that the notes answer; the model is not asked the others."""
    in_words: int
    """Those that at least one sentence was shown for."""
    coverage: float
    """The share of the questions that the notes answer."""
    sentences: int
    """Sentences that the model wrote."""
    supported: float
    """The share of them that passed the gate."""
    withheld: float
    failed: int
    """Answers that a fault of the server ended."""
    seconds: float
    """For an answer, in the mean."""

    def to_json(self) -> dict[str, float]:
        """Return it as plain values."""
        return asdict(self)


def ask_in_words(
    library: Library, judged: Sequence[Judged], writer: Writer, progress: Progress = silent
) -> InWordsReport:
    """Ask every question, and have every answer put in words."""
    states = []
    for number, each in enumerate(judged):
        progress(Phase.ASKING, number, len(judged))
        answer = ask(library, each.question)
        if answer.answered and answer.kind == "passage":
            *_, last = writer.write(library, answer)
            states.append(last)
    return report_in_words(len(judged), states)


def report_in_words(questions: int, states: Iterable[InWords]) -> InWordsReport:
    """Return what came of answers that were written to their end."""
    last = list(states)
    shown = sum(len(state.shown) for state in last)
    sentences = shown + sum(len(state.withheld) for state in last)
    covered = sum(bool(state.shown) for state in last)
    failed = sum(bool(state.problem) and not (state.shown or state.withheld) for state in last)
    supported = shown / sentences if sentences else 0.0
    return InWordsReport(
        questions,
        len(last),
        covered,
        round(covered / max(len(last), 1), 3),
        sentences,
        round(supported, 3),
        round(1 - supported, 3) if sentences else 0.0,
        failed,
        round(sum(state.seconds for state in last) / max(len(last), 1), 2),
    )
