"""how do answers and topics leave?"""

from assistant.export.answers import Row, answer_markdown, answer_rows, to_csv, to_flash_cards, to_markdown, topic_rows
from assistant.export.map_page import map_html

__all__ = [
    "Row",
    "answer_markdown",
    "answer_rows",
    "map_html",
    "to_csv",
    "to_flash_cards",
    "to_markdown",
    "topic_rows",
]
