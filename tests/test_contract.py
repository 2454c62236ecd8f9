"""The `topics` command as scripts meet it: a process of its own, the real model, the bundled topics."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index.formats.note import read_note
from index.library import Library
from index.sources.files import BUILTIN_FOLDER

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "assistant"]


def run(*arguments: str, library: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*COMMAND, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env=os.environ | {"TOPICS_LIBRARY": str(library)},
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


def is_span(span: list[int], text: str) -> bool:
    return len(span) == 2 and 0 <= span[0] < span[1] <= len(text)


def check_contract(record: dict[str, Any]) -> None:
    """Hold one object against the public contract."""
    assert set(record) == {
        "id", "question", "answered", "confidence", "slot", "answer", "hits", "related", "elapsed_ms",
        "found_by", "kind", "parts", "others", "note", "read_as", "follow_up", "filter",
    }  # fmt: skip
    assert record["found_by"] == "meaning"
    assert isinstance(record["answered"], bool)
    assert 0 <= record["confidence"] <= 1
    assert record["slot"] in {"What", "How", "Example"}
    assert (record["answer"] is None) == (not record["answered"])
    if record["answer"]:
        assert set(record["answer"]) == {"text", "subject", "topic", "slot", "path", "line", "more", "anchor"}
    assert record["hits"]
    scores = [hit["score"] for hit in record["hits"]]
    assert scores == sorted(scores, reverse=True)
    for hit in record["hits"]:
        assert set(hit) == {
            "id", "subject", "topic", "slot", "score", "text", "highlights", "why", "path", "line", "entries",
            "parents", "anchor", "stands",
        }  # fmt: skip
        assert hit["text"] == hit["entries"][hit["slot"]]
        assert list(hit["entries"]) == ["What", "How", "Example"]
        assert all(is_span(span, hit["text"]) for span in hit["highlights"])
    for related in record["related"]:
        assert set(related) == {"subject", "topic", "score", "why", "id", "path", "line", "parents", "anchor"}
    assert record["elapsed_ms"] > 0


def test_what_is_the_gil_prints_the_contract(bundled_library: Path) -> None:
    done = run("ask", "what is the GIL?", "--json", library=bundled_library)
    assert (done.returncode, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    check_contract(record)
    assert record["answered"]
    assert (record["id"], record["slot"]) == (None, "What")
    assert (record["answer"]["subject"], record["answer"]["topic"]) == (
        "Python",
        "Global Interpreter Lock (GIL)",
    )
    line = (
        (BUILTIN_FOLDER / record["answer"]["path"])
        .read_text(encoding="utf-8")
        .split("\n")[record["answer"]["line"] - 1]
    )
    assert record["answer"]["text"].split("\n")[0] in line


def test_batch_from_standard_input_prints_one_object_a_line(bundled_library: Path) -> None:
    questions = [
        "how do I keep two people from overwriting each other's edits?",
        "which pizza needs least yeast?",
    ]
    lines = "".join(json.dumps({"id": f"q{n}", "question": text}) + "\n" for n, text in enumerate(questions))
    done = run("ask", "--batch", "-", library=bundled_library, stdin=lines)
    assert (done.returncode, done.stderr) == (0, "")
    merge, pizza = map(json.loads, done.stdout.splitlines())
    check_contract(merge)
    check_contract(pizza)
    assert (merge["id"], merge["answered"], merge["hits"][0]["topic"]) == (
        "q0",
        True,
        "Resolving Git Merge Conflicts",
    )
    assert (pizza["id"], pizza["answered"], pizza["related"]) == ("q1", False, [])


def test_every_bundled_title_asked_word_for_word_comes_first_with_three_slots(bundled_library: Path) -> None:
    library = Library(bundled_library)
    topics = [
        topic
        for file in sorted(BUILTIN_FOLDER.glob("*.md"))
        for topic in read_note(file.read_text(encoding="utf-8"), file.stem).topics
    ]
    first = [library.search(topic.title, 1)[0].topic for topic in topics]
    library.close()
    assert len(topics) == 31
    assert [topic.title for topic in first] == [topic.title for topic in topics]
    assert all([entry.slot for entry in topic.entries] == ["What", "How", "Example"] for topic in first)


HEAVY = """
import atexit, sys
heavy = {"torch", "transformers", "sentence_transformers", "langchain_text_splitters", "streamlit"}
atexit.register(lambda: print(heavy & set(sys.modules), file=sys.stderr))
"""
BY_COMMAND = """
from assistant.cli.main import main
sys.argv = ["topics", "ask", "what is the GIL?", "--json"]
main()
"""
FROM_PYTHON = """
from assistant import Notes
with Notes() as notes:
    assert notes.ask("what is the GIL?").answered and notes.search("what is the GIL?")
"""


@pytest.mark.parametrize("asking", [BY_COMMAND, FROM_PYTHON], ids=["command", "python"])
def test_a_question_imports_neither_torch_nor_the_page(bundled_library: Path, asking: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAVY + asking],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"TOPICS_LIBRARY": str(bundled_library)},
    )
    assert (done.returncode, done.stderr.strip()) == (0, "set()")


OFFLINE = """
import socket, sys
def refuse(*_):
    raise OSError("the network is cut")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from assistant.cli.main import main
sys.argv = ["topics", *sys.argv[1:]]
main()
"""


def test_empty_library_comes_to_an_answer_with_the_network_cut(tmp_path: Path) -> None:
    arguments = ["ask", "what is a canary release?", "--json", "--library", str(tmp_path / "library")]
    done = subprocess.run(
        [*_without_network(), sys.executable, "-c", OFFLINE, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    check_contract(record)
    assert record["hits"][0]["topic"] == "Blue-Green, Gray, and Canary Releases Across Clusters"


def _without_network() -> list[str]:
    """Return what runs a command in a network namespace of its own, where this system allows that."""
    prefix = ["unshare", "--map-root-user", "--net"]
    try:
        allowed = subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        allowed = False
    return prefix if allowed else []


def test_interrupt_in_the_middle_of_a_sync_loses_nothing(tmp_path: Path, bundled_library: Path) -> None:
    library = tmp_path / "library"
    shutil.copytree(bundled_library, library)
    notes = tmp_path / "notes"
    notes.mkdir()
    for number in range(150):  # five passages each: enough to be interrupted, too few for torch to be loaded
        text = " ".join(f"word{number}x{position} sentence." for position in range(150))
        (notes / f"{number}.md").write_text(f"# Note {number}\n{text}\n")

    before = _vectors(library)
    process = subprocess.Popen(
        [*COMMAND, "add", str(notes), "--library", str(library)], stderr=subprocess.PIPE, text=True
    )
    # once the first batch of vectors is stored, the embedding is under way
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline and _vectors(library) == before and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)

    assert before < _vectors(library) < before + 750, "it was not interrupted in the middle"
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "Stopped. Nothing is lost" in errors
    done = run("ask", "what is the GIL?", "--json", library=library)
    assert json.loads(done.stdout)["hits"][0]["topic"] == "Global Interpreter Lock (GIL)"


def _vectors(library: Path) -> int:
    with closing(sqlite3.connect(library / "catalog.sqlite3")) as db:
        return int(db.execute("SELECT count(*) FROM vector").fetchone()[0])
