"""which files are there?"""

from index.sources.faults import reason_of
from index.sources.files import (
    BUILTIN,
    ELSEWHERE,
    SUFFIXES,
    FoundFile,
    find_files,
    fingerprint_of,
    is_inside,
    mode_of,
    read_document,
    resolve_source,
    source_name,
    source_root,
)
from index.sources.ignore import Ignored

__all__ = [
    "BUILTIN",
    "ELSEWHERE",
    "SUFFIXES",
    "FoundFile",
    "Ignored",
    "find_files",
    "fingerprint_of",
    "is_inside",
    "mode_of",
    "read_document",
    "reason_of",
    "resolve_source",
    "source_name",
    "source_root",
]
