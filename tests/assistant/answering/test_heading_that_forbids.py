"""The heading that forbids what is listed below it, where a single item answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering import ask
from index.library import Library

GOATS = """# Goats

## Not allowed in the pen

- plums
- yew

## Fences

The fence of the pen is never locked.
"""


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("is yew allowed in the pen?", "Not allowed in the pen\n\nyew"),
        ("is the fence of the pen locked?", "The fence of the pen is never locked."),
    ],
)
def test_item_of_what_is_not_allowed_is_shown_below_the_heading_that_says_so(
    library_of: Callable[[Path], Library], tmp_path: Path, question: str, shown: str
) -> None:
    (tmp_path / "goats.md").write_text(GOATS)
    answer = ask(library_of(tmp_path), question, threshold=0.01)
    assert answer.answer is not None
    assert answer.answer.text == shown
