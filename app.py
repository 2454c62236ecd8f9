"""the Streamlit entry: page config and navigation, nothing else"""

import streamlit as st

from assistant.ui.ask_page import show_ask_page

# an emoji, not a material icon: Streamlit would fetch that one from the network
st.set_page_config(page_title="Topic Assistant", page_icon="🔎", layout="centered")
st.navigation([st.Page(show_ask_page, title="Ask", default=True)], position="hidden").run()
