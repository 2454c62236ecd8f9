"""which slot does this question ask for?"""

from __future__ import annotations

import re
from typing import Final

from index.records import Slot

_FORMS: Final[tuple[tuple[Slot, re.Pattern[str]], ...]] = (
    (
        "Example",
        re.compile(
            r"\bexamples?\b|\bshow me\b|\bin (?:practice|the wild|real life|production)\b|\breal[- ](?:world|life)\b"
            r"|\bconcrete\b|\bpractical case\b|\bfor instance\b|\b(?:case stud|use case|war stor|success stor)|\bsample\b|\bsnippet\b|\bstory\b"
            r"|\b(?:has|have|did) (?:any(?:body|one)|some(?:body|one)|we)\b|\bwhat happened\b",
            re.IGNORECASE,
        ),
    ),
    (
        "What",
        re.compile(
            r"^(?!.*\bsteps\b)\W*(?:so\W+)?(?:what(?:'s|’s|s| is| are| does| do you mean| exactly)|who|define|explain|describe|why)\b"
            r"|\b(?:what .{1,40} (?:mean|means|is|are|for)|meaning|definition|difference between|purpose of)\b"
            r"|\btell me about\b|\brefers? to\b|\bwhat is it\b"
            r"|\bin (?:simple|plain) (?:words|terms|english)\b|\bwhy (?:would|should|do|does)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "How",
        re.compile(
            r"\bhow\b|\b(?:steps?|tips?|ways?|best practices?|procedure|recipe|guide|checklist)\b|\bwalk me through\b"
            r"|\bi (?:want|need|have|would like) to\b|\bset(?:ting)? ?up\b|\bconfigur|\btroubleshoot|\bfix(?:ing)?\b"
            r"|\b(?:fails?|failing|broken|slow|stuck|error|crash\w*|keeps?|won['’]?t|doesn['’]?t|can['’]?t)\b"
            r"|^\W*(?:can|should|could|must) (?:i|we)\b|\b(?:what|when) (?:should|can|do) (?:i|we)\b|\bwhat now\b",
            re.IGNORECASE,
        ),
    ),
)
"""Tried in order: a question may say `how` and still ask for an example."""


def asked_slot(question: str) -> Slot | None:
    """Return the slot that a question's form asks for, or None where it does not say.

    >>> asked_slot("has anybody done this in practice?"), asked_slot("what is GitOps"), asked_slot("gitops")
    ('Example', 'What', None)
    """
    return next((slot for slot, form in _FORMS if form.search(question)), None)
