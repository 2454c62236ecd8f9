"""PDF: pages that are drawn here, and what must be read of them."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from index.formats import DocumentReader, Unreadable
from tests.index.formats.documents.making import (
    HEIGHT,
    WIDTH,
    extract,
    outline_of,
    page,
    pages,
    pdf,
    set_from_right,
    topics,
)

DOGS = [
    "The left column tells of dogs", "which bark at the postman in", "the morning and sleep in the",
    "afternoon below the old apple", "tree that stands in the yard", "of the farmer who owns them",
]  # fmt: skip
CATS = [
    "The right column tells of cats", "which hunt mice in the barn at", "night and lie on the roof when",
    "the sun shines upon the tiles", "so that they are warm and lazy", "until somebody opens a window.",
]  # fmt: skip


def text_of(content: bytes, reader: DocumentReader) -> str:
    return "\n\n".join(entry.text for topic in topics(content, "farm.pdf", reader) for entry in topic.entries)


def test_headings_by_the_size_of_their_letters_know_their_page(reader: DocumentReader) -> None:
    content = pages(("Oil", ["Change it each spring."]), ("Chain", ["Clean it with a brush."]))
    assert outline_of(topics(content, "bike.pdf", reader)) == [("Oil", {"page": 1}), ("Chain", {"page": 2})]


def test_bold_lines_above_a_text_are_headings_below_larger_ones(reader: DocumentReader) -> None:
    def draw(canvas: Canvas) -> None:
        page(canvas, ["The frame carries all."], heading="Frame")
        canvas.setFont("Helvetica-Bold", 11)
        canvas.drawString(60, 690, "Paint")
        page(canvas, ["Two coats of it are enough."], top=672)
        page(canvas, ["Both of them are true."], heading="Wheels", top=620)

    assert outline_of(topics(pdf(draw), "bike.pdf", reader)) == [
        ("Frame", {"page": 1}),
        ("Frame > Paint", {"page": 1}),
        ("Wheels", {"page": 1}),
    ]


def test_the_outline_is_preferred_to_what_letters_look_like(reader: DocumentReader) -> None:
    content = pages(
        ("Loud words", ["Text of the first page."]),
        ("Brakes", ["Text of the second page."]),
        ("Pads", ["Text of the third page."]),
        outline=[("Overview", 0, 0), ("Brakes", 0, 1), ("Pads", 1, 2)],
    )
    found = topics(content, "bike.pdf", reader)
    assert outline_of(found) == [("Overview", {"page": 1}), ("Brakes", {"page": 2}), ("Brakes > Pads", {"page": 3})]
    assert found[0].entries[0].text == "Loud words\n\nText of the first page."


def test_without_headings_each_page_is_a_topic(reader: DocumentReader) -> None:
    content = pages(("", ["Snow falls in winter."]), ("", ["Rain falls in spring."]))
    assert outline_of(topics(content, "weather.pdf", reader)) == [("Page 1", {"page": 1}), ("Page 2", {"page": 2})]


def test_lines_are_joined_and_hyphens_mended(reader: DocumentReader) -> None:
    lines = ["The gear of a bicycle is shifted by a cable that wears, and then the der-", "ailleur no longer moves."]
    assert text_of(pages(("", lines)), reader) == (
        "The gear of a bicycle is shifted by a cable that wears, and then the derailleur no longer moves."
    )


def test_a_word_that_is_written_with_a_hyphen_elsewhere_keeps_it(reader: DocumentReader) -> None:
    lines = ["A well-known trick is to turn the wheel upside down, which is as it should be a well-", "known one."]
    assert "a well-known one" in text_of(pages(("", lines)), reader)


def test_paragraphs_are_parted_by_a_gap_an_indent_or_a_bullet(reader: DocumentReader) -> None:
    lines = [
        "One paragraph goes on over the whole width of the page until it ends here,",
        "on its second line.",
        "",
        "Another one begins below a gap.",
        "• a first item",
        "• a second item",
    ]
    assert text_of(pages(("", lines)), reader).split("\n\n") == [
        "One paragraph goes on over the whole width of the page until it ends here, on its second line.",
        "Another one begins below a gap.",
        "- a first item",
        "- a second item",
    ]


def test_a_sentence_that_goes_on_upon_the_next_page_is_one_and_both_pages_are_known(reader: DocumentReader) -> None:
    content = pages(
        ("Storm", ["When the wind rises the shutters are closed, the chairs brought in and the boat"]),
        ("", ["is tied to both posts."]),
    )
    [topic] = topics(content, "house.pdf", reader)
    [entry] = topic.entries
    assert entry.text.endswith("and the boat is tied to both posts.")
    assert dict(entry.location(0).anchor) == {"page": 1}
    assert dict(entry.location(entry.text.index("is tied")).anchor) == {"page": 2}


@pytest.mark.parametrize("by_rows", [True, False])
def test_columns_are_read_one_after_the_other_however_they_were_drawn(reader: DocumentReader, by_rows: bool) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        both = [(60, line, row) for row, line in enumerate(DOGS)] + [(310, line, row) for row, line in enumerate(CATS)]
        for left, line, row in sorted(both, key=lambda one: one[2]) if by_rows else reversed(both):
            canvas.drawString(left, 740 - 14 * row, line)

    text = text_of(pdf(draw), reader)
    assert " ".join(DOGS) in text
    assert " ".join(CATS) in text
    assert text.index("dogs") < text.index("cats")


def test_rows_of_a_table_stay_together(reader: DocumentReader) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        for row in range(8):
            canvas.drawString(60, 740 - 20 * row, f"Valve {row}")
            canvas.drawString(300, 740 - 20 * row, f"{row} bar")

    assert "Valve 5 5 bar" in text_of(pdf(draw), reader)


def test_running_heads_and_feet_are_dropped_with_the_number_of_the_page(reader: DocumentReader) -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(1, 7):
            canvas.setFont("Helvetica", 9)
            canvas.drawString(60, 800, "House handbook")
            canvas.drawString(280, 30, f"Page {number} of 6")
            page(canvas, [f"The sentence of page {number} tells of room {number + 20}."], heading=f"Room {number}")
            canvas.showPage()

    content = pdf(draw)
    assert [title for title, _ in outline_of(topics(content, "house.pdf", reader))] == [
        f"Room {n}" for n in range(1, 7)
    ]
    text = text_of(content, reader)
    assert "handbook" not in text
    assert "of 6" not in text
    assert "The sentence of page 4 tells of room 24." in text


def test_a_rotated_page_is_read_as_it_is_shown(reader: DocumentReader) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.translate(HEIGHT, 0)
        canvas.rotate(90)
        page(canvas, ["The plan is drawn sideways."], heading="Ground floor")

    assert outline_of(topics(pdf(draw), "plan.pdf", reader)) == [("Ground floor", {"page": 1})]


def test_text_that_nobody_can_see_is_dropped_and_counted(reader: DocumentReader) -> None:
    def draw(canvas: Canvas) -> None:
        page(canvas, ["The gate opens at nine."])
        canvas.saveState()
        hidden = canvas.beginText(60, 700)
        hidden.setTextRenderMode(3)
        hidden.textLine("unseen by its mode")
        canvas.drawText(hidden)
        canvas.restoreState()
        canvas.drawString(60, 5 * HEIGHT, "unseen off the page")
        canvas.setFont("Helvetica", 0.5)
        canvas.drawString(60, 650, "unseen so small")
        canvas.setFillColorRGB(1, 1, 1)
        canvas.setFont("Helvetica", 11)
        canvas.drawString(60, 640, "unseen white on white")
        canvas.setFillColorRGB(0, 0, 0.4)
        canvas.rect(40, 590, 300, 30, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(60, 600, "White on blue is seen.")

    content = pdf(draw)
    assert "unseen" not in text_of(content, reader)
    assert "White on blue is seen." in text_of(content, reader)
    assert extract(content, "gate.pdf", reader).problem == "4 pieces of invisible text not read"


def test_signs_of_markdown_are_shown_as_they_stand(reader: DocumentReader) -> None:
    assert "\\<b> is a tag" in text_of(pages(("", ["In the page <b> is a tag and 2 < 3 holds."])), reader)


def test_a_title_that_the_document_names_is_the_subject(reader: DocumentReader) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setTitle("Care of bees")
        page(canvas, ["Feed them in autumn."], heading="Feeding")

    assert {topic.subject for topic in topics(pdf(draw), "scan0001.pdf", reader)} == {"Care of bees"}


def test_pages_without_text_are_told(reader: DocumentReader) -> None:
    with pytest.raises(Unreadable, match=r"^no text: 2 pages without any$"):
        extract(pages(("", []), ("", [])), "empty.pdf", reader)


def test_scanned_pages_are_counted(reader: DocumentReader) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.new("L", (8, 8), 128))

    def scans(canvas: Canvas, count: int) -> None:
        for _ in range(count):
            canvas.drawImage(picture, 0, 0, WIDTH, HEIGHT)
            canvas.showPage()

    def mixed(canvas: Canvas) -> None:
        page(canvas, ["A page of text."])
        canvas.showPage()
        scans(canvas, 2)

    with pytest.raises(Unreadable, match=r"^no text: 3 scanned pages$"):
        extract(pdf(lambda canvas: scans(canvas, 3)), "scan.pdf", reader)
    assert extract(pdf(mixed), "scan.pdf", reader).problem == "2 of 3 pages scanned, without text"


def test_what_is_written_from_the_right_is_read_from_the_right(reader: DocumentReader) -> None:
    right = WIDTH - 60
    content = set_from_right(
        ("החתול השחור ישן על הגג של הבית הישן בכל יום בצהריים", right, 760),
        ("ואוכל 3 דגים עם Rex בערב.", right, 746),
        ("הכלב הלבן שומר על השער הגדול של החצר ואינו נותן לאיש", right, 732),
        ("להיכנס בלילה.", right, 718),
    )
    assert text_of(content, reader) == (
        "החתול השחור ישן על הגג של הבית הישן בכל יום בצהריים ואוכל 3 דגים עם Rex בערב.\n\n"
        "הכלב הלבן שומר על השער הגדול של החצר ואינו נותן לאיש להיכנס בלילה."
    )


CAT_FROM_RIGHT = [
    "القط الاسود ينام على سطح البيت", "القديم كل يوم عند الظهر وياكل", "السمك مع اصدقائه في المساء ثم",
    "يلعب بالكرة الحمراء في الحديقة", "تحت الشجرة الكبيرة التي زرعها", "الجد قبل ثلاثين سنة في الربيع",
]  # fmt: skip
DOG_FROM_RIGHT = [
    "الكلب الابيض يحرس باب المزرعة", "ولا يترك احدا يدخل في الليل", "وهو يحب الاطفال الذين يلعبون",
    "معه كل صباح عندما يذهبون الى", "المدرسة ثم يعود وينام قليلا", "حتى يسمع صوت السيارة القديمة.",
]  # fmt: skip


@pytest.mark.parametrize("is_row_by_row", [True, False])
def test_of_two_columns_written_from_the_right_the_right_one_is_read_first(
    reader: DocumentReader, is_row_by_row: bool
) -> None:
    columns = [
        [(text, right, 700.0 - 14 * row) for row, text in enumerate(column)]
        for column, right in ((CAT_FROM_RIGHT, WIDTH - 60), (DOG_FROM_RIGHT, WIDTH / 2 - 20))
    ]
    drawn = [line for row in (zip(*columns, strict=True) if is_row_by_row else columns) for line in row]
    assert text_of(set_from_right(*drawn), reader) == " ".join((*CAT_FROM_RIGHT, *DOG_FROM_RIGHT))


def test_a_line_is_short_by_the_measure_of_its_own_column(reader: DocumentReader) -> None:
    def draw(canvas: Canvas) -> None:
        page(canvas, [*DOGS[:3], "Ada Farmer " + "of the old mill", *DOGS[3:]], top=700)
        page(canvas, CATS, top=700, left=320)

    assert "sleep in the Ada Farmer" in text_of(pdf(draw), reader)
