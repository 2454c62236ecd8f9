"""a model server that a person names: what it writes, delta by delta, or one sentence of what is wrong (home of openai)

Nothing here is used unless an address was given. The server is on this machine, or other machines were allowed by name.
"""

from __future__ import annotations

import importlib
import ipaddress
import json
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from index.errors import SettingError, TopicsError
from index.extras import missing_extra

if TYPE_CHECKING:
    import httpx2

Message: TypeAlias = dict[str, str]
"""`{"role", "content"}`, as servers of this kind take it."""

CONTEXT_TOKENS: Final = 8_192
"""What Ollama is told to keep: entries, instructions and answer together take half of it. By itself it takes 2,048 to
4,096, and cuts what is longer without a word."""
ANSWER_TOKENS: Final = 700
"""A page of text at most."""
MAX_CHARACTERS: Final = 6_000
"""Characters of an answer that are read: what goes on beyond will not end by itself."""
KEY_BYTES: Final = 4_096
_CLOUD: Final = ("-cloud", ":cloud")
_ROOT: Final = "/v1"


class ModelServerError(TopicsError):
    """The model server cannot be used, or did not answer as it should; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for, in seconds."""

    connect: float = 3.0
    delta: float = 60.0
    """Until the first delta of an answer, and from each to the next: a large model is loaded in that time."""
    whole: float = 240.0
    """For an answer as a whole, whatever comes."""


@dataclass(frozen=True, slots=True)
class ModelServer:
    """Which server writes, and by which model."""

    url: str
    """Its address up to and without `/v1`."""
    model: str
    key: str = ""
    may_be_remote: bool = False
    patience: Patience = Patience()

    @property
    def name(self) -> str:
        """Who writes, in words: the model and the address."""
        return f"{self.model} at {self.url}"


class Delta(NamedTuple):
    """A delta of what a server writes."""

    text: str
    prompt_tokens: int | None = None
    """How many tokens of what it was given it has read, where it says so."""


def model_server(url: str, model: str, key_file: Path | None = None, *, may_be_remote: bool = False) -> ModelServer:
    """Return the server that a person names.

    Raises:
        SettingError: the address is none, or lies on another machine though that was not allowed; the model has no
            name; the key cannot be read.

    """
    plain = url.strip().rstrip("/").removesuffix(_ROOT).rstrip("/")
    parts = _host_of(plain)
    if not may_be_remote and not _is_loopback(parts):
        raise SettingError(
            f"The model server {parts} is on another machine, and your notes would be sent there. Name one on this "
            "machine, as http://127.0.0.1:11434, or allow it with --allow-remote-llm."
        )
    if not model.strip():
        raise SettingError("The model server needs the name of a model: give it with --llm-model NAME.")
    return ModelServer(plain, model.strip(), _key(key_file) if key_file else "", may_be_remote)


def _host_of(url: str) -> str:
    """Return the host of an address."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise SettingError(f"{url!r} is no address of a model server: give one as http://127.0.0.1:11434.")
    return parts.hostname


def _is_loopback(host: str) -> bool:
    """Return whether a host is this machine: by number or as localhost, for any other name may lead elsewhere."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _key(file: Path) -> str:
    try:
        with file.open("rb") as content:
            lines = content.read(KEY_BYTES).decode("utf-8", "replace").splitlines()
    except OSError as error:
        raise SettingError(f"The key file {file} cannot be read ({error.strerror}). Check its path.") from error
    if not lines or not lines[0].strip():
        raise SettingError(f"The key file {file} has no key on its first line.")
    return lines[0].strip()


def write(server: ModelServer, messages: Sequence[Message], cancelled: threading.Event) -> Iterator[Delta]:
    """Yield what a server writes to messages, delta by delta, until it ends, is cancelled or takes too long.

    A thread of its own reads from the server, so that nobody waits for one that is silent.

    Raises:
        MissingExtraError: the client is not installed.
        ModelServerError: the server does not answer, answers something else, or passes the question on.

    """
    load_client()  # it takes a second, for which no server is to blame
    deltas: queue.Queue[Delta | BaseException | None] = queue.Queue()
    done = threading.Event()

    def read() -> None:
        try:
            for delta in _stream_answer(server, messages):
                if done.is_set():
                    return
                deltas.put(delta)
            deltas.put(None)
        except Exception as error:  # it is raised where the answer is waited for
            deltas.put(error)

    threading.Thread(target=read, daemon=True, name="model server").start()
    try:
        yield from _stream_on_thread(server, deltas, cancelled)
    finally:
        done.set()


CANCEL_CHECK_SECONDS: Final = 0.1
"""How often it is seen whether an answer was cancelled."""


def load_client() -> None:
    """Import the client.

    Raises:
        MissingExtraError: it is not installed.

    """
    try:
        importlib.import_module("openai")
    except ImportError as error:
        raise missing_extra(error) or error from error


def _stream_on_thread(
    server: ModelServer, deltas: queue.Queue[Delta | BaseException | None], cancelled: threading.Event
) -> Iterator[Delta]:
    started = last = time.monotonic()
    characters = 0
    while not cancelled.is_set():
        try:
            delta = deltas.get(timeout=CANCEL_CHECK_SECONDS)
        except queue.Empty:
            _check_patience(server, started, last)
            continue
        if delta is None:
            return
        if isinstance(delta, BaseException):
            raise _as_told_error(server, delta) from delta
        last = time.monotonic() if delta.text else last
        characters += len(delta.text)
        if characters > MAX_CHARACTERS:
            raise ModelServerError(f"{server.name} wrote more than {MAX_CHARACTERS:,} characters and was stopped.")
        _check_patience(server, started, last)
        yield delta


def _check_patience(server: ModelServer, started: float, last: float) -> None:
    now, patience = time.monotonic(), server.patience
    if now - last > patience.delta:
        raise ModelServerError(
            f"{server.name} wrote nothing for {patience.delta:g} seconds. Ask again, or another model."
        )
    if now - started > patience.whole:
        raise ModelServerError(f"{server.name} was not done after {patience.whole:g} seconds and was stopped.")


def _as_told_error(server: ModelServer, error: BaseException) -> BaseException:
    """Return an error of the client as a `TopicsError` whose text is for people; a `TopicsError` as it is."""
    if isinstance(error, TopicsError | ImportError):
        return error
    return ModelServerError(
        f"{server.name} did not answer ({type(error).__name__}). Check that it runs, and the model's name."
    )


def _stream_answer(server: ModelServer, messages: Sequence[Message]) -> Iterator[Delta]:
    with _client(server) as client:
        if _is_ollama(client, server):
            _check_local(client, server)
            yield from _of_ollama(client, server, messages)
        else:
            yield from _of_openai(client, server, messages)


def _client(server: ModelServer) -> httpx2.Client:
    """Return a client that asks this address and no other: no proxy of the environment, no redirect."""
    import httpx2

    timeout = httpx2.Timeout(server.patience.delta, connect=server.patience.connect)
    return httpx2.Client(trust_env=False, follow_redirects=False, timeout=timeout)


def _is_ollama(client: httpx2.Client, server: ModelServer) -> bool:
    answer = client.get(f"{server.url}/api/version", headers=_headers(server), timeout=server.patience.connect)
    return answer.status_code == OK and "version" in _object(answer.content)


OK: Final = 200


def _check_local(client: httpx2.Client, server: ModelServer) -> None:
    """Hold that Ollama computes the model itself, and does not pass the question on to a cloud.

    Raises:
        ModelServerError: it passes it on, and that was not allowed.

    """
    if server.may_be_remote:
        return
    shown = client.post(f"{server.url}/api/show", json={"model": server.model}, headers=_headers(server))
    if server.model.casefold().endswith(_CLOUD) or _is_passed_on(_object(shown.content)):
        raise _remote(server)


def _remote(server: ModelServer) -> ModelServerError:
    return ModelServerError(
        f"{server.name} is computed on another machine, and your notes would be sent there. Name a model of this "
        "machine, or allow it with --allow-remote-llm."
    )


def _is_passed_on(answer: Mapping[str, Any]) -> bool:
    return bool(answer.get("remote_host") or answer.get("remote_model"))


def _headers(server: ModelServer) -> dict[str, str]:
    return {"Authorization": f"Bearer {server.key}"} if server.key else {}


def _of_ollama(client: httpx2.Client, server: ModelServer, messages: Sequence[Message]) -> Iterator[Delta]:
    """Yield what Ollama writes, by its own protocol: only there do the size of the context and `think` hold."""
    body = {
        "model": server.model,
        "messages": list(messages),
        "stream": True,
        "think": False,
        "options": {"num_ctx": CONTEXT_TOKENS, "num_predict": ANSWER_TOKENS, "temperature": 0},
    }
    with client.stream("POST", f"{server.url}/api/chat", json=body, headers=_headers(server)) as answer:
        _check_status(server, answer.status_code)
        for line in answer.iter_lines():
            if line.strip():
                told = _object(line.encode())
                if not told or "error" in told:
                    raise ModelServerError(f"{server.name} answered something that cannot be read. Try another model.")
                if _is_passed_on(told) and not server.may_be_remote:
                    raise _remote(server)
                message = told.get("message")
                text = message.get("content") if isinstance(message, dict) else ""
                yield Delta(text if isinstance(text, str) else "", _count(told.get("prompt_eval_count")))
                if told.get("done") is True:
                    return
    raise ModelServerError(f"{server.name} broke off in the middle. Ask again.")


def _of_openai(client: httpx2.Client, server: ModelServer, messages: Sequence[Message]) -> Iterator[Delta]:
    """Yield what a server writes that speaks the protocol of OpenAI, as llama.cpp, LM Studio and vLLM do."""
    import openai

    if server.model.casefold().endswith(_CLOUD) and not server.may_be_remote:
        raise _remote(server)
    asking = openai.OpenAI(
        base_url=f"{server.url}{_ROOT}", api_key=server.key or "none", max_retries=0, http_client=client
    )
    create: Callable[..., Any] = asking.chat.completions.create
    try:
        stream = create(
            model=server.model,
            messages=list(messages),
            max_tokens=ANSWER_TOKENS,
            temperature=0,
            stream=True,
            stream_options={"include_usage": True},
        )
        finished = False
        with stream:
            for chunk in stream:
                finished |= bool(chunk.choices and chunk.choices[0].finish_reason)
                text = chunk.choices[0].delta.content if chunk.choices and chunk.choices[0].delta else ""
                yield Delta(text or "", _count(chunk.usage.prompt_tokens if chunk.usage else None))
    except openai.APIStatusError as error:
        _check_status(server, error.status_code)
        raise
    if not finished:
        raise ModelServerError(f"{server.name} broke off in the middle. Ask again.")


def _check_status(server: ModelServer, status: int) -> None:
    if status == OK:
        return
    if status in range(300, 400):
        problem = "sends its visitors to another address, which is not followed. Name the address that it means."
    elif status in {401, 403}:
        problem = "asks for a key. Name a file that holds it with --llm-key-file."
    elif status == 404:
        problem = "knows no such model, or is no model server. Check the model's name and the address."
    else:
        problem = f"answered with the error {status}. Look at what it says where it runs."
    raise ModelServerError(f"{server.name} {problem}")


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _object(content: bytes) -> dict[str, Any]:
    """Return the object that JSON holds; an empty one where it is none."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
