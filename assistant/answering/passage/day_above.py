"""on which day did it happen, where only a heading above the passage tells?

Diaries, minutes and release notes put the day into a heading, and write below it what was done.
"""

from __future__ import annotations

import re
from typing import Final

from assistant.answering.passage.asked_number import OPENING
from index.records import Topic
from index.text import dates, month_of

_ASKS_WHEN_DONE: Final = re.compile(
    rf"{OPENING}(?:(?:since\ )?when\ (?:was|were|did|has|have|had)|(?:on\ )?(?:what|which)\ (?:day|date)\ (?:was|did)"
    r"|(?:seit\ )?wann\ (?:war|wurde|hatten?|ha(?:be|ben|bt|t|st)|kam|ist)|quand\ (?:a|ai|as|avons|ont|est|était)\b"
    r"|cu[áa]ndo\ (?:fue|hice|hicimos|he|hemos)|quando\ (?:è|ho|abbiamo|foi)|wanneer\ (?:was|is|heb|hebben|werd))\b",
    re.IGNORECASE,
)
_YEAR_OR_TIME: Final = re.compile(r"\b\d{4}\b|\b\d{1,2}:\d\d\b")


def day_above(question: str, topic: Topic, shown: str) -> str:
    """Return the nearest heading that tells when it was, where a question asks that and the passage does not say it.

    Empty where no heading names a day or a month of a year.

    >>> topic = Topic("Log", "2031-05-04", (), 1)
    >>> day_above("when did we oil the gate?", topic, "Oiled the gate."), day_above("when is it?", topic, "Oiled.")
    ('2031-05-04', '')
    """
    if not _ASKS_WHEN_DONE.search(question) or tells_when(shown):
        return ""
    headings = (topic.title, *reversed(topic.parents), topic.subject)
    return next((heading for heading in headings if any(dates(heading)) or month_of(heading)), "")


def tells_when(text: str) -> bool:
    """Return whether a text names a day, a year or a time of day.

    >>> tells_when("Oiled on 4 May."), tells_when("Opens at 9:30."), tells_when("Oiled the gate.")
    (True, True, False)
    """
    return bool(_YEAR_OR_TIME.search(text)) or any(dates(text))
