"""A name in a question that no note of the library holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering import weigh
from index.library import Library

FERRY = "# Ferry\n\nThe ferry goes to the harbour of Hull. The Old Harbour Fund pays for the ferry.\n"


@pytest.fixture
def ferry(library_of: Callable[[Path], Library], tmp_path: Path) -> Library:
    (tmp_path / "ferry.md").write_text(FERRY)
    return library_of(tmp_path)


@pytest.mark.parametrize(
    ("question", "is_unspoken"),
    [
        ("when goes the ferry to Bergen?", True),
        ("when goes the ferry of the QXZ?", True),
        ("when goes the ferry to Hull?", False),
        ("when goes the ferry of the OHF?", False),
        ("when goes the ferry on Monday?", False),
        ("when goes the ferry to bergen?", False),
        ("When Goes The Ferry To Bergen?", False),
    ],
)
def test_topic_speaks_not_of_a_name_that_nobody_wrote(ferry: Library, question: str, is_unspoken: bool) -> None:
    weighed = weigh(ferry, question)
    assert weighed is not None
    _, covered, _ = weighed
    assert covered.is_unspoken is is_unspoken
