"""the pages of the app: what is asked of Streamlit, and nothing that could be decided elsewhere"""
