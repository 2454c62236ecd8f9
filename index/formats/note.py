"""a note, as Markdown text -> its topics

A note is cut at its marks: headings, and slot labels such as `*What:*` or `### How`. The stretch after each mark
belongs to the heading above it; the stretches of one heading make one topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge
from itertools import pairwise
from textwrap import dedent
from typing import Final, NamedTuple

from index.formats.front_matter import FrontMatter, from_fields, split_front_matter
from index.formats.logseq import is_outline, read_outline
from index.formats.slot_labels import ASKED_AS, LIST_MARKER, SLOT_OF, Mark, find_marks
from index.markdown import normalised, visible_text
from index.records import Entry, Slot, Topic
from index.text import readable_name, stems, title_key

_RULE: Final = re.compile(r"\s{0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}")
_PHRASE_END: Final = re.compile(r";|\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)")
"""The separator of two ways to ask: a semicolon, a blank line, a list marker."""

_SECTIONS: Final = frozenset(
    "action items|agenda|backlinks|done|ideas|journal|links|log|meetings|next steps|notes|open questions|overview"
    "|questions|references|related|related notes|resources|see also|summary|tasks|to do|to-do|todo|todos"
    "|aufgaben|erledigt|fragen|ideen|notizen|offene fragen|quellen|siehe auch|tagebuch|verweise|zusammenfassung".split(
        "|"
    )
)
"""Headings that templates leave for text to come: without any, none of these is a topic."""

_FOLDER_FILES: Final = frozenset({"readme", "index", "_index"})
"""Names of files that stand for their folder and say nothing of the note."""

_SAYS_MORE: Final = re.compile(r"\d|\w+\W+\w+\W+\w|[^\W\d_\x00-\u0fff]{4}")
"""What a heading of three words, or of four characters of a script without spaces, holds."""


SEVERAL: Final = 2
"""Subjects from which on a note is a collection with a name of its own."""

LONGEST_NOTHING: Final = 2_000
"""Characters of a text up to which it is looked at whether it says nothing."""

_MAY_SAY_NOTHING: Final = re.compile(r"\s*(?:[#%<!{]|\[!|$)")
_PLACEHOLDER: Final = re.compile(r"(?<!\S)#placeholder\b|\{\{|<%")
_HASHTAG: Final = re.compile(r"(?<!\S)#(?!placeholder\b)([^\W\d][\w/-]*)")
_LETTERS_OR_DIGITS: Final = re.compile(r"[^\W_]+")
_MARKUP_ONLY: Final = re.compile(
    r"""
      (?<!\S)\#[^\W\d][\w/-]*+                                            # a tag
    | ^[ ]{0,3}\#{1,6}[ \t]++(?=(?:\{\{.*\}\}|<%.*%>)[ \t]*+$)               # a heading that is to be filled in
    | \{\{[^{}\n]*+\}\} | <%[^%\n]*+%>
    | \[?+!\[[^\[\]\n]*+\]\((?=[^()\s]*+(?:shields\.io|badge|codecov|travis-ci|circleci|/workflows/))[^()\n]*+\)
      (?:\]\([^()\n]*+\))?+
    """,
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)
_BEGINNING: Final = Mark(0, 0)


@dataclass(slots=True)
class _Section:
    """A heading with the stretches collected for it so far."""

    line: int
    headings: tuple[str, ...]
    has_subject: bool
    entries: dict[Slot | None, Entry] = field(default_factory=dict)
    asked_as: tuple[str, ...] = ()
    is_parent: bool = False
    above: tuple[_Section, ...] = ()
    mark: Mark = _BEGINNING
    """The heading; of what stands above the first one, its beginning."""
    has_empty_slot: bool = False
    tags: tuple[str, ...] = ()
    """Those that stand where nothing else does."""
    empty_text: Entry | None = None
    """The text with these tags."""

    @property
    def waits(self) -> bool:
        """Say whether the heading is there for text to come."""
        return bool(self.has_empty_slot or self.asked_as) or title_key(self.mark.title) in _SECTIONS


class Note(NamedTuple):
    """A Markdown document as it was understood."""

    topics: tuple[Topic, ...]
    problem: str
    """What could not be read of it; empty when all is well."""


def read_note(text: str, name: str) -> Note:
    r"""Return the topics of a Markdown document in their order.

    An `# h1` that holds deeper headings is the subject of what it holds. Where there is none, the title in the front
    matter or else `name` (the file's, without its ending) is; it is also the title of text that stands under no
    heading. A heading without any text is a topic that says what the heading does, unless headings below it do, or it
    waits to be filled in. The aliases in the front matter are other ways to ask for the text
    right below the first `# h1`, or else for the first topic; those that its headings hold would only draw to it
    whatever has such a word. No text makes this fail.

    >>> read_note("# Git\n## 1. Rebase\n*What:* Replays commits.\n*How:* `git rebase main`", "notes").topics[0].title
    'Rebase'
    """
    front, returns = _front_matter(normalised(text))
    name = front.title or readable_name(name)
    sections = _sections(front.body, name, returns)
    if name.casefold() in _FOLDER_FILES:
        name = next((section.mark.title for section in sections if section.mark.level == 1), name)
    front = front.with_tags(tag for section in sections for tag in section.tags)
    topics = [_topic(section, name) for section in _spoken(sections)]
    if not topics and front.fields and (entry := _entry_of_fields(front) or sections[0].empty_text):
        topics = [Topic(name, name, (entry,), 1)]
    topics = list(_with_front_matter(topics, front))
    if not front.title and _lacks_name(topics, name):
        topics[0] = replace(topics[0], aliases=(*topics[0].aliases, name))
    return Note(tuple(topics), front.problem)


def _lacks_name(topics: Sequence[Topic], name: str) -> bool:
    """Return whether a note has several subjects, none of which holds its name: nothing else finds it by that."""
    subjects = {topic.subject for topic in topics}
    holds_name = any(stems(name) <= stems(subject) for subject in subjects)
    return len(subjects) >= SEVERAL and not holds_name and name.casefold() not in _FOLDER_FILES


def _front_matter(text: str) -> tuple[FrontMatter, Mapping[int, int]]:
    """Return what stands above a note and the note itself, and where a page of blocks goes back to a heading."""
    front = split_front_matter(text)
    if not is_outline(front.body):
        return front, {}
    outline = read_outline(front.body)
    if not outline.fields or front.text:
        return front._replace(body=outline.text), outline.returns
    return from_fields(outline.fields, outline.text, text=outline.written)._replace(line=1), outline.returns


def _with_front_matter(topics: Sequence[Topic], front: FrontMatter) -> Iterator[Topic]:
    """Yield the topics with what the front matter says: all have its tags, the one that it names has the rest."""
    below_h1 = (topic for topic in topics if topic.title == topic.subject and topic.line > 1)
    meant = next(below_h1, topics[0]) if topics else None
    names = (*([front.title] if front.title else []), *front.aliases)
    for topic in topics:
        if topic is not meant:
            yield replace(topic, tags=front.tags, days=front.days) if front.tags or front.days else topic
            continue
        new = tuple(alias for alias in front.aliases if not stems(alias) <= stems(topic.heading_path))
        others = tuple(alias for alias in names if title_key(alias) != title_key(topic.title))
        yield replace(
            topic,
            asked_as=new + topic.asked_as,
            aliases=topic.aliases + others,
            tags=front.tags,
            fields=front.fields,
            days=front.days,
        )


def _entry_of_fields(front: FrontMatter) -> Entry | None:
    """Return the lines of the front matter as the entry of a note that has nothing else."""
    above = len(front.text) - len(front.text.lstrip("\n"))
    text = front.text.strip("\n")
    return Entry(None, text, front.line + above) if text.strip() else None


def _spoken(sections: Sequence[_Section]) -> list[_Section]:
    """Return the sections that say something: in their text, or by their heading where no heading below it does."""
    if not any(section.entries for section in sections) and any(section.has_empty_slot for section in sections):
        return []  # a template
    has_text = [bool(section.entries) for section in sections]
    result: list[_Section] = []
    is_above: set[int] = set()
    for place in range(len(sections) - 1, -1, -1):
        section = sections[place]
        beside = [has_text[other] for other in (place - 1, place + 1) if _are_beside(sections, place, other)]
        if (
            not section.entries
            and id(section) not in is_above
            and _speaks(section, is_listed=not (beside and all(beside)))
        ):
            section.entries[None] = Entry(None, section.mark.text, section.line + 1)
        if section.entries:
            result.append(section)
            is_above.update(map(id, section.above))
    return result[::-1]


def _are_beside(sections: Sequence[_Section], place: int, other: int) -> bool:
    if not 0 <= other < len(sections):
        return False
    first, second = sections[place], sections[other]
    return first.mark.level == second.mark.level and list(map(id, first.above)) == list(map(id, second.above))


def _speaks(section: _Section, *, is_listed: bool) -> bool:
    """Say whether a heading without text says something itself; a word or two do in a list of such headings alone."""
    title = section.mark.title
    return bool(title) and not section.waits and (is_listed or _SAYS_MORE.search(title) is not None)


def _sections(text: str, name: str, returns: Mapping[int, int]) -> list[_Section]:
    lines = text.split("\n")
    back = (Mark(line, line, level=level) for line, level in returns.items())
    marks = [Mark(0, 0), *merge(find_marks(text), back, key=lambda mark: mark.line), Mark(len(lines), len(lines))]
    sections: list[_Section] = [_Section(0, (name,), has_subject=False)]
    open_headings: list[tuple[int, _Section]] = []
    for mark, following in pairwise(marks):
        if mark.title:
            open_headings = [(level, section) for level, section in open_headings if level < mark.level]
            sections.append(_section_below(open_headings, mark))
            open_headings.append((mark.level, sections[-1]))
        elif mark.line in returns and not mark.label:
            open_headings = [(level, section) for level, section in open_headings if level < mark.level]
            returned = open_headings[-1][1] if open_headings else sections[0]
            _collect(returned, mark, _stretch(lines, mark, following))
            continue
        _collect(sections[-1], mark, _stretch(lines, mark, following))
    if len(sections) > 1 and _is_called(sections[1].mark.title, name):
        _move(sections[0].entries, sections[1].entries)
    return sections


def _is_called(title: str, name: str) -> bool:
    """Say whether a heading is the name of its note, however the name of a file is written."""
    return _LETTERS_OR_DIGITS.findall(title.casefold()) == _LETTERS_OR_DIGITS.findall(name.casefold())


def _move(above: dict[Slot | None, Entry], below: dict[Slot | None, Entry]) -> None:
    """Give what stands above a heading to what stands below it."""
    for slot, entry in above.items():
        below[slot] = _joined(entry, below[slot]) if slot in below else entry
    above.clear()


def _section_below(above: Sequence[tuple[int, _Section]], mark: Mark) -> _Section:
    for _, section in above:
        section.is_parent = True
    has_subject = above[0][0] == 1 if above else mark.level == 1
    sections = tuple(section for _, section in above)
    headings = (*(section.headings[-1] for section in sections), mark.title)
    return _Section(mark.line, headings, has_subject, above=sections, mark=mark)


def _stretch(lines: Sequence[str], mark: Mark, following: Mark) -> tuple[str, int]:
    """Return the text between two marks, without a rule at its end, and the line, from 0, on which it begins."""
    if mark.body >= following.line:
        return "", mark.body
    first, *rest = lines[mark.body : following.line]
    below = dedent("\n".join(rest)) if mark.indented else "\n".join(rest)
    stretch = [first[mark.column :], *below.split("\n")]
    while stretch and (not stretch[-1].strip() or _RULE.fullmatch(stretch[-1])):
        stretch.pop()
    skipped = next((number for number, line in enumerate(stretch) if line.strip()), 0)
    return "\n".join(stretch[skipped:]).rstrip(), mark.body + skipped


def _collect(section: _Section, mark: Mark, stretch: tuple[str, int]) -> None:
    text, line = stretch
    if says_nothing(text):
        section.tags += tuple(match[1] for match in _HASHTAG.finditer(text))
        section.empty_text = Entry(None, text, line + 1) if section.tags else None
        section.has_empty_slot |= bool(_PLACEHOLDER.search(text))
        text = ""
    if not text.strip():
        section.has_empty_slot |= bool(mark.label)
        return
    if mark.label == ASKED_AS:
        section.asked_as += tuple(_phrases(text))
        return
    slot = SLOT_OF.get(mark.label)
    entry = Entry(slot, text, line + 1)
    section.entries[slot] = _joined(section.entries[slot], entry) if slot in section.entries else entry


def _joined(earlier: Entry, later: Entry) -> Entry:
    """Return two entries as one, in which each stands on its lines."""
    between = later.line - earlier.line - earlier.text.count("\n")
    return replace(earlier, text=earlier.text + "\n" * max(2, between) + later.text)


def says_nothing(text: str) -> bool:
    r"""Say whether a text holds nothing but comments, tags, placeholders and badges.

    >>> says_nothing("%% later %%\n#placeholder/notes {{date}}"), says_nothing("#garden Dig.")
    (True, False)
    """
    if not _MAY_SAY_NOTHING.match(text) or len(text) > LONGEST_NOTHING:
        return False
    return not _LETTERS_OR_DIGITS.search(visible_text(_MARKUP_ONLY.sub(" ", text)))


def _phrases(text: str) -> Iterator[str]:
    """Yield the phrases of a text; line breaks separate them only if nothing else does."""
    parts = _PHRASE_END.split(text)
    for part in parts if len(parts) > 1 else text.split("\n"):
        if phrase := " ".join(LIST_MARKER.sub("", part).split()).strip(" \"'"):
            yield phrase


def _topic(section: _Section, name: str) -> Topic:
    headings = section.headings
    if not section.has_subject or (len(headings) == 1 and not section.is_parent):
        headings = (name, *headings)
    elif len(headings) == 1:
        headings = (*headings, *headings)
    return Topic(
        subject=headings[0],
        title=headings[-1],
        entries=tuple(section.entries.values()),
        line=section.line + 1,
        parents=headings[1:-1],
        asked_as=section.asked_as,
        aliases=(section.mark.also,) if section.mark.also else (),
    )
