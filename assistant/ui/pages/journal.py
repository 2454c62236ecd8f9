"""what was asked and what the notes lack, on the page of the library"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, Literal

import streamlit as st
from markupsafe import Markup

from assistant.feedback import Gap, where_kept
from assistant.place import Place
from assistant.preferences import Opener, read_preferences
from assistant.server import roots
from assistant.service import service
from assistant.ui.frame import attempt, label_text
from assistant.ui.reactions import DRAFT
from assistant.ui.views.messages import Link, chips_html
from assistant.ui.views.opening import ways_to_open
from assistant.ui.views.rendering import render
from index.errors import SourceError

RECENT: Final = 30


def show_gaps() -> None:
    """Show the questions that the notes leave unanswered, to be written about or dismissed."""
    st.header("Gaps", anchor=False)
    if draft := st.session_state.get(DRAFT):
        st.html(drafted_html(draft, read_preferences(service.library()).opener))
    gaps = service.gaps()
    if not gaps:
        st.html(
            render("note", sentence="Questions that your notes do not answer are listed here. So far there are none.")
        )
    for gap in gaps:
        with st.expander(label_text(_gap_words(gap)), key=f"gap-{gap.questions[0]}", on_change="rerun") as shown:
            if shown.open:
                _show_gap(gap)
    if gaps:
        stubs = "\n".join(gap.stub for gap in gaps)
        st.download_button("Download all as topics to fill in", stubs, "gaps.md", "text/markdown", on_click="ignore")
    _show_dismissed(service.journal().dismissed)


def _show_gap(gap: Gap) -> None:
    draft = service.draft_of(gap)
    if draft:
        st.html(render("note", sentence=f"A note for it waits to be filled in: {draft}"))
    else:
        st.code(gap.stub, language=None, wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if not draft:
            _show_folders(gap)
        dismissing = partial(service.dismiss, gap)
        st.button("Dismiss", key=f"dismiss-{gap.questions[0]}", on_click=attempt, args=(dismissing,))


def _show_folders(gap: Gap) -> None:
    """Let a folder be chosen that the stub of a gap is written to, where one may be written to."""
    folders = [folder for folder in service.draft_folders() if may_write(folder)]
    if folders:
        folder = st.selectbox("Folder", folders, key=f"folder-{gap.questions[0]}", format_func=str)
        st.button("Write it there", key=f"draft-{gap.questions[0]}", on_click=attempt, args=(_writing(gap, folder),))


def _writing(gap: Gap, folder: Path) -> Callable[[], None]:
    def write() -> None:
        st.session_state[DRAFT] = service.write_draft(gap, folder)

    return write


def _show_dismissed(questions: list[str]) -> None:
    if questions:
        with st.expander(f"Dismissed: {len(questions)}", key="dismissed", on_change="rerun") as shown:
            for question in questions if shown.open else ():
                restoring = partial(service.journal().restore, question)
                label = f"Bring back: {label_text(question)}"
                st.button(label, key=f"restore-{question}", type="tertiary", on_click=attempt, args=(restoring,))


def may_write(folder: Path) -> bool:
    """Return whether who uses the app may write into a folder: as far as folders may be added there."""
    try:
        roots.resolve(str(folder))
    except SourceError:
        return False
    return True


def drafted_html(file: Path, chosen: Opener | Literal[""]) -> Markup:
    """Return where a draft was written, with what it can be opened in by who sits at the machine, the chosen first."""
    ways = sorted(ways_to_open(file, 1), key=lambda way: way.opener != chosen) if roots.names is None else []
    return render("drafted", file=str(file), draft=DRAFT, openers=ways)


def show_journal() -> None:
    """Show what was asked, and let it be turned off and erased."""
    journal = service.journal()
    st.header("Journal", anchor=False)
    st.toggle(
        keeping_words(is_on_server=service.library().is_on_server), journal.is_on, key="journal-on", on_change=_turn
    )
    recent = journal.recent(RECENT)
    if not recent:
        return
    st.html(
        chips_html(
            "Asked before", (Link(question.question, Place(question.question)) for question in recent), page="./"
        )
    )
    with st.popover("Erase the journal", type="tertiary", key="erasing"):
        everybody = ", by all who use this library," if service.library().is_on_server else ""
        st.markdown(f"Everything that was asked, marked, saved and learned{everybody} is erased. The notes stay.")
        st.button("Erase it", key="erase", on_click=attempt, args=(service.erase,))


def keeping_words(*, is_on_server: bool) -> str:
    """Return what turning the journal on means.

    >>> keeping_words(is_on_server=False)
    'Keep what is asked, on this machine only'
    """
    return f"Keep what {'everybody asks' if is_on_server else 'is asked'}, {where_kept(is_on_server=is_on_server)}"


def _turn() -> None:
    service.journal().turn(on=st.session_state["journal-on"])


def _gap_words(gap: Gap) -> str:
    times = "once" if gap.count == 1 else f"{gap.count} times"
    return f"{gap.questions[0]} (asked {times})"
