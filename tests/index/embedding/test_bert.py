from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest

from index.embedding.bert import build
from index.embedding.encoder import ModelEncoder
from index.embedding.export_manifest import TOKENS_FILE
from index.embedding.exporting import KNOWN, MAX_APART
from index.embedding.model_store import DEFAULT_MODEL, default_model_folder
from index.embedding.onnx_model import TRIED, ExportedModel
from index.embedding.torch_model import ReferenceModel
from tests.models import shifted_model, small_model

pytestmark = pytest.mark.slow

TEXTS = [
    "Rebase the branch.",
    "",
    "A long one: " + "settle each file and push again " * 80,
    "Übergrößenträger 🎉",
    *TRIED,
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build(DEFAULT_MODEL, default_model_folder(), folder)
    return folder


@pytest.fixture(scope="module")
def network(built: Path, tmp_path_factory: pytest.TempPathFactory) -> ExportedModel:
    return ExportedModel(built, build(DEFAULT_MODEL, default_model_folder(), tmp_path_factory.mktemp("again")))


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> ModelEncoder:
    return ModelEncoder(DEFAULT_MODEL, tmp_path_factory.mktemp("no-export"))


def test_it_is_a_network_that_onnx_finds_sound(built: Path) -> None:
    onnx.checker.check_model(built / "model.onnx", full_check=True)


def test_its_vectors_are_those_of_torch_number_by_number(network: ExportedModel, reference: ModelEncoder) -> None:
    ours, theirs = network.encode_documents(TEXTS).vectors, reference.encode_documents(TEXTS).vectors
    assert np.abs(ours - theirs).max() < 1e-6
    assert (network.max_tokens, network.dimension) == (reference.tokenizer.max_tokens, 384)


def test_its_tokens_stand_where_those_of_torch_do(network: ExportedModel, reference: ModelEncoder) -> None:
    for text in (*TEXTS[:3], "Übergrößenträger"):
        (_, ours), (_, theirs) = network.encode_query(text), reference.encode_query(text)
        assert [tuple(span) for span in ours.spans] == [tuple(span) for span in theirs.spans]
        assert ours.vectors == pytest.approx(theirs.vectors, abs=1e-5)


def test_what_the_default_model_is_tried_by_is_what_torch_computes(reference: ModelEncoder) -> None:
    assert np.abs(reference.encode_queries(TRIED)[:, : KNOWN.shape[1]] - KNOWN).max() < MAX_APART / 2


def test_the_table_of_tokens_is_kept_once_and_not_mapped_by_the_network(built: Path) -> None:
    table = np.load(built / TOKENS_FILE, mmap_mode="r")
    assert table.shape == (30522, 384)
    assert (built / "model.onnx").stat().st_size < 45e6 < table.nbytes
    network = onnx.load(built / "model.onnx", load_external_data=False)
    assert not any(weights.external_data for weights in network.graph.initializer)


@pytest.mark.parametrize("make", [shifted_model, small_model])
def test_a_model_with_prompts_another_pooling_or_a_layer_behind_it_is_built_as_torch_computes_it(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    model = make(tmp_path / "model")
    (tmp_path / "export").mkdir()
    card = build(str(model), model, tmp_path / "export")
    ours, theirs = ExportedModel(tmp_path / "export", card), ReferenceModel(str(model), str(model))
    assert np.abs(ours.encode_queries(TEXTS) - theirs.encode_queries(TEXTS)).max() < 1e-5
    passages, others = ours.encode_documents(TEXTS), theirs.encode_documents(TEXTS)
    assert np.abs(passages.vectors - others.vectors).max() < 1e-5
    assert [binary_tokens.shape for binary_tokens in passages.binary_tokens] == [
        binary_tokens.shape for binary_tokens in others.binary_tokens
    ]
    assert len(passages.binary_tokens[0]) == ours.count_tokens(TEXTS[0])  # those of a prompt are none of the text's
    assert ours.max_tokens == theirs.max_tokens


def test_what_is_no_such_model_is_not_built(tmp_path: Path) -> None:
    model = small_model(tmp_path / "model")
    modules = json.loads((model / "modules.json").read_text())
    (model / "modules.json").write_text(json.dumps([modules[0], modules[1], modules[3], modules[2]]))
    with pytest.raises(ValueError, match="modules that are not known here"):
        build("model", model, tmp_path)
