"""Critical values over HTTP: raised, told, acknowledged and treated; each sees what is his."""

import httpx
import pytest

from reading_queue.critical.chasing import chase_critical_values
from tests.functional.api.test_events import screen
from tests.functional.api.township import Township

_CASES = "/api/v1/critical-cases"
_WORDS = {"code": "RAD-ICH", "finding": "左侧基底节区脑出血约40ml"}
_BACK = {"receiver": "王护士", "read_back": "左侧脑出血，立即转诊"}


def _raised(township: Township, by: str = "radiologist", modality: str = "CT", **more: object) -> dict:
    task = township.county.task(modality=modality)
    uid = township.study(task).study_instance_uid
    answer = township.client(by).post(_CASES, json={"study_instance_uid": uid, **_WORDS, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def _post(client: httpx.Client, case: dict, step: str, **body: object) -> httpx.Response:
    return client.post(f"{_CASES}/{case['id']}/{step}", json=body)


def test_from_the_finding_to_the_closed_loop(township: Township) -> None:
    reader, clinic = township.client("radiologist"), township.client("clinic01")
    case = _raised(township, told={"method": "phone", "receiver": "李护士"})
    assert (case["state"], case["notifier"], case["receiver"]) == ("notified", "radiologist 医师", "李护士")
    (shown,) = clinic.get(_CASES, params={"open": True, "state": "notified"}).json()["items"]
    assert (shown["id"], shown["patient"]["name"], shown["finding"]) == (case["id"], "张^三", _WORDS["finding"])
    assert shown["allowed_actions"] == ["acknowledge"]
    heard = _post(clinic, case, "ack", **_BACK).json()
    assert (heard["state"], heard["overdue"], heard["allowed_actions"]) == ("acked", False, ["feed_back"])
    assert _post(clinic, case, "ack", **_BACK).status_code == 409
    assert _post(clinic, case, "feedback", text="已静脉用药并转县医院").json()["state"] == "treated"
    closed = _post(reader, case, "close").json()
    assert (closed["state"], closed["intact"], closed["due_at"]) == ("closed", True, None)
    assert [event["action"] for event in closed["events"]] == [
        *("suspect", "confirm", "notify", "notify", "acknowledge", "feed_back", "close"),
    ]
    assert clinic.get(_CASES, params={"open": False}).json()["items"][0]["id"] == case["id"]


def test_whoever_has_acknowledged_is_not_asked_to_any_more(township: Township) -> None:
    clinic = township.client("clinic01")

    def urgent() -> int:
        return clinic.get("/api/v1/notices").json()["urgent"]

    case, other = _raised(township), _raised(township)
    assert urgent() == 2
    assert _post(clinic, case, "ack", **_BACK).is_success
    assert urgent() == 1, "the other one is still to be acknowledged"
    heard = {**_BACK, "method": "phone"}
    assert _post(township.client("radiologist"), other, "ack", **heard).is_success
    assert urgent() == 1, "the clinic itself has not said so"


def test_a_clinic_suspects_and_a_physician_confirms_or_dismisses(township: Township) -> None:
    auditor = township.client("auditor")
    first, second = (_raised(township, "clinic01") for _ in range(2))
    assert (first["state"], first["priority"], first["allowed_actions"]) == ("suspected", "P1", [])
    assert _post(auditor, first, "confirm").json()["state"] == "notified"
    assert _post(auditor, second, "false-alarm", reason="为伪影").json()["state"] == "false_alarm"
    assert _post(auditor, second, "confirm").status_code == 409


def test_the_ladder_and_what_is_late_are_shown(township: Township) -> None:
    case = _raised(township)
    township.county.clock.advance(minutes=6)
    chase_critical_values(township.database, township.settings)
    manager = township.client("manager")
    shown = manager.get(f"{_CASES}/{case['id']}").json()
    assert shown["overdue"]
    assert [(step["name"], step["done"]) for step in shown["ladder"]][:2] == [("phone", True), ("clinic_head", False)]
    assert [one["id"] for one in manager.get(_CASES, params={"overdue": True}).json()["items"]] == [case["id"]]


@pytest.mark.parametrize(
    "by, step, status",
    [("clinic01", "confirm", 403), ("clinic02", "ack", 404), ("manager", "confirm", 403), ("admin", "ack", 403)],
)
def test_who_may_not(township: Township, by: str, step: str, status: int) -> None:
    case = _raised(township)
    body = _BACK if step == "ack" else {}
    assert _post(township.client(by), case, step, **body).status_code == status
    assert township.client("clinic02").get(f"{_CASES}/{case['id']}").status_code == 404
    assert township.client("clinic02").get(_CASES).json()["items"] == []


def test_faults_are_told(township: Township) -> None:
    case, clinic = _raised(township), township.client("clinic01")
    assert _post(clinic, case, "ack", receiver="王护士", read_back=" ").status_code == 422
    assert _post(township.client("radiologist"), case, "notify", method="phone").json()["code"] == "invalid"
    assert _post(clinic, {"id": 987654}, "ack", **_BACK).status_code == 404


def test_the_lists_have_sources_and_first_letters(township: Township) -> None:
    lists = township.client("radiologist").get("/api/v1/critical-lists", params={"modality": "CT"}).json()
    assert [one["key"] for one in lists["items"]] == ["imaging-national", "imaging-hospitals"]
    bleeding = next(one for one in lists["items"][0]["findings"] if one["code"] == "RAD-ICH")
    assert (bleeding["initials"], bleeding["pinyin"]) == ("jxncx", "jixingnaochuxue")
    assert "RQI-RCV-04" in bleeding["source"]


def test_open_screens_hear_at_once_and_only_the_clinic_concerned(township: Township) -> None:
    with screen(township, "clinic02") as other, screen(township, "clinic01") as own:
        case = _raised(township)
        assert own.next("critical") == {
            "id": case["id"],
            "state": "notified",
            "study_instance_uid": case["study_instance_uid"],
        }
        theirs = township.county.task(code="t02")
        uid = township.study(theirs).study_instance_uid
        township.client("radiologist").post(_CASES, json={"study_instance_uid": uid, **_WORDS})
        assert other.next("critical")["study_instance_uid"] == uid


def test_the_indicators_are_counts_for_those_who_answer_for_them(township: Township) -> None:
    clinic = township.client("clinic01")
    for minutes in (3, 12):
        case = _raised(township)
        township.county.clock.advance(minutes=minutes)
        assert _post(clinic, case, "ack", **_BACK).status_code == 200
    _raised(township, told={"method": "phone", "receiver": "李护士"})
    span = {"since": "2026-03-01T00:00:00Z", "until": "2026-04-01T00:00:00Z"}
    answer = township.client("regulator").get("/api/v1/critical-indicators", params=span).json()
    radiology, ultrasound = answer["items"]
    counts = {"numerator": 1, "denominator": 3, "value": 1 / 3, "one_sided": 1, "told": 3, "median_minutes": 3.0}
    assert radiology["county"].items() >= {"institution": "", **counts}.items()
    assert [one.items() >= {"month": "2026-03", **counts}.items() for one in radiology["months"]] == [True]
    assert radiology["clinics"][0]["institution_name_en"] == "Clinic 1"
    assert [one["institution"] for one in radiology["clinics"]] == ["t01"]
    assert (ultrasound["indicator"], ultrasound["county"]["value"]) == ("US-CV-01", None)
    assert clinic.get("/api/v1/critical-indicators", params=span).status_code == 403
    behind = {**span, "indicator": "RQI-RCV-04", "institution": "t01"}
    listed = township.client("manager").get("/api/v1/critical-indicators/cases", params=behind).json()["items"]
    assert [(one["outcome"], one["minutes"]) for one in listed] == [("one_sided", 0.0), ("late", 12.0), ("done", 3.0)]
    elsewhere = township.client("manager").get(
        "/api/v1/critical-indicators/cases", params={**behind, "institution": "t02"}
    )
    assert elsewhere.json()["items"] == []
    assert township.client("regulator").get("/api/v1/critical-indicators/cases", params=behind).status_code == 403
    backwards = {"since": span["until"], "until": span["since"]}
    assert township.client("manager").get("/api/v1/critical-indicators", params=backwards).status_code == 422
