"""Documents in processes of their own: whatever one does there, it is its own failure, and the next one is read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from index.formats import DocumentReader, Limits, Unreadable
from index.formats.documents import reader as reading
from index.offline import QUIET, SWITCHES

MISBEHAVING = "tests.index.formats.documents.misbehaving"


@pytest.fixture(autouse=True)
def any_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a module of the tests read."""
    monkeypatch.setattr(reading, "MODULES", "")


@pytest.fixture(scope="module")
def shared() -> Iterator[Callable[[str], str]]:
    """Return what reads with narrow limits."""
    with DocumentReader(Limits(memory_megabytes=400, cpu_seconds=1, seconds=30)) as used:
        yield lambda told: used.read(MISBEHAVING, told.encode()).blocks[0].text


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("crash", r"^damaged: what reads it has failed \(SIGABRT\)"),
        ("leave", r"^damaged: what reads it has failed \(exit code 3\)"),
        ("work", r"^takes more than 1 s of work$"),
        ("memory", r"^takes more than 400 MB of memory$"),
        ("depth", r"^nested too deeply$"),
        ("socket", r"^damaged, .* \(PermissionError: a document may not cause socket"),
        ("file", r"^damaged, .* \(PermissionError: a document may not cause open"),
        ("program", r"^damaged, .* \(PermissionError: a document may not cause"),
        ("reason", r"^it says why$"),
        ("error", r"^damaged, or not what its name says \(ValueError: what a library says\)$"),
    ],
)
def test_what_a_document_does_is_told_and_the_next_one_is_read(
    shared: Callable[[str], str], told: str, reason: str
) -> None:
    with pytest.raises(Unreadable, match=reason):
        shared(told)
    assert shared("well") == "read"


def test_a_document_that_only_waits_ends_by_the_clock() -> None:
    began = time.monotonic()
    with DocumentReader(Limits(seconds=1)) as used, pytest.raises(Unreadable, match=r"^takes more than 1 s$"):
        used.read(MISBEHAVING, b"wait")
    assert time.monotonic() - began < 30  # it would wait for ten minutes


def test_what_a_library_prints_is_no_answer(shared: Callable[[str], str]) -> None:
    assert shared("print") == "read"


def test_nothing_of_the_environment_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "123")
    with DocumentReader() as used:
        names = set(used.read(MISBEHAVING, b"environment").blocks[0].text.split())
    assert names - SWITCHES.keys() - QUIET.keys() <= {"LC_CTYPE"}  # Python's own, for text in UTF-8


def test_a_text_that_is_too_long_is_read_in_part() -> None:
    with DocumentReader(Limits(characters=5_000)) as used:
        extract = used.read(MISBEHAVING, b"long")
    assert len(extract.blocks) == 5
    assert extract.problem == "read in part: its first 5,000 characters"


def test_a_process_is_used_again_until_it_has_read_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FILES_A_PROCESS", 3)
    with DocumentReader() as used:
        processes = [used.read(MISBEHAVING, b"process").blocks[0].text for _ in range(6)]
    assert processes[0] == processes[1] == processes[2] != processes[3]
    assert len(set(processes)) == 2


def test_a_process_without_sockets_is_below_python_too() -> None:
    """No descriptor is left, so that no library opens anything, whatever language it is written in."""
    with DocumentReader() as used, pytest.raises(Unreadable, match=r"Too many open files"):
        used.read("tests.index.formats.documents.misbehaving_below", b"")
