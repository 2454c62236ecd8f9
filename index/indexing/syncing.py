"""what a sync does: sources and catalog compared, new text embedded, and all of it written, each note whole"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from index.catalog import TopicIdAssigner, name_topics
from index.embedding import EncodeDocuments, Encoder, Tokenizer
from index.errors import TopicsError
from index.formats import DEFAULT_LIMITS, NEEDS_EXTRA, Limits, format_of
from index.indexing.boilerplate import shared_headings, shared_paragraphs, without_boilerplate
from index.indexing.learning import known_shared, taught_passages
from index.records import Document, Passage, Place, StoredDocument, Topic
from index.sources import (
    ELSEWHERE,
    FileReader,
    FoundFile,
    find_files,
    fingerprint_of,
    mode_of,
    name_of,
    read_document,
    reason_of,
    source_root,
)
from index.storage import CatalogReader, Writer
from index.text import is_jsonl, storable

READER_VERSION: Final = "10"
"""Raised when parsing or passages change: the next sync then reads every file again, and embeds what is new of it."""

RENEWED: Final = "renewed"
"""What a library remembers the time under when a sync last found something new."""

BATCH: Final = 64
"""Passages embedded between two commits: a few seconds of work, all that an interruption can cost."""

LEFT: Final = "now in the cloud only: found as it was last read; download it to have it read again"
"""What is said of a file that was read before its content left this machine."""

INSTALMENT: Final = 512
"""Passages that are embedded, at least, before what they belong to can be found: seconds of work."""
GROWTH: Final = 1 / 8
"""How much is embedded before the next instalment, as a share of what was: what a reader loads anew at each grows with
the library, and so their number grows with the logarithm of it."""

WORKERS_SECONDS: Final = 0.25
"""How often it is seen how much workers have embedded."""

PREVIEW_FROM: Final = 2**20
"""Bytes of new notes from which on some can be found before the others are read: seconds of reading."""
PREVIEW: Final = 2**16
"""Bytes of those that are first: a second of embedding."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is (0 where nobody knows)."""

TopicPassages: TypeAlias = list[list[Passage]]
"""The passages of one document, topic by topic."""


Faults: TypeAlias = dict[Place, str]
"""Files that cannot be taken in, each with the reason."""


def silent(what: str, done: int, total: int) -> None:
    """Take a report of progress and say nothing."""


class Change(NamedTuple):
    """A file that a sync has read."""

    source: str
    document: Document
    before: StoredDocument | None = None
    """What was remembered of it."""

    @property
    def place(self) -> Place:
        """Where the file stands."""
        return Place(self.source, self.document.path)

    @property
    def is_told(self) -> bool:
        """Say whether it fails just as it did before."""
        failed = self.document.status == "failed"
        return failed and self.before is not None and _says_the_same(self.before, self.document)

    def failed(self, reason: str) -> Change:
        """Return the file as one that is not read."""
        return self._replace(document=replace(self.document, status="failed", reason=reason, topics=()))


class Instalment(NamedTuple):
    """Some of the changed files, which are written together."""

    changes: list[Change]
    passages: list[TopicPassages]
    """Those of each file."""
    missing: list[Passage]
    """Passages that have no vector yet, which no instalment before has either."""

    def fail(self, failing: Faults) -> None:
        """Let files count as failed."""
        for number, change in enumerate(self.changes):
            if change.place in failing:
                self.changes[number] = change.failed(failing[change.place])
                self.passages[number] = []


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
    """Sources that are not there at present; what came from them is kept."""
    emptied_sources: list[str] = field(default_factory=list)
    """Sources that had files and have none at present, as an unmounted disk looks; what came from them is kept."""
    embedded: int = 0
    """Passages that needed a new vector."""
    shared: frozenset[str] = frozenset()
    """The keys of paragraphs that most notes share: they are not embedded."""
    moved: set[Place] = field(default_factory=set)
    """Files between which topics have moved."""

    def fail(self, failing: Faults) -> None:
        """Let changed files count as failed."""
        for changes in (self.added, self.updated):
            changes[:] = [one.failed(failing[one.place]) if one.place in failing else one for one in changes]

    def settle(self) -> None:
        """Count files that fail just as they did before as no news."""
        self.touched += [change for change in self.updated if change.is_told]
        self.updated = [change for change in self.updated if not change.is_told]

    @property
    def changed(self) -> list[Change]:
        """Return the files that were read and have new content."""
        return self.added + self.updated

    @property
    def read(self) -> list[Change]:
        """Return the files that were looked into."""
        return self.changed + self.touched

    @property
    def is_complete(self) -> bool:
        """Say whether every source was there and every file could be read."""
        failed = any(change.document.status == "failed" for change in self.read)
        return not (failed or self.away)

    @property
    def away(self) -> list[str]:
        """The sources of which no file is there to be read."""
        return self.missing_sources + self.emptied_sources


class Comparison(NamedTuple):
    """A source as it is beside what the catalog remembers of it."""

    source: str
    is_there: bool
    files: list[tuple[FoundFile, StoredDocument | None]]
    """Each file that is there, with what is remembered of it."""
    gone: list[str]
    """The paths of the files that are remembered and not there."""
    inner: tuple[str, ...] = ()
    """The paths of the folders and files in it that are sources of their own."""
    unread_kinds: Mapping[str, int] = MappingProxyType({})
    """How many files it has of each kind that nothing reads, by the end of their names."""

    @property
    def is_emptied(self) -> bool:
        """Say whether it had files and has none, as where a disk is not mounted; another source may have got them."""
        lost = (path for path in self.gone if not any(f"{path}/".startswith(f"{inner}/") for inner in self.inner))
        return self.is_there and not self.files and any(lost)

    def stale(self) -> Iterator[str]:
        """Yield the path of every file that is new, changed or gone; none of a source that is away as a whole."""
        if not self.is_there or self.is_emptied:
            return
        yield from (file.name for file, before in self.files if not _looks_unchanged(before, file))
        yield from self.gone


def compare(catalog: CatalogReader) -> Iterator[Comparison]:
    """Compare each source with what is remembered of it; the files of a source inside it are only that one's."""
    roots = {source: source_root(source) for source in catalog.sources()}
    for source, root in roots.items():
        known = {document.path: document for document in catalog.documents(source)}
        include, exclude = catalog.patterns(source)
        others = {*roots.values()} - {root}
        kinds = Counter[str]()
        files = find_files(root, others, include=include, exclude=exclude, unread_kinds=kinds)
        found = [(file, known.pop(file.name, None)) for file in files]
        inner = sorted(storable(other.relative_to(root).as_posix()) for other in others if other.is_relative_to(root))
        yield Comparison(source, mode_of(root) != 0, found, list(known), tuple(inner), kinds)


def preview(catalog: CatalogReader, sources: Sequence[Comparison]) -> SyncReport:
    """Read a few of many notes that come to a library from new sources; none where anything else has changed.

    They can be found while the others are read: which paragraphs most of them share is known only afterwards, and then
    these are written once more.
    """
    report = SyncReport(shared=known_shared(catalog))
    new = [(one.source, file) for one in sources for file, before in one.files if before is None]
    is_first = not any(one.gone for one in sources) and catalog.get("reader") in (None, READER_VERSION)
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
    *,
    read_all: bool,
    prune: bool,
    limits: Limits = DEFAULT_LIMITS,
) -> SyncReport:
    """Read every file that is new or looks changed, or all of them, and say what became of each.

    A source that is not there, or has lost its last file, is kept as it was unless `prune`.
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
                _read(catalog, compared, report, progress, reader, read_all=read_all)
    for changes in (report.added, report.updated):
        changes[:] = [one._replace(document=without_boilerplate(one.document, report.shared)) for one in changes]
    return report


def _read(
    catalog: CatalogReader,
    compared: Comparison,
    report: SyncReport,
    progress: Progress,
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
        progress("Reading", position, len(compared.files))
        if file.name not in known:
            report.unchanged += 1
            continue
        kept = known[file.name]
        change = Change(compared.source, kept or next(documents), before)
        if before is None:
            report.added.append(change)
        elif kept or (not read_all and _says_the_same(before, change.document)):
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
    except Exception:  # that of one file: which one it is, each tells by itself
        alone = {change.place: _fault(shared_paragraphs, [change.document], count) for change in read}
        report.fail({place: reason for place, reason in alone.items() if reason})
        sound = (change.document for change in read if not alone[change.place])
        report.shared |= shared_paragraphs(sound, count)


def _fault(work: Callable[..., object], *values: object) -> str:
    """Return why some work on one file cannot be done; nothing where it can."""
    try:
        work(*values)
    except TopicsError:  # it is the library's, not the file's
        raise
    except Exception as error:
        return reason_of(error)
    return ""


def identify(catalog: Writer, report: SyncReport) -> None:
    """Give every topic of the changed files the id that it had, or one that no other topic of the library has."""
    named = {change.place: _fault(name_topics, change.document) for change in report.changed}
    report.fail({place: reason for place, reason in named.items() if reason})
    changed = {change.place: change.document for change in report.changed}
    known = [change.place for change in report.updated] + [Place(*gone) for gone in report.removed]
    assigner = TopicIdAssigner(catalog.holders, changed.items(), {place: catalog.traits(place) for place in known})
    for changes in (report.added, report.updated):
        changes[:] = [
            change._replace(document=assigner.identified(change.place, change.document)) for change in changes
        ]
    report.moved = assigner.moved


def cut(catalog: Writer, report: SyncReport, tokenizer: Tokenizer, progress: Progress) -> list[TopicPassages]:
    """Return the passages of every changed document; one that cannot be cut has none, and fails."""
    passages: list[TopicPassages] = []
    failing: Faults = {}
    for position, change in enumerate(report.changed, start=1):
        progress("Cutting into passages", position, len(report.changed))
        parts: TopicPassages = []
        try:
            parts = [taught_passages(catalog, tokenizer, topic, report.shared) for topic in change.document.topics]
        except TopicsError:
            raise
        except Exception as error:
            failing[change.place] = reason_of(error)
        passages.append(parts)
    report.fail(failing)
    return passages


def instalments(
    catalog: Writer, model: str, report: SyncReport, passages: list[TopicPassages], *, at_once: bool
) -> list[Instalment]:
    """Return the changed files in the order in which they are written, in parts of which each is worth a revision.

    There is one part at least, for what else has changed. Topics move from file to file within the first one.
    """
    parts = [Instalment([], [], [])]
    seen: set[str] = set()
    embedded = 0
    together = [(change, document) for change, document in zip(report.changed, passages, strict=True)]
    together.sort(key=lambda one: one[0].place not in report.moved)
    for change, document in together:
        is_movable = not at_once and change.place not in report.moved
        if is_movable and len(parts[-1].missing) >= max(INSTALMENT, GROWTH * embedded):
            embedded += len(parts[-1].missing)
            parts.append(Instalment([], [], []))
        cut = [passage for topic in document for passage in topic]
        missing = [passage for passage in catalog.not_encoded(model, cut) if passage.text not in seen]
        seen.update(passage.text for passage in missing)
        parts[-1].changes.append(change)
        parts[-1].passages.append(document)
        parts[-1].missing.extend(missing)
    return parts


def embed(catalog: Writer, encoder: Encoder, parts: Sequence[Instalment], progress: Progress) -> Iterator[Instalment]:
    """Make the vectors that are missing, committing batch by batch, and yield each instalment once it has its own.

    Files with a text that cannot be embedded fail.
    """
    total = sum(len(part.missing) for part in parts)
    if total:
        progress("Getting ready to embed", 0, 0)
    encode = encoder.document_encoder(total) if total else encoder.encode_documents
    done = 0
    faults: dict[str, str] = {}
    for part in parts:
        for batch in _batches(part.missing):
            progress("Embedding", done, total)
            faults |= _encode(catalog, encoder.name, encode, batch)
            done += len(batch)
        if total and done == total:
            progress("Embedding", total, total)
        if faults:
            part.fail(_owners(part, faults))
        yield part


def wait_for_workers(catalog: Writer, model: str, parts: Sequence[Instalment], progress: Progress) -> None:
    """Let workers on other machines embed what is missing; what they fail on stays missing, or all if none can be."""
    missing = [passage for part in parts for passage in part.missing]
    if not missing or not catalog.hand_out(model, missing):
        return
    while waiting := catalog.handed_out(model):
        progress("Waiting for workers", max(len(missing) - waiting, 0), len(missing))
        time.sleep(WORKERS_SECONDS)
    for part in parts:
        part.missing[:] = catalog.not_encoded(model, part.missing)


def _encode(catalog: Writer, model: str, encode: EncodeDocuments, batch: list[Passage]) -> dict[str, str]:
    """Keep the vectors of a batch, and return why which of its texts has none."""
    try:
        encoded = encode([passage.text for passage in batch])
    except TopicsError:
        raise
    except Exception as error:
        if len(batch) == 1:
            return {batch[0].text: reason_of(error)}
        found: dict[str, str] = {}
        for passage in batch:
            found |= _encode(catalog, model, encode, [passage])
        if len(found) == len(batch):  # it is not the texts
            raise
        return found
    with catalog.change():
        catalog.put_encoded(model, batch, encoded)
    return {}


def _owners(part: Instalment, faults: dict[str, str]) -> Faults:
    """Return the files that hold a text which cannot be embedded."""
    return {
        change.place: faults[passage.text]
        for change, document in zip(part.changes, part.passages, strict=True)
        for topic in document
        for passage in topic
        if passage.text in faults
    }


def _batches(missing: Iterable[Passage]) -> list[list[Passage]]:
    ordered = sorted(missing, key=lambda passage: len(passage.text))
    batches = [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
    # in order of length each would take longer than the last, and the pace so far would promise too early an end
    Random(0).shuffle(batches)  # noqa: S311 (no secret)
    return batches


def write(catalog: Writer, report: SyncReport, part: Instalment, model: str, *, is_first: bool, is_last: bool) -> None:
    """Keep an instalment of what a sync found, in one transaction; nothing is written where nothing was found.

    The first one holds what takes no embedding, too: which files are gone, and which are to be read anew, as all are
    by a new reader. Until the last one has come, vectors that nothing uses may be those of a note that was moved.
    """
    removed, touched = (report.removed, report.touched) if is_first else ((), ())
    is_news = bool(part.changes or removed or not catalog.revision())
    settings = {"model": model, "reader": READER_VERSION, "shared": " ".join(sorted(report.shared))}
    if not is_news and not touched and all(catalog.get(key) == value for key, value in settings.items()):
        return
    is_new_reader = catalog.get("reader") != READER_VERSION
    with catalog.change():
        for source in catalog.sources() if is_new_reader else ():
            catalog.doubt_documents(source)
        for source, path in removed:
            catalog.remove_document(source, path)
        for change in touched:
            catalog.touch_document(change.source, change.document)
        _put(catalog, report, part, model)
        for key, value in settings.items():
            catalog.set(key, value)
        if removed or not catalog.revision() or not all(change.is_told for change in part.changes):
            catalog.set(RENEWED, datetime.now(UTC).isoformat())
            catalog.advance_revision(is_last=is_last)


def _put(catalog: Writer, report: SyncReport, part: Instalment, model: str) -> None:
    """Keep the files of an instalment; one that cannot be kept fails."""
    for number, (change, passages) in enumerate(zip(part.changes, part.passages, strict=True)):
        try:
            with catalog.attempt():
                catalog.put_document(change.source, change.document, passages, model)
        except TopicsError:
            raise
        except Exception as error:
            part.changes[number] = change.failed(reason_of(error))
            catalog.put_document(change.source, part.changes[number].document, [], model)
    report.fail({change.place: change.document.reason for change in part.changes if change.document.status == "failed"})


def _says_the_same(before: StoredDocument, document: Document) -> bool:
    if "failed" in (before.status, document.status) or not document.fingerprint:
        told = (document.status, document.reason, document.fingerprint)
        return (before.status, before.reason, before.fingerprint) == told
    return before.fingerprint == document.fingerprint


def _is_settled(before: StoredDocument | None, file: FoundFile, *, read_all: bool) -> bool:
    """Say whether a file need not be looked into: what failed is tried again each time."""
    if before is None or before.status == "failed" or (read_all and not file.is_elsewhere):
        return False
    return _looks_unchanged(before, file)


def _as_it_was(before: StoredDocument, file: FoundFile, *, read_all: bool) -> Document | None:
    """Return a file that is to be kept as it was read, with what is new about it; None where it has to be read."""
    if file.is_elsewhere and before.status == "indexed":
        size_and_time = (before.size, before.modified_ns)
        inode = (before.inode, before.changed_ns)
        return Document(file.name, before.fingerprint, *size_and_time, "indexed", LEFT, (), *inode)
    is_alike = before.status == "indexed" and before.reason != LEFT and before.size == file.size
    if read_all or not is_alike or before.fingerprint != fingerprint_of(file):
        return None
    size_and_time, inode = (file.size, file.modified_ns), (file.inode, file.changed_ns)
    return Document(file.name, before.fingerprint, *size_and_time, before.status, before.reason, (), *inode)


def _as_known(
    catalog: CatalogReader, file: FoundFile, before: StoredDocument | None, *, read_all: bool
) -> Document | None:
    """Return a file that need not be read, as it was read before or under another name; None where it has to be."""
    if before:
        return _as_it_was(before, file, read_all=read_all)
    return None if read_all else _as_elsewhere(catalog, file)


def _as_elsewhere(catalog: CatalogReader, file: FoundFile) -> Document | None:
    """Return a new file that is no note as it was read under another name; None where it was not, or is a note."""
    if file.unread or format_of(file.name) is None or not (fingerprint := fingerprint_of(file)):
        return None
    before = next((one for one in catalog.documents_of(fingerprint) if _reads_alike(one.path, file.name)), None)
    if before is None or before.status != "indexed":
        return None
    called, new = name_of(before.path), name_of(file.name)
    topics = tuple(_renamed(topic, called, new) for topic in catalog.topics_of(Place(before.source, before.path)))
    size_and_time, inode = (file.size, file.modified_ns), (file.inode, file.changed_ns)
    return Document(file.name, fingerprint, *size_and_time, before.status, before.reason, topics, *inode)


def _reads_alike(path: str, other: str) -> bool:
    return format_of(path) == format_of(other)


def _renamed(topic: Topic, called: str, new: str) -> Topic:
    """Return a topic of a file that is called otherwise; its id is given to it anew."""
    headings = (new if heading == called else heading for heading in (topic.subject, topic.title))
    subject, title = headings
    return replace(topic, subject=subject, title=title, id="")


def _looks_unchanged(before: StoredDocument | None, file: FoundFile) -> bool:
    if before is None:
        return False
    if file.unread:
        told = ("indexed", LEFT) if file.is_elsewhere and before.status == "indexed" else file.unread
        return (before.status, before.reason) == told
    if before.reason in (LEFT, ELSEWHERE[1]) or before.reason.startswith(NEEDS_EXTRA):
        return False
    is_same = not before.changed_ns or (before.inode, before.changed_ns) == (file.inode, file.changed_ns)
    return is_same and (before.size, before.modified_ns) == (file.size, file.modified_ns)
