import threading
from concurrent.futures import ThreadPoolExecutor
from time import process_time

import httpx
import pytest
from sqlalchemy import select

from storage.db.models import AuditEvent, Login, User
from storage.db.queries import people
from storage.domain.reading import Role
from tests.functional.api.township import PASSWORD, Township
from tests.services.waiting import wait_until


def _log_in(township: Township, username: str = "radiologist", password: str = PASSWORD) -> httpx.Response:
    with httpx.Client(base_url=township.url, timeout=30) as client:
        return client.post("/api/v1/session", json={"username": username, "password": password})


def test_a_log_in_gives_a_token_that_opens_the_worklist(township: Township) -> None:
    answer = _log_in(township)
    assert answer.status_code == 201
    body = answer.json()
    assert body["expires_at"].endswith("Z")
    assert body["user"] == {
        "username": "radiologist",
        "name": "radiologist 医师",
        "title": "主治医师",
        "role": "radiologist",
        "institution": "county",
        "institution_name": "县影像中心",
        "institution_name_en": "County centre",
        "modalities": None,
        "preferences": {},
    }
    headers = {"Authorization": f"Bearer {body['token']}"}
    assert township.anonymous().get("/api/v1/tasks", headers=headers).status_code == 200
    assert township.anonymous().get("/api/v1/tasks", headers={"Authorization": "Bearer x"}).status_code == 401


def test_the_database_keeps_the_hash_of_the_token_only(township: Township) -> None:
    token = _log_in(township).json()["token"]
    with township.database.read() as work:
        kept = work.session.execute(select(Login.token_sha256)).scalars().all()
    assert len(kept[0]) == 64
    assert token not in kept


def test_the_cookie_opens_reading_and_nothing_else(township: Township) -> None:
    answer = _log_in(township)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    cookies = {"Cookie": f"countyread_session={answer.json()['token']}"}
    client = township.anonymous()
    assert client.get("/api/v1/tasks", headers=cookies).status_code == 200
    assert client.head("/api/v1/tasks", headers=cookies).status_code == 200
    for refused in (
        client.post("/api/v1/tasks/next", headers=cookies),
        client.put("/api/v1/session/preferences", headers=cookies, json={}),
        client.delete("/api/v1/session", headers=cookies),
    ):
        assert refused.status_code == 401
        assert refused.json()["code"] == "not_authenticated"


def test_a_log_out_ends_token_and_cookie(township: Township) -> None:
    token = _log_in(township).json()["token"]
    client = township.anonymous()
    headers = {"Authorization": f"Bearer {token}"}
    assert client.delete("/api/v1/session", headers=headers).status_code == 204
    assert client.get("/api/v1/session", headers=headers).status_code == 401
    assert client.get("/api/v1/session", headers={"Cookie": f"countyread_session={token}"}).status_code == 401


def test_a_session_ends_by_itself(township: Township) -> None:
    headers = {"Authorization": f"Bearer {_log_in(township).json()['token']}"}
    for _ in range(11):
        township.county.clock.advance(hours=1)
        assert township.anonymous().get("/api/v1/session", headers=headers).status_code == 200
    township.county.clock.advance(hours=1, seconds=1)
    assert township.anonymous().get("/api/v1/session", headers=headers).status_code == 401


def test_a_session_ends_when_nobody_is_at_the_computer_though_its_pages_go_on_asking(township: Township) -> None:
    headers = {"Authorization": f"Bearer {_log_in(township).json()['token']}"}
    client = township.anonymous()
    for minutes in range(15, 120, 15):
        township.county.clock.advance(minutes=15)
        away = {**headers, "Countyread-Idle": str(minutes * 60)}
        assert client.get("/api/v1/session", headers=away).status_code == 200
    township.county.clock.advance(minutes=15)
    assert client.get("/api/v1/session", headers=headers).status_code == 401


def test_a_retired_user_is_out_at_once(township: Township) -> None:
    headers = {"Authorization": f"Bearer {_log_in(township).json()['token']}"}
    with township.database.write() as work:
        people.user_by_name(work, "radiologist").active = False
    assert township.anonymous().get("/api/v1/session", headers=headers).status_code == 401
    assert _log_in(township).status_code == 401


def test_a_new_password_ends_open_sessions(township: Township, password_hash: str) -> None:
    headers = {"Authorization": f"Bearer {_log_in(township).json()['token']}"}
    with township.database.write() as work:
        user = people.user_by_name(work, "radiologist")
        people.ensure_user(
            work, "radiologist", password_hash, role=Role.RADIOLOGIST, institution=user.institution, name="x"
        )
    assert township.anonymous().get("/api/v1/session", headers=headers).status_code == 401


def test_wrong_password_and_unknown_user_look_alike(township: Township) -> None:
    wrong = _log_in(township, password="wrong")
    unknown = _log_in(township, username="nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


def test_wrong_password_and_unknown_user_take_the_same_time(township: Township) -> None:
    """Of the processor: how long one waits for it depends on who else wants it."""

    def taken(username: str) -> float:
        started = process_time()
        _log_in(township, username, "wrong")
        return process_time() - started

    times = [(taken("manager"), taken("nobody")) for _ in range(3)]
    known, unknown = map(min, zip(*times, strict=True))
    assert unknown > known / 3
    assert known > unknown / 3


def test_ten_wrong_passwords_lock_a_user_out_for_five_minutes(township: Township) -> None:
    for _ in range(10):
        assert _log_in(township, password="wrong").status_code == 401
    assert _log_in(township).status_code == 401
    assert _log_in(township, username="auditor").status_code == 201
    township.county.clock.advance(minutes=5, seconds=1)
    assert _log_in(township).status_code == 201


def test_guessing_in_parallel_does_not_outrun_the_lock_out(township: Township) -> None:
    threads = [threading.Thread(target=_log_in, args=(township, "radiologist", f"guess {n}")) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _log_in(township).status_code == 401
    with township.database.read() as work:
        assert work.session.execute(select(User.locked_until).where(User.username == "radiologist")).scalar_one()


def test_a_flood_of_log_ins_does_not_hold_up_the_others(township: Township) -> None:
    client = township.client("auditor")
    with ThreadPoolExecutor(60) as pool:
        flood = [pool.submit(_log_in, township, f"nobody{n}", "guess") for n in range(60)]
        wait_until(lambda: any(attempt.done() for attempt in flood), 20, "the first log-in")
        assert client.get("/api/v1/tasks").status_code == 200
        assert not all(attempt.done() for attempt in flood)
        assert {attempt.result().status_code for attempt in flood} == {401}


def test_the_right_password_forgives_earlier_mistakes(township: Township) -> None:
    for _ in range(3):
        for _ in range(6):
            _log_in(township, password="wrong")
        assert _log_in(township).status_code == 201


def test_log_ins_stand_in_the_audit_trail_without_what_was_typed(township: Township) -> None:
    _log_in(township, username="not a user but a password")
    _log_in(township)
    with township.database.read() as work:
        events = work.session.execute(select(AuditEvent).order_by(AuditEvent.seq)).scalars().all()
    assert [(event.action, event.subject.split(":")[0]) for event in events] == [
        ("login_attempt", "user"),
        ("login_attempt", "user"),
        ("login", "user"),
    ]
    assert "not a user" not in repr([(event.subject, event.actor, event.detail) for event in events])


def test_preferences_are_kept(township: Township) -> None:
    client = township.client("radiologist")
    assert client.put("/api/v1/session/preferences", json={"theme": "dark"}).json()["preferences"] == {"theme": "dark"}
    assert client.get("/api/v1/session").json()["user"]["preferences"] == {"theme": "dark"}
    assert client.put("/api/v1/session/preferences", json={"x": "y" * 70_000}).status_code == 422


@pytest.mark.parametrize("body", [{}, {"username": "radiologist"}, {"username": "", "password": ""}, [], "x"])
def test_half_a_log_in_is_a_validation_problem(township: Township, body: object) -> None:
    answer = township.anonymous().post("/api/v1/session", json=body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    assert answer.json()["errors"][0].keys() == {"field", "message"}
