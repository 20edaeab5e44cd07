"""Workitems in the Native DICOM Model (PS3.19 A.1), in and out: the same steps as in JSON."""

from xml.etree.ElementTree import Element, fromstring

import httpx
import pytest

from storage.domain.reading import TaskState
from tests.functional.api.township import Township
from tests.functional.api.ups.workitems import STATE, TRANSACTION, Client, Item, content_item, first, value
from viewer_api.dicomweb.native_xml import NAMESPACE, from_xml, to_xml

XML = "application/dicom+xml"
RELATED = f'multipart/related; type="{XML}"'
MINE = "2.25.333"


@pytest.fixture
def reader(township: Township) -> Client:
    return Client(township, "radiologist")


def _send(client: Client, method: str, path: str, dataset: Item) -> httpx.Response:
    url = f"/dicomweb/workitems{path}"
    return client.http.request(method, url, content=to_xml(dataset), headers={"Content-Type": XML})


def _get(client: Client, path: str, accept: str) -> httpx.Response:
    answer = client.http.get(f"/dicomweb/workitems{path}", headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    return answer


def _attribute(document: bytes, keyword: str) -> Element:
    (found,) = fromstring(document).findall(f"{{{NAMESPACE}}}DicomAttribute[@keyword='{keyword}']")
    return found


def test_a_case_is_claimed_written_and_handed_over_in_xml(township: Township, reader: Client) -> None:
    task = township.county.task()
    uid = first(reader.search("ProcedureStepState=SCHEDULED")[0], "00080018")
    claim = {STATE: value("CS", "IN PROGRESS"), TRANSACTION: value("UI", MINE)}
    assert _send(reader, "PUT", f"/{uid}/state", claim).status_code == 200
    assert township.county.reload(task).lease_token == MINE
    told = [content_item("121070", "Findings", "未见异常。"), content_item("121073", "Impression", "正常 <&>。")]
    report = {"00741216": value("SQ", {"00741212": value("SQ", *told)})}
    assert _send(reader, "POST", f"/{uid}?Transaction-UID={MINE}", report).status_code == 200
    done = {STATE: value("CS", "COMPLETED"), TRANSACTION: value("UI", MINE)}
    assert _send(reader, "PUT", f"/{uid}/state", done).status_code == 200
    assert township.county.reload(task).state == TaskState.DRAFTED
    auditor = Client(township, "auditor")
    audit = first(auditor.search("ProcedureStepState=SCHEDULED&WorklistLabel=AUDIT*")[0], "00080018")
    assert _send(auditor, "PUT", f"/{audit}/state", claim).status_code == 200
    assert _send(auditor, "PUT", f"/{audit}/state", done).status_code == 200
    clinic = township.client("clinic01")
    report_id = clinic.get("/api/v1/results").json()["items"][0]["report_id"]
    assert clinic.get(f"/api/v1/reports/{report_id}").json()["impression"] == "正常 <&>。"


def test_a_workitem_in_xml_says_what_it_says_in_json(township: Township, reader: Client) -> None:
    township.county.task()
    uid = first(reader.search()[0], "00080018")
    alone = _get(reader, f"/{uid}", XML)
    assert alone.headers["content-type"] == XML
    assert from_xml(alone.content) == reader.get(uid)
    assert _attribute(alone.content, "SOPInstanceUID").findtext(f"{{{NAMESPACE}}}Value") == uid
    for path in (f"/{uid}", "", "?ProcedureStepState=SCHEDULED"):
        parts = _get(reader, path, RELATED)
        assert parts.headers["content-type"].startswith(RELATED)
        assert parts.content.count(b"<NativeDicomModel") == 1
    assert _get(reader, f"/{uid}", f"{XML};q=0.5, application/dicom+json").headers["content-type"] != XML


def test_a_multipart_of_one_part_is_taken(township: Township) -> None:
    clinic = Client(township, "clinic01")
    township.county.task()
    uid = first(clinic.search()[0], "00080018")
    part = to_xml({"00741238": value("LT", "wrong patient")})
    for kind, boundary, status in (("text/plain", "b", 415), (XML, "", 400), (XML, "c", 400), (XML, "b", 202)):
        body = b"--b\r\nContent-Type: " + kind.encode() + b"\r\n\r\n" + part + b"\r\n--b--\r\n"
        headers = {"Content-Type": f"{RELATED}; boundary={boundary}"}
        answer = clinic.http.post(f"/dicomweb/workitems/{uid}/cancelrequest", content=body, headers=headers)
        assert answer.status_code == status, answer.text
    assert first(clinic.get(uid), STATE) == "CANCELED"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<NativeDicomModel",
        b"<Other/>",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><NativeDicomModel>&e;</NativeDicomModel>',
        b'<NativeDicomModel><DicomAttribute tag="x" vr="CS"/></NativeDicomModel>',
        b'<NativeDicomModel><DicomAttribute tag="00741002" vr="IS"><Value>many</Value></DicomAttribute></NativeDicomModel>',
    ],
)
def test_what_is_no_native_model_is_a_400(township: Township, reader: Client, body: bytes) -> None:
    township.county.task()
    uid = first(reader.search()[0], "00080018")
    answer = reader.http.put(f"/dicomweb/workitems/{uid}/state", content=body, headers={"Content-Type": XML})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request"), answer.text
