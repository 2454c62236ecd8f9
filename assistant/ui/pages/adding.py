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
    Upload,
    find_note_folders,
    keep_uploads,
    patterns_of,
    preview_folder,
)
from assistant.server import roots
from assistant.service import service
from assistant.ui.changes import reading
from assistant.ui.frame import label_text
from assistant.ui.views.library import refused_html
from assistant.ui.views.messages import message_html
from assistant.ui.views.preview import preview_html
from index.errors import TopicsError
from index.formats import SUFFIXES
from index.sources import Ignored, source_root

_TYPES: Final = sorted(suffix.removeprefix(".") for suffix in SUFFIXES)
_LIMITS: Final = (
    f"Up to {MAX_FILES:,} files at once, {MAX_MEGABYTES} MB each and {MAX_MEGABYTES_TOGETHER} MB together: "
    f"{', '.join(_TYPES)}. They are copied into the library's own folder."
)

NO_PATH: Final = "Type the path of a folder or file first, as in ~/notes."

NOTHING_CHOSEN: Final = "Nothing was kept: no file was chosen, or those marked in red were too large or no notes."


MAX_FOLDERS: Final = 8
"""Folders of notes that are offered; who has more of them knows their paths."""

_PATTERNS_HELP: Final = (
    "Patterns as in .gitignore, with commas between: `drafts/` is a folder, `*.draft.md` files by name."
)


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
        st.html(message_html(message))
    if refused := st.session_state.get("refused"):
        st.html(refused_html(refused))


def _show_path() -> None:
    if roots.names is not None:
        st.caption(label_text(allowed_words(roots.names)))
    if not roots.is_open:
        return
    if roots.names is None:
        _show_found_folders()
    path = pasted_path(st.text_input("Path of a folder or file", key="path", placeholder="~/notes"))
    if path:
        _show_patterns(path)
    st.button("Add and read it", key="add", on_click=_add_path)


def _show_found_folders() -> None:
    """Offer the folders of notes that this machine is known to have, but for those that are read already."""
    sources = service.library().sources()
    folders = [folder for folder in find_note_folders(Path.home()) if str(folder.path) not in sources]
    for folder in folders[:MAX_FOLDERS]:
        label = f"{folder.kind}: {label_text(str(folder.path))}"
        st.button(label, key=f"found-{folder.path}", on_click=_choose, args=(str(folder.path),))


def _choose(path: str) -> None:
    st.session_state["path"] = path


def _show_patterns(path: str) -> None:
    """Show what a folder holds, and let be chosen which of it is read."""
    with st.container(horizontal=True):
        exclude = st.text_input("Leave out", key="exclude", placeholder="drafts/, *.draft.md", help=_PATTERNS_HELP)
        include = st.text_input("Read only", key="include", placeholder="*.md", help=_PATTERNS_HELP)
    try:
        root = source_root(roots.resolve(path))
        preview = preview_folder(root, patterns_of(include or ""), patterns_of(exclude or ""))
    except TopicsError as error:
        st.html(message_html(str(error)))
        return
    st.html(preview_html(root, preview))


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
        st.session_state.adding_error = NO_PATH
        return
    try:
        source = roots.resolve(path)
    except TopicsError as error:
        st.session_state.adding_error = str(error)
        return
    patterns = {name: patterns_of(st.session_state.get(name) or "") for name in ("include", "exclude")}
    try:
        Ignored.by(**patterns)
    except TopicsError as error:
        st.session_state.adding_error = str(error)
        return
    st.session_state.update({"path": "", "include": "", "exclude": ""})
    service.jobs.start(reading(source, **patterns))


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
        uploads = keep_uploads(service.library().folder, (Upload(file.name, file.getvalue()) for file in files))
    except TopicsError as error:
        st.session_state.adding_error = str(error)
        return
    st.session_state.refused = uploads.refused
    if uploads.names:
        service.jobs.start(reading(uploads.folder))
