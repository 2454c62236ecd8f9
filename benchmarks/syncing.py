"""reading notes in: a first sync, one after no change, one after an edit (run by `python -m benchmarks`)"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from index.library import Library


def main(folder: Path, notes: Path) -> None:
    """Bring a library in step with a folder of notes; print the seconds and what was embedded."""
    library = Library(folder)
    if not library.documents():
        library.encoder.store.prepare()
        library.remove("builtin")
        library.add(notes)
    started = time.perf_counter()
    report = library.sync()
    seconds = time.perf_counter() - started
    passages = library.storage.reader.count_passages()
    print(json.dumps({"seconds": seconds, "embedded": report.embedded, "passages": passages}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
