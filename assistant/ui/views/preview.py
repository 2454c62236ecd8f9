"""what a folder holds before it is read -> HTML"""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from assistant.amounts import size_words
from assistant.operations import FolderPreview
from assistant.ui.views.dates_and_numbers import counted, number
from assistant.ui.views.rendering import render

MAX_FOLDERS = 5
"""Folders that are named with how much they hold."""


def preview_html(path: Path, preview: FolderPreview) -> Markup:
    """Return how many notes a folder holds, which, and what the patterns leave out."""
    more = "" if preview.is_whole else "More than "
    folders = [f"{name or 'the folder itself'} ({number(notes)})" for name, notes in preview.folders.items()]
    return render(
        "preview",
        path=str(path),
        size_words=f"{more}{counted(preview.notes, 'note')}, {size_words(preview.size)}",
        kinds=[f"{number(notes)} {kind}" for kind, notes in preview.kinds.items()],
        folders=folders[:MAX_FOLDERS] if len(folders) > 1 else (),
        examples=preview.examples,
        left_out=counted(preview.left_out, "file") if preview.left_out else "",
        left_out_examples=preview.left_out_examples,
    )
