"""The library from Python."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant
import index
from assistant import Answer, Notes, TopicsError, ask
from assistant.answer import Evidence, TopicResult
from index.errors import LibraryError, QuestionError
from tests.assistant.ui.html import HOSTILE
from tests.fakes import WordCountEncoder

QUESTION = "how do I settle merge conflicts?"


@pytest.fixture(autouse=True)
def _no_model(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.node.get_closest_marker("slow"):
        monkeypatch.setattr("index.library.ModelEncoder", lambda *_: WordCountEncoder())


@pytest.fixture
def own(tmp_path: Path, notes: Path) -> Iterator[Notes]:
    with Notes(tmp_path / "library") as own:
        own.remove("builtin")
        own.add(notes)
        own.sync()
        yield own


def test_every_public_name_is_there() -> None:
    assert all(getattr(assistant, name) for name in assistant.__all__)


def test_type_checkers_of_other_projects_are_told_the_types() -> None:
    assert all((Path(module.__file__ or "").parent / "py.typed").is_file() for module in (assistant, index))


def test_file_that_cannot_be_read_is_named_with_its_reason(own: Notes, notes: Path) -> None:
    (notes / "bad.md").write_bytes(b"\0\1\2" * 99)
    assert own.status().stale == ("bad.md",)
    own.sync()
    [problem] = own.status().problems
    assert (problem.path, "NUL" in problem.reason) == ("bad.md", True)


def test_notes_that_are_closed_say_how_to_open_them_again(own: Notes) -> None:
    own.close()
    own.close()
    for call in (own.sync, own.topics, own.status, lambda: own.ask(QUESTION)):
        with pytest.raises(LibraryError, match=r"closed. Open them again with Notes\('.*library'\)"):
            call()


def test_no_topic_at_all_is_wanted_by_nobody(own: Notes) -> None:
    calls = own.ask, own.search, lambda _, limit: own.related(own.topics()[0].id, limit=limit)
    for call in calls:
        with pytest.raises(QuestionError, match="limit is 0: give 1 or more"):
            call(QUESTION, limit=0)
    with pytest.raises(QuestionError, match="start is -1"):
        own.search(QUESTION, start=-1)


def test_notes_are_added_read_and_asked(own: Notes, notes: Path) -> None:
    assert own.sources == [str(notes)]
    assert own.subjects == {"DevOps": 2, "Python": 1}
    answer = own.ask(QUESTION, slot="How", limit=1)
    assert (answer.answered, answer.slot, len(answer.hits)) == (True, "How", 1)
    assert [card.topic for card in own.search("canary", limit=1)] == ["Canary releases"]
    assert own.topic("topics.md:9").topic == own.topic(own.topics()[1].id).topic == "Canary releases"
    assert isinstance(own.related(own.topics()[0].id), tuple)
    own.remove(notes)
    assert own.topics() == ()


def test_what_is_edited_is_found_after_a_sync(own: Notes, notes: Path) -> None:
    before = own.ask("compost worms?")
    (notes / "new.md").write_text("# Garden\n\n## Compost\nWorms turn it.\n", encoding="utf-8")
    own.sync()
    assert own.ask("compost worms?").hits[0].path == "new.md"
    assert before.hits[0].path == "topics.md"


def test_nothing_that_is_asked_is_kept(own: Notes) -> None:
    own.ask(QUESTION)
    assert not list(own.folder.glob("journal*"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"slot": "why"}, "no slot 'why'"), ({"subject": "Nowhere"}, "no subject"), ({"filter": "nonsense"}, "no filter")],
)
def test_what_is_not_there_is_said(own: Notes, wrong: dict[str, str], said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        own.ask(QUESTION, **wrong)  # type: ignore[arg-type]
    with pytest.raises(TopicsError, match="There is no topic"):
        own.topic("nowhere.md:1")


def test_one_question_is_asked_at_once(own: Notes) -> None:
    own.close()
    assert ask(QUESTION, folder=own.folder).answered


def shown(text: str) -> str:
    card = TopicResult("id", text, text, None, 1.0, text, (), (), text, 1, {"": text})
    return Answer(text, True, 0.9, None, Evidence(text, text, text, None, text, 1), (card,), (), 1.0)._repr_html_()


@pytest.mark.parametrize("text", HOSTILE)
def test_answer_in_a_notebook_runs_and_loads_nothing(text: str) -> None:
    html = shown(text).casefold()
    tags = {part.partition(">")[0].split()[0].strip("/") for part in html.split("<")[1:]}
    allowed = (
        "div p strong em blockquote code pre ol ul li a h1 h2 h3 h4 h5 h6 table thead tbody tr th td hr br s span del"
    )
    assert tags <= set(allowed.split())
    for name in ('href="javascript', 'href="vbscript', 'href="data', " src=", " style=", "@import"):
        assert name not in _tags_only(html)


def _tags_only(html: str) -> str:
    return " ".join(part.partition(">")[0] for part in html.split("<")[1:])


def test_answer_in_a_notebook_shows_the_passage_and_where_it_stands(own: Notes) -> None:
    html = own.ask(QUESTION)._repr_html_()
    assert "Rebase the branch" in html
    assert "<code>topics.md:5</code>" in html
    assert "Your notes don’t say." in own.ask("which pizza dough needs least yeast?")._repr_html_()


@pytest.mark.slow
def test_examples_of_the_page_give_what_it_says(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "python.md"
    own = tmp_path / "own"
    own.mkdir()
    text = "# Garden\n\n## Compost\nKeep it moist. Turn it every two weeks. Worms help.\n"
    (own / "compost.md").write_text(text, encoding="utf-8")
    given = {"folder": tmp_path / "library", "folder_of_notes": own}
    result = doctest.testfile(str(page), module_relative=False, globs=given)
    assert (result.failed, result.attempted > 15) == (0, True)
