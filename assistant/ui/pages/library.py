"""the page of the library: its sources, what is being changed, and the journal"""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import Final

import streamlit as st

from assistant.amounts import size_words
from assistant.operations import Work, by_reason, server_facts
from assistant.place import Place
from assistant.service import service
from assistant.ui.adding import show_adding
from assistant.ui.appearance import counted
from assistant.ui.cards import message_html
from assistant.ui.changes import removing
from assistant.ui.contents_view import size_of
from assistant.ui.first_start_page import is_shown_as_first_start
from assistant.ui.frame import begin, end, label_text
from assistant.ui.journal_view import show_gaps, show_journal
from assistant.ui.library_view import (
    Source,
    folder_size,
    last_words,
    left_out_html,
    progress_words,
    read_sources,
    source_html,
)
from assistant.ui.rendering import render
from index.errors import TopicsError
from index.indexing import SyncReport
from index.library import Library
from index.progress import Progress
from index.sources import BUILTIN

ADDED_ELSEWHERE: Final = "Notes are added on the machine that reads them, by `topics add FOLDER` and `topics sync`."
"""What stands in place of adding where others would not see the files."""

NEWS_SECONDS: Final = 2.0
"""How soon the page of a library on a server shows what another machine has changed."""


def show_library_page() -> None:
    """Show what the library reads, and let it be changed."""
    begin("Library")
    st.title("Library", anchor=False)
    try:
        if is_shown_as_first_start(Place()):
            end("library")
            return
        _show_facts()
        with closing(service.open_another()) as library:
            _show_changes()
            _show_sources(library)
            show_adding() if not library.is_on_server else st.html(render("note", sentence=ADDED_ELSEWHERE))
            _show_left_out(library)
        show_gaps()
        show_journal()
    except TopicsError as error:
        st.html(message_html(str(error)))
    end("library")


def _show_changes() -> None:
    """Show how the present change gets on, or what became of the last one."""
    # the fragment is only run again by itself while there is something to see, or another machine may change it
    otherwise = NEWS_SECONDS if service.library().is_on_server else None
    st.fragment(partial(_show_progress, service.landed), run_every=0.5 if service.jobs.is_busy else otherwise)()


def _show_progress(landed: int) -> None:
    """Show how the change gets on; the whole page anew where others have landed since `landed`."""
    if service.landed != landed:
        st.rerun()
    jobs = service.jobs
    progress = jobs.progress
    if progress:
        st.session_state.was_busy = True
        st.progress(progress.share, text=label_text(progress_words(progress)))
        st.button("Cancel", key="cancel", on_click=jobs.cancel)
        return
    if st.session_state.pop("was_busy", False):
        st.rerun()  # what the change has brought stands elsewhere on the page
    show = st.error if jobs.last and jobs.last.error else st.caption
    if words := last_words(jobs.last, service.library().renewed_at):
        show(label_text(words))


def _show_sources(library: Library) -> None:
    sources = read_sources(library)
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
    # by its path, not its position: the question left open by one that is gone would be asked of the next
    # the name, in bold, is only there for those who do not see beside which source this stands
    label = f"Remove **{label_text(source.name)}**"
    with st.popover(label, type="tertiary", key=f"removing-{source.path}"):
        files = "The copies that were uploaded are deleted." if source.are_copies else "Its files stay as they are."
        st.markdown(f"Forget **{label_text(source.name)}**? {files}")
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


def _sync(library: Library, progress: Progress) -> SyncReport:
    return library.sync(progress)
