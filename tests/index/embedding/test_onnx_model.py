from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from index.embedding.encoder import ModelEncoder
from index.embedding.export_manifest import BYTES_FILE, NETWORK_FILE, ExportManifest
from index.embedding.model_store import default_model_folder
from index.embedding.onnx_model import BATCH_TOKENS, MIN_SIMILARITY, ExportedModel, batches
from index.embedding.torch_model import encode_with_tokens
from index.indexing.passages import split_spans

CARD = ExportManifest("model", 3, 10, 10, 0, "query: ", "passage: ", False, {"model.onnx": [5, 1, 2]})
LENGTHS = [3, 200, 90, 90, 90, 5, 256, 300, 1]


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    CARD.write(tmp_path)
    assert ExportManifest.read(tmp_path) == CARD


@pytest.mark.parametrize("text", ["", "{}", "[]", "no JSON", '{"model": "model"}'])
def test_a_card_that_is_none_is_not_there(tmp_path: Path, text: str) -> None:
    (tmp_path / "model.json").write_text(text)
    assert ExportManifest.read(tmp_path) is None


def test_an_export_of_another_size_than_its_card_says_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / NETWORK_FILE).write_bytes(b"torn")
    assert ExportedModel.open(tmp_path, CARD) is None


def test_an_export_that_is_no_network_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / NETWORK_FILE).write_bytes(b"12345")
    assert ExportedModel.open(tmp_path, CARD) is None


def test_every_text_is_in_one_batch_and_those_of_a_batch_are_about_as_long() -> None:
    formed = list(batches(LENGTHS))
    assert sorted(row for batch in formed for row in batch) == list(range(len(LENGTHS)))
    assert all(LENGTHS[after] <= LENGTHS[before] for batch in formed for before, after in pairwise(batch))


def test_a_batch_with_its_padding_holds_no_more_than_it_may_unless_it_is_one_text() -> None:
    assert all(len(batch) == 1 or LENGTHS[batch[0]] * len(batch) <= BATCH_TOKENS for batch in batches(LENGTHS))
    assert list(batches([])) == []


@pytest.fixture(scope="module")
def exported(bundled_export: Path) -> ExportedModel:
    card = ExportManifest.read(bundled_export)
    assert card
    return ExportedModel(bundled_export, card)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> ModelEncoder:
    return ModelEncoder("all-MiniLM-L6-v2", tmp_path_factory.mktemp("no-export"))


TEXTS = ["Rebase the branch.", "", "A long one: " + "settle each file and push again " * 80, "Übergrößenträger 🎉"]


@pytest.mark.slow
def test_its_vectors_are_those_of_sentence_transformers(exported: ExportedModel, reference: ModelEncoder) -> None:
    ours, theirs = exported.encode_documents(TEXTS).vectors, reference.encode_documents(TEXTS).vectors
    assert (ours * theirs).sum(axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.slow
def test_a_heap_has_nearly_the_same_vectors_each_in_its_place(exported: ExportedModel) -> None:
    few, heap = exported.encode_documents(TEXTS * 5).vectors, exported.bulk_encoder(TEXTS * 5).vectors
    assert (few * heap).sum(axis=1).min() >= MIN_SIMILARITY - 0.02
    assert np.linalg.norm(heap, axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.slow
def test_a_question_is_read_as_it_is_encoded_and_its_tokens_each_stand_somewhere(exported: ExportedModel) -> None:
    vector, tokens = exported.encode_query("Rebase it.")
    assert vector == pytest.approx(exported.encode_queries(["Rebase it."])[0], abs=1e-6)
    assert ["Rebase it."[start:end] for start, end in tokens.spans] == ["Re", "base", "it", "."]
    assert np.linalg.norm(tokens.vectors, axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.slow
def test_the_signs_of_tokens_are_those_of_sentence_transformers(exported: ExportedModel) -> None:
    model = SentenceTransformer(str(default_model_folder()), local_files_only=True)
    ours, theirs = exported.encode_documents(TEXTS).binary_tokens, encode_with_tokens(model, TEXTS).binary_tokens
    assert [binary_tokens.shape for binary_tokens in ours] == [binary_tokens.shape for binary_tokens in theirs]
    pairs = zip(ours, theirs, strict=True)
    assert sum(int(np.unpackbits(one ^ other).sum()) for one, other in pairs) <= 10  # numbers next to nought


@pytest.mark.slow
def test_a_network_of_bytes_is_kept_only_where_it_is_much_faster(
    exported: ExportedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(exported.folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / BYTES_FILE).unlink(missing_ok=True)
    monkeypatch.setattr("index.embedding.onnx_model.MIN_SPEED_UP", 1000.0)
    ExportedModel(tmp_path, exported.manifest).keep_bytes_if_faster()
    assert not (tmp_path / BYTES_FILE).exists()


@pytest.mark.slow
def test_tokens_are_counted_as_they_are_cut(exported: ExportedModel) -> None:
    spans, vectors = exported.tokens("Rebase it.")
    assert ["Rebase it."[start:end] for start, end in spans] == ["Re", "base", "it", "."]
    assert vectors.shape == (4, exported.dimension)
    assert exported.count_tokens("Rebase it.") == 4
    assert exported.token_spans("Rebase it.") == [(0, 2), (2, 6), (7, 9), (9, 10)]


@pytest.mark.slow
def test_each_token_of_a_text_that_repeats_itself_has_its_own_product(exported: ExportedModel) -> None:
    text, [merge, it] = "it: merge it 🎉", exported.tokens("merge it").vectors
    spans, products = exported.token_products(text, np.stack([merge, it]))
    assert [text[slice(*span)] for span in spans] == ["it", ":", "merge", "it", "🎉"]
    like = float(merge @ it)
    assert products[:, [0, 2, 3]] == pytest.approx(np.array([[like, 1, like], [1, like, 1]]), abs=1e-5)
    assert products[:, 4].tolist() == [0, 0]  # what the model does not know is near nothing


@pytest.mark.slow
def test_passages_fit_where_the_model_tells_only_how_many_tokens_there_are(reference: ModelEncoder) -> None:
    text = "Settle it. " + "Übergrößenträger 🎉 " * 40 + "and push each file again. " * 40
    spans = split_spans(text, 50, reference.tokenizer.token_spans)
    assert max(reference.tokenizer.count_tokens(text[start:end]) for start, end in spans) <= 50
    assert (spans[0][0], spans[-1][1]) == (0, len(text))


@pytest.mark.slow
def test_without_an_export_a_question_is_read_just_so(exported: ExportedModel, reference: ModelEncoder) -> None:
    question = "How do I rebase Übergrößenträger 🎉?"
    (ours, our_tokens), (theirs, their_tokens) = exported.encode_query(question), reference.encode_query(question)
    assert ours == pytest.approx(theirs, abs=1e-5)
    assert [tuple(span) for span in our_tokens.spans] == [tuple(span) for span in their_tokens.spans]
    unknown = [
        question[slice(*span)] == "🎉" for span in our_tokens.spans
    ]  # what the model does not know is near nothing
    similarity = (our_tokens.vectors * their_tokens.vectors).sum(axis=1)
    assert similarity == pytest.approx([0.0 if is_unknown else 1.0 for is_unknown in unknown], abs=1e-4)
    assert sum(unknown) == 1
