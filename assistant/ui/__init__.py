"""the app in the browser"""

from index.offline import SWITCHES as _SWITCHES  # noqa: F401 (before Streamlit: it reads its switch on import)
