"""Every resource that the county has is what the official definitions say, and says what the row says."""

from typing import Any

import pytest

from tests.functional.api.fhir.official import check
from tests.functional.api.township import Township
from viewer_api.fhir.registry import KINDS


def entries(township: Township, query: str, user: str = "manager") -> list[dict[str, Any]]:
    answer = township.client(user).get(f"/fhir/{query}")
    assert answer.status_code == 200, answer.text
    return [one["resource"] for one in answer.json().get("entry", [])]


@pytest.mark.parametrize("kind", KINDS)
def test_all_of_them_validate_and_can_be_read(everything: Township, kind: str) -> None:
    client = everything.client("manager")
    bundle = client.get(f"/fhir/{kind}?_count=200").json()
    check(bundle)
    found = [one["resource"] for one in bundle["entry"]]
    assert found
    for resource in found:
        check(resource)
        assert resource["resourceType"] == kind
    answer = client.get(f"/fhir/{kind}/{found[0]['id']}")
    assert answer.headers["content-type"] == "application/fhir+json"
    assert answer.json() == found[0]
    again = client.get(f"/fhir/{kind}/{found[0]['id']}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_references_lead_somewhere(everything: Township) -> None:
    client, seen = everything.client("manager"), set()
    for kind in KINDS:
        for resource in entries(everything, f"{kind}?_count=200"):
            seen |= {one for one in _references(resource) if not one.startswith("#")}
    assert {one.partition("/")[0] for one in seen} >= {
        "Patient",
        "ImagingStudy",
        "ServiceRequest",
        "Practitioner",
        "Endpoint",
    }
    for one in sorted(seen)[:: max(1, len(seen) // 40)]:
        assert client.get(f"/fhir/{one}").status_code == 200, one


def _references(part: object) -> set[str]:
    if isinstance(part, dict):
        own = {part["reference"]} if isinstance(part.get("reference"), str) else set()
        return own.union(*(_references(value) for value in part.values()), set())
    return set().union(*(_references(one) for one in part)) if isinstance(part, list) else set()


def test_every_status_of_reports_and_tasks_occurs(everything: Township) -> None:
    reports = {one["status"] for one in entries(everything, "DiagnosticReport?_count=200")}
    assert reports >= {"registered", "partial", "final", "amended", "appended", "entered-in-error", "cancelled"}
    tasks = {one["status"] for one in entries(everything, "Task?_count=200")}
    assert tasks == {"draft", "requested", "received", "in-progress", "on-hold", "completed", "rejected", "cancelled"}
    for status in reports:
        found = entries(everything, f"DiagnosticReport?_count=200&status={status}")
        assert found, status
        assert {one["status"] for one in found} == {status}
    for status in tasks:
        assert {one["status"] for one in entries(everything, f"Task?_count=200&status={status}")} == {status}


def test_a_report_says_what_was_signed(everything: Township) -> None:
    found = entries(everything, "DiagnosticReport?status=appended")[0]
    assert found["meta"]["versionId"] == "2"
    assert found["conclusion"] == "胸部未见异常。"
    assert "两肺纹理清晰" in found["text"]["div"]
    form = found["presentedForm"][0]
    assert form["contentType"] == "application/pdf"
    assert everything.client("clinic01").get(form["url"]).content.startswith(b"%PDF")
    assert "&lt;身份&gt;" in entries(everything, "DiagnosticReport?status=entered-in-error")[0]["text"]["div"]


def test_every_signed_version_can_be_read(everything: Township) -> None:
    found = entries(everything, "DiagnosticReport?status=appended")[0]
    client = everything.client("clinic01")
    first = client.get(f"/fhir/DiagnosticReport/{found['id']}/_history/1")
    check(first.json())
    assert (first.json()["status"], first.json()["meta"]["versionId"]) == ("final", "1")
    assert client.get(f"/fhir/DiagnosticReport/{found['id']}/_history/2").json() == found
    assert client.get(f"/fhir/DiagnosticReport/{found['id']}/_history/9").status_code == 404
    assert everything.client("clinic02").get(f"/fhir/DiagnosticReport/{found['id']}/_history/1").status_code == 404


def test_measurements_of_the_device_in_standard_codes_and_units(everything: Township) -> None:
    measured, silent = sorted(entries(everything, "Observation"), key=lambda one: "dataAbsentReason" in one)
    values = {
        one["code"]["coding"][0]["code"]: (one["valueQuantity"]["value"], one["valueQuantity"]["code"])
        for one in measured["component"]
        if one["code"]["text"].endswith("(device)")
    }
    assert values == {
        "8867-4": (72, "/min"),
        "8625-6": (160, "ms"),
        "8633-0": (92, "ms"),
        "8634-8": (380, "ms"),
        "8636-3": (416, "ms"),
        "8632-2": (45, "deg"),
    }
    assert measured["component"][1]["code"]["coding"][1]["code"] == str(2 * 65536 + 15872)
    assert "component" not in silent
    ours = {
        one["code"]["text"]: one["valueQuantity"]["value"]
        for one in measured["component"]
        if one["code"]["text"].endswith("(engine 1)")
    }
    assert ours == {"Heart rate (engine 1)": 71.5, "Q-T interval corrected, Bazett (engine 1)": 411}


def test_a_critical_value_tells_the_whole_conversation(everything: Township) -> None:
    found = entries(everything, "Communication?status=completed&_include=Communication:part-of")[0]
    assert found["sent"] <= found["received"]
    assert found["recipient"][0]["reference"].startswith("Organization/")
    assert found["payload"]
    assert found["reasonCode"][0]["coding"][0]["code"]


def test_the_audit_chain_names_who_looked(everything: Township) -> None:
    patient = entries(everything, "Patient", "clinic01")[0]
    everything.client("clinic01").get(f"/fhir/Patient/{patient['id']}")
    user = everything.county.user("clinic01").id
    looked = entries(everything, f"AuditEvent?action=R&agent=Practitioner/{user}&_count=200")
    assert looked
    assert any(patient["id"] in str(one["entity"]) for one in looked)
    assert {one["action"] for one in looked} == {"R"}
    assert entries(everything, "AuditEvent?subtype=order_placed&action=U") == []


def test_names_are_written_and_spelt(everything: Township) -> None:
    patient = entries(everything, "Patient?name=张三")[0]
    written, spelt = patient["name"]
    assert (written["text"], written["family"], written["given"]) == ("张三", "张", ["三"])
    assert (spelt["family"], spelt["given"]) == ("ZHANG", ["SAN"])
    assert patient["identifier"][0]["system"] == "urn:countyread:numbers:t01:patient"


def test_people_who_are_one_are_linked_for_the_county_alone(everything: Township) -> None:
    assert [one["link"][0]["type"] for one in entries(everything, "Patient?_id=1,2&_sort=_id")] == [
        "replaces",
        "replaced-by",
    ]
    assert not any("link" in one for one in entries(everything, "Patient?_id=1,2", "clinic01"))
