"""the address of a library on a server: `postgresql://host/database?library=NAME`, which never holds a secret"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from index.errors import SettingError
from index.places import is_address

PASSWORD_FILE: Final = "TOPICS_PASSWORD_FILE"  # noqa: S105  # the name of a variable
"""The environment variable that names a file with the password in it, as container platforms give secrets."""

LIBRARY_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")

_OPTIONS: Final = frozenset(
    {"sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile", "host", "hostaddr", "port", "user"}
    | {"target_session_attrs", "load_balance_hosts", "connect_timeout", "channel_binding", "sslnegotiation"}
)
"""What an address may say beside the library: how the server is reached, never what it does."""

CONNECT_SECONDS: Final = 5
"""How long one host is waited for before the next one that the address names is tried."""


class Address(NamedTuple):
    """The address of a library: a database, and the name of the library in it."""

    library: str
    parameters: Mapping[str, str]
    """The parameters for libpq, without a password."""

    @property
    def name(self) -> str:
        """What a person calls it."""
        hosts = self.parameters.get("host") or "localhost"
        database = f"postgresql://{hosts}/{self.parameters.get('dbname', '')}"
        return f"{database}?library={self.library}" if self.library else database


def read_address(address: str, *, needs_library: bool = True) -> Address:
    """Take an address apart.

    >>> read_address("postgresql://ann@db.example/notes?library=team").name
    'postgresql://db.example/notes?library=team'

    Raises:
        SettingError: it holds a password, names no library, or says what an address may not.

    """
    if not is_address(address):
        raise SettingError(f"{address} is no address of a server. {_EXAMPLE}")
    try:
        parts = urlsplit(address)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise SettingError(f"That is no address of a library: {error}. {_EXAMPLE}") from error
    user_and_password, _, hosts = parts.netloc.rpartition("@")
    user, colon, _ = user_and_password.partition(":")
    if colon or "password" in options:
        raise SettingError(
            "The address of a library holds a password, which others can read in the list of processes. Leave it out: "
            f"write it to a file only you may read and name that in {PASSWORD_FILE}, or use ~/.pgpass or a certificate."
        )
    library = options.pop("library", "")
    if (library or needs_library) and not LIBRARY_NAME.fullmatch(library):
        raise SettingError(
            f"The address names no library, or one with characters other than letters, digits, . _ and -. {_EXAMPLE}"
        )
    if strange := sorted(options.keys() - _OPTIONS):
        raise SettingError(f"The address says {', '.join(strange)}, which is not for it to say. {_EXAMPLE}")
    return Address(library, _parameters(unquote(user), hosts, unquote(parts.path).strip("/"), options))


def _parameters(user: str, hosts: str, database: str, options: dict[str, str]) -> dict[str, str]:
    """Return the parameters for libpq; several hosts, with commas between them, are tried in turn."""
    pairs = [host.rpartition(":") if re.search(r":\d+$", host) else (host, "", "") for host in hosts.split(",") if host]
    told = {
        "host": ",".join(unquote(host) for host, _, _ in pairs),
        "port": ",".join(port for _, _, port in pairs) if any(port for _, _, port in pairs) else "",
        "user": user,
        "dbname": database,
        "connect_timeout": str(CONNECT_SECONDS),
    }
    told = {name: value for name, value in told.items() if value} | options
    if not _is_near(told.get("host", "")):
        told.setdefault("sslmode", "verify-full")
        if not (Path.home() / ".postgresql" / "root.crt").exists():
            told.setdefault("sslrootcert", "system")
    return told


def _is_near(hosts: str) -> bool:
    """Return whether every host is this machine: a socket, or its own address."""
    near = {"", "localhost", "127.0.0.1", "::1", "[::1]"}
    return all(host in near or host.startswith(("/", "@")) for host in hosts.split(","))


def read_password() -> str | None:
    """Return the password in the file that the environment names; None where it names none.

    Raises:
        SettingError: the file cannot be read, or others may read it.

    """
    return read_secret(PASSWORD_FILE)


def read_secret(variable: str) -> str | None:
    """Return what stands in the file that a variable of the environment names; None where it names none.

    Raises:
        SettingError: the file cannot be read, or others may read it.

    """
    named = os.environ.get(variable)
    if not named:
        return None
    file = Path(named).expanduser()
    try:
        mode = file.stat().st_mode
        password = file.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, ValueError) as error:
        raise SettingError(f"{variable} names {file}, which cannot be read ({error}).") from error
    if os.name == "posix" and mode & (stat.S_IWOTH | stat.S_IROTH):
        raise SettingError(f"{file} holds a password, and every user of this machine may read it: chmod 600 {file}")
    return password


_EXAMPLE: Final = "As in: postgresql://ann@db.example/notes?library=team"
