"""Loading a model over the network, from a hub on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.models.fetched import fetch, look_up
from assistant.models.known import known_models
from index.embedding.model_store import StoredModel
from index.errors import ModelError
from tests.assistant.models.hub_stub import serving_hub

REPOSITORY = "somebody/tiny-model"
FILES = {
    "config.json": b'{"model_type": "bert"}',
    "modules.json": b"[]",
    "1_Pooling/config.json": b"{}",
    "model.safetensors": b"weights" * 1000,
}


@pytest.fixture
def _loads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any folder be a model that loads."""
    monkeypatch.setattr(StoredModel, "verify", lambda _: None)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    others = {"onnx/model.onnx": b"other", "pytorch_model.bin": b"code", "README.md": b"# Tiny"}
    with serving_hub(REPOSITORY, FILES | others) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        yield address


@pytest.mark.usefixtures("_loads")
def test_what_is_read_of_a_model_is_loaded_and_nothing_else(hub: str, tmp_path: Path) -> None:
    found = look_up(REPOSITORY)
    assert (found.endpoint, sorted(found.files)) == (hub, sorted(FILES))
    folder = fetch(found, tmp_path / "home", tmp_path / "cache")
    assert {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()} == FILES
    assert [known.name for known in known_models(tmp_path / "home")][1:] == ["tiny-model"]


def test_a_file_that_is_not_what_the_list_promises_is_told_and_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    torn = {"model.safetensors": b"Weights" + FILES["model.safetensors"][7:]}
    with serving_hub(REPOSITORY, FILES, sent=torn) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        found = look_up(REPOSITORY)
        with pytest.raises(ModelError, match=r"model.safetensors of somebody/tiny-model came damaged"):
            fetch(found, tmp_path, tmp_path / "cache")
    assert list(tmp_path.iterdir()) == []


def test_without_a_network_it_is_said_which_folder_to_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match=r"cannot be loaded from http://127.0.0.1:9 .*topics model add FOLDER"):
        look_up(REPOSITORY)


def test_a_model_without_safe_weights_is_refused_before_anything_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving_hub(REPOSITORY, {"config.json": b"{}", "pytorch_model.bin": b"code"}) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        with pytest.raises(ModelError, match=r"holds no model.safetensors"):
            look_up(REPOSITORY)
