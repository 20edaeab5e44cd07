"""One of everything that a clinic can have, by the names that routes have for it in their paths."""

import re
from typing import Any

import httpx

from storage.db.models import Instance, ReadingTask
from tests.functional.api.fhir.conftest import ecg_file
from tests.functional.api.images import ct_image
from tests.functional.api.test_order_checks import LI, examined
from tests.functional.api.test_orders import order_body
from tests.functional.api.township import Township

OF_PATIENTS = (
    "Patient", "ServiceRequest", "ImagingStudy", "DiagnosticReport", "Observation", "Task", "Communication",
)  # fmt: skip
"""Types of FHIR resources that belong to a clinic."""


def belongings(township: Township) -> dict[str, str]:
    """Of the first clinic. The `fhir_id` of each type stands under "Type fhir_id"."""
    line_id = _statement_line(township)
    clinic, reader = township.client("clinic01"), township.client("radiologist")
    image = township.image(ct_image())
    uids = re.findall(r"[\d.]{9,}", township.wado(image))
    task, key_image = _signed_with_a_mark(township)
    study = township.study(task).study_instance_uid
    critical = _made(reader, "critical-cases", study_instance_uid=study, code="OTHER", finding="张力性气胸")
    report = reader.get(f"/api/v1/tasks/{task.id}").json()["report"]["id"]
    found = {
        "task_id": task.id,
        "key_image_id": key_image,
        "report_id": report,
        "order_id": _made(clinic, "orders", **order_body()),
        "critical_id": critical,
        "case_id": _made(clinic, "green-channel", study_instance_uid=study, kind="trauma"),
        "referral_id": _made(clinic, "referrals", study_instance_uid=uids[0], reason="x"),
        "action": "cancel",
        "retake_id": _retake(township),
        "session_id": clinic.get("/api/v1/account/sessions").json()["items"][0]["id"],
        "share_id": clinic.post(f"/api/v1/studies/{uids[0]}/shares", json={}).json()["share"]["id"],
        "emergency_id": _emergency(township),
        "recognition_id": _recognition(township),
        "line_id": line_id,
        "hook_id": _made(clinic, "result-hooks", name="HIS", url="https://his.example/x", wanted=["exam"]),
        "seq": 1,
        "number": 1,
        "version_id": 1,
        "upload_id": _made(clinic, "uploads"),
        "name": "a.dcm",
        "study_instance_uid": uids[0],
        "series_instance_uid": uids[1],
        "sop_instance_uid": uids[2],
        "sop_instance_uids": uids[2],
        "frames": 1,
        "value_path": "7FE00010",
        "workitem": clinic.get("/dicomweb/workitems").json()[0]["00080018"]["Value"][0],
        "ae_title": "LISTENER",
        **_resources(township),
    }
    return {name: str(one) for name, one in found.items()}


def _made(client: httpx.Client, what: str, **body: Any) -> Any:
    answer = client.post(f"/api/v1/{what}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def _statement_line(township: Township) -> Any:
    """Of a month that was closed; nobody may have logged in before, since sessions do not last that long."""
    county = township.county
    county.signed(county.task())
    month = county.clock.now().strftime("%Y-%m")
    county.clock.advance(days=31)
    closed = township.client("manager").post("/api/v1/settlement/close", json={"month": month})
    assert closed.status_code == 200, closed.text
    lines = township.client("clinic01").get("/api/v1/settlement/lines", params={"month": month}).json()
    return lines["items"][0]["id"]


def _signed_with_a_mark(township: Township) -> tuple[ReadingTask, int]:
    """A signed task of which an image was marked, and the mark."""
    image, task = township.image(ct_image()), township.county.task()
    township.picture(task.study_id)
    with township.database.write() as work:
        work.session.get_one(Instance, image.id).study_id = task.study_id
    reader, token = township.client("radiologist"), township.county.claim(task, "radiologist").token
    mark = {"sop_instance_uid": image.sop_instance_uid, "frame": 1, "note": "x"}
    (marked,) = reader.put(f"/api/v1/tasks/{task.id}/key-images", json=mark).json()["items"]
    report = {"findings": "x", "impression": "x", "positive": False}
    submitted = reader.post(f"/api/v1/tasks/{task.id}/submit", json={"lease_token": token, "report": report})
    assert submitted.status_code == 200, submitted.text
    token = township.county.claim(task, "auditor").token
    signed = township.client("auditor").post(f"/api/v1/tasks/{task.id}/sign", json={"lease_token": token})
    assert signed.status_code == 200, signed.text
    return task, marked["id"]


def _emergency(township: Township) -> Any:
    other = township.study(township.county.task(code="u02")).study_instance_uid
    return _made(township.client("clinic01"), "emergencies", study_instance_uid=other, reason="unconscious")


def _recognition(township: Township) -> Any:
    uid = township.study(examined(township, "u02")).study_instance_uid
    asked = {"patient": LI, "modality": "CT", "body_part": "CHEST", "study_instance_uid": uid}
    return _made(township.client("clinic01"), "orders/recognitions", **asked)


def _retake(township: Township) -> Any:
    task = township.county.task()
    reader = township.client("radiologist")
    token = reader.post(f"/api/v1/tasks/{task.id}/claim").json()["lease_token"]
    body = {"lease_token": token, "code": "motion", "reason": "x"}
    assert reader.post(f"/api/v1/tasks/{task.id}/return", json=body).status_code == 200
    (order,) = township.client("clinic01").get("/api/v1/retakes").json()["items"]
    return order["id"]


def _resources(township: Township) -> dict[str, str]:
    township.image(ecg_file())
    found = {}
    for kind in OF_PATIENTS:
        which = "?status=final" if kind == "DiagnosticReport" else ""
        bundle = township.client("clinic01").get(f"/fhir/{kind}{which}").json()
        found[f"{kind} fhir_id"] = bundle["entry"][0]["resource"]["id"]
    return found
