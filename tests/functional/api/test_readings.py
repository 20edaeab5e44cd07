"""The way of a case through the interface, from the worklist to the signed report."""

from datetime import timedelta

import httpx
import pytest

from tests.functional.api.township import Township
from tests.unit.reading_queue.county import MONDAY_MORNING

REPORT = {"findings": "右肺下叶见斑片影。", "impression": "右肺下叶炎症。", "positive": True, "critical": ""}


def _post(client: httpx.Client, path: str, body: dict | None = None, status: int = 200) -> dict:
    answer = client.post(f"/api/v1/tasks/{path}", json=body or {})
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else {}


def test_a_line_of_the_worklist_says_everything(township: Township) -> None:
    task = township.county.task(modality="DX", priority="P1")
    township.picture(task.study_id)
    study = township.study(task)
    (line,) = township.client("radiologist").get("/api/v1/tasks").json()["items"]
    assert line == {
        "id": task.id,
        "state": "queued",
        "priority": "P1",
        "modality": "DX",
        "step": task.step,
        "study_instance_uid": study.study_instance_uid,
        "institution": "t01",
        "institution_name": "城关镇卫生院",
        "institution_name_en": "Clinic 1",
        "due_at": _z(task.due_at),
        "limit_at": _z(task.limit_at),
        "regulatory_due_at": _z(MONDAY_MORNING + timedelta(minutes=110)),
        "ready_at": _z(task.ready_at),
        "created_at": _z(task.created_at),
        "state_since": _z(task.state_since),
        "exam_started_at": _z(MONDAY_MORNING - timedelta(minutes=10)),
        "exam_date": None,
        "reader": None,
        "reader_name": None,
        "author": None,
        "author_name": None,
        "signer": None,
        "signer_name": None,
        "kept_for": None,
        "kept_for_name": None,
        "lease_expires_at": None,
        "paused": False,
        "escalation": 0,
        "version": 1,
        "patient": {"id": "P1", "name": "张^三", "sex": "M", "birth_date": "1960-01-02", "age": "66Y"},
        "description": "胸部平扫",
        "body_part": "CHEST",
        "series": study.series_count,
        "instances": study.instance_count,
        "ready_reason": "idle",
        "missing": 0,
        "expected": None,
        "may_be_incomplete": False,
        "more_arriving": False,
        "previous_task_id": None,
        "mismatch": [],
        "independent": False,
        "preliminary_at": None,
        "device": "",
        "accession_number": "A1",
        "thumbnail": f"/api/v1/studies/{study.study_instance_uid}/thumbnail",
        "report_id": None,
        "report_kind": None,
        "allowed_actions": line["allowed_actions"],
        "sla": "on_time",
    }
    assert "claim" in line["allowed_actions"]
    assert "submit" not in line["allowed_actions"]


def _z(moment) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def test_from_the_next_case_to_the_signed_report(township: Township) -> None:
    task = township.county.task()
    reader, auditor, clinic = (township.client(name) for name in ("radiologist", "auditor", "clinic01"))
    claim = _post(reader, "next")
    token = claim["lease_token"]
    assert claim["task"]["id"] == task.id
    assert claim["task"]["state"] == "reading"
    assert claim["task"]["reader"] == "radiologist"
    assert claim["task"]["draft"] is None
    assert "submit" in claim["task"]["allowed_actions"]
    assert _post(reader, f"{task.id}/heartbeat", {"lease_token": token})["lease_expires_at"]
    partial = {"lease_token": token, "report": {"findings": "右肺", "impression": ""}}
    assert reader.put(f"/api/v1/tasks/{task.id}/draft", json=partial).json().keys() == {"saved_at"}
    drafted = _post(reader, f"{task.id}/submit", {"lease_token": token, "report": REPORT})
    assert (drafted["state"], drafted["author"], drafted["reader"]) == ("drafted", "radiologist", None)

    audit = _post(auditor, "next")
    assert audit["task"]["state"] == "auditing"
    assert audit["task"]["draft"]["findings"] == REPORT["findings"]
    assert audit["task"]["draft"]["saved_by"] == "radiologist"
    signed = _post(auditor, f"{task.id}/sign", {"lease_token": audit["lease_token"]})
    assert (signed["version"], signed["task"]["state"], signed["task"]["signer"]) == (1, "signed", "auditor")
    assert signed["task"]["report_id"] == signed["report_id"]

    report = clinic.get(f"/api/v1/reports/{signed['report_id']}").json()
    assert {name: report[name] for name in REPORT} == REPORT
    assert report["author"] == {"username": "radiologist", "name": "radiologist 医师", "title": "主治医师"}
    assert report["signer"]["username"] == "auditor"
    assert report["centre"]["code"] == "county"
    assert report["institution_name"] == "城关镇卫生院"
    assert report["patient"]["birth_date"] == "1960-01-02"
    assert [version["version"] for version in report["versions"]] == [1]
    pdf = clinic.get(f"/api/v1/reports/{signed['report_id']}/pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    known = {"If-None-Match": pdf.headers["etag"]}
    assert clinic.get(f"/api/v1/reports/{signed['report_id']}/pdf", headers=known).status_code == 304
    detail = auditor.get(f"/api/v1/tasks/{task.id}").json()
    assert [event["action"] for event in detail["events"]] == ["open", "claim", "submit", "claim", "sign"]
    assert detail["report"]["id"] == signed["report_id"]


def test_nothing_to_read_is_no_content(township: Township) -> None:
    answer = township.client("radiologist").post("/api/v1/tasks/next")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_claimed_case_is_refused_to_others_with_a_code(township: Township) -> None:
    task = township.county.task()
    first = _post(township.client("radiologist"), f"{task.id}/claim")
    refused = _post(township.client("radiologist2"), f"{task.id}/claim", status=409)
    assert refused["code"] == "already_claimed"
    body = {"lease_token": first["lease_token"], "report": REPORT}
    assert _post(township.client("radiologist2"), f"{task.id}/submit", body, 409)["code"] == "stale_lease"
    assert _post(township.client("radiologist"), f"{task.id}/submit", body)["state"] == "drafted"
    assert _post(township.client("radiologist"), f"{task.id}/submit", body)["version"] == 3, "said twice, done once"
    other = {**body, "report": {**REPORT, "impression": "另一意见。"}}
    assert _post(township.client("radiologist"), f"{task.id}/submit", other, 409)["code"] == "stale_lease"


def test_a_lost_token_is_given_anew(township: Township) -> None:
    task = township.county.task()
    reader = township.client("radiologist")
    old = _post(reader, f"{task.id}/claim")["lease_token"]
    new = _post(reader, f"{task.id}/resume")["lease_token"]
    assert _post(reader, f"{task.id}/heartbeat", {"lease_token": old}, 409)["code"] == "stale_lease"
    assert _post(reader, f"{task.id}/heartbeat", {"lease_token": new})


def test_the_author_may_not_audit_his_own_draft(township: Township) -> None:
    task = township.county.drafted(township.county.task(), "auditor")
    refused = _post(township.client("auditor"), f"{task.id}/claim", status=409)
    assert refused["code"] == "same_person"


def test_a_reader_and_the_clinic_talk(township: Township) -> None:
    task = township.county.task()
    uid = township.study(task).study_instance_uid
    series = township.series_uid(task.study_id)
    reader, clinic = township.client("radiologist"), township.client("clinic01")
    token = _post(reader, f"{task.id}/claim")["lease_token"]
    asked = _post(reader, f"{task.id}/ask", {"lease_token": token, "question": "有无外伤史？"})
    assert (asked["state"], asked["paused"]) == ("info_wait", True)
    wanted = clinic.get(f"/api/v1/studies/{uid}").json()["request"]
    assert (wanted["kind"], wanted["text"]) == ("ask", "有无外伤史？")
    assert _post(clinic, f"{task.id}/answer", {"text": "无"})["state"] == "assigned"
    assert clinic.get(f"/api/v1/studies/{uid}").json()["request"] is None
    token = _post(reader, f"{task.id}/claim")["lease_token"]
    body = {"lease_token": token, "code": "positioning", "reason": "体位不正", "series_instance_uid": series}
    assert _post(reader, f"{task.id}/return", body)["state"] == "retake_wait"
    wanted = clinic.get(f"/api/v1/studies/{uid}").json()["request"]
    assert (wanted["kind"], wanted["code"], wanted["series_instance_uid"]) == ("return", "positioning", series)
    assert _post(clinic, f"{task.id}/retaken", {"reason": "患者已离院"})["state"] == "queued"
    kinds = [question["kind"] for question in clinic.get(f"/api/v1/tasks/{task.id}").json()["questions"]]
    assert kinds == ["ask", "answer", "return", "retaken"]


def test_a_clinic_reads_no_draft_and_nothing_that_physicians_tell_each_other(township: Township) -> None:
    task = township.county.drafted(township.county.task())
    auditor, clinic = township.client("auditor"), township.client("clinic01")
    token = _post(auditor, f"{task.id}/claim")["lease_token"]
    rejected = _post(auditor, f"{task.id}/reject", {"lease_token": token, "reason": "漏诊结节"})
    assert rejected["state"] == "rework"
    seen = clinic.get(f"/api/v1/tasks/{task.id}")
    assert seen.json()["draft"] is None
    assert "漏诊结节" not in seen.text
    assert "两肺纹理" not in seen.text
    assert "漏诊结节" in auditor.get(f"/api/v1/tasks/{task.id}").text


def test_directing(township: Township) -> None:
    manager = township.client("manager")
    task = township.county.task()
    urgent = _post(manager, f"{task.id}/priority", {"priority": "P0", "reason": "胸痛"})
    assert urgent["priority"] == "P0"
    assert _post(manager, f"{task.id}/assign", {"reader": "radiologist2"})["state"] == "assigned"
    assert _post(manager, f"{task.id}/assign", {"reader": "nobody"}, 404)["code"] == "not_found"
    mine = township.client("radiologist2").get("/api/v1/tasks?mine=true").json()["items"]
    assert [line["id"] for line in mine] == [task.id]
    assert township.client("radiologist").get("/api/v1/tasks?mine=true").json()["items"] == []
    turned_down = _post(township.client("radiologist2"), f"{task.id}/release", {"reason": "不在班"})
    assert turned_down["state"] == "queued"
    assert _post(manager, f"{task.id}/decline", {"reason": "不开展"})["state"] == "declined"
    other = township.county.task()
    assert _post(township.client("clinic01"), f"{other.id}/cancel", {"reason": "重复"})["state"] == "cancelled"


def test_amending_and_withdrawing(township: Township) -> None:
    task = township.county.signed(township.county.task())
    clinic = township.client("clinic01")
    amended = _post(township.client("auditor2"), f"{task.id}/amend", {"report": REPORT, "reason": "补充诊断"})
    assert amended["version"] == 2
    withdrawn = _post(township.client("manager"), f"{task.id}/withdraw", {"reason": "患者身份错误"})
    assert withdrawn["version"] == 3
    url = f"/api/v1/reports/{amended['report_id']}"
    report = clinic.get(url).json()
    assert (report["kind"], report["reason"], report["findings"]) == ("withdrawn", "患者身份错误", "")
    assert [version["kind"] for version in report["versions"]] == ["final", "amended", "withdrawn"]
    assert clinic.get(f"{url}?version=2").json()["findings"] == REPORT["findings"]
    assert clinic.get(f"{url}?version=9").status_code == 404
    first, last = clinic.get(f"{url}/pdf?version=1"), clinic.get(f"{url}/pdf?lang=en")
    assert first.status_code == last.status_code == 200
    assert first.content != last.content


def test_the_worklist_filters_and_pages(township: Township) -> None:
    tasks = [township.county.task(modality="DX" if n % 2 else "CT") for n in range(5)]
    client = township.client("radiologist")
    seen, cursor = [], None
    while True:
        page = client.get("/api/v1/tasks", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [line["id"] for line in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(task.id for task in tasks)
    dues = {task.id: task.due_at for task in tasks}
    assert [dues[task_id] for task_id in seen] == sorted(dues.values())
    assert len(client.get("/api/v1/tasks?modality=CT").json()["items"]) == 3
    assert len(client.get("/api/v1/tasks?institution=t02").json()["items"]) == 0
    assert len(client.get("/api/v1/tasks?priority=P0&priority=P2").json()["items"]) == 5
    assert len(client.get("/api/v1/tasks?q=P3").json()["items"]) == 1
    _post(client, f"{tasks[0].id}/claim")
    assert len(client.get("/api/v1/tasks?state=reading&state=drafted").json()["items"]) == 1


@pytest.mark.parametrize("path", ["claim", "heartbeat", "release", "submit", "sign", "reject", "return", "ask"])
def test_a_clinic_may_not_read(township: Township, path: str) -> None:
    task = township.county.task()
    assert _post(township.client("clinic01"), f"{task.id}/{path}", {}, 403)["code"] == "forbidden"
