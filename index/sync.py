"""what a sync does: sources and catalog compared, new text embedded, all of it written in one transaction"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from index.catalog import Catalog, StoredDocument
from index.encoder import Encoder
from index.records import Document, Passage
from index.sources import FoundFile, find_files, read_document, source_root

READER_VERSION: Final = "1"
"""Raised when parsing or passages change: the next sync then reads every file again (equal texts keep vectors)."""

BATCH: Final = 64
"""Passages embedded between two commits: a few seconds of work, all that an interruption can cost."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is (0 where nobody knows)."""

TopicPassages: TypeAlias = list[list[Passage]]
"""The passages of one document, topic by topic."""


def silent(what: str, done: int, total: int) -> None:
    """Take a report of progress and say nothing."""


class Change(NamedTuple):
    """A file that a sync has read."""

    source: str
    document: Document


@dataclass(slots=True)
class SyncReport:
    """What a sync found and did."""

    added: list[Change] = field(default_factory=list)
    updated: list[Change] = field(default_factory=list)
    touched: list[Change] = field(default_factory=list)
    """Files whose time changed and content did not."""
    removed: list[tuple[str, str]] = field(default_factory=list)
    """Source and path of each file that is gone."""
    unchanged: int = 0
    missing_sources: list[str] = field(default_factory=list)
    """Sources that are not there at present; what came from them is kept."""
    embedded: int = 0
    """Passages that needed a new vector."""

    @property
    def changed(self) -> list[Change]:
        """Return the files that were read and have new content."""
        return self.added + self.updated


def missing_sources(catalog: Catalog) -> list[str]:
    """Return the sources that are not there at present: an unplugged disk, a renamed folder."""
    return [source for source in catalog.sources() if not source_root(source).exists()]


def stale_files(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield the source and path of every file that is new, changed or gone since the last sync."""
    for source in catalog.sources():
        known = {document.path: document for document in catalog.documents(source)}
        for file in _files(catalog, source) if source_root(source).exists() else ():
            if not _looks_unchanged(known.pop(file.name, None), file):
                yield source, file.name
        yield from ((source, path) for path in known)


def look_for_changes(catalog: Catalog, progress: Progress, *, read_all: bool) -> SyncReport:
    """Read every file that is new or looks changed, or all of them, and say what became of each."""
    report = SyncReport(missing_sources=missing_sources(catalog))
    read_all = read_all or catalog.get("reader") != READER_VERSION
    for source in catalog.sources():
        if source not in report.missing_sources:
            _look_into(source, catalog, report, progress, read_all=read_all)
    return report


def _look_into(source: str, catalog: Catalog, report: SyncReport, progress: Progress, *, read_all: bool) -> None:
    known = {document.path: document for document in catalog.documents(source)}
    files = _files(catalog, source)
    for position, file in enumerate(files, start=1):
        progress("Reading", position, len(files))
        before = known.pop(file.name, None)
        if not read_all and _looks_unchanged(before, file):
            report.unchanged += 1
            continue
        change = Change(source, read_document(file))
        if before is None:
            report.added.append(change)
        elif not read_all and before.fingerprint == change.document.fingerprint != "":
            report.touched.append(change)
        else:
            report.updated.append(change)
    report.removed += [(source, path) for path in known]


def cut(report: SyncReport, encoder: Encoder) -> list[TopicPassages]:
    """Return the passages of every changed document."""
    # it brings langchain, a quarter of a second to import: only notes coming in need that, questions never
    from index.passages import topic_passages

    return [
        [topic_passages(topic, encoder.max_tokens, encoder.count_tokens) for topic in change.document.topics]
        for change in report.changed
    ]


def embed(catalog: Catalog, encoder: Encoder, passages: list[TopicPassages], progress: Progress) -> int:
    """Make the vectors that are missing, committing batch by batch; return how many that were."""
    texts = (passage.text for document in passages for topic in document for passage in topic)
    missing = sorted(catalog.texts_without_vector(encoder.name, texts), key=len)
    encode = encoder.document_encoder(len(missing))
    for start in range(0, len(missing), BATCH):
        progress("Embedding", start, len(missing))
        batch = missing[start : start + BATCH]
        vectors = encode(batch)
        with catalog.change():
            catalog.put_vectors(encoder.name, batch, vectors)
    progress("Embedding", len(missing), len(missing))
    return len(missing)


def write(catalog: Catalog, report: SyncReport, passages: list[TopicPassages], model: str) -> None:
    """Keep what a sync found, in one transaction."""
    with catalog.change():
        for source, path in report.removed:
            catalog.remove_document(source, path)
        for source, document in report.touched:
            catalog.touch_document(source, document)
        for (source, document), parts in zip(report.changed, passages, strict=True):
            catalog.put_document(source, document, parts, model)
        catalog.set("model", model)
        catalog.set("reader", READER_VERSION)
        if report.changed or report.removed or not catalog.revision():
            catalog.advance_revision()


def _files(catalog: Catalog, source: str) -> list[FoundFile]:
    """Return a source's files; those of a source inside it are only that one's."""
    others = {source_root(other) for other in catalog.sources()} - {source_root(source)}
    return list(find_files(source_root(source), others))


def _looks_unchanged(before: StoredDocument | None, file: FoundFile) -> bool:
    if before is None or before.status == "failed":
        return False
    return (before.size, before.modified_ns) == (file.size, file.modified_ns)
