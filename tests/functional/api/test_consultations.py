"""A consultant sees what his hospital is asked, and nothing else, by any door (I8)."""

import re

from reading_queue import service
from storage.db.models import Study
from storage.domain.reading import Role
from tests.functional.api.images import ct_image
from tests.functional.api.township import Township
from viewer_api.permissions import PUBLIC, ROLES

_REPORT = {"findings": "右肺上叶结节。", "impression": "结节，性质待定。", "positive": True, "critical": ""}


def _asked(township: Township) -> tuple[dict[str, str], int]:
    """A study with an image, about which the hospital of `consultant` is asked: its identities, and the task."""
    instance = township.image(ct_image())
    county = township.county
    with county.database.write() as work:
        service.ensure_task(work, work.session.get_one(Study, instance.study_id))
    reader = township.client("radiologist")
    task = reader.post("/api/v1/tasks/next").json()
    body = {"lease_token": task["lease_token"], "hospital": "u01", "question": "良恶性？"}
    task_id = task["task"]["id"]
    reader.put(f"/api/v1/tasks/{task_id}/draft", json={"lease_token": task["lease_token"], "report": _REPORT})
    answer = reader.post(f"/api/v1/tasks/{task_id}/consult", json=body)
    assert (answer.status_code, answer.json().get("state")) == (200, "consult"), answer.text
    uids = re.findall(r"[\d.]{9,}", township.wado(instance))
    names = ("study_instance_uid", "series_instance_uid", "sop_instance_uid")
    return {**dict(zip(names, uids, strict=False)), "frames": "1", "value_path": "7FE00010"}, task_id


def test_asked_answered_and_back_to_the_one_who_asked(township: Township) -> None:
    uids, task_id = _asked(township)
    consultant = township.client("consultant")
    [line] = consultant.get("/api/v1/consultations").json()["items"]
    assert (line["question"], line["study_instance_uid"]) == ("良恶性？", uids["study_instance_uid"])
    detail = consultant.get(f"/api/v1/consultations/{line['id']}").json()
    assert detail["draft"]["impression"] == _REPORT["impression"]
    assert consultant.get(f"/api/v1/studies/{line['study_instance_uid']}").json()["tasks"] == []
    clinic = township.client("clinic01").get(f"/api/v1/tasks/{task_id}").json()
    [told] = clinic["consultations"]
    assert (told["hospital"], told["question"], told["opinion"]) == ("u01", "", "")
    assert consultant.post(f"/api/v1/consultations/{line['id']}/accept").json()["mine"] is True
    answered = consultant.post(f"/api/v1/consultations/{line['id']}/opinion", json={"opinion": "考虑良性。"})
    assert answered.json()["state"] == "answered"
    task = township.client("radiologist").get(f"/api/v1/tasks/{task_id}").json()
    assert (task["state"], task["reader"], task["consultations"][0]["opinion"]) == (
        "reading",
        "radiologist",
        "考虑良性。",
    )
    assert consultant.get(f"/api/v1/studies/{line['study_instance_uid']}").status_code == 404
    assert consultant.get("/api/v1/consultations").json()["items"] == []


def _url(path: str, known: dict[str, str]) -> str:
    values = {**known, "sop_instance_uids": known["sop_instance_uid"]}
    return re.sub(r"{(\w+)(:path)?}", lambda name: values[name[1]], path)


def test_every_door_is_shut_to_other_hospitals_and_to_other_studies(township: Township) -> None:
    uids, _ = _asked(township)
    other = re.findall(r"[\d.]{9,}", township.wado(township.image(ct_image())))
    another = {**uids, "study_instance_uid": other[0], "series_instance_uid": other[1], "sop_instance_uid": other[2]}
    tried = 0
    for route, roles in ROLES.items():
        method, path = route.split(" ", 1)
        if roles == PUBLIC or Role.CONSULTANT not in roles or "{study_instance_uid}" not in path:
            continue
        assert method == "GET", route
        for username, known in (("outsider", uids), ("consultant", another)):
            answer = township.client(username).get(_url(path, known))
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (route, username)
        if not path.endswith(("thumbnail", "preview", "ecg.pdf")) and "/ecg/" not in path:
            assert township.client("consultant").get(_url(path, uids)).status_code == 200, route
        tried += 1
    assert tried >= 8
    line = township.client("consultant").get("/api/v1/consultations").json()["items"][0]
    for method, path in (("GET", ""), ("POST", "/accept"), ("POST", "/opinion"), ("POST", "/decline")):
        body = {"opinion": "x"} if path == "/opinion" else {"reason": "x"} if path == "/decline" else None
        answer = township.client("outsider").request(method, f"/api/v1/consultations/{line['id']}{path}", json=body)
        assert answer.status_code == 404, path


def test_a_consultant_has_no_other_door_to_patients(township: Township) -> None:
    allowed = {route for route, roles in ROLES.items() if Role.CONSULTANT in roles}
    patient_level = {route for route in allowed if "consultations" not in route and "{study_instance_uid}" not in route}
    assert not [
        route for route in patient_level if re.search(r"tasks|results|reports|patients|orders|quarantine", route)
    ]
    for path in ("/api/v1/tasks", "/api/v1/studies", "/dicomweb/studies", "/api/v1/results"):
        assert township.client("consultant").get(path).status_code == 403, path


def test_a_stale_write_names_the_status_of_the_unified_procedure_step(township: Township) -> None:
    task_id = township.county.task().id
    reader = township.client("radiologist")
    stale = reader.post(f"/api/v1/tasks/{task_id}/submit", json={"lease_token": "2.25.1", "report": _REPORT}).json()
    assert (stale["code"], stale["ups_status"]) == ("not_allowed_from_state", "0xC310")
    token = reader.post(f"/api/v1/tasks/{task_id}/claim").json()["lease_token"]
    stale = reader.post(f"/api/v1/tasks/{task_id}/submit", json={"lease_token": "2.25.1", "report": _REPORT})
    assert (stale.status_code, stale.json()["ups_status"]) == (409, "0xC301")
    taken = township.client("radiologist2").post(f"/api/v1/tasks/{task_id}/claim").json()
    assert (taken["code"], taken["ups_status"]) == ("already_claimed", "0xC302")
    body = {"lease_token": token, "report": _REPORT}
    alone = reader.post(f"/api/v1/tasks/{task_id}/sign", json=body).json()
    assert alone["ups_status"] == "0xC304"
    assert [reader.post(f"/api/v1/tasks/{task_id}/submit", json=body).status_code for _ in range(2)] == [200, 200]


def test_a_preliminary_report_is_a_result_of_its_own(township: Township) -> None:
    task_id = township.county.task(priority="P1").id
    reader = township.client("radiologist")
    token = reader.post(f"/api/v1/tasks/{task_id}/claim").json()["lease_token"]
    body = {"lease_token": token, "report": _REPORT}
    issued = reader.post(f"/api/v1/tasks/{task_id}/preliminary", json=body)
    assert (issued.status_code, issued.json()["version"]) == (200, 1), issued.text
    clinic = township.client("clinic01")
    [result] = clinic.get("/api/v1/results").json()["items"]
    assert result["kind"] == "preliminary"
    report = clinic.get(f"/api/v1/reports/{result['report_id']}").json()
    assert report["notice"] == "急诊报告，以正式报告为准"
    assert clinic.get(f"/api/v1/reports/{result['report_id']}/pdf").content.startswith(b"%PDF")
    assert clinic.post("/api/v1/results/1/receipt").status_code == 200
    task = clinic.get(f"/api/v1/tasks/{task_id}").json()
    assert (task["state"], task["report_kind"]) == ("reading", "preliminary")
