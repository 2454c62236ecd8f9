"""The doors for programs without the pages."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from assistant.server import Access, Reach
from assistant.server.plain import plain_app


@pytest.mark.parametrize("prefix", ["", "/notes"])
def test_who_opens_the_address_is_led_to_what_it_is_for(prefix: str) -> None:
    client = TestClient(plain_app(Access(Reach(prefix=prefix)), []), base_url="http://127.0.0.1:8501")
    response = client.get(f"{prefix}/", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (307, f"{prefix}/api/v1/docs")
