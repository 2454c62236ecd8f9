"""Code and docs speak the field's language: words that it replaced are gone, and variables are no pronouns."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]

REPLACED: Final = {
    "aspect": "query term",
    "closely": "token by token, rerank",
    "farthest": "weakest term",
    "holdings": "library reader",
    "identities": "topic id assigner",
    "keeper": "job runner",
    "lift": "boost, bonus",
    "lifted": "raised, boosted",
    "likeness": "similarity",
    "nearness": "similarity",
    "outcome": "result",
    "pace": "progress, speed",
    "piece": "token, segment, fragment, text run, slice",
    "seal": "checksum",
    "sealed": "verified",
    "shadow": "derived index",
    "stamp": "manifest, fingerprint",
    "stamped": "marked",
    "stray": "orphan",
    "tidy": "repair",
    "unsaid": "missing weight",
    "upkeep": "maintenance",
}
"""Words that the code had of its own, with the terms that are used instead; their plurals are looked for, too."""

PRONOUNS: Final = frozenset("asked found held kept one said these".split())
"""What no variable is called: a name says what it holds."""

ALLOWED: Final = {("assistant/evaluation/metrics.py", "found")}
"""The field of a report that programs read."""

SAME_ON_PURPOSE: Final = {
    "__all__": "what a package offers",
    "__getattr__": "how a package offers it",
    "app": "the commands of a module, gathered by the command line",
    "ask": "a question at each door: Python, command, assistant",
    "fetch": "what a command, a tool or a download does, by the name that its door gives it",
    "main": "what runs as a program",
    "prepare": "what a document's reader loads before it is shut in (`index/formats/documents/worker.py`)",
    "read": "what every reader of documents is called by the process that runs it",
    "search": "the same question to ranking, to answers and as a tool",
}
"""Names that stand in several modules because these are called by one protocol, each with it."""
MAX_HOMES: Final = 2
"""Modules in which one name may stand: of more, a reader has to open each to learn which is meant."""

SOURCES: Final = sorted(path for package in ("assistant", "index") for path in (ROOT / package).rglob("*.py"))
PAGES: Final = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def words_of(source: str) -> Iterator[tuple[int, str]]:
    """Yield the words of names, comments and docstrings, each with its line; what other strings say is data."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_prose = token.type == tokenize.COMMENT or token.string.startswith(('"""', 'r"""'))
        if is_prose or token.type == tokenize.NAME:
            yield from ((token.start[0], word) for word in re.findall(r"[a-z]+", token.string.lower()))


def replaced_words(words: Iterator[tuple[int, str]]) -> list[str]:
    terms = REPLACED | {f"{word}s": term for word, term in REPLACED.items()}
    return [f"line {line}: {word} (use: {terms[word]})" for line, word in words if word in terms]


def bound_names(source: str) -> Iterator[tuple[int, str]]:
    """Yield the names of variables, parameters and fields, each with the line where it is bound."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name


def pronouns(source: str) -> list[tuple[int, str]]:
    return [(line, name) for line, name in bound_names(source) if name in PRONOUNS]


def module_names(source: str) -> set[str]:
    """Return what a module defines at its top level: functions, classes, constants and aliases."""
    names = set()
    for node in ast.parse(source).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                names.add(name)
    return names


def crowded_names(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Return each name that stands in too many modules, with these."""
    homes: dict[str, list[str]] = {}
    for path, source in sources.items():
        for name in module_names(source):
            homes.setdefault(name, []).append(path)
    return {name: paths for name, paths in homes.items() if len(paths) > MAX_HOMES}


def test_a_name_stands_for_one_thing() -> None:
    crowded = crowded_names({path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in SOURCES})
    assert {name: paths for name, paths in crowded.items() if name not in SAME_ON_PURPOSE} == {}
    assert crowded.keys() >= SAME_ON_PURPOSE.keys(), "an exception that is not needed"


@pytest.mark.parametrize("definition", ["def _lines(): ...", "class _lines: ...", "_lines: Final = 1", "_lines = 1"])
def test_a_name_that_three_modules_define_is_found(definition: str) -> None:
    assert crowded_names({"a.py": definition, "b.py": definition}) == {}
    assert crowded_names(dict.fromkeys(("a.py", "b.py", "c.py"), definition)) == {"_lines": ["a.py", "b.py", "c.py"]}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_code_uses_the_terms_of_the_field(path: Path) -> None:
    assert replaced_words(words_of(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_use_the_terms_of_the_field(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").lower().splitlines()
    words = ((number, word) for number, line in enumerate(lines, 1) for word in re.findall(r"[a-z]+", line))
    assert replaced_words(words) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_variable_is_called_by_a_pronoun(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    named = pronouns(path.read_text(encoding="utf-8"))
    assert [(line, word) for line, word in named if (name, word) not in ALLOWED] == []


@pytest.mark.parametrize(
    "source",
    ["read_stamp = 1", "def f(): # the shadows", '"""Return the likeness."""', "x = 1\n'''ignored''' # sealed"],
)
def test_a_replaced_word_is_found_in_names_comments_and_docstrings(source: str) -> None:
    assert len(replaced_words(words_of(source))) == 1


def test_words_of_other_strings_are_data() -> None:
    assert replaced_words(words_of('table = {"stamp": "outcome"}')) == []


@pytest.mark.parametrize("source", ["found = 1", "[one for one in ()]", "def f(asked: int): ...", "kept: int = 0"])
def test_a_variable_that_is_called_by_a_pronoun_is_found(source: str) -> None:
    assert len(pronouns(source)) == 1
