from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage.db.models import AuditEvent, Patient, Study
from tests.functional.api.images import ct_image
from tests.functional.api.township import Township
from tests.unit.reading_queue.persons_of_the_county import add_patient, compare_all

NAMES = ("manager", "admin", "radiologist", "auditor")


@pytest.fixture
def pair(township: Township) -> tuple[int, int]:
    """One person, registered in two clinics, and compared."""
    one = add_patient(township.county)
    other = add_patient(township.county, "t02", patient_id="77", name="ZHANG SAN", national_id="11010519491231002X")
    compare_all(township.county)
    return one, other


def study_of(township: Township, patient: int, code: str, days_ago: int) -> str:
    exam = township.county.clock.now() - timedelta(days=days_ago)
    study_id = township.county.study(code=code, exam_started_at=exam)
    with township.database.write() as work:
        work.session.execute(update(Study).where(Study.id == study_id).values(patient_id=patient))
        return work.session.get_one(Study, study_id).study_instance_uid


def test_people_are_found_and_shown_with_what_they_have(township: Township, pair: tuple[int, int]) -> None:
    uid = study_of(township, pair[0], "t01", 3)
    for username in NAMES:
        client = township.client(username)
        found = client.get("/api/v1/patients?q=zhangsan").json()["items"]
        assert {row["id"] for row in found} == set(pair)
        assert client.get("/api/v1/patients?q=11010519491231002X").json()["items"][0]["institution"] == "t02"
        shown = client.get(f"/api/v1/patients/{pair[0]}").json()
        assert shown["person"] == pair[0]
        assert shown["rows"][0]["patient"] | {"age": ""} == {
            "id": "0001",
            "name": "张三",
            "sex": "M",
            "birth_date": "1970-01-12",
            "age": "",
        }
        assert [study["study_instance_uid"] for study in shown["studies"]] == [uid]
        assert [one["reasons"] for one in shown["candidates"]] == [["pinyin", "birth_date", "sex"]]
    with township.database.read() as work:
        opened = select(AuditEvent.subject).where(AuditEvent.action == "patient_opened")
        assert set(work.session.execute(opened).scalars()) == {f"patient:{pair[0]}"}


def test_a_manager_merges_and_undoes_and_readers_get_the_priors(township: Township, pair: tuple[int, int]) -> None:
    earlier = study_of(township, pair[1], "t02", 30)
    present = study_of(township, pair[0], "t01", 0)
    manager, reader = township.client("manager"), township.client("radiologist")
    priors = f"/api/v1/studies/{present}/priors"
    assert reader.get(priors).json() == {"items": []}
    (candidate,) = manager.get("/api/v1/patients/candidates").json()["items"]
    assert {candidate["first"]["id"], candidate["second"]["id"]} == set(pair)
    merge = f"/api/v1/patients/{pair[0]}/merge"
    assert manager.post(merge, json={"merged": pair[1]}).status_code == 422
    made = manager.post(merge, json={"merged": pair[1], "reason": "身份证一致"})
    assert made.status_code == 201
    assert (made.json()["survivor"], made.json()["merged"], made.json()["by"]) == (*pair, "manager")
    assert manager.post(merge, json={"merged": pair[1], "reason": "x"}).json()["code"] == "already_one_person"
    assert manager.get("/api/v1/patients/candidates").json()["items"] == []
    (prior,) = reader.get(priors).json()["items"]
    assert (prior["study_instance_uid"], prior["institution"], prior["report_id"]) == (earlier, "t02", None)
    assert (prior["modality"], prior["patient"]["name"]) == ("CT", "ZHANG SAN")
    whole = reader.get(f"/api/v1/patients/{pair[1]}").json()
    assert (whole["person"], len(whole["rows"]), len(whole["studies"])) == (pair[0], 2, 2)
    undo = f"/api/v1/patients/merges/{whole['merges'][0]['id']}/undo"
    assert reader.post(undo, json={"reason": "x"}).status_code == 403
    assert manager.post(undo, json={"reason": "认错了人", "different": True}).status_code == 200
    assert manager.post(undo, json={"reason": "x"}).json()["code"] == "not_allowed_from_state"
    assert reader.get(priors).json() == {"items": []}
    assert manager.get("/api/v1/patients/candidates").json()["items"] == []


def test_exams_with_a_day_and_no_time_stand_where_that_day_is(township: Township) -> None:
    patient = add_patient(township.county)
    oldest, middle, present, newest = (study_of(township, patient, "t01", days) for days in (90, 60, 0, 0))
    day = (township.county.clock.now() - timedelta(days=75)).date()
    today = township.county.clock.now().date()
    with township.database.write() as work:
        for uid, told in ((oldest, day), (present, today)):
            values = {"exam_started_at": None, "study_date": told.strftime("%Y%m%d")}
            work.session.execute(update(Study).where(Study.study_instance_uid == uid).values(values))
    reader = township.client("radiologist")
    assert [
        (one["study_instance_uid"], one["exam_date"], one["at"][:10])
        for one in reader.get(f"/api/v1/studies/{middle}/priors").json()["items"]
    ] == [(oldest, str(day), str(day))]
    # What else was made on that day may have come before.
    priors = reader.get(f"/api/v1/studies/{present}/priors").json()["items"]
    assert [one["study_instance_uid"] for one in priors] == [newest, middle, oldest]
    listed = {
        one["study_instance_uid"]: one for one in township.client("clinic01").get("/api/v1/studies").json()["items"]
    }
    assert {uid: listed[uid]["exam_date"] for uid in (oldest, middle)} == {oldest: str(day), middle: None}
    assert listed[oldest]["exam_started_at"] is None


def test_a_reader_proposes_and_a_manager_tells_apart(township: Township, pair: tuple[int, int]) -> None:
    reader, manager = township.client("radiologist"), township.client("manager")
    body = {"first": pair[1], "second": pair[0], "note": "患者自述"}
    assert reader.post("/api/v1/patients/candidates", json=body).status_code == 201
    (candidate,) = manager.get("/api/v1/patients/candidates").json()["items"]
    assert (candidate["state"], candidate["note"], candidate["by"]) == ("proposed", "患者自述", "radiologist 医师")
    apart = f"/api/v1/patients/candidates/{candidate['id']}/different"
    assert reader.post(apart, json={}).status_code == 403
    assert manager.post(apart, json={"note": "问过了"}).json()["state"] == "different"
    assert manager.get("/api/v1/patients/candidates").json()["items"] == []


def test_a_clinic_sees_nothing_of_persons_and_merging_changes_nothing_for_it(
    township: Township, pair: tuple[int, int]
) -> None:
    here, there = study_of(township, pair[0], "t01", 3), study_of(township, pair[1], "t02", 5)
    before = [township.client(name).get("/api/v1/studies").json() for name in ("clinic01", "clinic02")]
    township.client("manager").post(f"/api/v1/patients/{pair[0]}/merge", json={"merged": pair[1], "reason": "同一人"})
    clinic, other = township.client("clinic01"), township.client("clinic02")
    assert [clinic.get("/api/v1/studies").json(), other.get("/api/v1/studies").json()] == before
    assert clinic.get(f"/api/v1/studies/{there}").status_code == 404
    assert other.get(f"/api/v1/studies/{here}").status_code == 404
    assert other.get(f"/api/v1/studies/{there}").json()["patient"]["name"] == "ZHANG SAN"
    for url in (
        "/api/v1/patients",
        "/api/v1/patients/candidates",
        f"/api/v1/patients/{pair[0]}",
        f"/api/v1/studies/{here}/priors",
    ):
        assert clinic.get(url).status_code == 403, url
    found = clinic.get("/dicomweb/studies?PatientName=ZHANG*")
    assert {one["0020000D"]["Value"][0] for one in found.json()} == {here}, "its own, by pinyin"
    assert clinic.get("/api/v1/studies?q=ZHANG").json()["items"] == []


def test_new_objects_go_to_their_own_row(township: Township, pair: tuple[int, int]) -> None:
    township.client("manager").post(f"/api/v1/patients/{pair[0]}/merge", json={"merged": pair[1], "reason": "同一人"})
    image = township.image(ct_image())
    with township.database.read() as work:
        row = work.session.get_one(Patient, work.session.get_one(Study, image.study_id).patient_id)
    assert row.id not in pair
