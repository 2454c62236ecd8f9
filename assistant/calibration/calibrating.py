"""a model that was never used here -> what its numbers mean: the bundled topics read by it, and asked about

Lines bring what it finds alike to the default model's scale, by what it says of pairs that have nothing to do with each
other and of pairs that belong together. By these, questions are asked, and confidence and the choice of a slot fitted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from assistant.answering import CONFIDENCE, SLOT_WEIGHTS, weigh
from assistant.calibration.fitting import Weighed, fit_confidence, fit_slots
from assistant.calibration.measuring import CalibrationQuestion, Seen, measure, read_questions, read_slot_questions
from index.embedding import AS_MEASURED, Calibration, Line, ModelEncoder
from index.library import Library
from index.progress import Phase, Progress
from index.text import title_key

REFERENCE: Final[Mapping[str, Seen]] = {
    "passages": Seen(0.104, 0.123, 0.456),
    "tokens": Seen(0.200, 0.072, 0.452),
    "questions": Seen(0.058, 0.108, 1.0),
    "words": Seen(0.033, 0.078, 1.0),
    "topics": Seen(-0.012, 0.186, 0.174),
}
"""What the default model says of the same; a test measures it again."""

DIGITS: Final = 5
"""Of what a card keeps."""


def calibrate(encoder: ModelEncoder, tell: Progress) -> Calibration:
    """Return the calibration of a model, after it has read the bundled topics and was asked about them."""
    tell(Phase.MEASURING_MODEL, 0, 0)
    questions = read_questions()
    with tempfile.TemporaryDirectory(prefix="topics-") as folder:
        with closing(Library(Path(folder), encoder.calibrated(AS_MEASURED))) as library:
            library.sync(lambda what, done, total: tell(Phase.MEASURING_MODEL, done, total))
            seen = measure(library, questions)
        lined = by_lines(seen)
        with closing(Library(Path(folder), encoder.calibrated(lined))) as library:
            weighed = _weighed_questions(library, questions, tell)
    slots = fit_slots(encoder, read_slot_questions())
    fitted = {CONFIDENCE: fit_confidence(weighed), SLOT_WEIGHTS: slots}
    return replace(
        lined, fitted={name: tuple(round(value, DIGITS) for value in values) for name, values in fitted.items()}
    )


def by_lines(seen: Mapping[str, Seen]) -> Calibration:
    """Return what takes the similarities of a model to those of the default one, a line for each kind of comparison."""
    line = {name: Line.through(seen[name].anchors, REFERENCE[name].anchors) for name in REFERENCE}
    of = line.__getitem__
    return Calibration(of("passages"), of("tokens"), of("words"), of("questions"), of("topics"), _measured(seen))


def _measured(seen: Mapping[str, Seen]) -> dict[str, float]:
    return {
        f"{name}, {what}": round(value, DIGITS)
        for name, values in seen.items()
        for what, value in values._asdict().items()
    }


def _weighed_questions(library: Library, questions: Sequence[CalibrationQuestion], tell: Progress) -> list[Weighed]:
    """Return what confidence would be made of for each question, and whether the topic that answers comes first."""
    results = []
    for number, question in enumerate(questions):
        tell(Phase.ASKING_MODEL, number, len(questions))
        if weighed := weigh(library, question.text):
            features, covered, hit = weighed
            is_right = title_key(hit.topic.title) == title_key(question.topic)
            results.append(Weighed(features, covered, is_right))
    return results
