"""`make demo-server`: a PostgreSQL, two app servers and one worker on this machine, until Ctrl-C"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from tests.servers import running_server

PORTS: Final = (8601, 8602)


def main() -> None:
    """Start everything, say where it is, and end it all on Ctrl-C."""
    with ExitStack() as everything, suppress(KeyboardInterrupt):
        server = everything.enter_context(running_server())
        folder = everything.enter_context(tempfile.TemporaryDirectory(prefix="topics-demo-"))
        notes = Path(folder) / "notes"
        notes.mkdir()
        (notes / "hello.md").write_text(
            "# Hello\n\n## Team notes\nEdit this file: both pages answer from it at once.\n"
        )
        environment = os.environ | {"TOPICS_LIBRARY": server.address("team"), "XDG_DATA_HOME": folder}
        run(environment, "add", str(notes))
        commands: list[Sequence[str]] = [("sync", "--watch")]
        commands += [("serve", "--no-browser", "--port", str(port)) for port in PORTS]
        for command in commands:
            process = subprocess.Popen([sys.executable, "-m", "assistant", *command], env=environment)
            everything.callback(end, process)
        pages = " and ".join(f"http://127.0.0.1:{port}" for port in PORTS)
        sys.stdout.write(f"Two app servers: {pages}. One worker follows {notes}.\nStop with Ctrl-C.\n")
        sys.stdout.flush()
        while True:
            time.sleep(1)


def run(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "assistant", *arguments], env=environment, check=True)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=20)


if __name__ == "__main__":
    main()
