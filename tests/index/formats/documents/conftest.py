"""One process that reads for all tests: starting one for each would take longer than what they read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.formats import DocumentReader


@pytest.fixture(scope="session")
def reader() -> Iterator[DocumentReader]:
    with DocumentReader() as shared:
        yield shared
