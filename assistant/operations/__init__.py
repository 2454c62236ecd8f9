"""how is a library changed and checked?"""

from assistant.operations.doctor import examine, mend
from assistant.operations.first_start import FirstStart
from assistant.operations.jobs import Cancelled, Keeper, Outcome, Pace, Work
from assistant.operations.status import Status, by_reason, library_status
from assistant.operations.uploads import (
    MOST_FILES,
    MOST_MEGABYTES,
    MOST_MEGABYTES_TOGETHER,
    Upload,
    are_uploads,
    keep_uploads,
    remove_source,
)

__all__ = [
    "MOST_FILES",
    "MOST_MEGABYTES",
    "MOST_MEGABYTES_TOGETHER",
    "Cancelled",
    "FirstStart",
    "Keeper",
    "Outcome",
    "Pace",
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
