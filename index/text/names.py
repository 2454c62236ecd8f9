"""the names in a question: words with a capital where not every word has one"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from index.text.calendar_days import calendar_name
from index.text.normal_form import compared
from index.text.words import STOP_WORDS

_NAME_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_BEFORE_NAME: Final = re.compile(r"[\w,;:'’()]\s*\Z")
"""What stands before a capital that makes it a name's, or an acronym's at any place."""
_TITLE_SHARE: Final = 0.5
"""The share of the words above which capitals are the style of a title and tell no names."""


def written_names(question: str) -> Iterator[str]:
    """Yield the words of a question that are written as names, without what belongs to the calendar.

    >>> list(written_names("How did Ann's boat get from Hull to the VLQ on Monday?"))
    ['Ann', 'Hull', 'VLQ']
    >>> list(written_names("How To Sail A Boat")), list(written_names("I like it"))
    ([], [])
    """
    words = list(_NAME_WORD.finditer(question))
    if sum(word[0][0].isupper() for word in words) > _TITLE_SHARE * len(words):
        return
    for word in words:
        name = re.sub(r"['’]s?\Z", "", word[0])
        is_acronym = len(name) > 1 and name.isupper()
        is_name = name[0].isupper() and _BEFORE_NAME.search(question, 0, word.start())
        if (is_acronym or is_name) and compared(name) not in STOP_WORDS and not calendar_name(compared(name)):
            yield name
