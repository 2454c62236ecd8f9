"""What of Streamlit's own server stays shut."""

from __future__ import annotations

from streamlit import config

from tests.cases_of import CASES


def test_streamlits_own_doors_for_agents_stay_off() -> None:
    assert config.get_option("server.enableAgentApi") is False
    assert "agent" not in (CASES.parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8").casefold()
