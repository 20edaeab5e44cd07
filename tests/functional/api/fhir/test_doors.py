"""Who gets in, in which form, and how refusals look."""

import pytest

from tests.functional.api.fhir.official import check
from tests.functional.api.fhir.test_resources import entries
from tests.functional.api.township import Township
from viewer_api.fhir.doors import PATIENT_TYPES
from viewer_api.fhir.registry import KINDS


@pytest.mark.parametrize("kind", PATIENT_TYPES)
def test_a_clinic_sees_its_own(everything: Township, kind: str) -> None:
    own = {one["id"] for one in entries(everything, f"{kind}?_count=200", "clinic01")}
    other = {one["id"] for one in entries(everything, f"{kind}?_count=200", "clinic02")}
    county = {one["id"] for one in entries(everything, f"{kind}?_count=200", "radiologist")}
    assert own
    assert not own & other
    assert county == own | other
    client = everything.client("clinic02")
    assert client.get(f"/fhir/{kind}/{min(own)}").status_code == 404
    assert client.get(f"/fhir/{kind}/{min(own)}").json() == client.get(f"/fhir/{kind}/987654321").json()
    assert entries(everything, f"{kind}?_id={min(own)}", "clinic02") == []


def test_nothing_of_another_clinic_comes_in_beside(everything: Township) -> None:
    foreign = entries(everything, "Patient?organization.identifier=t01&_count=1")[0]["id"]
    assert entries(everything, "Observation?_include=Observation:subject", "clinic02")
    for query in (
        f"Observation?patient={foreign}",
        "Patient?organization.identifier=t01",
        f"Task?patient={foreign}&_include=Task:patient",
    ):
        assert entries(everything, query, "clinic02") == [], query


def test_people_of_other_clinics_are_not_shown(everything: Township) -> None:
    names = {one["identifier"][0]["value"] for one in entries(everything, "Practitioner?_count=200", "clinic02")}
    assert {"clinic02", "radiologist"} <= names
    assert not names & {"clinic01", "consultant"}


def test_the_authority_and_strangers_stay_outside(everything: Township) -> None:
    for kind in KINDS:
        assert everything.client("regulator").get(f"/fhir/{kind}").status_code == 403
    assert everything.client("radiologist").get("/fhir/AuditEvent").status_code == 403
    answer = everything.anonymous().get("/fhir/Patient")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    check(answer.json())


@pytest.mark.parametrize(
    "method,path,headers,status,code",
    [
        ("GET", "Patient", {"Accept": "application/fhir+xml"}, 406, "not-supported"),
        ("GET", "Patient?_format=xml", {}, 406, "not-supported"),
        ("GET", "metadata", {"Accept": "text/html"}, 406, "not-supported"),
        ("GET", "Patient/nobody", {}, 404, "not-found"),
        ("GET", "Medication", {}, 404, "not-found"),
        ("DELETE", "Patient/1", {}, 405, "not-supported"),
        ("POST", "ServiceRequest", {"Content-Type": "application/fhir+xml"}, 415, "not-supported"),
        ("POST", "ServiceRequest", {"Content-Type": "application/fhir+json"}, 400, "invalid"),
    ],
)
def test_a_refusal_is_an_outcome(
    everything: Township, method: str, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = everything.client("manager").request(method, f"/fhir/{path}", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/fhir+json")
    check(answer.json())
    assert answer.json()["issue"][0]["code"] == code


def test_json_by_any_of_its_names(everything: Township) -> None:
    client = everything.client("manager")
    for accept in (
        "application/fhir+json",
        "application/json",
        "*/*",
        "text/html, application/fhir+json;q=0.8",
        "application/fhir+json; fhirVersion=4.0",
    ):
        assert client.get("/fhir/Organization", headers={"Accept": accept}).status_code == 200, accept
    for form in ("json", "application/fhir%2Bjson", "application/fhir+json"):
        assert client.get(f"/fhir/Organization?_format={form}", headers={"Accept": "text/html"}).status_code == 200, (
            form
        )
    head = client.head("/fhir/Patient/nobody")
    assert (head.status_code, head.content) == (404, b"")


def test_a_resource_says_when_it_changed(everything: Township) -> None:
    task = entries(everything, "Task?_count=1")[0]
    answer = everything.client("manager").get(f"/fhir/Task/{task['id']}")
    assert answer.headers["last-modified"].endswith("GMT")
    assert answer.headers["cache-control"] == "private, no-cache"
    since = task["meta"]["lastUpdated"]
    assert task["id"] in [one["id"] for one in entries(everything, f"Task?_lastUpdated=ge{since}")]
    assert task["id"] not in [one["id"] for one in entries(everything, f"Task?_lastUpdated=gt{since}")]
