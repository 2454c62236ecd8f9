"""Imports point one way, and each outside library has one home; `import_rules.py` has the layers and the homes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from tests.import_rules import (
    HOMES,
    ROOT,
    RULES,
    Sources,
    away_from_home,
    cycles,
    empty_names,
    of_the_unseen,
    past_the_face,
    read_sources,
    through_own_front_door,
    upwards,
    wrong_way,
)

PROJECT: Final = read_sources("app.py", "assistant", "index")


def test_the_project_is_what_is_read() -> None:
    assert "index/records.py" in PROJECT
    assert not [path for path in PROJECT if path.startswith("tests")]


@pytest.mark.parametrize("rule", RULES)
def test_the_project_keeps_to_its_import_rules(rule: Callable[[Sources], list[str]]) -> None:
    assert rule(PROJECT) == []


def test_every_file_has_a_name_that_says_what_is_inside() -> None:
    assert empty_names(PROJECT | read_sources("tests")) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("index/retrieval/fusion.py", "import assistant.ask"),
        ("index/retrieval/fusion.py", "from app import page"),
        ("index/ui/page.py", "import streamlit as st"),
        ("index/retrieval/fusion.py", "def late():\n    from assistant import ask"),
        ("index/retrieval/fusion.py", "if TYPE_CHECKING:\n    from assistant.answer import Answer"),
        ("index/retrieval/fusion.py", "ask = importlib.import_module('assistant.answering.answering')"),
        ("assistant/answering/slots.py", "import app"),
        ("assistant/answering/slots.py", "from tests.fakes import FakeEncoder"),
        ("app.py", "import tests"),
    ],
)
def test_an_import_against_the_direction_is_found(path: str, source: str) -> None:
    [found] = wrong_way({path: source})
    assert found.startswith(f"{path}:")


def test_imports_along_the_direction_pass() -> None:
    app = "import streamlit\nfrom assistant.ui.ask import page\nfrom index import Library"
    assert wrong_way({"app.py": app, "assistant/answering/slots.py": "from index import Library"}) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("index/text/words.py", "from index.retrieval import fuse"),
        ("index/engine/local/dense.py", "def late():\n    from index.library import Library"),
        ("index/retrieval/ranking.py", "from index.indexing import passages"),
        ("assistant/answering/slots.py", "import assistant.service"),
        ("assistant/ui/views/answer.py", "from assistant.cli.shared import print_json"),
    ],
)
def test_an_import_from_a_room_that_is_not_below_is_found(path: str, source: str) -> None:
    assert upwards({path: source}) != []


def test_imports_from_rooms_below_and_within_a_room_pass() -> None:
    ranking = "from index.storage import Filters\nfrom index.retrieval.fusion import fuse\nimport numpy"
    face = {"index/__init__.py": "from index.library import Library"}
    assert upwards(face | {"index/retrieval/ranking.py": ranking}) == []


def test_an_import_past_a_face_is_found() -> None:
    fusion = {"index/retrieval/fusion.py": "", "index/retrieval/__init__.py": "from index.retrieval.fusion import fuse"}
    reaching = {"index/library.py": "from index.retrieval.fusion import fuse"}
    [found] = past_the_face(fusion | reaching)
    assert found.startswith("index/library.py:")
    assert past_the_face(fusion | {"index/library.py": "from index.retrieval import fuse"}) == []


@pytest.mark.parametrize("source", ["from index.engine import Snapshot", "def late():\n    import index.catalog"])
def test_an_engine_that_ranking_would_see_is_found(source: str) -> None:
    assert len(of_the_unseen({"index/retrieval/ranking.py": source})) == 1
    assert of_the_unseen({"index/library.py": source}) == []


@pytest.mark.parametrize("source", ["from assistant.service import service", "from assistant.ui.pages import ask"])
def test_a_view_that_would_fetch_what_it_shows_is_found(source: str) -> None:
    assert len(of_the_unseen({"assistant/ui/views/answer.py": source})) == 1
    assert of_the_unseen({"assistant/ui/pages/ask.py": source}) == []


@pytest.mark.parametrize("library", HOMES)
@pytest.mark.parametrize("statement", ["import {}.part", "from {} import part", "def late():\n    import {}"])
def test_a_library_away_from_its_home_is_found(library: str, statement: str) -> None:
    source = statement.format(library)
    line = source.count("\n") + 1
    assert away_from_home({"assistant/answering/slots.py": source}) == [
        f"assistant/answering/slots.py:{line} imports {library}"
    ]


def test_a_data_file_of_a_room_shares_its_name_with_no_test_case() -> None:
    """A docstring that names a test case would otherwise seem to name a file of another room."""
    cases = {file.name for file in (ROOT / "tests" / "cases").rglob("*.*")}
    data = {file.name for top in ("assistant", "index") for file in (ROOT / top).rglob("*.jsonl")}
    assert "model_questions.jsonl" in data
    assert not data & cases


def test_a_library_at_home_passes() -> None:
    page = "import streamlit as st\nfrom streamlit.testing.v1 import AppTest"
    at_home = {"index/engine/local/dense.py": "import faiss", "app.py": page, "assistant/ui/pages/map.py": page}
    assert away_from_home(at_home) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("index/retrieval/fusion.py", "import index"),
        ("index/retrieval/fusion.py", "import index.records"),
        ("index/retrieval/fusion.py", "from index import Topic"),
        ("index/retrieval/fusion.py", "from . import records"),
        ("assistant/answering/slots.py", "def late():\n    from assistant import Answer"),
        ("assistant/ui/views/answer.py", "from assistant import Answer"),
        ("assistant/ui/views/answer.py", "from .. import Answer"),
        ("assistant/ui/views/answer.py", "from assistant.ui import keys"),
    ],
)
def test_a_package_that_uses_its_own_front_door_is_found(path: str, source: str) -> None:
    assert len(through_own_front_door({path: source})) == 1


def test_the_front_door_of_another_package_passes() -> None:
    source = "from index import Library\nfrom assistant.answer import Answer\nfrom .slots import guess"
    assert through_own_front_door({"assistant/answering/slots.py": source, "app.py": "from assistant import ask"}) == []


@pytest.mark.parametrize("path", ["index/utils.py", "assistant/ui/_helpers.py", "assistant/common/__init__.py"])
def test_a_name_that_says_nothing_is_found(path: str) -> None:
    assert empty_names({path: "", "index/records.py": ""}) == [path]


@pytest.mark.parametrize(
    "back",
    [
        "from index.fuse import fuse",
        "from index import fuse",
        "from . import fuse",
        "from .fuse import fuse",
        "def late():\n    import index.fuse",
    ],
)
def test_a_cycle_is_found_however_it_closes(back: str) -> None:
    sources = {
        "index/fuse.py": "from index.dense import nearest",
        "index/dense.py": "from index.records import Hit",
        "index/records.py": back,
    }
    [found] = cycles(sources)
    assert set(found.split(" <- ")) == {"index.fuse", "index.dense", "index.records"}


def test_two_ways_to_one_module_are_no_cycle() -> None:
    sources = {
        "index/__init__.py": "from index.fuse import fuse\nfrom index.records import Hit",
        "index/fuse.py": "from index.records import Hit",
        "index/records.py": "import dataclasses",
    }
    assert cycles(sources) == []
