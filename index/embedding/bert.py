"""a BERT model's files -> the same network as ONNX, made without torch (home of onnx and safetensors)

The network of BERT (Devlin et al. 2018), the mean of its token vectors or the first of them, a dense layer where the
model has one, and a division by the length: what sentence-transformers computes, number by number. torch's exporter
comes to the same graph, in half a minute.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from index.embedding.export_manifest import NETWORK_FILE, TOKENIZER_FILE, TOKENS_FILE, ExportManifest
from index.embedding.onnx_model import INPUT_EMBEDDINGS, ExportedModel

OPSET: Final = 20
"""The first version of ONNX that knows GELU."""
IR_VERSION: Final = 10
"""What an onnxruntime reads that is as old as the oldest that is allowed."""

SPECIAL_TOKENS: Final = 2
"""The tokens that BERT puts before and after each text."""

MASK: Final = "attention_mask"
TYPES: Final = "token_type_ids"

WORD_TABLE: Final = "embeddings.word_embeddings.weight"

ACTIVATIONS: Final = {"torch.nn.modules.linear.Identity": "", "torch.nn.modules.activation.Tanh": "Tanh"}
"""What may follow a dense layer, and ONNX's name for it."""

Array = npt.NDArray[Any]


class Dense(NamedTuple):
    """A layer behind the pooling."""

    weight: Array
    bias: Array | None
    activation: str


@dataclass(frozen=True, slots=True)
class Shape:
    """The numbers that a BERT network is laid out by."""

    hidden: int
    heads: int
    layers: int
    epsilon: float
    longest: int
    """How many tokens it is given at most, marks included."""
    padding: int = 0
    takes_first: bool = False
    """Whether the vector of a text is that of its first token, and not the mean of all."""
    dense: Dense | None = None

    @property
    def dimension(self) -> int:
        """The length of a text's vector."""
        return self.dense.weight.shape[0] if self.dense else self.hidden

    @classmethod
    def read(cls, model: Path) -> Shape:
        """Return the shape of the model in a folder of sentence-transformers.

        Raises:
            ValueError, LookupError: it is no BERT, or has other layers behind it than are known here.

        """
        config, sentences = (_json(model / name) for name in ("config.json", "sentence_bert_config.json"))
        if config["model_type"] != "bert" or config.get("hidden_act", "gelu") != "gelu":
            raise ValueError(f"{model} is no BERT")
        pooling, *behind = _modules(model)
        return cls(
            config["hidden_size"],
            config["num_attention_heads"],
            config["num_hidden_layers"],
            config["layer_norm_eps"],
            min(sentences["max_seq_length"] or config["max_position_embeddings"], config["max_position_embeddings"]),
            config.get("pad_token_id") or 0,
            _takes_first(_json(pooling / "config.json")),
            _dense(behind[0]) if behind else None,
        )


def _modules(model: Path) -> list[Path]:
    """Return the folders of what stands behind the network: its pooling, and a dense layer if there is one."""
    modules = [(module["type"].rpartition(".")[2], model / module["path"]) for module in _json(model / "modules.json")]
    kinds = [kind for kind, _ in modules]
    kinds = kinds[:-1] if kinds[-1] == "Normalize" else kinds
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Dense"]):
        raise ValueError(f"{model} has modules that are not known here: {kinds}")
    return [folder for kind, folder in modules if kind in ("Pooling", "Dense")]


def _takes_first(pooling: Mapping[str, Any]) -> bool:
    modes = {name.removeprefix("pooling_mode_") for name, is_on in pooling.items() if is_on is True}
    chosen = pooling.get("pooling_mode") or next(iter(modes & {"mean_tokens", "cls_token"}), "")
    others = modes - {"mean_tokens", "cls_token", "include_prompt"}
    if others or len(modes & {"mean_tokens", "cls_token"}) > 1 or pooling.get("include_prompt") is False:
        raise ValueError(f"another pooling than the mean and the first token: {pooling}")
    return {"mean": False, "mean_tokens": False, "cls": True, "cls_token": True}[chosen]


def _dense(folder: Path) -> Dense:
    weights, config = load_file(folder / "model.safetensors"), _json(folder / "config.json")
    return Dense(weights["linear.weight"], weights.get("linear.bias"), ACTIVATIONS[config["activation_function"]])


def build(name: str, model: Path, folder: Path) -> ExportManifest:
    """Write the network, the tokens and the tokenizer of a BERT model into a folder; return its card, unsealed.

    Raises:
        ValueError, LookupError: it is no such model.

    """
    shape = Shape.read(model)
    weights = {name.removeprefix("bert."): values for name, values in load_file(model / "model.safetensors").items()}
    np.save(folder / TOKENS_FILE, weights[WORD_TABLE])
    network = _Graph(weights, shape).model()
    (folder / NETWORK_FILE).write_bytes(network.SerializeToString())
    shutil.copyfile(model / TOKENIZER_FILE, folder / TOKENIZER_FILE)
    query, document = _prompts(model)
    dimension, longest = shape.dimension, shape.longest - SPECIAL_TOKENS
    card = ExportManifest(name, dimension, longest, longest, shape.padding, query, document, None, {})
    prompts = map(ExportedModel(folder, card).count_tokens, (query, document)) if query or document else (0,)
    return replace(card, max_tokens=longest - max(prompts))


def _prompts(model: Path) -> tuple[str, str]:
    """Return what is put before each question, and before each passage."""
    file = model / "config_sentence_transformers.json"
    config = _json(file) if file.is_file() else {}
    prompts = config.get("prompts") or {}
    default = prompts.get(config.get("default_prompt_name") or "") or ""
    passage = next((prompts[name] for name in ("document", "passage", "corpus") if prompts.get(name)), default)
    return prompts.get("query") or default, passage


@dataclass
class _Graph:
    """The nodes and the numbers of a network, put together from input to output."""

    weights: Mapping[str, Array]
    shape: Shape
    nodes: list[NodeProto] = field(default_factory=list)
    numbers: dict[str, TensorProto] = field(default_factory=dict)

    def model(self) -> onnx.ModelProto:
        """Return the network: input embeddings -> unit vectors of the texts, and of each token where it stands."""
        states, bias = self._embedded(), self._masked()
        for layer in range(self.shape.layers):
            states = self._layer(states, bias, f"encoder.layer.{layer}.")
        self._output(self._pooled(states), "sentence_vector")
        self._output(states, "token_vectors")
        graph = helper.make_graph(self.nodes, "bert", self._inputs(), self._outputs(), list(self.numbers.values()))
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)

    def _embedded(self) -> str:
        """Return the sum of what each token is, of which text and at which place, normed."""
        types = self._do("Gather", self._weight("embeddings.token_type_embeddings.weight"), TYPES)
        length = self._do("Shape", MASK, start=1, end=2)
        all_places = self._weight("embeddings.position_embeddings.weight")
        places = self._do("Slice", all_places, self._ints("start", 0), length, self._ints("first_axis", 0))
        return self._normed(self._do("Add", self._do("Add", INPUT_EMBEDDINGS, types), places), "embeddings.LayerNorm")

    def _masked(self) -> str:
        """Return what is added to attention: nothing to a token, the least number there is to padding."""
        is_token = self._do("Cast", MASK, to=TensorProto.BOOL)
        is_token = self._do("Unsqueeze", is_token, self._ints("middle_axes", 1, 2))
        return self._do(
            "Where", is_token, self._float("nought", 0), self._float("least", float(np.finfo(np.float32).min))
        )

    def _layer(self, states: str, bias: str, name: str) -> str:
        attended = self._linear(
            self._attention(states, bias, f"{name}attention.self."), f"{name}attention.output.dense"
        )
        states = self._normed(self._do("Add", attended, states), f"{name}attention.output.LayerNorm")
        wide = self._do("Gelu", self._linear(states, f"{name}intermediate.dense"))
        narrow = self._linear(wide, f"{name}output.dense")
        return self._normed(self._do("Add", narrow, states), f"{name}output.LayerNorm")

    def _attention(self, states: str, bias: str, name: str) -> str:
        query, key, value = (self._by_head(self._linear(states, name + part)) for part in ("query", "key", "value"))
        near = self._do("MatMul", query, self._do("Transpose", key, perm=[0, 1, 3, 2]))
        near = self._do("Mul", near, self._float("scale", 1 / math.sqrt(self.shape.hidden / self.shape.heads)))
        mixed = self._do("MatMul", self._do("Softmax", self._do("Add", near, bias), axis=-1), value)
        return self._do(
            "Reshape", self._do("Transpose", mixed, perm=[0, 2, 1, 3]), self._ints("joined", 0, 0, self.shape.hidden)
        )

    def _by_head(self, states: str) -> str:
        heads = self._ints("heads", 0, 0, self.shape.heads, self.shape.hidden // self.shape.heads)
        return self._do("Transpose", self._do("Reshape", states, heads), perm=[0, 2, 1, 3])

    def _pooled(self, states: str) -> str:
        """Return the vector of each text, divided by its length."""
        pooled = self._first(states) if self.shape.takes_first else self._mean(states)
        if dense := self.shape.dense:
            pooled = self._do("MatMul", pooled, self._number("dense.weight", np.ascontiguousarray(dense.weight.T)))
            pooled = pooled if dense.bias is None else self._do("Add", pooled, self._number("dense.bias", dense.bias))
            pooled = self._do(dense.activation, pooled) if dense.activation else pooled
        length = self._do("ReduceL2", pooled, self._ints("second_axis", 1), keepdims=1)
        return self._do("Div", pooled, self._do("Max", length, self._float("no_length", 1e-12)))

    def _first(self, states: str) -> str:
        return self._do("Gather", states, self._number("first_row", np.array(0, dtype=np.int64)), axis=1)

    def _mean(self, states: str) -> str:
        axis = self._ints("second_axis", 1)
        mask = self._do("Unsqueeze", self._do("Cast", MASK, to=TensorProto.FLOAT), self._ints("last", 2))
        total = self._do("ReduceSum", self._do("Mul", states, mask), axis, keepdims=0)
        count = self._do("Max", self._do("ReduceSum", mask, axis, keepdims=0), self._float("no_token", 1e-9))
        return self._do("Div", total, count)

    def _linear(self, states: str, name: str) -> str:
        return self._do(
            "Add",
            self._do("MatMul", states, self._weight(f"{name}.weight", is_turned=True)),
            self._weight(f"{name}.bias"),
        )

    def _normed(self, states: str, name: str) -> str:
        scale, shift = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._do("LayerNormalization", states, scale, shift, epsilon=self.shape.epsilon)

    def _do(self, operation: str, *inputs: str, **attributes: Any) -> str:  # noqa: ANN401 (as ONNX defines them)
        """Add a node and return the name of what it gives."""
        name = f"{operation}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, inputs, [name], name, **attributes))
        return name

    def _output(self, of: str, name: str) -> None:
        self.nodes.append(helper.make_node("Identity", [of], [name], name))

    def _inputs(self) -> list[onnx.ValueInfoProto]:
        info = helper.make_tensor_value_info
        return [
            info(INPUT_EMBEDDINGS, TensorProto.FLOAT, ["texts", "length", self.shape.hidden]),
            *(info(name, TensorProto.INT64, ["texts", "length"]) for name in (MASK, TYPES)),
        ]

    def _outputs(self) -> list[onnx.ValueInfoProto]:
        return [
            helper.make_tensor_value_info("sentence_vector", TensorProto.FLOAT, ["texts", self.shape.dimension]),
            helper.make_tensor_value_info("token_vectors", TensorProto.FLOAT, ["texts", "length", self.shape.hidden]),
        ]

    def _weight(self, name: str, *, is_turned: bool = False) -> str:
        values = self.weights[name].astype(np.float32, copy=False)
        return self._number(name, np.ascontiguousarray(values.T) if is_turned else values)

    def _ints(self, name: str, *values: int) -> str:
        return self._number(name, np.array(values, dtype=np.int64))

    def _float(self, name: str, value: float) -> str:
        return self._number(name, np.float32(value))

    def _number(self, name: str, values: Array | np.float32) -> str:
        if name not in self.numbers:
            self.numbers[name] = numpy_helper.from_array(np.asarray(values), name)
        return name


def _json(path: Path) -> Any:  # noqa: ANN401 (as it is written there)
    return json.loads(path.read_text(encoding="utf-8"))
