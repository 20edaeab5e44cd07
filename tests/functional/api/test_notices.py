import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from reading_queue import dead_letters
from reading_queue.notices import About, Audience, notify
from storage.db.models import AuditEvent, NoticeDelivery
from storage.db.session import Hint
from storage.domain.notices import Channel, DeliveryState, Urgency
from storage.domain.reading import Role
from tests.functional.api.test_events import Stream, screen
from tests.functional.api.township import Township


@contextmanager
def hints(township: Township) -> Iterator[list[Hint]]:
    """What is hinted at from now on."""
    heard: list[Hint] = []
    township.database._publish = heard.append
    try:
        yield heard
    finally:
        township.database._publish = None


def tell(township: Township, *roles: Role, key: str = "task.breached:1", urgency: Urgency = Urgency.URGENT) -> int:
    task = township.county.task()
    with township.database.write() as work:
        params = {"modality": "CT", "priority": "P1"}
        audience = Audience(roles=frozenset(roles))
        notice = notify(work, "task.breached", audience, About(task.id), key=key, urgency=urgency, params=params)
        assert notice is not None
        return notice.id


def test_everybody_sees_his_own_notices_and_says_that_he_has(township: Township) -> None:
    urgent = tell(township, Role.MANAGER, Role.AUDITOR)
    calm = tell(township, Role.MANAGER, key="task.breached:2", urgency=Urgency.NORMAL)
    manager = township.client("manager")
    page = manager.get("/api/v1/notices").json()
    assert [(one["id"], one["urgency"]) for one in page["items"]] == [(calm, "normal"), (urgent, "urgent")]
    assert (page["unseen"], page["urgent"], page["next"]) == (2, 1, None)
    assert page["items"][1]["study_instance_uid"]
    assert page["items"][1]["text"] == "一例CT（P1）已超时，请立即处理。"
    assert township.client("radiologist").get("/api/v1/notices").json()["items"] == []
    assert manager.post("/api/v1/notices/seen", json={}).json() == {"unseen": 1, "urgent": 1}
    township.client("auditor").post("/api/v1/notices/seen", json={"ids": [urgent]})
    assert manager.post("/api/v1/notices/seen", json={"ids": [urgent]}).json() == {"unseen": 0, "urgent": 0}
    assert manager.get("/api/v1/notices", params={"unseen": True}).json()["items"] == []


def test_the_list_has_pages(township: Township) -> None:
    made = [tell(township, Role.MANAGER, key=f"task.breached:{n}") for n in range(5)]
    manager, found, cursor = township.client("manager"), [], None
    while True:
        page = manager.get("/api/v1/notices", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == made[::-1]


def test_a_screen_hears_of_its_own_persons_notices_at_once(township: Township) -> None:
    with screen(township, "manager") as stream:
        tell(township, Role.AUDITOR)
        own = tell(township, Role.MANAGER, key="task.breached:2")
        assert isinstance(stream, Stream)
        assert stream.next("notices") == {"id": own}


def test_people_say_where_they_are_reached(township: Township) -> None:
    auditor = township.client("auditor")
    assert auditor.get("/api/v1/notices/preferences").json()["email"] == ""
    wishes = {
        "email": "wang@example.org",
        "mobile": "+86 138-0000-0001",
        "off": ["sms"],
        "muted": ["study.*"],
        "quiet_hours": {"begins": "21:00", "ends": "06:30"},
    }
    kept = auditor.put("/api/v1/notices/preferences", json=wishes).json()
    assert kept == {**wishes, "mobile": "+8613800000001", "channels": []}
    assert auditor.get("/api/v1/notices/preferences").json() == kept


@pytest.mark.parametrize(
    "wishes",
    [
        {"email": "nobody"},
        {"email": "a@b\r\nBcc: c@d"},
        {"mobile": "110"},
        {"mobile": "call me"},
        {"off": ["pigeon"]},
        {"quiet_hours": {"begins": "25:00", "ends": "07:00"}},
    ],
)
def test_what_makes_no_sense_is_refused(township: Township, wishes: dict) -> None:
    assert township.client("auditor").put("/api/v1/notices/preferences", json=wishes).status_code == 422


def test_an_administrator_says_it_for_others(township: Township) -> None:
    admin = township.client("admin")
    path = "/api/v1/admin/contacts/clinic01"
    assert admin.patch(path, json={"mobile": "13800000002"}).json()["mobile"] == "13800000002"
    assert admin.patch(path, json={"email": "t01@example.org"}).json()["mobile"] == "13800000002"
    listed = {one["username"]: one["email"] for one in admin.get("/api/v1/admin/contacts").json()["items"]}
    assert (listed["clinic01"], listed["clinic02"]) == ("t01@example.org", "")
    assert admin.patch("/api/v1/admin/contacts/nobody", json={}).status_code == 404
    with township.database.read() as work:
        events = work.session.execute(select(AuditEvent).where(AuditEvent.action == "user.reach")).scalars().all()
    assert [event.actor for event in events] == ["admin", "admin"]
    assert "example" not in json.dumps([event.detail for event in events])


def _given_up(township: Township) -> int:
    notice = tell(township, Role.MANAGER)
    with township.database.write() as work:
        row = NoticeDelivery(
            notice_id=notice,
            channel=Channel.SMS,
            address="055512345678",
            key=f"notice-{notice}-sms-x",
            state=DeliveryState.GIVEN_UP,
            attempts=6,
            created_at=work.now,
            last_error="HTTP 503",
            last_error_at=work.now,
        )
        work.session.add(row)
        work.session.flush()
        return row.id


def test_the_manager_sees_what_failed_and_sends_it_again(township: Township) -> None:
    delivery = _given_up(township)
    manager = township.client("manager")
    [line] = manager.get("/api/v1/deliveries", params={"state": "given_up"}).json()["items"]
    assert (line["id"], line["to"], line["last_error"]) == (delivery, "…5678", "HTTP 503")
    checks = {one["name"]: one["status"] for one in manager.get("/api/v1/health").json()["checks"]}
    assert checks["deliveries"] == "degraded"
    with hints(township) as heard:
        assert manager.post("/api/v1/deliveries/redrive", json={}).json() == {"count": 1}
    assert [hint.task for hint in heard] == ["deliver_notice"]
    assert manager.get("/api/v1/deliveries", params={"state": "given_up"}).json()["items"] == []
    assert manager.post("/api/v1/deliveries/redrive", json={"ids": [delivery]}).json() == {"count": 0}


def test_webhooks_are_registered_changed_and_replayed(township: Township) -> None:
    manager = township.client("manager")
    body = {"name": "HIS", "url": "https://his.example.org/in", "kinds": ["critical.*"], "institution": "t01"}
    made = manager.post("/api/v1/webhooks", json=body)
    assert made.status_code == 201
    assert len(made.json()["secret"]) == 64
    assert manager.post("/api/v1/webhooks", json=body).status_code == 409
    [listed] = manager.get("/api/v1/webhooks").json()["items"]
    assert "secret" not in listed
    assert (listed["institution"], listed["active"], listed["last_seq"]) == ("t01", True, 0)
    path = f"/api/v1/webhooks/{listed['id']}"
    assert manager.patch(path, json={"active": False, "kinds": None}).json()["kinds"] is None
    assert manager.patch(path, json={"url": "file:///etc/passwd"}).status_code == 422
    assert manager.patch(path, json={"secret": "short"}).status_code == 422
    assert manager.post(f"{path}/replay", json={"after": 0}).json() == {"count": 0}
    assert manager.post(f"{path}/replay", json={"after": 9}).status_code == 404


def test_dead_letters_are_listed_redriven_and_dismissed(township: Township) -> None:
    with township.database.write() as work:
        dead_letters.bury(work, "make_renditions", (7, "P1"), "ValueError")
        dead_letters.bury(work, "compare_encodings", (3,), "KeyError")
    manager = township.client("manager")
    second, first = manager.get("/api/v1/dead-letters").json()["items"]
    assert (first["task"], first["args"], first["error"], first["attempts"]) == (
        "make_renditions",
        [7, "P1"],
        "ValueError",
        1,
    )
    checks = {one["name"]: one["detail"] for one in manager.get("/api/v1/health").json()["checks"]}
    assert checks["dead_letters"].startswith("2 ")
    with hints(township) as heard:
        assert manager.post(f"/api/v1/dead-letters/{first['id']}/redrive").json()["state"] == "redriven"
        assert manager.post(f"/api/v1/dead-letters/{second['id']}/dismiss").json()["state"] == "dismissed"
        assert manager.post(f"/api/v1/dead-letters/{first['id']}/redrive").status_code == 409
    assert heard == [Hint("make_renditions", (7, "P1"))]
    assert manager.get("/api/v1/dead-letters").json()["items"] == []
    assert len(manager.get("/api/v1/dead-letters", params={"all": True}).json()["items"]) == 2
