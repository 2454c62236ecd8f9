"""how is it kept safely?"""

from index.storage.checksums import Checksums, is_whole, seal
from index.storage.database import Connection, Database, connect, emptied_wal, refuse_foreign, write_ahead
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
    write_whole,
)
from index.storage.lock import disk_errors, one_at_a_time, writing

__all__ = [
    "Checksums",
    "Connection",
    "Database",
    "DerivedIndex",
    "Manifest",
    "begin",
    "connect",
    "disk_errors",
    "emptied_wal",
    "is_own_file",
    "is_own_folder",
    "is_plain_name",
    "is_whole",
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
    "seal",
    "sound_manifest",
    "write_ahead",
    "write_export",
    "write_whole",
    "writing",
]
