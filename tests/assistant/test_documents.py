"""Documents, asked about: a question for each format, answered with the place at which the answer stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.answering import ask
from assistant.export import answer_markdown
from index.library import Library
from tests.index.formats.documents import folder
from tests.libraries import reading_only

pytestmark = pytest.mark.slow

QUESTIONS = [
    ("how high is the pressure of the cold boiler?", "one and a half bar", "boiler.pdf, page 2"),
    ("when is the rent of the mill paid?", "third day", "lease.docx, Payment, paragraph 4"),
    ("how do dolphins sleep?", "one half of the brain", "sea.pptx, slide 2"),
    ("how much syrup does a hive get each week?", "two litres", "bees.html, Feeding"),
    ("how hot is the oven for sourdough?", "two hundred and thirty", "saved/sourdough.htm, oven"),
    ("when do spring tides come?", "full moon", "sea.epub, chapter Tides, Spring tides"),
    ("how long is the dough kneaded?", "ten minutes", "notes.enex, Bread"),
    ("when is the rain measured?", "at seven", "rain.ipynb, cell 1"),
    ("how often is the compost heap turned?", "every fourth week", "garden.org:7"),
    ("when do I change the oil of the pump?", "each spring", "pump.rst:9"),
    ("where does the password of the router hang?", "behind the", "network.adoc:8"),
    ("when does the fitter of the heating come?", "Friday at nine", "heating.eml, message 1, 2024-05-01"),
    ("what colour is the lake at the end of the glacier?", "green", "talk.vtt, 00:12:03"),
    ("on which shelf are the screws M44?", "shelf 44", "screws.csv, row 45"),
    ("where does the battery stand?", "in the cellar", "power.canvas, node 3"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return a library that has read thirty documents, by the real model."""
    top = tmp_path_factory.mktemp("documents")
    folder.write(top / "files")
    with closing(Library(top / "library")) as library:
        reading_only(library, top / "files")
        yield library


def test_all_thirty_are_indexed(library: Library) -> None:
    assert {document.path: document.reason for document in library.documents() if document.status != "indexed"} == {}
    assert len(library.documents()) == 30


@pytest.mark.parametrize(("question", "said", "place"), QUESTIONS)
def test_a_question_is_answered_from_each_format_with_its_place(
    library: Library, question: str, said: str, place: str
) -> None:
    answer = ask(library, question)
    assert answer.answer, answer.hits[0]
    assert said in answer.answer.text
    assert answer.answer.location == place


def test_every_door_names_the_place(library: Library, tmp_path: Path) -> None:
    answer = ask(library, QUESTIONS[0][0])
    record = answer.to_json()
    assert record["answer"]["anchor"] == {"page": 2}
    assert record["hits"][0]["anchor"] == {"page": 2}
    assert "— Pressure, `boiler.pdf, page 2`" in answer_markdown(answer)
