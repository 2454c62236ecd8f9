"""What is asked to be done, where a topic tells only of the opposite."""

from __future__ import annotations

import pytest

from index.text.opposites import undone


@pytest.mark.parametrize(
    ("question", "heading", "passage", "word"),
    [
        ("how do I disable the alarm?", "Enable the alarm", "Hold the key", "disabl"),
        ("how do I disable the alarm?", "Enable or disable the alarm", "Hold the key", ""),
        ("how do I switch it off, disable it?", "Enable the alarm", "`alarm disable` does it, too", ""),
        ("unmounting the camping table", "Mount the camping table", "Fold it", "unmount"),
        ("wie kann ich den Zugang sperren?", "Zugang entsperren", "Taste halten", "sperren"),
        ("how do I remove a wine stain?", "Wine stains", "Add vinegar and wait", ""),
        ("how do I remove a wine stain?", "Wine", "A hasty pour adds a stain", "remov"),
        ("how do I reinstall the boiler?", "Install the boiler", "Two screws", ""),
        ("where is the lock of the shed?", "Unlock the shed", "Turn it twice", ""),
        ("why did the import stall?", "Export", "As CSV", ""),
    ],
)
def test_what_is_done_is_not_answered_by_its_opposite(question: str, heading: str, passage: str, word: str) -> None:
    assert undone(question, f"{heading}\n{passage}", heading, passage) == ({word} if word else frozenset())
