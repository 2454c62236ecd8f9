"""What the documentation says is what the code does."""

from __future__ import annotations

import ast
import doctest
import importlib
import json
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from assistant.cli.lazy import COMMANDS, load
from assistant.settings import ANSWERED_FROM
from index.formats.registry import FORMATS, Format
from tests import constants

ROOT = Path(__file__).parents[1]
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "benchmarks" / "README.md")
}
README = PAGES["README.md"]
ARCHITECTURE = PAGES["docs/architecture.md"]
COMMAND = PAGES["docs/command.md"]
COMMANDS_LOADED = {name: load(name) for name in COMMANDS}
README_LINES = 140
"""What somebody reads before deciding; everything else has its page in docs/."""

MODULES = sorted(
    path for package in ("index", "assistant") for path in (ROOT / package).rglob("*.py") if path.stem[:2] != "__"
)
FACES = sorted(path for package in ("index", "assistant") for path in (ROOT / package).glob("*/**/__init__.py"))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def folder_name(face: Path) -> str:
    return f"{face.parent.relative_to(ROOT).as_posix()}/"


def without_code(page: str) -> str:
    return re.sub(r"^```.*?^```$", "", page, flags=re.DOTALL | re.MULTILINE)


def anchors(page: str) -> set[str]:
    """Return the names under which the headings of a page are linked to."""
    headings = re.findall(r"^#+ (.*)$", without_code(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def links(page: str) -> list[str]:
    """Return where the links and pictures of a page lead, those that stay within the project."""
    targets = re.findall(r"\]\(([^()\s]+)\)", without_code(page))
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


def missing_links(pages: dict[str, str]) -> list[str]:
    """Return the links of pages that lead to no file, or to no heading of one."""
    missing = []
    for name, page in pages.items():
        for target in links(page):
            path, _, anchor = target.partition("#")
            file = (ROOT / name).parent / path if path else ROOT / name
            heads = anchors(file.read_text(encoding="utf-8")) if file.suffix == ".md" and file.is_file() else set()
            if not file.exists() or (anchor and anchor not in heads):
                missing.append(f"{name}: {target}")
    return missing


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_example_in_a_docstring_gives_what_it_says(path: Path) -> None:
    assert doctest.testmod(importlib.import_module(module_name(path))).failed == 0


@pytest.mark.parametrize("face", FACES, ids=folder_name)
def test_every_sub_package_is_a_section_titled_by_its_question(face: Path) -> None:
    question = (ast.get_docstring(ast.parse(face.read_text(encoding="utf-8"))) or "").split("\n")[0]
    assert question
    assert re.search(rf"^###+ `{folder_name(face)}`: {re.escape(question)}$", ARCHITECTURE, re.MULTILINE)


def test_every_section_of_a_sub_package_is_of_one_that_is_there() -> None:
    named = re.findall(r"^###+ `([\w/]+)`: ", ARCHITECTURE, re.MULTILINE)
    assert named
    assert set(named) == set(map(folder_name, FACES))


@pytest.mark.parametrize("name", [name for name in PAGES if name != "CHANGELOG.md"])
def test_every_path_that_a_page_names_is_there(name: str) -> None:
    tops = "assistant|index|tests|benchmarks|docs"
    named = {*re.findall(rf"`((?:{tops})/[\w./-]*)`", PAGES[name]), *re.findall(r"\btests/[\w/.-]+\w", PAGES[name])}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("block", re.findall(r"```\n(.*?)```", ARCHITECTURE, re.DOTALL))
def test_every_module_in_the_life_of_something_is_there(block: str) -> None:
    names = set(re.findall(r"(?<![\w/.])[a-z]+(?:\.[a-z]\w+)+", block)) - {"app.py"}
    known = {module_name(path).partition(".")[2] for path in MODULES}
    assert [name for name in sorted(names) if name not in known] == []


def test_the_readme_is_read_in_one_go() -> None:
    assert len(README.splitlines()) <= README_LINES


def test_every_page_is_linked_from_the_readme() -> None:
    linked = set(links(README))
    assert [page for page in PAGES if page.startswith("docs/") and page not in linked] == []


def test_every_link_leads_to_a_file_or_a_heading_that_is_there() -> None:
    assert missing_links(PAGES) == []


@pytest.mark.parametrize("target", ["docs/nothing.md", "#nothing", "docs/architecture.md#nothing"])
def test_a_link_that_leads_nowhere_is_found(target: str) -> None:
    assert missing_links({"README.md": f"# Here\n[there]({target})"}) == [f"README.md: {target}"]


@pytest.mark.parametrize("row", re.findall(r"^\| `topics (.*?)` \|", COMMAND, re.MULTILINE))
def test_command_in_the_table_exists_with_its_options(row: str) -> None:
    command = COMMANDS_LOADED[row.split()[0]]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    assert set(re.findall(r"--[a-z-]+", row)) <= known


def test_every_command_is_in_the_table() -> None:
    named = set(re.findall(r"^\| `topics (\w+)", COMMAND, re.MULTILINE))
    assert named == set(COMMANDS_LOADED)


def test_every_option_of_a_command_is_in_the_table() -> None:
    everywhere = {"--help", "--library", "--model"}
    missing = []
    for name, command in COMMANDS_LOADED.items():
        rows = "".join(re.findall(rf"^\| `topics {name} .*$", COMMAND, re.MULTILINE))
        options = [{one for one in (*param.opts, *param.secondary_opts) if one[:2] == "--"} for param in command.params]
        missing += [f"{name} {one}" for one in options if one - everywhere and not any(way in rows for way in one)]
    assert missing == []


def test_make_targets_that_a_page_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {target for page in PAGES.values() for target in re.findall(r"(?:`|^)make ([a-z-]+)", page, re.MULTILINE)}
    assert {"serve", "test", "check", "docs"} <= named
    assert [target for target in sorted(named) if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_contract_is_an_object_of_the_fields_that_are_given_out() -> None:
    from assistant.answer import Answer, Evidence, Related, TopicResult

    record = json.loads(re.search(r"```json\n(.*?)```", COMMAND, re.DOTALL)[1])  # type: ignore[index]
    assert set(record) == set(Answer.__dataclass_fields__)
    assert set(record["answer"]) == set(Evidence.__dataclass_fields__)
    assert set(record["hits"][0]) == set(TopicResult.__dataclass_fields__)
    assert set(record["related"][0]) == set(Related("DevOps", "Drift", 0.5, (), "id", "devops.md", 25).to_json())


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.module)
def test_every_format_is_in_the_table_with_its_kind(kind: Format) -> None:
    rows = [row for row in PAGES["docs/documents.md"].splitlines() if f"`{kind.suffixes[0]}`" in row]
    assert all(f"`{suffix}`" in rows[0] for suffix in kind.suffixes)
    assert f"| `{kind.kind}` |" in rows[0]


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: asked for name, asked in project["optional-dependencies"].items() if name not in {"test", "dev"}}
    asked = [*project["dependencies"], *chain.from_iterable(extras.values())]
    dependencies = {re.match(r"[\w-]+", one)[0] for one in asked} - {"topic-assistant"}  # type: ignore[index]
    section = ARCHITECTURE.split("## Why each dependency")[1].casefold()
    assert dependencies
    assert {name for name in dependencies if name.casefold() not in section} == set()


def test_the_threshold_is_that_of_the_code() -> None:
    """Where it changes, it does so on every page."""
    assert f"otherwise, {ANSWERED_FROM} |" in COMMAND
    for page in (COMMAND, PAGES["docs/evaluation.md"]):
        assert {float(one) for one in re.findall(r"[Ff]rom 0?(\.\d+) on", page)} == {ANSWERED_FROM}


def test_the_table_of_constants_is_that_of_the_code() -> None:
    """`make docs` writes it anew."""
    page = PAGES["docs/ranking.md"]
    assert constants.with_table(page) == page


def test_every_constant_that_is_weighed_has_its_reason() -> None:
    found = [(path, one) for path in constants.modules() for one in constants.constants(path.read_text("utf-8"))]
    assert len(found) > 50  # there are about a hundred: an empty list would prove nothing
    assert [f"{path.name}: {one.name}" for path, one in found if not one.reason] == []


def test_examples_of_the_table_give_what_they_say() -> None:
    assert doctest.testmod(constants).failed == 0
