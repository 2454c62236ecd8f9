"""the options that name a model server, and the writer that they mean"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

if TYPE_CHECKING:
    from assistant.answering import Writer
    from assistant.llm import ModelServer
    from index.library import Library

UrlOption = Annotated[
    str | None,
    typer.Option("--llm", envvar="TOPICS_LLM", help="A model server on this machine, that writes.", metavar="URL"),
]
LlmModelOption = Annotated[
    str | None, typer.Option("--llm-model", envvar="TOPICS_LLM_MODEL", help="Its model, by name.", metavar="NAME")
]
KeyFileOption = Annotated[
    Path | None,
    typer.Option("--llm-key-file", metavar="FILE", help="A file whose first line is the key that it asks for."),
]
RemoteOption = Annotated[
    bool,
    typer.Option("--allow-remote-llm", help="Let it be on another machine: entries of your notes are sent there."),
]
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--llm-exclude",
        help="Notes that no model may read, as in a .gitignore; `private: true` in a note does the same. Repeatable.",
        metavar="PATTERN",
    ),
]


class ServerOptions(NamedTuple):
    """What was said of a model server."""

    url: str | None
    model: str | None
    key_file: Path | None
    may_be_remote: bool
    excluded: tuple[str, ...]

    def server(self) -> ModelServer:
        """Return the server that is meant.

        Raises:
            BadParameter: none is named.
            SettingError: what is named cannot be used.

        """
        from assistant.llm import load_client, model_server

        if not self.url:
            raise typer.BadParameter("Name a model server with --llm URL, as in --llm http://127.0.0.1:11434.")
        load_client()
        return model_server(self.url, self.model or "", self.key_file, may_be_remote=self.may_be_remote)

    def writer(self, library: Library) -> Writer:
        """Return what writes answers in words from a library by that server."""
        from assistant.answering import Writer
        from assistant.settings import gate_encoder

        return Writer(self.server(), self.excluded, gate_encoder(library))


def server_options(
    url: str | None, model: str | None, key_file: Path | None, may_be_remote: bool, excluded: list[str] | None
) -> ServerOptions:
    """Return what was said of a model server, as it was typed."""
    return ServerOptions(url, model, key_file, may_be_remote, tuple(excluded or ()))
