"""The map as a drawing and as a list."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from assistant.discovery.mapping import Cluster, Point, TopicMap
from assistant.ui.views.map import (
    COLOURS,
    GREY,
    OTHERS,
    PAPER,
    areas_html,
    chosen,
    found_points,
    group_colours,
    legend_html,
    map_spec,
)
from tests.assistant.ui.html import HOSTILE, assert_harmless


def point(number: int, subject: str = "Git", cluster: int | None = 0, topic: str = "Rebase") -> Point:
    return Point(number, f"id{number}", subject, topic, number / 10, 0.5, cluster, "git.md", 3)


DRAWN = TopicMap(1, (point(1), point(2), point(3, "Python", None, "GIL")), (Cluster("branch · merge", 2, 0.15, 0.5),))


def test_every_topic_is_a_dot_that_can_be_clicked() -> None:
    spec = map_spec(DRAWN, None, "", dark=False)
    dots = spec["layer"][0]
    assert [value["id"] for value in dots["data"]["values"]] == ["id1", "id2", "id3"]
    assert dots["params"][0]["select"]["fields"] == ["id"]
    assert len(spec["layer"]) == 2


def test_areas_are_named_above_their_topics() -> None:
    names = map_spec(DRAWN, None, "", dark=True)["layer"][1]
    assert names["data"]["values"] == [{"x": 0.15, "y": 0.5, "name": "branch · merge", "half": 49, "from": 0}]


def test_name_that_would_cover_that_of_a_larger_area_waits_for_a_wider_drawing() -> None:
    points = tuple(replace(point(1, cluster=at), y=y) for at, y in enumerate((0.5, 0.51, 0.7)))
    areas = Cluster("branch", 9, 0.3, 0.5), Cluster("merges", 5, 0.51, 0.5), Cluster("rebase", 3, 0.51, 0.5)
    names = map_spec(TopicMap(1, points, areas), None, "", dark=False)["layer"][1]
    # two names of six letters are 42 pixels wide in the middle, and 0.21 of 1.12 parts of the drawing are between them
    assert [value["from"] for value in names["data"]["values"]] == [0, 224, 0]
    assert names["transform"][0] == {"filter": "datum.from <= width"}


def test_name_at_the_edge_is_moved_inside_and_its_neighbour_waits_for_the_room() -> None:
    points = tuple(replace(point(1, cluster=at), y=0.5) for at in range(2))
    areas = Cluster("branch", 9, 1.0, 0.5), Cluster("merges", 5, 0.72, 0.5)
    names = map_spec(TopicMap(1, points, areas), None, "", dark=False)["layer"][1]
    # the right name ends 21 pixels beyond its middle and is kept inside, so that 42 + 21 pixels are right of the left
    # one's middle: 0.34 of 1.12 parts of the drawing; where it is not moved, 42 pixels are 0.28 of 1.12 parts
    assert [value["from"] for value in names["data"]["values"]] == [0, 208]
    assert names["transform"][1]["as"] == "x"


def test_question_is_shown_where_it_lies() -> None:
    question = map_spec(DRAWN, (0.2, 0.4), "how?", dark=False)["layer"][2]
    assert question["data"]["values"] == [{"x": 0.2, "y": 0.4, "question": "how?"}]


def test_only_the_largest_subjects_have_a_colour_of_their_own() -> None:
    points = [point(number, f"subject {number}") for number in range(30)] + [point(40, "large"), point(41, "large")]
    colours = group_colours(points)
    assert next(iter(colours.items())) == ("large", COLOURS[0])
    assert list(colours.values()) == [*COLOURS, GREY]
    dots = map_spec(TopicMap(1, tuple(points), (Cluster("x", 32, 0.5, 0.5),)), None, "", dark=False)["layer"][0]
    assert {value["group"] for value in dots["data"]["values"]} == {*colours}
    assert dots["encoding"]["color"]["scale"] == {"domain": [*colours], "range": [*colours.values()]}
    assert colours[OTHERS] == GREY


def test_where_each_note_is_a_subject_of_its_own_colours_are_those_of_folders() -> None:
    points = [
        replace(point(number, f"note {number}"), path=f"{'food' if number % 3 else 'work'}/{number}.md")
        for number in range(1, 31)
    ]
    assert list(group_colours(points)) == ["food", "work"]


def test_topics_that_are_looked_for_stand_out() -> None:
    assert found_points(DRAWN.points, "pyth GIL") == {"id3"}
    assert found_points(DRAWN.points, " ") == set()
    dots = map_spec(DRAWN, None, "", dark=False, words="python")["layer"][0]
    assert [value["found"] for value in dots["data"]["values"]] == [False, False, True]
    assert all(value["found"] for value in map_spec(DRAWN, None, "", dark=False)["layer"][0]["data"]["values"])


def test_legend_names_each_subject_and_no_others_where_there_are_none() -> None:
    assert re.findall(r"color: (#\w+)\">●</span> ([^<]+)<", legend_html(DRAWN)) == [
        (COLOURS[0], "Git"),
        (COLOURS[1], "Python"),
    ]


def luminance(colour: str) -> float:
    """Return how light a colour is, 0 to 1, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", [*COLOURS, GREY])
def test_dot_stands_out_from_the_page_in_either_theme(colour: str) -> None:
    for paper in PAPER.values():
        darker, lighter = sorted((luminance(colour), luminance(paper)))
        assert (lighter + 0.05) / (darker + 0.05) >= 3.0


@pytest.mark.parametrize(
    ("event", "topic"),
    [
        ({"selection": {"chosen": [{"id": "id2"}]}}, "id2"),
        ({"selection": {"chosen": []}}, ""),
        ({"selection": {}}, ""),
        ({}, ""),
    ],
)
def test_click_names_its_topic(event: dict[str, object], topic: str) -> None:
    assert chosen(event) == topic


def test_list_holds_every_topic_under_its_area() -> None:
    html = areas_html(DRAWN)
    assert html.index("branch · merge") < html.index('href="?topic=id1"') < html.index("Between the areas")
    assert html.count("<a ") == 3


def test_areas_of_one_name_are_two_in_the_list() -> None:
    points = point(1, cluster=0), point(2, cluster=1, topic="Merge"), point(3, cluster=1, topic="Squash")
    html = areas_html(TopicMap(1, points, (Cluster("branch", 1, 0.1, 0.5), Cluster("branch", 2, 0.2, 0.5))))
    assert [re.findall("topic=(id.)", area) for area in html.split("<section>")[1:]] == [["id2", "id3"], ["id1"]]


def test_topics_are_listed_with_their_subjects() -> None:
    html = areas_html(TopicMap(1, (point(1), point(2, "Python"), point(3, topic="Merge")), DRAWN.clusters))
    assert re.findall(r">(\w+) <span class=\"ta-apart\">· (\w+)<", html) == [
        ("Rebase", "Git"),
        ("Rebase", "Python"),
        ("Merge", "Git"),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_title_or_area_is_text(text: str) -> None:
    drawn = TopicMap(1, (point(1, text, 0, text),), ())
    assert_harmless(re.sub(r'<span aria-hidden="true" style="color: #\w+">', "", legend_html(drawn)))
    assert_harmless(areas_html(TopicMap(1, (point(1, text, 0, text),), (Cluster(text, 1, 0.1, 0.5),))))
