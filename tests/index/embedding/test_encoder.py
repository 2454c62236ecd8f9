from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.embedding.encoder import BULK_FROM, ModelEncoder
from index.embedding.export_manifest import ExportManifest
from index.embedding.model_store import DEFAULT_MODEL, DEFAULT_MODEL_SHA256, StoredModel, default_model_folder
from index.errors import ModelError
from index.records import Encoded


def test_the_default_model_has_one_name(tmp_path: Path) -> None:
    assert ModelEncoder("sentence-transformers/all-MiniLM-L6-v2", tmp_path).name == DEFAULT_MODEL


def test_a_model_in_a_folder_is_remembered_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)
    assert ModelEncoder("mine", tmp_path).name == str(tmp_path / "mine")


def test_the_default_model_is_the_published_one() -> None:
    weights = (default_model_folder() / "model.safetensors").read_bytes()
    assert hashlib.sha256(weights).hexdigest() == DEFAULT_MODEL_SHA256


def test_damaged_weights_are_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"torn")
    monkeypatch.setattr("index.embedding.model_store.default_model_folder", lambda: tmp_path)
    with pytest.raises(ModelError, match=r"damaged or changed.*pip install --force-reinstall"):
        ModelEncoder(DEFAULT_MODEL, tmp_path).store.verify()


def test_missing_weights_are_told_with_where_they_should_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.embedding.model_store.default_model_folder", lambda: tmp_path)
    with pytest.raises(ModelError, match=r"cannot be read at .*model\.safetensors \(No such file"):
        ModelEncoder(DEFAULT_MODEL, tmp_path).store.verify()


def test_a_model_of_an_unknown_user_is_a_name_like_any_other(tmp_path: Path) -> None:
    assert ModelEncoder("~nobody-here/model", tmp_path).name == "~nobody-here/model"


@pytest.mark.parametrize("name", ["no-such-model", "/no/such/folder", "owner/no-such-model"])
def test_a_model_that_is_not_on_this_machine_is_told_before_anything_is_loaded(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = list[tuple[str, ...]]()
    monkeypatch.setattr("index.embedding.model_store._run_export", lambda *what: started.append(what))
    for use in (ModelEncoder(name, tmp_path).store.prepare, lambda: ModelEncoder(name, tmp_path).encode_queries(["?"])):
        with pytest.raises(ModelError, match=f"'{name}' cannot be loaded from this machine"):
            use()
    assert started == []


@pytest.mark.parametrize("name", ["owner/known", "known"])
def test_a_model_in_the_cache_of_hugging_face_is_tried(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = "owner" if "/" in name else "sentence-transformers"
    (tmp_path / "hub" / f"models--{owner}--known").mkdir(parents=True)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    tried = list[str]()

    def run(what: str, *_: str) -> subprocess.CompletedProcess[str]:
        tried.append(what)
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr("index.embedding.model_store._run_export", run)
    ModelEncoder(name, tmp_path / "export").store.prepare()
    assert tried == ["export"]


@pytest.mark.slow
def test_a_few_passages_are_embedded_in_full_precision(bundled_library: Path) -> None:
    encoder = ModelEncoder(DEFAULT_MODEL, bundled_library / "model")
    assert encoder.document_encoder(BULK_FROM - 1) == encoder.encode_documents


@pytest.mark.slow
@pytest.mark.parametrize("found", [True, False])
def test_a_heap_is_embedded_by_torch_only_where_that_was_found_faster(
    bundled_export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: bool
) -> None:
    from index.embedding.torch_model import ReferenceModel

    def by_torch(texts: Sequence[str]) -> Encoded:
        return Encoded(np.empty((0, 384), dtype=np.float32), [])

    monkeypatch.setattr(ReferenceModel, "fast_document_encoder", lambda _: by_torch)
    folder = Path(shutil.copytree(bundled_export, tmp_path / "model"))
    card = ExportManifest.read(folder)
    assert card
    replace(card, has_half_precision=found).write(folder)
    assert (ModelEncoder(DEFAULT_MODEL, folder).document_encoder(BULK_FROM) == by_torch) is found


@pytest.mark.slow
def test_what_is_found_fastest_counts_for_the_very_heap_it_is_found_for(
    bundled_export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The export was opened before it was tuned, as each sync does that counts tokens first."""
    from index.embedding.torch_model import ReferenceModel

    def by_torch(texts: Sequence[str]) -> Encoded:
        return Encoded(np.empty((0, 384), dtype=np.float32), [])

    folder = Path(shutil.copytree(bundled_export, tmp_path / "model"))
    card = ExportManifest.read(folder)
    assert card
    replace(card, has_half_precision=None).write(folder)
    encoder = ModelEncoder(DEFAULT_MODEL, folder)
    assert encoder.tokenizer.count_tokens("one two") == 2
    monkeypatch.setattr(StoredModel, "tune", lambda _: replace(card, has_half_precision=True).write(folder))
    monkeypatch.setattr(ReferenceModel, "fast_document_encoder", lambda _: by_torch)
    assert encoder.document_encoder(BULK_FROM) == by_torch


@pytest.mark.slow
def test_a_folder_that_cannot_be_exported_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match=r"cannot be written to .*file/model \(Not a directory\)"):
        ModelEncoder(DEFAULT_MODEL, tmp_path / "file" / "model").store.prepare()


ANSWER = """
import sys
from assistant.answering.answering import ask
from assistant.service import Service
from index.library import Library
service = Service()
service.use(Library(__import__("pathlib").Path(sys.argv[1])))
assert ask(service.library(), "what is the GIL?").answered
print(sorted({"torch", "transformers", "sentence_transformers", "langchain_text_splitters"} & set(sys.modules)))
"""


@pytest.mark.slow
def test_the_app_answers_without_torch(bundled_library: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ANSWER, str(bundled_library)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
