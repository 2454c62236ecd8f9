"""A team's library as docs/server.md describes it: two app servers, a worker near the notes, nginx in front."""

from __future__ import annotations

import base64
import json
import os
import re
import shlex
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import typer.main
import yaml
from typer.core import TyperGroup

from assistant.cli.main import app
from tests.browser import serving
from tests.ports import free_port
from tests.servers import TestServer
from tests.traced import required_program

PAGE: Final = (Path(__file__).parents[1] / "docs" / "server.md").read_text(encoding="utf-8")
NAME: Final = "notes.example.com"
QUESTION: Final = "how often is the heron pond cleaned?"
PASSWORD: Final = "correct horse battery staple"  # noqa: S105 (of this test only)
NOTE: Final = "# Pond\n\n## Cleaning the heron pond\nThe heron pond is cleaned {}.\n"
PATIENCE: Final = 60.0

KEYS: Final = frozenset(
    {"image", "command", "environment", "secrets", "volumes", "depends_on", "healthcheck", "restart", "ports"}
)
"""What the compose specification lets a service say, as far as the page does."""


def block(kind: str) -> str:
    """Return what stands in the page between fences of a kind."""
    [text] = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    return str(text)


# the compose file, as far as it can be read without docker


def test_every_command_of_the_compose_file_is_one_with_these_options() -> None:
    composed = yaml.safe_load(block("yaml"))
    services = composed["services"]
    assert [name for name in services if name.startswith("app")] == ["app1", "app2"]
    commands = [shlex.split(str(service["command"])) for service in services.values() if "command" in service]
    scripts = [shlex.split(step) for command in commands if command[0] == "sh" for step in command[2].split(" && ")]
    plain = [command for command in commands if command[0] == "topics"]
    assert len(plain) + len(scripts) == 5
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    for program, name, *arguments in plain + scripts:
        assert program == "topics"
        command = group.get_command(typer.Context(group), name)
        assert command
        command.make_context(name, arguments)  # raises where an option is none


def test_every_file_and_name_of_the_compose_file_is_one_that_is_there() -> None:
    composed = yaml.safe_load(block("yaml"))
    services = composed["services"]
    used = {secret for service in services.values() for secret in service.get("secrets", ())}
    assert used == composed["secrets"].keys() == {"owner", "page"}
    mounted = [volume.split(":")[0] for service in services.values() for volume in service.get("volumes", ())]
    assert set(mounted) == {"data", "/srv/notes", "./nginx.conf", "./certificates"}
    assert composed["volumes"].keys() == {"data"}
    made = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
    for told in ("> owner", "> page", "mkdir certificates", "certificates/notes.key", "certificates/notes.pem"):
        assert told in made, told
    assert "/certificates/notes.pem" in block("nginx")
    waited_for = {name for service in services.values() for name in service.get("depends_on", ())}
    assert waited_for <= services.keys()
    assert {name for name in services if services[name].get("restart") != "unless-stopped"} == {"init"}
    assert {key for service in services.values() for key in service} <= KEYS


def test_every_variable_that_the_page_names_is_read_somewhere() -> None:
    folder = Path(__file__).parents[1]
    code = "".join(
        file.read_text(encoding="utf-8") for room in ("index", "assistant") for file in (folder / room).rglob("*.py")
    )
    named = set(re.findall(r"TOPICS_[A-Z_]+", PAGE)) - {"TOPICS_PUBLISHES"}  # which tests read
    assert named >= {"TOPICS_LIBRARY", "TOPICS_PASSWORD_FILE", "TOPICS_SEARCH"}
    assert {name for name in named if f'"{name}"' not in code} == set()


# the same processes here


@dataclass(frozen=True)
class Team:
    address: str
    notes: Path
    apps: tuple[str, str]
    environment: Mapping[str, str]


@pytest.fixture(scope="module")
def team(server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """Return a library on a server with a worker that follows its notes, and two app servers, one with pages."""
    folder = tmp_path_factory.mktemp("team")
    notes, address = folder / "notes", server.address("team-of-two")
    notes.mkdir()
    (notes / "pond.md").write_text(NOTE.format("twice a year"))
    environment = os.environ | {"XDG_DATA_HOME": str(folder / "data"), "HOME": str(folder), "TOPICS_LIBRARY": address}
    run(environment, "add", "--no-builtin", str(notes))
    worker = subprocess.Popen([sys.executable, "-m", "assistant", "sync", "--watch"], env=environment)
    try:
        with (
            serving(Path("-"), environment=environment, options=["--library", address]) as first,
            serving(Path("-"), environment=environment, options=["--no-app", "--library", address]) as second,
        ):
            yield Team(address, notes, (first, second), environment)
    finally:
        worker.terminate()
        worker.wait(timeout=20)


def run(environment: Mapping[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "assistant", *arguments]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(app: str, question: str, opener: Callable[[str], bytes] | None = None) -> dict[str, Any]:
    address = f"{app}/api/v1/ask?{urllib.parse.urlencode({'question': question})}"
    record: dict[str, Any] = json.loads((opener or fetched)(address))
    return record


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as reply:
        return bytes(reply.read())


def wait_until(is_so: Callable[[], bool]) -> float:
    started = time.monotonic()
    while not is_so():
        assert time.monotonic() < started + PATIENCE, "it did not come to that"
        time.sleep(0.1)
    return time.monotonic() - started


@pytest.mark.slow
def test_what_is_edited_near_the_notes_is_answered_by_both_app_servers(team: Team) -> None:
    wait_until(lambda: all(is_answered(application, "twice a year") for application in team.apps))
    (team.notes / "pond.md").write_text(NOTE.format("every month"))
    wait_until(lambda: all(is_answered(application, "every month") for application in team.apps))


def is_answered(application: str, words: str, opener: Callable[[str], bytes] | None = None) -> bool:
    """Say whether an app server answers with some words; one that is only starting does not."""
    try:
        return words in str(asked(application, QUESTION, opener)["answer"])
    except urllib.error.HTTPError as error:
        with error:
            is_starting = error.code == 503
        if not is_starting:
            raise
        return False


@pytest.mark.slow
def test_the_doctor_assistants_an_evaluation_and_the_map_take_the_address(team: Team, tmp_path: Path) -> None:
    said = run(team.environment, "doctor")
    assert "PostgreSQL 18" in said
    assert "`topics mcp` was started once and answers" in " ".join(said.split())
    line = {"question": QUESTION, "topic": "Cleaning the heron pond", "kind": "natural", "half": "report"}
    (tmp_path / "questions.jsonl").write_text(json.dumps(line))
    assert json.loads(run(team.environment, "eval", str(tmp_path / "questions.jsonl"), "--json"))
    assert json.loads(run(team.environment, "map", "--json"))["points"]


# nginx in front of both


@contextmanager
def nginx(folder: Path, port: int, apps: tuple[str, str]) -> Iterator[Path]:
    """Run nginx by the lines of the page; yield its certificate."""
    certificate, key = folder / "notes.pem", folder / "notes.key"
    openssl = required_program("openssl", "TOPICS_REQUIRE_NGINX")
    request = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={NAME} -addext subjectAltName=DNS:{NAME}".split()
    subprocess.run([openssl, *request, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    lines = block("nginx")
    first, second = (application.removeprefix("http://") for application in apps)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    for written, here in {
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "app1:8501": first,
        "app2:8501": second,
        "/certificates/notes.pem": str(certificate),
        "/certificates/notes.key": str(key),
        "http {": f"http {{ access_log off; {temporary}",
    }.items():
        assert lines.count(written) == 1, written
        lines = lines.replace(written, here)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;\n{lines}"
    )
    program = required_program("nginx", "TOPICS_REQUIRE_NGINX")
    process = subprocess.Popen(
        [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    )
    try:
        yield certificate
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.mark.slow
@pytest.mark.proxy
def test_nginx_gives_a_visitor_the_other_app_server_where_one_is_away(team: Team, tmp_path: Path) -> None:
    required_program("nginx", "TOPICS_REQUIRE_NGINX")
    port, away = free_port(), f"http://127.0.0.1:{free_port()}"
    (tmp_path / "password").write_text(PASSWORD)
    options = ["--library", team.address, "--no-app", "--name", f"https://{NAME}:{port}", "--behind-proxy", "127.0.0.1"]
    options += ["--password-file", str(tmp_path / "password")]
    with (
        serving(Path("-"), environment=team.environment, options=options) as present,
        nginx(tmp_path, port, (away, present)) as certificate,
    ):
        trust = ssl.create_default_context(cafile=str(certificate))
        trust.check_hostname = False  # the name leads nowhere but in this test
        known = base64.b64encode(f"me:{PASSWORD}".encode()).decode()

        def through_proxy(address: str) -> bytes:
            request = urllib.request.Request(
                address, headers={"Host": f"{NAME}:{port}", "Authorization": f"Basic {known}"}
            )
            with urllib.request.urlopen(request, timeout=60, context=trust) as reply:
                return bytes(reply.read())

        wait_until(lambda: is_open(port))
        wait_until(lambda: is_answered(f"https://127.0.0.1:{port}", "heron pond", through_proxy))
        assert is_answered(f"https://127.0.0.1:{port}", "heron pond", through_proxy)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
