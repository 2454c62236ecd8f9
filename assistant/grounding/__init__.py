"""is a statement supported by the notes?"""

from assistant.grounding.facts import missing_facts
from assistant.grounding.statements import SHOWN_FROM, Gate, GateSource, Verdict, citations

__all__ = [
    "SHOWN_FROM",
    "Gate",
    "GateSource",
    "Verdict",
    "citations",
    "missing_facts",
]
