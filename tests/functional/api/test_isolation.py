"""One clinic never sees another's patients (I8), door by door. Every door with an identity in it is tried."""

import re

from storage.domain.reading import Role
from tests.functional.api.belongings import OF_PATIENTS, belongings
from tests.functional.api.images import ct_image
from tests.functional.api.refusals import code_of
from tests.functional.api.test_events import screen
from tests.functional.api.township import Township
from viewer_api.permissions import PUBLIC, ROLES


def _doors() -> list[tuple[str, str, list[str]]]:
    """Method, path and the identities in it, of every route that a clinic may call and that names something."""
    found = []
    for route, roles in ROLES.items():
        method, path = route.split(" ", 1)
        names = re.findall(r"{(\w+)(?::path)?}", path)
        if roles != PUBLIC and Role.CLINIC in roles and names and route not in _ONLY_TAKES | _COMMON:
            found.append((method, path, names))
    return found


def _known_as(path: str, name: str) -> str:
    return f"{path.split('/')[2]} {name}" if name == "fhir_id" else name


def test_every_door_with_an_identity_is_shut_to_the_other_clinic(township: Township) -> None:
    known = belongings(township)
    own, other = township.client("clinic01"), township.client("clinic02")
    no_use: list[str] = []
    for method, path, names in _doors():
        unknown = [name for name in names if _known_as(path, name) not in known]
        assert not unknown, f"{method} {path}: say in belongings.py what a clinic has under {unknown}"
        url = path.replace(":path", "")
        for name in names:
            url = url.replace(f"{{{name}}}", known[_known_as(path, name)])
        body = dict(_BODIES.get(path.rsplit("/", 1)[-1], {}))
        if path.startswith("/fhir/"):
            body["id"] = url.rsplit("/", 1)[-1]
        answer = other.request(method, url, json=body if method != "GET" else None)
        assert answer.status_code == 404, (method, path, answer.status_code, answer.text)
        assert code_of(answer) == "not_found"
        if method == "GET" and not _NOT_MADE_YET.search(path) and own.get(url).status_code != 200:
            no_use.append(path)
    assert not no_use, "identities that open nothing to their own clinic prove nothing"


_NOT_MADE_YET = re.compile(r"(thumbnail|preview|/sr)$|/ecg")
"""Not made without a worker, or of electrocardiograms, which this study has none of."""

_ONLY_TAKES = {
    "GET /dicomweb/ws/subscribers/{ae_title}",
    "POST /dicomweb/studies/{study_instance_uid}",
    "PUT /api/v1/preferences/{name}",
}
"""The answer is the same whoever has such a thing: subscribers and preferences are the caller's own, and a study that comes
under another clinic's UID goes to quarantine."""

_COMMON = {f"GET /fhir/{kind}/{{fhir_id}}" for kind in ("Organization", "Practitioner", "Endpoint")}
"""Who works where in the county is known to all of it, and nothing of patients is there."""


def test_the_resources_that_all_may_read_name_no_patient(township: Township) -> None:
    belongings(township)
    for kind in ("Organization", "Practitioner", "Endpoint"):
        told = township.client("clinic02").get(f"/fhir/{kind}?_count=200").text
        assert not any(name in told for name in ("CompressedSamples", "张", "LI^SI", "Patient/")), kind


_BODIES: dict[str, dict[str, object]] = {
    "answer": {"text": "x"},
    "retaken": {"reason": "x"},
    "cancel": {"reason": "x"},
    "reconcile": {"reason": "x"},
    "priority": {"priority": "P0", "reason": "x"},
    "{order_id}": {"version": 1},
    "{fhir_id}": {"resourceType": "ServiceRequest"},
    "milestones": {"name": "onset", "at": "2026-03-09T00:00:00Z"},
    "close": {"reason": "x"},
    "notes": {"text": "x"},
    "seen": {"up_to": 1},
    "ack": {"read_back": "x"},
    "feedback": {"text": "x"},
    "{hook_id}": {"version": 1},
    "replay": {"after": 0},
    "dispute": {"words": "x"},
    "{action}": {"words": "x"},
}


def test_lists_show_nothing_of_the_other_clinic(township: Township) -> None:
    belongings(township)
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
        "/api/v1/result-hooks",
        "/api/v1/retakes",
        "/api/v1/green-channel",
    ):
        assert other.get(url).json()["items"] == [], url
    for kind in OF_PATIENTS:
        assert other.get(f"/fhir/{kind}?_total=accurate").json()["total"] == 0, kind
    for url in (
        "/dicomweb/workitems",
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
    known = belongings(township)
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
