"""Every route, every role: generated from the OpenAPI document, so that no route escapes."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import Depends
from fastapi.routing import APIRoute

from scripts.security_matrix import matrix
from storage.db.queries import people
from storage.domain.accounts import Scope as KeyScope
from storage.domain.reading import Role
from tests.functional.api.refusals import code_of
from tests.functional.api.township import Township
from viewer_api import permissions
from viewer_api.dependencies import authorise
from viewer_api.permissions import MASKABLE, OWN_ACCOUNT, PUBLIC, SHARED
from viewer_api.scopes import opens

ROLES = {re.sub(r":path}", "}", route): roles for route, roles in permissions.ROLES.items()}
"""As the OpenAPI document names routes."""

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
    "session_id": "987654",
    "key_id": "987654",
    "emergency_id": "987654",
    "share_id": "987654",
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
    "sop_instance_uids": "1.2.3.6",
    "frames": "1",
    "path": "00420011",
    "value_path": "7FE00010",
    "upload_id": "0" * 32,
    "name": "1",
    "parcel_id": "0" * 64,
    "wall_id": "987654",
    "code": "nowhere",
    "line_id": "987654",
    "dispute_id": "987654",
}
_ENDS_THE_SESSION = {"DELETE /api/v1/session", "DELETE /api/v1/account/sessions", "POST /api/v1/session/mask"}
_NOBODYS = "987654"
_ENDLESS = "/api/v1/events"
_HIDDEN = "GET /{path}"


def _documented(township: Township) -> Iterator[tuple[str, str]]:
    for path, methods in township.anonymous().get("/openapi.json").json()["paths"].items():
        for method in methods:
            yield method.upper(), path


def _call(client: httpx.Client, method: str, path: str) -> httpx.Response:
    filled = re.sub(r"{(\w+)}", lambda name: _SAMPLES.get(name[1], _NOBODYS), path)
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
            assert code_of(answer) == "not_authenticated"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_through_the_doors_that_are_its_own(township: Township, role: Role) -> None:
    for method, path in _documented(township):
        allowed = ROLES[f"{method} {path}"]
        if allowed == PUBLIC or f"{method} {path}" in _ENDS_THE_SESSION:
            continue
        answer = _call(township.client(_PEOPLE[role]), method, path)
        if role in allowed:
            assert answer.status_code not in (401, 403), (method, path, answer.text)
            assert answer.status_code < 500, (method, path, answer.text)
        else:
            assert answer.status_code == 403, (method, path, answer.text)
            assert code_of(answer) == "forbidden"


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


@pytest.mark.parametrize("scope", list(KeyScope))
def test_a_key_gets_through_the_doors_of_its_scope_and_no_other(township: Township, scope: KeyScope) -> None:
    client = township.key("t01", scope)
    opened = 0
    for method, path in _documented(township):
        route = f"{method} {path}"
        if ROLES[route] == PUBLIC:
            continue
        answer = _call(client, method, path)
        if opens({scope}, route) and Role.CLINIC in ROLES[route]:
            assert answer.status_code not in (401, 403), (route, answer.text)
            opened += 1
        else:
            assert answer.status_code == 403, (route, answer.text)
    assert opened >= 1


def test_no_scope_opens_accounts_or_the_running_of_the_centre() -> None:
    for route in ROLES:
        if any(part in route for part in ("/session", "/account", "/admin/", "/audit", "/emergencies", "/shares")):
            assert not opens(set(KeyScope), route), route


def test_a_duty_opens_the_own_account_alone(township: Township) -> None:
    with township.database.write() as work:
        people.user_by_name(work, "manager").must_change_password = True
    token = township.log_in("manager")["token"]
    client = township.bearer(token)
    for method, path in _documented(township):
        route = f"{method} {path}"
        if ROLES[route] == PUBLIC or route in _ENDS_THE_SESSION or route in OWN_ACCOUNT:
            continue
        answer = _call(client, method, path)
        assert (answer.status_code, code_of(answer)) == (403, "duty_first"), route
    assert client.get("/api/v1/account").status_code == 200


def test_a_masked_session_opens_only_what_can_be_masked(township: Township) -> None:
    client = township.client("manager")
    masked = client.post("/api/v1/session/mask").json()["token"]
    client = township.bearer(masked)
    for method, path in _documented(township):
        route = f"{method} {path}"
        allowed = ROLES[route]
        if allowed == PUBLIC or Role.MANAGER not in allowed or route in _ENDS_THE_SESSION or route in MASKABLE:
            continue
        assert code_of(_call(client, method, path)) == "masked", route


def test_a_link_opens_the_pictures_of_its_study_and_nothing_else(township: Township) -> None:
    study = township.study(township.county.task()).study_instance_uid
    token = township.shared(study)
    client = township.bearer(token)
    assert client.get(f"/api/v1/studies/{study}").status_code == 200
    for method, path in _documented(township):
        route = f"{method} {path}"
        if ROLES[route] == PUBLIC:
            continue
        answer = _call(client, method, path)
        assert answer.status_code == (404 if route in SHARED else 403), (route, answer.text)


def test_the_matrix_in_the_documentation_is_what_the_code_says() -> None:
    document = (Path(__file__).parents[3] / "docs" / "security.md").read_text(encoding="utf-8")
    assert matrix() in document, "run scripts/security_matrix.py"
