"""Where the headings of a document stand: by its outline, or by the type of its lines."""

from __future__ import annotations

from index.formats.documents.pages.headings import headings_by_line, larger_or_bold_lines, outlined_headings
from index.formats.documents.pages.page import Outline, Page
from tests.index.formats.documents.pages.setting import HEIGHT, LEADING, TOP, WIDTH, line, page


def test_outline_takes_the_place_of_its_line_whatever_number_stands_before_it() -> None:
    pages = [page(1, "Wheels need air.", "4.2 Spokes", "They break.")]
    headings = outlined_headings(pages, [Outline("Spokes", 2, 0, None)])
    assert {place: (block.text, block.level, block.anchor) for place, block in headings.items()} == {
        (1, 1): ("Spokes", 2, (("page", 1),))
    }


def test_several_that_are_on_no_line_stand_above_the_same_one_in_their_order() -> None:
    pages = [page(1, "Wheels need air.", "They roll.")]
    outline = [Outline("Part one", 1, 0, TOP - LEADING + 10), Outline("Rolling", 2, 0, TOP - LEADING + 10)]
    headings = outlined_headings(pages, outline)
    [(above, places)] = headings_by_line([place for _, place in headings])
    assert above == 1
    assert [headings[1, place].text for place in places] == ["Part one", "Rolling"]


def test_larger_lines_that_follow_each_other_are_one_heading_above_bold_ones() -> None:
    rows = [
        line("All about", 700, size=20.0),
        line("wheels", 676, size=20.0),
        *(line(f"A wheel has many spokes, and each of them is thin. {row}", 640 - 14 * row) for row in range(4)),
        line("Spokes", 560, bold=True),
        *(line(f"They break where they are bent, so carry some more. {row}", 540 - 14 * row) for row in range(4)),
    ]
    headings = larger_or_bold_lines([Page(1, WIDTH, HEIGHT, rows)])
    assert {place: (block.text, block.level) for (_, place), block in headings.items()} == {
        0: ("All about wheels", 1),
        1: ("", 0),
        6: ("Spokes", 2),
    }


def test_document_in_large_letters_has_no_headings() -> None:
    rows = [line("A poem in large letters", 700, size=20.0), line("A note set in small letters.", 650)]
    assert larger_or_bold_lines([Page(1, WIDTH, HEIGHT, rows)]) == {}
