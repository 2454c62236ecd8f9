"""the Streamlit entry: the pages and the way between them, nothing else"""

import streamlit as st

from assistant.ui.frame import HOME
from assistant.ui.pages.ask import show_ask_page
from assistant.ui.pages.browse import show_browse_page
from assistant.ui.pages.library import show_library_page
from assistant.ui.pages.map import show_map_page

ask = st.Page(show_ask_page, title="Ask", default=True)
st.session_state[HOME] = ask
pages = [
    ask,
    st.Page(show_browse_page, title="Browse", url_path="browse"),
    st.Page(show_map_page, title="Map", url_path="map"),
    st.Page(show_library_page, title="Library", url_path="library"),
]
st.navigation(pages, position="top").run()
