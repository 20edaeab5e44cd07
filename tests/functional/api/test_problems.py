import inspect
import logging

import pytest
from sqlalchemy.exc import OperationalError

from storage.domain import errors
from tests.functional.api.township import Township
from tests.services.waiting import wait_until
from viewer_api.errors import status_of

_MEMBERS = {"type", "title", "status", "code", "detail"}


@pytest.mark.parametrize(
    "method, path, status, code",
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v1/tasks/99", 404, "not_found"),
        ("GET", "/api/v1/tasks/0", 422, "invalid"),
        ("GET", "/api/v1/tasks/99999999999999999999", 422, "invalid"),
        ("GET", "/api/v1/tasks/x", 422, "invalid"),
        ("GET", "/api/v1/tasks?limit=100000", 422, "invalid"),
        ("GET", "/api/v1/tasks?state=nonsense", 422, "invalid"),
        ("GET", "/api/v1/tasks?stat=queued", 422, "invalid"),
        ("GET", "/api/v1/tasks?cursor=nonsense", 422, "invalid"),
        ("GET", "/api/v1/studies/1.2.3", 404, "not_found"),
        ("GET", "/api/v1/studies/drop%20table", 422, "invalid"),
        ("GET", "/api/v1/studies?state=nonsense", 422, "invalid"),
        ("GET", "/api/v1/reports/7", 404, "not_found"),
        ("GET", "/api/v1/reports/7/pdf", 404, "not_found"),
        ("GET", "/dicomweb/studies?StudyDate=yesterday", 400, "bad_query"),
        ("PATCH", "/api/v1/tasks", 405, "method_not_allowed"),
        ("POST", "/api/v1/tasks/1/submit", 422, "invalid"),
        ("POST", "/api/v1/tasks/99/claim", 404, "not_found"),
    ],
)
def test_every_refusal_is_a_problem_document(
    township: Township, method: str, path: str, status: int, code: str
) -> None:
    answer = township.client("radiologist").request(method, path, json={} if method == "POST" else None)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body.keys() >= _MEMBERS
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:countyread:problem:{code}")
    assert body["detail"]


def test_a_broken_body_is_a_problem(township: Township) -> None:
    client = township.client("radiologist")
    answer = client.post("/api/v1/tasks/1/ask", content=b"{not json", headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"


def test_a_huge_body_is_refused_before_it_is_read(township: Township) -> None:
    answer = township.client("radiologist").post("/api/v1/tasks/1/ask", content=b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


def test_validation_does_not_repeat_what_was_sent(township: Township) -> None:
    body = {"lease_token": "t", "report": {"findings": 17, "impression": "secret", "extra": "hidden"}}
    answer = township.client("radiologist").post("/api/v1/tasks/1/submit", json=body)
    fields = {fault["field"] for fault in answer.json()["errors"]}
    assert fields == {"report.findings", "report.extra"}
    assert "hidden" not in answer.text


def test_an_unknown_error_says_and_logs_nothing_of_patients(
    township: Township, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("patient 张三 born 1950")

    monkeypatch.setattr("viewer_api.worklist.routes.list_tasks", broken)
    with caplog.at_level(logging.DEBUG):
        answer = township.client("radiologist").get("/api/v1/tasks")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "张三" not in answer.text + caplog.text
    assert "ValueError in GET /api/v1/tasks" in caplog.text
    assert "worklist/routes.py" in caplog.text


def test_searches_are_not_logged(township: Township, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        township.client("radiologist").get("/api/v1/studies", params={"q": "王小明"})
        township.client("radiologist").get("/dicomweb/studies", params={"PatientName": "WANG*"})

        def paths() -> list[str]:
            lines = [record.getMessage() for record in caplog.records if record.name == "viewer_api.access"]
            return [line.split(" ")[1] for line in lines]

        wait_until(lambda: len(paths()) == 2, 5, "the lines, which follow the answers")
    assert paths() == ["/api/v1/studies", "/dicomweb/studies"]
    ours = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("http"))
    assert "王小明" not in ours
    assert "%E7%8E%8B" not in ours
    assert "WANG" not in ours


def test_a_dead_database_is_said_at_once(township: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    client = township.client("radiologist")

    def dead(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    monkeypatch.setattr("storage.db.queries.logins.live_login", dead)
    answer = client.get("/api/v1/tasks")
    assert answer.status_code == 503
    assert answer.json()["code"] == "database_unavailable"
    assert answer.headers["retry-after"] == "5"
    assert "SELECT" not in answer.text


def test_every_refusal_of_the_product_has_a_status() -> None:
    def kinds(base: type[errors.CountyReadError]):
        yield base
        for kind in base.__subclasses__():
            yield from kinds(kind)

    def made(kind: type[errors.CountyReadError]) -> errors.CountyReadError:
        asked = inspect.signature(kind).parameters.values()
        return kind(*("x" for one in asked if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD))

    # The gateway's own never come this way; they are here when another test has imported them.
    own = [kind for kind in kinds(errors.CountyReadError) if not kind.__module__.startswith("dicom_gateway")]
    statuses = {kind.code: int(status_of(made(kind))) for kind in own}
    assert {code for code, status in statuses.items() if status == 500} <= {
        "error",
        "checksum_mismatch",
        "configuration",
    }
    assert statuses["stale_lease"] == statuses["already_claimed"] == statuses["same_person"] == 409
    assert statuses["store_unavailable"] == 503
    assert statuses["storage_full"] == 507


def test_security_headers_are_on_every_answer(township: Township) -> None:
    for path in ("/", "/api/v1/tasks", "/healthz", "/nothing", "/api/v1/session"):
        headers = township.anonymous().get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self' 'wasm-unsafe-eval'" in policy
        assert "worker-src 'self' blob:" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers
    assert township.anonymous().get("/api/v1/tasks").headers["cache-control"] == "no-store"
