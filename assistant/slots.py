"""which slot does this question ask for?"""

from __future__ import annotations

import re
from typing import Final

from index.records import Slot

_FORMS: Final[tuple[tuple[Slot, tuple[str, ...]], ...]] = (
    (
        "Example",
        (
            r"\bexamples?\b|\bshow me\b|\bsample\b|\bsnippet\b|\bstory\b|\bconcrete\b|\bfor instance\b",
            r"\bin (practice|the wild|real life|production)\b|\breal[- ](world|life)\b|\bpractical case\b",
            r"\b(case stud|use case|war stor|success stor)|\bwhat happened\b",
            r"\b(has|have|did) (any(body|one)|some(body|one)|we)\b",
        ),
    ),
    (
        "What",
        (
            r"^(?!.*\bsteps\b)\W*(so\W+)?(what('s|’s|s| is| are| does| do you mean| exactly)|who)\b",
            r"^\W*(so\W+)?(define|explain|describe|why)\b|\btell me about\b|\bwhat is it\b|\brefers? to\b",
            r"\bwhat .{1,40} (mean|means|is|are|for)\b|\b(meaning|definition|difference between|purpose of)\b",
            r"\bin (simple|plain) (words|terms|english)\b|\bwhy (would|should|do|does)\b",
        ),
    ),
    (
        "How",
        (
            r"\bhow\b|\b(steps?|tips?|ways?|best practices?|procedure|recipe|guide|checklist)\b|\bwalk me through\b",
            r"\bi (want|need|have|would like) to\b|^\W*(can|should|could|must) (i|we)\b",
            r"\b(what|when) (should|can|do) (i|we)\b|\bwhat now\b",
            r"\bset(ting)? ?up\b|\bconfigur|\btroubleshoot|\bfix(ing)?\b",
            r"\b(fails?|failing|broken|slow|stuck|error|crash\w*|keeps?|won['’]?t|doesn['’]?t|can['’]?t)\b",
        ),
    ),
)
"""Tried in order: a question may say `how` and still ask for an example."""

_PATTERNS: Final = [(slot, re.compile("|".join(forms), re.IGNORECASE)) for slot, forms in _FORMS]


def asked_slot(question: str) -> Slot | None:
    """Return the slot that a question's form asks for, or None where it does not say.

    >>> asked_slot("has anybody done this in practice?"), asked_slot("what is GitOps"), asked_slot("gitops")
    ('Example', 'What', None)
    """
    return next((slot for slot, pattern in _PATTERNS if pattern.search(question)), None)
