"""No note makes a terminal do anything, whichever door it comes through, and every encoding can be printed to."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

from assistant.terminal import PlainConsole, encode_json
from tests.assistant.running import QUESTION, Result, Topics

EVIL = "\x1b]0;owned\x07 \x1b[2J\x9b31m \x9d8;;http://evil.example\x9c\x7f"
"""What sets the title of a window, clears the screen, turns all red and hides where a link leads."""

OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
OWN_STYLE = re.compile(r"\x1b\[[0-9;]*m")
STRICT_JSON = json.JSONDecoder(parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


@pytest.fixture
def hostile(topics: Topics, tmp_path: Path) -> Topics:
    """Return the command on a library whose subjects, titles, entries and paths hold what a terminal obeys."""
    folder = tmp_path / f"notes{EVIL.replace('/', '')}"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}\x1b[31m.md").write_text(
            f"# Git{EVIL}\n## Merge conflicts{EVIL}\n*How:* Settle merge conflicts{EVIL} with a rebase, file by file.\n"
            f"```sh\necho {EVIL}\n```\n## Rebase {name}{EVIL}\nA rebase{EVIL} of {name} moves commits.\n",
            encoding="utf-8",
        )
    (folder / f"bad{EVIL.replace('/', '')}.md").write_bytes(b"\0\0\0")
    assert "added" in topics("add", "--no-builtin", folder).err
    return topics


COMMANDS = (
    ("ask", QUESTION),
    ("ask", f"yeast{EVIL}"),
    ("ask", f"subject:nowhere{EVIL} yeast"),
    ("related", "rebase a"),
    ("related", "rebase"),
    ("related", "--duplicates"),
    ("map",),
    ("status",),
    ("sync",),
    ("mark", "useful", f"my words{EVIL}", "--topic", "rebase a"),
    ("mark", "useful", "my words", "--topic", f"nowhere{EVIL}"),
    ("journal",),
    ("gaps",),
    ("journal", "--erase", "--yes", "--question", f"yeast{EVIL}"),
    ("remove", f"nowhere{EVIL}"),
    ("add", f"nowhere{EVIL}"),
    ("doctor",),
)
"""Every command that prints something of notes, questions or paths."""

SPEAKING_JSON = {"ask", "related", "map", "status", "journal", "gaps"}


def obeyed(result: Result) -> list[str]:
    return OBEYED.findall(OWN_STYLE.sub("", result.out + result.err))


@pytest.mark.parametrize("colours", [False, True])
def test_no_command_prints_what_a_terminal_would_obey(
    hostile: Topics, monkeypatch: pytest.MonkeyPatch, colours: bool
) -> None:
    for console in ("out", "err"):
        monkeypatch.setattr(f"assistant.terminal.{console}._force_terminal", colours)
        monkeypatch.setattr(f"assistant.terminal.{console}._color_system", 1 if colours else None)
    printed = {command: hostile(*command) for command in COMMANDS}
    assert {command: obeyed(result) for command, result in printed.items()} == {command: [] for command in COMMANDS}
    assert "Merge conflicts" in printed["ask", QUESTION].out
    if colours:
        assert OWN_STYLE.search(printed["ask", QUESTION].out)
        styles = set(OWN_STYLE.findall("".join(result.out for result in printed.values())))
        assert "\x1b[31m" not in styles


def test_json_holds_it_escaped_and_means_the_same(hostile: Topics) -> None:
    for command in COMMANDS:
        if command[0] in SPEAKING_JSON:
            result = hostile(*command, "--json")
            assert obeyed(result) == []
            if result.out:
                STRICT_JSON.decode(result.out)
    record = json.loads(hostile("ask", QUESTION, "--json").out)
    assert "\x9b31m" in record["hits"][0]["topic"]


def test_report_of_questions_of_another_s_is_printable(hostile: Topics, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    asked = {"question": QUESTION, "topic": f"Merge conflicts{EVIL}", "kind": f"own{EVIL}"}
    file.write_text(json.dumps(asked) + "\n" + json.dumps({"question": "yeast?", "answered": False}) + "\n")
    for arguments in ((), ("--json",)):
        assert obeyed(hostile("eval", file, *arguments)) == []
    file.write_text(json.dumps(asked | {"topic": f"nowhere{EVIL}"}))
    assert obeyed(hostile("eval", file)) == []


def test_layout_is_what_it_would_be_without_the_controls(capsys: pytest.CaptureFixture[str]) -> None:
    def printed(title: str) -> str:
        table = Table.grid(padding=(0, 2))
        table.add_row(Text(title), Text("second column"))
        PlainConsole(width=60).print(table)
        return capsys.readouterr().out

    assert printed("\x1b\x9b\x07title") == printed("title")


@pytest.mark.parametrize("line", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" + "0" * 5000])
def test_batch_id_that_is_no_number_of_json_is_told_and_comes_back_as_none(
    own: Topics, tmp_path: Path, line: str
) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text(f'{{"id": {line}, "question": "{QUESTION}"}}\n{{"id": 2.5, "question": "{QUESTION}"}}\n')
    result = own("ask", "--batch", file)
    wrong, right = map(STRICT_JSON.decode, result.out.splitlines())
    assert (result.code, wrong["id"], right["id"]) == (1, None, 2.5)
    assert "Line 1" in result.err


def test_numbers_that_json_has_no_word_for_are_null() -> None:
    assert encode_json({"a": [float("nan"), (float("inf"), 1.5)], "b": True}) == '{"a": [null, [null, 1.5]], "b": true}'


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "utf-16"])
def test_json_is_the_same_in_every_encoding(encoding: str) -> None:
    value = {"text": "naïve – “quoted” 😀 \x85\u2028", "\x9b": ["é"]}
    assert json.loads(encode_json(value, encoding=encoding).encode(encoding).decode(encoding)) == value


def python(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        timeout=120,
        check=False,
        env=os.environ | environment,
    )


PRINT = """
import sys
from assistant.terminal import print_table
from assistant.terminal import print_in_any_encoding, print_json, say
print_in_any_encoding()
print_table(["naïve"], [["“quoted” – 😀 · ü"]])
print_json({"text": "“quoted” – 😀 · ü"})
say("“quoted” – 😀 · ü")
"""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "koi8-r"])
def test_terminal_of_a_legacy_encoding_shows_what_it_can(encoding: str) -> None:
    done = python(PRINT, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    table, record = done.stdout.decode(encoding).splitlines()[-2:]
    assert "quoted" in table
    assert json.loads(record) == {"text": "“quoted” – 😀 · ü"}


@pytest.mark.slow
def test_question_is_answered_into_a_file_of_a_legacy_encoding(bundled_library: Path) -> None:
    for arguments in (["--json"], []):
        done = subprocess.run(
            [sys.executable, "-m", "assistant", "ask", "what is the GIL – “really”?", *arguments],
            capture_output=True,
            timeout=120,
            check=False,
            env=os.environ | {"PYTHONIOENCODING": "ascii", "TOPICS_LIBRARY": str(bundled_library)},
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"Global Interpreter Lock" in done.stdout


INTERRUPT = """
import runpy, signal, sys

class Interrupt:
    def __init__(self, name):
        self.name = name
    def find_spec(self, name, path=None, target=None):
        if name == self.name:
            sys.meta_path.remove(self)
            signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupt(sys.argv.pop(1)))
runpy.run_module("assistant", run_name="__main__")
"""
"""Runs the command, and presses Ctrl-C when it begins to import a module."""


@pytest.mark.parametrize(
    ("module", "command"),
    [
        *[(module, "status") for module in ("assistant.cli.main", "typer", "assistant.cli.health", "index.library")],
        *[(module, "sync") for module in ("assistant.cli.notes", "index.catalog.tables")],
        *[(module, "ask") for module in ("assistant.answering", "numpy")],
    ],
)
def test_interrupt_while_the_command_is_loaded_is_a_word(module: str, command: str, tmp_path: Path) -> None:
    asked = ["what is rum?"] if command == "ask" else []
    done = python(INTERRUPT, module, command, *asked, "--library", str(tmp_path / "library"))
    assert (done.returncode, done.stdout) == (130, b"")
    assert done.stderr.strip() in (b"Aborted.", b"Aborted!")


def test_interrupt_that_a_library_makes_an_error_of_its_own_of_is_none(
    own: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ImportError("numpy could not be imported") from None

    monkeypatch.setattr("index.library.Library.find", fail)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        result = own("ask", QUESTION)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (result.code, "went wrong" in result.err) == (130, False)


@pytest.mark.parametrize("limit", [str(10**30), str(2**63), str(2**63 - 1)])
def test_journal_shows_all_it_has_where_more_is_asked_for(own: Topics, limit: str) -> None:
    own("ask", QUESTION)
    result = own("journal", "--limit", limit, "--json")
    assert result.code == 0
    assert len(json.loads(result.out)["asked"]) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("journal", "--limit", "1e30"),
        ("journal", "--limit", "-1"),
        ("ask", QUESTION, "--limit", "1e30"),
        ("ask", QUESTION, "--limit", str(10**30)),
        ("related", "rebase", "--limit", "nan"),
        ("serve", "--port", str(10**30)),
    ],
)
def test_number_out_of_range_is_a_wrong_usage(own: Topics, arguments: tuple[str, ...]) -> None:
    assert own(*arguments).code == 2


def test_line_beyond_all_numbers_is_no_place_and_no_failure(own: Topics) -> None:
    assert own("related", f"topics.md:{10**30}").code in (0, 1)
    assert "went wrong" not in own("related", f"topics.md:{10**30}").err
