"""The other pages, run without a browser, and what no page may do."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from streamlit.testing.v1 import AppTest

from assistant.operations.jobs import Work
from assistant.place import Place
from assistant.service import service
from assistant.ui.asking import request_of
from assistant.ui.frame import label_text
from assistant.ui.pages.adding import NO_PATH, NOTHING_CHOSEN, pasted_path
from assistant.ui.pages.topic import FILE_GONE
from index.errors import LibraryError
from index.indexing import Comparison, SyncReport
from index.library import Library
from index.progress import CancelToken, Progress
from index.storage.lock import writing

PAGES = Path(__file__).parents[4] / "assistant" / "ui"


@pytest.fixture(autouse=True)
def _library(library: Library) -> Iterator[None]:
    service.use(library)
    yield
    service.use(None)


def page(show: str) -> AppTest:
    """Return a page alone, without the navigation around it."""
    name = show.removeprefix("show_").removesuffix("_page")
    return AppTest.from_string(f"from assistant.ui.pages.{name} import {show}\n{show}()", default_timeout=60).run()


def shown(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(html for element in page.get("html") if "<style>" not in (html := element.proto.body))


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()


def until(release: Event) -> Work:
    """Return a change that takes until it is released."""

    def wait(library: Library, progress: Progress, is_cancelled: CancelToken) -> None:
        with writing(library.folder):
            release.wait(10)

    return wait


def test_contents_list_every_topic_and_are_narrowed_by_words() -> None:
    browse = page("show_browse_page")
    assert "3 topics in 2 subjects." in shown(browse)
    browse.text_input(key="filter").set_value("canary").run()
    assert "1 of 3 topics in 1 subject." in shown(browse)
    assert "Canary releases" in shown(browse)
    assert "Decorators" not in shown(browse)


def test_topics_of_the_same_name_are_listed_with_their_files(notes: Path, library: Library) -> None:
    for name in ("a", "b"):
        (notes / f"{name}.md").write_text(f"# README\n## Setup\nText.\n## Only in {name}\nMore.\n")
    library.sync()
    html = shown(page("show_browse_page"))
    assert 'Setup <span class="ta-apart">· a.md</span></a>' in html
    assert 'Setup <span class="ta-apart">· b.md</span></a>' in html
    assert "Only in a</a>" in html


def test_contents_open_a_topic_with_what_is_related() -> None:
    browse = page("show_browse_page")
    topic = service.contents().topics[1]
    browse.query_params["topic"] = topic.id
    browse.run()
    assert '<article class="ta-topic"' in shown(browse)
    assert '<a class="ta-back" href="?">← Back</a>' in shown(browse)


def test_topic_whose_file_is_away_says_so(notes: Path) -> None:
    browse = page("show_browse_page")
    browse.query_params["topic"] = service.contents().topics[1].id
    assert FILE_GONE not in shown(browse.run())
    notes.rename(notes.with_name("away"))
    assert FILE_GONE in shown(browse.run())


def test_link_in_a_note_leads_to_its_topic_and_keeps_the_question(notes: Path, library: Library) -> None:
    (notes / "a.md").write_text("# Guide\n## Start\nRead [how](b.md) and [more](gone.md).\n")
    (notes / "b.md").write_text("# Basics\n## First steps\nWalk.\n")
    library.sync()
    ids = {topic.topic: topic.id for topic in service.contents().topics}
    browse = page("show_browse_page")
    browse.query_params.update({"q": "how?", "topic": ids["Start"]})
    browse.run()
    assert f'Read <a href="?q=how%3F&amp;topic={ids["First steps"]}">how</a> and more.' in shown(browse)


def test_filter_is_as_it_was_on_the_way_back_from_a_topic() -> None:
    browse = page("show_browse_page")
    browse.text_input(key="filter").set_value("canary").run()
    browse.query_params["topic"] = service.contents().topics[1].id
    browse.run()
    del browse.query_params["topic"]
    browse.run()
    assert browse.text_input(key="filter").value == "canary"
    assert "1 of 3 topics" in shown(browse)


def test_library_adds_a_folder_and_reads_it_in_the_background(tmp_path: Path, library: Library) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "garden.md").write_text("# Garden\n## Compost\nTurn the heap.\n")
    shelf = page("show_library_page")
    shelf.text_input(key="path").set_value(str(more))
    press(shelf, "Add and read it")
    service.jobs.join(30)
    shelf.run()
    assert library.subjects()["Garden"] == 1
    assert str(more) in shown(shelf)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("~/notes", "~/notes"),
        ("  '/my notes'  ", "/my notes"),
        ('"C:\\my notes"', "C:\\my notes"),
        ("file:///my%20notes/b%C3%BCcher", "/my notes/bücher"),
        ("'file:///my%20notes'", "/my notes"),
        ("/Ann's notes'", "/Ann's notes'"),
        ("'", "'"),
        ("  ", ""),
    ],
)
def test_path_is_taken_as_other_programs_copy_it(written: str, path: str) -> None:
    assert pasted_path(written) == path


def test_folder_in_quotes_is_added(tmp_path: Path, library: Library) -> None:
    more = tmp_path / "my notes"
    more.mkdir()
    shelf = page("show_library_page")
    shelf.text_input(key="path").set_value(f"'{more}' ")
    press(shelf, "Add and read it")
    service.jobs.join(30)
    assert str(more) in library.sources()


def test_folder_added_during_another_change_is_read_after_it(tmp_path: Path, library: Library) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "garden.md").write_text("# Garden\n## Compost\nTurn the heap.\n")
    shelf, release = page("show_library_page"), Event()
    service.jobs.start(until(release))
    shelf.text_input(key="path").set_value(str(more))
    press(shelf, "Add and read it")
    assert not shelf.error
    release.set()
    service.jobs.join(30)
    assert library.subjects()["Garden"] == 1


@pytest.mark.parametrize("is_new", [True, False])
def test_adding_that_is_cancelled_leaves_the_sources_as_they_were(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch, is_new: bool
) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "garden.md").write_text("# Garden\n## Compost\nTurn the heap.\n")
    if not is_new:
        library.add(more)

    def cancelled(_: Library, progress: Progress, is_cancelled: CancelToken) -> SyncReport:
        service.jobs.cancel()
        return SyncReport(is_cancelled=is_cancelled())

    monkeypatch.setattr(Library, "sync", cancelled)
    before, shelf = library.sources(), page("show_library_page")
    shelf.text_input(key="path").set_value(str(more))
    press(shelf, "Add and read it")
    service.jobs.join(30)
    assert service.jobs.last is not None
    assert service.jobs.last.cancelled
    assert library.sources() == before


def test_keeping_without_a_file_says_why_nothing_happens() -> None:
    shelf = page("show_library_page")
    press(shelf, "Keep and read them")
    assert NOTHING_CHOSEN in shown(shelf)


def test_library_says_what_is_wrong_with_a_path(tmp_path: Path) -> None:
    shelf = page("show_library_page")
    press(shelf, "Add and read it")
    assert NO_PATH in shown(shelf)
    shelf.text_input(key="path").set_value(str(tmp_path / "nothing"))
    press(shelf, "Add and read it")
    assert "There is no folder or file at" in shown(shelf)


def test_library_forgets_a_source_after_asking(library: Library, notes: Path) -> None:
    shelf = page("show_library_page")
    shelf.button(key=f"remove-{notes}").click().run()
    service.jobs.join(30)
    assert library.sources() == []
    assert (notes / "topics.md").exists()


def test_source_whose_last_note_was_deleted_is_forgotten_and_followed_on(library: Library, notes: Path) -> None:
    (notes / "topics.md").unlink()
    library.sync()
    library.add(notes, exclude=["drafts/"])
    shelf = page("show_library_page")
    assert "were its notes deleted, Remove forgets them" in shown(shelf)
    shelf.button(key=f"forget-{notes}").click().run()
    service.jobs.join(30)
    assert (library.sources(), library.subjects()) == ([str(notes)], {})
    assert library.reader.patterns(str(notes)).exclude == ("drafts/",)
    assert "Forget its notes" not in [button.label for button in page("show_library_page").button]


def test_removing_twice_is_removing_once(library: Library, notes: Path) -> None:
    shelf, release = page("show_library_page"), Event()
    service.jobs.start(until(release))
    shelf.button(key=f"remove-{notes}").click().run()
    shelf.button(key=f"remove-{notes}").click().run()
    release.set()
    service.jobs.join(30)
    assert library.sources() == []
    assert service.jobs.last is not None
    assert service.jobs.last.error == ""


def test_library_whose_folder_is_gone_is_not_begun_anew(library: Library) -> None:
    shutil.rmtree(library.folder)
    assert f"There is no library at {library.folder} any more." in shown(page("show_library_page"))
    assert not (library.folder / "catalog.sqlite3").exists()


def test_library_compares_its_sources_with_their_files_once_and_says_what_was_left_out(
    notes: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    (notes / "empty.md").write_text("")
    library.sync()
    compared, times = Library.compared, Counter[str]()

    def counted(library: Library) -> list[Comparison]:
        times["compared"] += 1
        return compared(library)

    monkeypatch.setattr(Library, "compared", counted)
    shelf = page("show_library_page")
    assert "<code>empty.md</code>" in shown(shelf)
    assert times["compared"] == 1


def test_question_of_a_subject_that_is_gone_has_no_place_on_the_map() -> None:
    assert service.place_on_map("merge conflicts") is not None
    assert service.place_on_map("subject:gone merge conflicts") is None


def test_question_without_an_answer_is_a_gap_with_a_stub() -> None:
    service.journal().record(service.answer(request_of(Place("which pizza dough needs least yeast?"))))
    shelf = page("show_library_page")
    assert any("pizza" in expander.label for expander in shelf.expander)
    shelf.session_state["gap-which pizza dough needs least yeast?"] = True
    assert "## " in shelf.run().code[0].value


def test_erased_journal_is_empty() -> None:
    service.journal().save("what is GitOps?")
    service.journal().record(service.answer(request_of(Place("merge conflicts"))))
    shelf = page("show_library_page")
    shelf.button(key="erase").click().run()
    assert service.journal().recent(5) == []
    assert service.journal().saved == []


def test_no_page_lets_html_through_unescaped() -> None:
    for file in PAGES.rglob("*"):
        if file.suffix in {".py", ".js"}:
            assert not re.search(r"unsafe_allow|innerHTML|insertAdjacentHTML", file.read_text(encoding="utf-8")), file


def test_label_shows_markdown_as_it_is_written() -> None:
    assert label_text("*a* `b` [c](d) :red[e] $f$") == r"\*a\* \`b\` \[c\]\(d\) \:red\[e\] \$f\$"


def test_library_page_on_a_server_tells_how_it_fares_and_leaves_adding_to_the_machine_that_reads(
    remote: Library, notes: Path
) -> None:
    service.use(remote)
    library = page("show_library_page")
    said = shown(library)
    assert "PostgreSQL 18" in said
    assert "no replica" in said
    assert "nothing waits to be embedded" in said
    assert "no worker" in said
    assert "Notes are added on the machine that reads them" in said
    assert not library.text_input
    assert [toggle.value for toggle in library.toggle] == [False]
    assert "Keep what everybody asks, in the database" in library.toggle[0].label
    notes.rename(notes.parent / "away")
    assert "read on another machine" in shown(page("show_library_page"))


def test_library_page_on_a_server_is_shown_anew_when_another_machine_has_landed(
    remote: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.use(remote)
    library = page("show_library_page")
    assert "3 topics" in shown(library)
    (notes / "garden.md").write_text("# Garden\n\n## Compost\nTurn the heap.\n", encoding="utf-8")
    remote.sync()
    monkeypatch.setattr(service, "landed", service.landed + 1)
    assert "4 topics" in shown(library.run())


def test_server_that_is_away_is_one_sentence_on_the_page(remote: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    service.use(remote)
    monkeypatch.setattr(remote.storage, "server_state", fail_to_reach)
    assert "cannot be reached" in shown(page("show_library_page"))


def fail_to_reach() -> None:
    raise LibraryError("The server of the team cannot be reached (connection refused).")
