"""the routes of the HTTP API: a request in, a record of the service out, a problem where there is none"""

from __future__ import annotations

import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from assistant.api.bodies import (
    EVENTS,
    NDJSON,
    Json,
    batch_lines,
    encoded,
    has_body,
    media_type,
    parsed,
    read_body,
    read_json,
    with_query,
)
from assistant.server import API, Problem, problem_response
from assistant.service import QueueFullError, Service, UnknownTopicError, WorkQueue
from index.errors import QuestionError, TopicsError
from index.retrieval import parse_filters

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.api.parameters import AskParameters

OPENAPI: Final = Path(__file__).parent / "openapi.json"
DOCS: Final = Path(__file__).parent / "docs.html"
_FILES: Final = StaticFiles(directory=Path(__file__).parent)
"""Sends a file, or only that it is still the one that the client has."""

OPENING_SECONDS: Final = 2
"""When to come back while the library opens: it takes one or two."""

FAILED_SECONDS: Final = 10
"""When to come back where it cannot be opened: it is tried again by then."""

Result = TypeVar("Result")
Parameters = TypeVar("Parameters")


def api_routes(service: Service, prefix: str = "", queue: WorkQueue | None = None) -> list[Mount]:
    """Return the routes of the API on a service, below a path; what is asked of them waits in one queue."""
    api = Api(service, queue or WorkQueue())
    routes = [
        Route("/ask", api.ask, methods=["GET", "POST"]),
        Route("/search", api.search, methods=["GET", "POST"]),
        Route("/write", api.write, methods=["POST"]),
        Route("/topics/{id:path}/related", api.related),
        Route("/topics/{id:path}", api.topic),
        Route("/contents", api.contents),
        Route("/status", api.status),
        Route("/sync", api.sync, methods=["POST"]),
        Route("/health", api.health),
        Route("/openapi.json", _openapi_document),
        Route("/docs", _docs),
        Route("/", _lead_to_docs),
    ]
    tellers: dict[Any, Any] = dict.fromkeys((Problem, TopicsError, HTTPException, Exception), _tell)
    return [Below(f"{prefix}{API}", Starlette(routes=routes, exception_handlers=tellers))]


class Below(Mount):
    """All addresses below a path, also those that hold the end of a line."""

    def __init__(self, path: str, app: ASGIApp) -> None:
        """Put an app below a path."""
        super().__init__(path, app)
        self.path_regex = re.compile(self.path_regex.pattern, re.DOTALL)


class Api:
    """Answers requests from one service."""

    def __init__(self, service: Service, queue: WorkQueue) -> None:
        """Answer by a service; requests wait in a queue."""
        self._service = service
        self._queue = queue

    async def ask(self, request: Request) -> Response:
        """Answer a question, or a batch of them line by line."""
        from assistant.api.parameters import AskParameters

        if request.method == "POST" and media_type(request) == NDJSON:
            return await self._ask_batch(request)
        parameters = await _request_parameters(AskParameters, request)
        return Json(await self._run(lambda: self._answer(parameters).to_json()))

    async def search(self, request: Request) -> Response:
        """Return the topics that match a question, a page of them."""
        from assistant.api.parameters import SearchParameters

        parameters = await _request_parameters(SearchParameters, request)
        with _naming_the_field(self._service, parameters.subject, "query", parameters.filter):
            page = await self._run(partial(self._service.search, parameters.request, parameters.start))
        return Json(asdict(page))

    async def write(self, request: Request) -> Response:
        """Put an answer in words by the model server: a state of it with every sentence, as server-sent events."""
        from assistant.api.parameters import AskParameters

        parameters = await _request_parameters(AskParameters, request)
        if self._service.writer is None:
            raise Problem(501, "No model server was named. Start the server with --llm URL --llm-model NAME.")
        self._check_ready()
        states = self._states(parameters)
        await anext(states)  # it has its place in the queue, or says at once that there is none
        return StreamingResponse(states, media_type=EVENTS, headers={"Cache-Control": "no-store"})

    async def _states(self, parameters: AskParameters) -> AsyncIterator[bytes]:
        """Yield nothing once there is a place in the queue, and then an answer in words anew with every sentence."""
        from assistant.answering import InWords

        cancelled = threading.Event()
        with self._queue.place():
            yield b""
            states = self._service.write(parameters.request, cancelled)
            try:
                while state := await self._queue.run_in_place(partial(next, states, None)):
                    event = b"done" if state.is_done else b"state"
                    yield b"event: " + event + b"\ndata: " + encoded(state.to_json()) + b"\n\n"
            except TopicsError as error:
                told = InWords(problem=str(error), is_done=True)
                yield b"event: done\ndata: " + encoded(told.to_json()) + b"\n\n"
            finally:
                cancelled.set()

    async def topic(self, request: Request) -> Response:
        """Return a topic as a whole."""
        from assistant.api.parameters import NoParameters

        await _request_parameters(NoParameters, request)
        return Json(asdict(await self._run(partial(self._service.topic, request.path_params["id"]))))

    async def related(self, request: Request) -> Response:
        """Return the topics that belong beside one."""
        from assistant.api.parameters import RelatedParameters

        parameters = await _request_parameters(RelatedParameters, request)
        return Json(
            asdict(await self._run(partial(self._service.related, request.path_params["id"], parameters.limit)))
        )

    async def contents(self, request: Request) -> Response:
        """Return the table of contents, a page of it."""
        from assistant.api.parameters import ContentsParameters

        parameters = await _request_parameters(ContentsParameters, request)
        with _naming_the_field(self._service, parameters.subject):
            page = await self._run(
                partial(self._service.contents_page, parameters.subject, parameters.limit, parameters.start)
            )
        return Json(asdict(page))

    async def status(self, request: Request) -> Response:
        """Return what the library holds, compared with its files as they are now."""
        from assistant.api.parameters import NoParameters

        await _request_parameters(NoParameters, request)
        return Json((await self._run(self._service.status)).to_json())

    async def sync(self, request: Request) -> Response:
        """Have what changed read; 202 where that is still going on."""
        from assistant.api.parameters import SyncParameters
        from assistant.api.records import sync_state

        parameters = await _request_parameters(SyncParameters, request)
        jobs = await self._run(partial(self._service.sync, parameters.wait))
        state = sync_state(jobs)
        return Json(asdict(state), 202 if state.running else 200)

    async def health(self, _request: Request) -> Response:
        """Say whether questions are answered, and nothing of the notes."""
        status = "ready" if self._service.is_ready else "failed" if self._service.problem else "opening"
        return Json({"status": status}, 200 if self._service.is_ready else 503)

    def _answer(self, parameters: AskParameters) -> Answer:
        with _naming_the_field(self._service, parameters.subject, "question", parameters.filter):
            answer = self._service.answer(parameters.request)
        if parameters.journal:
            self._service.journal().record(answer)
        return replace(answer, id=parameters.id)

    async def _ask_batch(self, request: Request) -> Response:
        from assistant.api.parameters import of_query

        lines = list(batch_lines(await read_body(request)))
        self._check_ready()
        answers = self._answers(lines, of_query(request.query_params))
        await anext(answers)  # it has its place in the queue, or says at once that there is none
        return StreamingResponse(answers, media_type=NDJSON)

    async def _answers(self, lines: list[tuple[int, str]], query: dict[str, object]) -> AsyncIterator[bytes]:
        """Yield nothing once there is a place in the queue, and then an answer to each line.

        What the query string says holds for each line that does not say otherwise.
        """
        with self._queue.place():
            yield b""
            for number, line in lines:
                answered = await self._queue.run_in_place(partial(self._answer_line, number, line, query))
                yield encoded(answered) + b"\n"

    def _answer_line(self, number: int, line: str, query: dict[str, object]) -> dict[str, Any]:
        """Return the answer to a line of a batch, or what is wrong with it: the others are answered all the same."""
        from assistant.api.parameters import AskParameters, checked_parameters

        given: object = None
        try:
            given = with_query(query, parsed(line))
            return self._answer(checked_parameters(AskParameters, given)).to_json()
        except Problem as problem:
            id_ = given.get("id") if isinstance(given, dict) else None
            plain = id_ if isinstance(id_, str | int | float) else None
            return {"id": plain, "line": number, "error": problem.detail, **problem.members}

    async def _run(self, work: Callable[[], Result]) -> Result:
        self._check_ready()
        return await self._queue.run(work)

    def _check_ready(self) -> None:
        """Hold that the library can be asked, and have it opened where it is not.

        Raises:
            Problem: it is being opened, or cannot be.

        """
        if self._service.is_ready:
            return
        problem = self._service.problem
        self._service.open_in_background()
        seconds = FAILED_SECONDS if problem else OPENING_SECONDS
        detail = problem or "The library is being opened, or read for the first time. Ask again in a moment."
        raise Problem(503, detail, headers={"Retry-After": str(seconds)})


async def _request_parameters(kind: type[Parameters], request: Request) -> Parameters:
    """Return what a request says in its query string and, where it has one, in its body, which counts more."""
    from assistant.api.parameters import checked_parameters, of_query

    query = of_query(request.query_params)
    return checked_parameters(kind, with_query(query, await read_json(request)) if has_body(request) else query)


@contextmanager
def _naming_the_field(
    service: Service, subject: str | None, field: str = "question", filter_: str = ""
) -> Iterator[None]:
    """Make a question that cannot be asked a problem that names the field.

    Raises:
        Problem: it cannot be asked.

    """
    try:
        yield
    except UnknownTopicError:
        raise
    except QuestionError as error:
        contents = service.contents()
        if subject is not None and contents.called(subject) not in contents.subjects:
            field = "subject"
        elif _is_wrong_filter(service, filter_):
            field = "filter"
        raise Problem(422, str(error), errors=[{"field": field, "message": str(error)}]) from error


def _is_wrong_filter(service: Service, filter_: str) -> bool:
    """Say whether a filter is none, or names what is not there."""
    try:
        service.library().note_index().topics(parse_filters(filter_, date.today()))
    except QuestionError:
        return True
    return False


def _tell(request: Request, error: Exception) -> Response:
    """Return the problem that an error is for whoever asked."""
    problem = _problem(error)
    return problem_response(problem.status, problem.detail, problem.headers, problem.members)


def _problem(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case UnknownTopicError():
            return Problem(404, str(error), near=[asdict(topic) for topic in error.near])
        case QueueFullError():
            return Problem(429, str(error), headers={"Retry-After": "1"})
        case QuestionError():
            return Problem(422, str(error))
        case TopicsError():
            return Problem(503, str(error), headers={"Retry-After": str(FAILED_SECONDS)})
        case HTTPException():
            return Problem(error.status_code, _of_route(error), headers=error.headers)
        case _:
            return Problem(500, "Something went wrong that should not have. `topics doctor` says more.")


def _of_route(error: HTTPException) -> str:
    """Return what is wrong with an address or a method."""
    if error.status_code == 405:
        methods = sorted((error.headers or {}).get("Allow", "another method").split(", "))
        return f"This address takes {' and '.join(method for method in methods if method != 'HEAD')}."
    if error.status_code == 404:
        return f"There is no such address. {API}/docs lists them all."
    return "The request cannot be understood."


def _openapi_document(request: Request) -> Response:
    return _FILES.file_response(OPENAPI, OPENAPI.stat(), request.scope)


def _lead_to_docs(_request: Request) -> Response:
    return RedirectResponse("docs")


def _docs(request: Request) -> Response:
    return _FILES.file_response(DOCS, DOCS.stat(), request.scope)
