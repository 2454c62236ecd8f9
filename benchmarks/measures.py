"""what is measured: each takes the data folder and a folder to work in, and gives figures"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.child import python
from benchmarks.library import embed, make_library, sample_topics
from benchmarks.notes import markdown_files, markdown_folder, questions
from benchmarks.report import Figure
from index.embedding import DEFAULT_MODEL, ModelEncoder
from index.indexing import shared_paragraphs, topic_passages
from index.sources import find_files, read_document


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured, with what."""

    data: Path
    work: Path
    sizes: tuple[int, ...]
    """Passages of the libraries that are asked."""
    files: int
    """Markdown files that are indexed and synced."""
    asked: int
    """Questions asked of each library."""
    repeats: int


def cold(plan: Plan) -> Iterator[Figure]:
    """Measure `topics ask` as a process of its own against importing sentence-transformers."""
    library = str(plan.work / "bundled")
    command = ("-m", "assistant", "ask", "what is GitOps?", "--json", "--library", library)
    python(*command)  # makes the library
    runs = [(python(*command), python("-c", "import sentence_transformers")) for _ in range(plan.repeats)]
    ours, theirs = min(run.seconds for run, _ in runs), min(run.seconds for _, run in runs)
    yield Figure("cold ask", ours, "s", ratio=ours / theirs, to="import sentence_transformers")
    yield Figure("cold ask, peak memory", max(run.peak_mb for run, _ in runs), "MB")


def warm(plan: Plan) -> Iterator[Figure]:
    """Measure questions in a running process, by the size of the library, against encoding them."""
    asked = plan.work / "questions.json"
    asked.write_text(json.dumps(questions(plan.data)[: plan.asked]), encoding="utf-8")
    samples, model = sample_topics(plan.data, plan.files), plan.work / "model"
    real = embed(samples, model)
    for size in plan.sizes:
        folder = plan.work / f"library-{size}"
        make_library(folder, size, samples, real, model)
        theirs = python("-m", "benchmarks.plain", "questions", str(asked)).result["p50_ms"]
        done = python("-m", "benchmarks.asking", str(folder), str(asked))
        p50 = done.result["p50_ms"]
        yield Figure("warm ask, p50", p50, "ms", size, p50 / theirs, "SentenceTransformer.encode")
        yield Figure("warm ask, p95", done.result["p95_ms"], "ms", size)
        yield Figure("first ask of a process", done.result["first_ms"], "ms", size)
        yield Figure("asking, peak memory", done.peak_mb, "MB", size)
        yield Figure("library on disk", _megabytes(folder), "MB", size)
        shutil.rmtree(folder)


def indexing(plan: Plan) -> Iterator[Figure]:
    """Measure reading notes in, end to end, against plain encoding of the same passages into a flat index."""
    for files in sorted({plan.files // 4, plan.files}):
        notes, library = _copy_notes(plan, files), plan.work / f"indexed-{files}"
        texts = _passages(notes, plan.work / "model")
        plain = python("-m", "benchmarks.plain", "passages", str(texts))
        done = python("-m", "benchmarks.syncing", str(library), str(notes))
        ours = done.result["embedded"] / done.result["seconds"]
        theirs = plain.result["passages"] / plain.result["seconds"]
        yield Figure("indexing, passages a second", ours, "1/s", files, ours / theirs, "encode + IndexFlatIP")
        yield Figure("indexing, peak memory", done.peak_mb, "MB", files)
        yield Figure("plain encoding, peak memory", plain.peak_mb, "MB", files)


def syncing(plan: Plan) -> Iterator[Figure]:
    """Measure a sync after no change, and after one edit."""
    for files in sorted({plan.files // 4, plan.files}):
        notes, library = _copy_notes(plan, files), plan.work / f"indexed-{files}"
        command = ("-m", "benchmarks.syncing", str(library), str(notes))
        python(*command)
        same = [python(*command) for _ in range(plan.repeats)]
        yield Figure("sync, nothing changed", min(run.result["seconds"] for run in same), "s", files)
        yield Figure("sync, nothing changed, peak memory", max(run.peak_mb for run in same), "MB", files)
        with next(notes.rglob("*.md")).open("a", encoding="utf-8") as file:
            file.write("\n\nA sentence that was not there before.\n")
        edited = python(*command)
        yield Figure("sync, one file edited", edited.result["seconds"], "s", files)
        yield Figure("sync, one file edited: embedded", edited.result["embedded"], "passages", files)
        yield Figure("sync, one file edited, peak memory", edited.peak_mb, "MB", files)


MEASURES: Final[dict[str, Callable[[Plan], Iterator[Figure]]]] = {
    "cold": cold,
    "warm": warm,
    "indexing": indexing,
    "syncing": syncing,
}


def _copy_notes(plan: Plan, files: int) -> Path:
    """Copy notes to a folder that may be edited; one that is there already stays."""
    folder = plan.work / f"notes-{files}"
    if not folder.exists():
        top = markdown_folder(plan.data)
        for file in markdown_files(plan.data, files):
            target = folder / file.path.relative_to(top)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.path, target)
    return folder


def _passages(notes: Path, model: Path) -> Path:
    """Write the texts that are embedded of a folder, each once."""
    encoder = ModelEncoder(DEFAULT_MODEL, model)
    encoder.store.prepare()
    documents = [read_document(file) for file in find_files(notes)]
    shared = shared_paragraphs(documents, len(documents))
    cut = (
        passage
        for document in documents
        for topic in document.topics
        for passage in topic_passages(topic, encoder.tokenizer.max_tokens, encoder.tokenizer.token_spans, shared)
    )
    path = notes.with_suffix(".json")
    path.write_text(json.dumps(list(dict.fromkeys(passage.text for passage in cut))), encoding="utf-8")
    return path


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
