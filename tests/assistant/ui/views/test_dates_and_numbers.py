"""How the pages write dates and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from assistant.preferences import change_preferences, read_preferences
from assistant.service import service
from assistant.ui.views.dates_and_numbers import (
    OF_BROWSER,
    counted,
    day,
    languages,
    moment,
    month,
    number,
    percent,
    percent_format,
    use_language,
)
from index.library import Library

DAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use_language("")


@pytest.mark.parametrize(
    ("chosen", "written"),
    [
        ("", ["12,345", "1,200 topics", "60\xa0%", "2 November 2026", "November 2026"]),
        ("de", ["12.345", "1.200 topics", "60\xa0%", "2. November 2026", "November 2026"]),
        ("pt_BR", ["12.345", "1.200 topics", "60%", "2 de novembro de 2026", "novembro de 2026"]),
        (OF_BROWSER, ["12’345", "1’200 topics", "60%", "2. November 2026", "November 2026"]),
    ],
)
def test_dates_and_numbers_are_written_as_the_chosen_language_does(chosen: str, written: list[str]) -> None:
    use_language(chosen, "de-CH")
    assert [number(12345), counted(1200, "topic"), percent(0.6), day(DAY), month(DAY)] == written
    assert percent_format() % 60 == percent(0.6)


def test_time_of_another_day_has_its_day() -> None:
    at = datetime(2026, 11, 2, 14, 5).astimezone()
    assert moment(at) == "14:05 on 2 November 2026"
    use_language("en_US")
    assert moment(at).replace("\u202f", " ") == "2:05 PM on November 2, 2026"


@pytest.mark.parametrize("code", ["../de", "xx_QQ", "<b>", "d" * 500, OF_BROWSER])
def test_language_that_nobody_knows_is_english(code: str) -> None:
    use_language(code, None)
    assert number(1200) == "1,200"


def test_each_language_that_is_offered_is_one() -> None:
    named = languages()
    assert named["de_CH"] == "German (Switzerland)"
    for code in ("de", "sr", "zh", "pt_BR", "hi"):
        assert code in named
    assert not [code for code in named if code.count("_") > 1]
    assert len(set(named.values())) == len(named)


SCRIPT = "from assistant.ui.pages.settings import show_settings_page\nshow_settings_page()"


def test_language_is_chosen_on_the_page_of_settings_and_kept(library: Library) -> None:
    service.use(library)
    try:
        page = AppTest.from_string(SCRIPT, default_timeout=60).run()
        page.selectbox(key="language").set_value("de").run()
        assert not page.exception
        assert "12.345" in "".join(element.proto.body for element in page.get("html"))
        assert page.selectbox(key="language").options.count("English") == 1
    finally:
        service.use(None)
    change_preferences(library, lambda kept: kept.with_favourite("a", is_one=True))
    assert read_preferences(library).language == "de"
