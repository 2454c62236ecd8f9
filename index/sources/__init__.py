"""which files are there?"""

from typing import TYPE_CHECKING

from index.faces import lazy_face

if TYPE_CHECKING:
    from index.sources.attachments import PICTURES, file_inside, find_picture, picture_names
    from index.sources.faults import reason_of
    from index.sources.files import (
        BUILTIN,
        ELSEWHERE,
        FoundFile,
        find_files,
        fingerprint_of,
        is_inside,
        mode_of,
        resolve_source,
        source_name,
        source_root,
    )
    from index.sources.ignore import Ignored
    from index.sources.reading import FileReader, name_of, read_document

__all__ = [
    "BUILTIN",
    "ELSEWHERE",
    "PICTURES",
    "FileReader",
    "FoundFile",
    "Ignored",
    "file_inside",
    "find_files",
    "find_picture",
    "fingerprint_of",
    "is_inside",
    "mode_of",
    "name_of",
    "picture_names",
    "read_document",
    "reason_of",
    "resolve_source",
    "source_name",
    "source_root",
]

__getattr__ = lazy_face(__name__, __file__)
