"""where the library lives and which model it uses: options, environment, defaults (home of platformdirs)"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import platformdirs

from index.library import Library

LIBRARY_VARIABLE: Final = "TOPICS_LIBRARY"
MODEL_VARIABLE: Final = "TOPICS_MODEL"


def library_folder(folder: Path | None = None) -> Path:
    """Return the folder given, or else what the environment says, or else the user's data folder."""
    chosen = folder or Path(os.environ.get(LIBRARY_VARIABLE) or platformdirs.user_data_path("topic-assistant", False))
    return chosen.expanduser().absolute()


def open_library(folder: Path | None = None, model: str | None = None) -> Library:
    """Open, or make, the library that the options and the environment mean."""
    return Library(library_folder(folder), model=model or os.environ.get(MODEL_VARIABLE) or None)
