"""how is a library changed and checked?"""

from typing import TYPE_CHECKING

from index.faces import lazy_face

if TYPE_CHECKING:
    from assistant.operations.doctor import examine, mend
    from assistant.operations.drafts import draft_folders, draft_of, write_draft
    from assistant.operations.first_start import FirstStart
    from assistant.operations.jobs import JobProgress, JobResult, JobRunner, Work
    from assistant.operations.note_folders import (
        FolderPreview,
        NoteFolder,
        find_note_folders,
        patterns_of,
        preview_folder,
    )
    from assistant.operations.server_words import server_facts
    from assistant.operations.sources import Source, folder_size, read_sources
    from assistant.operations.status import Status, away_words, by_reason, library_status
    from assistant.operations.uploads import (
        MAX_FILES,
        MAX_MEGABYTES,
        MAX_MEGABYTES_TOGETHER,
        Upload,
        are_uploads,
        keep_uploads,
        remove_source,
    )

__all__ = [
    "MAX_FILES",
    "MAX_MEGABYTES",
    "MAX_MEGABYTES_TOGETHER",
    "FirstStart",
    "FolderPreview",
    "JobProgress",
    "JobResult",
    "JobRunner",
    "NoteFolder",
    "Source",
    "Status",
    "Upload",
    "Work",
    "are_uploads",
    "away_words",
    "by_reason",
    "draft_folders",
    "draft_of",
    "examine",
    "find_note_folders",
    "folder_size",
    "keep_uploads",
    "library_status",
    "mend",
    "patterns_of",
    "preview_folder",
    "read_sources",
    "remove_source",
    "server_facts",
    "write_draft",
]

__getattr__ = lazy_face(__name__, __file__)
