"""a library of any size, made quickly: real words, vectors that lie as real ones do"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Final, TypeAlias

from benchmarks.notes import topics
from benchmarks.synthetic import spread
from index.catalog import Catalog
from index.embedding import DEFAULT_MODEL, EXPORT_FOLDER, ModelEncoder
from index.engine import LexicalIndex, write_checkpoint
from index.indexing import READER_VERSION
from index.records import Document, Encoded, Entry, Passage, Topic

PER_TOPIC: Final = 2
"""Passages of a topic, as the notes of a large documentation have on average."""
PER_DOCUMENT: Final = 8
TEXT: Final = 400
"""Characters of each topic's text: some sixty words."""
SOURCE: Final = "/measured"

CACHE_KB: Final = 4_000_000
"""What SQLite may hold in memory while a library is written: keys of vectors come in no order, each to a new page."""

Told: TypeAlias = tuple[Sequence[Topic], Encoded]
"""Some topics, and what their passages are encoded as, PER_TOPIC for each of them in turn."""


def make_library(folder: Path, size: int, samples: Sequence[Topic], real: Encoded, model: Path) -> None:
    """Write a library of `size` passages that tells the samples over and over under vectors of their own."""
    write_library(folder, _over_and_over(size, samples, real), model)


def write_library(folder: Path, told: Iterable[Told], model: Path) -> None:
    """Write a library of topics whose passages are encoded already."""
    catalog = Catalog(folder, create=True)
    shutil.copytree(model, folder / EXPORT_FOLDER, dirs_exist_ok=True)
    catalog._db.execute(f"PRAGMA cache_size = -{CACHE_KB}")  # noqa: SLF001 (no library of a person is made at once)
    with catalog.change():
        catalog.add_source(SOURCE)
        catalog.set("model", DEFAULT_MODEL)
        catalog.set("reader", READER_VERSION)
        _fill(catalog, told)
        catalog.advance_revision()
    LexicalIndex.catch_up(folder, catalog)
    write_checkpoint(folder, catalog)
    catalog.close()


def sample_topics(data: Path, files: int) -> list[Topic]:
    """Return short topics with real words, a single entry each."""
    found = (topic for topic in topics(data, files) if topic.entries)
    return [replace(topic, entries=(Entry(None, topic.entries[0].text[:TEXT], topic.line),)) for topic in found]


def embed(samples: Sequence[Topic], model: Path) -> Encoded:
    """Encode topics; the model is exported to its folder first."""
    encoder = ModelEncoder(DEFAULT_MODEL, model)
    encoder.store.prepare()
    texts = [f"{topic.heading_path} > {topic.entries[0].text}" for topic in samples]
    return encoder.document_encoder(len(texts))(texts)


def _over_and_over(size: int, samples: Sequence[Topic], real: Encoded) -> Iterator[Told]:
    stories, binary_tokens = cycle(samples), cycle(real.binary_tokens)
    for vectors in spread(real.vectors, size):
        topics = tuple(islice(stories, -(-len(vectors) // PER_TOPIC)))
        yield topics, Encoded(vectors, list(islice(binary_tokens, len(vectors))))


def _fill(catalog: Catalog, told: Iterable[Told]) -> None:
    done = 0
    for some, encoded in told:
        names = [f"passage {done + row}" for row in range(len(encoded.vectors))]
        catalog.put_encoded(DEFAULT_MODEL, [Passage("entry", name) for name in names], encoded)
        for number, (document, passages) in enumerate(_documents(some, names)):
            catalog.put_document(SOURCE, replace(document, path=f"{done}-{number}.md"), passages, DEFAULT_MODEL)
        done += len(names)


def _documents(topics: Sequence[Topic], names: Sequence[str]) -> Iterator[tuple[Document, list[list[Passage]]]]:
    for start in range(0, len(topics), PER_DOCUMENT):
        told = tuple(topics[start : start + PER_DOCUMENT])
        groups = [names[place * PER_TOPIC :][:PER_TOPIC] for place in range(start, start + len(told))]
        yield (
            Document("", "0", 0, 0, "indexed", topics=told),
            [
                [Passage("entry", name, 0, 0, len(topic.entries[0].text)) for name in group]
                for topic, group in zip(told, groups, strict=True)
            ],
        )
