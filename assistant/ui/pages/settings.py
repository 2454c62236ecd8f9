"""the page Settings: how sure an answer must be, what opens notes, the theme, which library"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import streamlit as st

from assistant.operations import patterns_of
from assistant.preferences import OPENERS, Opener, Preferences, change_preferences, read_preferences
from assistant.server import roots
from assistant.service import service
from assistant.settings import ANSWERED_FROM, THRESHOLD_VARIABLE, known_libraries, open_library, remember_library
from assistant.ui.changes import reading
from assistant.ui.frame import KEYBOARD, attempt, begin, end, label_text
from assistant.ui.pages.first_start import wait_for_library
from assistant.ui.pages.journal import keeping_words
from assistant.ui.views.dates_and_numbers import OF_BROWSER, day, languages, number, percent, percent_format
from assistant.ui.views.messages import message_html
from assistant.ui.views.rendering import render
from index.errors import SettingError, TopicsError
from index.library import Library
from index.sources import BUILTIN, Ignored

STRICTEST: Final = 90
"""The highest threshold that can be chosen, in percent: above, hardly any question is answered."""

SAMPLE_NUMBER: Final = 12_345
"""A number that shows how thousands are separated."""


def show_settings_page() -> None:
    """Show the settings; each change is stored at once."""
    begin("Settings")
    st.title("Settings", anchor=False)
    try:
        wait_for_library()
        preferences = read_preferences(service.library())
        _show_threshold(preferences)
        _show_opener(preferences)
        _show_language(preferences)
        st.header("Theme", anchor=False)
        st.html(render("theme_choice"))
        _show_journal()
        _show_patterns()
        _show_model()
        if roots.names is None:
            _show_libraries()
        st.header("Keys", anchor=False)
        st.html(render("keys_table", keyboard=KEYBOARD))
    except TopicsError as error:
        st.html(message_html(str(error)))
    end("settings")


def _show_threshold(preferences: Preferences) -> None:
    st.header("Answers", anchor=False)
    if os.environ.get(THRESHOLD_VARIABLE):
        st.caption(f"{THRESHOLD_VARIABLE} is set where the app was started: it says how sure an answer must be.")
        return
    chosen = ANSWERED_FROM if preferences.threshold is None else preferences.threshold
    st.slider(
        "How likely an answer must be to be given",
        0,
        STRICTEST,
        min(round(chosen * 100), STRICTEST),
        format=percent_format(),
        key="threshold",
        on_change=_keep_threshold,
        help="Lower, more questions are answered, and more of the answers are wrong.",
    )
    st.html(
        render(
            "note",
            sentence=f"{percent(ANSWERED_FROM)} unless you change it. Below it, the nearest topics are shown instead.",
        )
    )


def _keep_threshold() -> None:
    chosen = int(st.session_state["threshold"])
    threshold = None if chosen == round(ANSWERED_FROM * 100) else chosen / 100
    _keep(lambda preferences: replace(preferences, threshold=threshold))
    service.forget_answers()


def _show_opener(preferences: Preferences) -> None:
    choices: list[Opener] = ["", *OPENERS]
    st.selectbox(
        "Open notes in",
        choices,
        choices.index(preferences.opener),
        key="opener",
        format_func=lambda opener: OPENERS.get(opener, "ask each time"),
        on_change=lambda: _keep(lambda preferences: replace(preferences, opener=st.session_state["opener"])),
    )


def _show_language(preferences: Preferences) -> None:
    # choices are known by name, so English is listed once
    names = {"": "English", OF_BROWSER: "As the browser has it"}
    names |= {code: name for code, name in languages().items() if name != "English"}
    st.selectbox(
        "Dates and numbers",
        list(names),
        list(names).index(preferences.language) if preferences.language in names else 0,
        key="language",
        format_func=names.__getitem__,
        on_change=lambda: _keep(lambda preferences: replace(preferences, language=st.session_state["language"])),
    )
    written = ", ".join((day(date.today()), number(SAMPLE_NUMBER), percent(ANSWERED_FROM)))
    st.html(render("note", sentence=f"They look like this: {written}."))


def _keep(change: Callable[[Preferences], Preferences]) -> None:
    attempt(lambda: change_preferences(service.library(), change))


def _show_journal() -> None:
    st.header("Journal", anchor=False)
    journal = service.journal()
    st.toggle(
        keeping_words(is_on_server=service.library().is_on_server),
        journal.is_on,
        key="keeps-journal",
        on_change=lambda: service.journal().turn(on=st.session_state["keeps-journal"]),
    )


def _show_patterns() -> None:
    """Show controls for the patterns of files that each source reads."""
    library = service.library()
    sources = [source for source in library.sources() if source != BUILTIN]
    if not sources or not roots.is_open:
        return
    st.header("Left out", anchor=False)
    st.caption("Patterns as in .gitignore, with commas between; the notes are read again once they change.")
    for source in sources:
        st.text_input(
            label_text(source),
            ", ".join(library.reader.patterns(source).exclude),
            key=f"exclude-{source}",
            placeholder="drafts/, *.draft.md",
            on_change=_exclude,
            args=(source,),
        )


def _exclude(source: str) -> None:
    exclude = patterns_of(st.session_state[f"exclude-{source}"])
    include = service.library().reader.patterns(source).include

    def read_again() -> None:
        Ignored.by(include, exclude)
        service.jobs.start(reading(roots.resolve(source), include, exclude))

    attempt(read_again)


def _show_model() -> None:
    st.header("Model", anchor=False)
    st.caption(f"{label_text(service.library().encoder.name)}. Another one reads all notes anew, in a terminal:")
    st.code("topics sync --reembed --model NAME", language=None)


def _show_libraries() -> None:
    st.header("Libraries", anchor=False)
    here = service.library().folder
    for folder in dict.fromkeys((here, *known_libraries())):
        if folder == here:
            st.html(render("note", sentence=f"{folder}: shown now"))
        else:
            st.button(label_text(str(folder)), key=f"library-{folder}", on_click=_switch, args=(folder,))
    st.text_input("Folder of another library", key="library", placeholder="~/topics/work")
    st.button("Open or make it", key="open-library", on_click=_switch_to_typed)


def _switch_to_typed() -> None:
    if typed := st.session_state["library"].strip():
        st.session_state["library"] = ""
        _switch(Path(typed))


def _switch(folder: Path) -> None:
    def switch() -> None:
        library = _opened(folder.expanduser())
        remember_library(service.library().folder)
        remember_library(library.folder)
        service.switch(library)

    attempt(switch)


def _opened(folder: Path) -> Library:
    if not folder.is_absolute():
        raise SettingError(f"{folder} is no full path: begin with / or ~, so that it means the same everywhere.")
    return open_library(folder)
