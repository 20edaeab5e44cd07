"""The board, wall screens, national indicators, statements, institutions, a clinic's figures, and names filled in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from reading_queue import naming, service
from reading_queue.boards.chapter import BOARDS
from reading_queue.rulebook import publish
from reading_queue.service import ReportContent
from storage.db.models import AuditEvent, Device, Instance, Study, StudyNaming
from storage.domain.errors import Conflict, SignedReport
from storage.domain.reading import Priority
from tests.functional.api.township import Township
from tests.unit.reading_queue.county import County

_NAME = "张^三"


def _ok(answer: httpx.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else {}


def _wall(township: Township, **asked: object) -> tuple[httpx.Client, int]:
    made = _ok(township.client("admin").post("/api/v1/admin/walls", json={"name": "大屏", **asked}), 201)
    return township.bearer(made["path"].rsplit("/", 1)[1]), made["wall"]["id"]


def _anew(township: Township, username: str) -> httpx.Client:
    """The session of before has ended in the meantime."""
    return township.bearer(township.token(username))


def _class(board: dict[str, Any], priority: str) -> dict[str, Any]:
    return next(one for one in board["classes"] if one["priority"] == priority)


def test_the_board_counts_what_is_open_by_class_and_due_time(township: Township) -> None:
    county = township.county
    first = county.task(priority=Priority.P0)
    county.task(modality="DX", code="t02")
    manager = township.client("manager")
    board = _ok(manager.get("/api/v1/board"))
    assert board["steps"] == ["breached", "late", "10", "30", "60", "later", "paused"]
    assert (_class(board, "P0")["open"], _class(board, "P2")["open"], _class(board, "P3")["open"]) == (1, 1, 0)
    assert board["tasks"][0]["id"] == first.id
    assert {one["modality"]: one["waiting"] for one in board["backlog"]} == {"CT": 1, "DX": 1}
    county.clock.advance(minutes=31)
    board = _ok(manager.get("/api/v1/board"))
    assert _class(board, "P0")["steps"] == {"breached": 1}
    (breach,) = board["breaches"]
    assert (breach["task_id"], breach["longest"], breach["signed_at"]) == (first.id, "queue", None)
    assert board["lost"]["queue"] > 30 * 60


def test_the_board_shows_who_reads_what_and_who_is_silent(township: Township) -> None:
    county = township.county
    task = county.task()
    county.claim(task, "radiologist")
    board = _ok(township.client("manager").get("/api/v1/board"))
    reader = next(one for one in board["readers"] if one["username"] == "radiologist")
    assert (reader["on_duty"], [one["task_id"] for one in reader["in_hand"]]) == (True, [task.id])
    assert {one["ae_title"] for one in board["silent"]} == {"T01_CT", "T02_CT"}
    with county.database.write() as work:
        device = work.session.execute(select(Device).where(Device.ae_title == "T01_CT")).scalar_one()
        device.last_seen_at = work.now - timedelta(hours=23)
    assert [one["ae_title"] for one in _ok(township.client("manager").get("/api/v1/board"))["silent"]] == ["T02_CT"]
    assert township.client("clinic01").get("/api/v1/board").status_code == 403


def test_a_breach_that_was_signed_today_is_told_and_tomorrow_it_is_not(township: Township) -> None:
    county = township.county
    task = county.task(priority=Priority.P0)
    county.clock.advance(hours=2)
    county.signed(task)
    manager = township.client("manager")
    (breach,) = _ok(manager.get("/api/v1/board"))["breaches"]
    assert (breach["task_id"], breach["signed_at"] is None) == (task.id, False)
    county.clock.advance(hours=24)
    assert _ok(_anew(township, "manager").get("/api/v1/board"))["breaches"] == []


def test_a_wall_shows_the_figures_and_nobodys_name(township: Township) -> None:
    county = township.county
    county.claim(county.task(priority=Priority.P0), "radiologist")
    screen, _ = _wall(township)
    answer = screen.get("/api/v1/wall")
    wall = _ok(answer)
    assert _class(wall, "P0")["open"] == 1
    for word in (_NAME, "张", "radiologist", "医师", "胸部平扫", "1.2.", "patient", "study_instance_uid"):
        assert word not in answer.text, word
    assert {one["name"] for one in wall["readers"]} == {"r**", "e**", "a**"}
    for path in ("/api/v1/board", "/api/v1/tasks", "/api/v1/admin/walls", "/api/v1/session", "/api/v1/events"):
        assert screen.get(path).status_code in (401, 403), path


def test_a_wall_ends_when_it_is_revoked_and_when_its_days_are_over(township: Township) -> None:
    admin = township.client("admin")
    screen, wall_id = _wall(township)
    short, _ = _wall(township, days=1)
    assert screen.get("/api/v1/wall").status_code == short.get("/api/v1/wall").status_code == 200
    line = next(one for one in _ok(admin.get("/api/v1/admin/walls"))["items"] if one["id"] == wall_id)
    assert line["live"]
    assert line["last_seen_address"] == "127.0.0.1"
    assert not _ok(admin.post(f"/api/v1/admin/walls/{wall_id}/revoke"))["live"]
    assert screen.get("/api/v1/wall").status_code == 401
    township.county.clock.advance(days=2)
    assert short.get("/api/v1/wall").status_code == 401
    assert township.bearer("crw_never").get("/api/v1/wall").status_code == 401
    assert township.client("clinic01").post("/api/v1/admin/walls", json={"name": "x"}).status_code == 403
    actions = [event.action for event in _audit(township, "wall")]
    assert actions == ["wall_created", "wall_created", "wall_revoked"]


def test_no_link_to_a_wall_lives_longer_than_the_county_allows(township: Township) -> None:
    with township.county.write() as work:
        publish(work, township.county.actor("manager"), BOARDS, {**BOARDS.shipped, "wall_days": 30})
    refused = township.client("admin").post("/api/v1/admin/walls", json={"name": "大屏", "days": 31})
    assert refused.status_code == 422


def _audit(township: Township, prefix: str) -> list[AuditEvent]:
    with township.database.read() as work:
        query = select(AuditEvent).where(AuditEvent.action.startswith(prefix)).order_by(AuditEvent.seq)
        return list(work.session.execute(query).scalars())


def _signed_emergency(county: County, started: timedelta) -> int:
    task = county.task(modality="DX", priority=Priority.P1, exam_started_at=county.clock.now() - started)
    return county.signed(task).id


def _indicator(client: httpx.Client, code: str, **asked: str) -> dict[str, Any]:
    items = _ok(client.get("/api/v1/national-indicators", params=asked))["items"]
    return next(one for one in items if one["code"] == code)


def test_the_two_hours_of_emergencies_run_from_the_exam_and_are_told_by_month_place_and_modality(
    township: Township,
) -> None:
    county = township.county
    _signed_emergency(county, timedelta(minutes=30))
    late = _signed_emergency(county, timedelta(hours=3))
    county.signed(county.task(modality="DX", priority=Priority.P2))
    regulator = township.client("regulator")
    found = _indicator(regulator, "RQI-RRC-02")
    assert (found["numerator"], found["denominator"], found["percent"], found["target"]) == (1, 2, 50, 95)
    assert "2小时" in found["zh"]["name"]
    assert "150" in found["en"]["source"]
    assert [(one["key"], one["denominator"]) for one in found["months"]] == [("2026-03", 2)]
    assert [(one["key"], one["label_en"]) for one in found["institutions"]] == [("t01", "Clinic 1")]
    assert [one["key"] for one in found["modalities"]] == ["DX"]
    assert _indicator(regulator, "RQI-RRC-02", institution="t02")["denominator"] == 0
    asked = {"code": "RQI-RRC-02", "counts": False, "reason": "抽样核对"}
    answer = regulator.post("/api/v1/national-indicators/cases", json=asked)
    (case,) = _ok(answer)["items"]
    assert (case["task_id"], case["why"], case["patient"]) == (late, "late", "张**")
    assert case["minutes"] > 180
    assert _NAME not in answer.text
    (noted,) = _audit(township, "indicator.cases")
    assert (noted.detail["reason"], noted.detail["cases"]) == ("抽样核对", 1)


@pytest.mark.parametrize("reason", [None, "", "x", "    "])
def test_no_case_is_shown_without_a_reason(township: Township, reason: str | None) -> None:
    body = {"code": "RQI-RRC-02", **({} if reason is None else {"reason": reason})}
    assert township.client("regulator").post("/api/v1/national-indicators/cases", json=body).status_code == 422
    assert _audit(township, "indicator.cases") == []


def test_writing_and_artefacts_agree_with_the_quality_page(township: Township) -> None:
    county = township.county
    county.signed(county.task(modality="DX"))
    manager = township.client("manager")
    on_page = {one["code"]: one for one in _ok(manager.get("/api/v1/quality/figures"))["indicators"]}
    for code in ("RQI-IIA-01", "RQI-RWS-03"):
        found = _indicator(manager, code)
        assert [found[name] for name in ("numerator", "denominator", "target", "at_most")] == [
            on_page[code][name] for name in ("numerator", "denominator", "target", "at_most")
        ]


def test_categories_are_looked_for_in_what_was_signed(township: Township) -> None:
    county = township.county
    named = ReportContent("双乳腺体致密。", "右乳肿块，BI-RADS 4A。", positive=True)
    county.signed(county.task(modality="MG", body_part="BREAST"), named)
    county.signed(county.task(modality="MG", body_part="BREAST"))
    county.signed(county.task(modality="MR", body_part="PROSTATE"))
    regulator = township.client("regulator")
    found = _indicator(regulator, "RQI-RCR-07")
    assert (found["numerator"], found["denominator"]) == (1, 2)
    assert _indicator(regulator, "RQI-RCR-06")["denominator"] == 1
    sheet = regulator.get("/api/v1/national-indicators/sheet.csv", params={"english": True})
    assert sheet.text.startswith("\ufeffIndicator,Name")
    assert "RQI-RCR-07" in sheet.text


def test_statements_are_closed_disputed_and_corrected_through_the_interface(township: Township) -> None:
    county = township.county
    county.signed(county.task())
    open_month = _ok(township.client("manager").get("/api/v1/settlement"))
    assert (open_month["month"], open_month["fee"], open_month["may_close"]) == ("2026-03", 6000, False)
    assert [one["username"] for one in open_month["readers"]] == ["radiologist", "auditor"]
    county.clock.advance(seconds=(datetime(2026, 4, 2, 2, tzinfo=UTC) - county.clock.now()).total_seconds())
    manager, clinic = _anew(township, "manager"), _anew(township, "clinic01")
    assert clinic.post("/api/v1/settlement/close", json={"month": "2026-03"}).status_code == 403
    closed = _ok(manager.post("/api/v1/settlement/close", json={"month": "2026-03"}))
    assert (closed["intact"], len(closed["sha256"])) == (True, 64)
    own = _ok(clinic.get("/api/v1/settlement", params={"month": "2026-03"}))
    assert (own["fee"], own["readers"], own["may_close"]) == (6000, [], False)
    (line,) = _ok(clinic.get("/api/v1/settlement/lines", params={"month": "2026-03"}))["items"]
    assert (line["read_pay"], line["item_name"], line["reader_name"]) == (None, "CT", "radiologist 医师")
    assert _ok(_anew(township, "clinic02").get("/api/v1/settlement", params={"month": "2026-03"}))["fee"] == 0
    asked = _ok(clinic.post(f"/api/v1/settlement/lines/{line['id']}/dispute", json={"words": "重复"}), 201)
    body = {"granted": True, "words": "同意", "fee": -6000}
    _ok(manager.post(f"/api/v1/settlement/disputes/{asked['id']}/answer", json=body))
    assert _ok(clinic.get("/api/v1/settlement/disputes"))["items"][0]["granted"] is True
    april = _ok(clinic.get("/api/v1/settlement"))
    assert (april["fee"], april["clinics"][0]["corrections"]) == (-6000, 1)
    sheet = manager.get("/api/v1/settlement/lines.csv", params={"month": "2026-04"}).text
    assert "-60.00" in sheet
    assert "'-60.00" not in sheet
    assert "24.00" in manager.get("/api/v1/settlement/readers.csv", params={"month": "2026-03"}).text
    assert clinic.get("/api/v1/settlement/readers.csv").status_code == 403


def test_institutions_are_made_changed_and_closed(township: Township) -> None:
    admin = township.client("admin")
    body = {"code": "t16", "name": "新桥镇卫生院", "contact": "王主任", "phone": "0730-1234567"}
    made = _ok(admin.post("/api/v1/admin/institutions", json=body), 201)
    assert (made["devices"], made["users"], made["active"], made["contract"]) == (0, 0, True, "")
    assert admin.post("/api/v1/admin/institutions", json=body).status_code == 409
    path = "/api/v1/admin/institutions/t16"
    assert _ok(admin.patch(path, json={"phone": "0730-7654321"}))["phone"] == "0730-7654321"
    assert _ok(admin.patch(path, json={"active": False}))["active"] is False
    refused = admin.patch("/api/v1/admin/institutions/t01", json={"active": False})
    assert refused.status_code == 409
    device = {"ae_title": "T16_DR", "institution": "t16"}
    assert admin.post("/api/v1/admin/devices", json=device).status_code == 409
    lines = {one["code"]: one for one in _ok(admin.get("/api/v1/admin/institutions"))["items"]}
    assert (lines["t01"]["devices"], lines["t01"]["users"]) == (1, 1)
    changes = _audit(township, "institution_changed")
    assert changes[0].detail["changes"] == {"phone": ["0730-1234567", "0730-7654321"]}


def test_a_clinic_sees_its_own_volumes_and_times(township: Township) -> None:
    county = township.county
    county.signed(county.task(modality="DX"))
    county.signed(county.task(modality="CT", code="t02"))
    own = _ok(township.client("clinic01").get("/api/v1/clinic-figures"))
    assert (own["whole"]["signed"], [one["key"] for one in own["modalities"]]) == (1, ["DX"])
    assert (own["months"][-1]["key"], own["months"][-1]["signed"], len(own["months"])) == ("2026-03", 1, 6)
    assert own["whole"]["from_exam_median"] >= 10
    assert own["whole"]["in_time"] == 1
    assert _ok(township.client("manager").get("/api/v1/clinic-figures"))["whole"]["signed"] == 2


def _nameless(township: Township, code: str = "t01") -> tuple[int, str]:
    task = township.county.task(code=code, body_part="")
    with township.database.write() as work:
        study = work.session.get_one(Study, task.study_id)
        study.description = ""
        return task.id, study.study_instance_uid


def test_what_the_machine_did_not_name_is_filled_in_beside_the_original(township: Township) -> None:
    task_id, uid = _nameless(township)
    path = f"/api/v1/studies/{uid}/name"
    clinic = township.client("clinic01")
    assert township.client("clinic02").put(path, json={"description": "胸部"}).status_code == 404
    assert clinic.put(path, json={}).status_code == 422
    _ok(clinic.put(path, json={"description": "胸部正位"}))
    named = _ok(township.client("radiologist").put(path, json={"description": "胸部正侧位", "body_part": "chest"}))
    assert (named["body_part"], named["original_description"], named["named_by"]) == ("CHEST", "", "radiologist 医师")
    line = next(
        one for one in _ok(township.client("radiologist").get("/api/v1/tasks"))["items"] if one["id"] == task_id
    )
    assert (line["description"], line["body_part"]) == ("胸部正侧位", "CHEST")
    assert [event.detail["before"]["description"] for event in _audit(township, "study.name")] == ["", "胸部正位"]
    with township.database.read() as work:
        kept = work.session.execute(select(StudyNaming)).scalar_one()
        headers = work.session.execute(select(Instance.header).where(Instance.study_id == kept.study_id)).scalars()
        assert all("胸部" not in str(header) for header in headers)


def test_what_the_machine_named_and_what_was_reported_is_not_renamed(township: Township) -> None:
    county = township.county
    task = county.task()
    reader = county.actor("radiologist")
    with county.write() as work:
        study = work.session.get_one(Study, task.study_id)
        with pytest.raises(Conflict):
            naming.name_study(work, reader, study, "头颅", "HEAD")
    task_id, uid = _nameless(township)
    with county.write() as work:
        token = service.claim(work, task_id, county.actor("radiologist"), lease_minutes=10).token
    with county.write() as work:
        service.submit(work, task_id, county.actor("radiologist"), token, ReportContent("未见异常。", "未见异常。"))
    with county.write() as work:
        token = service.claim(work, task_id, county.actor("auditor"), lease_minutes=10).token
        service.sign(work, task_id, county.actor("auditor"), token)
    refused = township.client("radiologist").put(f"/api/v1/studies/{uid}/name", json={"description": "头颅"})
    assert (refused.status_code, refused.json()["code"]) == (409, SignedReport.code)
