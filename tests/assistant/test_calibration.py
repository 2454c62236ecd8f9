"""What a library's own titles tell of how far confidence is to be believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.calibration import BELIEVED, KEY, PRIOR_TITLES, USUAL, calibrate, measured, shift
from index.library import Library
from tests.fakes import WordCountEncoder


def write(notes: Path, titles: list[str]) -> None:
    text = "".join(f"\n## {title}\n*What:* {title} and nothing else.\n" for title in titles)
    (notes / "topics.md").write_text(f"# Notes\n{text}", encoding="utf-8")


def test_few_topics_say_little(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.calibration.log_odds", lambda *_: USUAL + 2)
    # three titles are as good as 3 / (3 + 20) of many
    assert measured(library) == pytest.approx(-BELIEVED * 2 * 3 / (3 + PRIOR_TITLES))


def test_nothing_is_added_where_neighbours_look_less_like_answers_than_usual(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.calibration.log_odds", lambda *_: USUAL - 2)
    assert measured(library) == 0


def test_library_with_one_topic_or_none_is_left_as_it_is(library: Library, notes: Path) -> None:
    write(notes, ["Compost heap"])
    library.sync()
    assert measured(library) == 0
    library.remove(notes)
    assert measured(library) == 0


def test_it_is_remembered_and_measured_anew_when_many_topics_are_others(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shift(library) == 0
    monkeypatch.setattr("assistant.calibration.measured", lambda _: -1.25)
    calibrate(library)
    assert shift(library) == -1.25
    monkeypatch.setattr("assistant.calibration.measured", lambda _: -0.5)
    calibrate(library)
    assert shift(library) == -1.25
    write(notes, ["Compost heap", "Merge conflicts"])
    library.sync()
    calibrate(library)
    assert shift(library) == -0.5


def test_it_is_measured_anew_when_the_model_is_another(
    library: Library, encoder: WordCountEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.calibration.measured", lambda _: -1.25)
    calibrate(library)
    encoder.name = "another"
    monkeypatch.setattr("assistant.calibration.measured", lambda _: -0.5)
    calibrate(library)
    assert shift(library) == -1.25, "the library is not of this model yet"
    library.sync(reembed=True)
    calibrate(library)
    assert shift(library) == -0.5


def test_it_is_measured_anew_when_the_weights_are_others(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.calibration.measured", lambda _: -1.25)
    calibrate(library)
    monkeypatch.setattr("assistant.calibration.BIAS", 3.0)
    monkeypatch.setattr("assistant.calibration.measured", lambda _: -0.5)
    calibrate(library)
    assert shift(library) == -0.5


def test_it_is_measured_anew_where_the_model_was_not_kept(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.remember(KEY, "-1.250 3")
    assert shift(library) == -1.25
    monkeypatch.setattr("assistant.calibration.measured", lambda _: -0.5)
    calibrate(library)
    assert shift(library) == -0.5
