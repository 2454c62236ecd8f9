"""which folders and files of this machine somebody may add in the app: all, or what lies in the folders named"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from index.errors import SettingError, SourceError
from index.sources import BUILTIN, resolve_source, source_name


class Roots:
    """The folders within which paths may be added.

    Whoever may add any path reads every note of the machine: where others reach the app, that is for nobody to do.
    """

    def __init__(self) -> None:
        """Begin as on one's own machine, where everything may be added."""
        self._roots: tuple[Path, ...] | None = None

    @property
    def names(self) -> tuple[Path, ...] | None:
        """The folders, links resolved; None where any path may be added."""
        return self._roots

    @property
    def is_open(self) -> bool:
        """Return whether there is any path to add."""
        return self._roots is None or bool(self._roots)

    def restrict(self, folders: Iterable[Path] | None) -> None:
        """Allow what lies in these folders only; None is everything.

        Raises:
            SettingError: one of them is not there.

        """
        self._roots = None if folders is None else tuple(map(_root, folders))

    def resolve(self, path: str) -> str:
        """Return what a path is remembered as, where it may be added.

        What lies elsewhere is refused before it is looked for, so that nobody learns what is there.

        Raises:
            SourceError: it may not be added, or not as a source.

        """
        source = source_name(path)
        allowed = self._roots is None or source == BUILTIN or any(map(Path(source).is_relative_to, self._roots))
        if not allowed:
            raise SourceError(
                "This path may not be added here, as the app was started: `topics serve --allow-path DIR` allows what "
                "lies in a folder, and `topics add` adds any."
            )
        return resolve_source(path)


def _root(folder: Path) -> Path:
    root = Path(source_name(folder))
    if not root.is_dir():
        raise SettingError(f"--allow-path {folder} is no folder. Check its path.")
    return root


roots = Roots()
"""Those of the app in this process."""
