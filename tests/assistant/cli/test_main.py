"""The `topics` command as a whole: what can go wrong with a library, and help."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest
import typer
from typer.main import get_group

from assistant.cli import serving, shared
from assistant.cli.lazy import COMMANDS, load
from index.catalog.tables import Catalog
from index.embedding import CROSS_WEIGHT, Calibration
from index.extras import EXTRAS
from index.library import Library
from tests.assistant.running import QUESTION, Topics, asked
from tests.fakes import WordCountEncoder
from tests.models import tiny_cross_encoder


def test_other_model_names_the_command_that_embeds_again(own: Topics) -> None:
    result = own("ask", QUESTION, "--model", "other")
    assert result.code == 1
    assert "`topics sync --reembed --model other`" in result.err
    assert own("sync", "--reembed", "--model", "other").code == 0
    assert own("ask", QUESTION, "--model", "other").code == 0
    assert own("ask", QUESTION).code == 0


def test_file_that_is_no_library_is_named_with_the_way_out(own: Topics, tmp_path: Path) -> None:
    (tmp_path / "library" / "catalog.sqlite3").write_bytes(b"not a database, but long enough to be read as one" * 30)
    result = own("status")
    assert result.code == 1
    assert "is not a library or is damaged" in result.err


def test_folder_that_cannot_be_written_is_one_sentence(topics: Topics, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = topics("ask", QUESTION, "--library", tmp_path / "file" / "library")
    assert result.code == 1
    assert "Choose a folder you can write to with --library or TOPICS_LIBRARY." in result.err


@pytest.mark.parametrize("words", [(), ("ask",), ("model", "fetch")])
def test_help_shows_no_value_beside_options_that_take_none(topics: Topics, words: tuple[str, ...]) -> None:
    for name in ("-h", "--help"):
        shown = topics(*words, name).out
        assert "--help" in shown
        assert "<bool>" not in shown


def test_interrupted_sync_says_so_and_loses_nothing(own: Topics, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (notes / "new.md").write_text("# Garden\n## Compost\nTurn the heap.\n")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(WordCountEncoder, "encode_documents", interrupt)
        result = own("sync")
    assert result.code == 130
    assert "Stopped. Nothing is lost" in result.err
    assert asked(own("ask", "--json", QUESTION))["hits"][0]["topic"] == "Merge conflicts"
    assert "1 file added" in own("sync").err


def test_bug_of_ours_is_no_traceback(own: Topics, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr(Library, "find", fail)
    result = own("ask", QUESTION)
    assert result.code == 1
    assert "(ZeroDivisionError: by accident)" in result.err


def test_taken_port_names_another(own: Topics) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = own("serve", "--port", port)
    assert result.code == 1
    assert f"topics serve --port {port + 1}" in result.err


def test_catalog_lies_where_the_library_is_said_to_be(own: Topics, tmp_path: Path) -> None:
    assert Catalog.exists(tmp_path / "library")


@pytest.mark.parametrize(
    "command", ["serve", "ask", "mark", "gaps", "journal", "add", "remove", "sync", "status", "eval", "doctor"]
)
def test_every_command_explains_itself_with_an_example(topics: Topics, command: str) -> None:
    result = topics(command, "--help")
    assert result.code == 0
    assert "Example" in result.out
    assert "--library" in result.out


@pytest.mark.parametrize("name", COMMANDS)
def test_line_of_a_command_in_the_list_is_its_own_first_paragraph(name: str) -> None:
    command = load(name)
    assert " ".join(command.help.split("\n\n")[0].split()) == COMMANDS[name].help


def test_every_command_of_a_module_is_in_the_list() -> None:
    modules = {command.module for command in COMMANDS.values()}
    offered = {
        name
        for module in modules
        for name in get_group(typer_of(import_module(f"assistant.cli.{module}").app)).commands
    }
    assert offered == set(COMMANDS)


def typer_of(part: typer.Typer) -> typer.Typer:
    whole = typer.Typer()
    whole.add_typer(part)
    return whole


def test_list_of_commands_loads_neither_numpy_nor_the_engine() -> None:
    code = (
        "import sys; from assistant.cli.main import app; app(['--help'], standalone_mode=False); "
        "print(sorted({'numpy', 'faiss', 'yaml', 'index.library'} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert "Ask a question" in printed
    assert printed.strip().endswith("[]")


def test_status_loads_nothing_that_searches(tmp_path: Path) -> None:
    code = (
        "import sys; from assistant.cli.main import app; app(['status'], standalone_mode=False); "
        "print(sorted({'numpy', 'faiss', 'tantivy', 'onnxruntime', 'yaml', 'markdown_it'} & set(sys.modules)))"
    )
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "berths.md").write_text("# Berths\n\nBerth 7 is the widest.\n")
    library = Library(tmp_path / "library", WordCountEncoder())
    library.add(notes)
    library.sync()
    library.close()
    environment = os.environ | {"TOPICS_LIBRARY": str(tmp_path / "library")}
    printed = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment
    ).stdout
    assert "32 in 3 subjects" in printed
    assert printed.strip().endswith("[]")


HEAVY: Final = ("ir_measures", "langchain_text_splitters", "onnxruntime", "scipy", "sklearn", "streamlit", "torch")


def test_command_loads_nothing_that_only_some_of_its_parts_need() -> None:
    modules = "sys, assistant.cli.asking, assistant.cli.health"
    code = f"import {modules}; print([name for name in {HEAVY!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"


def without(libraries: Iterable[str], *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command as where those libraries are not installed."""
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({list(libraries)!r})); sys.argv = ['topics', *sys.argv[1:]]; "
        "from assistant.cli.main import main; main()"
    )
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    ("command", "library", "extra"), [("serve", "streamlit", "ui"), ("eval", "ir_measures", "eval")]
)
def test_library_that_is_not_installed_is_named_with_its_extra(
    tmp_path: Path, command: str, library: str, extra: str
) -> None:
    (tmp_path / "questions.jsonl").write_text("")
    arguments = (command, *([tmp_path / "questions.jsonl"] if command == "eval" else []), "--library", tmp_path / "own")
    result = without([library], *arguments)
    assert result.returncode == 1
    assert f"needs {library}, which is not installed" in result.stderr
    assert f"pip install 'topic-assistant[{extra}]'" in result.stderr


@pytest.mark.slow
def test_markdown_is_asked_without_any_extra(tmp_path: Path) -> None:
    result = without(EXTRAS, "ask", QUESTION, "--library", tmp_path / "own")
    assert result.returncode == 0, result.stderr
    assert "Git" in result.stdout


def test_each_library_of_an_extra_is_one_of_pyproject() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: " ".join(asked).casefold() for name, asked in project["optional-dependencies"].items()}
    extras["ui"] += extras["api"]  # which it names
    assert "topic-assistant[api]" in extras["ui"]
    assert {name for name, extra in EXTRAS.items() if name.replace("_", "-").casefold() not in extras[extra]} == set()


@pytest.mark.slow
def test_library_is_served_with_its_reranker_and_what_that_weighs_and_costs_is_said(
    own: Topics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[tuple[str, int]] = []

    def run(library: Library, *_: object, **__: object) -> None:
        name = library.reranker.name if library.reranker else ""
        served.append((name, len(library.search("merge conflicts"))))

    monkeypatch.setattr(serving, "_run_server", run)
    measured = {"MRR by 0.75": 0.9, "MRR by 0": 0.8, "milliseconds": 612.0}
    fitted = Calibration(measured=measured, fitted={CROSS_WEIGHT: (0.75,)})
    monkeypatch.setattr(shared, "calibrate_cross_encoder", lambda *_: fitted)
    monkeypatch.setattr("assistant.operations.doctor.ask_mcp", lambda *_: "")
    folder = tiny_cross_encoder(tmp_path / "cross-encoder")
    result = own("serve", "--no-browser", "--rerank", folder)
    assert result.code == 0
    assert "Reranking takes" in result.out + result.err
    assert served == [(str(folder), 3)]
    shown = " ".join(own("doctor", "--rerank", folder).out.split())
    assert "75 % of a topic's similarity, fitted over the bundled topics" in shown
    assert "(mean reciprocal rank 0.900, 0.800 without); 612 ms a question" in shown
