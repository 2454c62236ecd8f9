"""a question's filters -> the condition of a statement on the topics it searches"""

from __future__ import annotations

from typing import Final, LiteralString

from index.records import slot_bit
from index.storage import Filters

_PASSES_FILTERS: Final[LiteralString] = """(
    (%(subjects)s::text[] IS NULL OR t.subject = ANY(%(subjects)s))
    AND (%(slot)s::int = 0 OR (t.slots & %(slot)s::int) > 0)
    AND (%(ids)s::bigint[] IS NULL OR t.id = ANY(%(ids)s)))"""


def with_filters(sql: LiteralString) -> LiteralString:
    """Return SQL with the condition that the filters let a topic `t` through, wherever it says PASSES_FILTERS.

    The values of the condition are those of `filter_values`.
    """
    return sql.replace("PASSES_FILTERS", _PASSES_FILTERS)


def filter_values(filters: Filters) -> dict[str, object]:
    """Return the values of a statement that say which topics are searched."""
    return {
        "subjects": None if filters.subjects is None else list(filters.subjects),
        "slot": slot_bit(filters.slot),
        "ids": None if filters.row_ids is None else filters.row_ids.tolist(),
    }
