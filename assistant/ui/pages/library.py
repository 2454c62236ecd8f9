"""the page Library: its sources, the present change, and the journal"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import Final

import streamlit as st

from assistant.amounts import size_words
from assistant.operations import Source, Work, by_reason, folder_size, read_sources, server_facts
from assistant.place import Place
from assistant.service import service
from assistant.ui.changes import forgetting, removing
from assistant.ui.frame import begin, end, label_text
from assistant.ui.pages.adding import show_adding
from assistant.ui.pages.first_start import is_shown_as_first_start
from assistant.ui.pages.journal import show_gaps, show_journal
from assistant.ui.views.contents import size_of
from assistant.ui.views.dates_and_numbers import counted
from assistant.ui.views.library import (
    last_words,
    left_out_html,
    progress_words,
    source_html,
)
from assistant.ui.views.messages import message_html
from assistant.ui.views.rendering import render
from index.errors import TopicsError
from index.indexing import SyncReport
from index.library import Library
from index.progress import CancelToken, Progress
from index.sources import BUILTIN

ADDED_ELSEWHERE: Final = "Notes are added on the machine that reads them, by `topics add FOLDER` and `topics sync`."
"""Shown in place of the form if the library is on a server, where the files of this machine are not seen."""

NEWS_SECONDS: Final = 2.0
"""Seconds until the page shows what another machine, or the reading of a file that changed, has brought."""


def show_library_page() -> None:
    """Show the sources of the library, with controls to change them."""
    begin("Library")
    st.title("Library", anchor=False)
    try:
        if is_shown_as_first_start(Place()):
            end("library")
            return
        _show_facts()
        with closing(service.open_another()) as library:
            sources = read_sources(library)
            _show_changes(is_stale=any(source.stale for source in sources))
            _show_sources(library, sources)
            show_adding() if not library.is_on_server else st.html(render("note", sentence=ADDED_ELSEWHERE))
            _show_left_out(library)
        show_gaps()
        show_journal()
    except TopicsError as error:
        st.html(message_html(str(error)))
    end("library")


def _show_changes(*, is_stale: bool) -> None:
    """Show the progress of the present change, or the result of the last one."""
    # the fragment reruns only while a change is running, or if one is expected that nobody asks for here
    otherwise = NEWS_SECONDS if is_stale or service.library().is_on_server else None
    st.fragment(partial(_show_progress, _newest()), run_every=0.5 if service.jobs.is_busy else otherwise)()


def _newest() -> int:
    """Return a number that is another one once the library has changed."""
    return service.landed if service.library().is_on_server else service.revision


def _show_progress(seen: int) -> None:
    """Show the progress of the change; rerun the page if the library has changed since it was seen."""
    if _newest() != seen and not service.jobs.is_busy:
        st.rerun()
    jobs = service.jobs
    progress = jobs.progress
    if progress:
        st.session_state.was_busy = True
        st.progress(progress.share, text=label_text(progress_words(progress)))
        st.button("Cancel", key="cancel", on_click=jobs.cancel)
        return
    if st.session_state.pop("was_busy", False):
        st.rerun()  # the results are elsewhere on the page
    if words := last_words(jobs.last, service.library().renewed_at):
        is_error = jobs.last and jobs.last.error
        st.html(message_html(words)) if is_error else st.caption(label_text(words))


def _show_sources(library: Library, sources: Sequence[Source]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.header("Sources", anchor=False)
        if not all(source.is_elsewhere for source in sources if source.path != BUILTIN) or not library.is_on_server:
            st.button("Sync now", key="sync", icon=":material/sync:", on_click=_start, args=(_sync,))
    if not sources:
        st.html(render("note", sentence="Nothing is read yet: add a folder or upload notes."))
    for source in sources:
        with st.container(horizontal=True, vertical_alignment="center", key=f"source-{source.path}"):
            st.html(source_html(source))
            _show_remove(source)


def _show_remove(source: Source) -> None:
    # keyed by path, not by position: else an open question would pass to the next source
    # the name, in bold, is for screen readers, which do not tell beside which source this is
    label = f"Remove **{label_text(source.name)}**"
    key = f"removing-{'emptied-' if source.is_emptied else ''}{source.path}"  # it closes once that is over
    with st.popover(label, type="tertiary", key=key):
        files = "The copies that were uploaded are deleted." if source.are_copies else "Its files stay as they are."
        st.markdown(f"Forget **{label_text(source.name)}**? {files}")
        if source.is_emptied:
            forget = forgetting(source.path)
            st.button("Forget its notes, keep the folder", key=f"forget-{source.path}", on_click=_start, args=(forget,))
        work = removing(source.path)
        st.button("Remove it from the library", key=f"remove-{source.path}", on_click=_start, args=(work,))


def _show_left_out(library: Library) -> None:
    if reasons := by_reason(
        (document.status, document.reason, document.path) for document in library.documents() if document.reason
    ):
        count = sum(map(len, reasons.values()))
        with st.expander(f"Left out, or read with a remark: {counted(count, 'file')}"):
            st.html(left_out_html(reasons))


def _show_facts() -> None:
    library, contents = service.library(), service.contents()
    state = library.storage.server_state()
    place = (
        [library.name, *server_facts(state)]
        if state
        else [f"{size_words(folder_size(library.folder))} in {library.folder}"]
    )
    st.html(render("facts", facts=(size_of(contents), *place, f"model {library.encoder.name}")))


def _start(work: Work) -> None:
    service.jobs.start(work)


def _sync(library: Library, progress: Progress, is_cancelled: CancelToken) -> SyncReport:
    return library.sync(progress, is_cancelled)
