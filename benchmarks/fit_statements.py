"""measure the gate on labelled sentences, and fit its weights anew

    python -m benchmarks.fit_statements report   # wrongly passed and wrongly withheld by kind: the half for reporting
    python -m benchmarks.fit_statements fit      # the weights, from the other half

The sentences stand in `tests/cases/statements-*.txt`, each with the topic and the slot of the entry that it cites.
Every second topic is for fitting, the others for reporting. Each supported sentence is also tried with the other
entries of its topic cited in place of the right one: kind `swapped`, the only one that is made by a machine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

from assistant.grounding import SHOWN_FROM, Gate, GateSource, missing_facts
from assistant.grounding.support import Features, features, is_refuted, read_source
from assistant.settings import open_library
from index.embedding import Encoder
from index.formats import read_note
from index.markdown import visible_text
from index.records import Topic

ROOT: Final = Path(__file__).parents[1]
SETS: Final = {
    "household": ROOT / "tests" / "cases" / "household",
    "bundled": ROOT / "index" / "builtin",
}
"""Where the notes of each file of statements lie."""
SUPPORTED: Final = ("part", "paraphrase")
SWAPPED: Final = "swapped"
SWAPPED_WEIGHT: Final = 0.4
"""How much a sentence with another entry cited counts beside one that was written: there are two for each."""
INVERSE_PENALTY: Final = 3.0
"""From 0.1 to 10 are alike."""
FOR: Final = frozenset({"closeness", "repeated", "in_one_sentence"})
EITHER: Final = frozenset({"length"})
"""Features that may speak for support only, and both ways; the others may speak against it only, so that no weight
follows the accidents of a few hundred sentences."""

Values: TypeAlias = npt.NDArray[np.float64]


class Statement(NamedTuple):
    """A sentence, the entry that it cites, and whether this supports it."""

    topic: Topic
    slot: str
    kind: str
    sentence: str
    is_for_fitting: bool

    @property
    def is_supported(self) -> bool:
        """Say whether the entry supports it."""
        return self.kind in SUPPORTED

    @property
    def entry(self) -> str:
        """Return the text of the entry that it cites."""
        return next(entry.text for entry in self.topic.entries if entry.slot == self.slot)


def read_statements(name: str) -> Iterator[Statement]:
    """Yield the labelled sentences of a set, and each supported one with every other entry of its topic cited."""
    topics = dict(_topics(SETS[name]))
    number, topic = -1, None
    for line in (ROOT / "tests" / "cases" / f"statements-{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            number, topic = number + 1, topics[line.removeprefix("## ")]
        elif topic and line and not line.startswith("#"):
            label, _, sentence = line.partition(": ")
            kind, slot = label.split()
            yield (statement := Statement(topic, slot, kind, sentence, number % 2 == 0))
            if statement.is_supported:
                others = [entry.slot or "" for entry in topic.entries if entry.slot != slot]
                yield from (statement._replace(slot=other, kind=SWAPPED) for other in others)


def _topics(folder: Path) -> Iterator[tuple[str, Topic]]:
    for path in sorted(folder.glob("*.md")):
        for topic in read_note(path.read_text(encoding="utf-8"), path.stem).topics:
            yield topic.title, topic


def measure(statements: Sequence[Statement], encoder: Encoder) -> dict[int, Features]:
    """Return the features of each statement that neither a hard fact nor a contradiction decides, by its place."""
    measured = {}
    read = lru_cache(maxsize=None)(lambda headings, entry: read_source(headings, entry, encoder))
    for place, each in enumerate(statements):
        source = read(each.topic.heading_path, each.entry)
        plain = visible_text(each.sentence)
        wrong = missing_facts(each.sentence, f"{each.topic.heading_path}\n{each.entry}") or is_refuted(plain, source)
        if not wrong:
            measured[place] = features(plain, source, encoder)
    return measured


def fit(values: Values, is_supported: npt.NDArray[np.bool_], counts: Values) -> tuple[Values, float]:
    """Return weights and bias of a logistic regression whose weights have the sign that their feature must have."""
    mean, spread = values.mean(axis=0), values.std(axis=0) + np.finfo(np.float64).tiny
    scaled = (values - mean) / spread

    def loss(weights: Values) -> tuple[float, Values]:
        odds = scaled @ weights[:-1] + weights[-1]
        wrong = counts * (1 / (1 + np.exp(-odds)) - is_supported)
        losses = counts * np.logaddexp(0, np.where(is_supported, -odds, odds))
        penalty = weights[:-1] / INVERSE_PENALTY
        return float(losses.sum() + penalty @ weights[:-1] / 2), np.append(scaled.T @ wrong + penalty, wrong.sum())

    bounds = [
        (None if name in EITHER else 0.0 if name in FOR else None, None if name in EITHER | FOR else 0.0)
        for name in Features._fields
    ]
    found = minimize(loss, np.zeros(len(bounds) + 1), jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B").x
    weights = found[:-1] / spread
    return weights, float(found[-1] - weights @ mean)


def _counts(statements: Sequence[Statement]) -> Values:
    """Return how much each statement counts: those that are supported as much together as the others."""
    own = np.array([SWAPPED_WEIGHT if each.kind == SWAPPED else 1.0 for each in statements])
    is_supported = np.array([each.is_supported for each in statements])
    own[is_supported] *= own[~is_supported].sum() / own[is_supported].sum()
    return np.asarray(own / own.mean())


def fitted(statements: Sequence[Statement], encoder: Encoder) -> str:
    """Return the weights that the statements for fitting give, as they stand in the product's settings."""
    chosen = [each for each in statements if each.is_for_fitting]
    measured = measure(chosen, encoder)
    used = [chosen[place] for place in measured]
    is_supported = np.array([each.is_supported for each in used])
    weights, bias = fit(np.array(list(measured.values())), is_supported, _counts(used))
    said = ", ".join(f"{name}={weight:.2f}" for name, weight in zip(Features._fields, weights, strict=True))
    return f"weights=Features({said}),\nbias={bias:.2f},\n"


def judged(statements: Sequence[Statement], encoder: Encoder) -> Values:
    """Return the probability that the gate gives each statement, which cites its entry and nothing else."""
    gates: dict[tuple[str, str], Gate] = {}
    probabilities = []
    for each in statements:
        source = GateSource(1, each.topic.heading_path, each.entry)
        gate = gates.setdefault((each.topic.heading_path, each.slot), Gate([source], encoder))
        verdict = gate.judge(f"{each.sentence} [1]")
        probabilities.append(verdict.probability if not verdict.reason.startswith("it ") else 0.0)
    return np.array(probabilities)


def report(statements: Sequence[Statement], probabilities: Values) -> str:
    """Return wrongly passed and wrongly withheld, by kind and together, as a Markdown table."""
    shown: dict[str, list[bool]] = {}
    for each, probability in zip(statements, probabilities, strict=True):
        shown.setdefault(each.kind, []).append(bool(probability >= SHOWN_FROM))
    supported, wrong = ([kind for kind in shown if (kind in SUPPORTED) is held] for held in (True, False))
    by_hand = [kind for kind in wrong if kind != SWAPPED]
    lines = ["| kind | sentences | wrongly passed | wrongly withheld |", "| --- | --- | --- | --- |"]
    lines += [_row(kind, shown[kind], is_supported=kind in SUPPORTED) for kind in (*supported, *by_hand, SWAPPED)]
    for name, kinds in (("supported", supported), ("not supported, written", by_hand), ("not supported", wrong)):
        lines.append(
            _row(f"**{name}**", [each for kind in kinds for each in shown[kind]], is_supported=kinds == supported)
        )
    telling = np.array([each.kind != SWAPPED for each in statements])
    is_supported = np.array([each.is_supported for each in statements])
    area = roc_auc_score(is_supported[telling], probabilities[telling])
    return "\n".join([*lines, f"\nAUROC of those that were written: {area:.3f}"])


def _row(name: str, shown: Sequence[bool], *, is_supported: bool) -> str:
    share = f"{100 * (1 - np.mean(shown) if is_supported else np.mean(shown)):.1f} %"
    return f"| {name} | {len(shown)} | {'' if is_supported else share} | {share if is_supported else ''} |"


def main(arguments: list[str] | None = None) -> None:
    """Report on one half, or fit the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_statements", description="Measure the gate.")
    parser.add_argument("command", choices=("report", "fit"))
    parser.add_argument("--half", choices=("report", "fit", "both"), default="report", help="report on these topics")
    options = parser.parse_args(arguments)
    statements = [each for name in SETS for each in read_statements(name)]
    with tempfile.TemporaryDirectory() as folder, closing(open_library(Path(folder))) as library:
        library.encoder.store.prepare()
        if options.command == "fit":
            sys.stdout.write(fitted(statements, library.encoder))
            return
        chosen = [each for each in statements if options.half in {"both", "fit" if each.is_for_fitting else "report"}]
        sys.stdout.write(report(chosen, judged(chosen, library.encoder)) + "\n")


if __name__ == "__main__":
    main()
