"""What is looked at before an order is placed, and examinations that are recognised instead of repeated."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from reading_queue import service
from reading_queue.ordering.chapter import ORDERS
from storage.db.models import AuditEvent, Patient, ReadingTask, Study
from tests.functional.api.township import Township

CARD = "11010519491231002X"
LI = {"id": "L-1", "name": "李梅", "id_card_number": CARD}


def examined(
    township: Township,
    code: str = "t02",
    *,
    name: str = "李^梅",
    card: str = CARD,
    modality: str = "CT",
    part: str = "CHEST",
) -> ReadingTask:
    """A signed examination of a person with this card, in a clinic that numbers its patients its own way."""
    county = township.county
    task = county.task(code=code, modality=modality, body_part=part)
    with township.database.write() as work:
        patient = work.session.get_one(Patient, work.session.get_one(Study, task.study_id).patient_id)
        patient.name, patient.national_id = name, card
    return county.signed(task)


def _check(client: httpx.Client, **more: Any) -> dict[str, Any]:
    body = {"patient": LI, "modality": "CT", "body_part": "CHEST", **more}
    answer = client.post("/api/v1/orders/checks", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _place(township: Township, client: httpx.Client, **more: Any) -> httpx.Response:
    body = {
        "patient": LI,
        "modality": "CT",
        "body_part": "CHEST",
        "procedure_description": "胸部CT平扫",
        "scheduled_at": township.county.clock.now().isoformat(),
        **more,
    }
    return client.post("/api/v1/orders", json=body)


def test_another_clinics_examination_is_seen_by_what_when_and_where_alone(township: Township) -> None:
    task = examined(township)
    clinic = township.client("clinic01")
    checked = _check(clinic)
    (one,) = checked["recognisable"]
    assert (one["institution"], one["modality"], one["body_part"], one["is_own"]) == ("t02", "CT", "CHEST", False)
    assert (one["report_id"], one["days"], checked["must_choose"]) == (None, 30.0, True)
    assert set(one) == {
        "study_instance_uid", "institution", "institution_name", "institution_name_en", "is_own", "modality",
        "description", "body_part", "at", "days", "report_id",
    }  # fmt: skip
    assert checked["duplicates"] == {"orders": [], "studies": []}
    assert clinic.get(f"/api/v1/studies/{township.study(task).study_instance_uid}").status_code == 404
    with township.database.read() as work:
        shown = (
            work.session.execute(select(AuditEvent).where(AuditEvent.action == "recognisable_shown")).scalars().all()
        )
    assert [one.detail for one in shown] == [{"studies": [task.study_id]}]


@pytest.mark.parametrize(
    "asked",
    [
        {"patient": {"id": "L-1", "name": "李梅"}},
        {"patient": {"id": "L-1", "name": "王芳", "id_card_number": CARD}},
        {"modality": "US"},
        {"body_part": "HEAD"},
        {"body_part": ""},
    ],
)
def test_what_is_not_certainly_the_same_is_not_shown(township: Township, asked: dict[str, Any]) -> None:
    examined(township)
    assert _check(township.client("clinic01"), **asked)["recognisable"] == []


def test_only_signed_and_recent_reports_count(township: Township) -> None:
    county = township.county
    task = examined(township)
    unsigned = county.task(code="t02")
    with township.database.write() as work:
        patient = work.session.get_one(Patient, work.session.get_one(Study, unsigned.study_id).patient_id)
        patient.name, patient.national_id = "李^梅", CARD
    clinic = township.client("clinic01")
    assert [one["study_instance_uid"] for one in _check(clinic)["recognisable"]] == [
        township.study(task).study_instance_uid
    ]
    county.clock.advance(seconds=timedelta(days=31).total_seconds())
    township.close()
    township._clients.clear()
    assert _check(township.client("clinic01"))["recognisable"] == []


def test_a_withdrawn_report_is_not_recognised(township: Township) -> None:
    task = examined(township)
    with township.county.write() as work:
        service.withdraw(work, task.id, township.county.actor("auditor"), "患者错误")
    assert _check(township.client("clinic01"))["recognisable"] == []


def test_an_order_is_placed_with_a_reason_or_not_at_all(township: Township) -> None:
    examined(township)
    clinic = township.client("clinic01")
    refused = _place(township, clinic)
    assert (refused.status_code, refused.json()["code"]) == (409, "recognition_undecided")
    assert clinic.get("/api/v1/orders").json()["items"] == []
    assert _place(township, clinic, repeat={"code": "because"}).status_code == 422
    assert _place(township, clinic, repeat={"code": "other"}).status_code == 422
    placed = _place(township, clinic, repeat={"code": "not_fitting", "text": "咯血"})
    assert placed.status_code == 201, placed.text
    figures = clinic.get("/api/v1/recognition-figures?first=2026-03-01&last=2026-03-31").json()["items"]
    assert figures == [
        {"institution": "t01", "recognised": 0, "repeated": 1, "share": 0.0, "reasons": {"not_fitting": 1}}
    ]


def test_a_recognised_examination_gives_its_report_to_whoever_recognised_it(township: Township) -> None:
    task = examined(township)
    clinic = township.client("clinic01")
    body = {"patient": LI, "modality": "CT", "body_part": "CHEST"}
    uid = township.study(task).study_instance_uid
    assert clinic.post("/api/v1/orders/recognitions", json={**body, "study_instance_uid": "1.2.3"}).status_code == 404
    chosen = clinic.post("/api/v1/orders/recognitions", json={**body, "study_instance_uid": uid})
    assert chosen.status_code == 201, chosen.text
    again = clinic.post("/api/v1/orders/recognitions", json={**body, "study_instance_uid": uid})
    assert again.json()["id"] == chosen.json()["id"]
    report = clinic.get(chosen.json()["report"])
    assert (report.status_code, report.content[:5]) == (200, b"%PDF-")
    assert township.client("clinic02").get(chosen.json()["report"]).status_code == 404
    with township.database.read() as work:
        opened = select(AuditEvent).where(AuditEvent.action == "recognised_report_opened")
        assert len(work.session.execute(opened).scalars().all()) == 1
    span = "first=2026-03-01&last=2026-03-31"
    told = township.client("regulator").get(f"/api/v1/recognition-figures?{span}").json()["items"]
    assert [(one["recognised"], one["share"]) for one in told] == [(1, 1.0)]
    assert township.client("clinic02").get(f"/api/v1/recognition-figures?{span}").json()["items"] == []


def test_a_county_may_share_nothing_and_ask_for_nothing(township: Township) -> None:
    task = examined(township)
    manager, clinic = township.client("manager"), township.client("clinic01")
    content = {**ORDERS.shipped, "share_reports": False, "must_choose": False}
    published = manager.post("/api/v1/rules/orders", json={"content": content, "note": "试行"})
    assert published.status_code in (200, 201), published.text
    body = {"patient": LI, "modality": "CT", "body_part": "CHEST"}
    uid = township.study(task).study_instance_uid
    chosen = clinic.post("/api/v1/orders/recognitions", json={**body, "study_instance_uid": uid}).json()
    assert chosen["report"] is None
    assert clinic.get(f"/api/v1/orders/recognitions/{chosen['id']}/report").status_code == 404
    assert _place(township, clinic).status_code == 201


def test_the_order_page_finds_who_has_been_here_before(township: Township) -> None:
    clinic = township.client("clinic01")
    assert _place(township, clinic).status_code == 201
    township.county.task(code="t01")

    def found(q: str) -> list[str]:
        return [one["name"] for one in clinic.post("/api/v1/orders/patients", json={"q": q}).json()["items"]]

    assert found("李") == found("L-1") == found(CARD) == found("LI") == ["李梅"]
    assert found("张") == ["张三"]
    assert found("%") == []
    other = township.client("clinic02")
    assert other.post("/api/v1/orders/patients", json={"q": "李"}).json()["items"] == []


def test_the_page_is_told_what_to_offer(township: Township) -> None:
    rules = township.client("clinic01").get("/api/v1/orders/rules").json()
    assert {"CT-CHEST", "DX-CHEST-PA", "ECG-12"} <= {one["code"] for one in rules["exams"]}
    assert {one["code"] for one in rules["reasons"]} >= {"not_fitting", "fast_course", "emergency", "other"}
