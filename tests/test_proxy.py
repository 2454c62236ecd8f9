"""The app behind the very nginx that docs/serving.md describes, over HTTPS and under a name of its own."""

from __future__ import annotations

import base64
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect, sync_playwright
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from assistant.server.security import FREE_TRIES
from tests.browser import FLAGS, Watch, ask, chromium, serving
from tests.ports import free_port
from tests.traced import required_program

pytestmark = [pytest.mark.proxy, pytest.mark.slow]

PAGE = (Path(__file__).parents[1] / "docs" / "serving.md").read_text(encoding="utf-8")
NAME = "notes.example.com"
PASSWORD = "correct horse battery staple"  # noqa: S105 (of this test only)


@dataclass(frozen=True)
class Site:
    """The app as others reach it, and as its proxy does."""

    port: int
    prefix: str
    direct: str
    """Where the proxy finds the app, without the path."""
    certificate: Path

    @property
    def origin(self) -> str:
        return f"https://{NAME}:{self.port}"

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))


@contextmanager
def nginx(folder: Path, port: int, app: str, prefix: str) -> Iterator[Path]:
    """Run nginx as the page says, with a certificate of our own making; yield that."""
    certificate, key = folder / "notes.pem", folder / "notes.key"
    openssl = required_program("openssl", "TOPICS_REQUIRE_NGINX")
    asked = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={NAME} -addext subjectAltName=DNS:{NAME}".split()
    subprocess.run([openssl, *asked, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    recipe = re.search(r"```nginx\n(.*?)```", PAGE, re.DOTALL)[1]  # type: ignore[index]
    for written, here in {
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        f"/etc/ssl/certs/{NAME}.pem": str(certificate),
        f"/etc/ssl/private/{NAME}.key": str(key),
        "http://127.0.0.1:8501": app,
        "location / {": f"location {prefix}/ {{",
    }.items():
        assert recipe.count(written) == 1
        recipe = recipe.replace(written, here)
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}"
        f"http {{ access_log off; client_body_temp_path {folder}/body; {temporary}\n{recipe}\n}}\n"
    )
    command = [required_program("nginx", "TOPICS_REQUIRE_NGINX"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen([*command, "-e", str(folder / "error.log")])
    try:
        yield certificate
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="module", params=["", "/notes"], ids=["at the top", "under a path"])
def site(
    request: pytest.FixtureRequest, bundled_library: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Yield the app behind nginx: at the top with the proxy believed, and under a path with nobody believed."""
    required_program("nginx", "TOPICS_REQUIRE_NGINX")
    prefix = request.param
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(bundled_library, folder / "library")
    (folder / "password").write_text(PASSWORD)
    port = free_port()
    options = ["--name", f"https://{NAME}:{port}", "--password-file", str(folder / "password")]
    options += ["--path-prefix", prefix] if prefix else ["--behind-proxy", "127.0.0.1"]
    with serving(folder / "library", options=options) as direct, nginx(folder, port, direct, prefix) as certificate:
        found = Site(port, prefix, direct, certificate)
        deadline = time.monotonic() + 30
        while status(found, f"{prefix}/") == 0 and time.monotonic() < deadline:
            time.sleep(0.1)
        yield found


def headers(password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"me:{password}".encode()).decode()}


def status(site: Site, path: str, password: str = PASSWORD, **more: str) -> int:
    """Return how a request through the proxy ended; 0 where nobody answers."""
    request = urllib.request.Request(
        f"https://127.0.0.1:{site.port}{path}", headers={"Host": f"{NAME}:{site.port}", **headers(password), **more}
    )
    trust = site.trust
    trust.check_hostname = False  # the name leads nowhere but in this test
    try:
        with urllib.request.urlopen(request, timeout=30, context=trust) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def test_page_asks_and_is_answered_in_a_browser(site: Site) -> None:
    path = chromium()
    flags = [*FLAGS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        context, watch = browser.new_context(ignore_https_errors=True), Watch(site.origin)
        context.set_default_timeout(60_000)
        # the browser keeps the password as after its own dialog: with `http_credentials`, Playwright holds up every
        # request to answer for it, and some end in ERR_TOO_MANY_RETRIES
        login = context.new_page()
        login.goto(f"https://me:{quote(PASSWORD)}@{NAME}:{site.port}{site.prefix}/_stcore/health")
        login.close()  # it is no page of the app: the browser may miss an icon of it at the site's root
        page = context.new_page()
        page.on("request", watch.see_request)
        page.on("console", watch.see_console)
        page.goto(f"{site.origin}{site.prefix}/")
        expect(page.get_by_label("Ask your notes")).to_be_focused(timeout=60_000)
        with page.expect_response(re.compile("/ahead")) as made:
            page.keyboard.type("what is GitOps?")
        assert made.value.status == 204
        ask(page, "what is GitOps?")
        expect(page.locator("article.ta-card h2").first).to_contain_text("GitOps Fundamentals", timeout=60_000)
        page.get_by_role("link", name="Library").click()
        expect(page.get_by_text("nothing can be added by its path")).to_be_attached(timeout=60_000)
        browser.close()
    assert watch.outside == []
    assert watch.complaints == []


def test_websocket_is_open_to_the_page_alone(site: Site) -> None:
    def opened(origin: str, password: str = PASSWORD) -> bool:
        trust = site.trust
        address = f"wss://{NAME}:{site.port}{site.prefix}/_stcore/stream"
        try:
            with connect(
                address,
                ssl=trust,
                sock=socket.create_connection(("127.0.0.1", site.port)),
                origin=Origin(origin),
                additional_headers=headers(password),
                proxy=None,
            ):
                return True
        except InvalidStatus:
            return False

    assert opened(site.origin)
    assert not opened(site.origin, "wrong")
    for other in (
        f"https://{NAME}",
        f"http://{NAME}:{site.port}",
        "https://evil.example",
        f"https://127.0.0.1:{site.port}",
    ):
        assert not opened(other)


def test_requests_need_the_password_the_name_and_the_page_s_own_origin(site: Site) -> None:
    top = f"{site.prefix}/"
    assert status(site, top) == 200
    assert status(site, top, Origin=site.origin) == 200
    assert status(site, top, Origin="https://evil.example") == 403
    assert status(site, top, Host="evil.example") == 400
    assert status(site, top, "") == 401


def test_guesses_are_counted_for_who_makes_them_and_never_hold_up_the_right_password(site: Site) -> None:
    """Only a proxy that was named is believed who asks."""

    def guess(claimed: str) -> int:
        request = urllib.request.Request(
            f"{site.direct}{site.prefix}/", headers={**headers("wrong"), "X-Forwarded-For": claimed}
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=30)
        with refused.value as reply:
            return reply.code

    codes = [guess(f"203.0.113.{number}") for number in range(FREE_TRIES + 2)]
    assert (429 in codes) == bool(site.prefix)
    assert status(site, f"{site.prefix}/") == 200
