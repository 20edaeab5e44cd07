"""One clinic never sees another's patients (I8), door by door. Every door with an identity in it is tried."""

import re

from storage.domain.reading import Role
from tests.functional.api.images import ct_image
from tests.functional.api.refusals import code_of
from tests.functional.api.test_events import screen
from tests.functional.api.test_orders import order_body
from tests.functional.api.township import Township
from viewer_api.permissions import PUBLIC, ROLES


def _identities(township: Township) -> dict[str, str]:
    """Of everything that the first clinic has."""
    task = township.county.signed(township.county.task())
    township.picture(task.study_id)
    instance = township.image(ct_image())
    uids = re.findall(r"[\d.]{9,}", township.wado(instance))
    order = township.client("clinic01").post("/api/v1/orders", json=order_body()).json()
    upload = township.client("clinic01").post("/api/v1/uploads", json={}).json()
    found = {"study_instance_uid": township.study(task).study_instance_uid, "code": "OTHER", "finding": "张力性气胸"}
    critical = township.client("radiologist").post("/api/v1/critical-cases", json=found).json()
    report = township.client("radiologist").get(f"/api/v1/tasks/{task.id}").json()["report"]["id"]
    urgent = {"study_instance_uid": found["study_instance_uid"], "kind": "trauma"}
    case = township.client("clinic01").post("/api/v1/green-channel", json=urgent).json()
    return {
        "task_id": str(task.id),
        "report_id": str(report),
        "order_id": str(order["id"]),
        "critical_id": str(critical["id"]),
        "case_id": str(case["id"]),
        "referral_id": str(_referral(township, uids[0])),
        "action": "cancel",
        "retake_id": str(_retake(township)),
        "session_id": str(township.client("clinic01").get("/api/v1/account/sessions").json()["items"][0]["id"]),
        "share_id": str(_share(township, uids[0])),
        "emergency_id": str(_emergency(township)),
        "seq": "1",
        "number": "1",
        "upload_id": str(upload["id"]),
        "name": "a.dcm",
        "study_instance_uid": uids[0],
        "series_instance_uid": uids[1],
        "sop_instance_uid": uids[2],
        "frames": "1",
        "value_path": "7FE00010",
    }


def _share(township: Township, study: str) -> int:
    return township.client("clinic01").post(f"/api/v1/studies/{study}/shares", json={}).json()["share"]["id"]


def _emergency(township: Township) -> int:
    other = township.study(township.county.task(code="u02")).study_instance_uid
    body = {"study_instance_uid": other, "reason": "unconscious"}
    return township.client("clinic01").post("/api/v1/emergencies", json=body).json()["id"]


def _referral(township: Township, study: str) -> int:
    body = {"study_instance_uid": study, "reason": "x"}
    return township.client("clinic01").post("/api/v1/referrals", json=body).json()["id"]


def _retake(township: Township) -> int:
    task = township.county.task()
    token = township.client("radiologist").post(f"/api/v1/tasks/{task.id}/claim").json()["lease_token"]
    body = {"lease_token": token, "code": "motion", "reason": "x"}
    assert township.client("radiologist").post(f"/api/v1/tasks/{task.id}/return", json=body).status_code == 200
    (order,) = township.client("clinic01").get("/api/v1/retakes").json()["items"]
    return order["id"]


def test_every_door_with_an_identity_is_shut_to_the_other_clinic(township: Township) -> None:
    known = _identities(township)
    own, other = township.client("clinic01"), township.client("clinic02")
    tried = 0
    for route, roles in ROLES.items():
        method, path = route.split(" ", 1)
        names = re.findall(r"{(\w+)(?::path)?}", path)
        if roles == PUBLIC or Role.CLINIC not in roles or not names or route in _ONLY_TAKES:
            continue
        url = re.sub(r"{(\w+)(:path)?}", lambda name: known.get(name[1], _NOBODYS), path)
        answer = other.request(method, url, json=_BODIES.get(path.rsplit("/", 1)[-1], {}) if method != "GET" else None)
        assert answer.status_code == 404, (route, answer.status_code, answer.text)
        assert code_of(answer) == "not_found"
        if method == "GET" and set(names) <= known.keys() and not path.endswith(_NOT_MADE_YET):
            assert own.get(url).status_code == 200, route
        tried += 1
    assert tried >= 15


_NOBODYS = "987654"
_NOT_MADE_YET = ("thumbnail", "preview", "samples", "/marks", "/sr", "{number}")
_ONLY_TAKES = {"GET /dicomweb/ws/subscribers/{ae_title}", "POST /dicomweb/studies/{study_instance_uid}"}
"""Its answer is the same whether anybody has such a study; what it takes under another's goes to quarantine."""

_BODIES = {
    "answer": {"text": "x"},
    "retaken": {"reason": "x"},
    "cancel": {"reason": "x"},
    "reconcile": {"reason": "x"},
    "priority": {"priority": "P0", "reason": "x"},
    "{order_id}": {"version": 1},
    "{fhir_id}": {"resourceType": "ServiceRequest", "id": _NOBODYS},
    "milestones": {"name": "onset", "at": "2026-03-09T00:00:00Z"},
    "close": {"reason": "x"},
    "notes": {"text": "x"},
    "seen": {"up_to": 1},
    "ack": {"read_back": "x"},
    "feedback": {"text": "x"},
    "{hook_id}": {"version": 1},
    "replay": {"after": 0},
    "{action}": {"words": "x"},
}


def test_lists_show_nothing_of_the_other_clinic(township: Township) -> None:
    _identities(township)
    other = township.client("clinic02")
    for url in (
        "/api/v1/tasks?open=false",
        "/api/v1/tasks?institution=t01&open=false",
        "/api/v1/tasks?q=P1&open=false",
        "/api/v1/studies",
        "/api/v1/critical-cases",
        "/api/v1/studies?institution=t01",
        "/api/v1/studies?q=张",
        "/api/v1/results",
        "/api/v1/orders",
        "/api/v1/referrals",
        "/api/v1/orders?institution=t01",
    ):
        assert other.get(url).json()["items"] == [], url
    for url in (
        "/dicomweb/studies",
        "/dicomweb/series",
        "/dicomweb/instances",
        "/dicomweb/studies?PatientID=*",
        "/dicomweb/studies?PatientName=*&includefield=all",
        "/dicomweb/studies?PatientName=compressed*&fuzzymatching=true",
        "/dicomweb/studies?ModalitiesInStudy=CT",
        "/dicomweb/instances?Rows=128",
        "/dicomweb/series?RequestAttributesSequence.RequestedProcedureID=*&ManufacturerModelName=?*",
    ):
        assert other.get(url).status_code == 204, url
    assert other.get("/api/v1/results?institution=t01").status_code == 403


def test_a_study_of_one_clinic_does_not_open_a_series_of_another(township: Township) -> None:
    theirs, own = township.image(ct_image()), township.image(ct_image(), "t02")
    study = township.wado(own).split("/series/")[0]
    series, instance = township.wado(theirs).split("/series/")[1].split("/instances/")
    client = township.client("clinic02")
    assert client.get(f"{study}/series/{series}/metadata").status_code == 404
    assert client.get(f"{study}/series/{series}/instances/{instance}/frames/1").status_code == 404
    assert client.get(f"{township.wado(own).rsplit('/', 1)[0]}/{instance}/frames/1").status_code == 404


def test_a_cached_frame_is_not_given_to_a_stranger(township: Township) -> None:
    url = f"{township.wado(township.image(ct_image()))}/frames/1"
    etag = township.client("clinic01").get(url).headers["etag"]
    assert township.client("clinic02").get(url, headers={"If-None-Match": etag}).status_code == 404
    assert township.anonymous().get(url, headers={"If-None-Match": etag}).status_code == 401


def test_a_clinic_that_looks_at_a_missing_number_learns_nothing(township: Township) -> None:
    known = _identities(township)
    other = township.client("clinic02")
    theirs = other.get(f"/api/v1/tasks/{known['task_id']}")
    nobodys = other.get("/api/v1/tasks/987654")
    assert theirs.json() == nobodys.json()
    assert theirs.status_code == nobodys.status_code == 404


def test_events_of_the_other_clinic_are_not_heard(township: Township) -> None:
    with screen(township, "clinic02") as stream:
        township.county.signed(township.county.task())
        township.image(ct_image())
        own = township.county.task(code="t02")
        assert stream.next("tasks")["id"] == own.id
