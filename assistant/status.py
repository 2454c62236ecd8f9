"""what the library holds, and what is wrong with it: the facts behind `topics status` and `topics doctor`"""

from __future__ import annotations

import platform
import shutil
from collections import Counter
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from index.encoder import DEFAULT_MODEL
from index.errors import TopicsError
from index.library import Library

PACKAGES: Final = (
    "topic-assistant",
    "sentence-transformers",
    "torch",
    "faiss-cpu",
    "langchain-text-splitters",
    "streamlit",
    "numpy",
)

LEAST_FREE_BYTES: Final = 500 * 2**20
"""Room for the vectors of about half a million passages."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that was left out, or read only in part."""

    source: str
    path: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Status:
    """What a library holds."""

    library: str
    model: str | None
    sources: dict[str, int]
    """Each source with the number of its files."""
    subjects: dict[str, int]
    """Each subject with the number of its topics."""
    topics: int
    documents: dict[str, int]
    """How many files are indexed, skipped, failed and stale."""
    problems: tuple[Problem, ...]
    stale: tuple[str, ...]
    """Files that are new, changed or gone since the last sync."""
    missing_sources: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Say whether every file could be read and every source is there."""
        return not self.documents["failed"] and not self.missing_sources

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def library_status(library: Library) -> Status:
    """Gather what a library holds, and compare it with the files as they are now."""
    documents = library.documents()
    stale = library.stale()
    by_source = Counter(document.source for document in documents)
    by_status = Counter(document.status for document in documents)
    subjects = library.subjects()
    return Status(
        library=str(library.folder),
        model=library.model,
        sources={source: by_source[source] for source in library.sources()},
        subjects=subjects,
        topics=sum(subjects.values()),
        documents={name: by_status[name] for name in ("indexed", "skipped", "failed")} | {"stale": len(stale)},
        problems=tuple(Problem(d.source, d.path, d.status, d.reason) for d in documents if d.reason),
        stale=tuple(path for _, path in stale),
        missing_sources=tuple(library.missing_sources()),
    )


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the doctor looked at."""

    name: str
    ok: bool
    finding: str
    mend: str = ""
    """What to do; empty when all is well."""


def examine(library: Library) -> list[Check]:
    """Look at everything that can be wrong with a library and the installation around it."""
    return [_packages(), _network(), _model(library), _disk(library), _notes(library)]


def _packages() -> Check:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "missing"
    finding = f"Python {platform.python_version()}, " + ", ".join(f"{name} {is_}" for name, is_ in found.items())
    missing = [name for name, is_ in found.items() if is_ == "missing"]
    return Check("Packages", not missing, finding, f"pip install {' '.join(missing)}" if missing else "")


def _network() -> Check:
    from huggingface_hub.constants import HF_HUB_OFFLINE  # read once at its import: the value that counts

    if HF_HUB_OFFLINE:
        return Check("Network", True, "model downloads are switched off; nothing here makes a request")
    return Check("Network", False, "model downloads are not switched off", "Set HF_HUB_OFFLINE=1 and start again.")


def _model(library: Library) -> Check:
    name = library.encoder.name
    try:
        library.encoder.verify()
    except TopicsError as error:
        return Check("Model", False, f"{name} cannot be used", str(error))
    if library.model not in (None, name):
        return Check(
            "Model",
            False,
            f"{name} is asked for, the library was made with {library.model}",
            "Leave the model setting out, or run `topics sync --reembed`.",
        )
    checked = "its checksum is the published one" if name == DEFAULT_MODEL else "it loads"
    return Check("Model", True, f"{name}: {checked}")


def _disk(library: Library) -> Check:
    free = shutil.disk_usage(library.folder).free
    enough = free >= LEAST_FREE_BYTES
    finding = f"{free / 2**30:.1f} GiB free at {library.folder}"
    return Check("Disk", enough, finding, "" if enough else "Free some space, or move the library with --library.")


def _notes(library: Library) -> Check:
    status = library_status(library)
    finding = f"{status.topics} topics from {status.documents['indexed']} files"
    if status.missing_sources:
        missing = ", ".join(status.missing_sources)
        return Check("Notes", False, f"not there: {missing}", "Bring it back, or run `topics remove PATH`.")
    if status.documents["failed"]:
        return Check("Notes", False, f"{status.documents['failed']} files failed", "See `topics status`.")
    if status.stale:
        return Check("Notes", False, f"{finding}; {len(status.stale)} files changed since", "Run `topics sync`.")
    return Check("Notes", True, finding)
