"""Searching: parameters, chains, paging, what is included, and what is refused."""

import base64
import json
from urllib.parse import quote

import pytest

from tests.functional.api.fhir.official import check
from tests.functional.api.fhir.test_resources import entries
from tests.functional.api.township import Township
from viewer_api.fhir.capability import capability_statement, is_link
from viewer_api.fhir.registry import KINDS

VALUES = {"token": "x|y", "string": "x", "date": "ge2026-03", "reference": "1"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_sort_and_include_is_answered(everything: Township, kind: str) -> None:
    client = everything.client("manager")
    for param in KINDS[kind].params:
        value = quote(VALUES[param.type])
        answer = client.get(f"/fhir/{kind}?{param.name}={value}", headers={"Prefer": "handling=strict"})
        assert answer.status_code == 200, (param.name, answer.text)
        if is_link(param):
            assert client.get(f"/fhir/{kind}?_include={kind}:{param.name}").status_code == 200
            assert client.get(f"/fhir/{param.target}?_revinclude={kind}:{param.name}").status_code == 200
    for sort in ("_id", *KINDS[kind].sorts):
        assert client.get(f"/fhir/{kind}?_sort=-{sort}&_count=3").status_code == 200


@pytest.mark.parametrize(
    "kind,sort",
    [
        ("Task", "-modified"),
        ("Task", "_id"),
        ("Patient", "birthdate"),
        ("DiagnosticReport", "issued"),
        ("AuditEvent", "-date"),
    ],
)
def test_pages_hold_everything_once(everything: Township, kind: str, sort: str) -> None:
    client = everything.client("admin")
    url, seen = f"/fhir/{kind}?_count=4&_sort={sort}&_lastUpdated=lt2027", []
    # What has been looked at is put on the chain that is being read.
    while url and len(seen) < 200:
        bundle = client.get(url).json()
        seen += [one["resource"]["id"] for one in bundle["entry"]]
        url = next((one["url"] for one in bundle["link"] if one["relation"] == "next"), "")
    assert len(seen) == len(set(seen)) > 4
    if kind != "AuditEvent":
        whole = client.get(f"/fhir/{kind}?_count=200&_sort={sort}").json()
        assert [one["resource"]["id"] for one in whole["entry"]] == seen
        assert whole["total"] == len(seen)


def test_counting_sends_no_resources(everything: Township) -> None:
    bundle = everything.client("manager").get("/fhir/Task?_summary=count").json()
    check(bundle)
    assert bundle["total"] == len(entries(everything, "Task?_count=200"))
    assert "entry" not in bundle
    some = everything.client("manager").get("/fhir/Task?status=completed&_count=1&_total=accurate").json()
    assert some["total"] == len(entries(everything, "Task?_count=200&status=completed"))


def test_patients_by_characters_pinyin_and_number(everything: Township) -> None:
    assert entries(everything, "Patient?name=张")
    assert entries(everything, "Patient?name:contains=三")
    assert entries(everything, "Patient?name=li si")
    assert entries(everything, "Patient?name:exact=张") == []
    patient = entries(everything, "Patient?name=张三&_count=1")[0]
    number = patient["identifier"][0]
    by_number = entries(everything, f"Patient?identifier={quote(number['system'] + '|' + number['value'])}")
    assert [one["id"] for one in by_number] == [patient["id"]]
    assert (
        entries(everything, f"Patient?identifier={quote('urn:countyread:numbers:t02:patient|' + number['value'])}")
        == []
    )
    assert entries(everything, "Patient?birthdate=1960-01-02&gender=male")
    assert entries(everything, "Patient?birthdate=gt1961&gender=male") == []
    assert entries(everything, "Patient?gender:not=male")


def test_pinyin_is_found_once_names_have_been_compared(everything: Township) -> None:
    from sqlalchemy import update

    from storage.db.models import Patient

    with everything.database.write() as work:
        work.session.execute(update(Patient).where(Patient.name == "张^三").values(pinyin="zhangsan", initials="zs"))
    assert entries(everything, "Patient?name=zhang san") == entries(everything, "Patient?name=zs") != []


def test_chains_and_references(everything: Township) -> None:
    report = entries(everything, "DiagnosticReport?status=final&_count=1")[0]
    patient = report["subject"]["reference"]
    for query in (
        f"patient={patient}",
        f"patient={patient.partition('/')[2]}",
        f"subject:Patient={patient.partition('/')[2]}",
    ):
        assert report["id"] in [one["id"] for one in entries(everything, f"DiagnosticReport?{query}")]
    identifier = entries(everything, f"Patient?_id={patient.partition('/')[2]}")[0]["identifier"][0]
    token = quote(f"{identifier['system']}|{identifier['value']}")
    for query in (f"patient.identifier={token}", f"patient:identifier={token}"):
        assert [one["subject"]["reference"] for one in entries(everything, f"DiagnosticReport?{query}")] == [patient]
    assert entries(everything, f"DiagnosticReport?patient=Practitioner/{patient.partition('/')[2]}") == []


def test_a_report_with_all_that_belongs_to_it(everything: Township) -> None:
    report = entries(everything, "DiagnosticReport?status=appended&_count=1")[0]
    query = f"DiagnosticReport?_id={report['id']}&_include=DiagnosticReport:subject&_include=DiagnosticReport:results-interpreter"
    bundle = everything.client("manager").get(f"/fhir/{query}&_include=DiagnosticReport:imaging-study").json()
    check(bundle)
    modes = [(one["resource"]["resourceType"], one["search"]["mode"]) for one in bundle["entry"]]
    assert modes[0] == ("DiagnosticReport", "match")
    assert sorted(modes[1:]) == [
        ("ImagingStudy", "include"),
        ("Patient", "include"),
        ("Practitioner", "include"),
        ("Practitioner", "include"),
    ]
    study = report["imagingStudy"][0]["reference"]
    back = entries(
        everything,
        f"ImagingStudy?_id={study.partition('/')[2]}&_revinclude=DiagnosticReport:imaging-study&_revinclude=Task:focus",
    )
    assert {one["resourceType"] for one in back} == {"ImagingStudy", "DiagnosticReport", "Task"}


def test_a_study_by_its_uid_and_number(everything: Township) -> None:
    study = entries(everything, "ImagingStudy?_count=1&modality=ECG")[0]
    uid = study["identifier"][0]["value"]
    assert entries(everything, f"ImagingStudy?identifier={quote('urn:dicom:uid|' + uid)}") == [study]
    assert entries(everything, f"ImagingStudy?identifier={uid}") == [study]
    assert entries(everything, f"ImagingStudy?series={study['series'][0]['uid']}") == [study]
    assert entries(everything, "ImagingStudy?modality=MG") == []
    assert entries(everything, "ImagingStudy?started=2026-03-09") == entries(
        everything, "ImagingStudy?started=ge2026-03-09&started=lt2026-03-10"
    )


def test_a_search_by_form_stands_in_no_address(everything: Township) -> None:
    client = everything.client("manager")
    by_form = client.post("/fhir/Patient/_search", data={"name": "张三", "_count": "2"}).json()
    assert [one["resource"] for one in by_form["entry"]] == entries(everything, "Patient?name=张三&_count=2")
    following = next(one["url"] for one in by_form["link"] if one["relation"] == "next")
    assert "name" not in following
    assert client.get(following).json()["entry"]
    assert (
        client.post("/fhir/Patient/_search", content="{}", headers={"Content-Type": "application/json"}).status_code
        == 415
    )


def _cursor(after: object, sort: str = "modified") -> str:
    whole = json.dumps({"asked": [["_sort", sort]], "after": [after, 1]})
    return base64.urlsafe_b64encode(whole.encode()).decode()


@pytest.mark.parametrize(
    "query",
    [
        "Task?modified=yesterday",
        "Task?modified=2026-13",
        "Task?_sort=colour",
        "Task?_count=many",
        "Task?_include=Task:colour",
        "Task?_include=Patient:organization",
        "Task?status:above=x",
        "Task?_cursor=abc",
        f"Task?_sort=modified&_cursor={_cursor('yesterday')}",
        f"Task?_cursor={_cursor('2026-03-09', 'modified')}",
        f"Task?_cursor={_cursor([1], '_id')}",
        f"Task?_cursor={_cursor('x', '_id')}",
        "Task?_count=²",
        "Task?modified=0001",
        "Patient?name=%00",
        "Patient?name:missing=true",
    ],
)
def test_what_makes_no_sense_is_refused(everything: Township, query: str) -> None:
    answer = everything.client("manager").get(f"/fhir/{query}")
    assert answer.status_code == 400, answer.text
    check(answer.json())
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == "bad_request"


def test_numbers_that_are_none_name_nothing(everything: Township) -> None:
    for query in (
        "Task?_id=²",
        "Task?patient=Patient/²",
        "DiagnosticReport?identifier=²",
        "AuditEvent?agent=²",
        "Task?_id=99999999999999999999",
    ):
        assert entries(everything, query) == [], query


def test_unknown_parameters_are_passed_over_unless_the_client_is_strict(everything: Township) -> None:
    client = everything.client("manager")
    lenient = client.get("/fhir/Task?colour=red&status=completed").json()
    assert "colour" not in lenient["link"][0]["url"]
    assert client.get("/fhir/Task?colour=red", headers={"Prefer": "handling=strict"}).status_code == 400


def test_the_capability_statement_tells_what_there_is(everything: Township) -> None:
    statement = everything.anonymous().get("/fhir/metadata").json()
    check(statement)
    assert statement == capability_statement(f"{everything.url}/fhir")
    assert [one["type"] for one in statement["rest"][0]["resource"]] == list(KINDS)
