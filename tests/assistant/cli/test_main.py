"""The `topics` command as a whole: what can go wrong with a library, and help."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from index.catalog.tables import Catalog
from index.library import Library
from tests.assistant.running import QUESTION, Topics, asked
from tests.fakes import WordCountEncoder


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


HEAVY: Final = ("ir_measures", "langchain_text_splitters", "onnxruntime", "scipy", "sklearn", "streamlit", "torch")


def test_command_loads_nothing_that_only_some_of_its_parts_need() -> None:
    code = f"import sys, assistant.cli.main; print([name for name in {HEAVY!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
