"""which scripts of Streamlit's own may run in the page"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

import streamlit

INDEX: Final = Path(streamlit.__file__).parent / "static" / "index.html"
"""The page that Streamlit sends: its own inline script is allowed by its hash."""


def allowed_scripts() -> str:
    """Return the sources of scripts as a content security policy names them."""
    scripts = re.findall(r"<script>(.*?)</script>", INDEX.read_text(encoding="utf-8"), re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return f"blob: {hashes}"  # blob: is where Streamlit loads our keys.js from
