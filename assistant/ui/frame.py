"""what all pages share: the style, the keys, and going from place to place"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from assistant.place import Place
from assistant.preferences import read_preferences
from assistant.service import service
from assistant.ui.asking import asked_in_full
from assistant.ui.reactions import react
from assistant.ui.server.scripts import katex
from assistant.ui.server.shell import STYLE, is_style_sent
from assistant.ui.views.dates_and_numbers import use_language
from assistant.ui.views.messages import message_html
from index.errors import TopicsError

BOX: Final = "question"
"""The key of the question box, which `keys.js` knows as well."""

KEYS: Final = "keys"
PRESSED: Final = "pressed"
"""Where the time is kept at which the last button was pressed that was heeded, in milliseconds."""

KEYBOARD: Final = (
    ("/ or Ctrl+K", "to the question box, from anywhere"),
    ("↑ ↓", "along the titles under the box, the cards and the lists"),
    ("Enter", "ask, or open what is chosen"),
    ("Esc", "close what is open, back to the box"),
    ("?", "these keys"),
    ("Alt+←", "back, as everywhere in the browser"),
)
"""What keys do, as `?` and the page of settings show it."""

ASKED: Final = "asked"
"""Where the question is kept that was asked last."""

BEFORE: Final = "before"
"""Where is kept what is asked on the page, in full: the question that is typed next may lean on it."""

BY_HAND: Final = "by-hand"
"""Where the question is kept that was typed or clicked last: one of a reload, of a bookmark or of Back is another."""

PROBLEM: Final = "problem"
"""Where is kept what went wrong until the page is shown again."""

TOLD: Final = "told"
"""Where is kept what went wrong as long as the page tells it."""

HOME: Final = "home"
"""Where the page is kept that has the question box."""

PAGES: Final = "pages"
"""Where all pages are kept by the names that `keys.js` knows them under."""

_HERE: Final = Path(__file__).parent
_SCRIPT: Final = "".join((_HERE / name).read_text(encoding="utf-8") for name in ("suggestions.js", "keys.js"))


def begin(title: str) -> Place:
    """Set a page up, and return what its address asks for."""
    # an emoji, not a material icon: Streamlit would fetch that one from the network
    st.set_page_config(f"{title} · Topic Assistant" if title else "Topic Assistant", "🔎")
    if not is_style_sent():
        st.html(STYLE)
    st.session_state[TOLD] = st.session_state.pop(PROBLEM, None)
    if problem := st.session_state[TOLD]:
        st.html(message_html(problem[0]))
    _use_language()
    return here()


def _use_language() -> None:
    """Write dates and numbers of this page as was chosen; in English as long as the library cannot say."""
    chosen = ""
    with suppress(TopicsError):  # whatever else the page asks of the library says what is wrong
        chosen = read_preferences(service.library()).language if service.is_ready else ""
    use_language(chosen, st.context.locale)


def end(page: str, *, say: str = "") -> None:
    """Give a page its keys, and say to a screen reader what has arrived."""
    place = here()
    component = st.components.v2.component("topics_keys", js=_SCRIPT)
    pressed = component(
        key=KEYS,
        data={
            "page": page,
            "place": place.link,
            "topic": place.topic,
            "say": say,
            "pages": _page_titles(),
            "before": st.session_state.get(BEFORE, ""),
            "keyboard": KEYBOARD,
            "katex": katex(),
            "problem": st.session_state.get(TOLD),
        },
        on_follow_change=_follow,
        on_close_change=_close,
        on_ask_change=lambda: None,
        on_act_change=press_button,
        on_page_change=lambda: None,
    )
    if pressed.ask:
        st.switch_page(st.session_state[HOME])
    if pressed.page:
        st.switch_page(st.session_state[PAGES][pressed.page["page"]])


def _page_titles() -> list[tuple[str, str]]:
    """Return the name and title of every page."""
    return [(name, page.title) for name, page in st.session_state.get(PAGES, {}).items()]


def attempt(act: Callable[[], None]) -> None:
    """Do what a button is for; what goes wrong is said at the head of the page."""
    try:
        act()
    except TopicsError as error:
        st.session_state[PROBLEM] = str(error), time.time()  # said once more, it is another one


def here() -> Place:
    """Return what the present address asks for."""
    return Place.of(st.query_params.to_dict())


def go(place: Place) -> None:
    """Lead to a place: one step in the browser's history."""
    st.session_state[BY_HAND] = place.question
    if place.parameters:
        st.query_params.from_dict(place.parameters)
    else:
        st.query_params.clear()


def label_text(text: str) -> str:
    """Return a text that Streamlit's Markdown labels show as it is."""
    return "".join(f"\\{character}" if character in r"\`*_{}[]()<>#+-.!|~:$&" else character for character in text)


def _follow() -> None:
    event: Mapping[str, object] = st.session_state[KEYS]["follow"]
    go(Place.of_link(str(event["link"])))


def press_button() -> None:
    """Do what each button is for that was pressed since, each once: of two pressed at once, one event tells."""
    pressed: Sequence[Mapping[str, object]] = st.session_state[KEYS]["act"]
    done = st.session_state.get(PRESSED, 0)
    for event in pressed:
        if int(str(event["at"])) > done:
            st.session_state[PRESSED] = int(str(event["at"]))
            attempt(partial(react, str(event["act"]), asked_in_full(here()), str(event.get("topic", ""))))


def _close() -> None:
    go(here().closed)
