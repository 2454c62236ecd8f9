"""The `topics` command, in this process and with an encoder that needs no model."""

from __future__ import annotations

import io
import json
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

import pytest

from assistant import calibration, cli
from index.catalog import Catalog
from index.encoder import DEFAULT_MODEL
from index.errors import LibraryBusyError, TopicsError
from index.library import Library
from index.sync import SyncReport
from tests.fakes import WordCountEncoder

QUESTION = "how do I settle merge conflicts with a rebase?"


class Result(NamedTuple):
    """What a run of the command left."""

    code: int
    out: str
    err: str


Topics = Callable[..., Result]
OnError = Callable[[TopicsError], None]


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Topics:
    """Return a function that runs `topics` with its arguments on a library of this test's own."""
    monkeypatch.setenv("TOPICS_LIBRARY", str(tmp_path / "library"))
    monkeypatch.delenv("TOPICS_MODEL", raising=False)

    def make_encoder(name: str, _: Path) -> WordCountEncoder:
        return WordCountEncoder("word-count" if name == DEFAULT_MODEL else name)

    monkeypatch.setattr("index.library.ModelEncoder", make_encoder)

    def run(*arguments: object) -> Result:
        monkeypatch.setattr("sys.argv", ["topics", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit_:
            cli.main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return Result(int(exit_.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def own(topics: Topics, notes: Path) -> Topics:
    """Return the command on a library that holds `notes` only."""
    assert topics("add", "--no-builtin", notes).code == 0
    return topics


def asked(result: Result) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(result.out)
    return record


# ask


def test_first_question_of_all_indexes_the_bundled_topics(topics: Topics) -> None:
    result = topics("ask", "--json", "what are decorators")
    assert "First use" in result.err
    assert asked(result)["hits"][0]["topic"] == "Decorators"


def test_answer_for_people_starts_with_the_sentence(own: Topics) -> None:
    result = own("ask", QUESTION)
    assert result.code == 0
    assert result.out.strip().startswith("Rebase the branch, settle each file and push again.")
    assert "topics.md:5" in result.out


def test_words_need_no_quotes(own: Topics) -> None:
    assert asked(own("ask", "--json", "settle", "merge", "conflicts"))["question"] == "settle merge conflicts"


def test_unanswered_question_is_said_plainly_and_is_no_failure(own: Topics) -> None:
    result = own("ask", "which pizza dough needs least yeast?")
    assert result.code == 0
    assert result.out.startswith("Your notes don't say. The nearest topics:")


def test_filters_and_limit_reach_the_search(own: Topics) -> None:
    record = asked(own("ask", "--json", QUESTION, "--subject", "DEVOPS", "--slot", "example", "--limit", 1))
    assert [(hit["topic"], hit["slot"]) for hit in record["hits"]] == [("Merge conflicts", "Example")]


def test_output_that_is_piped_has_no_colours(own: Topics) -> None:
    assert "\x1b" not in own("ask", QUESTION).out


def test_batch_answers_line_by_line_in_order(own: Topics, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text('{"id": "a", "question": "decorators"}\n\n{"id": 7, "question": "canary releases"}\n')
    result = own("ask", "--batch", batch)
    records = [json.loads(line) for line in result.out.splitlines()]
    assert result.code == 0
    assert [(record["id"], record["hits"][0]["topic"]) for record in records] == [
        ("a", "Decorators"),
        (7, "Canary releases"),
    ]


def test_batch_reads_standard_input(own: Topics, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"question": "decorators"}\n'))
    assert asked(own("ask", "--batch", "-"))["hits"][0]["topic"] == "Decorators"


def test_broken_batch_line_is_told_and_the_rest_is_answered(own: Topics, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text('not json\n[1]\n{"id": "e", "question": " "}\n{"id": "d", "question": "decorators"}\n')
    result = own("ask", "--batch", batch)
    records = [json.loads(line) for line in result.out.splitlines()]
    assert result.code == 1
    assert [record["id"] for record in records] == [None, None, "e", "d"]
    assert ["error" in record for record in records] == [True, True, True, False]
    assert "Line 1:" in result.err


def test_missing_batch_file_is_one_sentence(own: Topics, tmp_path: Path) -> None:
    result = own("ask", "--batch", tmp_path / "none.jsonl")
    assert (result.code, result.out) == (1, "")
    assert "cannot be read (No such file or directory)" in result.err


@pytest.mark.parametrize("arguments", [(), ("question", "--batch", "-"), ("question", "--slot", "when")])
def test_wrong_usage_has_exit_code_2(own: Topics, arguments: tuple[str, ...]) -> None:
    assert own("ask", *arguments).code == 2


@pytest.mark.parametrize(
    ("question", "sentence"), [("", "The question is empty."), ("word " * 2000, "The question is too long:")]
)
def test_question_that_cannot_be_asked_is_one_sentence(own: Topics, question: str, sentence: str) -> None:
    result = own("ask", question)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"Error: {sentence}")
    assert result.err.count("\n") == 1


def test_unknown_subject_names_the_known_ones(own: Topics) -> None:
    result = own("ask", QUESTION, "--subject", "Cooking")
    assert result.code == 1
    assert "There is no subject 'Cooking' in this library. Its subjects: DevOps, Python." in result.err


# add, remove, sync, status, doctor


def test_adding_says_what_was_added(topics: Topics, notes: Path) -> None:
    result = topics("add", "--no-builtin", notes)
    assert "1 files added" in result.err
    assert "3 topics in all" in result.err


def test_adding_keeps_the_bundled_topics_unless_told(topics: Topics, notes: Path) -> None:
    assert "34 topics in all" in topics("add", notes).err


def test_adding_a_missing_folder_changes_nothing(own: Topics, notes: Path, tmp_path: Path) -> None:
    (tmp_path / "more.md").write_text("# More\ntext")
    result = own("add", tmp_path / "more.md", tmp_path / "nowhere")
    assert result.code == 1
    assert "There is no folder or file at" in result.err
    assert list(json.loads(own("status", "--json").out)["sources"]) == [str(notes)]


def test_file_that_cannot_be_read_fails_the_command_and_is_named(own: Topics, notes: Path) -> None:
    (notes / "gone.md").symlink_to(notes / "nowhere.md")
    result = own("sync")
    assert result.code == 1
    assert "gone.md: failed, cannot be read" in result.err
    status = own("status")
    assert status.code == 1
    assert "gone.md" in status.out


def test_removing_forgets_the_topics_and_keeps_the_files(own: Topics, notes: Path) -> None:
    assert own("remove", notes).code == 0
    assert (notes / "topics.md").exists()
    assert asked(own("ask", "--json", QUESTION))["hits"] == []


def test_removing_calibrates_on_what_is_left(own: Topics, notes: Path, tmp_path: Path) -> None:
    (tmp_path / "garden.md").write_text("# Garden\n## Compost\nTurn the heap.\n")
    own("add", tmp_path / "garden.md")
    own("remove", notes)
    with closing(Library(tmp_path / "library")) as library:
        assert (library.recall(calibration.KEY) or "").endswith(" 1")


def test_removing_what_was_never_added_names_the_sources(own: Topics, notes: Path) -> None:
    result = own("remove", "elsewhere")
    assert result.code == 1
    assert f"Its sources: {notes}." in result.err


def test_sync_of_an_edited_note_is_seen_by_the_next_question(own: Topics, notes: Path) -> None:
    (notes / "new.md").write_text("# Garden\n## Compost\nTurn the heap every second week.\n")
    assert own("status").err == "1 files are new, changed or gone. Run `topics sync`.\n"
    assert "1 files added, 0 updated, 0 gone, 1 unchanged; 4 topics" in own("sync").err
    assert asked(own("ask", "--json", "how often do I turn the compost heap?"))["hits"][0]["topic"] == "Compost"


def test_source_that_is_not_there_keeps_its_topics_and_fails_the_sync(own: Topics, notes: Path) -> None:
    notes.rename(notes.with_name("unplugged"))
    result = own("sync")
    assert result.code == 1
    assert "is not there at present; what came from it is kept" in result.err
    assert asked(own("ask", "--json", QUESTION))["hits"][0]["topic"] == "Merge conflicts"


def test_emptied_source_keeps_its_topics_until_it_is_pruned(own: Topics, notes: Path) -> None:
    (notes / "topics.md").unlink()
    result = own("sync")
    assert result.code == 1
    assert f"{notes} has no file at present; what came from it is kept. `topics sync --prune` forgets it." in result.err
    assert own("status").code == 1
    assert asked(own("ask", "--json", QUESTION))["hits"][0]["topic"] == "Merge conflicts"
    result = own("sync", "--prune")
    assert (result.code, "1 gone" in result.err) == (0, True)
    assert own("status").code == 0
    assert asked(own("ask", "--json", QUESTION))["hits"] == []


def test_patterns_are_shown_with_their_source_and_replaced_when_it_is_added_again(own: Topics, notes: Path) -> None:
    own("add", notes, "--include", "*.md", "--exclude", "drafts/", "--exclude", "old*")
    shown = " ".join(own("status").out.split())
    assert "(1 files; include *.md; exclude drafts/, old*)" in shown
    own("add", notes)
    assert "exclude" not in own("status").out


def test_following_says_what_it_reads_and_ends_with_one_sentence(
    own: Topics, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def follow(library: Library, _: Event, on_sync: Callable[[SyncReport], None], on_error: OnError) -> None:
        on_sync(library.sync())
        (notes / "new.md").write_text("# Garden\n## Compost\nTurn the heap every second week.\n")
        on_sync(library.sync())
        on_error(LibraryBusyError("Another process is writing."))
        raise KeyboardInterrupt

    monkeypatch.setattr("index.watch.follow", follow)
    result = own("sync", "--watch")
    assert result.code == 130
    assert result.err.splitlines() == [
        "0 files added, 0 updated, 0 gone, 1 unchanged; 3 topics in all.",
        "Following your notes; stop with Ctrl-C.",
        "1 files added, 0 updated, 0 gone, 1 unchanged; 4 topics in all.",
        "Error: Another process is writing.",
        "Stopped following your notes. Nothing is lost; the next sync goes on from here.",
    ]


def test_status_names_a_few_files_for_each_reason(own: Topics, notes: Path) -> None:
    for number in range(7):
        (notes / f"{number}.md").write_text("")
    told = own("sync").err
    assert "  0.md, 1.md, 2.md, 3.md, 4.md, … (7 files): skipped, holds no text\n" in told
    shown = " ".join(own("status").out.split())
    assert "7 skipped holds no text 0.md, 1.md, 2.md, 3.md, 4.md, …" in shown


def test_status_counts_what_is_indexed_and_says_why_a_file_was_skipped(own: Topics, notes: Path) -> None:
    (notes / "binary.md").write_bytes(b"\0\1\2")
    own("sync")
    record = json.loads(own("status", "--json").out)
    assert record["documents"] == {"indexed": 1, "skipped": 1, "failed": 0, "in_part": 0, "stale": 0}
    assert record["subjects"] == {"DevOps": 2, "Python": 1}
    assert record["problems"][0]["reason"] == "not a text file (it holds NUL bytes)"


def test_doctor_is_content_with_a_sound_library(own: Topics) -> None:
    result = own("doctor")
    assert (result.code, "WRONG" in result.out) == (0, False)
    assert "3 topics from 1 files" in result.out


def test_doctor_names_the_mend_for_a_stale_library(own: Topics, notes: Path) -> None:
    (notes / "new.md").write_text("# New\ntext")
    result = own("doctor")
    assert (result.code, "Run `topics sync`." in result.err) == (1, True)


def test_doctor_mends_what_an_interrupted_sync_has_left(own: Topics, tmp_path: Path) -> None:
    (tmp_path / "library" / "words-0123abcd").mkdir()
    (tmp_path / "library" / "words.json").write_text("torn")
    result = own("doctor")
    assert (result.code, "Run `topics doctor --mend`: they are made anew." in result.err) == (1, True)
    result = own("doctor", "--mend")
    assert (result.code, "WRONG" in result.out) == (0, False)
    assert result.err.startswith("Mended: Index files, Leftovers.")


# journal, mark, gaps

YEAST = "which pizza dough needs least yeast?"


def test_question_marked_as_useful_is_answered_until_that_is_taken_back(own: Topics) -> None:
    assert not asked(own("ask", "--json", YEAST))["answered"]
    marked = own("mark", "useful", YEAST, "--topic", "decorators")
    assert (marked.code, "Marked 'Decorators' as useful" in marked.err) == (0, True)
    assert asked(own("ask", "--json", "pizza dough, least yeast"))["hits"][0]["topic"] == "Decorators"
    assert own("mark", "undo", YEAST).code == 0
    assert not asked(own("ask", "--json", YEAST))["answered"]


def test_mark_without_a_topic_is_about_the_one_found_first(own: Topics) -> None:
    assert "Marked 'Merge conflicts' as wrong" in own("mark", "wrong", QUESTION).err
    own("ask", QUESTION)
    assert QUESTION in own("gaps").out


def test_mark_for_a_topic_that_is_not_there_names_the_nearest(own: Topics) -> None:
    result = own("mark", "useful", YEAST, "--topic", "releasing to a few users")
    assert result.code == 1
    assert "no topic with the title 'releasing to a few users'. The nearest: 'Canary releases'." in result.err


@pytest.mark.parametrize("title", ["canary", "Canary relaeses", "DevOps > Canary releases", "2. Canary releases"])
def test_mark_forgives_how_a_title_is_typed(own: Topics, title: str) -> None:
    assert "Marked 'Canary releases' as useful" in own("mark", "useful", YEAST, "--topic", title).err
    assert own("mark", "undo", YEAST, "--topic", title).code == 0


def test_mark_for_one_of_several_topics_asks_back(own: Topics) -> None:
    result = own("mark", "useful", YEAST, "--topic", "c")
    assert result.code == 1
    assert "'c' may mean any of 2 topics; give more of the title:" in result.err


def test_undoing_what_was_never_marked_says_so(own: Topics) -> None:
    result = own("mark", "undo", QUESTION)
    assert (result.code, "Nothing is marked for" in result.err) == (1, True)


def test_journal_lists_what_was_asked_and_a_batch_is_not(own: Topics, tmp_path: Path) -> None:
    (tmp_path / "batch.jsonl").write_text('{"question": "decorators"}\n')
    own("ask", "--batch", tmp_path / "batch.jsonl")
    own("ask", YEAST)
    record = json.loads(own("journal", "--json").out)
    assert [(one["question"], one["answered"], one["times"]) for one in record["asked"]] == [(YEAST, False, 1)]
    assert "not answered" in own("journal").out


def test_journal_that_is_off_records_nothing(own: Topics) -> None:
    assert "not recorded any more" in own("journal", "--off").err
    own("ask", YEAST)
    assert json.loads(own("journal", "--json").out) == {"on": False, "asked": [], "saved": [], "marks": []}


def test_erasing_asks_first(own: Topics, monkeypatch: pytest.MonkeyPatch) -> None:
    own("ask", YEAST)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert own("journal", "--erase").code == 1
    assert YEAST in own("journal").out
    assert own("journal", "--erase", "--yes").code == 0
    assert "No question is recorded." in own("journal").out


def test_question_to_erase_without_erase_is_wrong_usage(own: Topics) -> None:
    assert own("journal", "--question", YEAST).code == 2


def test_question_is_answered_where_it_cannot_be_recorded(own: Topics, tmp_path: Path) -> None:
    (tmp_path / "library" / "journal.sqlite3").mkdir()
    result = own("ask", QUESTION)
    assert (result.code, result.err) == (0, "")


def test_gaps_are_written_as_topics_to_fill_in_and_no_file_is_overwritten(own: Topics, tmp_path: Path) -> None:
    stubs = tmp_path / "to-write.md"
    assert own("gaps", "--stubs", stubs).out == "No question is unanswered at present.\n"
    assert not stubs.exists()
    own("ask", YEAST)
    assert json.loads(own("gaps", "--json").out)["gaps"][0]["questions"] == [YEAST]
    assert own("gaps", "--stubs", stubs).code == 0
    assert stubs.read_text(encoding="utf-8").startswith("## Which pizza dough needs least yeast\n*What:*\n")
    again = own("gaps", "--stubs", stubs)
    assert (again.code, "exists, and is left as it is" in again.err) == (1, True)


# eval

ASKED = (
    {"question": QUESTION, "topic": "Merge conflicts", "slot": "How", "kind": "natural", "half": "tune"},
    {"question": "what is a decorator", "topic": "Decorators", "slot": "What", "kind": "natural", "half": "report"},
    {"question": "canary releases", "topic": ["Canary releases"], "kind": "keyword", "half": "report"},
    {"question": "which pizza dough needs least yeast?", "answered": False, "kind": "other", "half": "report"},
)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Return a question file over `notes`: three that they answer and one that they don't."""
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, ASKED)))
    return path


def test_evaluation_says_what_each_measure_means(own: Topics, questions: Path) -> None:
    result = own("eval", questions)
    lines = [line.split(maxsplit=2) for line in result.out.splitlines()]
    assert result.code == 0
    assert result.out.startswith("4 questions: the notes answer 3 of them.")
    assert ["success@1", "1.000", "the first topic is right"] in lines
    assert ["keyword", "1", "1.000      1.000                   0.000"] in lines
    assert not [line for line in result.out.splitlines() if line != line.rstrip() or len(line) > 80]


def test_evaluation_as_json_holds_every_measure(own: Topics, questions: Path) -> None:
    record = asked(own("eval", questions, "--json", "--compare"))
    assert (record["questions"], record["answerable"]) == (4, 3)
    assert record["found"]["success@1"] == record["found"]["slot accuracy"] == 1.0
    assert record["confidence"]["false answers"] == 0.0
    assert set(record["kinds"]) == {"keyword", "natural", "other"}
    assert list(record["compared"]) == ["product", "dense", "BM25", "RRF"]
    assert set(record["compared"]["RRF"]) >= {"nDCG@10", "success@1", "more", "from", "to"}


def test_comparison_stands_below_the_measures(own: Topics, questions: Path) -> None:
    printed = own("eval", questions, "--compare").out
    assert [line.split()[0] for line in printed.splitlines()[-7:-3]] == ["product", "dense", "BM25", "RRF"]


def test_half_and_limit_choose_the_questions(own: Topics, questions: Path) -> None:
    assert asked(own("eval", questions, "--json", "--half", "report"))["questions"] == 3
    assert asked(own("eval", questions, "--json", "--half", "report", "--limit", 2))["questions"] == 2


def test_beir_folder_is_measured_in_a_library_of_its_own(
    topics: Topics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d1", "title": "", "text": "Canary releases."}\n')
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "canary"}\n')
    (tmp_path / "qrels.tsv").write_text("q1\td1\t1\n")
    for _ in range(2):
        record = asked(topics("eval", tmp_path, "--json"))
        assert (record["questions"], record["found"]["nDCG@10"]) == (1, 1.0)
    assert not Catalog.exists(tmp_path / "library")


def test_broken_corpus_is_named(topics: Topics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d1", "text": "Canary releases."}\n{"_id": "d2"}\n')
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "canary"}\n')
    (tmp_path / "qrels.tsv").write_text("q1\td1\t1\n")
    for _ in range(2):
        result = topics("eval", tmp_path)
        assert result.code == 1
        assert f"{tmp_path / 'corpus.jsonl'} was not read as a whole: 1 of its lines" in result.err


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{}", "Line 1 of"),
        ('{"question": "q", "topic": "Sourdough"}', "1 of the 1 topics named are not in the library"),
    ],
)
def test_file_that_cannot_be_asked_is_one_sentence(own: Topics, questions: Path, line: str, complaint: str) -> None:
    questions.write_text(line)
    result = own("eval", questions)
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert complaint in result.err


# what can go wrong with a library


def test_other_model_names_the_command_that_embeds_again(own: Topics) -> None:
    result = own("ask", QUESTION, "--model", "other")
    assert result.code == 1
    assert "`topics sync --reembed --model other`" in result.err
    assert own("sync", "--reembed", "--model", "other").code == 0
    assert own("ask", QUESTION, "--model", "other").code == 0
    assert own("ask", QUESTION).code == 0


def test_library_of_a_newer_version_is_left_alone(own: Topics, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "library" / "catalog.sqlite3")) as db:
        db.execute("PRAGMA user_version = 99")
    result = own("ask", QUESTION)
    assert result.code == 1
    assert "made by a newer Topic Assistant" in result.err


def test_file_that_is_no_library_is_named_with_the_way_out(own: Topics, tmp_path: Path) -> None:
    (tmp_path / "library" / "catalog.sqlite3").write_bytes(b"not a database, but long enough to be read as one" * 30)
    result = own("status")
    assert result.code == 1
    assert "is not a library or is damaged" in result.err


def test_folder_that_cannot_be_written_is_one_sentence(topics: Topics, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = topics("ask", QUESTION, "--library", tmp_path / "file" / "library")
    assert result.code == 1
    assert "Choose a folder you can write to with --library or TOPICS_LIBRARY." in result.err


def test_interrupted_sync_says_so_and_loses_nothing(own: Topics, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (notes / "new.md").write_text("# Garden\n## Compost\nTurn the heap.\n")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(WordCountEncoder, "encode_documents", interrupt)
        result = own("sync")
    assert result.code == 130
    assert "Stopped. The library is as it was" in result.err
    assert asked(own("ask", "--json", QUESTION))["hits"][0]["topic"] == "Merge conflicts"
    assert "1 files added" in own("sync").err


def test_bug_of_ours_is_no_traceback(own: Topics, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr(Library, "find", fail)
    result = own("ask", QUESTION)
    assert result.code == 1
    assert "(ZeroDivisionError: by accident)" in result.err


def test_taken_port_names_another(own: Topics) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = own("serve", "--port", port)
    assert result.code == 1
    assert f"topics serve --port {port + 1}" in result.err


def test_catalog_lies_where_the_library_is_said_to_be(own: Topics, tmp_path: Path) -> None:
    assert Catalog.exists(tmp_path / "library")


@pytest.mark.parametrize(
    "command", ["serve", "ask", "mark", "gaps", "journal", "add", "remove", "sync", "status", "eval", "doctor"]
)
def test_every_command_explains_itself_with_an_example(topics: Topics, command: str) -> None:
    result = topics(command, "--help")
    assert result.code == 0
    assert "Example" in result.out
    assert "--library" in result.out
