"""the map of topics as one page that needs nothing else: no server, no network"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from assistant.discovery import TopicMap

TEMPLATE: Final = Path(__file__).with_suffix(".html")
DATA_MARK: Final = "__MAP__"


def map_html(drawn: TopicMap) -> str:
    """Return a map as a page; the notes' text stands in it as data, which is never read as HTML."""
    data = json.dumps(drawn.to_json(), ensure_ascii=False)
    for mark in "<>&\u2028\u2029":  # so nothing in it can end the script element that holds it
        data = data.replace(mark, f"\\u{ord(mark):04x}")
    return TEMPLATE.read_text(encoding="utf-8").replace(DATA_MARK, data)
