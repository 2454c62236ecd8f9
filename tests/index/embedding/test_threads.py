"""Products of a question are computed by the thread that asks, whichever that is."""

from __future__ import annotations

import threading

import faiss  # noqa: F401 (it brings what computes by OpenMP)
from threadpoolctl import ThreadpoolController

from index.embedding.threads import share_no_products


def most_threads() -> int:
    return max(
        int(library["num_threads"]) for library in ThreadpoolController().info() if library["user_api"] == "blas"
    )


def test_every_thread_computes_by_itself_once_it_has_asked() -> None:
    share_no_products()
    seen: list[int] = []

    def ask() -> None:
        share_no_products()
        seen.append(most_threads())

    for _ in range(3):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(30)
    assert seen == [1, 1, 1]
    assert most_threads() == 1
