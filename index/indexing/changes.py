"""what has changed in the sources: files that are new or look changed are read, and what became of each is reported"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, TypeAlias

from index.errors import TopicsError
from index.formats import Limits, format_of
from index.indexing.boilerplate import shared_headings, shared_paragraphs, without_boilerplate
from index.indexing.comparing import LEFT, Comparison, looks_unchanged
from index.indexing.learning import known_shared
from index.progress import CancelToken, Phase, Progress
from index.records import Document, DocumentKey, StoredDocument, Topic
from index.sources import FileReader, FoundFile, fingerprint_of, name_of, read_document, reason_of
from index.storage import CatalogReader
from index.text import is_jsonl

READER_VERSION: Final = "14"
"""Raised when parsing or passages change: the next sync then reads every file again and embeds the texts that are
new."""

PREVIEW_FROM: Final = 2**20
"""Bytes of new notes from which on a few are indexed before the others are read, which takes seconds."""
PREVIEW: Final = 2**16
"""Bytes of the notes that are indexed first: a second of embedding."""

Faults: TypeAlias = dict[DocumentKey, str]
"""Files that cannot be indexed, each with the reason."""


class Change(NamedTuple):
    """A file that a sync has read."""

    source: str
    document: Document
    before: StoredDocument | None = None
    """The catalog's record of the file before this sync."""

    @property
    def place(self) -> DocumentKey:
        """The key of the file's document."""
        return DocumentKey(self.source, self.document.path)

    @property
    def is_told(self) -> bool:
        """Return whether it fails for the same reason as at the last sync, which has been reported."""
        failed = self.document.status == "failed"
        return failed and self.before is not None and _says_the_same(self.before, self.document)

    def failed(self, reason: str) -> Change:
        """Return the change with the file marked as failed."""
        return self._replace(document=replace(self.document, status="failed", reason=reason, topics=()))


@dataclass(slots=True)
class SyncReport:
    """What a sync found and did."""

    added: list[Change] = field(default_factory=list)
    updated: list[Change] = field(default_factory=list)
    touched: list[Change] = field(default_factory=list)
    """Files whose time changed and content did not, and those that are no more readable than before."""
    removed: list[tuple[str, str]] = field(default_factory=list)
    """Source and path of each file that is gone."""
    unchanged: int = 0
    missing_sources: list[str] = field(default_factory=list)
    """Sources that do not exist at present; their topics stay in the library."""
    emptied_sources: list[str] = field(default_factory=list)
    """Sources that had files and have none at present, as with an unmounted disk; their topics stay in the library."""
    is_cancelled: bool = False
    """Whether it was told to stop: only the files whose instalments were written by then are in the library."""
    embedded: int = 0
    """Passages that needed a new vector."""
    shared: frozenset[str] = frozenset()
    """The keys of paragraphs that most notes share: they are not embedded."""
    moved: set[DocumentKey] = field(default_factory=set)
    """Documents that lost topics to another document or got some from one."""

    def fail(self, failing: Faults) -> None:
        """Mark changed files as failed, each with its reason."""
        for changes in (self.added, self.updated):
            changes[:] = [
                change.failed(failing[change.place]) if change.place in failing else change for change in changes
            ]

    def settle(self) -> None:
        """Move files that fail for the same reason as before from the changes to `touched`."""
        self.touched += [change for change in self.updated if change.is_told]
        self.updated = [change for change in self.updated if not change.is_told]

    @property
    def changed(self) -> list[Change]:
        """Return the files that were read and have new content."""
        return self.added + self.updated

    @property
    def read(self) -> list[Change]:
        """Return the files that were read."""
        return self.changed + self.touched

    @property
    def is_complete(self) -> bool:
        """Return whether every source was there and every file could be read."""
        failed = any(change.document.status == "failed" for change in self.read)
        return not (failed or self.away)

    @property
    def away(self) -> list[str]:
        """The sources that have no file to read at present: missing or emptied."""
        return self.missing_sources + self.emptied_sources


def preview(catalog: CatalogReader, sources: Sequence[Comparison]) -> SyncReport:
    """Read a few notes of large new sources, so that they can be found while the others are read.

    Nothing is read if anything else has changed. Boilerplate is known only once all notes are read; these few are
    written again then.
    """
    report = SyncReport(shared=known_shared(catalog))
    new = [(compared.source, file) for compared in sources for file, before in compared.files if before is None]
    is_first = not any(compared.gone for compared in sources) and catalog.get("reader") in (None, READER_VERSION)
    if is_first and sum(file.size for _, file in new) >= PREVIEW_FROM:
        room = PREVIEW
        for source, file in new:
            is_note = not is_jsonl(file.name) and format_of(file.name) is None
            if is_note and file.size <= min(room, PREVIEW // 4):
                room -= file.size
                report.added.append(Change(source, read_document(file)))
    return report


def look_for_changes(
    catalog: CatalogReader,
    sources: Iterable[Comparison],
    progress: Progress,
    is_cancelled: CancelToken,
    *,
    read_all: bool,
    prune: bool,
    limits: Limits,
) -> SyncReport:
    """Read every file that is new or looks changed, or all of them, and say what became of each.

    The topics of a source that is missing, or has lost its last file, are kept unless `prune`.
    """
    report = SyncReport()
    read_all = read_all or catalog.get("reader") != READER_VERSION
    if not read_all:
        report.shared = known_shared(catalog)
    with FileReader(limits) as reader:
        for compared in sources:
            if not (compared.is_there or prune):
                report.missing_sources.append(compared.source)
            elif compared.is_emptied and not prune:
                report.emptied_sources.append(compared.source)
            else:
                _read_source(catalog, compared, report, progress, is_cancelled, reader, read_all=read_all)
    for changes in (report.added, report.updated):
        changes[:] = [
            change._replace(document=without_boilerplate(change.document, report.shared)) for change in changes
        ]
    return report


def _read_source(
    catalog: CatalogReader,
    compared: Comparison,
    report: SyncReport,
    progress: Progress,
    is_cancelled: CancelToken,
    reader: FileReader,
    *,
    read_all: bool,
) -> None:
    known = {
        file.name: _as_known(catalog, file, before, read_all=read_all)
        for file, before in compared.files
        if not _is_settled(before, file, read_all=read_all)
    }
    documents = reader.read_all(file for file, _ in compared.files if known.get(file.name, file) is None)
    for position, (file, before) in enumerate(compared.files, start=1):
        progress(Phase.READING, position, len(compared.files))
        if is_cancelled():
            report.is_cancelled = True
            return
        if file.name not in known:
            report.unchanged += 1
            continue
        stored = known[file.name]
        change = Change(compared.source, stored or next(documents), before)
        if before is None:
            report.added.append(change)
        elif stored or (not read_all and _says_the_same(before, change.document)):
            report.touched.append(change)
        else:
            report.updated.append(change)
    report.removed += [(compared.source, path) for path in compared.gone]
    _look_for_shared(compared, report)


def _look_for_shared(compared: Comparison, report: SyncReport) -> None:
    count = len(compared.files)
    read = [change for change in report.changed if change.source == compared.source]
    try:
        report.shared |= shared_paragraphs((change.document for change in read), count)
        report.shared |= shared_headings((change.document for change in read), count)
    except Exception:  # the fault of one file: cutting each by itself finds which
        alone = {change.place: fault(shared_paragraphs, [change.document], count) for change in read}
        report.fail({place: reason for place, reason in alone.items() if reason})
        sound = (change.document for change in read if not alone[change.place])
        report.shared |= shared_paragraphs(sound, count)


def fault(work: Callable[..., object], *values: object) -> str:
    """Return why work on one file fails; an empty string if it succeeds."""
    try:
        work(*values)
    except TopicsError:  # a fault of the library, not of the file
        raise
    except Exception as error:
        return reason_of(error)
    return ""


def _says_the_same(before: StoredDocument, document: Document) -> bool:
    if "failed" in (before.status, document.status) or not document.fingerprint:
        told = (document.status, document.reason, document.fingerprint)
        return (before.status, before.reason, before.fingerprint) == told
    return before.fingerprint == document.fingerprint


def _is_settled(before: StoredDocument | None, file: FoundFile, *, read_all: bool) -> bool:
    """Return whether a file need not be read: it looks unchanged, and it did not fail at the last sync."""
    if before is None or before.status == "failed" or (read_all and not file.is_elsewhere):
        return False
    return looks_unchanged(before, file)


def _as_known(
    catalog: CatalogReader, file: FoundFile, before: StoredDocument | None, *, read_all: bool
) -> Document | None:
    """Return the document of a file from an earlier reading, also under another name; None if it has to be read."""
    if before:
        return _as_it_was(before, file, read_all=read_all)
    return None if read_all else _as_elsewhere(catalog, file)


def _as_it_was(before: StoredDocument, file: FoundFile, *, read_all: bool) -> Document | None:
    """Return the document as it was last read, with the new size and time; None if the file has to be read."""
    if file.is_elsewhere and before.status == "indexed":
        size_and_time = (before.size, before.modified_ns)
        inode = (before.inode, before.changed_ns)
        return Document(file.name, before.fingerprint, *size_and_time, "indexed", LEFT, (), *inode)
    is_alike = before.status == "indexed" and before.reason != LEFT and before.size == file.size
    if read_all or not is_alike or before.fingerprint != fingerprint_of(file):
        return None
    size_and_time, inode = (file.size, file.modified_ns), (file.inode, file.changed_ns)
    return Document(file.name, before.fingerprint, *size_and_time, before.status, before.reason, (), *inode)


def _as_elsewhere(catalog: CatalogReader, file: FoundFile) -> Document | None:
    """Return the document of a renamed file, by its content; None for notes, and if the content is new."""
    if file.unread or format_of(file.name) is None or not (fingerprint := fingerprint_of(file)):
        return None
    before = next(
        (stored for stored in catalog.documents_of(fingerprint) if _reads_alike(stored.path, file.name)), None
    )
    if before is None or before.status != "indexed":
        return None
    called, new = name_of(before.path), name_of(file.name)
    topics = tuple(_renamed(topic, called, new) for topic in catalog.topics_of(DocumentKey(before.source, before.path)))
    size_and_time, inode = (file.size, file.modified_ns), (file.inode, file.changed_ns)
    return Document(file.name, fingerprint, *size_and_time, before.status, before.reason, topics, *inode)


def _reads_alike(path: str, other: str) -> bool:
    return format_of(path) == format_of(other)


def _renamed(topic: Topic, called: str, new: str) -> Topic:
    """Return a topic of a renamed file; it is given its id later."""
    headings = (new if heading == called else heading for heading in (topic.subject, topic.title))
    subject, title = headings
    return replace(topic, subject=subject, title=title, id="")
