"""The questions that the help and the pages show are answered by the notes that they are shown with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from assistant.answering.answering import ask
from assistant.cli.lazy import COMMANDS, load
from index.library import Library

ROOT: Final = Path(__file__).parents[2]
_SHOWN: Final = re.compile(r"topics ask (?:--\w+ \S+ )?(?:\"(?P<quoted>[^\"]+\?)\"|(?P<bare>[a-z][\w ]+?)(?= --|`))")

OF_OWN_NOTES: Final = {"how do I restore a backup?", "how often is the oil changed?", "how do I keep slugs away?"}
"""Questions that are shown as asked of the reader's notes."""
UNANSWERED: Final = {"what does a barn owl eat?"}
"""Questions that are shown as ones that notes do not answer."""

pytestmark = pytest.mark.slow


def shown_questions() -> list[str]:
    """Return the questions that the help of the commands and the pages show."""
    pages = (path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    texts = (*pages, *(load(name).epilog or "" for name in COMMANDS))
    return sorted({match["quoted"] or match["bare"] for text in texts for match in _SHOWN.finditer(text)})


@pytest.fixture(scope="module")
def bundled(bundled_library: Path) -> Iterator[Library]:
    """Return the library of the bundled topics."""
    with closing(Library(bundled_library)) as library:
        yield library


@pytest.mark.parametrize("question", shown_questions())
def test_shown_question_is_answered_unless_it_is_shown_as_none_or_of_own_notes(bundled: Library, question: str) -> None:
    """A question with a placeholder of the syntax, such as QUESTION, is none."""
    if question not in OF_OWN_NOTES:
        assert ask(bundled, question).answered == (question not in UNANSWERED)


def test_questions_are_found_where_they_are_shown() -> None:
    found = set(shown_questions())
    assert OF_OWN_NOTES | UNANSWERED | {"what is the GIL", "how do I resolve a merge conflict?"} <= found
