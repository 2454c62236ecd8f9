"""how good is it?"""

from assistant.evaluation.datasets import read_judged
from assistant.evaluation.evaluation import ask_all, check_topics, compare, plain_rankers, ranker_of
from assistant.evaluation.in_words import InWordsReport, ask_in_words
from assistant.evaluation.metrics import measure
from assistant.evaluation.report import print_report, to_markdown

__all__ = [
    "InWordsReport",
    "ask_all",
    "ask_in_words",
    "check_topics",
    "compare",
    "measure",
    "plain_rankers",
    "print_report",
    "ranker_of",
    "read_judged",
    "to_markdown",
]
