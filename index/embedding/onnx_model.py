"""a model as exported to ONNX: tokens and vectors without torch (home of onnxruntime and tokenizers)"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from index.arrays import StoredRows, binarize, mapped, unit_vectors
from index.embedding.export_manifest import (
    BYTES_FILE,
    NETWORK_FILE,
    TOKENIZER_FILE,
    TOKENS_FILE,
    ExportManifest,
    part_path,
)
from index.embedding.input_embeddings import InputEmbeddings
from index.embedding.threads import share_no_products
from index.records import BinaryTokens, Encoded, Span, Tokens, Vectors
from index.storage import is_own_file, verify

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Encoding

RUN_THREADS: Final = 1
"""Threads of one run. A question of 15 tokens takes 5.5 ms of a processor with one; with two it takes 7.3 for an answer
that is there 1.1 ms sooner, and only where nobody else asks. Many passages are shared out as runs instead."""

BATCH_TOKENS: Final = 256
"""Texts of about the same length share a run up to so many tokens, which is as much as a core's cache holds: on one
core of an EPYC of 2021, 12.4 passages a second with 256 or 128, 12.0 with 512, 10.8 with 1,024, 8.3 with 4,096."""

MIN_SPEED_UP: Final = 1.1
"""How much faster the network of 8 bits must be here to be worth its loss of precision. With AVX2 alone it is 1.2 times
as fast; processors that multiply bytes (VNNI, Arm's dot product) gain more."""

MIN_SIMILARITY: Final = 0.98
"""The cosine that its vectors must have with those of the network. It is .995 over XQuAD and at least .987, and nDCG@10
.9431 instead of .9425; .9418 where half the vectors are of each kind, so that both may stand in one library."""

IN_BYTES: Final = ("MatMul",)
"""What of the network is kept in 8 bits: its layers."""

INPUT_EMBEDDINGS: Final = "input_embeddings"
"""What a network is given that has no table of tokens in it: the row of each token, shape (texts, tokens, dimension).
Read from its file row by row, the table takes no memory; ONNX Runtime maps 64 KB for each row that it reads, 10 MB
after two hundred questions."""

TRIED: Final = ("An export is tried on this.", "And on a second, rather longer text, so that padding is needed, too.")

TRIED_LENGTH: Final = 128
"""The words of the text that it is tried with: a passage's length."""

READ_TEXTS: Final = 500
"""Texts whose tokens are kept, a few megabytes: the same entries are read for one question after the other."""


class ExportedModel:
    """A network and its tokenizer; any number of threads may use it at once."""

    @classmethod
    def open(cls, folder: Path, manifest: ExportManifest) -> ExportedModel | None:
        """Load the export in a folder; None where it is damaged."""
        try:
            return cls(folder, manifest) if verify(folder, manifest.files) else None
        except Exception:  # the runtimes have no common error for what is no network or no tokenizer
            return None

    def __init__(self, folder: Path, manifest: ExportManifest) -> None:
        """Load the network and the tokenizer in a folder."""
        self.folder = folder
        from tokenizers import Tokenizer

        self._session = _session(folder / NETWORK_FILE, threads=RUN_THREADS)
        self._inputs = [given.name for given in self._session.get_inputs()]
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._token_vectors = (StoredRows if hasattr(os, "pread") else mapped)(folder / TOKENS_FILE)
        unknown = self._tokenizer.token_to_id(getattr(self._tokenizer.model, "unk_token", None) or "")
        self._input_embeddings = InputEmbeddings(self._token_vectors, unknown)
        # SentencePiece gives the space before a word to its first token
        self._holds_spaces = self._tokenizer.encode("a b", add_special_tokens=False).offsets[-1][0] == 1
        self._spans_and_ids = lru_cache(READ_TEXTS)(self._read)
        self.manifest = manifest
        self.dimension = manifest.dimension
        self.max_tokens = manifest.max_tokens

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's tokens, without the special ones."""
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def token_spans(self, text: str) -> Sequence[Span]:
        """Return where in a text each of its tokens stands, in order."""
        return self._spans_and_ids(text)[0]

    def tokens(self, text: str) -> Tokens:
        """Return the tokens of a text with their vectors in the network's own table."""
        spans, ids, positions = self._spans_and_ids(text)
        return Tokens(spans, self._input_embeddings.of(ids)[positions])

    def token_products(self, text: str, vectors: Vectors) -> tuple[Sequence[Span], Vectors]:
        """Return where the tokens of a text stand, and the inner products of vectors with their input embeddings.

        Each different token is read and multiplied once: of 210 tokens of an entry, 64 are different.
        """
        spans, ids, positions = self._spans_and_ids(text)
        return spans, (vectors @ self._input_embeddings.of(ids).T)[:, positions]

    def _read(self, text: str) -> tuple[Sequence[Span], npt.NDArray[np.int32], npt.NDArray[np.int64]]:
        """Return where the tokens of a text stand, the ids of its different tokens, and the position there of each."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids, positions = np.unique(np.array(encoding.ids, dtype=np.int32), return_inverse=True)
        return self._spans(text, encoding.offsets), ids, positions

    def _spans(self, text: str, offsets: Sequence[Span]) -> Sequence[Span]:
        """Return where tokens stand, without the space that belongs to none of them."""
        if not self._holds_spaces:
            return offsets
        return [without_space(text, *span) for span in offsets]

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors of questions, shape (texts, dimension)."""
        share_no_products()
        return self._encode(texts, self.manifest.query_prompt).vectors

    def encode_query(self, text: str) -> tuple[Vectors, Tokens]:
        """Return the unit vector of a question, and its tokens with the unit vectors they have where they stand."""
        share_no_products()
        prompt = self.manifest.query_prompt
        tokens = self._tokens(prompt + text)
        vectors, states = self._run([tokens], self._session)
        rows = _own_tokens(tokens, len(prompt))
        spans = self._spans(prompt + text, [tokens.offsets[row] for row in rows])
        known = self._input_embeddings.known(np.array(tokens.ids, dtype=np.int32)[rows], unit_vectors(states[0, rows]))
        return vectors[0], Tokens([(start - len(prompt), end - len(prompt)) for start, end in spans], known)

    def encode_documents(self, texts: Sequence[str]) -> Encoded:
        """Encode passages: every core has runs of its own."""
        return self._encode(texts, self.manifest.document_prompt, pool=self._pool)

    @cached_property
    def bulk_encoder(self) -> Callable[[Sequence[str]], Encoded]:
        """What embeds many passages soonest: in 8 bits where those were kept."""
        if not is_own_file(self.folder / BYTES_FILE):
            return self.encode_documents
        session = _session(self.folder / BYTES_FILE, threads=RUN_THREADS)
        return lambda texts: self._encode(texts, self.manifest.document_prompt, session, self._pool)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(_available_cores(), thread_name_prefix="embedding")

    def keep_bytes_if_faster(self) -> None:
        """Write the network in 8 bits beside it where heaps of notes are the faster for it on this machine."""
        part = part_path(self.folder, BYTES_FILE)
        _quantise(self.folder / NETWORK_FILE, part)
        text = [" ".join(["passage"] * TRIED_LENGTH)]
        sessions = [_session(file, threads=RUN_THREADS) for file in (self.folder / NETWORK_FILE, part)]
        (ours, slow), (theirs, fast) = (self._timed(text, session) for session in sessions)
        if slow >= fast * MIN_SPEED_UP and float(ours[0] @ theirs[0]) >= MIN_SIMILARITY:
            part.replace(self.folder / BYTES_FILE)
        part.unlink(missing_ok=True)

    def _timed(self, texts: Sequence[str], session: onnxruntime.InferenceSession) -> tuple[Vectors, float]:
        """Return vectors and the seconds of processor time that they took, of several runs the least."""
        seconds = []
        for _ in range(5):
            started = time.thread_time()
            vectors = self._encode(texts, "", session).vectors
            seconds.append(time.thread_time() - started)
        return vectors, min(seconds)

    def _encode(
        self,
        texts: Sequence[str],
        prompt: str,
        session: onnxruntime.InferenceSession | None = None,
        pool: ThreadPoolExecutor | None = None,
    ) -> Encoded:
        tokens = [self._tokens(prompt + text) for text in texts]
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        binary_tokens: dict[int, BinaryTokens] = {}

        def run(rows: list[int]) -> None:
            vectors[rows], states = self._run([tokens[row] for row in rows], session or self._session)
            for row, state in zip(rows, states, strict=True):
                binary_tokens[row] = binarize(state[_own_tokens(tokens[row], len(prompt))])

        list((pool.map if pool else map)(run, batches([len(text_tokens) for text_tokens in tokens])))
        return Encoded(vectors, [binary_tokens[row] for row in range(len(texts))])

    def _tokens(self, text: str) -> Encoding:
        tokens = self._tokenizer.encode(text, add_special_tokens=False)
        tokens.truncate(self.manifest.longest)
        return self._tokenizer.post_process(tokens)

    def _run(self, tokens: Sequence[Encoding], session: onnxruntime.InferenceSession) -> tuple[Vectors, Vectors]:
        """Return the vectors of texts, and those of their tokens: shape (texts, tokens, dimension)."""
        vectors, states = session.run(None, self._given(tokens))
        return vectors, states

    def _given(self, tokens: Sequence[Encoding]) -> dict[str, npt.NDArray[Any]]:
        """Return what the network is given of some texts."""
        given = _filled(tokens, self.manifest.padding)
        if INPUT_EMBEDDINGS in self._inputs:
            ids, positions = np.unique(given["input_ids"], return_inverse=True)
            rows = self._token_vectors[ids].astype(np.float32, copy=False)
            given[INPUT_EMBEDDINGS] = rows[positions.reshape(given["input_ids"].shape)]
        return {name: given[name] for name in self._inputs}


def _filled(tokens: Sequence[Encoding], padding: int) -> dict[str, npt.NDArray[Any]]:
    """Return the tokens of some texts as numbers, each text filled up to the longest: shape (texts, tokens)."""
    shape = len(tokens), max(len(text_tokens) for text_tokens in tokens)
    values = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
    filled = {name: np.full(shape, padding if name == "input_ids" else 0, dtype=np.int64) for name in values}
    for row, text_tokens in enumerate(tokens):
        for name, value in values.items():
            filled[name][row, : len(text_tokens)] = getattr(text_tokens, value)
    return filled


class ExportedCrossEncoder:
    """A network that reads a question and a passage together; any number of threads may use it at once."""

    def __init__(self, folder: Path, manifest: ExportManifest) -> None:
        """Load the network and the tokenizer in a folder."""
        from tokenizers import Tokenizer

        self._session = _session(folder / NETWORK_FILE, threads=_available_cores())
        self._inputs = [given.name for given in self._session.get_inputs()]
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(manifest.longest, strategy="only_second")
        self.manifest = manifest

    def scores(self, question: str, passages: Sequence[str]) -> Vectors:
        """Return the score of each passage: shape (passages,)."""
        pairs = [self._tokenizer.encode(question, passage) for passage in passages]
        scores = np.empty(len(pairs), dtype=np.float32)
        for rows in batches([len(pair) for pair in pairs]):
            given = _filled([pairs[row] for row in rows], self.manifest.padding)
            [scores[rows]] = self._session.run(None, {name: given[name] for name in self._inputs})
        return scores


def without_space(text: str, start: int, end: int) -> Span:
    """Return where a token stands without the space before it; one that is nothing else keeps a place of its own.

    >>> [without_space("a bc", *span) for span in ((0, 1), (1, 4), (1, 2), (0, 0))]
    [(0, 1), (2, 4), (1, 2), (0, 1)]
    """
    first = end - len(text[start:end].lstrip())
    return (first, end) if first < end else (start, max(end, start + 1))


def _own_tokens(tokens: Encoding, prompt: int) -> list[int]:
    """Return which of the tokens are the text's, and neither marks for the network nor of a prompt of that length."""
    marked = zip(tokens.special_tokens_mask, tokens.offsets, strict=True)
    return [row for row, (is_mark, (_, end)) in enumerate(marked) if not is_mark and (end > prompt or not prompt)]


def _session(file: Path, threads: int) -> onnxruntime.InferenceSession:
    import onnxruntime  # a tenth of a second, which whoever only looks at a library does not need

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # threads that wait for the next run would hold up what else a question needs
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def _quantise(network: Path, into: Path) -> None:
    """Write a network with its weights in 8 bits, those of its layers with a scale for each column."""
    # it brings onnx: only an export needs that
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logger = logging.getLogger()
    before = logger.level
    logger.setLevel(logging.ERROR)  # it advises steps that this network has behind it
    try:
        quantize_dynamic(
            network, into, per_channel=True, weight_type=QuantType.QUInt8, op_types_to_quantize=list(IN_BYTES)
        )
    finally:
        logger.setLevel(before)


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the positions of texts that share a run, longest first."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lambda position: -lengths[position]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def _available_cores() -> int:
    """Return how many cores this process may use; a container's limit is not always what the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
