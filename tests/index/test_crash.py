"""Whatever happens to a library's files, it opens, answers, and is whole after the next sync."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from index.catalog import Catalog, StoredDocument
from index.engine.local.maintenance import DERIVED_INDEXES
from index.library import Library
from index.storage.derived_index import read_manifest
from tests.fakes import WordCountEncoder
from tests.index.syncing import shrink, start_sync
from tests.libraries import reading_only

KILLS = 26
WORDS = "bolt nut gear chain oil paint wire coil spring valve pump pipe hose clamp saw file drill".split()
PROBES = [f"how do I mend machine{number} with a {word}?" for number, word in zip(range(0, 45, 5), WORDS, strict=False)]

Answers = list[list[tuple[str, str, float]]]


def write_notes(folder: Path, numbers: range, version: str) -> None:
    for number in numbers:
        text = "".join(
            f"## {part}. Machine{number} {part}\n"
            f"*What:* The machine{number} of kind {part}, {version}.\n"
            f"*How:* Mend machine{number} with {' and '.join(tools(number, part))}.\n\n"
            for part in ("motor", "belt", "lamp")
        )
        (folder / f"{number}.md").write_text(f"# Workshop {number % 3}\n\n{text}", encoding="utf-8")


def tools(number: int, part: str) -> list[str]:
    chance = random.Random(f"{number} {part}")  # noqa: S311  # the same notes each time, and no two alike
    return chance.sample(WORDS, chance.randint(2, 6))


def edit_notes(folder: Path) -> None:
    """Delete some notes, rename some, edit some and add some."""
    for number in range(5):
        (folder / f"{number}.md").unlink()
    for number in range(5, 10):
        (folder / f"{number}.md").rename(folder / f"moved{number}.md")
    write_notes(folder, range(10, 25), "second")
    write_notes(folder, range(40, 50), "second")


def opened(folder: Path) -> closing[Library]:
    return closing(Library(folder, WordCountEncoder()))


def all_topics(library: Library) -> set[tuple[str, str]]:
    with closing(Catalog(library.folder)) as catalog:
        return {(topic.title, topic.entries[0].text) for _, topic in catalog.topics_after(0)}


def answers(library: Library) -> Answers:
    return [
        [(hit.id, hit.topic.entries[0].text, round(hit.score, 4)) for hit in library.search(probe, 3)]
        for probe in PROBES
    ]


def exact_answers(folder: Path) -> Answers:
    """Return what the catalog alone answers: how near lists come to it depends on when they were trained."""
    for derived in DERIVED_INDEXES:
        derived.manifest_path(folder).unlink()
    with opened(folder) as library:
        return answers(library)


class Workshop(NamedTuple):
    """A library before a sync and the same after it, left in peace."""

    old: Path
    new: Path
    topics: set[tuple[str, str]]
    """Title and text of every topic of either state."""
    documents: dict[str, list[StoredDocument]]
    """The files of each state."""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """Make the two states once; the notes themselves are in the second."""
    folder = tmp_path_factory.mktemp("workshop")
    notes = folder / "notes"
    notes.mkdir()
    write_notes(notes, range(40), "first")
    with pytest.MonkeyPatch.context() as patch:
        shrink(patch)
        with opened(folder / "old") as library:
            reading_only(library, notes)
            topics, documents = all_topics(library), {"old": library.documents()}
        edit_notes(notes)
        shutil.copytree(folder / "old", folder / "new")
        with opened(folder / "new") as library:
            library.sync()
            topics |= all_topics(library)
            documents["new"] = library.documents()
        yield Workshop(folder / "old", folder / "new", topics, documents)


def test_sync_that_is_killed_at_any_moment_leaves_a_library_that_answers_and_goes_on(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shrink(monkeypatch)
    for state in ("old", "new"):
        shutil.copytree(workshop._asdict()[state], tmp_path / state)
    with opened(workshop.new) as library:
        made = all_topics(library)
    old, new = exact_answers(tmp_path / "old"), exact_answers(tmp_path / "new")
    seconds = undisturbed_seconds(workshop, tmp_path)
    chance = random.Random(11)  # noqa: S311  # the same moments each time
    seen = set()
    for number in range(KILLS):
        folder = tmp_path / str(number)
        shutil.copytree(workshop.old, folder)
        process, told = start_sync(folder)
        if number == KILLS - 1:
            assert told.recv() == "done"
        elif number:  # the first at once: on a machine that is busy at times, no moment is early or late for sure
            time.sleep(seconds * (number + chance.random()) / KILLS)
        process.kill()
        process.join()
        with opened(folder) as library:
            texts = {(hit.topic.title, hit.topic.entries[0].text) for probe in PROBES for hit in library.search(probe)}
            assert texts <= workshop.topics
            seen.add(state_of(library, workshop))
            report = library.sync()
            assert report.is_complete
            assert all_topics(library) == made
            assert library.storage.damaged_indexes() == ()
        # below the first, which of those that are alike are looked at depends on the order in which they were written
        assert [hits[0] for hits in exact_answers(folder)] == [hits[0] for hits in new]
    assert old != new
    assert seen == {"old", "between", "new"}, "no kill came before, amid or after the revisions"


def state_of(library: Library, workshop: Workshop) -> str:
    """Return which state a library is in; between the two, each note is whole as it was or as it became."""
    documents = library.documents()
    assert set(documents) <= {document for state in workshop.documents.values() for document in state}
    with closing(Catalog(library.folder)) as catalog:
        counts = Counter(stored.path for stored in catalog.topics(id_ for id_, _ in catalog.topics_after(0)).values())
    assert counts == {document.path: document.topics for document in documents}
    return next((name for name, state in workshop.documents.items() if documents == state), "between")


def undisturbed_seconds(workshop: Workshop, tmp_path: Path) -> float:
    shutil.copytree(workshop.old, tmp_path / "undisturbed")
    process, told = start_sync(tmp_path / "undisturbed")
    begun = time.perf_counter()
    assert told.recv() == "done"
    seconds = time.perf_counter() - begun
    process.join()
    return seconds


def test_synced_library_holds_what_one_made_anew_holds(workshop: Workshop, tmp_path: Path) -> None:
    with opened(workshop.new) as library, opened(tmp_path / "fresh") as fresh:
        reading_only(fresh, library.sources()[0])
        assert all_topics(fresh) == all_topics(library)
        assert [hits[0][1] for hits in answers(fresh)] == [hits[0][1] for hits in answers(library)]  # a moved id stays


def damage(path: Path, how: str) -> None:
    """Spoil a file; where its bytes are flipped, its size and its time stay as they were."""
    content, status = path.read_bytes(), path.stat()
    if how == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif how == "emptied":
        path.write_bytes(b"")
    elif how == "gone":
        path.unlink()
    else:
        middle = len(content) // 2
        path.write_bytes(
            content[:middle] + bytes(byte ^ 0xFF for byte in content[middle : middle + 8]) + content[middle + 8 :]
        )
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("how", ["truncated", "emptied", "gone", "flipped"])
def test_damaged_shadow_changes_no_answer_and_is_made_anew(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    shrink(monkeypatch)
    with opened(workshop.new) as library:
        right = answers(library)
    files = shadow_files(workshop.new)
    assert len(files) > 20
    for path in files:
        folder = tmp_path / "library"
        shutil.copytree(workshop.new, folder)
        damage(folder / path, how)
        with opened(folder) as library:
            found = answers(library)
            assert [[hit[:2] for hit in hits] for hits in found] == [[hit[:2] for hit in hits] for hits in right], path
            assert library.storage.damaged_indexes(), path
        shutil.rmtree(folder)


def shadow_files(folder: Path) -> list[Path]:
    """Return every file of every derived index and their manifests, relative to the library's folder."""
    files = []
    for derived in DERIVED_INDEXES:
        manifest = read_manifest(folder, derived)
        assert manifest
        files += [Path(manifest.folder, name) for name in manifest.files] + [derived.manifest_path(Path())]
    return files
