"""the report of `topics eval`: each measure with what it says"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final

from assistant.amounts import counted
from assistant.terminal import out, print_table

if TYPE_CHECKING:
    from assistant.evaluation.metrics import Report, Table

MEANINGS: Final = {
    "success@1": "the first topic is right",
    "nDCG@10": "right topics stand high in the first ten",
    "recall@10": "right topics are in the first ten",
    "MRR@10": "1 / the rank of the first right topic",
    "slot accuracy": "the entry shown is in the slot asked for",
    "sentence accuracy": "the passage holds it, of right topics answered",
    "passage accuracy": "what is shown answers, of all they answer",
    "passage accuracy of right topics": "the same, and nothing is refused",
    "characters shown": "length of what is shown",
    "false refusals": "the notes answer, and it says they don't",
    "refused though right": "the same, and the first topic is right",
    "false answers": "they don't, and it answers all the same",
    "AUROC": "confidence is higher where they answer",
    "false answers at 95 % answered": "where 95 % of the others are answered",
    "false answers at 8 % refused": "where 92 % of right topics are shown",
    "AURC": 'mean of "wrong" below, over all shares',
    "calibration error": "confidence less what proved right (ECE)",
}
"""What each measure of `topics eval` says, for people who meet it for the first time."""

KIND_COLUMNS: Final = (
    ("success@1", "nDCG@10", "slot accuracy", "passage accuracy", "false refusals"),
    ("false answers", "false answers at 95 % answered", "AUROC"),
)
"""The measures of each kind of answerable questions, and of each kind of the others."""


HALF_COLUMNS: Final = ("questions", "success@1", "passage accuracy", "AUROC", "calibration error")
"""The measures of each half."""

MARKDOWN_MEASURES: Final = (
    "success@1",
    "passage accuracy",
    "passage accuracy of right topics",
    "characters shown",
    "refused though right",
    "false answers",
    "AUROC",
    "false answers at 8 % refused",
    "calibration error",
)
"""The measures below a reliability table."""

RELIABILITY_COLUMNS: Final = ("confidence", "questions", "right", "share", "said")


def print_report(report: Report) -> None:
    """Print the measures of an evaluation: overall, for each kind of question, and beside other methods."""
    out.print(f"{counted(report.questions, 'question')}: the notes answer {report.answerable} of them.")
    measures = {**report.found, **report.confidence}
    print_table(["", "", ""], [[name, _measure(value), MEANINGS[name]] for name, value in measures.items()])
    _print_measures("of the surest", {"wrong": report.risk}, report.risk)
    for columns in KIND_COLUMNS:
        rows = {kind: row for kind, row in report.kinds.items() if row.keys() & columns}
        _print_measures("kind", rows, ("questions", *columns))
    _print_measures("half", report.halves, HALF_COLUMNS)
    _print_reliability(report)
    _print_measures("method", report.compared, dict.fromkeys(name for row in report.compared.values() for name in row))
    if report.compared:
        out.print("more: the product's nDCG@10 less the method's, from and to its 95 % interval", style="dim")
    out.print()
    out.print(
        "Half of the questions took at most {p50:.1f} ms, 95 % at most {p95:.1f} ms.".format_map(report.latency_ms)
    )


def to_markdown(report: Report) -> str:
    """Return what the number means as Markdown: the reliability table, and the measures of passages and refusals."""
    rows = [list(RELIABILITY_COLUMNS), ["---"] * len(RELIABILITY_COLUMNS), *_reliability_rows(report)]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
    measures = {**report.found, **report.confidence}
    told = "; ".join(f"{name} {_measure(measures[name])}" for name in MARKDOWN_MEASURES if name in measures)
    return f"{table}\n\n{counted(report.questions, 'question')}, {report.answerable} answerable: {told}."


def _print_reliability(report: Report) -> None:
    out.print()
    print_table(list(RELIABILITY_COLUMNS), _reliability_rows(report))


def _reliability_rows(report: Report) -> list[list[str]]:
    return [[name, f"{row['questions']}", f"{row['right']}", *_shares(row)] for name, row in report.reliability.items()]


def _shares(row: Mapping[str, float]) -> tuple[str, str]:
    """Return the share that was right and the mean that was said; nothing of a band that holds no question."""
    return (f"{row['share']:.2f}", f"{row['said']:.2f}") if "share" in row else ("", "")


def _print_measures(heading: str, table: Table, columns: Collection[str]) -> None:
    told = [column for column in columns if any(column in row for row in table.values())]
    if table:
        out.print()
        rows = [[name, *(_measure(row.get(column)) for column in told)] for name, row in table.items()]
        print_table([heading, *told], rows)


def _measure(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.0f}" if value > 1 else f"{value:.3f}"
