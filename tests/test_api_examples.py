"""The examples of docs/api.md, run against the doors for programs as somebody starts them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.browser import serving
from tests.traced import required_program

PAGE: Final = (Path(__file__).parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES: Final = [
    command
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    for command in re.split(r"\n(?=curl|printf)", block.strip())
]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def plain(bundled_library: Path) -> Iterator[str]:
    """Yield the address of the doors for programs, without the app."""
    with serving(bundled_library, options=["--no-app"]) as address:
        shell(f"curl -s --retry 30 --retry-delay 1 {address}/api/v1/health")
        yield address


def shell(script: str) -> str:
    required_program("curl", "TOPICS_REQUIRE_CURL")
    return subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True, timeout=60).stdout  # noqa: S607


@pytest.mark.parametrize("example", EXAMPLES)
def test_curl_example_gives_what_the_page_says(plain: str, example: str) -> None:
    told: list[dict[str, Any]] = [
        json.loads(line) for line in shell(example.replace("http://127.0.0.1:8501", plain)).splitlines()
    ]
    assert told
    assert all("title" not in one and not one.get("error") for one in told), told


def test_examples_are_found() -> None:
    assert len(EXAMPLES) == 10


def recipe(name: str, question: str, address: str) -> str:
    """Return what a recipe of the page prints for what somebody types."""
    [block] = re.findall(rf"### {name}\n.*?```bash\n(.*?)```", PAGE, re.DOTALL)
    body = "\n".join(line for line in block.splitlines() if not line.startswith("#"))
    return shell(f"set -- {question!r}\n{body.replace('http://127.0.0.1:8501/api', f'{address}/api')}")


def test_recipe_for_raycast_prints_the_answer_with_its_place(plain: str) -> None:
    assert re.search(r"operating model.*\n\ndevops\.md:\d+\n$", recipe("Raycast", "what is GitOps?", plain), re.DOTALL)
    assert recipe("Raycast", "what does a barn owl eat?", plain) == "Your notes do not say.\n"


def test_recipe_for_alfred_lists_topics_with_a_link(plain: str) -> None:
    items = json.loads(recipe("Alfred", "gitops", plain))["items"]
    assert items[0]["title"] == "GitOps Fundamentals"
    assert items[0]["arg"].startswith("http://127.0.0.1:8501/?topic=")
