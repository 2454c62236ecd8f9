"""the topic map -> a drawing for Vega-Lite, and the list beside it"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from assistant.discovery import grouping_of, headings_above
from assistant.ui.views.contents import TopicList, notes_beside
from assistant.ui.views.rendering import render
from index.markdown import visible_title
from index.text import title_key

if TYPE_CHECKING:
    from assistant.discovery import Point, TopicMap

COLOURS: Final = (
    "#3b7dd8", "#d9730d", "#2a9d4a", "#d64545", "#8f63c9", "#a3704f", "#c957a8", "#8a8a00", "#0e97a8", "#5b6ee1",
)  # fmt: skip
"""Those of the largest subjects: each stands out from a white page and from a dark one by 3:1 at least."""

GREY: Final = "#858585"
"""What all other subjects share."""

PAPER: Final = {True: "#171614", False: "#ffffff"}
"""What the page is like where it is dark, and where not."""

OTHERS: Final = "other subjects"

MAX_NAMES: Final = 12
"""Areas named on the drawing; more would cover the dots."""

HEIGHT: Final = 460
"""Of the drawing, in pixels; it is as wide as the page."""

NAME_HEIGHT: Final = 16
LETTER_WIDTH: Final = 7.0
"""What a name takes on the drawing, in pixels."""
NAME_WIDTH: Final = 200
"""Where a longer name is cut."""

MAX_MAP_LISTED: Final = 300
"""Topics in the list beside the map."""

SELECTION: Final = "chosen"

ZOOM: Final = {
    "name": "zoom",
    "bind": "scales",
    "select": {"type": "interval", "zoom": "wheel![event.ctrlKey]", "clear": "dblclick"},
}
"""With Ctrl, as maps in pages do: the wheel alone scrolls the page."""

MARGIN: Final = 0.06
"""What is drawn beyond the outermost topics, as a share of their span."""
SPAN: Final = 1 + 2 * MARGIN
"""What is drawn from edge to edge, in spans of the topics."""

_INSIDE: Final = (
    f"clamp((datum.x + {MARGIN}) / {SPAN} * width, datum.half, width - datum.half) / width * {SPAN} - {MARGIN}"
)
"""Where the middle of a name stands, so that the edge of the drawing cuts none of its letters off."""

_NO_AXIS: Final = {"axis": None, "scale": {"domain": [-MARGIN, 1 + MARGIN]}}


def map_spec(
    drawn: TopicMap, position: tuple[float, float] | None, question: str, *, dark: bool, words: str = ""
) -> dict[str, Any]:
    """Return the drawing: a dot for each topic, the names of areas, and the question just asked, if it is placed.

    Where words are looked for, the topics that have them stand out. With Ctrl, the wheel zooms; dragging moves.
    """
    ink = "#e8e8e8" if dark else "#1a1a1a"
    layers = [_dots(drawn, PAPER[dark], words), _label_layer(drawn, ink, PAPER[dark])]
    if position:
        layers.append(_question(position, question))
    return {
        "layer": layers,
        "height": HEIGHT,
        "config": {"view": {"stroke": None}},
        "encoding": {"x": {"field": "x", "type": "quantitative", **_NO_AXIS}, "y": _y()},
    }


def chosen(event: Mapping[str, Any]) -> str:
    """Return the id of the topic whose dot was clicked; empty where none was."""
    picked: Sequence[Mapping[str, Any]] = event.get("selection", {}).get(SELECTION, ())
    return str(picked[0].get("id", "")) if picked else ""


def group_colours(points: Sequence[Point]) -> dict[str, str]:
    """Return the colour of each subject, or folder, that has one of its own, the largest first, and of all others.

    Folders are what notes are sorted by where each is a subject of its own.
    """
    sorted_by = grouping_of(points)
    counts = Counter(sorted(map(sorted_by.group_of, points)))
    named = [(name, number) for name, number in counts.most_common() if name]
    colours = dict(zip((name for name, _ in named), COLOURS, strict=False))
    others = OTHERS if sorted_by.by == "subject" else "other notes"
    return colours | ({others: GREY} if len(counts) > len(colours) else {})


def found_points(points: Sequence[Point], words: str) -> set[str]:
    """Return the ids of the topics whose title, subject or path holds every one of some words, or parts of words."""
    wanted = title_key(words).split()
    if not wanted:
        return set()
    texts = ((point.id, title_key(f"{point.subject} {point.topic} {point.path}")) for point in points)
    return {id_ for id_, text in texts if all(word in text for word in wanted)}


def legend_html(drawn: TopicMap) -> Markup:
    """Return which colour is which subject's: the drawing itself would cut long names off, and all on a phone."""
    return render("legend", colours=group_colours(drawn.points))


def areas_html(drawn: TopicMap) -> Markup:
    """Return the topics as links under the areas they lie in, for who cannot or will not use the drawing."""
    areas: dict[int | None, list[tuple[Point, str]]] = {}
    listed = drawn.points[:MAX_MAP_LISTED]
    for point, distinction in zip(listed, notes_beside(listed), strict=True):
        areas.setdefault(point.cluster, []).append((point, distinction))
    ordered = sorted(areas, key=lambda at: (at is None, -len(areas[at])))
    names = ["Between the areas" if at is None else drawn.clusters[at].name for at in ordered]
    lists = [TopicList(name, "", areas[at]) for name, at in zip(names, ordered, strict=True)]
    return render("topic_lists", lists=lists)


def _dots(drawn: TopicMap, paper: str, words: str) -> dict[str, Any]:
    sorted_by = grouping_of(drawn.points)
    points = found_points(drawn.points, words)
    is_sought = bool(title_key(words))
    colours = group_colours(drawn.points)
    values = [
        {
            "id": point.id,
            "x": point.x,
            "y": point.y,
            "topic": visible_title(point.topic),
            "subject": headings_above(point.subject, point.parents, point.topic),
            "group": name if (name := sorted_by.group_of(point)) in colours else list(colours)[-1],
            "found": not is_sought or point.id in points,
        }
        for point in drawn.points
    ]
    size = 120 if len(values) <= 200 else 60 if len(values) <= 2_000 else 25
    return {
        "data": {"values": values},
        "params": [{"name": SELECTION, "select": {"type": "point", "fields": ["id"]}}, ZOOM],
        "mark": {
            "type": "circle",
            "size": size,
            "stroke": paper,
            "strokeWidth": 0.5,
            "cursor": "pointer",
            "tooltip": True,
        },
        "encoding": {
            "color": {
                "field": "group",
                "type": "nominal",
                "title": None,
                "scale": {"domain": list(colours), "range": list(colours.values())},
                "legend": None,
            },
            "opacity": {"condition": {"test": "datum.found", "value": 1}, "value": 0.12},
            "size": {
                "condition": {"test": "datum.found && " + json.dumps(is_sought), "value": size * 2.5},
                "value": size,
            },
            "tooltip": [
                {"field": "topic", "type": "nominal", "title": "Topic"},
                {"field": "subject", "type": "nominal", "title": "Subject"},
            ],
        },
    }


def _label_layer(drawn: TopicMap, ink: str, paper: str) -> dict[str, Any]:
    tops: dict[int, float] = {}
    for point in drawn.points:
        if point.cluster is not None:
            tops[point.cluster] = max(point.y, tops.get(point.cluster, 0.0))
    largest = sorted(range(len(drawn.clusters)), key=lambda at: -drawn.clusters[at].size)[:MAX_NAMES]
    values = [_label(drawn.clusters[at].name, drawn.clusters[at].x, tops[at]) for at in largest]
    for at, value in enumerate(values):
        value["from"] = max((_width_apart(value, larger) for larger in values[:at]), default=0)
    text = {"type": "text", "fontSize": 12, "fontWeight": 600, "dy": -14, "limit": NAME_WIDTH}
    return {
        "data": {"values": values},
        "transform": [{"filter": "datum.from <= width"}, {"calculate": _INSIDE, "as": "x"}],
        "layer": [
            {"mark": text | {"color": paper, "stroke": paper, "strokeWidth": 3, "opacity": 0.65}},
            {"mark": text | {"color": ink}},
        ],
        "encoding": {"text": {"field": "name", "type": "nominal"}},
    }


def _label(name: str, x: float, y: float) -> dict[str, Any]:
    return {"x": x, "y": y, "name": name, "half": min(len(name) * LETTER_WIDTH, NAME_WIDTH) / 2}


def _width_apart(value: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """Return how wide the drawing has to be for two names not to cover each other, though each is kept inside."""
    if abs(value["y"] - other["y"]) / SPAN * HEIGHT >= NAME_HEIGHT:
        return 0
    left, right = sorted((value, other), key=lambda name: name["x"])
    start, end = (float(name["x"] + MARGIN) / SPAN for name in (left, right))
    before, after = (float(name["half"]) for name in (left, right))
    needed = before + after
    # where neither is moved; where the right one is, the left one is, and where both are
    apart = needed / max(end - start, 1e-3), (needed + after) / (1 - start), (needed + before) / end, 2 * needed
    return math.ceil(max(apart))


def _question(position: tuple[float, float], question: str) -> dict[str, Any]:
    return {
        "data": {"values": [{"x": position[0], "y": position[1], "question": question}]},
        "mark": {
            "type": "point",
            "shape": "cross",
            "size": 260,
            "strokeWidth": 2.5,
            "filled": True,
            "color": "#c98a00",
        },
        "encoding": {"tooltip": {"field": "question", "type": "nominal", "title": "Asked"}},
    }


def _y() -> dict[str, Any]:
    return {"field": "y", "type": "quantitative", **_NO_AXIS}
