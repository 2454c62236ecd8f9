"""which scripts of Streamlit's own may run in the page"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import streamlit

INDEX: Final = Path(streamlit.__file__).parent / "static" / "index.html"
"""The page that Streamlit sends: its own inline script is allowed by its hash."""

MANIFEST: Final = INDEX.with_name("manifest.json")
"""Which file each source of Streamlit's pages has become, and what that file imports."""


@lru_cache(maxsize=1)
def sources() -> Mapping[str, Mapping[str, Any]]:
    """Return each source of Streamlit's pages with its file and its imports; none in a version that does not say."""
    return json.loads(MANIFEST.read_text(encoding="utf-8")) if MANIFEST.is_file() else {}


def katex() -> str:
    """Return the script of KaTeX, which draws mathematics; empty in a version of Streamlit that brings none."""
    scripts = (part["file"] for source, part in sources().items() if source.endswith("/katex.mjs"))
    return next(scripts, "")


def allowed_scripts() -> str:
    """Return the sources of scripts as a content security policy names them."""
    scripts = re.findall(r"<script>(.*?)</script>", INDEX.read_text(encoding="utf-8"), re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return f"blob: {hashes}"  # blob: is where Streamlit loads our keys.js from
