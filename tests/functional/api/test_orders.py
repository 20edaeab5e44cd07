"""Orders: placed by clinics, changed, cancelled, listed; clear about what is wrong; shut to other clinics."""

from typing import Any

import pytest
from sqlalchemy import select

from storage import audit
from storage.db.models import AuditEvent, Study
from storage.db.queries import orders
from tests.functional.api.township import Township

CARD = "11010519491231002X"


def order_body(**over: Any) -> dict[str, Any]:
    body = {
        "patient": {"id": "0007", "name": "欧阳三", "id_card_number": CARD},
        "modality": "DR",
        "scheduled_at": "2026-03-09T09:30:00+08:00",
        "procedure_description": "胸部正位",
    }
    return {**body, **over}


def place(township: Township, username: str = "clinic01", **over: Any) -> dict[str, Any]:
    answer = township.client(username).post("/api/v1/orders", json=order_body(**over))
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_an_order_gets_its_numbers_and_what_the_card_tells(township: Township) -> None:
    order = place(township)
    assert order["accession_number"] == "T01260309001"
    assert order["study_instance_uid"].startswith("2.25.")
    assert (order["state"], order["version"], order["source"]) == ("scheduled", 1, "api")
    assert order["modality"] == "DX"
    assert order["scheduled_at"] == "2026-03-09T01:30:00Z"
    patient = order["patient"]
    assert (patient["romanised_name"], patient["sex"], patient["birth_date"]) == ("OUYANG^SAN", "F", "1949-12-31")
    assert place(township)["accession_number"] == "T01260309002"


@pytest.mark.parametrize(
    "field,over",
    [
        ("id_card_number", {"patient": {"id": "1", "name": "张三", "id_card_number": "110105194912310021"}}),
        ("id_card_number", {"patient": {"id": "1", "name": "张三", "id_card_number": CARD, "sex": "M"}}),
        (
            "id_card_number",
            {"patient": {"id": "1", "name": "张三", "id_card_number": CARD, "birth_date": "1950-01-01"}},
        ),
        ("birth_date", {"patient": {"id": "1", "name": "张三", "birth_date": "1950-02-30"}}),
        ("sex", {"patient": {"id": "1", "name": "张三", "sex": "x"}}),
        ("patient_name", {"patient": {"id": "1", "name": " "}}),
        ("patient_id", {"patient": {"id": "1\\2", "name": "张三"}}),
        ("modality", {"modality": "ZZ"}),
        ("scheduled_at", {"scheduled_at": "2036-03-09T09:30:00+08:00"}),
        ("scheduled_at", {"scheduled_at": "2026-03-09T09:30:00"}),
        ("device", {"device": "T02_CT"}),
        ("device", {"device": "T01_CT"}),
        ("accession_number", {"accession_number": "12345678901234567"}),
        ("procedure_description", {"procedure_description": "长" * 65}),
        ("priority", {"priority": "P9"}),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_field_and_what_to_do(
    archive: Township, field: str, over: dict[str, Any]
) -> None:
    answer = archive.client("clinic01").post("/api/v1/orders", json=order_body(**over))
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    assert fault["field"].endswith(field)
    assert len(fault["message"]) > 10


def test_a_change_keeps_what_it_does_not_name_and_needs_the_version(township: Township) -> None:
    order, client = place(township), township.client("clinic01")
    url = f"/api/v1/orders/{order['id']}"
    changed = client.patch(url, json={"version": 1, "patient": {"name": "李四"}, "priority": "P1"}).json()
    assert (changed["patient"]["romanised_name"], changed["priority"], changed["version"]) == ("LI^SI", "P1", 2)
    assert changed["patient"]["birth_date"] == "1949-12-31"
    late = client.patch(url, json={"version": 1, "priority": "P0"})
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert client.patch(url, json={"version": 2, "patient": {"sex": "M"}}).status_code == 422
    assert client.patch(url, json={"version": 2, "modality": "CT", "device": "T01_CT"}).json()["device"] == "T01_CT"
    assert client.patch(url, json={"version": 3, "modality": "MR"}).status_code == 422
    assert client.patch(url, json={"version": 3, "device": ""}).json()["device"] == ""
    assert client.patch(url, json={"version": 4, "device": ""}).json()["version"] == 4


def test_a_cancelled_order_stays_so(township: Township) -> None:
    order, client = place(township), township.client("clinic01")
    url = f"/api/v1/orders/{order['id']}"
    cancelled = client.post(f"{url}/cancel", json={"reason": "患者未到"}).json()
    assert (cancelled["state"], cancelled["cancel_reason"], cancelled["version"]) == ("cancelled", "患者未到", 2)
    assert client.post(f"{url}/cancel", json={"reason": "again"}).json()["code"] == "not_allowed_from_state"
    assert client.patch(url, json={"version": 2, "priority": "P0"}).status_code == 409


def test_lists_are_filtered_and_paged(township: Township) -> None:
    placed = [place(township, modality=modality) for modality in ("CT", "US", "CT")]
    client = township.client("clinic01")
    first = client.get("/api/v1/orders?limit=2").json()
    second = client.get(f"/api/v1/orders?limit=2&cursor={first['next']}").json()
    assert [one["id"] for one in first["items"] + second["items"]] == [one["id"] for one in reversed(placed)]
    assert second["next"] is None

    def found(query: str) -> int:
        return len(client.get(f"/api/v1/orders?{query}").json()["items"])

    assert found("modality=CT") == 2
    assert found("q=欧阳") == found("q=ouyang 0007") == 3
    assert found(f"accession_number={placed[0]['accession_number']}") == 1
    assert found(f"study={placed[1]['study_instance_uid']}") == 1
    assert found("state=cancelled&state=completed") == 0
    assert found("scheduled_from=2026-03-09T02:00:00Z") == 0
    assert found("scheduled_from=2026-03-09T01:00:00Z&scheduled_before=2026-03-09T02:00:00Z") == 3
    assert found("q=100%25") == 0


def test_a_clinic_orders_for_itself_and_the_county_for_all(township: Township) -> None:
    order = place(township)
    other = township.client("clinic02")
    assert other.get("/api/v1/orders").json()["items"] == []
    assert other.get(f"/api/v1/orders/{order['id']}").status_code == 404
    assert other.post("/api/v1/orders", json=order_body(institution="t01")).status_code == 404
    assert other.get("/api/v1/orders/candidates?patient_id=0007&modality=DX").json() == {"orders": [], "studies": []}
    assert place(township, "clinic02", accession_number=order["accession_number"])["institution"] == "t02"
    manager = township.client("manager")
    assert manager.post("/api/v1/orders", json=order_body()).status_code == 422
    assert place(township, "manager", institution="t02")["institution"] == "t02"
    assert len(manager.get("/api/v1/orders").json()["items"]) == 3
    assert len(manager.get("/api/v1/orders?institution=t02").json()["items"]) == 2


def test_orders_and_studies_of_the_same_patient_are_shown_first(township: Township) -> None:
    study_id = township.county.study(modality="CR")
    with township.database.write() as work:
        study = work.session.get_one(Study, study_id)
        study.patient.patient_id = "0007"
    client = township.client("clinic01")
    found = client.get("/api/v1/orders/candidates?patient_id=0007&modality=DX").json()
    assert [one["study_instance_uid"] for one in found["studies"]] == [study.study_instance_uid]
    assert place(township)["duplicates"]["orders"] == []
    renumbered = place(township, patient={"id": "0099", "name": "欧阳三", "birth_date": "19491231"})
    assert [one["accession_number"] for one in renumbered["duplicates"]["orders"]] == ["T01260309001"]
    township.county.clock.advance(days=15)
    township.close()
    township._clients.clear()
    late = place(township, scheduled_at="2026-03-25T09:30:00+08:00")
    assert late["duplicates"] == {"orders": [], "studies": []}


def test_the_study_of_an_order_ends_it_and_can_be_looked_up(township: Township) -> None:
    order = place(township)
    study_id = township.county.study(modality="DX")
    with township.database.write() as work:
        study = work.session.get_one(Study, study_id)
        study.study_instance_uid = order["study_instance_uid"]
        orders.match_arrived_studies(work, [study_id])
    found = township.client("radiologist").get(f"/api/v1/orders?study={order['study_instance_uid']}").json()["items"]
    assert [(one["state"], one["study_arrived"]) for one in found] == [("completed", True)]


def test_every_change_is_on_the_audit_trail_without_the_patient(township: Township) -> None:
    order, client = place(township), township.client("clinic01")
    client.patch(f"/api/v1/orders/{order['id']}", json={"version": 1, "patient": {"name": "王五"}})
    client.post(f"/api/v1/orders/{order['id']}/cancel", json={"reason": "重复"})
    with township.database.read() as work:
        assert audit.verify(work.session) == []
        subject = AuditEvent.subject == f"order:{order['id']}"
        events = work.session.execute(select(AuditEvent).where(subject).order_by(AuditEvent.seq)).scalars().all()
    assert [event.action for event in events] == ["order_placed", "order_change", "order_cancel"]
    assert events[1].detail["fields"] == ["patient_name", "romanised_name"]
    assert "王五" not in str([event.detail for event in events])


def test_a_number_that_was_given_by_hand_is_not_made_again(township: Township) -> None:
    place(township, accession_number="T01260309001")
    assert place(township)["accession_number"] == "T01260309002"
    again = township.client("clinic01").post("/api/v1/orders", json=order_body(accession_number="T01260309002"))
    assert again.json()["errors"][0]["field"] == "accession_number"


def test_the_reader_sees_why_the_examination_was_asked_for(township: Township) -> None:
    placed = place(
        township,
        clinical_information="咳嗽两周，低热",
        diagnosis="肺炎？",
        referring_doctor="赵医师",
        referring_department="内科",
    )
    task = township.county.task(modality="DX")
    with township.county.database.write() as work:
        orders.order_by_id(work, placed["id"]).study_id = task.study_id
    claimed = township.client("radiologist").post(f"/api/v1/tasks/{task.id}/claim").json()["task"]
    assert claimed["request"] == {
        "procedure": "胸部正位",
        "clinical_information": "咳嗽两周，低热",
        "diagnosis": "肺炎？",
        "referring_doctor": "赵医师",
        "referring_department": "内科",
    }
    unasked = township.county.task(modality="DX")
    assert township.client("radiologist").get(f"/api/v1/tasks/{unasked.id}").json()["request"] is None
