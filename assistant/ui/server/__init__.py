"""the server of the app: Streamlit started, and what its pages ask beside the session"""
