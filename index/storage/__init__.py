"""how is it kept safely?"""

from index.storage.checksums import Checksums, checksums_of, verify
from index.storage.database import Database
from index.storage.derived_index import (
    DerivedIndex,
    Manifest,
    begin,
    known_manifest,
    publish,
    read_manifest,
    read_sound,
    sound_manifest,
)
from index.storage.disk import (
    is_own_file,
    is_own_folder,
    is_plain_name,
    leftover_parts,
    make_folder,
    read_own,
    remove,
    write_export,
    write_new,
    write_whole,
)
from index.storage.journal import AskedRow, JournalRows, JournalStore, LastAsked, NotedKind, NotedRow
from index.storage.lock import LOCK_SECONDS, disk_errors, one_at_a_time, writing
from index.storage.protocols import CatalogReader, Orphans, Reader, Storage, Worker, Writer
from index.storage.searching import Candidates, DenseReader, EntryMatch, Filters, LexicalReader, TopicViews
from index.storage.server_state import Replica, ServerState
from index.storage.sqlite_files import Connection, connect, emptied_wal, refuse_foreign, write_ahead

__all__ = [
    "LOCK_SECONDS",
    "AskedRow",
    "Candidates",
    "CatalogReader",
    "Checksums",
    "Connection",
    "Database",
    "DenseReader",
    "DerivedIndex",
    "EntryMatch",
    "Filters",
    "JournalRows",
    "JournalStore",
    "LastAsked",
    "LexicalReader",
    "Manifest",
    "NotedKind",
    "NotedRow",
    "Orphans",
    "Reader",
    "Replica",
    "ServerState",
    "Storage",
    "TopicViews",
    "Worker",
    "Writer",
    "begin",
    "checksums_of",
    "connect",
    "disk_errors",
    "emptied_wal",
    "is_own_file",
    "is_own_folder",
    "is_plain_name",
    "known_manifest",
    "leftover_parts",
    "make_folder",
    "one_at_a_time",
    "publish",
    "read_manifest",
    "read_own",
    "read_sound",
    "refuse_foreign",
    "remove",
    "sound_manifest",
    "verify",
    "write_ahead",
    "write_export",
    "write_new",
    "write_whole",
    "writing",
]
