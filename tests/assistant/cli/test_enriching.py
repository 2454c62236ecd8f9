"""`topics enrich` and `topics eval --in-words`: what a model server writes once, and how good it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import settings
from tests.assistant.answering.stub_model_server import Stub, serving
from tests.assistant.running import QUESTION, YEAST, Topics
from tests.fakes import TokenEncoder

WAY = "what are functions that wrap functions for?"


def test_ways_to_ask_are_shown_kept_and_taken_back(own: Topics) -> None:
    with serving(Stub([f"1. {WAY}\n2. canary traffic of a new version\n"])) as stub:
        options = ("--llm", stub.url, "--llm-model", "small", "--subject", "Python")
        shown = own("enrich", *options, "--dry-run")
        assert WAY in shown.out
        assert own("enrich", "--erase").err.strip() == "No way to ask was written."
        assert "1 of 1" in own("enrich", *options).out
        assert "written for every topic" in own("enrich", *options).err
    assert own("enrich", "--erase").err.strip() == "1 way to ask taken back."


def test_a_subject_that_is_not_there_is_said(own: Topics) -> None:
    result = own("enrich", "--llm", "http://127.0.0.1:1", "--llm-model", "small", "--subject", "Cooking")
    assert result.code == 1
    assert "no subject 'Cooking'" in result.err


def test_answers_in_words_are_measured(own: Topics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "gate_encoder", lambda _: TokenEncoder())
    questions = tmp_path / "questions.jsonl"
    lines = [{"question": QUESTION, "topic": "Merge conflicts"}, {"question": YEAST, "answered": False}]
    questions.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with serving(Stub(["Rebase the branch, settle each file and push again [1]. Buy a lamp [1]."])) as stub:
        options = ("--in-words", "--llm", stub.url, "--llm-model", "small")
        report = json.loads(own("eval", questions, *options, "--json").out)
        said = own("eval", questions, *options).out
    assert (report["answered"], report["in_words"], report["supported"]) == (1, 1, 0.5)
    assert "coverage 1.000" in said
    assert "0.500 supported, 0.500 withheld" in said
