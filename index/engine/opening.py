"""the place of a library -> the engine that keeps it"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from index.engine.local.storage import LocalStorage
from index.places import is_address
from index.storage import Storage

if TYPE_CHECKING:
    from index.engine.server.schema import Prepared


def prepare_server(address: str) -> Prepared:
    """Make what libraries need in a database, or bring it to the present version.

    Raises:
        LibraryError: the server is too old, lacks pgvector, or refuses.
        SettingError: the address is none.

    """
    from index.engine.server.address import read_address
    from index.engine.server.connection import Server, explained
    from index.engine.server.schema import init

    read = read_address(address, needs_library=False)._replace(library="")
    with explained(read), Server(read, does="writes").connected() as connection:
        return init(connection)


def reindex_server(address: str) -> int:
    """Fill the search engine that TOPICS_SEARCH names from a library on a server; return how many topics it has.

    Where it names none, the server itself searches the library from now on.

    Raises:
        LibraryError: there is no such library, or it or the search engine cannot be used.
        SettingError: an address is none.
        ImportError: what speaks to a server is not installed.

    """
    from index.engine.server.address import read_address
    from index.engine.server.storage import ServerStorage

    with closing(ServerStorage(read_address(address), may_make=False)) as storage:
        return storage.reindex()


def open_storage(place: Path | str, *, may_make: bool = True) -> Storage:
    """Open the library in a folder or at the address of a server; where there is none, make one if that `may` be.

    Raises:
        LibraryError: it cannot be used, or is not there.
        SettingError: the address is none.
        ImportError: what speaks to a server is not installed.

    """
    if not is_address(place):
        return LocalStorage(Path(place), may_make=may_make)
    from index.engine.server.address import read_address  # only those need its client who use a server
    from index.engine.server.storage import ServerStorage

    return ServerStorage(read_address(str(place)), may_make=may_make)
