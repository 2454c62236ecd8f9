"""whether a model can be used: prepared, the one that a library was made with, and able to read a question whole"""

from __future__ import annotations

from index.embedding.encoder import Encoder, Tokenizer
from index.errors import LibraryModelError, QuestionError
from index.progress import Phase, Progress
from index.storage import Storage


def make_ready(encoder: Encoder, progress: Progress, *, thoroughly: bool) -> None:
    """Export a model and get to know its numbers, where that was not done yet; `thoroughly`, look at each byte of it.

    Raises:
        ModelError: the model cannot be used.

    """
    if not encoder.store.is_ready(thoroughly=thoroughly):
        progress(Phase.PREPARING_MODEL, 0, 0)
        encoder.store.prepare()
    encoder.calibrate(progress)


def check_model(storage: Storage, encoder: Encoder) -> None:
    """Raise LibraryModelError where a library was made with another model than the encoder's."""
    model = storage.reader.get("model")
    if model not in (None, encoder.name):
        raise LibraryModelError(
            f"The library at {storage.name} was made with the model {model!r}, not {encoder.name!r}. "
            "Leave the model setting out to go on with the library's own, or embed all notes again with "
            f"`topics sync --reembed --model {encoder.name}`."
        )


def check_length(question: str, tokenizer: Tokenizer) -> None:
    """Raise QuestionError where a question is longer than the model reads."""
    length = tokenizer.count_tokens(question)
    if length > tokenizer.max_tokens:
        raise QuestionError(
            f"The question is too long: {length} tokens (pieces of words), and the model reads at most "
            f"{tokenizer.max_tokens} at once. Ask it in a sentence or two."
        )
