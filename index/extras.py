"""libraries that only an extra installs: which extra brings each"""

from __future__ import annotations

from typing import Final

from index.errors import MissingExtraError

EXTRAS: Final = {
    "defusedxml": "documents",
    "docutils": "documents",
    "ir_measures": "eval",
    "jinja2": "ui",
    "mammoth": "documents",
    "mcp": "mcp",
    "openai": "llm",
    "orgparse": "documents",
    "pptx": "documents",
    "psycopg": "postgres",
    "pygments": "ui",
    "pymilvus": "milvus",
    "pypdfium2": "documents",
    "selectolax": "documents",
    "starlette": "ui",  # the app's server; [api], which is smaller, brings it too
    "streamlit": "ui",
    "uvicorn": "ui",
    "webvtt": "documents",
}
"""The extra of each optional library, by the name it is imported with; pydantic comes with langchain-text-splitters."""


def missing_extra(error: ImportError) -> MissingExtraError | None:
    """Return what to say where a library of an extra is not installed, or None where the error is another one.

    >>> print(missing_extra(ModuleNotFoundError("No module named 'streamlit'", name="streamlit")))
    This needs streamlit, which is not installed. Install it with the extra [ui]: pip install 'topic-assistant[ui]', or in a checkout: pip install '.[ui]'.
    >>> missing_extra(ModuleNotFoundError("No module named 'index.nothing'", name="index.nothing")) is None
    True

    """  # noqa: E501
    library = (error.name or "").partition(".")[0]
    extra = EXTRAS.get(library)
    if extra is None:
        return None
    return MissingExtraError(
        f"This needs {library}, which is not installed. Install it with the extra [{extra}]: "
        f"pip install 'topic-assistant[{extra}]', or in a checkout: pip install '.[{extra}]'."
    )
