"""what is said on the first page to who has no notes here yet, or still has the samples among them -> HTML"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.ui.views.dates_and_numbers import counted
from assistant.ui.views.markup import trusted
from assistant.ui.views.rendering import render
from index.catalog import StoredDocument
from index.sources import BUILTIN


def welcome_html(sources: Sequence[str], documents: Sequence[StoredDocument]) -> Markup:
    """Return what the app is and how to begin, or how to be rid of the samples; nothing where neither is of use."""
    samples = sum(document.topics for document in documents if document.source == BUILTIN)
    if BUILTIN not in sources or not samples:
        return trusted("")
    is_samples_only = list(sources) == [BUILTIN]
    return render(
        "welcome", is_samples_only=is_samples_only, samples=counted(samples, "sample topic"), is_one=samples == 1
    )
