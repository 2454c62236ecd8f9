from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.answering.confidence import Features
from benchmarks import child, fit_confidence
from benchmarks.library import make_library
from benchmarks.loading import load
from benchmarks.machine import describe
from benchmarks.report import Figure, growth, table, write_json
from benchmarks.synthetic import spread
from benchmarks.themes import Themes
from index.arrays import unit_vectors
from index.library import Library
from index.records import Encoded, Entry, Topic
from tests.fakes import TokenEncoder
from tests.servers import TestServer

REAL = unit_vectors(np.random.default_rng(0).standard_normal((40, 256), dtype=np.float32))

INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'topics' ORDER BY indexname"


def test_a_figure_that_doubles_with_the_size_grows_by_the_power_of_one() -> None:
    figures = [Figure("ask", 1.0, "ms", 100), Figure("ask", 2.0, "ms", 200), Figure("other", 5.0, "ms", 400)]
    assert growth(figures) == {figures[1]: 1.0}


def test_the_table_names_what_a_ratio_is_to() -> None:
    lines = table([Figure("cold ask", 0.5, "s", ratio=0.125, to="import")]).splitlines()
    assert lines[0].split() == ["what", "size", "value", "unit", "ratio", "to", "growth"]
    assert lines[1].split() == ["cold", "ask", "0.5", "s", "0.12", "import"]


def test_the_json_names_the_machine(tmp_path: Path) -> None:
    write_json(tmp_path / "out.json", describe(), [Figure("cold ask", 0.5, "s")])
    written = json.loads((tmp_path / "out.json").read_text())
    assert written["machine"]["processor"]
    assert written["figures"][0]["value"] == 0.5


def test_made_vectors_are_unit_vectors_near_real_ones_and_all_different() -> None:
    made = np.concatenate(list(spread(REAL, 9_000)))
    assert made.shape == (9_000, 256)
    assert np.linalg.norm(made, axis=1) == pytest.approx(1, abs=1e-5)
    assert made[:40].tolist() == REAL.tolist()
    assert 0.5 < float(np.median((made[100:] @ REAL.T).max(axis=1))) < 0.95
    assert len(np.unique(made, axis=0)) == 9_000


def test_a_made_library_holds_as_many_passages_as_it_should(tmp_path: Path) -> None:
    samples = [Topic("Bread", f"Loaf {number}", (Entry(None, "Flour and water.", 2),), 1) for number in range(3)]
    real = Encoded(REAL, [np.zeros((2, 32), dtype=np.uint8)] * len(REAL))
    (tmp_path / "model").mkdir()
    make_library(tmp_path / "library", 101, samples, real, tmp_path / "model")
    library = Library(tmp_path / "library")
    assert library.storage.reader.count_passages() == 101
    assert library.subjects() == {"Bread": 51}
    library.close()


def test_questions_of_themes_share_words_with_made_topics_and_are_the_same_each_time(tmp_path: Path) -> None:
    questions = Themes(tmp_path).questions(20)
    assert questions == Themes(tmp_path).questions(20)
    assert len(set(questions)) == 20
    assert all(question.startswith("how does the ") for question in questions)


def test_a_library_that_is_loaded_by_copy_answers_as_the_one_it_came_from(
    notes: Path, tmp_path: Path, server: TestServer
) -> None:
    address = server.address()
    with closing(Library(tmp_path / "library", TokenEncoder())) as local:
        local.add(notes)
        local.remove("builtin")
        local.sync()
        with server.connect() as db:
            indexes = db.execute(INDEXES).fetchall()
            load(local, address)
            assert db.execute(INDEXES).fetchall() == indexes
        with closing(Library(address, local.encoder, beside=tmp_path / "beside")) as remote:
            for question in ("git commit graph", "decorators wrap a function", "canary releases"):
                ours, theirs = local.search(question), remote.search(question)
                assert [hit.id for hit in theirs] == [hit.id for hit in ours]
                assert [hit.score for hit in theirs] == pytest.approx([hit.score for hit in ours], abs=1e-5)
            assert (remote.storage.damage(), remote.storage.damaged_indexes()) == ("", ())


def test_a_process_of_its_own_tells_its_result_and_its_peak() -> None:
    done = child.python("-c", "import time; data = b'.' * 50_000_000; time.sleep(0.2); print('{\"size\": 5}')")
    assert done.result == {"size": 5}
    assert 50 < done.peak_mb < 90


def test_the_peak_of_a_process_is_its_own_however_much_its_parent_holds() -> None:
    ballast = b"." * 200_000_000
    assert child.python("-c", "import time; time.sleep(0.1)").peak_mb < len(ballast) / 1e6


def test_a_process_that_fails_is_told() -> None:
    with pytest.raises(RuntimeError, match=r"ended with 3"):
        child.python("-c", "raise SystemExit(3)")


def test_what_is_ruled_out_by_a_rule_is_foretold_as_such_and_changes_no_weight() -> None:
    rows = [
        {name: float(place) for name in Features._fields}
        | dict.fromkeys(fit_confidence.RULES, False)
        | {"is_shown": place > 1}
        for place in range(4)
    ]
    ruled_out = rows[3] | {"is_ruled_out": True, "is_shown": False}
    fitted = fit_confidence.fit({"notes": rows})
    again = fit_confidence.fit({"notes": [*rows, ruled_out]})
    assert (again[0].tolist(), again[1]) == (fitted[0].tolist(), fitted[1])
    probabilities = fit_confidence.foretold([rows[3], ruled_out], (), fitted)
    assert probabilities[0] > probabilities[1] == 0.0
