"""What other programs ask over HTTP, and what they are told."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.api.bodies import MAX_BODY_BYTES, MAX_LINES
from assistant.server import Access, Reach
from assistant.service import AskRequest, Service, WorkQueue
from index.errors import LibraryError
from index.library import Library
from tests.assistant.api.conftest import Client
from tests.fakes import WordCountEncoder
from tests.libraries import reading_only

QUESTION = "how do I settle merge conflicts?"
PROBLEM = "application/problem+json"


def problem(response: Any, status: int) -> dict[str, Any]:  # noqa: ANN401 (httpx's, by Starlette's choice)
    """Return the problem that a response tells."""
    told: dict[str, Any] = response.json()
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM)
    assert (told["status"], told["type"]) == (status, "about:blank")
    assert "Traceback" not in told["detail"]
    return told


def fields(response: Any) -> list[str]:  # noqa: ANN401
    return [wrong["field"] for wrong in problem(response, 422)["errors"]]


def test_answer_is_the_public_contract_by_get_and_by_post(client: TestClient, service: Service) -> None:
    expected = service.answer(AskRequest(QUESTION, 2, "DevOps")).to_json()
    asked: dict[str, Any] = {"question": QUESTION, "limit": 2, "subject": "DevOps"}
    assert client.get("ask", params=asked).json() == json.loads(json.dumps(expected))
    assert client.post("ask", json=asked).json() == json.loads(json.dumps(expected))
    assert client.post("ask", json=asked | {"id": "q1"}).json()["id"] == "q1"


def test_filters_are_those_of_the_page(reader: TestClient) -> None:
    def hits(**filters: object) -> list[tuple[str, str]]:
        answer = reader.post("ask", json={"question": "what is a branch?", **filters}).json()
        return [(hit["subject"], hit["slot"]) for hit in answer["hits"]]

    assert {subject for subject, _ in hits(subject="python")} == {"Python"}
    assert {slot for _, slot in hits(slot="Example")} == {"Example"}
    assert hits(slot="example") == hits(slot="Example")
    assert (
        reader.get("ask", params={"question": "subject:python what is a branch?"}).json()["hits"][0]["subject"]
        == "Python"
    )


def test_empty_filter_is_none(reader: TestClient) -> None:
    answers = [
        reader.post("ask", json={"question": QUESTION, **filters}).json() | {"elapsed_ms": 0}
        for filters in ({}, {"subject": "", "slot": "", "filter": "", "after": ""})
    ]
    assert answers[0] == answers[1]
    assert reader.get("contents", params={"subject": ""}).json()["total"] == 3


@pytest.mark.parametrize(
    ("question", "filter_", "field"),
    [
        (QUESTION, "folder:nowhere", "filter"),
        (QUESTION, "no filter", "filter"),
        ("tag:none what?", "-word", "question"),
    ],
)
def test_what_is_wrong_with_a_filter_is_told_by_where_it_stands(
    reader: TestClient, question: str, filter_: str, field: str
) -> None:
    assert fields(reader.get("ask", params={"question": question, "filter": filter_})) == [field]
    wrong = fields(reader.get("search", params={"query": question, "filter": filter_}))
    assert wrong == ["query" if field == "question" else field]


def test_nothing_is_journalled_unless_asked_for(client: TestClient, service: Service) -> None:
    client.get("ask", params={"question": QUESTION})
    client.post("ask", content=json.dumps({"question": QUESTION}), headers={"content-type": "application/x-ndjson"})
    assert service.journal().recent(5) == []
    client.get("ask", params={"question": QUESTION, "journal": "true"})
    assert [one.question for one in service.journal().recent(5)] == [QUESTION]


def test_batch_is_answered_line_by_line_and_what_is_wrong_with_one_stops_no_other(reader: TestClient) -> None:
    lines = [
        '{"id": "a", "question": "what is GitOps?"}',
        "",
        "no json",
        '{"id": "b", "question": ""}',
        '{"question": 5}',
    ]
    body = "\n".join([*lines, json.dumps({"id": "c", "question": QUESTION})])
    response = reader.post("ask", content=body, headers={"content-type": "application/x-ndjson"})
    assert (response.status_code, response.headers["content-type"]) == (200, "application/x-ndjson")
    first, broken, empty, number, last = map(json.loads, response.text.splitlines())
    assert (first["id"], last["id"], last["hits"][0]["topic"]) == ("a", "c", "Merge conflicts")
    assert (broken["line"], "no JSON" in broken["error"]) == (3, True)
    assert (empty["id"], empty["errors"][0]["field"]) == ("b", "question")
    assert number["errors"][0]["field"] == "question"


def test_batch_that_is_too_long_is_refused_as_a_whole(reader: TestClient) -> None:
    body = '{"question": "x"}\n' * (MAX_LINES + 1)
    problem(reader.post("ask", content=body, headers={"content-type": "application/x-ndjson"}), 413)


def test_search_is_paged_until_there_is_no_more(reader: TestClient) -> None:
    start: int | None = 0
    found: list[str] = []
    while start is not None:
        page = reader.get("search", params={"query": "branch", "limit": 2, "start": start}).json()
        assert (page["query"], page["limit"], page["start"]) == ("branch", 2, start)
        found += [hit["topic"] for hit in page["results"]]
        start = page["next"]
    assert sorted(found) == ["Canary releases", "Decorators", "Merge conflicts"]


def test_topic_is_read_as_a_whole_with_what_stands_beside_it(reader: TestClient) -> None:
    id_ = reader.get("search", params={"query": "canary"}).json()["results"][0]["id"]
    topic = reader.get(f"topics/{id_}").json()
    assert (topic["topic"], topic["subject"], topic["path"], topic["line"]) == (
        "Canary releases",
        "DevOps",
        "topics.md",
        9,
    )
    assert "*What:*\n\nA new version reaches a few users first." in topic["markdown"]
    assert [(entry["slot"], entry["line"]) for entry in topic["entries"]] == [
        ("What", 10),
        ("How", 11),
        ("Example", 12),
    ]
    assert reader.get("topics/topics.md:10").json() == topic
    assert (topic["previous"]["topic"], topic["next"]["topic"]) == ("Merge conflicts", "Decorators")
    assert reader.get(f"topics/{topic['next']['id']}").json()["next"] is None


def test_related_topics_come_with_id_place_and_why(
    tmp_path: Path, client_of: Client, library: Library, notes: Path
) -> None:
    text = "# Git\n\n## Rebase a branch\nRebase the branch, settle each file and push again: merge conflicts.\n"
    (notes / "git.md").write_text(text, encoding="utf-8")
    library.sync()
    service = Service()
    service.use(library)
    service.library()
    client = client_of(service)
    id_ = client.get("search", params={"query": "merge conflicts"}).json()["results"][0]["id"]
    [related, *_] = client.get(f"topics/{id_}/related", params={"limit": 1}).json()["related"]
    assert {"id", "path", "line", "why", "score", "topic", "subject"} <= set(related)


def test_topic_in_a_folder_is_read_by_its_place(client: TestClient, notes: Path) -> None:
    (notes / "garden").mkdir()
    (notes / "garden" / "beds.md").write_text("# Garden\n\n## Compost\nTurn it.\n", encoding="utf-8")
    client.post("sync", params={"wait": 30})
    for place in ("garden/beds.md:4", "garden%2Fbeds.md:4"):
        assert client.get(f"topics/{place}").json()["topic"] == "Compost"
        assert client.get(f"topics/{place}/related").json()["topic"] == "Compost"


def test_unknown_topic_names_the_ones_near_it(reader: TestClient) -> None:
    id_ = reader.get("contents").json()["topics"][0]["id"]
    told = problem(reader.get(f"topics/{id_[:-1]}x"), 404)
    assert told["near"][0]["id"] == id_
    assert problem(reader.get("topics/Merge conflict/related"), 404)["near"][0]["topic"] == "Merge conflicts"
    assert "near" in problem(reader.get("topics/🦉"), 404)


def test_contents_are_paged_and_narrowed_to_a_subject(reader: TestClient) -> None:
    page = reader.get("contents", params={"limit": 1, "subject": "devops"}).json()
    assert (page["total"], page["next"], page["subjects"]) == (2, 1, {"DevOps": 2, "Python": 1})
    rest = reader.get("contents", params={"limit": 1, "start": 1, "subject": "DevOps"}).json()
    assert ([one["topic"] for one in rest["topics"]], rest["next"]) == (["Canary releases"], None)
    assert fields(reader.get("contents", params={"subject": "Nowhere"})) == ["subject"]


def test_status_says_what_was_skipped_and_why(client: TestClient, notes: Path) -> None:
    (notes / "bad.md").write_bytes(b"\x00\x01\x02" * 99)
    state = client.post("sync", params={"wait": 30}).json()
    assert (state["running"], state["error"]) == (False, "")
    status = client.get("status").json()
    assert (status["topics"], [one["path"] for one in status["problems"]]) == (3, ["bad.md"])


def test_sync_reads_what_changed(client: TestClient, notes: Path) -> None:
    (notes / "new.md").write_text("# Garden\n\n## Compost\nTurn it.\n", encoding="utf-8")
    response = client.post("sync", params={"wait": 30})
    assert (response.status_code, response.json()["added"]) == (200, 1)
    assert client.get("contents").json()["subjects"]["Garden"] == 1


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({}, ["question"]),
        ({"question": ""}, ["question"]),
        ({"question": " \n"}, ["question"]),
        ({"question": "x" * 2001}, ["question"]),
        ({"question": "x " * 500}, ["question"]),
        ({"question": "x", "limit": 0}, ["limit"]),
        ({"question": "x", "limit": "many", "as_typed": "perhaps"}, ["limit", "as_typed"]),
        ({"question": "x", "slot": "why"}, ["slot"]),
        ({"question": "x", "subject": "Nowhere"}, ["subject"]),
        ({"question": "x", "nothing": "1"}, ["nothing"]),
    ],
)
def test_what_is_wrong_is_named_by_its_field(reader: TestClient, asked: dict[str, Any], wrong: list[str]) -> None:
    assert fields(reader.get("ask", params=asked)) == wrong
    assert fields(reader.post("ask", json=asked)) == wrong


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"question": NaN}', "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[]", "application/json", 422),
        (b'"what?"', "application/json", 422),
        (b"question=what", "application/x-www-form-urlencoded", 415),
        (b"x" * (MAX_BODY_BYTES + 1), "application/json", 413),
        (b"x" * (MAX_BODY_BYTES + 1), "application/x-ndjson", 413),
    ],
)
def test_body_that_cannot_be_read_is_a_problem(reader: TestClient, content: bytes, kind: str, status: int) -> None:
    problem(reader.post("ask", content=content, headers={"content-type": kind}), status)


def test_address_or_method_that_is_not_there_is_a_problem(reader: TestClient) -> None:
    problem(reader.get("nothing"), 404)
    problem(reader.get("topics/a%0Ab"), 404)
    response = reader.delete("ask")
    assert problem(response, 405)["detail"] == "This address takes GET and POST."
    assert response.headers["allow"]


def test_address_that_the_server_names_leads_to_what_people_read(reader: TestClient) -> None:
    for address in ("http://127.0.0.1:8501/api/v1", ""):
        page = reader.get(address)
        assert (page.status_code, page.url.path) == (200, "/api/v1/docs")


def test_what_stands_in_the_address_holds_beside_a_body(reader: TestClient) -> None:
    assert len(reader.post("ask?limit=1", json={"question": QUESTION}).json()["hits"]) == 1
    assert len(reader.post("ask?limit=1", json={"question": QUESTION, "limit": 2}).json()["hits"]) == 2
    assert fields(reader.post("ask?nothing=1", json={"question": QUESTION})) == ["nothing"]
    assert reader.post("ask", params={"question": QUESTION}).json()["answered"]
    lines = reader.post(
        "ask?limit=1",
        content=json.dumps({"question": QUESTION}) + "\n[]",
        headers={"content-type": "application/x-ndjson"},
    ).text.splitlines()
    assert [len(json.loads(line).get("hits", ())) for line in lines] == [1, 0]


def test_sync_may_be_waited_for_by_what_its_body_says(client: TestClient, notes: Path) -> None:
    (notes / "new.md").write_text("# Garden\n\n## Compost\nTurn it.\n", encoding="utf-8")
    assert fields(client.post("sync", json={"patience": 30})) == ["patience"]
    response = client.post("sync", json={"wait": 30})
    assert (response.status_code, response.json()["added"]) == (200, 1)


def test_unknown_name_is_answered_by_those_that_are_known(reader: TestClient) -> None:
    [wrong] = problem(reader.get("search", params={"query": "x", "size": "3"}), 422)["errors"]
    assert wrong == {
        "field": "size",
        "message": "Unknown name. Known: query, limit, start, subject, slot, as_typed, filter",
    }
    assert "Nothing may be given" in problem(reader.get("status?of=all"), 422)["detail"]
    assert "an object with: question, limit" in problem(reader.post("ask", json=["x"]), 422)["detail"]


def test_unknown_subject_names_those_there_are_at_every_route(reader: TestClient) -> None:
    for route in ("ask?question=x&subject=Devop", "search?query=x&subject=Devop", "contents?subject=Devop"):
        assert "Its subjects: DevOps, Python." in problem(reader.get(route), 422)["detail"]


def test_more_than_the_queue_holds_is_told_to_come_back(service: Service, client_of: Client) -> None:
    queue = WorkQueue(1)
    client = client_of(service, queue)
    with queue.place():
        response = client.get("ask", params={"question": QUESTION})
        batch = client.post("ask", content=b'{"question": "x"}', headers={"content-type": "application/x-ndjson"})
    for refused in (response, batch):
        problem(refused, 429)
        assert int(refused.headers["retry-after"]) >= 1
    assert client.get("ask", params={"question": QUESTION}).status_code == 200


def test_library_that_is_not_open_yet_says_when_to_come_back(
    tmp_path: Path, library: Library, client_of: Client
) -> None:
    service = Service()
    service.use(library)
    client = client_of(service)
    assert client.get("health").json() == {"status": "opening"}
    response = client.get("ask", params={"question": QUESTION})
    problem(response, 503)
    assert int(response.headers["retry-after"]) >= 1
    service.library()  # which the question has begun to open
    assert client.get("health").json() == {"status": "ready"}
    assert client.get("ask", params={"question": QUESTION}).status_code == 200


def test_library_that_cannot_be_opened_says_why(
    library: Library, client_of: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise LibraryError("its disk is away")

    monkeypatch.setattr(library.encoder, "encode_queries", fail)
    service = Service()
    service.use(library)
    with pytest.raises(LibraryError, match="its disk is away"):
        service.library()
    client = client_of(service)
    assert client.get("health").json() == {"status": "failed"}
    assert problem(client.get("status"), 503)["detail"] == "its disk is away"


def test_failure_that_nobody_foresaw_tells_no_more_than_that(
    service: Service, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "answer", lambda _: 1 / 0)
    assert "ZeroDivision" not in problem(client.get("ask", params={"question": QUESTION}), 500)["detail"]


def test_password_and_token_are_asked_for_but_not_of_health(service: Service, client_of: Client) -> None:
    client = client_of(service, access=Access(Reach(), password="p" * 12, token="t" * 12))
    assert client.get("health").status_code == 200
    problem(client.get("status"), 401)
    assert client.get("status", headers={"Authorization": f"Bearer {'t' * 12}"}).status_code == 200
    assert client.get("status", auth=("me", "p" * 12)).status_code == 200


def test_file_whose_name_is_no_utf8_is_read_like_any_other(tmp_path: Path, client_of: Client) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "caf\udce9.md").write_text("# Coffee\n\n## Grinding\nFine for espresso.\n", encoding="utf-8")
    with closing(Library(tmp_path / "own", WordCountEncoder())) as library:
        reading_only(library, folder)
        service = Service()
        service.use(library)
        service.library()
        client = client_of(service)
        hit = client.get("ask", params={"question": "grinding for espresso"}).json()["hits"][0]
        assert hit["path"].startswith("caf")
        assert client.get(f"topics/{hit['id']}").json()["path"] == hit["path"]
        assert client.get("contents").json()["topics"][0]["path"] == hit["path"]


def test_api_lies_below_the_path_of_the_app(service: Service, client_of: Client) -> None:
    client = client_of(service, access=Access(Reach(prefix="/notes")))
    assert client.get("http://127.0.0.1:8501/notes/api/v1/health").status_code == 200
    assert client.get("health").status_code == 404
