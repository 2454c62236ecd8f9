"""how is a library changed and checked?"""

from assistant.operations.doctor import examine, mend
from assistant.operations.first_start import FirstStart
from assistant.operations.jobs import Cancelled, JobProgress, JobRunner, Outcome, Work
from assistant.operations.status import Status, by_reason, library_status
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
    "Cancelled",
    "FirstStart",
    "JobProgress",
    "JobRunner",
    "Outcome",
    "Status",
    "Upload",
    "Work",
    "are_uploads",
    "by_reason",
    "examine",
    "keep_uploads",
    "library_status",
    "mend",
    "remove_source",
]
