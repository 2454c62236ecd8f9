"""what is said where a tool gives no result: to the model that called it, with what to do"""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 (nothing went wrong with the program)
    """A call that cannot be answered; its text tells the model what to do."""
