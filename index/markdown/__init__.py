"""what does a person see of Markdown?"""

from index.markdown.parser import (
    Block,
    atomic_blocks,
    block_head,
    blocks,
    inline_html,
    link_targets,
    normalised,
    text_blocks,
    to_html,
    to_html_with_pictures,
)
from index.markdown.plain import PlainText, Table, formulas, visible, visible_text, visible_title, without_formulas
from index.markdown.rules import BOX, CODE, HTML_TAG, TABLE_PADDING
from index.markdown.sentences import sentence_spans
from index.markdown.units import ENOUGH, MAX_SENTENCES, Unit, Units, Whole, find_units, is_drawn, is_name

__all__ = [
    "BOX",
    "CODE",
    "ENOUGH",
    "HTML_TAG",
    "MAX_SENTENCES",
    "TABLE_PADDING",
    "Block",
    "PlainText",
    "Table",
    "Unit",
    "Units",
    "Whole",
    "atomic_blocks",
    "block_head",
    "blocks",
    "find_units",
    "formulas",
    "inline_html",
    "is_drawn",
    "is_name",
    "link_targets",
    "normalised",
    "sentence_spans",
    "text_blocks",
    "to_html",
    "to_html_with_pictures",
    "visible",
    "visible_text",
    "visible_title",
    "without_formulas",
]
