"""What is said of answers in words is counted from what was shown and what was withheld."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering import InWords, Writer
from assistant.answering.generation import WithheldSentence, WrittenSentence
from assistant.evaluation.datasets import Judged
from assistant.evaluation.in_words import ask_in_words, report_in_words
from assistant.llm import ModelServer
from index.library import Library
from tests.assistant.answering.stub_model_server import Stub, serving
from tests.assistant.running import QUESTION, YEAST
from tests.fakes import TokenEncoder


def test_shares_are_of_sentences_and_coverage_of_answers() -> None:
    good, bad = WrittenSentence("a", (1,), 0.9), WithheldSentence("b", "no")
    states = [
        InWords(shown=(good, good), withheld=(bad,), seconds=1.0),
        InWords(withheld=(bad,), problem="Nothing.", seconds=2.0),
        InWords(problem="It broke off.", seconds=3.0),
    ]
    report = report_in_words(5, states)
    assert (report.questions, report.answered, report.in_words, report.sentences, report.failed) == (5, 3, 1, 4, 1)
    assert report.coverage == pytest.approx(1 / 3, abs=1e-3)
    assert (report.supported, report.withheld, report.seconds) == (0.5, 0.5, 2.0)


def test_the_model_is_asked_only_what_the_notes_answer(library_of: Callable[..., Library], notes: Path) -> None:
    library = library_of(notes, TokenEncoder())
    judged = [Judged(question) for question in (QUESTION, YEAST)]
    with serving(Stub(["Rebase the branch, settle each file and push again [1]. Buy a lamp [1]."])) as stub:
        report = ask_in_words(library, judged, Writer(ModelServer(stub.url, "small")))
    assert (report.questions, report.answered, report.in_words, report.supported) == (2, 1, 1, 0.5)
