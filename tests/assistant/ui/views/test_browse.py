"""The ways in which topics are browsed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from assistant.discovery import Listed
from assistant.preferences import change_preferences
from assistant.service import service
from assistant.ui.views.browse import TOP, arranged, view_of
from assistant.ui.views.contents import contents_html
from index.library import Library
from tests.assistant.ui.html import HOSTILE, assert_harmless

TODAY = date(2026, 5, 20)
BREAD = Listed(1, "a", "Bread", "Rye", "food/bread.md", 3)
SOUP = Listed(2, "b", "Soup", "Leek", "food/soup.md", 1)
INDEX = Listed(3, "c", "Index", "Index", "index.md", 1)
TOPICS = (BREAD, INDEX, SOUP)


def at(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, 9).timestamp() * 1e9)


CHANGED = {"food/bread.md": at(2026, 3, 1), "food/soup.md": at(2026, 5, 20), "index.md": at(2026, 5, 19)}


def shown(view: str) -> list[tuple[str, str]]:
    groups = arranged(TOPICS, view_of(view), CHANGED, ["c", "gone", "a"], TODAY)
    return [(group.heading, "".join(topic.id for topic in group.topics)) for group in groups]


def test_topics_are_arranged_as_the_address_says() -> None:
    assert shown("subject") == shown("nonsense") == [("Bread", "a"), ("Index", "c"), ("Soup", "b")]
    assert shown("folder") == [("food", "ba"), (TOP, "c")]
    assert shown("recent") == [("Today", "b"), ("Yesterday", "c"), ("March 2026", "a")]
    assert shown("favourites") == [("Favourites", "ca")]


def test_library_of_notes_is_browsed_by_folders_unless_the_address_says_otherwise() -> None:
    assert (view_of("", "folder"), view_of("", "nothing"), view_of("subject", "folder")) == (
        "folder",
        "subject",
        "subject",
    )


def test_topic_is_listed_with_its_note_unless_the_title_or_the_heading_says_it() -> None:
    by_folder = contents_html(arranged(TOPICS, "folder", CHANGED, (), TODAY), 3, 3, 9, "folder")
    assert re.findall(r">(\w+) <span class=\"ta-apart\">· (\w+)<", by_folder) == [("Leek", "Soup"), ("Rye", "Bread")]
    assert "ta-apart" not in contents_html(arranged(TOPICS, "subject", CHANGED, (), TODAY), 3, 3, 9)


def test_days_are_not_counted() -> None:
    assert "3 topics.<" in contents_html(arranged(TOPICS, "recent", CHANGED, (), TODAY), 3, 3, 9, "")


def test_no_more_topics_are_listed_than_fit_and_the_rest_is_counted() -> None:
    html = contents_html(arranged(TOPICS, "folder", CHANGED, (), TODAY), 3, 3, 2, "folder")
    assert html.count("<li>") == 2
    assert "3 topics, the first 2 are listed" in html
    assert "3 topics in 2 folders" in contents_html(arranged(TOPICS, "folder", CHANGED, (), TODAY), 3, 3, 9, "folder")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_folder_is_text(text: str) -> None:
    topics = [Listed(1, text, text, text, f"{text}/a.md", 1)]
    assert_harmless(contents_html(arranged(topics, "folder", {}, (), TODAY), 1, 1, 5))


@pytest.fixture
def browse(library: Library) -> Iterator[AppTest]:
    service.use(library)
    script = "from assistant.ui.pages.browse import show_browse_page\nshow_browse_page()"
    yield AppTest.from_string(script, default_timeout=60)
    service.use(None)


def test_favourites_are_shown_where_the_address_asks_for_them(browse: AppTest, library: Library) -> None:
    browse.query_params["by"] = "favourites"
    assert "No favourite yet" in "".join(element.proto.body for element in browse.run().get("html"))
    topic = service.contents().topics[0]
    change_preferences(library, lambda kept: kept.with_favourite(topic.id, is_one=True))
    html = "".join(element.proto.body for element in browse.run().get("html"))
    assert topic.id in html
    assert html.count("<li>") == 1
