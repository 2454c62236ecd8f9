"""The heading that tells when something was, where the passage does not."""

from __future__ import annotations

import pytest

from assistant.answering.passage.day_above import day_above
from index.records import Topic


def log(title: str, *, subject: str = "Mill", parents: tuple[str, ...] = ()) -> Topic:
    return Topic(subject, title, (), 1, parents=parents)


@pytest.mark.parametrize(
    ("topic", "heading"),
    [
        (log("1.8.2 (2031-03-01)"), "1.8.2 (2031-03-01)"),
        (log("Fixed", parents=("[1.9.3] - 2031-08-20",)), "[1.9.3] - 2031-08-20"),
        (log("Sluice", subject="2031-06-01"), "2031-06-01"),
        (log("Sluice", subject="Minutes of 2031", parents=("2031-05",)), "2031-05"),
        (log("Sluice"), ""),
    ],
)
@pytest.mark.parametrize("question", ["when did we oil the sluice?", "wann wurde das Wehr geölt?"])
def test_nearest_heading_with_a_day_or_a_month_tells_it(question: str, topic: Topic, heading: str) -> None:
    assert day_above(question, topic, "Oiled the sluice.") == heading


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("when did we oil the sluice?", "Oiled on 3 May 2031."),
        ("when is the sluice oiled?", "Oiled the sluice."),
        ("how did we oil the sluice?", "Oiled the sluice."),
    ],
)
def test_no_heading_is_needed_where_the_passage_tells_it_or_nobody_asks(question: str, passage: str) -> None:
    assert not day_above(question, log("2031-06-01"), passage)
