"""subjects that differ in case only are one: what it is called, and every way it is written (home of rapidfuzz)"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from index.errors import QuestionError
from index.text.normal_form import compared

MAX_SUBJECTS_NAMED: Final = 20
"""Subjects that are all named where none is the one asked for; of more, the NEAREST to it."""
NEAREST: Final = 5


def called(topics: Mapping[str, int]) -> dict[str, str]:
    """Return what each subject is called, given the number of its topics: as most topics write it.

    >>> called({"devops": 1, "DevOps": 20, "Git": 2})
    {'devops': 'DevOps', 'DevOps': 'DevOps', 'Git': 'Git'}
    """
    names: dict[str, str] = {}
    for subject in sorted(topics, key=lambda subject: (-topics[subject], subject)):
        names.setdefault(compared(subject), subject)
    return {subject: names[compared(subject)] for subject in topics}


def merged(topics: Mapping[str, int]) -> dict[str, int]:
    """Return the number of topics of each subject, however they write it.

    >>> merged({"devops": 1, "DevOps": 20, "Git": 2})
    {'DevOps': 21, 'Git': 2}
    """
    names, counts = called(topics), Counter[str]()
    for subject, count in topics.items():
        counts[names[subject]] += count
    return dict(counts)


def spellings(wanted: str, topics: Mapping[str, int]) -> list[str]:
    """Return every way in which topics write a subject; raise QuestionError where there is none such."""
    if same := [subject for subject in topics if compared(subject) == compared(wanted)]:
        return same
    raise QuestionError(
        f"There is no subject {wanted!r} in this library. Its subjects: {offered(wanted, merged(topics))}."
    )


def offered(wanted: str, known: Iterable[str]) -> str:
    """Return names that are known, in words, where one that is not was asked for: all of a few, or the nearest."""
    names = sorted(known, key=compared)
    if len(names) <= MAX_SUBJECTS_NAMED:
        return ", ".join(names) or "none yet"
    from rapidfuzz import fuzz, process

    nearest = process.extract(wanted, names, scorer=fuzz.WRatio, processor=compared, limit=NEAREST)
    return f"{', '.join(name for name, *_ in nearest)} and {len(names) - NEAREST:,} more"
