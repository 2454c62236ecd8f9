"""a process of its own that loads a model over the network (home of huggingface_hub): `hub.py list|load NAME [FOLDER]`

It is the only part of the product that reaches beyond this machine, runs only where a person has asked for it, imports
nothing of the rest, and sends no token. What it writes to its output is one line of JSON.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

FILES = ["*.json", "*.txt", "*.model", "model.safetensors", "[0-9]_*/*.json", "[0-9]_*/model.safetensors"]
"""What sentence-transformers reads of a model."""
OTHER_FORMATS = ["onnx/*", "openvino/*"]


def listing(name: str) -> list[dict[str, Any]]:
    """Return the files that would be loaded, with their bytes and checksums."""
    from fnmatch import fnmatch

    from huggingface_hub import HfApi

    siblings = HfApi(token=False).model_info(name, files_metadata=True, token=False).siblings or []
    wanted = [file for file in siblings if any(fnmatch(file.rfilename, pattern) for pattern in FILES)]
    wanted = [file for file in wanted if not any(fnmatch(file.rfilename, pattern) for pattern in OTHER_FORMATS)]
    return [
        {
            "name": file.rfilename,
            "bytes": file.size or 0,
            "sha256": file.lfs.sha256 if file.lfs else "",
            "blob": file.blob_id or "",
        }
        for file in wanted
    ]


def load(name: str, folder: Path) -> list[str]:
    """Load the files into a folder, and return those that are not what was to be loaded."""
    from huggingface_hub import hf_hub_download

    files = listing(name)
    for file in files:
        hf_hub_download(name, file["name"], local_dir=folder, token=False)
    return [file["name"] for file in files if not is_whole(folder / file["name"], file)]


def is_whole(path: Path, file: dict[str, Any]) -> bool:
    """Return whether a file is what its checksum says: SHA-256 of a large one, else git's of its content."""
    if not path.is_file():
        return False
    content = path.read_bytes()
    if file["sha256"]:
        return hashlib.sha256(content).hexdigest() == str(file["sha256"])
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
    return blob == str(file["blob"] or blob)


def main(what: str, name: str, *folder: str) -> None:
    """Run the command of the arguments, and print its result."""
    try:
        record: dict[str, Any] = {"files": listing(name)} if what == "list" else {"broken": load(name, Path(folder[0]))}
    except Exception as error:  # the hub and its network libraries have no common one
        record = {"error": f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0]}"}
    sys.stdout.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
