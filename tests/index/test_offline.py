"""Every library is told to send and fetch nothing, before it is imported and whatever the environment said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index.offline import SWITCHES, go_offline, left_behind, not_switched, remove_left_behind, telemetry_folder

TALKATIVE = ["huggingface_hub", "langsmith", "onnxruntime", "streamlit", "torch", "transformers"]
"""Libraries that would send or fetch something of their own accord."""

WATCH_IMPORTS = """
import json, os, sys
from importlib.abc import MetaPathFinder

class Watch(MetaPathFinder):
    seen = {}
    def find_spec(self, name, path=None, target=None):
        if name in TALKATIVE and name not in self.seen:
            self.seen[name] = dict(os.environ)

sys.meta_path.insert(0, Watch())
TALKATIVE = json.loads(sys.argv[1])
__import__(sys.argv[2], fromlist=["anything"])
print(json.dumps(Watch.seen))
"""

WHAT_COUNTS = """
import json, index.records
import huggingface_hub.constants as hub, huggingface_hub, langsmith.utils, streamlit.config, transformers.utils.hub
try:
    huggingface_hub.hf_hub_download("nobody/nothing", "config.json")
except Exception as error:
    tried = type(error).__name__
print(json.dumps({
    "hub offline": hub.HF_HUB_OFFLINE,
    "hub telemetry": not hub.HF_HUB_DISABLE_TELEMETRY,
    "transformers offline": transformers.utils.hub.is_offline_mode(),
    "tracing": langsmith.utils.tracing_is_enabled(),
    "statistics": streamlit.config.get_option("browser.gatherUsageStats"),
    "download": tried,
}))
"""


def python(*arguments: str) -> dict[str, Any]:
    """Run Python in an environment that asks for the opposite of every switch, and return what it printed."""
    opposite = {name: {"1": "0", "false": "true"}[value] for name, value in SWITCHES.items()}
    done = subprocess.run(
        [sys.executable, "-c", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | opposite,
    )
    assert done.returncode == 0, done.stderr
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


@pytest.mark.parametrize(
    "module",
    [
        "assistant.cli.main",
        "assistant.ui.server.start",
        "index.library",
        "index.embedding.onnx_model",
        "index.embedding.torch_model",
    ],
)
def test_every_switch_is_set_before_a_library_that_would_talk_is_imported(module: str) -> None:
    expected = {
        "index.embedding.torch_model": "torch",
        "assistant.ui.server.start": "streamlit",
    }
    seen = python(WATCH_IMPORTS, json.dumps(TALKATIVE), module)
    assert module not in expected or expected[module] in seen
    assert {name: not_switched(environment) for name, environment in seen.items()} == {name: [] for name in seen}


def test_libraries_themselves_say_that_they_are_switched_off() -> None:
    assert python(WHAT_COUNTS) == {
        "hub offline": True,
        "hub telemetry": False,
        "transformers offline": True,
        "tracing": False,
        "statistics": False,
        "download": "LocalEntryNotFoundError",
    }


def test_settings_of_the_terminal_stay_as_somebody_has_set_them() -> None:
    environment = {"TRANSFORMERS_VERBOSITY": "info", "ORT_DISABLE_TELEMETRY": "0"}
    go_offline(environment)
    assert (environment["TRANSFORMERS_VERBOSITY"], environment["ORT_DISABLE_TELEMETRY"]) == ("info", "1")


def test_this_very_process_is_offline() -> None:
    assert not_switched() == []


def test_only_files_of_telemetry_are_taken_for_it_and_no_link_is_followed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "Microsoft" / "DeveloperTools" / ".onnxruntime"
    folder.mkdir(parents=True)
    monkeypatch.setattr("index.offline.telemetry_folder", lambda: folder)
    (tmp_path / "mine").write_text("mine")
    (folder / "deviceid").symlink_to(tmp_path / "mine")
    (folder / "onnxruntime.db").write_text("events")
    (folder / "notes.md").write_text("mine")
    assert left_behind() == [folder / "onnxruntime.db"]
    remove_left_behind()
    assert sorted(path.name for path in folder.iterdir()) == ["deviceid", "notes.md"]
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="where it lies differs by system")
def test_telemetry_is_looked_for_in_the_cache_folder_that_the_user_has_set() -> None:
    assert telemetry_folder({"XDG_CACHE_HOME": "/caches"}) == Path("/caches/Microsoft/DeveloperTools/.onnxruntime")
