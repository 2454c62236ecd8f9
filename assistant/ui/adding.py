"""adding notes: a folder by its path, or files and folders from the browser"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

import streamlit as st

from assistant.operations import (
    MAX_FILES,
    MAX_MEGABYTES,
    MAX_MEGABYTES_TOGETHER,
    Cancelled,
    Upload,
    Work,
    keep_uploads,
)
from assistant.server import roots
from assistant.service import service
from assistant.ui.frame import label_text
from assistant.ui.library_view import refused_html
from index.errors import TopicsError
from index.formats import SUFFIXES
from index.indexing import Progress, SyncReport
from index.library import Library
from index.sources import source_name

_TYPES: Final = sorted(suffix.removeprefix(".") for suffix in SUFFIXES)
_LIMITS: Final = (
    f"Up to {MAX_FILES:,} files at once, {MAX_MEGABYTES} MB each and {MAX_MEGABYTES_TOGETHER} MB together: "
    f"{', '.join(_TYPES)}. They are copied into the library's own folder."
)

NOTHING_CHOSEN: Final = "Nothing was kept: no file was chosen, or those marked in red were too large or no notes."


class UploadedFile(Protocol):
    """A file as Streamlit hands it over."""

    name: str

    def getvalue(self) -> bytes:
        """Return its bytes."""


def show_adding() -> None:
    """Show the ways in which notes come into the library."""
    st.header("Add notes", anchor=False)
    by_path, files, folder = st.tabs(["A folder on this machine", "Upload files", "Upload a folder"])
    with by_path:
        _show_path()
    with files:
        _show_uploader("Files", "files")
    with folder:
        _show_uploader("A folder with all that is in it", "folder")
    if message := st.session_state.pop("adding_error", ""):
        st.error(message)
    if refused := st.session_state.get("refused"):
        st.html(refused_html(refused))


def _show_path() -> None:
    if roots.names is not None:
        st.caption(label_text(allowed_words(roots.names)))
    if not roots.is_open:
        return
    with st.form("add", border=False):
        st.text_input("Path of a folder or file", key="path", placeholder="~/notes")
        st.form_submit_button("Add and read it", on_click=_add_path)


def allowed_words(allowed: Sequence[Path]) -> str:
    """Return which paths may be added where not all may.

    >>> allowed_words([Path("/srv/wiki")])
    'Only what lies in /srv/wiki can be added here by its path.'
    """
    if not allowed:
        return "Other machines reach this app: here, nothing can be added by its path. `topics add` on its machine can."
    return f"Only what lies in {', '.join(map(str, allowed))} can be added here by its path."


def _show_uploader(label: str, key: str) -> None:
    with st.form(f"upload-{key}", border=False, clear_on_submit=True):
        st.file_uploader(
            label, _TYPES, accept_multiple_files="directory" if key == "folder" else True, key=key, help=_LIMITS
        )
        st.form_submit_button("Keep and read them", key=f"keep-{key}", on_click=_keep, args=(key,))


def _add_path() -> None:
    path = pasted_path(st.session_state["path"])
    if not path:
        return
    try:
        source = roots.resolve(path)
    except TopicsError as error:
        st.session_state.adding_error = str(error)
        return
    st.session_state["path"] = ""
    service.jobs.start(_reading(source))


def pasted_path(text: str) -> str:
    """Return a path without what other programs put around one when it is copied: quotes, or the form of an address.

    >>> pasted_path(" '~/my notes' "), pasted_path("file:///home/ann/my%20notes")
    ('~/my notes', '/home/ann/my notes')
    """
    path = text.strip()
    if len(path) > 1 and path[0] == path[-1] and path[0] in "'\"":
        path = path[1:-1].strip()
    return url2pathname(urlsplit(path).path) if path.casefold().startswith("file://") else path


def _keep(key: str) -> None:
    files: Sequence[UploadedFile] = st.session_state[key] or ()
    st.session_state.refused = {}
    if not files:
        st.session_state.adding_error = NOTHING_CHOSEN
        return
    try:
        kept = keep_uploads(service.library().folder, (Upload(file.name, file.getvalue()) for file in files))
    except TopicsError as error:
        st.session_state.adding_error = str(error)
        return
    st.session_state.refused = kept.refused
    if kept.kept:
        service.jobs.start(_reading(kept.folder))


def _reading(source: str | Path) -> Work:
    """Return the work of adding a source and reading it; one that is cancelled before any of it was read goes again."""

    def read(library: Library, progress: Progress) -> SyncReport:
        is_new = source_name(source) not in library.sources()
        library.add(source)
        try:
            return library.sync(progress)
        except Cancelled:
            if is_new and not any(document.source == source_name(source) for document in library.documents()):
                library.remove(source)
            raise

    return read
