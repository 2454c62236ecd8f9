"""options that several commands take, and the codes that the command ends with"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from assistant.settings import LIBRARY_VARIABLE, MODEL_VARIABLE

EXIT_FAILED: Final = 1

LibraryOption = Annotated[
    str | None,
    typer.Option(
        "--library",
        "-l",
        envvar=LIBRARY_VARIABLE,
        help="Folder of the library, or its address on a server.",
        metavar="DIR|ADDRESS",
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        envvar=MODEL_VARIABLE,
        metavar="NAME",
        help="A sentence-transformers model on this machine, by name or folder; otherwise the library's own.",
    ),
]
RerankOption = Annotated[
    Path | None,
    typer.Option(
        "--rerank",
        file_okay=False,
        help="Have the first twenty topics read by a cross-encoder, too: the folder of a sentence-transformers model.",
        metavar="FOLDER",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]
TopicLimit = Annotated[int, typer.Option("--limit", "-n", metavar="N", min=1, max=100, help="Topics at most.")]
