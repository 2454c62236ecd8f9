"""what the library consists of -> words and HTML: its sources and their state, files left out, changes under way"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from markupsafe import Markup

from assistant.amounts import duration_words
from assistant.operations import JobProgress, JobResult, are_uploads, by_reason
from assistant.ui.appearance import counted, moment, number
from assistant.ui.markup import trusted
from assistant.ui.rendering import render
from index.catalog import StoredDocument
from index.indexing import Comparison
from index.library import Library
from index.sources import BUILTIN

MAX_FILES_NAMED = 20
"""Files named one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class Source:
    """A folder or file that the library reads, as it is now."""

    path: str
    are_copies: bool
    """Its files were uploaded, and are deleted with it."""
    is_there: bool
    is_emptied: bool
    """It had files and has none, as where a disk is not mounted."""
    topics: int
    files: Mapping[str, int]
    """How many are indexed, skipped and failed."""
    stale: int
    """Files that are new, changed or gone since they were read."""
    is_elsewhere: bool = False
    """Another machine reads it: the library is on a server, and its files are not here."""
    inner: tuple[str, ...] = ()
    """The folders and files in it that are sources of their own."""

    @property
    def name(self) -> str:
        """What a person calls it."""
        if self.are_copies:
            return "Uploaded notes"
        return "The bundled topics" if self.path == BUILTIN else self.path

    @property
    def is_sound(self) -> bool:
        """Say whether all of it is in the library."""
        is_whole = self.is_elsewhere or (self.is_there and not self.is_emptied and not self.stale)
        return is_whole and not self.files.get("failed")


def read_sources(library: Library) -> list[Source]:
    """Return every source, compared with its files as they are now."""
    documents = library.documents()
    return [
        _source(
            comparison,
            [document for document in documents if document.source == comparison.source],
            are_copies=are_uploads(library, comparison.source),
            is_elsewhere=library.is_on_server and not comparison.is_there,
        )
        for comparison in library.compared()
    ]


def _source(
    comparison: Comparison, documents: Sequence[StoredDocument], *, are_copies: bool, is_elsewhere: bool
) -> Source:
    return Source(
        comparison.source,
        are_copies,
        comparison.is_there,
        comparison.is_emptied,
        sum(document.topics for document in documents),
        Counter(document.status for document in documents),
        sum(1 for _ in comparison.stale()),
        is_elsewhere,
        comparison.inner,
    )


def source_html(source: Source) -> Markup:
    """Return a source with its state in words, never by colour alone."""
    return render("source", source=source, facts=source_facts(source))


def source_facts(source: Source) -> list[str]:
    """Return what there is to say about a source."""
    if not source.is_there and not source.is_elsewhere:
        return ["not there at present: what came from it is kept", counted(source.topics, "topic")]
    if source.is_emptied:
        return ["empty at present, as a disk that is not mounted: what came from it is kept"]
    facts = ["read on another machine"] if source.is_elsewhere else []
    facts += [counted(source.topics, "topic"), f"{counted(source.files.get('indexed', 0), 'file')} indexed"]
    facts += [f"{source.files[status]} {status}" for status in ("skipped", "failed") if source.files.get(status)]
    facts += [f"without {inner}, a source of its own" for inner in source.inner]
    return facts + ([f"{source.stale} changed since the last sync"] if source.stale else [])


def left_out_html(reasons: Mapping[tuple[str, str], Sequence[str]]) -> Markup:
    """Return the files that were skipped, failed or read in part, under the reason they share."""
    groups = [
        {
            "status": status,
            "reason": reason,
            "named": paths[:MAX_FILES_NAMED],
            "more": max(len(paths) - MAX_FILES_NAMED, 0),
        }
        for (status, reason), paths in reasons.items()
    ]
    return render("left_out", groups=groups)


def refused_html(refused: Mapping[str, str]) -> Markup:
    """Return which uploads were refused, each with the reason."""
    groups = by_reason(("refused", reason, name) for name, reason in refused.items())
    return render("alert", shown=left_out_html(groups)) if groups else trusted("")


def progress_words(progress: JobProgress) -> str:
    """Return how far a change has come, how fast, and how long it will take.

    >>> from index.progress import Phase
    >>> progress_words(JobProgress(Phase.EMBEDDING, 300, 1100, 100, 4.0))
    'Embedding: 300 of 1,100 · 50 a second · about 20 s to go'
    """
    if not progress.total:
        return f"{progress.phase} …"
    parts = [f"{progress.phase}: {number(progress.done)} of {number(progress.total)}"]
    if progress.speed >= 1:
        parts.append(f"{number(round(progress.speed))} a second")
    if progress.remaining:
        parts.append(f"{duration_words(progress.remaining)} to go")
    return " · ".join(parts)


def last_words(result: JobResult | None, renewed_at: datetime | None) -> str:
    """Return what became of the last change, or when another process has brought something new since."""
    if result and not (renewed_at and renewed_at > result.at):
        return result_words(result)
    return f"Something new was last read at {moment(renewed_at.astimezone())}." if renewed_at else ""


def result_words(result: JobResult) -> str:
    """Return what became of a change."""
    at = moment(result.at)
    if result.cancelled:
        return f"Cancelled at {at}. What was read by then is in the library; the next sync goes on from there."
    if result.error:
        return f"{result.error} ({at})"
    report = result.report
    if report is None:
        return f"Done at {at}."
    counts = {
        "added": len(report.added),
        "updated": len(report.updated),
        "gone": len(report.removed),
        "unchanged": report.unchanged + len(report.touched),
        "of them failed": sum(change.document.status == "failed" for change in report.read),
    }
    told = ", ".join(f"{number(count)} {name}" for name, count in counts.items() if count)
    return f"Last sync at {at}: {told or 'there are no files'}."


def folder_size(folder: Path) -> int:
    """Return the bytes of all files in a folder; one that goes in the meantime counts nothing."""
    return sum(_size(file) for file in folder.rglob("*"))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0
