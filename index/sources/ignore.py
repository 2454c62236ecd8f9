"""which files of a folder are read: `.gitignore`, patterns of what to include and exclude (home of pathspec)"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from index.errors import SourceError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

GITIGNORE: Final = ".gitignore"

PASSED_OVER: Final = frozenset({"node_modules", "bower_components", "__pycache__", "site-packages"})
"""Folders that tools fill with what other people wrote; hidden ones, such as `.obsidian`, are passed over anyway."""


class _FolderPatterns(NamedTuple):
    """The patterns of one folder."""

    folder: str
    """Relative to the source with a slash at its end; empty for the source itself."""
    patterns: GitIgnoreSpec


class Ignored(NamedTuple):
    """What is passed over in a folder of a source: by the rules that hold there, the innermost deciding."""

    rules: tuple[_FolderPatterns, ...] = ()
    include: GitIgnoreSpec | None = None
    exclude: GitIgnoreSpec | None = None

    @classmethod
    def by(cls, include: Sequence[str], exclude: Sequence[str]) -> Ignored:
        """Return what the patterns that a person gave pass over; both are written like lines of a `.gitignore`.

        Raises:
            SourceError: a pattern means nothing.

        """
        for pattern in (*include, *exclude):
            if not _has_meaning(pattern):
                raise SourceError(f"{pattern!r} is no pattern. Write it as in a .gitignore: drafts/, *.txt, !keep.txt.")
        return cls((), _patterns(include), _patterns(exclude))

    def within(self, folder: Path, name: str) -> Ignored:
        """Return what is passed over in a folder, its own `.gitignore` included."""
        try:
            lines = (folder / GITIGNORE).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:  # there is none, or it cannot be read: then nobody can say what it asks for
            return self
        patterns = _patterns(lines)
        return (
            self._replace(rules=(_FolderPatterns(f"{name}/" if name else "", patterns), *self.rules))
            if patterns
            else self
        )

    def folder(self, name: str) -> bool:
        """Return whether nothing in a folder is read."""
        last = name.rpartition("/")[2]
        return last.startswith(".") or last in PASSED_OVER or self._rejects(f"{name}/")

    def file(self, name: str) -> bool:
        """Return whether a file is not read."""
        is_hidden = name.rpartition("/")[2].startswith(".")
        is_wanted = self.include is None or self.include.match_file(name)
        return is_hidden or not is_wanted or self._rejects(name)

    def _rejects(self, name: str) -> bool:
        if self.exclude and self.exclude.match_file(name):
            return True
        for folder, patterns in self.rules:
            decision = patterns.check_file(name.removeprefix(folder)).include
            if decision is not None:
                return decision
        return False


def _patterns(lines: Iterable[str]) -> GitIgnoreSpec | None:
    """Return the patterns that have a meaning, or None where there are none."""
    meaningful = [line for line in lines if _has_meaning(line)]
    if not meaningful:
        return None
    from pathspec import GitIgnoreSpec  # most folders have no patterns, and need not wait for it

    return GitIgnoreSpec.from_lines(meaningful)


def _has_meaning(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        return any(pattern.include is not None for pattern in GitIgnoreSpec.from_lines([line]).patterns)
    except Exception:  # of the many that a pattern can raise, all say that it means nothing
        return False
