"""A server proves who it is: by TLS with a certificate that is checked, before anything is told to it.

The server with pgvector that tests use is built without TLS, so this is the system's, without pgvector: how far a
library gets tells what was checked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from index.engine import prepare_server
from index.engine.server.address import read_address
from index.engine.server.connection import Server
from index.errors import LibraryError
from tests.ports import free_port

PROGRAMS: Final = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="module")
def secure() -> Iterator[tuple[int, Path]]:
    """Return the port of a server that speaks TLS only and asks for a password, and the folder of its certificates."""
    if not PROGRAMS and not os.environ.get("TOPICS_REQUIRE_POSTGRES"):
        pytest.skip("PostgreSQL of the system is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="topics-tls-"))
    owner = "postgres" if os.geteuid() == 0 else None
    folder.chmod(0o711)  # the server runs as another user than root
    data = folder / "data"
    make_certificates(folder)
    data.mkdir(0o700)
    if owner:
        shutil.chown(data, owner)
    (folder / "password").write_text("open sesame\n")
    (folder / "password").chmod(0o644 if owner else 0o600)
    port = free_port()

    def run(program: str, *arguments: str) -> None:
        command = [str(PROGRAMS[-1] / program), "-D", str(data), *arguments]
        subprocess.run(command, user=owner, cwd="/", check=True, capture_output=program == "initdb", timeout=60)

    run("initdb", "-A", "scram-sha-256", "-U", "owner", f"--pwfile={folder / 'password'}")
    for name in ("server.key", "server.crt"):
        shutil.copy(folder / name, data / name)
        (data / name).chmod(0o600)
        if owner:
            shutil.chown(data / name, owner)
    (data / "pg_hba.conf").write_text("hostssl all ann 127.0.0.1/32 cert\nhostssl all all 127.0.0.1/32 scram-sha-256\n")
    shutil.copy(folder / "authority.crt", data / "authority.crt")
    (data / "authority.crt").chmod(0o644)
    options = f"-h 127.0.0.1 -p {port} -k {data} -c ssl=on -c ssl_ca_file={data}/authority.crt"
    log = subprocess.DEVNULL
    subprocess.run(
        [str(PROGRAMS[-1] / "pg_ctl"), "-D", str(data), "-w", "-l", str(data / "log"), "-o", options, "start"],
        user=owner,
        cwd="/",
        check=True,
        stdout=log,
        timeout=60,
    )
    (folder / "password").chmod(0o600)
    try:
        yield port, folder
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def make_certificates(folder: Path) -> None:
    """Make an authority, and a certificate of the name localhost by it; another authority that has signed nothing."""
    for name in ("authority", "stranger"):
        openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}")
        (folder / "key.pem").rename(folder / f"{name}.key")
        (folder / "out.pem").rename(folder / f"{name}.crt")
    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    sign(folder, "server", "localhost")
    for person in ("ann", "bob"):
        sign(folder, person, person)
        (folder / f"{person}.key").chmod(0o600)


def sign(folder: Path, name: str, subject: str) -> None:
    """Make a key, and a certificate of a subject by the authority."""
    openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={subject}")
    (folder / "key.pem").rename(folder / f"{name}.key")
    (folder / "out.pem").rename(folder / f"{name}.csr")
    command = ["openssl", "x509", "-req", "-in", f"{name}.csr", "-CA", "authority.crt", "-CAkey", "authority.key"]
    command += ["-days", "2", "-CAcreateserial", "-extfile", "names", "-out", f"{name}.crt"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def openssl(folder: Path, *arguments: str) -> None:
    command = ["openssl", *arguments, "-keyout", "key.pem", "-out", "out.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def ask(host: str, secure: tuple[int, Path], authority: str, mode: str = "verify-full") -> list[tuple[object, ...]]:
    port, folder = secure
    address = f"postgresql://owner@{host}:{port}/postgres?library=team&sslmode={mode}&sslrootcert={folder / authority}"
    with closing(Server(read_address(address))) as server:
        return server.all("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")


@pytest.fixture(autouse=True)
def _password(secure: tuple[int, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPICS_PASSWORD_FILE", str(secure[1] / "password"))
    monkeypatch.setattr("index.engine.server.connection.COMES_BACK_SECONDS", 0.0)


def test_a_server_whose_certificate_is_right_is_spoken_to_by_tls(secure: tuple[int, Path]) -> None:
    assert ask("localhost", secure, "authority.crt") == [(True, "TLSv1.3")]


def test_a_server_of_another_authority_is_told_nothing(secure: tuple[int, Path]) -> None:
    with pytest.raises(LibraryError, match="certificate verify failed"):
        ask("localhost", secure, "stranger.crt")


def test_a_server_of_another_name_is_told_nothing(secure: tuple[int, Path]) -> None:
    with pytest.raises(LibraryError, match="does not match host name"):
        ask("127.0.0.1", secure, "authority.crt")


def test_a_way_that_is_not_encrypted_is_refused_by_the_server(secure: tuple[int, Path]) -> None:
    with pytest.raises(LibraryError, match="no encryption"):
        ask("localhost", secure, "authority.crt", "disable")


def test_a_wrong_password_is_said_without_waiting(secure: tuple[int, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    file = secure[1] / "wrong"
    file.write_text("guess")
    file.chmod(0o600)
    monkeypatch.setenv("TOPICS_PASSWORD_FILE", str(file))
    monkeypatch.setattr("index.engine.server.connection.COMES_BACK_SECONDS", 30.0)
    started = time.monotonic()
    with pytest.raises(LibraryError, match="password authentication failed") as failed:
        ask("localhost", secure, "authority.crt")
    assert "guess" not in str(failed.value)
    assert time.monotonic() - started < 10


def test_a_server_without_pgvector_is_told_apart(secure: tuple[int, Path]) -> None:
    port, folder = secure
    address = f"postgresql://owner@localhost:{port}/postgres?sslmode=verify-full&sslrootcert={folder / 'authority.crt'}"
    with pytest.raises(LibraryError, match="lacks the extension pgvector"):
        prepare_server(address)


def ask_as(user: str, certificate: str, secure: tuple[int, Path]) -> list[tuple[object, ...]]:
    port, folder = secure
    address = (
        f"postgresql://{user}@localhost:{port}/postgres?library=team&sslrootcert={folder}/authority.crt"
        f"&sslmode=verify-full&sslcert={folder}/{certificate}.crt&sslkey={folder}/{certificate}.key"
    )
    with closing(Server(read_address(address))) as server:
        return server.all("SELECT current_user::text, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()")


@pytest.fixture
def ann(secure: tuple[int, Path]) -> str:
    """Return a user whom the server knows by a certificate alone."""
    port, folder = secure
    address = f"postgresql://owner@localhost:{port}/postgres?library=x&sslrootcert={folder}/authority.crt"
    with closing(Server(read_address(address), does="writes")) as server:
        if not server.all("SELECT 1 FROM pg_roles WHERE rolname = 'ann'"):
            server.all("CREATE ROLE ann LOGIN")
    return "ann"


def test_a_client_certificate_stands_in_for_a_password(
    ann: str, secure: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOPICS_PASSWORD_FILE")
    assert ask_as(ann, "ann", secure) == [("ann", "/CN=ann")]


def test_a_certificate_of_somebody_else_is_refused(
    ann: str, secure: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOPICS_PASSWORD_FILE")
    with pytest.raises(LibraryError, match="certificate authentication failed"):
        ask_as(ann, "bob", secure)


def test_a_key_that_others_may_read_is_refused(
    ann: str, secure: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOPICS_PASSWORD_FILE")
    (secure[1] / "ann.key").chmod(0o644)
    try:
        with pytest.raises(LibraryError, match="group or world access"):
            ask_as(ann, "ann", secure)
    finally:
        (secure[1] / "ann.key").chmod(0o600)
