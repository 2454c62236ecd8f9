"""A hub on this machine: what huggingface_hub asks of the real one, for one model of a few files."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

COMMIT: Final = "0123456789abcdef0123456789abcdef01234567"


@contextmanager
def serving_hub(
    repository: str, files: Mapping[str, bytes], *, sent: Mapping[str, bytes] | None = None
) -> Iterator[str]:
    """Serve a model's files on loopback and yield the address; `sent` comes in place of what the list promises."""

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _answer(self, *, with_body: bool) -> None:
            path = self.path.partition("?")[0]
            if path in (f"/api/models/{repository}", f"/api/models/{repository}/revision/main"):
                self._send(json.dumps(_listing(repository, files)).encode(), "application/json", with_body=with_body)
            elif path.startswith(f"/{repository}/resolve/") and (name := path.split("/", 5)[-1]) in files:
                self._send((sent or files).get(name, files[name]), "application/octet-stream", with_body=with_body)
            else:
                self.send_error(404)

        def _send(self, content: bytes, kind: str, *, with_body: bool) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.end_headers()
            if with_body:
                self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _listing(repository: str, files: Mapping[str, bytes]) -> dict[str, object]:
    siblings = [
        {
            "rfilename": name,
            "size": len(content),
            "blobId": hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest(),
            **({"lfs": _large(content)} if name.endswith(".safetensors") else {}),
        }
        for name, content in files.items()
    ]
    return {"id": repository, "sha": COMMIT, "private": False, "tags": [], "downloads": 0, "siblings": siblings}


def _large(content: bytes) -> dict[str, object]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 134}
