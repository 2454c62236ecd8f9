"""the Streamlit entry: the pages and the way between them, nothing else"""

import streamlit as st

from assistant.ui.frame import HOME, PAGES
from assistant.ui.pages.ask import show_ask_page
from assistant.ui.pages.browse import show_browse_page
from assistant.ui.pages.library import show_library_page
from assistant.ui.pages.map import show_map_page
from assistant.ui.pages.settings import show_settings_page

ask = st.Page(show_ask_page, title="Ask", default=True)
st.session_state[HOME] = ask
pages = {
    "ask": ask,
    "browse": st.Page(show_browse_page, title="Browse", url_path="browse"),
    "map": st.Page(show_map_page, title="Map", url_path="map"),
    "library": st.Page(show_library_page, title="Library", url_path="library"),
    "settings": st.Page(show_settings_page, title="Settings", url_path="settings"),
}
st.session_state[PAGES] = pages
st.navigation(list(pages.values()), position="top").run()
