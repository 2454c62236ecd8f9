"""a question in, an answer out: what do the notes say?"""

from assistant.answer import Answer, Card, Evidence, Related
from assistant.ask import ask

__all__ = ["Answer", "Card", "Evidence", "Related", "ask"]
