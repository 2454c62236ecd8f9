"""where TOPICS_SEARCH says that Milvus is: `milvus://host:19530`, which never holds a secret"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from index.engine.server.address import read_secret
from index.errors import SettingError

if TYPE_CHECKING:
    from index.engine.milvus.index import MilvusIndex

SEARCH: Final = "TOPICS_SEARCH"
"""The environment variable with the address of Milvus."""

TOKEN_FILE: Final = "TOPICS_SEARCH_TOKEN_FILE"  # noqa: S105  # the name of a variable
"""The environment variable that names a file with `USER:PASSWORD` or a token in it."""

_SCHEMES: Final = {"milvus": "http", "milvus+tls": "https"}


def search_address() -> str:
    """Return the address of Milvus; empty where there is none."""
    return os.environ.get(SEARCH, "")


def open_index(library: str) -> MilvusIndex:
    """Return the index of a library, by its unique id, where TOPICS_SEARCH says.

    Raises:
        SettingError: the address is none, or holds a password.
        ImportError: the client of Milvus is not installed.

    """
    from index.engine.milvus.index import MilvusIndex  # only those need it who use Milvus

    return MilvusIndex(milvus_uri(search_address()), library, read_secret(TOKEN_FILE) or "")


def milvus_uri(address: str) -> str:
    """Return an address as the client of Milvus reads it; the path of a file is one for milvus-lite.

    >>> milvus_uri("milvus://search.example:19530"), milvus_uri("milvus+tls://search.example:19530")
    ('http://search.example:19530', 'https://search.example:19530')

    Raises:
        SettingError: it is none, or holds a password.

    """
    parts = urlsplit(address)
    if parts.scheme not in _SCHEMES or not (parts.netloc or parts.path):
        raise SettingError(f"{SEARCH} is no address of Milvus. As in: milvus://search.example:19530")
    if "@" in parts.netloc:
        raise SettingError(f"{SEARCH} holds a user or a password. Write USER:PASSWORD to a file named in {TOKEN_FILE}.")
    return f"{_SCHEMES[parts.scheme]}://{parts.netloc}" if parts.netloc else parts.path
