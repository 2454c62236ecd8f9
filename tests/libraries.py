"""Libraries as tests begin with them."""

from __future__ import annotations

from pathlib import Path

from index.library import Library


def reading_only(library: Library, *sources: Path | str) -> Library:
    """Return a library after it has read some sources and nothing else, not the bundled topics either."""
    library.remove("builtin")
    for source in sources:
        library.add(source)
    library.sync()
    return library
