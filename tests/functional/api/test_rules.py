"""The county's rules over HTTP: seen, checked, previewed and published by those who run the centre."""

import copy
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from reading_queue.policy_content import SHIPPED_TIMES
from storage.db.models import AuditEvent
from storage.domain.reading import Priority
from tests.functional.api.township import Township

RULES = "/api/v1/rules"


def _faster() -> dict[str, Any]:
    content = copy.deepcopy(dict(SHIPPED_TIMES))
    content["targets"]["P1"]["XRAY"] = {"target": 10, "maximum": 15}
    return content


def test_every_chapter_is_listed_and_shown(township: Township) -> None:
    manager = township.client("manager")
    lines = {line["kind"]: line for line in manager.get(RULES).json()["items"]}
    assert {"service_times", "calendar"} <= set(lines)
    for kind, line in lines.items():
        assert (line["version"], line["editions"], line["next_version"]) == (0, 0, None)
        shown = manager.get(f"{RULES}/{kind}").json()
        assert [(one["version"], one["state"]) for one in shown["editions"]] == [(0, "in_force")]
        assert (
            manager.post(f"{RULES}/{kind}/preview", json={"content": shown["editions"][0]["content"]}).status_code
            == 200
        )
    assert manager.get(f"{RULES}/nothing").status_code == 422


def test_an_edition_is_published_with_who_when_and_why(township: Township) -> None:
    manager, clock = township.client("manager"), township.county.clock
    made = manager.post(f"{RULES}/service_times", json={"content": _faster(), "note": "夜班加强"})
    assert made.status_code == 201
    told = {name: made.json()[name] for name in ("version", "state", "note", "published_by")}
    assert told == {"version": 1, "state": "in_force", "note": "夜班加强", "published_by": "manager"}
    later = (clock.now() + timedelta(hours=3)).isoformat()
    body = {"content": dict(SHIPPED_TIMES), "note": "恢复", "effective_from": later}
    assert township.client("admin").post(f"{RULES}/service_times", json=body).json()["state"] == "future"
    (line,) = [one for one in manager.get(RULES).json()["items"] if one["kind"] == "service_times"]
    assert (line["version"], line["note"], line["editions"], line["next_version"]) == (1, "夜班加强", 2, 2)
    shown = manager.get(f"{RULES}/service_times").json()
    assert [(one["version"], one["state"]) for one in shown["editions"]] == [
        (2, "future"),
        (1, "in_force"),
        (0, "past"),
    ]
    clock.advance(hours=3)
    shown = manager.get(f"{RULES}/service_times").json()
    assert (shown["version"], shown["editions"][1]["state"]) == (2, "past")
    with township.database.read() as work:
        published = select(AuditEvent.actor).where(AuditEvent.action == "rules.publish").order_by(AuditEvent.seq)
        assert list(work.session.execute(published).scalars()) == ["manager", "admin"]


def test_what_makes_no_sense_is_refused_with_the_field_that_is_wrong(township: Township) -> None:
    manager = township.client("manager")
    content = _faster()
    content["targets"]["P1"]["XRAY"]["maximum"] = 5
    for path in (f"{RULES}/service_times", f"{RULES}/service_times/preview"):
        note = {} if path.endswith("preview") else {"note": "x"}
        refused = manager.post(path, json={"content": content, **note})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"].startswith("targets.P1.XRAY")
    assert manager.post(f"{RULES}/service_times", json={"content": _faster()}).status_code == 422
    past = (township.county.clock.now() - timedelta(minutes=1)).isoformat()
    late = {"content": _faster(), "note": "x", "effective_from": past}
    assert manager.post(f"{RULES}/service_times", json=late).status_code == 422
    assert manager.get(f"{RULES}/service_times").json()["version"] == 0


def test_the_preview_counts_the_last_30_days_under_both(township: Township) -> None:
    county = township.county
    for minutes in (5, 12, 25):
        task = county.task(modality="DX", priority=Priority.P1)
        county.clock.advance(minutes=minutes)
        county.signed(task)
    answer = township.client("manager").post(f"{RULES}/service_times/preview", json={"content": _faster()}).json()
    assert answer["effects"] == [
        {
            "priority": "P1",
            "modality": "DX",
            "tasks": 3,
            "present": {"on_time": 2, "late": 1, "breached": 0},
            "proposed": {"on_time": 1, "late": 1, "breached": 1},
        }
    ]
    assert township.client("manager").get(f"{RULES}/service_times").json()["version"] == 0


def test_a_calendar_that_ends_soon_is_warned_of(township: Township) -> None:
    manager = township.client("manager")
    (shown,) = manager.get(f"{RULES}/calendar").json()["editions"]
    ending = {**shown["content"], "arranged_until": "2026-03-20"}
    (warning,) = manager.post(f"{RULES}/calendar/preview", json={"content": ending}).json()["warnings"]
    assert "2026-03-20" in warning
    checks = {one["name"]: one for one in manager.get("/api/v1/health").json()["checks"]}
    assert checks["calendar"]["status"] == "ok"
    assert manager.post(f"{RULES}/calendar", json={"content": ending, "note": "x"}).status_code == 201
    checks = {one["name"]: one for one in manager.get("/api/v1/health").json()["checks"]}
    assert (checks["calendar"]["status"], checks["calendar"]["detail"]) == ("degraded", warning)


@pytest.mark.parametrize("username", ["clinic01", "radiologist", "auditor", "regulator"])
def test_nobody_else_sees_or_changes_the_rules(archive: Township, username: str) -> None:
    client = archive.client(username)
    assert client.get(RULES).status_code == 403
    assert client.get(f"{RULES}/calendar").status_code == 403
    assert client.post(f"{RULES}/calendar/preview", json={"content": {}}).status_code == 403
    assert client.post(f"{RULES}/calendar", json={"content": {}, "note": "x"}).status_code == 403


def test_a_task_shows_where_its_time_went(township: Township) -> None:
    county = township.county
    task = county.task(modality="DX", priority=Priority.P1)
    county.clock.advance(minutes=4)
    county.claim(task, "radiologist")
    county.clock.advance(minutes=2)
    shown = township.client("radiologist").get(f"/api/v1/tasks/{task.id}").json()
    parts = shown["parts"]
    assert (parts["queue"], parts["read"], parts["audit"]) == (240, 120, 0)
    assert parts["clock_a"] == parts["upload"] + 360
    assert (shown["read_by"], shown["green_channel_case"]) == (
        (task.ready_at + timedelta(minutes=21)).isoformat().replace("+00:00", "Z"),
        None,
    )
