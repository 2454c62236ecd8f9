"""how is a library brought up to date with its sources? compare, read what changed, embed new text, write"""

from __future__ import annotations

from index.catalog import TopicIdAssigner, name_topics
from index.embedding import Encoder, Tokenizer, check_model, make_ready
from index.errors import LibraryModelError, TopicsError
from index.formats import DEFAULT_LIMITS, Limits
from index.indexing.changes import Faults, SyncReport, fault, look_for_changes, preview
from index.indexing.comparing import compare
from index.indexing.instalments import TopicPassages, embed, instalments, wait_for_workers, write
from index.indexing.learning import taught_passages
from index.progress import CancelToken, Phase, Progress, never, silent
from index.records import DocumentKey
from index.sources import reason_of
from index.storage import Storage, Writer


def sync(
    storage: Storage,
    encoder: Encoder,
    progress: Progress = silent,
    is_cancelled: CancelToken = never,
    *,
    reembed: bool = False,
    prune: bool = False,
    by_workers: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> SyncReport:
    """Bring a library up to date with its sources; `Library.sync` documents arguments and errors."""
    if not reembed:
        check_model(storage, encoder)
    with storage.writing() as catalog:
        make_ready(encoder, progress, thoroughly=catalog.get("model") is None)
        sources = list(compare(catalog))
        is_new_model = encoder.name != (catalog.get("model") or encoder.name)
        if (first := preview(catalog, sources)).added and not is_new_model:
            _take_in(catalog, encoder, first, silent, never)
        report = look_for_changes(
            catalog, sources, progress, is_cancelled, read_all=reembed, prune=prune, limits=limits
        )
        if report.is_cancelled:
            return report
        if is_new_model:
            _refuse_halves(report)
        _take_in(catalog, encoder, report, progress, is_cancelled, at_once=is_new_model, by_workers=by_workers)
    return report


def _take_in(
    catalog: Writer,
    encoder: Encoder,
    report: SyncReport,
    progress: Progress,
    is_cancelled: CancelToken,
    *,
    at_once: bool = False,
    by_workers: bool = False,
) -> None:
    """Embed and write the changes, in instalments unless they have to be one revision."""
    identify(catalog, report)
    passages = cut(catalog, report, encoder.tokenizer, progress, is_cancelled)
    if report.is_cancelled:
        return
    parts = instalments(catalog, encoder.name, report, passages, at_once=at_once)
    report.embedded = sum(len(part.missing) for part in parts)
    if by_workers:
        wait_for_workers(catalog, encoder.name, parts, progress, is_cancelled)
    report.is_cancelled = True  # until the last instalment is written
    for part in embed(catalog, encoder, parts, progress, is_cancelled):
        is_last = part is parts[-1]
        tell = progress if is_last else silent  # progress is reported between two instalments, too
        tell(Phase.WRITING, 0, 0)
        write(catalog, report, part, encoder.name, is_first=part is parts[0], is_last=is_last)
        tell(Phase.ORDERING, 0, 0)
        catalog.refresh(is_last=is_last)
        report.is_cancelled = not is_last
    report.settle()


def _refuse_halves(report: SyncReport) -> None:
    """Raise LibraryModelError if a source cannot be read, whose vectors would stay those of the old model."""
    if report.away:
        raise LibraryModelError(
            f"The library cannot change to another model while {', '.join(report.away)} has no files to be read: its "
            "notes would keep vectors of the old one. Bring the files back, or forget them with `topics remove`."
        )


def identify(catalog: Writer, report: SyncReport) -> None:
    """Give every topic of the changed files its former id, or a new one that is unique in the library."""
    named = {change.place: fault(name_topics, change.document) for change in report.changed}
    report.fail({place: reason for place, reason in named.items() if reason})
    changed = {change.place: change.document for change in report.changed}
    known = [change.place for change in report.updated] + [DocumentKey(*gone) for gone in report.removed]
    assigner = TopicIdAssigner(catalog.holders, changed.items(), {place: catalog.traits(place) for place in known})
    for changes in (report.added, report.updated):
        changes[:] = [
            change._replace(document=assigner.identified(change.place, change.document)) for change in changes
        ]
    report.moved = assigner.moved


def cut(
    catalog: Writer, report: SyncReport, tokenizer: Tokenizer, progress: Progress, is_cancelled: CancelToken
) -> list[TopicPassages]:
    """Return the passages of every changed document; a document that cannot be cut is marked as failed and has none."""
    passages: list[TopicPassages] = []
    failing: Faults = {}
    for position, change in enumerate(report.changed, start=1):
        progress(Phase.CUTTING, position, len(report.changed))
        if is_cancelled():
            report.is_cancelled = True
            return passages
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
