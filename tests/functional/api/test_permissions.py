"""Every route, every role: generated from the OpenAPI document, so that no route escapes."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import Depends
from fastapi.routing import APIRoute

from storage.domain.reading import Role
from tests.functional.api.township import Township
from viewer_api.dependencies import authorise
from viewer_api.permissions import PUBLIC, ROLES

_PEOPLE = {
    Role.CLINIC: "clinic01",
    Role.RADIOLOGIST: "radiologist",
    Role.AUDITOR: "auditor",
    Role.MANAGER: "manager",
    Role.REGULATOR: "regulator",
    Role.ADMIN: "admin",
    Role.CONSULTANT: "consultant",
}
_SAMPLES = {
    "task_id": "987654",
    "consultation_id": "987654",
    "report_id": "987654",
    "seq": "987654",
    "quarantine_id": "987654",
    "device_id": "987654",
    "patient_id": "987654",
    "pair_id": "987654",
    "merge_id": "987654",
    "caller_id": "987654",
    "order_id": "987654",
    "recognition_id": "987654",
    "hook_id": "987654",
    "key_image_id": "987654",
    "number": "1",
    "case_id": "987654",
    "webhook_id": "987654",
    "letter_id": "987654",
    "username": "nobody",
    "critical_id": "987654",
    "retake_id": "987654",
    "review_id": "987654",
    "template_id": "987654",
    "phrase_id": "987654",
    "kind": "calendar",
    "kind_id": "987654",
    "shift_id": "987654",
    "absence_id": "987654",
    "licence_id": "987654",
    "institution": "t01",
    "study_instance_uid": "1.2.3.4",
    "series_instance_uid": "1.2.3.5",
    "sop_instance_uid": "1.2.3.6",
    "frames": "1",
    "upload_id": "0" * 32,
    "name": "1",
    "parcel_id": "0" * 64,
}
_ENDLESS = "/api/v1/events"
_HIDDEN = "GET /{path:path}"


def _documented(township: Township) -> Iterator[tuple[str, str]]:
    for path, methods in township.anonymous().get("/openapi.json").json()["paths"].items():
        for method in methods:
            yield method.upper(), path


def _call(client: httpx.Client, method: str, path: str) -> httpx.Response:
    filled = re.sub(r"{(\w+)}", lambda name: _SAMPLES[name[1]], path)
    if path == _ENDLESS:
        with client.stream(method, filled) as answer:
            if answer.status_code != 200:
                answer.read()
            return answer
    return client.request(method, filled, json={} if method in ("POST", "PUT") else None)


def test_the_table_has_every_route_and_no_other(township: Township) -> None:
    documented = {f"{method} {path}" for method, path in _documented(township)}
    assert documented | {_HIDDEN} == set(ROLES)


def test_nobody_gets_in_without_a_log_in(township: Township) -> None:
    for method, path in _documented(township):
        answer = _call(township.anonymous(), method, path)
        if ROLES[f"{method} {path}"] == PUBLIC:
            assert answer.status_code != 401, (method, path)
        else:
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_through_the_doors_that_are_its_own(township: Township, role: Role) -> None:
    for method, path in _documented(township):
        allowed = ROLES[f"{method} {path}"]
        if allowed == PUBLIC or (method, path) == ("DELETE", "/api/v1/session"):
            continue
        answer = _call(township.client(_PEOPLE[role]), method, path)
        if role in allowed:
            assert answer.status_code not in (401, 403), (method, path, answer.text)
            assert answer.status_code < 500, (method, path, answer.text)
        else:
            assert answer.status_code == 403, (method, path, answer.text)
            assert answer.json()["code"] == "forbidden"


def test_the_health_authority_sees_no_patient(township: Township) -> None:
    for route, allowed in ROLES.items():
        patient_level = any(
            word in route for word in ("/tasks", "/studies", "/orders", "/results", "/reports", "/events")
        )
        assert not (patient_level and (Role.REGULATOR in allowed or allowed == PUBLIC)), route


def test_a_route_that_nobody_declared_is_refused_to_everybody(township: Township) -> None:
    township.server.config.app.router.routes.insert(0, _undeclared())
    for username in _PEOPLE.values():
        assert township.client(username).get("/api/v1/undeclared").status_code == 403


def _undeclared() -> APIRoute:
    return APIRoute("/api/v1/undeclared", lambda: {"secret": 1}, dependencies=[Depends(authorise)])
