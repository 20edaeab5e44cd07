"""Templates, phrases and the structured part of reports over HTTP."""

import pytest
from sqlalchemy import select

from storage.db.models import Draft, ReportVersion
from tests.functional.api.township import Township
from tests.unit.reading_queue.templates.made import CONTENT


@pytest.fixture
def task(township: Township) -> int:
    return township.county.task(modality="CT").id


def test_the_fitting_template_comes_first_with_all_that_its_form_needs(township: Township, task: int) -> None:
    items = township.client("radiologist").get(f"/api/v1/templates?for_task={task}").json()["items"]
    assert [one["suggested"] for one in items] == [True, *[False] * (len(items) - 1)]
    assert (items[0]["key"], items[0]["level"], items[0]["may_change"]) == ("chest-ct", "shipped", False)
    assert {one["key"] for one in items} == {"chest-ct", "abdomen-ct", "head-ct"}
    assert items[0]["content"]["fields"]


def test_a_template_is_made_changed_rendered_carried_and_withdrawn(township: Township) -> None:
    manager, reader = township.client("manager"), township.client("radiologist")
    order = {"level": "county", "key": "trial", "content": CONTENT}
    assert reader.post("/api/v1/templates", json=order).json()["code"] == "forbidden"
    made = manager.post("/api/v1/templates", json=order)
    assert (made.status_code, made.json()["version"]) == (201, 1)
    path = f"/api/v1/templates/{made.json()['id']}"
    changed = {**CONTENT, "title": {"zh": "改", "en": "Changed"}}
    assert manager.put(path, json={"content": changed, "version": 1}).json()["version"] == 2
    assert manager.put(path, json={"content": CONTENT, "version": 1}).status_code == 409
    wrong = manager.put(path, json={"content": {**CONTENT, "findings": []}, "version": 2})
    assert wrong.status_code in (400, 422)
    assert "sentences" in wrong.json()["detail"]
    body = {"values": {"lungs": "nodule", "side": "left", "size": 8}, "language": "en"}
    said = reader.post(f"{path}/render", json=body).json()
    assert (said["findings"], said["positive"]) == ("A nodule in the left lung of 8.0 mm.", True)
    assert reader.post(f"{path}/render", json={"values": {"lungs": "x"}}).status_code in (400, 422)
    file = reader.get(f"{path}/file")
    assert 'filename="template-trial.json"' in file.headers["Content-Disposition"]
    own = reader.post("/api/v1/templates", json={name: file.json()[name] for name in ("key", "content")})
    assert (own.status_code, own.json()["level"]) == (201, "own")
    assert reader.post(f"{path}/copy", json={}).status_code == 409
    assert reader.delete(path).status_code == 403
    assert manager.delete(path).status_code == 204
    assert reader.get(path).status_code == 404
    listed = reader.get("/api/v1/templates").json()["items"]
    assert [one["level"] for one in listed if one["key"] == "trial"] == ["own"]


@pytest.mark.parametrize("username", ["clinic01", "regulator"])
def test_others_see_no_templates_and_no_phrases(township: Township, username: str) -> None:
    client = township.client(username)
    for method, path in (("GET", "/templates"), ("POST", "/templates"), ("GET", "/phrases"), ("POST", "/phrases")):
        assert client.request(method, f"/api/v1{path}", json={}).status_code == 403


def test_phrases_are_found_for_the_exam_made_counted_and_deleted(township: Township, task: int) -> None:
    reader = township.client("radiologist")
    found = reader.get(f"/api/v1/phrases?q=xctzc&task={task}").json()["items"]
    assert [one["id"] for one in found] == ["cct-normal"]
    made = reader.post("/api/v1/phrases", json={"zh": "心影饱满。", "en": "Full heart.", "code": "XYBM"})
    assert (made.status_code, made.json()["code"], made.json()["initials"]) == (201, "xybm", "xybm")
    path = f"/api/v1/phrases/{made.json()['id']}"
    assert reader.post(f"{path}/used").status_code == 204
    assert reader.get("/api/v1/phrases?q=xinying").json()["items"][0]["uses"] == 1
    assert reader.put(path, json={"zh": "心影稍饱满。"}).json()["zh"] == "心影稍饱满。"
    assert township.client("auditor").put(path, json={"zh": "x"}).status_code == 404
    assert reader.put("/api/v1/phrases/cct-normal", json={"zh": "x"}).status_code == 403
    assert reader.delete(path).status_code == 204
    assert reader.get("/api/v1/phrases?q=xybm").json()["items"] == []


def test_the_structure_goes_from_draft_to_signed_report(township: Township, task: int) -> None:
    reader, auditor = township.client("radiologist"), township.client("auditor")
    token = reader.post(f"/api/v1/tasks/{task}/claim").json()["lease_token"]
    values = {"nodule": "solid", "nod_lobe": "rul", "nod_size": 8, "lungrads": "4A"}
    structure = {"template": "chest-ct", "version": 1, "language": "zh", "values": values}
    words = {"findings": "右肺上叶可见实性结节。", "impression": "右肺上叶实性结节。", "positive": True}
    report = {**words, "structure": structure}
    wrong = {**report, "structure": {**structure, "values": {"nodule": "liquid"}}}
    draft = f"/api/v1/tasks/{task}/draft"
    assert reader.put(draft, json={"lease_token": token, "report": wrong}).status_code in (400, 422)
    assert reader.put(draft, json={"lease_token": token, "report": report}).status_code == 200
    assert reader.get(f"/api/v1/tasks/{task}").json()["draft"]["structure"] == structure
    reader.post(f"/api/v1/tasks/{task}/submit", json={"lease_token": token, "report": report}).raise_for_status()
    lease = auditor.post(f"/api/v1/tasks/{task}/claim").json()
    assert lease["task"]["draft"]["structure"] == structure
    signed = auditor.post(f"/api/v1/tasks/{task}/sign", json={"lease_token": lease["lease_token"]}).json()
    shown = auditor.get(f"/api/v1/reports/{signed['report_id']}").json()["structure"]
    assert (shown["key"], shown["version"], shown["classes"]) == ("chest-ct", 1, {"Lung-RADS": "4A"})
    assert shown["values"].items() >= values.items()
    assert shown["values"]["lungs"] == "normal"
    with township.database.read() as work:
        assert work.session.execute(select(Draft.structure)).scalars().all() == [structure]
        kept = work.session.execute(select(ReportVersion)).scalar_one().content["structure"]
    assert shown == {**kept, "statements": []}, "it is no template of an ECG"
