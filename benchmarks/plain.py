"""plain sentence-transformers and FAISS, to compare with (run by `python -m benchmarks`)"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import faiss
import numpy as np
from sentence_transformers import SentenceTransformer

from index.embedding import default_model_folder


def main(kind: str, texts: Path) -> None:
    """Encode questions one by one, or passages all at once into a flat index; print what it took."""
    given = json.loads(texts.read_text(encoding="utf-8"))
    model = SentenceTransformer(str(default_model_folder()))
    model.encode(given[:3])
    print(json.dumps(_questions(model, given) if kind == "questions" else _passages(model, given)))


def _questions(model: SentenceTransformer, questions: list[str]) -> dict[str, float]:
    taken = []
    for question in questions:
        started = time.perf_counter()
        model.encode(question)
        taken.append((time.perf_counter() - started) * 1000)
    return {"p50_ms": float(np.median(taken))}


def _passages(model: SentenceTransformer, passages: list[str]) -> dict[str, float]:
    started = time.perf_counter()
    vectors = model.encode(passages)
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    return {"passages": len(passages), "seconds": time.perf_counter() - started}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
