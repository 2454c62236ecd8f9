from __future__ import annotations

from pathlib import Path

import pytest

from index.embedding.model_store import StoredModel
from tests.assistant.running import Result, Topics


def said(result: Result) -> str:
    """Return what a command wrote, on one line."""
    return " ".join((result.out + result.err).split())


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that looks like a model, and loads."""
    monkeypatch.setenv("TOPICS_MODELS", str(tmp_path / "home"))
    monkeypatch.setattr(StoredModel, "verify", lambda _: None)
    folder = tmp_path / "somewhere" / "many-languages"
    folder.mkdir(parents=True)
    (folder / "modules.json").write_text("[]")
    return folder


def test_a_folder_that_was_added_is_used_by_its_name_and_marked_in_the_list(own: Topics, model: Path) -> None:
    assert "many-languages is known now" in said(own("model", "add", model))
    told = said(own("model", "use", "many-languages"))
    assert "Embedding 3 topics again takes a few seconds. Until then, questions are answered by word-count." in told
    listed = own("model", "list").out
    assert next(line.split()[0] for line in listed.splitlines() if "many-languages" in line) == "→"
    assert own("ask", "what are merge conflicts?").code == 0
    assert "is read by many-languages already" in said(own("model", "use", "many-languages"))


def test_a_model_that_is_not_there_is_told_with_those_that_are(own: Topics, model: Path) -> None:
    result = own("model", "use", "no-such-model")
    assert result.code == 1
    assert "There is no model 'no-such-model' here. Name one of all-MiniLM-L6-v2" in said(result)
    assert "holds no model" in said(own("model", "add", model.parent))
