"""Each rule of what is not seen as it stands: its example is seen as the rule says, and read by no other rule."""

from __future__ import annotations

import re

import pytest

from index.markdown.plain import visible_text
from index.markdown.rules import INLINE_RULES, LINE_RULES, Rule

FLAGS = re.MULTILINE | re.VERBOSE


@pytest.mark.parametrize("rule", LINE_RULES + INLINE_RULES, ids=lambda rule: rule.example)
def test_an_example_is_seen_as_its_rule_says(rule: Rule) -> None:
    assert " ".join(visible_text(rule.example).split()) == rule.seen


@pytest.mark.parametrize("rule", LINE_RULES, ids=lambda rule: rule.example)
def test_the_example_of_a_line_is_read_by_its_own_rule(rule: Rule) -> None:
    assert [other for other in LINE_RULES if re.search(f"^(?:{other.pattern})", rule.example, FLAGS)] == [rule]


@pytest.mark.parametrize("rule", INLINE_RULES, ids=lambda rule: rule.example)
def test_the_example_of_a_sign_is_read_first_by_its_own_rule(rule: Rule) -> None:
    assert next(other for other in INLINE_RULES if re.search(other.pattern, rule.example, FLAGS)) == rule
