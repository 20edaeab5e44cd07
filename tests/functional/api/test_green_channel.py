"""Green-channel cases over HTTP."""

from datetime import timedelta

from storage.db.models import Study
from tests.functional.api.township import Township

CASES = "/api/v1/green-channel"


def test_a_clinic_opens_a_case_tells_its_moments_and_closes_it(township: Township) -> None:
    task = township.county.task()
    with township.database.read() as work:
        uid = work.session.get_one(Study, task.study_id).study_instance_uid
    clinic, now = township.client("clinic01"), township.county.clock.now()
    opened = clinic.post(CASES, json={"study_instance_uid": uid, "kind": "stroke", "reason": "口齿不清"})
    assert opened.status_code == 201
    case = opened.json()
    assert (case["kind"], case["institution"], case["tasks"]) == ("stroke", "t01", [task.id])
    assert case["missing"] == ["onset", "call", "depart", "scene", "hospital", "treatment"]
    shown = township.client("radiologist").get(f"/api/v1/tasks/{task.id}").json()
    assert (shown["priority"], shown["green_channel_case"]) == ("P0", case["id"])
    onset = {"name": "onset", "at": (now - timedelta(hours=1)).isoformat()}
    assert clinic.post(f"{CASES}/{case['id']}/milestones", json=onset).json()["missing"][0] == "call"
    other = {**onset, "at": now.isoformat()}
    assert clinic.post(f"{CASES}/{case['id']}/milestones", json=other).status_code == 409
    assert [one["id"] for one in clinic.get(CASES).json()["items"]] == [case["id"]]
    closed = clinic.post(f"{CASES}/{case['id']}/close", json={"reason": "转院"}).json()
    assert (closed["closed_by"], closed["close_reason"]) == ("clinic01", "转院")
    assert clinic.get(CASES).json()["items"] == []
    assert [one["id"] for one in clinic.get(CASES, params={"open": False}).json()["items"]] == [case["id"]]


def test_another_clinic_sees_nothing_of_it(township: Township) -> None:
    task = township.county.task()
    with township.database.read() as work:
        uid = work.session.get_one(Study, task.study_id).study_instance_uid
    body = {"study_instance_uid": uid, "kind": "trauma"}
    other = township.client("clinic02")
    assert other.post(CASES, json=body).status_code == 404
    case = township.client("clinic01").post(CASES, json=body).json()["id"]
    assert other.get(CASES).json()["items"] == []
    assert other.get(f"{CASES}/{case}").status_code == 404
    assert other.post(f"{CASES}/{case}/close", json={"reason": "x"}).status_code == 404
    assert (
        other.post(f"{CASES}/{case}/milestones", json={"name": "onset", "at": "2026-03-09T00:00:00Z"}).status_code
        == 404
    )


def test_an_order_on_the_green_channel_is_p0(township: Township) -> None:
    order = {
        "patient": {"id": "G1", "name": "李四"},
        "modality": "CT",
        "scheduled_at": township.county.clock.now().isoformat(),
        "green_channel": "stroke",
    }
    placed = township.client("clinic01").post("/api/v1/orders", json=order)
    assert placed.status_code == 201, placed.text
    assert (placed.json()["priority"], placed.json()["green_channel"]) == ("P0", "stroke")
    assert (
        township.client("clinic01").post("/api/v1/orders", json={**order, "green_channel": "cold"}).status_code == 422
    )
