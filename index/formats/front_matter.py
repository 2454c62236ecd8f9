"""the fields above a note, in YAML or TOML -> its title and other names, and the note without them (home of PyYAML)"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import yaml

from index.text import dates, storable

MAX_CHARACTERS: Final = 32 * 1024
"""Longer front matter is passed over: no title is worth parsing a heap of data for, at four seconds a megabyte."""

MAX_VALUE: Final = 500
"""Characters of a field that are searched: a longer one holds data."""

DEEPEST: Final = 3
MAX_VALUES: Final = 100
"""Lists in lists, and values in one: more are data, too."""

_FRONT_MATTER: Final = re.compile(
    r"(?P<fence>-{3}|\+{3})[ \t]*\n(?P<fields>(?s:.*?))^(?:(?P=fence)|\.{3})[ \t]*(?:\n|\Z)", re.M
)
_FRONT_MATTER_FIELD: Final = re.compile(
    r"""(?P<name>[^\W\d_][\w .-]*?|"[^"\n]+"|'[^'\n]+')[ \t]*[:=](?:[ \t]+(?P<value>.*))?"""
)
"""The first line of a field; those below it that begin with a space, a hyphen or a bracket go with it."""
_SLOW: Final = yaml.BaseLoader
"""It makes strings only: no dates or numbers that could turn out invalid, and aliases are not copied."""
_FAST: Final = getattr(yaml, "CBaseLoader", _SLOW)
"""The same in C, ten times as fast; it has no bound of its own to how deep it goes."""
_NESTING: Final = ("[", "{", "- ", "? ", "-\t")
MAX_NESTED: Final = 200
"""Characters of a list or a field in another up to which nothing can be nested too deep for a thread's stack."""
_ESCAPE: Final = re.compile(r"\\[uU]")
"""A character by its number, which may be none: that in C refuses the whole of it then."""
BROKEN: Final = "its front matter is broken"
_BEGINS_A_VALUE: Final = frozenset("\"'[{&*!|>%@`")
"""What YAML's own values begin with: a text that YAML does not understand begins with a word, and is read as it is."""
_SIGNED_TAGS: Final = re.compile(r"^(?P<name>tags?):[ \t]+(?P<tags>#[^\W\d].*)$", re.IGNORECASE | re.MULTILINE)
"""Tags with their `#`, which YAML takes for a remark."""
_GOES_ON: Final = re.compile(r"[\s#\-\]})]")
"""What a line begins with that belongs to the field above it, or to none."""
_QUOTES: Final = "\"'[]{} "
_TAG_PARTS: Final = re.compile(r"[,\s]+(?![^\[\]]*\]\])")
"""The separator of tags in one line: no space inside `[[a link]]`."""

TITLE: Final = frozenset({"title"})
ALIASES: Final = frozenset({"aliases", "alias"})
TAGS: Final = frozenset({"tags", "tag", "keywords", "category", "categories"})
DATED: Final = frozenset(
    "date created modified updated lastmod created_at updated_at date_created date_modified datum erstellt".split()
)
"""Fields that say when a note was written or changed."""
BOOKKEEPING: Final = TITLE | ALIASES | {
    *("id", "uid", "uuid", "guid", "publish", "published", "draft", "cssclass", "cssclasses", "css", "permalink"),
    *("url", "layout", "slug", "weight", "created", "modified", "updated", "lastmod", "cover", "image", "banner"),
    *("icon", "position", "kanban-plugin", "excalidraw-plugin", "public", "lang", "language", "toc", "order"),
}  # fmt: skip
"""Fields that tell programs how to treat a note, or say what is known of it anyway."""

_SAYS_SOMETHING: Final = re.compile(r"[^\W_]")
_SAYS_NOTHING: Final = re.compile(r"true|false|yes|no|null|none|~|\w+://\S+", re.IGNORECASE)


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
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    """What else it says, a name and a value each, tags included."""
    text: str = ""
    """Its lines as they are written."""
    line: int = 2
    """Where they begin, counted from 1."""
    days: tuple[str, ...] = ()
    """The days that it dates the note with, as `2026-11-03`."""

    def with_tags(self, tags: Iterable[str]) -> FrontMatter:
        """Return it with more tags."""
        every = tuple(dict.fromkeys((*self.tags, *tags)))
        others = tuple(field for field in self.fields if field[0] != "tags")
        return self if every == self.tags else self._replace(tags=every, fields=(*others, ("tags", ", ".join(every))))


def split_front_matter(text: str) -> FrontMatter:
    r"""Return what a note's front matter says, and the note below it; lines end with a line feed.

    A field that cannot be read costs itself alone, and names of fields may be written in any case.

    >>> front = split_front_matter("---\nTitle: Git: the basics\nauthor: Ann\n---\nText.")
    >>> front.title, front.body, front.fields
    ('Git: the basics', '\n\n\n\nText.', (('author', 'Ann'),))
    """
    match = _FRONT_MATTER.match(text)
    if not match:
        return FrontMatter("", text)
    written = match["fields"]
    body = "\n" * match[0].count("\n") + text[match.end() :]
    if len(written) > MAX_CHARACTERS:
        return FrontMatter("", body, f"its front matter is longer than {MAX_CHARACTERS // 1024} kB and was passed over")
    parse = _toml if match["fence"] == "+++" else _yaml
    fields = parse(written)
    problem = ""
    if fields is None and written.strip():
        fields, problem = _field_by_field(written, parse)
    if isinstance(fields, dict) and (signed := _SIGNED_TAGS.search(written)):
        fields = {signed["name"]: signed["tags"]} | {name: value for name, value in fields.items() if value}
    if isinstance(fields, str | list):  # no fields, but text between two rules
        return FrontMatter("", text)
    return from_fields(fields if isinstance(fields, dict) else {}, body, problem, written)


def from_fields(fields: Mapping[str, object], body: str, problem: str = "", text: str = "") -> FrontMatter:
    """Return what fields say, by their names in any case; the first that says something counts."""
    named: dict[str, object] = {}
    for name, value in fields.items():
        if not named.get(key := " ".join(storable(str(name)).casefold().split())):
            named[key] = value
    tags = tuple(dict.fromkeys(tag for name in named if name in TAGS for tag in _tag_names(named[name])))
    aliases = dict.fromkeys(alias for name in named if name in ALIASES for alias in _listed_names(named[name]))
    told = ((name, _field_text(value)) for name, value in named.items() if name not in BOOKKEEPING | TAGS)
    pairs = [*((name, value) for name, value in told if value), *([("tags", ", ".join(tags))] if tags else [])]
    days = dict.fromkeys(day for name in named if name.replace(" ", "_") in DATED for day in _days(named[name]))
    title = _on_one_line(named.get("title"))
    return FrontMatter(title, body, problem, tuple(aliases), tags, tuple(pairs), text, days=tuple(days))


def _field_by_field(written: str, parse: Callable[[str], object]) -> tuple[dict[str, object] | str, str]:
    """Read fields one by one; return them, or the text that it is instead, and what to say where one was broken."""
    fields: dict[str, object] = {}
    lines = written.split("\n")
    broken = sum(not _FRONT_MATTER_FIELD.match(line) for line in lines if line.strip() and not _GOES_ON.match(line))
    if 2 * broken > sum(bool(line.strip()) for line in lines):
        return written, ""
    is_broken = broken > 0
    for name, value, whole in _fields(written):
        read = parse(whole.expandtabs(2))
        if isinstance(read, dict) and read:
            fields |= read
            continue
        fields[name] = "" if "\\" in value else value.strip(_QUOTES)
        is_broken = is_broken or value[:1] in _BEGINS_A_VALUE
    return fields, BROKEN if is_broken or not fields else ""


def _fields(written: str) -> Iterator[tuple[str, str, str]]:
    """Yield each field: its name, the rest of its first line, and all of it."""
    lines = written.splitlines(keepends=True)
    begins = [
        (number, match) for number, line in enumerate(lines) if (match := _FRONT_MATTER_FIELD.match(line.rstrip("\n")))
    ]
    ends = [*(number for number, _ in begins[1:]), len(lines)]
    for (number, match), end in zip(begins, ends, strict=False):
        yield match["name"].strip("\"'"), match["value"] or "", "".join(lines[number:end])


def _days(given: object) -> Iterator[str]:
    """Yield the days that a field names, or each of its values does."""
    values = given if isinstance(given, list) else [given]
    for value in values[:MAX_VALUES]:
        yield from (day.key for day in dates(str(value)[:MAX_VALUE]) if day.has_year)


def _listed_names(given: object) -> Iterator[str]:
    """Yield the names in a list or with commas between them."""
    names = given.split(",") if isinstance(given, str) else given if isinstance(given, list) else []
    return filter(None, (unlinked(_on_one_line(name)) for name in names))


def _tag_names(given: object) -> Iterator[str]:
    """Yield tags as they are written in a list or on one line, with commas or spaces between them."""
    values = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    for value in map(_on_one_line, values):
        parts = _TAG_PARTS.split(value) if isinstance(given, str) and "," not in value else value.split(",")
        yield from filter(None, (unlinked(part.strip().lstrip("#")) for part in parts))


def unlinked(name: str) -> str:
    """Return a name without the brackets of a link to it.

    >>> unlinked("[[hobby]]"), unlinked("[[Ann Lee|Ann]]")
    ('hobby', 'Ann Lee')
    """
    return name.removeprefix("[[").removesuffix("]]").partition("|")[0].strip() if name.startswith("[[") else name


def _field_text(value: object, depth: int = 0) -> str:
    """Return what a field says on one line; nothing of a switch, an address or what is too long or too deep."""
    if isinstance(value, dict | list) and (depth == DEEPEST or len(value) > MAX_VALUES):
        return ""  # YAML's aliases make a heap of a few lines
    if isinstance(value, dict):
        told = "; ".join(f"{name}: {text}" for name, inner in value.items() if (text := _field_text(inner, depth + 1)))
    elif isinstance(value, list):
        told = ", ".join(text for inner in value if (text := _field_text(inner, depth + 1)))
    else:
        told = " ".join(storable("" if value is None else str(value)).split()).strip()
    is_said = _SAYS_SOMETHING.search(told) and not _SAYS_NOTHING.fullmatch(told)
    return told.replace("[[", "").replace("]]", "") if is_said and len(told) <= MAX_VALUE else ""


def _on_one_line(value: object) -> str:
    return " ".join(storable(value).split()) if isinstance(value, str) else ""


def _toml(fields: str) -> object:
    try:
        return tomllib.loads(fields)
    except (ValueError, RecursionError):
        return None


def _yaml(fields: str) -> object:
    try:
        is_plain = sum(map(fields.count, _NESTING)) <= MAX_NESTED and not _ESCAPE.search(fields)
        return yaml.load(fields, Loader=_FAST if is_plain else _SLOW)  # noqa: S506  # both make strings only
    # the last two by an escape such as \UFFFFFFFF
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError):
        return None
