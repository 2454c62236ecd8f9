"""the fields above a note, in YAML or TOML -> its title and other names, and the note without them (home of PyYAML)"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Final, NamedTuple

import yaml

from index.decode import storable

MAX_CHARACTERS: Final = 32 * 1024
"""Longer front matter is passed over: no title is worth parsing a heap of data for, at four seconds a megabyte."""

_FRONT_MATTER: Final = re.compile(
    r"(?P<fence>-{3}|\+{3})[ \t]*\n(?P<fields>(?s:.*?))^(?:(?P=fence)|\.{3})[ \t]*(?:\n|\Z)", re.M
)


class FrontMatter(NamedTuple):
    """What stands above a note."""

    title: str
    """Empty where it gives none."""
    body: str
    """The note, with as many empty lines in place of the front matter."""
    problem: str = ""
    """Why it could not be read; empty when all is well."""
    aliases: tuple[str, ...] = ()
    """Other names of the note."""


def split_front_matter(text: str) -> FrontMatter:
    r"""Return the title and aliases in a note's front matter, and the note below it; lines end with a line feed.

    >>> split_front_matter("---\ntitle: Git\n---\nText.")
    FrontMatter(title='Git', body='\n\n\nText.', problem='', aliases=())
    """
    match = _FRONT_MATTER.match(text)
    if not match:
        return FrontMatter("", text)
    body = "\n" * match[0].count("\n") + text[match.end() :]
    if len(match["fields"]) > MAX_CHARACTERS:
        return FrontMatter("", body, f"its front matter is longer than {MAX_CHARACTERS // 1024} kB and was passed over")
    fields = _toml(match["fields"]) if match["fence"] == "+++" else _yaml(match["fields"])
    if isinstance(fields, str | list):  # no fields, but text between two rules
        return FrontMatter("", text)
    if not isinstance(fields, dict):
        return FrontMatter("", body, "" if not match["fields"].strip() else "its front matter is broken")
    return FrontMatter(_line(fields.get("title")), body, aliases=_aliases(fields))


def _aliases(fields: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names under `aliases` or `alias`, in a list or with commas between them."""
    given = fields.get("aliases", fields.get("alias"))
    names = given.split(",") if isinstance(given, str) else given if isinstance(given, list) else []
    return tuple(dict.fromkeys(filter(None, map(_line, names))))


def _line(value: object) -> str:
    return " ".join(storable(value).split()) if isinstance(value, str) else ""


def _toml(fields: str) -> object:
    try:
        return tomllib.loads(fields)
    except (ValueError, RecursionError):
        return None


def _yaml(fields: str) -> object:
    try:
        # BaseLoader makes strings only: no dates or numbers that could turn out invalid, and aliases are not copied
        return yaml.load(fields, Loader=yaml.BaseLoader)  # noqa: S506
    # the last two by an escape such as \UFFFFFFFF
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError):
        return None
