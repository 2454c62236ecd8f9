"""Models made of the default one: of another scale, with prompts and another pooling, or of few dimensions."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import save_file
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

from index.embedding.encoder import ModelEncoder
from index.embedding.exporting import export
from index.embedding.model_store import default_model_folder

Floats = npt.NDArray[Any]

HIDDEN: Final = 384

SHIFT: Final = 12.0
"""Put beside the pooled vectors, which are about six long: two texts without anything in common so have a cosine of
about .8."""


def shifted_model(folder: Path) -> Path:
    """Make a model by which all texts are much alike, with prompts before questions and passages."""
    weight = np.vstack([np.eye(HIDDEN), np.zeros((1, HIDDEN))])
    bias = np.append(np.zeros(HIDDEN), SHIFT)
    return _made(folder, weight, bias, "mean_tokens", {"query": "query: ", "document": "passage: "})


def small_model(folder: Path) -> Path:
    """Make a model of sixteen dimensions that takes the first token for the whole text."""
    directions = np.linalg.qr(np.random.default_rng(0).standard_normal((HIDDEN, 16)))[0].T
    return _made(folder, directions, None, "cls_token", {})


def exported(model: Path, folder: Path) -> ModelEncoder:
    """Return an encoder by a model, exported into a folder by this process."""
    folder.mkdir(parents=True)
    export(str(model), model, folder)
    return ModelEncoder(str(model), folder)


def _made(folder: Path, weight: Floats, bias: Floats | None, pooling: str, prompts: dict[str, str]) -> Path:
    shutil.copytree(default_model_folder(), folder)
    shutil.rmtree(folder / "1_Pooling")
    _write(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": HIDDEN, f"pooling_mode_{pooling}": True})
    dense = {"in_features": HIDDEN, "out_features": len(weight), "bias": bias is not None}
    activation = "torch.nn.modules.linear.Identity"
    _write(folder / "2_Dense" / "config.json", dense | {"activation_function": activation})
    values = {"linear.weight": weight, "linear.bias": bias} if bias is not None else {"linear.weight": weight}
    save_file(
        {name: np.ascontiguousarray(value, dtype=np.float32) for name, value in values.items()},
        folder / "2_Dense" / "model.safetensors",
    )
    kinds = {"": "Transformer", "1_Pooling": "Pooling", "2_Dense": "Dense", "3_Normalize": "Normalize"}
    _write(
        folder / "modules.json",
        [
            {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for number, (path, kind) in enumerate(kinds.items())
        ],
    )
    _write(folder / "config_sentence_transformers.json", {"prompts": prompts})
    return folder


def _write(path: Path, said: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(said), encoding="utf-8")


def tiny_cross_encoder(folder: Path) -> Path:
    """Make a cross-encoder of one layer that has learnt nothing: what it computes is exact all the same."""
    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(default_model_folder())
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=256,
        initializer_range=0.5,
    )
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.model_max_length = config.max_position_embeddings
    tokenizer.save_pretrained(folder)
    return folder
