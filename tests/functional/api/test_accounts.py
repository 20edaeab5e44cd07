import httpx
import pyotp
import pytest
from sqlalchemy import select, update

from reading_queue.access import ACCESS
from storage.db.models import AuditEvent, User
from storage.db.queries import people
from storage.sealing import Seals, is_sealed
from tests.functional.api.township import PASSWORD, Township
from viewer_api.auth import second_factor

NEW = "quite another sentence 7"


def _code(township: Township, secret: str) -> str:
    return pyotp.TOTP(secret).at(township.county.clock.now())


def _try(township: Township, **body: object) -> httpx.Response:
    return township.anonymous().post("/api/v1/session", json={"password": PASSWORD, **body})


def _enrol(township: Township, username: str) -> tuple[httpx.Client, str, list[str]]:
    client = township.client(username)
    secret = client.post("/api/v1/account/second-factor", json={"password": PASSWORD}).json()["secret"]
    answer = client.post("/api/v1/account/second-factor/confirm", json={"code": _code(township, secret)})
    assert answer.status_code == 201, answer.text
    return township.bearer(answer.json()["session"]["token"]), secret, answer.json()["recovery_codes"]


def _rule(township: Township, part: str, **figures: object) -> None:
    content = {**ACCESS.shipped, part: {**ACCESS.shipped[part], **figures}}
    answer = township.client("admin").post("/api/v1/rules/access", json={"content": content, "note": "as agreed"})
    assert answer.status_code < 300, answer.text


def test_a_second_factor_is_asked_for_once_it_was_confirmed(township: Township) -> None:
    begun = township.client("auditor").post("/api/v1/account/second-factor", json={"password": PASSWORD}).json()
    assert begun["svg"].startswith("<svg")
    assert begun["uri"].startswith("otpauth://totp/County%20Reading:auditor?secret=")
    assert _try(township, username="auditor").status_code == 201, "what was not confirmed does not count"
    _, secret, _ = _enrol(township, "auditor")
    township.county.clock.advance(minutes=1)
    refused = _try(township, username="auditor")
    assert (refused.status_code, refused.json()["code"]) == (401, "second_factor_needed")
    wrong = _try(township, username="auditor", code="000000")
    assert wrong.json()["code"] == "not_authenticated"
    code = _code(township, secret)
    assert _try(township, username="auditor", code=code).status_code == 201
    assert _try(township, username="auditor", code=code).status_code == 401, "no code opens twice"


def test_the_password_must_be_right_before_a_code_is_asked_for(township: Township) -> None:
    _enrol(township, "auditor")
    assert _try(township, username="auditor", password="wrong").json()["code"] == "not_authenticated"


def test_guessing_codes_locks_the_account(township: Township) -> None:
    _, secret, _ = _enrol(township, "auditor")
    township.county.clock.advance(minutes=1)
    for guess in range(10):
        assert _try(township, username="auditor", code=f"{guess:06}").status_code == 401
    assert _try(township, username="auditor", code=_code(township, secret)).status_code == 401


def test_a_recovery_code_stands_in_once(township: Township) -> None:
    client, _, codes = _enrol(township, "auditor")
    assert len(set(codes)) == 10
    assert _try(township, username="auditor", code=codes[0].upper()).status_code == 201
    assert _try(township, username="auditor", code=codes[0]).status_code == 401
    assert client.get("/api/v1/account").json()["recovery_codes_left"] == 9
    body = {"password": PASSWORD, "code": codes[1]}
    renewed = client.post("/api/v1/account/recovery-codes", json=body).json()["recovery_codes"]
    assert _try(township, username="auditor", code=codes[2]).status_code == 401
    assert _try(township, username="auditor", code=renewed[0]).status_code == 201


def test_setting_up_a_second_factor_gives_a_new_token_and_ends_the_others(township: Township) -> None:
    other = township.bearer(township.log_in("auditor")["token"])
    before = township.client("auditor")
    client, _, codes = _enrol(township, "auditor")
    assert client.get("/api/v1/session").status_code == 200
    assert before.get("/api/v1/session").status_code == other.get("/api/v1/session").status_code == 401
    body = {"password": PASSWORD, "code": codes[0]}
    assert client.post("/api/v1/account/second-factor/remove", json=body).status_code == 201
    assert _try(township, username="auditor").status_code == 201


def test_a_role_that_must_have_a_second_factor_sets_it_up_first(township: Township) -> None:
    _rule(township, "second_factor", roles=["auditor"])
    opened = township.log_in("auditor")
    assert opened["duty"] == "second_factor"
    client = township.bearer(opened["token"])
    assert client.get("/api/v1/tasks").json()["code"] == "duty_first"
    township._clients["auditor"] = client
    client, _, _ = _enrol(township, "auditor")
    assert client.get("/api/v1/tasks").status_code == 200


@pytest.mark.parametrize("bad", ["short", "radiologist2026", "password123456", "aaaaaaaaaaaaaa", PASSWORD])
def test_weak_and_former_passwords_are_refused(township: Township, bad: str) -> None:
    body = {"password": PASSWORD, "new_password": bad}
    answer = township.client("radiologist").post("/api/v1/account/password", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "new_password"
    assert bad not in answer.text


def test_a_new_password_ends_every_other_session_and_renews_this_one(township: Township) -> None:
    other, client = township.bearer(township.log_in("radiologist")["token"]), township.client("radiologist")
    answer = client.post("/api/v1/account/password", json={"password": PASSWORD, "new_password": NEW})
    assert answer.status_code == 201, answer.text
    assert township.bearer(answer.json()["token"]).get("/api/v1/tasks").status_code == 200
    assert client.get("/api/v1/tasks").status_code == other.get("/api/v1/tasks").status_code == 401
    assert _try(township, username="radiologist").status_code == 401
    assert _try(township, username="radiologist", password=NEW).status_code == 201
    client = township.bearer(_try(township, username="radiologist", password=NEW).json()["token"])
    back = client.post("/api/v1/account/password", json={"password": NEW, "new_password": PASSWORD})
    assert back.json()["errors"][0]["message"] == "was yours before; choose another."


def test_lock_outs_grow(township: Township) -> None:
    clock = township.county.clock
    for minutes in (5, 10, 20):
        for _ in range(10):
            _try(township, username="radiologist", password="wrong")
        clock.advance(minutes=minutes - 1)
        assert _try(township, username="radiologist").status_code == 401, minutes
        clock.advance(minutes=1, seconds=1)
        township.anonymous()
    assert _try(township, username="radiologist").status_code == 201
    with township.database.read() as work:
        assert people.user_by_name(work, "radiologist").lock_outs == 0


def test_my_sessions_are_listed_with_where_they_are_and_can_be_ended(township: Township) -> None:
    other = township.bearer(township.log_in("radiologist")["token"])
    client = township.client("radiologist")
    items = client.get("/api/v1/account/sessions").json()["items"]
    assert [item["current"] for item in items] == [True, False] or [item["current"] for item in items] == [False, True]
    theirs = next(item for item in items if not item["current"])
    assert theirs["address"] == "127.0.0.1"
    assert "httpx" in theirs["agent"]
    assert township.client("auditor").delete(f"/api/v1/account/sessions/{theirs['id']}").status_code == 404
    assert client.delete(f"/api/v1/account/sessions/{theirs['id']}").status_code == 204
    assert other.get("/api/v1/session").status_code == 401
    assert client.delete("/api/v1/account/sessions").status_code == 204
    assert client.get("/api/v1/session").status_code == 401


def test_an_administrator_makes_an_account_whose_owner_chooses_the_password(township: Township) -> None:
    admin = township.client("admin")
    body = {"username": "li.doctor", "name": "李医生", "role": "clinic", "institution": "t01"}
    made = admin.post("/api/v1/admin/users", json=body)
    assert made.status_code == 201, made.text
    assert admin.post("/api/v1/admin/users", json=body).status_code == 409
    opened = _try(township, username="li.doctor", password=made.json()["password"]).json()
    assert opened["duty"] == "password"
    client = township.bearer(opened["token"])
    assert client.get("/api/v1/results").json()["code"] == "duty_first"
    change = {"password": made.json()["password"], "new_password": NEW}
    token = client.post("/api/v1/account/password", json=change).json()["token"]
    assert township.bearer(token).get("/api/v1/results").status_code == 200
    line = next(one for one in admin.get("/api/v1/admin/users").json()["items"] if one["username"] == "li.doctor")
    assert line["last_login_at"] is not None
    assert not line["must_change_password"]


@pytest.mark.parametrize(
    "body, status",
    [
        ({"role": "radiologist", "institution": "t01"}, 422),
        ({"role": "clinic", "institution": "county"}, 422),
        ({"role": "clinic", "institution": "t99"}, 404),
        ({"role": "admin", "institution": "county"}, 403),
        ({"role": "manager", "institution": "county"}, 403),
        ({"role": "radiologist", "institution": "county"}, 201),
    ],
)
def test_a_manager_makes_accounts_of_others_only_where_they_belong(
    township: Township, body: dict[str, str], status: int
) -> None:
    asked = {"username": "new.one", "name": "新人", **body}
    assert township.client("manager").post("/api/v1/admin/users", json=asked).status_code == status


def test_nobody_changes_those_above_him_nor_his_own_rights(township: Township) -> None:
    manager, admin = township.client("manager"), township.client("admin")
    assert manager.post("/api/v1/admin/users/admin/reset-password").status_code == 403
    assert manager.patch("/api/v1/admin/users/clinic01", json={"role": "manager"}).status_code == 403
    assert admin.patch("/api/v1/admin/users/admin", json={"active": False}).status_code == 403
    assert admin.patch("/api/v1/admin/users/admin", json={"role": "manager"}).status_code == 403
    with township.database.read() as work:
        assert {work.session.execute(select(User.role).where(User.username == "admin")).scalar_one()} == {"admin"}


def test_switching_an_account_off_or_over_ends_its_sessions(township: Township) -> None:
    admin = township.client("admin")
    one, two = township.client("radiologist"), township.client("radiologist2")
    assert admin.patch("/api/v1/admin/users/radiologist", json={"active": False}).status_code == 200
    assert admin.patch("/api/v1/admin/users/radiologist2", json={"role": "auditor"}).status_code == 200
    assert one.get("/api/v1/session").status_code == two.get("/api/v1/session").status_code == 401
    assert _try(township, username="radiologist").status_code == 401
    assert admin.patch("/api/v1/admin/users/radiologist2", json={"name": "改名"}).status_code == 200
    assert _try(township, username="radiologist2").json()["user"]["role"] == "auditor"


def test_help_for_who_lost_password_and_telephone(township: Township) -> None:
    _enrol(township, "auditor")
    admin = township.client("admin")
    assert admin.post("/api/v1/admin/users/auditor/reset-second-factor").json()["second_factor"] is False
    password = admin.post("/api/v1/admin/users/auditor/reset-password").json()["password"]
    assert _try(township, username="auditor", password=password).json()["duty"] == "password"
    for _ in range(10):
        _try(township, username="auditor", password="wrong")
    assert admin.post("/api/v1/admin/users/auditor/unlock").json()["locked_until"] is None
    assert _try(township, username="auditor", password=password).status_code == 201
    with township.database.read() as work:
        actions = work.session.execute(select(AuditEvent.action).order_by(AuditEvent.seq)).scalars().all()
    assert {"second_factor_reset", "password_reset", "account_unlocked"} <= set(actions)


def test_an_address_that_fails_for_many_names_is_locked_out(township: Township) -> None:
    _rule(township, "lock_out", address_tries=10)
    answers = [_try(township, username=f"nobody{number}").status_code for number in range(11)]
    assert answers[:10] == [401] * 10
    assert answers[10] == 429
    answer = _try(township, username="radiologist")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 300
    township.county.clock.advance(minutes=5, seconds=1)
    assert _try(township, username="radiologist").status_code == 201


def _kept(township: Township, username: str) -> str:
    with township.database.read() as work:
        kept = work.session.execute(select(User.totp_secret).where(User.username == username)).scalar_one()
    return str(kept)


def _keep(township: Township, username: str, secret: str) -> None:
    with township.database.write() as work:
        work.session.execute(update(User).where(User.username == username).values(totp_secret=secret))


def test_the_secret_of_a_second_factor_is_sealed_in_the_database(township: Township) -> None:
    _, secret, _ = _enrol(township, "auditor")
    assert is_sealed(_kept(township, "auditor"))
    assert secret not in _kept(township, "auditor")


def test_secrets_from_before_are_sealed_at_the_next_start(township: Township) -> None:
    _, secret, _ = _enrol(township, "auditor")
    _keep(township, "auditor", secret)
    township.county.clock.advance(minutes=1)
    assert _try(township, username="auditor", code=_code(township, secret)).status_code == 201
    seals = Seals.of(township.settings)
    with township.database.write() as work:
        assert second_factor.reseal(work, seals) == 0
    assert seals.is_current(_kept(township, "auditor"))
    seals.rotate()
    with township.database.write() as work:
        assert second_factor.reseal(work, seals) == 0
    assert seals.is_current(_kept(township, "auditor"))
    township.county.clock.advance(minutes=1)
    assert _try(township, username="auditor", code=_code(township, secret)).status_code == 201


def test_a_secret_that_cannot_be_opened_leaves_the_recovery_codes(township: Township) -> None:
    _, _, codes = _enrol(township, "auditor")
    _, secret, _ = _enrol(township, "manager")
    _keep(township, "auditor", _kept(township, "manager"))
    township.county.clock.advance(minutes=1)
    assert _try(township, username="auditor", code=_code(township, secret)).status_code == 401, "of another row"
    with township.database.write() as work:
        seals = Seals.of(township.settings)
        seals.rotate()
        assert second_factor.reseal(work, seals) == 1
    assert _try(township, username="auditor", code=codes[0]).status_code == 201
