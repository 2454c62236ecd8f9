"""in which instalments are changed files embedded and written? each is one revision and holds whole files"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Final, NamedTuple, TypeAlias

from index.embedding import EncodeDocuments, Encoder
from index.errors import TopicsError
from index.indexing.changes import READER_VERSION, Change, Faults, SyncReport
from index.progress import CancelToken, Phase, Progress
from index.records import Passage
from index.sources import reason_of
from index.storage import Writer

RENEWED: Final = "renewed"
"""The name of the setting that holds the time when a sync last found something new."""

BATCH: Final = 64
"""Passages embedded between two commits: a few seconds of work, which is all that an interruption can lose."""

INSTALMENT: Final = 512
"""Passages in an instalment, at least: seconds of work before its files can be found."""
GROWTH: Final = 1 / 8
"""The size of the next instalment, as a share of all passages so far. A reader loads the library anew at each revision,
so the number of instalments grows only with the logarithm of the library."""

WORKERS_SECONDS: Final = 0.25
"""Seconds between two looks at how much workers have embedded."""

TopicPassages: TypeAlias = list[list[Passage]]
"""The passages of one document, topic by topic."""


class Instalment(NamedTuple):
    """Some of the changed files, which are written together."""

    changes: list[Change]
    passages: list[TopicPassages]
    """The passages of each file, topic by topic."""
    missing: list[Passage]
    """Passages that have no vector yet, also in no earlier instalment."""

    def fail(self, failing: Faults) -> None:
        """Let files count as failed."""
        for number, change in enumerate(self.changes):
            if change.place in failing:
                self.changes[number] = change.failed(failing[change.place])
                self.passages[number] = []


def instalments(
    catalog: Writer, model: str, report: SyncReport, passages: list[TopicPassages], *, at_once: bool
) -> list[Instalment]:
    """Return the changed files in the order in which they are written, in instalments of a revision each.

    There is one at least, for all other changes. Topics move from file to file within the first one.
    """
    parts = [Instalment([], [], [])]
    seen: set[str] = set()
    embedded = 0
    together = [(change, document) for change, document in zip(report.changed, passages, strict=True)]
    together.sort(key=lambda pair: pair[0].place not in report.moved)
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


def embed(
    catalog: Writer, encoder: Encoder, parts: Sequence[Instalment], progress: Progress, is_cancelled: CancelToken
) -> Iterator[Instalment]:
    """Make the vectors that are missing, committing batch by batch, and yield each instalment once it has its own.

    Files with a text that cannot be embedded fail. Once cancelled, no further instalment is yielded.
    """
    total = sum(len(part.missing) for part in parts)
    if total:
        progress(Phase.PREPARING_TO_EMBED, 0, 0)
    encode = encoder.document_encoder(total) if total else encoder.encode_documents
    done = 0
    faults: dict[str, str] = {}
    for part in parts:
        for batch in _batches(part.missing):
            progress(Phase.EMBEDDING, done, total)
            if is_cancelled():
                return
            faults |= _encode(catalog, encoder.name, encode, batch)
            done += len(batch)
        if total and done == total:
            progress(Phase.EMBEDDING, total, total)
        if faults:
            part.fail(_owners(part, faults))
        if is_cancelled():
            return
        yield part


def wait_for_workers(
    catalog: Writer, model: str, parts: Sequence[Instalment], progress: Progress, is_cancelled: CancelToken
) -> None:
    """Let workers on other machines embed what is missing; what they fail on stays missing, or all if none can be."""
    missing = [passage for part in parts for passage in part.missing]
    if not missing or not catalog.hand_out(model, missing):
        return
    while not is_cancelled() and (waiting := catalog.handed_out(model)):
        progress(Phase.WAITING_FOR_WORKERS, max(len(missing) - waiting, 0), len(missing))
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
        written: dict[str, str] = {}
        for passage in batch:
            written |= _encode(catalog, model, encode, [passage])
        if len(written) == len(batch):  # it is not the texts
            raise
        return written
    with catalog.change():
        catalog.put_encoded(model, batch, encoded)
    return {}


def _owners(part: Instalment, faults: dict[str, str]) -> Faults:
    """Return the files that hold a text which cannot be embedded, each with the reason."""
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
    # in order of length each would take longer than the last, and the speed so far would promise too early an end
    Random(0).shuffle(batches)  # noqa: S311 (no secret)
    return batches


def write(catalog: Writer, report: SyncReport, part: Instalment, model: str, *, is_first: bool, is_last: bool) -> None:
    """Write an instalment in one transaction; nothing if the sync found nothing.

    The first instalment also holds what needs no embedding: deleted files, and the version of the reader. Vectors that
    no passage uses are deleted with the last instalment only, as a moved note in a later one may use them.
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
    """Write the files of an instalment; a file that cannot be written fails by itself."""
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
