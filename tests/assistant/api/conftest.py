"""A client of the HTTP API on a library of three topics, which needs no model."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.api import api_routes
from assistant.server import Access, Reach, guards
from assistant.service import Service, WorkQueue
from index.library import Library
from tests.conftest import NOTES
from tests.fakes import WordCountEncoder
from tests.libraries import reading_only

Client = Callable[..., TestClient]


@pytest.fixture
def service(library: Library) -> Service:
    service = Service()
    service.use(library)
    service.library()
    return service


@pytest.fixture(scope="module")
def client_of() -> Client:
    """Return a function that gives a client of the API on a service."""

    def client(service: Service, queue: WorkQueue | None = None, access: Access | None = None) -> TestClient:
        access = access or Access(Reach())
        routes = api_routes(service, access.reach.prefix, queue)
        app = Starlette(routes=routes, middleware=guards(access))
        return TestClient(app, base_url="http://127.0.0.1:8501/api/v1/", raise_server_exceptions=False)

    return client


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, client_of: Client) -> Iterator[TestClient]:
    """Yield a client on a library that all tests of a module share, and none changes."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "topics.md").write_text(NOTES, encoding="utf-8")
    library = Library(folder / "library", WordCountEncoder())
    reading_only(library, folder / "topics.md")
    service = Service()
    service.use(library)
    service.library()
    with client_of(service) as client:
        yield client
    library.close()


@pytest.fixture
def client(service: Service, client_of: Client) -> Iterator[TestClient]:
    with client_of(service) as client:
        yield client
