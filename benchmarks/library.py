"""a library of any size, made quickly: real words, vectors that lie as real ones do"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Final

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


def make_library(folder: Path, size: int, samples: Sequence[Topic], real: Encoded, model: Path) -> None:
    """Write a library of `size` passages that tells the samples over and over under vectors of their own."""
    catalog = Catalog(folder, create=True)
    shutil.copytree(model, folder / EXPORT_FOLDER, dirs_exist_ok=True)
    with catalog.change():
        catalog.add_source(SOURCE)
        catalog.set("model", DEFAULT_MODEL)
        catalog.set("reader", READER_VERSION)
        _fill(catalog, size, samples, real)
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


def _fill(catalog: Catalog, size: int, samples: Sequence[Topic], real: Encoded) -> None:
    stories, binary_tokens = cycle(samples), cycle(real.binary_tokens)
    done = 0
    for vectors in spread(real.vectors, size):
        names = [f"passage {done + row}" for row in range(len(vectors))]
        encoded = Encoded(vectors, list(islice(binary_tokens, len(names))))
        catalog.put_encoded(DEFAULT_MODEL, [Passage("entry", name) for name in names], encoded)
        for number, (document, passages) in enumerate(_documents(names, stories)):
            catalog.put_document(SOURCE, replace(document, path=f"{done}-{number}.md"), passages, DEFAULT_MODEL)
        done += len(vectors)


def _documents(names: Sequence[str], stories: Iterator[Topic]) -> Iterator[tuple[Document, list[list[Passage]]]]:
    step = PER_TOPIC * PER_DOCUMENT
    for start in range(0, len(names), step):
        part = names[start : start + step]
        groups = [part[first : first + PER_TOPIC] for first in range(0, len(part), PER_TOPIC)]
        told = tuple(islice(stories, len(groups)))
        yield (
            Document("", "0", 0, 0, "indexed", topics=told),
            [
                [Passage("entry", name, 0, 0, len(topic.entries[0].text)) for name in group]
                for topic, group in zip(told, groups, strict=True)
            ],
        )
