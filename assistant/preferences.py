"""what somebody has chosen for a library, kept with it: where notes are opened, the threshold, favourites

On a server it is the same for all who use the library.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from index.errors import SettingError

if TYPE_CHECKING:
    from index.library import Library

Opener: TypeAlias = Literal["", "obsidian", "vscode", "system", "folder"]
"""What opens a note: the first means that nobody has chosen yet."""

OPENERS: Final[Mapping[Opener, str]] = MappingProxyType(
    {"obsidian": "Obsidian", "vscode": "VS Code", "system": "my editor", "folder": "the file manager"}
)
"""What a note can be opened in, as a person calls it."""

PREFERENCES_FILE: Final = "preferences.json"


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices; what nobody has chosen has its default."""

    opener: Opener = ""
    threshold: float | None = None
    """The probability from which the notes count as answering; None is the default."""
    favourites: tuple[str, ...] = ()
    """Topics by their ids, the latest first."""
    language: str = ""
    """The code of the language in which pages write dates and numbers; empty is English."""
    is_introduced: bool = False
    """Whether the introduction on the first page was put away."""

    def with_favourite(self, topic_id: str, *, is_one: bool) -> Preferences:
        """Return the same with a topic among the favourites, or no more among them.

        >>> Preferences(favourites=("a", "b")).with_favourite("b", is_one=True).favourites
        ('b', 'a')
        """
        others = tuple(other for other in self.favourites if other != topic_id)
        return replace(self, favourites=(topic_id, *others) if is_one else others)


def read_preferences(library: Library) -> Preferences:
    """Return the choices stored with a library; the default for a value that is damaged or unknown."""
    return _read(library.storage.read_file(PREFERENCES_FILE))


def change_preferences(library: Library, change: Callable[[Preferences], Preferences]) -> None:
    """Keep what a change makes of the preferences, whoever else changes them; it may be made more than once.

    Raises:
        SettingError: the folder cannot be written.
        LibraryError: the server cannot be reached, or refuses.

    """
    try:
        library.storage.change_file(PREFERENCES_FILE, lambda text: json.dumps(asdict(change(_read(text))), indent=1))
    except OSError as error:
        raise SettingError(
            f"{library.folder / PREFERENCES_FILE} cannot be written ({error.strerror or error}). Check the folder."
        ) from error


def _read(text: str | None) -> Preferences:
    try:
        record = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return Preferences()
    return _sound(record) if isinstance(record, dict) else Preferences()


def _sound(record: dict[str, Any]) -> Preferences:
    opener, threshold, favourites = record.get("opener"), record.get("threshold"), record.get("favourites")
    language = record.get("language")
    is_share = isinstance(threshold, (int, float)) and not isinstance(threshold, bool) and 0 <= threshold <= 1
    return Preferences(
        next((known for known in OPENERS if known == opener), ""),
        float(threshold) if is_share and threshold is not None else None,
        tuple(filter(_is_text, favourites)) if isinstance(favourites, list) else (),
        language if isinstance(language, str) else "",
        record.get("is_introduced") is True,
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str)
