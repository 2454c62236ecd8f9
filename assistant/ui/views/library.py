"""what the library consists of -> words and HTML: its sources and their state, files left out, changes under way"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from markupsafe import Markup

from assistant.amounts import duration_words
from assistant.operations import JobProgress, JobResult, Source, by_reason
from assistant.ui.views.dates_and_numbers import counted, moment, number
from assistant.ui.views.markup import trusted
from assistant.ui.views.rendering import render

MAX_FILES_NAMED = 20
"""Files named one by one; the others are counted."""


def source_html(source: Source) -> Markup:
    """Return a source with its state in words, never by colour alone."""
    return render("source", source=source, facts=source_facts(source))


def source_facts(source: Source) -> list[str]:
    """Return what there is to say about a source."""
    if not source.is_there and not source.is_elsewhere:
        return ["not there at present: what came from it is kept", counted(source.topics, "topic")]
    if source.is_emptied:
        state = "no note to read at present, as if its disk were not mounted: what was read of it is kept"
        return [state, counted(source.topics, "topic"), "were its notes deleted, Remove forgets them"]
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
