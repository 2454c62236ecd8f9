"""Heads and feet that run through a document, told from its text."""

from __future__ import annotations

import pytest

from index.formats.documents.pages.page import Page
from index.formats.documents.pages.running_lines import without_running_lines
from tests.index.formats.documents.pages.setting import line, page


def texts(pages: list[Page]) -> list[list[str]]:
    return [[line.text for line in page.lines] for page in without_running_lines(pages)]


def headed(number: int, head: str, y0: float = 760.0, size: float = 10.0) -> Page:
    return page(number, f"Text {'abc'[number % 3]} of a page.", extra=(line(head, y0, size=size),))


@pytest.mark.parametrize(("count", "left"), [(3, 1), (2, 2)])
def test_line_at_one_place_of_three_pages_is_left_out_and_of_two_stays(count: int, left: int) -> None:
    assert [len(lines) for lines in texts([headed(number, "Bicycles") for number in range(1, count + 1)])] == [
        left
    ] * count


def test_line_that_counts_the_pages_is_the_same_on_each() -> None:
    pages = [headed(number, f"Bicycles, page {number} of 9") for number in range(4, 8)]
    assert texts(pages) == [["Text b of a page."], ["Text c of a page."], ["Text a of a page."], ["Text b of a page."]]


def test_number_in_large_letters_is_a_heading_that_differs_from_page_to_page() -> None:
    pages = [headed(number, f"Chapter {number}", size=20.0) for number in range(1, 5)]
    assert [lines[0] for lines in texts(pages)] == ["Chapter 1", "Chapter 2", "Chapter 3", "Chapter 4"]


@pytest.mark.parametrize(("moved", "is_left_out"), [(4.0, True), (5.0, False)])
def test_line_that_moves_by_more_than_four_points_is_text(moved: float, is_left_out: bool) -> None:
    pages = [headed(number, "Bicycles", 750.0 + moved * (number % 2)) for number in range(1, 5)]
    assert all((lines[0] == "Bicycles") != is_left_out for lines in texts(pages))


@pytest.mark.parametrize(("step", "is_left_out"), [(3, True), (4, False)])
def test_pages_without_the_line_may_stand_between_two_that_have_it_but_not_many(step: int, is_left_out: bool) -> None:
    pages = [
        headed(number, "Bicycles" if number % step == 1 else f"On {'abcdefghijklm'[number]}") for number in range(1, 13)
    ]
    assert ("Bicycles" in [text for lines in texts(pages) for text in lines]) != is_left_out


def test_line_in_the_middle_of_each_page_is_text() -> None:
    assert all("Bicycles" in lines for lines in texts([headed(number, "Bicycles", 400.0) for number in range(1, 5)]))


def test_number_alone_at_the_foot_is_left_out() -> None:
    pages = [
        page(number, "Text.", extra=(line(mark, 30.0),)) for number, mark in enumerate(("iv", "- 5 -", "Seite 6"), 1)
    ]
    assert texts(pages) == [["Text."]] * 3
