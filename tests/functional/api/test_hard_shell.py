"""What is refused before anybody looks at it, and that nothing of a patient gets where it does not belong."""

import json
import logging
import socket

import httpx
import pytest

from storage.settings import load_settings
from tests.functional.api.images import ct_image
from tests.functional.api.township import Township
from tests.services.waiting import wait_until
from viewer_api.bodies import MAX_DEPTH, depth_of
from viewer_api.limits import Buckets, Limits

_MARK = "MARKEDNAME7QZ"


@pytest.mark.parametrize(
    "body, depth",
    [
        (b"", 0),
        (b"[]", 1),
        (b'{"a": [1, {"b": 2}]}', 3),
        (b'{"a": "[[[[{{{{"}', 1),
        (b'{"a": "\\"[[[["}', 1),
        (b'"never closed [[[[', 4),
        (b"[" * 500_000, 500_000),
    ],
)
def test_depth_is_counted_outside_strings(body: bytes, depth: int) -> None:
    assert depth_of(body) == depth


def test_json_that_is_nested_too_deep_is_refused_before_it_is_read(township: Township) -> None:
    client, kind = township.client("radiologist"), {"Content-Type": "application/json"}
    deep = '{"a":' * MAX_DEPTH + "1" + "}" * MAX_DEPTH
    assert client.put("/api/v1/session/preferences", content=deep, headers=kind).status_code == 200
    deeper = '{"a":' * (MAX_DEPTH + 1) + "1" + "}" * (MAX_DEPTH + 1)
    for body in (deeper, "[" * 100_000):
        answer = client.put("/api/v1/session/preferences", content=body, headers=kind)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"


def test_headers_have_their_limits(township: Township) -> None:
    client = township.anonymous()
    assert client.get("/healthz", headers={f"X-{number}": "1" for number in range(120)}).status_code == 431
    host, port = township.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 431")


def test_a_caller_who_asks_too_often_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("viewer_api.limits.monotonic", lambda: now[0])
    buckets = Buckets(2, 3)
    assert [buckets.take("li") for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("wang") == 0
    now[0] += 0.5
    assert buckets.take("li") == 0
    assert buckets.take("li") > 0
    assert all(Buckets(0, 0).take("li") == 0 for _ in range(100))


def test_refusals_say_when_to_come_back(township: Township) -> None:
    services = township.server.config.app.state.services
    few = Limits(load_settings({"COUNTYREAD_RATE_CALLER": "0.4", "COUNTYREAD_RATE_ADDRESS": "0"}))
    object.__setattr__(services, "limits", few)
    client = township.client("radiologist")
    answers = [client.get("/api/v1/session") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "too_many_attempts"
    assert int(answers[2].headers["retry-after"]) >= 1


def test_another_site_gets_nothing_by_our_cookie(township: Township) -> None:
    token = township.log_in("radiologist")["token"]
    cookie = {"Cookie": f"countyread_session={token}"}
    with httpx.Client(base_url=township.url, timeout=30) as client:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert client.request(method, "/api/v1/session/preferences", headers=cookie).status_code in (401, 405)
        assert client.get("/api/v1/tasks", headers={**cookie, "Sec-Fetch-Site": "same-origin"}).status_code == 200
        assert client.get("/api/v1/tasks", headers={**cookie, "Sec-Fetch-Site": "cross-site"}).status_code == 401


def test_pages_may_run_our_scripts_alone(township: Township) -> None:
    policy = township.anonymous().get("/").headers["content-security-policy"]
    parts = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
    assert parts["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert parts["style-src-elem"] == ["'self'"]
    assert parts["frame-ancestors"] == ["'self'"]
    assert parts["object-src"] == parts["base-uri"] == ["'none'"]


def test_tls_is_asked_for_where_there_is_tls(township: Township) -> None:
    client = township.anonymous()
    assert "strict-transport-security" not in client.get("/healthz").headers
    secure = client.get("/healthz", headers={"X-Forwarded-Proto": "https"})
    assert secure.headers["strict-transport-security"].startswith("max-age=")
    opened = client.post(
        "/api/v1/session",
        json={"username": "radiologist", "password": "a long enough password"},
        headers={"X-Forwarded-Proto": "https"},
    )
    assert "Secure" in opened.headers["set-cookie"]


def test_a_patients_name_gets_into_no_log_no_metric_and_no_error(
    township: Township, caplog: pytest.LogCaptureFixture
) -> None:
    image = township.image(ct_image(PatientName=_MARK, PatientID=_MARK))
    study = township.wado(image).split("/")[3]
    clinic, reader = township.client("clinic01"), township.client("radiologist")
    order = {"modality": "CT", "patient": {"id": _MARK, "name": _MARK}}
    logging.getLogger("httpx").setLevel(logging.CRITICAL)
    caplog.set_level(logging.INFO)
    shown = clinic.get(f"/api/v1/studies/{study}").text
    assert _MARK in shown
    refused = [
        clinic.post("/api/v1/orders", json=order),
        clinic.post("/api/v1/orders", json={"patient": _MARK}),
        clinic.post("/api/v1/emergencies/search", json={"name": _MARK, "birth_date": _MARK, "reason": "unconscious"}),
        clinic.get("/api/v1/studies", params={"cursor": _MARK}),
        reader.get("/dicomweb/studies", params={"PatientName": _MARK, "StudyDate": _MARK}),
        reader.post("/api/v1/tasks/1/ask", content=_MARK),
        reader.put("/api/v1/session/preferences", content=json.dumps([_MARK])),
        township.anonymous().post("/api/v1/session", json={"username": _MARK, "password": _MARK}),
        reader.get(f"/api/v1/nothing/{_MARK}"),
    ]
    reader.get("/api/v1/studies", params={"q": _MARK})
    reader.get("/dicomweb/studies", params={"PatientName": f"{_MARK}*"})
    metrics = township.anonymous().get("/metrics").text

    def lines() -> list[str]:
        return [record.getMessage() for record in caplog.records if record.name == "viewer_api.access"]

    wait_until(lambda: len(lines()) >= len(refused) + 3, 30, "the lines, which follow the answers")
    for answer in refused:
        assert answer.status_code >= 400, answer.text
        assert _MARK not in answer.text
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert _MARK not in metrics
    assert [line for line in ours if _MARK in line] == []
