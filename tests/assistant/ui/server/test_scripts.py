"""Which scripts of Streamlit's own the pages use."""

from __future__ import annotations

from assistant.ui.server.scripts import INDEX, katex


def test_script_that_draws_mathematics_comes_with_streamlit() -> None:
    assert b"katex" in (INDEX.parent / katex()).read_bytes()
    assert katex().startswith("static/js/katex.")
