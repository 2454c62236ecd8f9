"""what a model must know beside a result: the index is behind, files were left out, a subject is unknown"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from assistant.amounts import counted
from assistant.mcp.instructions import has_only_samples
from assistant.mcp.results import ToolResult, shortened
from index.errors import QuestionError
from index.text import spellings

if TYPE_CHECKING:
    from assistant.service import Service

ADD_NOTES: Final = "Tell the user: `topics add FOLDER` in a terminal, or the page Library of the app, adds a folder."


def known_subject(service: Service, typed: str | None) -> tuple[str | None, list[str]]:
    """Return a subject that was asked for, and what to say where there is none of that name: all are searched then."""
    if not typed:
        return None, []
    try:
        spellings(typed, service.contents().subjects)
    except QuestionError as error:
        return None, [f"{shortened(str(error), 300)} Did you mean one of these? All subjects were searched."]
    return service.contents().called(typed), []


def notice(service: Service, result: ToolResult, remarks: Sequence[str], *, is_open: bool = False) -> ToolResult:
    """Return a result with what a model must know beside it; where it is `open`, also which files were left out."""
    sentences = [_without_notes(service), *remarks, _behind(service), _left_out(service) if is_open else ""]
    text = " ".join(filter(None, sentences))
    return {**result, "notice": text} if text else result


def _without_notes(service: Service) -> str:
    """Return what to tell a user who has added no notes yet; nothing where there are some."""
    if not service.contents().topics:
        return f"There are no notes yet, or none that could be read. {ADD_NOTES}"
    if has_only_samples(service.library()):
        return (
            f"The user has added no notes yet: these are the sample topics that come with Topic Assistant. {ADD_NOTES}"
        )
    return ""


def _behind(service: Service) -> str:
    """Return in which way the index is behind the notes; nothing where it is not known to be."""
    jobs = service.jobs
    if service.first_start:
        return "The notes are being read for the first time: what is not read yet is not found."
    if jobs.is_busy:
        return "Changed notes are being read at this moment: the newest may be missing."
    if jobs.last and jobs.last.error:
        return f"The notes are not followed at present, so the newest may be missing: {shortened(jobs.last.error, 200)}"
    if jobs.last and jobs.last.report and (count := len(jobs.last.report.away)):
        return f"{counted(count, 'source')} of the notes cannot be read at present: what was read before is searched."
    return ""


def _left_out(service: Service) -> str:
    left_out = service.left_out()
    count = sum(left_out.values())
    if not count:
        return ""
    why = "; ".join(shortened(reason, 80) for reason in list(left_out)[:2])
    return (
        f"{counted(count, 'file')} could not be read or only in part ({why}). The resource topics://status names them."
    )
