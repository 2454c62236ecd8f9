"""what a model's numbers mean: its similarities beside those of the model that the ranking was measured with

A cosine of .80 is a good answer by one model and chance by another (of unrelated texts, all-MiniLM-L6-v2 has .03 and
multilingual-e5-small .79). Everything behind the model is measured by the default one's numbers, so those of any other
are brought to that scale: a line for each kind of comparison, which is the same for everyone who asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, NamedTuple

from index.records import Vectors

LOWEST: Final = -1.0
"""What no similarity is below, whatever a line says: the lowest cosine there is."""


class Line(NamedTuple):
    """What brings similarities of one model to the scale of another: slope * value + offset."""

    slope: float = 1.0
    offset: float = 0.0

    @classmethod
    def through(cls, ours: tuple[float, float], reference: tuple[float, float]) -> Line:
        """Return the line that takes two values of a model to those of the reference.

        >>> Line.through((0.75, 0.875), (0.0, 0.5))
        Line(slope=4.0, offset=-3.0)
        """
        slope = (reference[1] - reference[0]) / (ours[1] - ours[0])
        return cls(slope, reference[0] - slope * ours[0])

    def of(self, values: Vectors) -> Vectors:
        """Return values in the reference's scale; as they are where the scale is the same."""
        if self == SAME:
            return values
        return (values * self.slope + self.offset).clip(LOWEST).astype(values.dtype)

    def one(self, value: float) -> float:
        """Return a single value in the reference's scale."""
        return value if self == SAME else max(LOWEST, value * self.slope + self.offset)

    def back(self, value: float) -> float:
        """Return the value of the model that stands for one of the reference's scale."""
        return (value - self.offset) / self.slope


FITTED_FORMAT: Final = 1
"""Raised when weights are fitted to something else, as to other features of confidence: cards of before are told by
`topics doctor`, and `topics sync` fits them anew."""

SAME: Final = Line()
"""What leaves values as they are."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a model's numbers lie beside the default model's, which need nothing done to them."""

    passages: Line = SAME
    """Of a question with a passage."""
    tokens: Line = SAME
    """Of tokens where they stand: one of a question, and the nearest of a passage's by its signs."""
    words: Line = SAME
    """Of two words in the network's own table."""
    questions: Line = SAME
    """Of two questions."""
    topics: Line = SAME
    """Of two topics, what all have in common taken off."""
    measured: Mapping[str, float] = field(default_factory=dict)
    """The measurements that the lines are made from, by name, for `topics doctor`."""
    fitted: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Weights fitted to this model, by the name of what uses them; the default's where there are none."""
    format: int = FITTED_FORMAT
    """The version of the features that its weights are fitted to."""

    @property
    def is_current(self) -> bool:
        """Whether the weights belong to the present features; others are not used."""
        return self.format == FITTED_FORMAT

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self) | {name: list(getattr(self, name)) for name in LINES}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Calibration:
        """Return a calibration as it was kept.

        Raises:
            TypeError: it is none.

        """
        lines = {name: Line(*map(float, record[name])) for name in LINES if name in record}
        measured = {str(name): float(value) for name, value in record.get("measured", {}).items()}
        fitted = {str(name): tuple(map(float, values)) for name, values in record.get("fitted", {}).items()}
        return cls(**lines, measured=measured, fitted=fitted, format=int(record.get("format", 1)))


LINES: Final = ("passages", "tokens", "words", "questions", "topics")
"""What a calibration has a line for."""

AS_MEASURED: Final = Calibration()
"""The default model's, and that of whatever was not calibrated."""
