"""Orders by FHIR: the same orders as by every other door."""

from typing import Any

import pytest

from storage.db.queries.orders import order_by_id
from tests.functional.api.fhir.official import check
from tests.functional.api.township import Township
from viewer_api.fhir.terms import DCM, NATIONAL_ID

CARD = "11010519491231002X"


def request(**over: Any) -> dict[str, Any]:
    patient = {
        "resourceType": "Patient",
        "id": "p",
        "identifier": [{"value": "0007"}, {"system": NATIONAL_ID, "value": CARD}],
        "name": [{"family": "欧阳", "given": ["三"]}],
    }
    resource = {
        "resourceType": "ServiceRequest",
        "contained": [patient],
        "identifier": [{"type": {"coding": [{"code": "PLAC"}]}, "value": "HIS-1"}],
        "status": "active",
        "intent": "order",
        "category": [{"coding": [{"system": DCM, "code": "CT"}]}],
        "priority": "urgent",
        "code": {"text": "胸部CT平扫"},
        "subject": {"reference": "#p"},
        "occurrenceDateTime": "2026-03-09T09:30:00+08:00",
        "requester": {"display": "李医生"},
        "reasonCode": [{"text": "咳嗽"}],
    }
    return {**resource, **over}


def send(township: Township, resource: dict[str, Any], user: str = "clinic01", **headers: str) -> Any:
    content = {
        "Content-Type": "application/fhir+json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return township.client(user).post("/fhir/ServiceRequest", json=resource, headers=content)


def put(township: Township, resource: dict[str, Any], user: str = "clinic01", **headers: str) -> Any:
    content = {
        "Content-Type": "application/fhir+json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return township.client(user).put(f"/fhir/ServiceRequest/{resource['id']}", json=resource, headers=content)


def test_an_order_is_placed_like_any_other(township: Township) -> None:
    answer = send(township, request())
    assert answer.status_code == 201, answer.text
    placed = answer.json()
    check(placed)
    assert answer.headers["location"] == f"{township.url}/fhir/ServiceRequest/{placed['id']}"
    assert answer.headers["etag"] == 'W/"1"'
    with township.database.read() as work:
        order = order_by_id(work, int(placed["id"]))
    assert (order.patient_name, order.romanised_name, order.birth_date) == ("欧阳^三", "OUYANG^SAN", "19491231")
    assert (order.modality, order.priority, order.state, order.source) == ("CT", "P1", "scheduled", "api")
    assert (order.placer_order_number, order.referring_doctor, order.diagnosis) == ("HIS-1", "李医生", "咳嗽")
    assert township.client("clinic01").get("/api/v1/orders").json()["items"][0]["id"] == order.id
    assert township.client("clinic02").get(f"/fhir/ServiceRequest/{placed['id']}").status_code == 404


def test_the_same_order_again_is_the_order_that_there_is(township: Township) -> None:
    condition = "identifier=urn:countyread:numbers:t01:placer|HIS-1"
    first = send(township, request(), If_None_Exist=condition)
    again = send(township, request(), If_None_Exist=condition)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    send(township, request())
    assert send(township, request(), If_None_Exist=condition).status_code == 412
    assert send(township, request(), If_None_Exist="colour=red").status_code == 400


def test_county_staff_say_which_clinic(township: Township) -> None:
    assert send(township, request(), "manager").status_code == 422
    performer = [{"identifier": {"system": "urn:countyread:institution", "value": "t02"}}]
    placed = send(township, request(performer=performer), "manager").json()
    assert placed["performer"][0]["display"] == "河口镇卫生院"
    assert send(township, request(performer=placed["performer"]), "clinic01").status_code == 404
    assert send(township, request(performer=[{"reference": "Organization/987654"}]), "manager").status_code == 422


def test_a_known_patient_is_referred_to(township: Township) -> None:
    study = township.study(township.county.task())
    placed = send(township, request(subject={"reference": f"Patient/{study.patient_id}"}, contained=[])).json()
    check(placed)
    assert placed["subject"]["reference"] == f"Patient/{study.patient_id}"
    found = township.client("clinic01").get(f"/fhir/ServiceRequest?patient={study.patient_id}").json()
    assert [one["resource"]["id"] for one in found["entry"]] == [placed["id"]]
    foreign = township.study(township.county.task(code="t02"))
    assert send(township, request(subject={"reference": f"Patient/{foreign.patient_id}"})).status_code == 422


@pytest.mark.parametrize(
    "over,where",
    [
        ({"status": "draft"}, "status"),
        ({"intent": "plan"}, "intent"),
        ({"priority": "soon"}, "priority"),
        ({"category": []}, "category"),
        ({"subject": {"reference": "#q"}}, "subject"),
        ({"subject": None}, "subject"),
        ({"occurrenceDateTime": "2026-03-09"}, "occurrenceDateTime"),
        ({"occurrenceDateTime": "soon"}, "occurrenceDateTime"),
        ({"contained": [{"resourceType": "Patient", "id": "p", "identifier": [{"value": "7"}]}]}, "patient_name"),
        (
            {"contained": [{"resourceType": "Patient", "id": "p", "gender": "x", "identifier": [{"value": "7"}]}]},
            "subject",
        ),
    ],
)
def test_a_request_that_is_no_order_is_told_where(township: Township, over: dict[str, Any], where: str) -> None:
    answer = send(township, request(**over))
    assert answer.status_code == 422, answer.text
    check(answer.json())
    assert answer.json()["issue"][1]["diagnostics"].startswith(f"{where}: ")
    assert township.client("clinic01").get("/api/v1/orders").json()["items"] == []


def test_an_order_is_changed_in_the_version_that_was_seen(township: Township) -> None:
    placed = send(township, request()).json()
    unchanged = put(township, placed, If_Match='W/"1"')
    assert (unchanged.status_code, unchanged.headers["etag"]) == (200, 'W/"1"'), unchanged.text
    changed = put(township, {**placed, "code": {"text": "头颅CT"}, "priority": "stat"}, If_Match='W/"1"')
    assert (changed.json()["code"]["text"], changed.json()["priority"]) == ("头颅CT", "stat")
    assert changed.headers["etag"] == 'W/"2"'
    assert changed.json()["requester"] == placed["requester"]
    assert put(township, placed, If_Match='W/"1"').status_code == 412
    assert put(township, {**placed, "id": "99"}).status_code == 404
    assert put(township, placed, "clinic02").status_code == 404


def test_an_order_is_cancelled_by_its_status(township: Township) -> None:
    placed = send(township, request()).json()
    reason = {
        "url": "http://hl7.org/fhir/StructureDefinition/request-statusReason",
        "valueCodeableConcept": {"text": "离院"},
    }
    cancelled = put(township, {**placed, "status": "revoked", "extension": [reason]})
    check(cancelled.json())
    assert (cancelled.json()["status"], cancelled.json()["extension"]) == ("revoked", [reason])
    assert put(township, {**cancelled.json(), "status": "active"}).status_code == 422
    assert put(township, {**placed, "status": "completed"}).status_code == 422


def test_half_a_character_is_no_text(township: Township) -> None:
    headers = {"Content-Type": "application/fhir+json"}
    for escape in ("\\ud800", "\\u0000"):
        body = f'{{"resourceType": "ServiceRequest", "status": "{escape}"}}'
        answer = township.client("clinic01").post("/fhir/ServiceRequest", content=body, headers=headers)
        assert answer.status_code == 400, answer.text


def test_a_client_that_wants_little_gets_little(township: Township) -> None:
    answer = send(township, request(), Prefer="return=minimal")
    assert (answer.status_code, answer.content) == (201, b"")
    assert answer.headers["location"]
