"""a sentence-transformers model: the reference for vectors, and its export (home of sentence-transformers, torch)

Importing this file takes seconds and hundreds of megabytes: it is imported where so many notes are to be embedded that
it pays, or where a model cannot be exported; exporting is a process of its own.
"""

from __future__ import annotations

import contextlib
import io
import logging
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.util import get_device_name

from index.arrays import binarize
from index.embedding.export_manifest import (
    EXPORT_FILES,
    MANIFEST_FILE,
    NETWORK_FILE,
    TOKENIZER_FILE,
    TOKENS_FILE,
    ExportManifest,
    part_path,
    part_paths,
)
from index.embedding.onnx_model import TRIED, ExportedCrossEncoder, ExportedModel, without_space
from index.errors import ModelError
from index.records import Encoded, Span, Tokens, Vectors
from index.storage import Checksums, checksums_of, make_folder, remove
from index.text import PLAIN_WORD

MIN_AGREEMENT: Final = 0.9999
"""The cosine that an export's vectors must have with the reference's; else it is not used."""

MAX_APART: Final = 1e-3
"""What the scores of an exported cross-encoder may be apart from the reference's."""


class ReferenceModel:
    """A model on this machine, run by torch; one thread at a time."""

    def __init__(self, name: str, location: str) -> None:
        """Load the model at a location, a folder or a name in the local cache.

        Raises:
            ModelError: there is none, or it cannot be loaded.

        """
        self.name = name
        try:
            self._model = SentenceTransformer(location, local_files_only=True)
        except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
            raise ModelError(
                f"The model {name!r} cannot be loaded from this machine ({_first_line(error)}). "
                "Name a folder that holds a sentence-transformers model, or leave the model out for the default."
            ) from error
        self._lock = threading.RLock()

    @cached_property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension() or self.encode_documents(["dimension"]).vectors.shape[1])

    @cached_property
    def max_tokens(self) -> int:
        """How many tokens of a text the model reads, its special tokens and its longer prompt taken off."""
        prompts = [self.count_tokens(prompt) for prompt in self._model.prompts.values() if prompt]
        return self._longest - max(prompts, default=0)

    @property
    def _longest(self) -> int:
        limit = self._model.max_seq_length or self._model.tokenizer.model_max_length
        return int(limit - self._model.tokenizer.num_special_tokens_to_add())

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's tokens, without the special ones."""
        with self._lock:
            return len(self._model.tokenizer.tokenize(text))

    def token_spans(self, text: str) -> list[Span]:
        """Return where in a text its tokens stand, as if all were equally long: not every tokenizer tells more."""
        count = self.count_tokens(text)
        edges = [number * len(text) // count for number in range(count + 1)] if count else []
        return list(pairwise(edges))

    def tokens(self, text: str) -> Tokens:
        """Return the words of a text, each encoded by itself: slow, but any model can."""
        words = list(PLAIN_WORD.finditer(text))
        vectors = self.encode_documents([word[0] for word in words]).vectors if words else np.zeros((0, self.dimension))
        return Tokens([word.span() for word in words], vectors.astype(np.float32))

    def token_products(self, text: str, vectors: Vectors) -> tuple[Sequence[Span], Vectors]:
        """Return where the words of a text stand, and the inner products of vectors with theirs."""
        spans, own = self.tokens(text)
        return spans, vectors @ own.T

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, shape (texts, dimension); the model's query prompt is put before each."""
        with self._lock:
            return _unit_vectors(self._model.encode_query(list(texts), convert_to_tensor=True, show_progress_bar=False))

    def encode_query(self, text: str) -> tuple[Vectors, Tokens]:
        """Return the vector of a question, and its tokens with those they have where they stand, if the model tells."""
        if not self._tells_tokens:
            return self.encode_queries([text])[0], Tokens((), np.zeros((0, self.dimension), dtype=np.float32))
        prompt = self._model.prompts.get("query") or ""
        with self._lock:
            every: Any = self._model.encode_query([text], output_value=None, show_progress_bar=False)
            offsets = self._model.tokenizer(prompt + text, return_offsets_mapping=True)["offset_mapping"]
        [read] = every
        rows = _own_tokens(self._model, read, prompt)
        whole = prompt + text
        spans = [without_space(whole, *offsets[row]) for row in rows]
        spans = [(start - len(prompt), end - len(prompt)) for start, end in spans]
        known = read["input_ids"][rows].cpu().numpy() != self._model.tokenizer.unk_token_id  # else near to nothing
        vectors = _unit_vectors(read["token_embeddings"][rows]) * known[:, None]
        return _unit_vectors(read["sentence_embedding"][None])[0], Tokens(spans, vectors)

    @cached_property
    def _tells_tokens(self) -> bool:
        """Whether it gives each token a vector where it stands, and says where that is."""
        return hasattr(self._model[0], "auto_model") and bool(getattr(self._model.tokenizer, "is_fast", False))

    def encode_documents(self, texts: Sequence[str]) -> Encoded:
        """Encode passages; with the model's document prompt."""
        with self._lock:
            if self._tells_tokens:
                return encode_with_tokens(self._model, texts)
            vectors = _unit_vectors(
                self._model.encode_document(list(texts), convert_to_tensor=True, show_progress_bar=False)
            )
        return Encoded(vectors, [np.zeros((0, 0), dtype=np.uint8)] * len(texts))

    def fast_document_encoder(self) -> Callable[[Sequence[str]], Encoded] | None:
        """Return what embeds passages in half precision, where this machine computes in it; else None.

        It is three times as fast and differs from the reference by a cosine of 1e-4.
        """
        half_precision = _half_precision(self._model.device.type)
        if half_precision is None:
            return None
        return partial(encode_with_tokens, deepcopy(self._model).to(half_precision))

    def export(self, folder: Path) -> None:
        """Write the model to a folder, pooling and normalisation inside the network.

        Where it cannot be exported, as it is no transformer with a tokenizer of its own, its card says so.
        """
        folder.parent.mkdir(parents=True, exist_ok=True)
        make_folder(folder)  # and no link: what it leads to is somebody else's
        stale = (MANIFEST_FILE, *EXPORT_FILES, *(part.name for part in part_paths(folder)))
        for name in stale:  # without a card, the files are of no use; a link would be written through
            remove(folder, name)
        part = part_path(folder, NETWORK_FILE)
        card = self._card({})
        try:
            self._export_network(part)
            part.replace(folder / NETWORK_FILE)
            self._model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))
            np.save(folder / TOKENS_FILE, self._token_table())
            opened = ExportedModel(folder, card)
            if self.agrees(opened):
                opened.keep_bytes_if_faster()
                card = self._card(checksums_of(folder))
        except OSError:
            raise
        except Exception:  # the exporter and the runtime have no common error
            logging.getLogger(__name__).debug("%s cannot be exported", self.name, exc_info=True)
        finally:
            part.unlink(missing_ok=True)
        card.write(folder)

    def _export_network(self, path: Path) -> None:
        tokens = self._model.tokenizer(list(TRIED), padding=True, return_tensors="pt")
        names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in tokens]
        _export_onnx(
            _Network(self._model, names).eval(),
            [tokens[name] for name in names],
            names,
            ["sentence_vector", "token_vectors"],
            path,
            self._longest + 2,
        )

    def _token_table(self) -> npt.NDArray[np.float16]:
        network: Any = self._model[0]
        return _unit_vectors(network.auto_model.get_input_embeddings().weight.detach()).astype(np.float16)

    def _card(self, files: Checksums) -> ExportManifest:
        prompts = self._model.prompts
        return ExportManifest(
            model=self.name,
            dimension=self.dimension,
            max_tokens=self.max_tokens,
            longest=self._longest,
            padding=self._model.tokenizer.pad_token_id or 0,
            query_prompt=prompts.get("query") or "",
            document_prompt=prompts.get("document") or "",
            has_half_precision=_half_precision(self._model.device.type) is not None,
            files=files,
        )

    def agrees(self, onnx_model: ExportedModel) -> bool:
        """Return whether an export computes the same vectors."""
        pairs = (
            (onnx_model.encode_queries(TRIED), self.encode_queries(TRIED)),
            (onnx_model.encode_documents(TRIED).vectors, self.encode_documents(TRIED).vectors),
        )
        return all(bool(((ours * theirs).sum(axis=1) >= MIN_AGREEMENT).all()) for ours, theirs in pairs)


class _Network(torch.nn.Module):
    """Tokens -> the unit vector of each text, and a vector of each token where it stands."""

    def __init__(self, model: SentenceTransformer, names: Sequence[str]) -> None:
        super().__init__()
        self._model = deepcopy(model).cpu()
        network: Any = self._model[0]
        with contextlib.suppress(AttributeError, ValueError):  # not every model has a choice
            network.auto_model.set_attn_implementation("eager")  # the other one exports guards that cost 7 %
        self._names = names

    def forward(self, *given: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        read = self._model(dict(zip(self._names, given, strict=True)))
        return torch.nn.functional.normalize(read["sentence_embedding"], dim=1), read["token_embeddings"]


def export_cross_encoder(name: str, location: str, folder: Path) -> None:
    """Write a cross-encoder of one score into a folder: its network, its tokenizer and its card.

    Raises:
        ModelError: it is none, or computes something else once it is exported.

    """
    try:
        model = CrossEncoder(location, local_files_only=True, device="cpu")
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise ModelError(f"{location} cannot be loaded as a cross-encoder ({_first_line(error)}).") from error
    if model.num_labels != 1:
        raise ModelError(f"{location} gives {model.num_labels} scores for a pair of texts: a reranker gives one.")
    tokenizer: Any = model.tokenizer
    tokens = tokenizer(list(TRIED), list(reversed(TRIED)), padding=True, return_tensors="pt")
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in tokens]
    longest = int(model.max_length or tokenizer.model_max_length)
    _export_onnx(
        _Scores(model, names).eval(), [tokens[name] for name in names], names, ["score"], folder / NETWORK_FILE, longest
    )
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))
    padding = tokenizer.pad_token_id or 0
    card = ExportManifest(name, 1, longest, longest, padding, "", "", None, checksums_of(folder))
    ours = ExportedCrossEncoder(folder, card).scores(TRIED[0], TRIED)
    theirs = model.predict([(TRIED[0], text) for text in TRIED], activation_fn=torch.nn.Identity())
    if np.abs(ours - theirs).max() > MAX_APART:
        raise ModelError(f"{location} computes something else once it is exported: it cannot be used here.")
    card.write(folder)


class _Scores(torch.nn.Module):
    """The tokens of pairs of texts -> the score of each."""

    def __init__(self, model: CrossEncoder, names: Sequence[str]) -> None:
        super().__init__()
        network: Any = model.model
        self._network = deepcopy(network).cpu()
        with contextlib.suppress(AttributeError, ValueError):  # not every model has a choice
            self._network.set_attn_implementation("eager")
        self._names = names

    def forward(self, *given: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self._network(**dict(zip(self._names, given, strict=True))).logits[:, 0]
        return scores


def _export_onnx(
    network: torch.nn.Module,
    tokens: Sequence[torch.Tensor],
    inputs: Sequence[str],
    outputs: Sequence[str],
    path: Path,
    longest: int,
) -> None:
    texts, length = torch.export.Dim("texts", max=1 << 16), torch.export.Dim("length", max=longest)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):  # it tells how it gets on
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        torch.onnx.export(
            network,
            tuple(tokens),
            path,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_shapes={"given": tuple({0: texts, 1: length} for _ in inputs)},
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def encode_with_tokens(model: SentenceTransformer, texts: Sequence[str]) -> Encoded:
    """Return the vector of each passage and its binary token vectors, without those of the prompt."""
    read: Any = model.encode_document(list(texts), output_value=None, show_progress_bar=False)
    prompt = model.prompts.get("document") or ""
    vectors = _unit_vectors(torch.stack([output["sentence_embedding"] for output in read]))
    return Encoded(
        vectors,
        [
            binarize(output["token_embeddings"][_own_tokens(model, output, prompt)].float().cpu().numpy())
            for output in read
        ],
    )


def _own_tokens(model: SentenceTransformer, read: Mapping[str, torch.Tensor], prompt: str) -> list[int]:
    """Return which of the tokens that were read are the text's, and neither marks for the network nor of a prompt."""
    tokenizer = model.tokenizer
    of_prompt = len(tokenizer.tokenize(prompt.rstrip())) if prompt else 0
    marks = {id_ for id_ in tokenizer.all_special_ids if id_ != tokenizer.unk_token_id}
    pairs = zip(read["input_ids"].tolist(), read["attention_mask"].tolist(), strict=True)
    return [row for row, (id_, is_there) in enumerate(pairs) if is_there and id_ not in marks][of_prompt:]


def _unit_vectors(vectors: torch.Tensor) -> Vectors:
    return np.asarray(torch.nn.functional.normalize(vectors.float(), dim=1).cpu().numpy(), dtype=np.float32)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def computes_in_half_precision() -> bool:
    """Return whether torch embeds heaps of notes soonest on this machine, as it computes in half precision here."""
    return _half_precision(get_device_name()) is not None


def _half_precision(device: str) -> torch.dtype | None:
    if device == "cuda":
        return torch.float16
    is_told = device == "cpu" and hasattr(torch.cpu, "get_capabilities")
    capabilities = torch.cpu.get_capabilities() if is_told else {}
    return torch.bfloat16 if capabilities.get("avx512_bf16") or capabilities.get("amx_bf16") else None
