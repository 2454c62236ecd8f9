"""What the documentation says is what the code does."""

from __future__ import annotations

import doctest
import importlib
import json
import re
from pathlib import Path

import pytest
from typer.main import get_command

from assistant.cli.main import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MODULES = sorted(
    path for package in ("index", "assistant") for path in (ROOT / package).rglob("*.py") if path.stem[:2] != "__"
)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_example_in_a_docstring_gives_what_it_says(path: Path) -> None:
    assert doctest.testmod(importlib.import_module(module_name(path))).failed == 0


@pytest.mark.parametrize("row", re.findall(r"^\| `topics (.*?)` \|", README, re.MULTILINE))
def test_command_in_the_table_exists_with_its_options(row: str) -> None:
    command = get_command(app).commands[row.split()[0]]  # type: ignore[attr-defined]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    assert set(re.findall(r"--[a-z-]+", row)) <= known


def test_every_command_is_in_the_table() -> None:
    named = set(re.findall(r"^\| `topics (\w+)", README, re.MULTILINE))
    assert named == set(get_command(app).commands)  # type: ignore[attr-defined]


def test_make_targets_that_the_readme_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:`|^)make (\w+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_contract_in_the_readme_is_an_object_of_the_fields_that_are_given_out() -> None:
    from assistant.answer import Answer, Card, Evidence, Related

    record = json.loads(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1])  # type: ignore[index]
    assert set(record) == set(Answer.__dataclass_fields__)
    assert set(record["answer"]) == set(Evidence.__dataclass_fields__)
    assert set(record["hits"][0]) == set(Card("", "", "", None, 0.5, "", (), (), "", 1, {}).to_json())
    assert set(record["related"][0]) == set(Related("DevOps", "Drift", 0.5, (), "id", "devops.md", 25).to_json())


def test_every_dependency_is_explained() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    dependencies = re.findall(r'^  "([\w-]+)>=', pyproject.split("[project.optional")[0], re.MULTILINE)
    section = README.split("## Why each dependency")[1].casefold()
    assert dependencies
    assert [name for name in dependencies if name.casefold() not in section] == []
