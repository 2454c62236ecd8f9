"""a library -> the same one in another place: a folder to a server, a server to a folder, each to its like"""

from __future__ import annotations

from typing import Final

from index.errors import LibraryError
from index.library import Library
from index.progress import Phase, Progress, silent
from index.sources import BUILTIN
from index.storage import Reader, Writer
from index.text import title_key

MOVED_SETTINGS: Final = ("model", "reader", "shared", "renewed")
"""What a library remembers of its notes; the rest belongs to the place where it is."""


def move(source: Library, target: Library, progress: Progress = silent) -> int:
    """Copy all that a library holds to an empty one and return the number of its topics; the first is left as it is.

    Topics keep their ids and what was learned; nothing is embedded again. Interrupted, the target stays empty
    but for vectors, and the same command goes on.

    Raises:
        LibraryError: the target is not empty, or one of the two cannot be used.

    """
    if not target.is_empty or target.sources() not in ([], [BUILTIN]):
        raise LibraryError(f"The library {target.name} is not empty. Move to a new one.")
    if source.model is None:
        raise LibraryError(f"The library {source.name} was never read: there is nothing to move yet.")
    with source.reading() as reader, target.storage.writing() as writer:
        _move_vectors(reader, writer, source.model, progress)
        with writer.change():
            _move_notes(reader, writer, source.model, progress)
            writer.advance_revision()
        writer.refresh()
    return sum(target.subjects().values())


def _move_vectors(reader: Reader, writer: Writer, model: str, progress: Progress) -> None:
    done = 0
    for vectors in reader.kept_vectors():
        with writer.change():
            writer.keep_vectors(model, vectors)
        done += len(vectors)
        progress(Phase.COPYING_VECTORS, done, 0)


def _move_notes(reader: Reader, writer: Writer, model: str, progress: Progress) -> None:
    for known in writer.sources():
        writer.remove_source(known)
    for source in reader.sources():
        writer.add_source(source, reader.patterns(source))
    for question, topic_id in reader.all_learned():
        writer.learn(title_key(question), question, topic_id)
    for number, document in enumerate(reader.kept_documents(), start=1):
        progress(Phase.COPYING_NOTES, number, 0)
        writer.keep_document(document, model)
    for key in MOVED_SETTINGS:
        if (value := reader.get(key)) is not None:
            writer.set(key, value)
