"""Grades, retakes, the check of a report, reviews and figures through the interface."""

import httpx
import pytest
from sqlalchemy import select

from reading_queue.quality.chapter import QUALITY
from reading_queue.rulebook import publish
from storage.db.models import Instance
from tests.functional.api.township import Township
from tests.unit.reading_queue.county import REPORT

WRONG = {"findings": "左肺下叶见斑片影。", "impression": "右肺下叶炎症。", "positive": True}


def _ok(answer: httpx.Response, status: int = 200) -> dict:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else {}


def _returned(township: Township, **details: object) -> int:
    task = township.county.task(modality="DX")
    reader = township.client("radiologist")
    token = _ok(reader.post(f"/api/v1/tasks/{task.id}/claim"))["lease_token"]
    body = {"lease_token": token, "code": "positioning", "reason": "体位不正", **details}
    _ok(reader.post(f"/api/v1/tasks/{task.id}/return", json=body))
    return task.id


def test_a_clinic_sees_what_is_to_be_taken_again_and_its_look_is_recorded(township: Township) -> None:
    task_id = _returned(township, guidance="旋转15度", frame=1, region=[0, 0.25, 0.5, 1])
    clinic, other = township.client("clinic01"), township.client("clinic02")
    (order,) = _ok(clinic.get("/api/v1/retakes"))["items"]
    assert (order["task_id"], order["state"], order["reason_code"]) == (task_id, "open", "positioning")
    assert (order["guidance"], order["marked"]["region"]) == ("旋转15度", [0, 0.25, 0.5, 1])
    assert _ok(other.get("/api/v1/retakes"))["items"] == []
    assert other.post(f"/api/v1/retakes/{order['id']}/seen").status_code == 404
    assert township.client("manager").post(f"/api/v1/retakes/{order['id']}/seen").status_code == 403
    seen = _ok(clinic.post(f"/api/v1/retakes/{order['id']}/seen"))
    assert (seen["state"], seen["seen_by_name"]) == ("seen", "clinic01 医师")
    _ok(clinic.post(f"/api/v1/tasks/{task_id}/retaken", json={"reason": "患者已离院"}))
    assert _ok(clinic.get("/api/v1/retakes"))["items"] == []
    (closed,) = _ok(clinic.get("/api/v1/retakes", params={"open": False}))["items"]
    assert (closed["state"], closed["close_reason"]) == ("waived", "患者已离院")


@pytest.mark.parametrize("wrong", [{"region": [0, 0, 2, 1]}, {"region": [0, 0, 1]}, {"frame": 0}])
def test_a_mark_lies_within_the_image(township: Township, wrong: dict[str, object]) -> None:
    body = {"lease_token": "1", "code": "motion", "reason": "运动伪影", **wrong}
    assert township.client("radiologist").post("/api/v1/tasks/1/return", json=body).status_code == 422


def test_a_report_is_checked_while_it_is_written(township: Township) -> None:
    task = township.county.task()
    reader = township.client("radiologist")
    checked = _ok(reader.post("/api/v1/report-check", json={"task_id": task.id, "report": WRONG}))
    (fault,) = checked["faults"]
    assert (checked["blocks"], fault["code"], fault["field"]) == (True, "side_differs", "impression")
    assert WRONG["impression"][fault["start"] : fault["end"]] == "右肺"
    report = {"findings": "子宫大小正常。", "impression": "未见异常。", "positive": False}
    for about in ({"task_id": task.id}, {"exam": {"modality": "US", "sex": "M"}}):
        codes = [
            one["code"] for one in _ok(reader.post("/api/v1/report-check", json={**about, "report": report}))["faults"]
        ]
        assert codes == ["sex"]
    assert reader.post("/api/v1/report-check", json={"task_id": 987654, "report": report}).status_code == 404


def test_a_critical_value_that_was_raised_beside_the_report_is_told(township: Township) -> None:
    task = township.county.task(modality="CT")
    reader, clinic = township.client("radiologist"), township.client("clinic01")
    report = {"findings": "右侧基底节区见团状高密度影。", "impression": "右侧基底节区脑出血。", "positive": True}

    def found() -> list[str]:
        body = {"task_id": task.id, "report": report}
        return [one["code"] for one in _ok(reader.post("/api/v1/report-check", json=body))["faults"]]

    assert found() == ["critical_untold"]
    uid = township.study(task).study_instance_uid
    raised = {"study_instance_uid": uid, "code": "RAD-ICH", "finding": "右侧基底节区脑出血"}
    _ok(clinic.post("/api/v1/critical-cases", json=raised), 201)
    assert found() == ["critical_untold"], "a suspicion is nobody's word yet"
    _ok(reader.post("/api/v1/critical-cases", json=raised), 201)
    assert found() == []


def test_what_blocks_is_signed_with_a_reason_alone_and_the_difference_is_judged(township: Township) -> None:
    task = township.county.task()
    township.county.drafted(task)
    auditor = township.client("auditor")
    token = _ok(auditor.post(f"/api/v1/tasks/{task.id}/claim"))["lease_token"]
    body = {"lease_token": token, "report": WRONG}
    refused = auditor.post(f"/api/v1/tasks/{task.id}/sign", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_publishable")
    assert refused.json()["faults"] == ["side_differs"]
    _ok(
        auditor.post(
            f"/api/v1/tasks/{task.id}/sign", json={**body, "override_reason": "已核对", "discrepancy": "minor"}
        )
    )
    shown = _ok(auditor.get(f"/api/v1/tasks/{task.id}/discrepancy"))
    assert (shown["suggested"], shown["judged"]) == ("major", "minor")
    assert "".join(one["text"] for one in shown["impression"] if one["kind"] != "new") == REPORT.impression
    again = _ok(auditor.post(f"/api/v1/tasks/{task.id}/discrepancy", json={"judged": "major"}))
    assert again["judged"] == "major"


def test_images_are_graded_by_who_has_them_in_hand(township: Township) -> None:
    task = township.county.task(modality="DX")
    reader = township.client("radiologist")
    path = f"/api/v1/tasks/{task.id}/grade"
    assert reader.put(path, json={"grade": "A"}).status_code == 409
    _ok(reader.post(f"/api/v1/tasks/{task.id}/claim"))
    graded = _ok(reader.put(path, json={"grade": "C", "reasons": ["motion"], "note": "呼吸"}))
    assert (graded["standing"], graded["items"][0]["graded_by"]) == ("C", "radiologist")
    assert reader.put(path, json={"grade": "C", "reasons": ["gain"]}).status_code == 422
    assert _ok(township.client("clinic01").get(path))["standing"] == "C"
    assert township.client("clinic02").get(path).status_code == 404
    codes = {one["code"] for one in _ok(township.client("clinic01").get("/api/v1/quality/rules"))["reasons"]}
    assert {"positioning", "motion", "leads"} <= codes


def test_a_review_names_nobody(township: Township) -> None:
    content = {**QUALITY.shipped, "peer_review": {**QUALITY.shipped["peer_review"], "share_percent": {"*": 100}}}
    county = township.county
    with county.write() as work:
        publish(work, county.actor("manager"), QUALITY, content)
    county.signed(county.task())
    assert township.client("auditor").post("/api/v1/peer-reviews/next").status_code == 204
    reviewer = township.client("auditor2")
    assert len(_ok(reviewer.get("/api/v1/peer-reviews"))["items"]) == 1
    answer = reviewer.post("/api/v1/peer-reviews/next")
    review = _ok(answer)
    assert (review["findings"], review["sex"]) == (REPORT.findings, "M")
    for name in ("radiologist", "auditor", "城关镇卫生院", "张^三"):
        assert name not in answer.text
    path = f"/api/v1/peer-reviews/{review['id']}/submit"
    assert reviewer.post(path, json={"score": "3b"}).status_code == 422
    assert _ok(reviewer.post(path, json={"score": "3b", "comment": "漏诊"}))["suggests_amendment"] is True
    assert reviewer.post(path, json={"score": "1"}).status_code == 409
    own = _ok(township.client("radiologist").get("/api/v1/peer-reviews/figures"))
    assert [(one["label"], one["scores"]["3b"]) for one in own["authors"]] == [("radiologist 医师", 1)]
    assert _ok(reviewer.get("/api/v1/peer-reviews/figures"))["authors"] == []
    assert len(_ok(township.client("manager").get("/api/v1/peer-reviews/figures"))["authors"]) == 1


def test_figures_come_as_lines_and_as_a_sheet_and_a_clinic_sees_its_own(township: Township) -> None:
    _returned(township)
    township.county.signed(township.county.task(modality="DX", code="t02"))
    manager = township.client("manager")
    shown = _ok(manager.get("/api/v1/quality/figures", params={"by": "site"}))
    assert [(one["label"], one["retakes"], one["exams"]) for one in shown["items"]] == [
        ("城关镇卫生院", 1, 0),
        ("河口镇卫生院", 0, 1),
    ]
    assert [one["code"] for one in shown["indicators"]] == ["RQI-IIA-01", "RQI-RWS-03"]
    own = _ok(township.client("clinic02").get("/api/v1/quality/figures", params={"by": "site"}))
    assert [one["label"] for one in own["items"]] == ["河口镇卫生院"]
    for by in ("device", "operator", "modality", "reason", "month"):
        assert _ok(manager.get("/api/v1/quality/figures", params={"by": by, "institution": "t01"}))["items"]
    sheet = manager.get("/api/v1/quality/figures.csv", params={"by": "site", "english": True})
    assert sheet.content.startswith(b"\xef\xbb\xbfItem,Signed exams")
    assert "attachment" in sheet.headers["content-disposition"]
    assert manager.get("/api/v1/quality/figures", params={"from": "2026-03-10", "to": "2026-03-01"}).status_code == 422
    assert manager.get("/api/v1/quality/figures", params={"institution": "nowhere"}).status_code == 404


def test_a_question_shows_the_clinic_the_place_that_is_meant(township: Township) -> None:
    task = township.county.task(modality="DX")
    with township.database.read() as work:
        sop = work.session.execute(select(Instance.sop_instance_uid)).scalar_one()
    reader = township.client("radiologist")
    token = _ok(reader.post(f"/api/v1/tasks/{task.id}/claim"))["lease_token"]
    mark = {"sop_instance_uid": sop, "frame": 1, "region": [0.1, 0.2, 0.5, 0.4], "shape": "arrow"}
    body = {"lease_token": token, "question": "此处有无手术史？", **mark}
    assert reader.post(f"/api/v1/tasks/{task.id}/ask", json={**body, "sop_instance_uid": "1.2.3"}).status_code == 422
    _ok(reader.post(f"/api/v1/tasks/{task.id}/ask", json=body))
    uid = township.study(task).study_instance_uid
    request = _ok(township.client("clinic01").get(f"/api/v1/studies/{uid}"))["request"]
    assert request["kind"] == "ask"
    assert request["marked"].items() >= mark.items()
