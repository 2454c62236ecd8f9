"""fit the weights of confidence anew, from what the product says to questions whose answers are known

    python -m benchmarks.fit_confidence dump FOLDER NAME QUESTIONS   # once for each set; --library, --half, --limit
    python -m benchmarks.fit_confidence fit FOLDER

QUESTIONS is a question file or a folder as `topics eval` reads them; a folder is asked of the library that it was given
by `topics eval`, a file of your own library; `--library` names another. `dump` keeps a line for each question in
FOLDER/NAME.jsonl, `fit` prints the weights of all sets together and, for each of them, what the others foretell of it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.answering import ask
from assistant.answering.confidence import SETTINGS, ConfidenceSettings, Features, confidence, features
from assistant.answering.coverage import Coverage
from assistant.calibration import calibrate
from assistant.evaluation.datasets import Judged, read_judged
from assistant.evaluation.evaluation import is_path_of
from assistant.settings import evaluation_folder, open_library
from index.library import Library
from index.records import Hit
from index.text import title_key

Row: TypeAlias = dict[str, Any]
"""What was measured of one question, and what is right."""

Sets: TypeAlias = Mapping[str, Sequence[Row]]
WordValues: TypeAlias = npt.NDArray[np.float64]

SUBTRACTING: Final = ("refuted", "absent", "unspoken", "contrary", "lacking")
"""The rules that subtract from the log-odds, by their names in the settings."""
RULES: Final = (*(f"is_{name}" for name in SUBTRACTING), "is_its_name", "is_ruled_out")
"""What decides beside the weights, by its name in a row."""

INVERSE_PENALTY: Final = 0.1
"""Sets left out are told alike from .01 to 1."""
MAX_REFUSED: Final = 0.08
"""Of what comes first rightly, in any set."""
SURE_FROM: Final = 0.9
"""What is said to be very likely."""


class Recorder:
    """Takes the place of `confidence` in the product, and keeps what it was last made of."""

    def __init__(self) -> None:
        """Begin with nothing measured."""
        self.row: Row = {}

    def __call__(self, hits: Sequence[Hit], covered: Coverage, settings: ConfidenceSettings = SETTINGS) -> float:
        """Return the probability as the product does."""
        said = confidence(hits, covered, settings)
        self.row = features(hits, covered)._asdict() | {
            **{f"is_{name}": bool(np.any(getattr(covered, f"is_{name}"))) for name in SUBTRACTING},
            "said": said,
            "is_its_name": bool(covered.is_its_name),
            "is_ruled_out": said == 0,
        }
        return said


def dump(library: Library, judged: Sequence[Judged], *, by_id: bool) -> list[Row]:
    """Ask every question; those that are no one question, and those that nothing is found for, are left out."""
    rows = []
    recorder = Recorder()
    with patch.object(sys.modules[ask.__module__], "confidence", recorder):
        for one in judged:
            recorder.row = {}
            answer = ask(library, one.question, limit=2, threshold=0.0)
            if answer.answer and recorder.row and round(recorder.row["said"], 3) == answer.confidence:
                is_right = _is_right(one, answer.hits[0].id, answer.hits[0].path, answer.hits[0].topic, by_id=by_id)
                is_shown = is_right and (not one.answers or one.is_answered_by(answer.answer.text))
                told = {"question": one.question, "kind": one.kind, "is_answerable": one.is_answerable}
                rows.append(told | {"is_right": is_right, "is_shown": is_shown} | recorder.row)
    return rows


def _is_right(judged: Judged, id_: str, path: str, title: str, *, by_id: bool) -> bool:
    """Say whether the topic that comes first is one that answers."""
    if judged.is_by_path:
        return any(is_path_of(path, named) for named in judged.relevant)
    return (id_ if by_id else title_key(title)) in judged.relevant


def fit(sets: Sets, columns: Sequence[str] = ()) -> tuple[WordValues, float]:
    """Return weights and bias of the columns, or else of the product's own log-odds, whose slope is then the weight.

    Each set counts alike; what is decided without weights is left out.
    """
    chosen = {
        name: [row for row in rows if not (row["is_refuted"] or row["is_its_name"] or row["is_ruled_out"])]
        for name, rows in sets.items()
    }
    values = np.vstack([_values(rows, columns) for rows in chosen.values()])
    counts = np.concatenate([np.full(len(rows), 1 / len(rows)) for rows in chosen.values()])
    shares = counts / counts.sum()
    mean = shares @ values
    spread = np.sqrt(shares @ (values - mean) ** 2) + np.finfo(np.float64).tiny
    right = [row["is_shown"] for rows in chosen.values() for row in rows]
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=2_000)
    model.fit((values - mean) / spread, right, sample_weight=shares * len(right))
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


def foretold(rows: Sequence[Row], columns: Sequence[str], fitted: tuple[WordValues, float]) -> WordValues:
    """Return the probability of each row by what was fitted."""
    weights, bias = fitted
    decided = {name: np.array([row[name] for row in rows]) for name in RULES}
    by_rule = sum(getattr(SETTINGS, name) * decided[f"is_{name}"] for name in SUBTRACTING)
    odds = _values(rows, columns) @ weights + bias + by_rule
    probabilities = 1 / (1 + np.exp(-odds))
    least: WordValues = np.where(decided["is_its_name"], SETTINGS.named, 0.0)
    return np.where(decided["is_ruled_out"], 0.0, np.maximum(probabilities, least))


def _values(rows: Sequence[Row], columns: Sequence[str]) -> WordValues:
    measured = np.array([[row[name] for name in Features._fields] for row in rows])
    if columns:
        return measured[:, [Features._fields.index(name) for name in columns]]
    log_odds: WordValues = measured @ np.array(SETTINGS.weights)[:, None]
    return log_odds


def left_out(sets: Sets, columns: Sequence[str] = ()) -> dict[str, WordValues]:
    """Return the probabilities of each set, by what the others say; `NAME-PART` goes along with `NAME`."""

    def others(name: str) -> dict[str, Sequence[Row]]:
        return {other: rows for other, rows in sets.items() if other.split("-")[0] != name.split("-")[0]}

    return {name: foretold(rows, columns, fit(others(name), columns)) for name, rows in sets.items()}


def threshold(sets: Sets, probabilities: Mapping[str, WordValues]) -> float:
    """Return from where on 8 % of what comes first rightly is refused, in the set that most is refused of."""
    candidates = np.arange(0.01, 1, 0.01)
    refused = [
        max((probabilities[name][_rightly(rows)] < candidate).mean() for name, rows in sets.items())
        for candidate in candidates
    ]
    return float(candidates[int(np.argmin(np.abs(np.array(refused) - MAX_REFUSED)))])


def _rightly(rows: Sequence[Row]) -> npt.NDArray[np.bool_]:
    return np.array([row["is_answerable"] and row["is_right"] for row in rows])


def table(sets: Sets, probabilities: Mapping[str, WordValues]) -> str:
    """Return what probabilities are worth as a Markdown table, and the threshold below it."""
    least = threshold(sets, probabilities)
    lines = [
        "| set | AUROC, answered or not | AUROC, right or not | calibration error | refused though right "
        "| false answers | said 90 % and more: right |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, rows in sets.items():
        said = probabilities[name]
        answerable, right = (np.array([row[key] for row in rows]) for key in ("is_answerable", "is_shown"))
        cells = (
            roc_auc_score(answerable, said),
            roc_auc_score(right, said),
            _calibration_error(said, right),
            (said[_rightly(rows)] < least).mean(),
            (said[~answerable] >= least).mean(),
        )
        sure = said >= SURE_FROM
        figures = " | ".join(f"{cell:.2f}" for cell in cells)
        lines.append(f"| {name} | {figures} | {right[sure].sum()} of {sure.sum()} |")
    return "\n".join([*lines, f"\nThreshold: {least:.2f}"])


def _calibration_error(said: WordValues, right: npt.NDArray[np.bool_]) -> float:
    bins = np.minimum((said * 10).astype(int), 9)
    return float(np.abs(np.bincount(bins, weights=said - right, minlength=10)).sum() / len(said))


def main(arguments: list[str] | None = None) -> None:
    """Dump a set, or fit all that are dumped."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_confidence", description="Fit confidence anew.")
    commands = parser.add_subparsers(dest="command", required=True)
    dumping = commands.add_parser("dump", help="ask the questions of one set, and keep what was measured")
    fitting = commands.add_parser("fit", help="fit all sets that were kept")
    for command in (dumping, fitting):
        command.add_argument("folder", type=Path, help="where the sets are kept")
    dumping.add_argument("name", help="of the set; NAME-PART is left out together with NAME")
    dumping.add_argument("questions", type=Path, help="a question file, or a folder that `topics eval` was asked of")
    dumping.add_argument("--library", type=Path, help="ask this library")
    dumping.add_argument("--half", help="only the questions of this half")
    dumping.add_argument("--limit", type=int, help="questions at most, spread evenly")
    options = parser.parse_args(arguments)
    sys.stdout.write(_dumped(options) if options.command == "dump" else _fitted(options.folder))


def _dumped(options: argparse.Namespace) -> str:
    by_id = options.questions.is_dir()
    kept = evaluation_folder(options.questions / "corpus.jsonl") if by_id else None
    library = open_library(options.library or kept, measure=calibrate)
    rows = dump(library, read_judged(options.questions, options.half, options.limit), by_id=by_id)
    library.close()
    options.folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    (options.folder / f"{options.name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return f"{options.name}: {len(rows)} questions\n"


def _fitted(folder: Path) -> str:
    files = sorted(folder.glob("*.jsonl"))
    sets = {file.stem: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] for file in files}
    (slope,), bias = fit(sets)
    steeper = ", ".join(f"{name}={slope * weight:.2f}" for name, weight in SETTINGS.weights._asdict().items())
    free, free_bias = fit(sets, Features._fields)
    freely = ", ".join(f"{name}={weight:.2f}" for name, weight in zip(Features._fields, free, strict=True))
    return "\n\n".join(
        [
            f"Slope and bias alone: {steeper}; bias={bias:.2f}. Each set foretold by the others:",
            table(sets, left_out(sets)),
            f"All weights: {freely}; bias={free_bias:.2f}. Each set foretold by the others:",
            table(sets, left_out(sets, Features._fields)) + "\n",
        ]
    )


if __name__ == "__main__":
    main()
