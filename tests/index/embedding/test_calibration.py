from __future__ import annotations

import json

import numpy as np
import pytest

from index.embedding.calibration import FITTED_FORMAT, LOWEST, SAME, Calibration, Line


def test_a_line_takes_what_it_was_drawn_through_to_what_it_stands_for() -> None:
    line = Line.through((0.8, 0.9), (0.1, 0.5))
    assert line.of(np.array([0.8, 0.9], dtype=np.float32)) == pytest.approx([0.1, 0.5], abs=1e-5)
    assert line.one(0.85) == pytest.approx(0.3)
    assert line.back(0.3) == pytest.approx(0.85)


def test_nothing_is_less_alike_than_the_lowest_cosine() -> None:
    line = Line.through((0.8, 0.9), (0.1, 0.5))
    assert line.of(np.array([-1.0], dtype=np.float32)).tolist() == [LOWEST]
    assert line.one(-1.0) == LOWEST


def test_the_default_models_numbers_are_left_as_they_are_bit_by_bit() -> None:
    values = np.array([-1.5, 1 / 3], dtype=np.float32)
    assert SAME.of(values) is values
    assert (SAME.one(-1.5), SAME.back(0.5)) == (-1.5, 0.5)


def test_a_calibration_is_read_as_it_was_kept() -> None:
    kept = Calibration(Line(2.0, -1.0), measured={"passages, spread": 0.1}, fitted={"slots": (1.0, 2.0)})
    assert Calibration.from_json(json.loads(json.dumps(kept.to_json()))) == kept


def test_weights_that_were_fitted_to_something_else_are_told_from_those_of_today() -> None:
    record = Calibration(fitted={"slots": (1.0, 2.0)}).to_json()
    assert Calibration.from_json(record).is_current
    assert not Calibration.from_json(record | {"format": FITTED_FORMAT - 1}).is_current
