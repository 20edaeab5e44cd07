import pytest
from sqlalchemy import select

from storage.db.models import AuditEvent, ShareLink, ShareVisit
from tests.functional.api.images import ct_image
from tests.functional.api.township import Township


def _made(township: Township, **more: object) -> dict:
    body = {"name": "HIS", "institution": "t01", "scopes": ["results:read", "receipts:write"], **more}
    return township.client("manager").post("/api/v1/admin/api-keys", json=body).json()


def test_a_machine_reads_its_clinics_results_and_no_others(township: Township) -> None:
    for code in ("t01", "t02"):
        township.county.signed(township.county.task(code=code))
    made = _made(township)
    assert made["secret"].startswith(f"crk_{made['key']['prefix']}_")
    client = township.bearer(made["secret"])
    (result,) = client.get("/api/v1/results").json()["items"]
    assert client.post(f"/api/v1/results/{result['seq']}/receipt", json={}).status_code == 200
    assert client.get("/api/v1/tasks").status_code == 403
    assert client.get("/api/v1/orders").status_code == 403
    assert client.get("/api/v1/session").status_code == 403
    (line,) = township.client("manager").get("/api/v1/admin/api-keys").json()["items"]
    assert (line["last_used_address"], line["live"]) == ("127.0.0.1", True)
    assert made["secret"] not in str(line)


def test_a_key_is_rotated_with_an_overlap(township: Township) -> None:
    made = _made(township)
    url = f"/api/v1/admin/api-keys/{made['key']['id']}"
    followed = township.client("manager").post(f"{url}/rotate", json={"days": 30}).json()
    old, new = township.bearer(made["secret"]), township.bearer(followed["secret"])
    assert old.get("/api/v1/results").status_code == new.get("/api/v1/results").status_code == 200
    township.county.clock.advance(hours=72, seconds=1)
    assert (old.get("/api/v1/results").status_code, new.get("/api/v1/results").status_code) == (401, 200)
    township.county.clock.advance(days=30)
    assert new.get("/api/v1/results").status_code == 401
    assert township.client("manager").post(f"{url}/rotate", json={}).status_code == 401, (
        "the manager's session ended too"
    )


def test_a_revoked_key_opens_nothing_at_once(township: Township) -> None:
    made = _made(township)
    client = township.bearer(made["secret"])
    assert client.get("/api/v1/results").status_code == 200
    url = f"/api/v1/admin/api-keys/{made['key']['id']}/revoke"
    assert township.client("admin").post(url).json()["live"] is False
    assert client.get("/api/v1/results").status_code == 401


@pytest.mark.parametrize(
    "more, status",
    [({"institution": "t99"}, 404), ({"institution": "u01"}, 422), ({"scopes": []}, 422), ({"days": 3000}, 422)],
)
def test_keys_that_make_no_sense_are_refused(township: Township, more: dict, status: int) -> None:
    body = {"name": "HIS", "institution": "t01", "scopes": ["fhir"], **more}
    assert township.client("manager").post("/api/v1/admin/api-keys", json=body).status_code == status


def test_a_link_shows_its_study_without_an_account(township: Township) -> None:
    image = township.image(ct_image())
    url = township.wado(image)
    study = url.split("/")[3]
    township.image(ct_image(), "t02")
    client = township.bearer(township.shared(study, hours=1))
    shown = client.get(f"/api/v1/studies/{study}").json()
    assert shown["tasks"] == []
    assert client.get(f"{url}/frames/1").status_code == 200
    assert client.get("/api/v1/studies").status_code == 403
    assert client.get("/dicomweb/studies").status_code == 403
    township.county.clock.advance(hours=1, seconds=1)
    assert client.get(f"/api/v1/studies/{study}").status_code == 401
    with township.database.read() as work:
        events = work.session.execute(select(AuditEvent).where(AuditEvent.actor.like("share:%"))).scalars().all()
    assert {event.action for event in events} >= {"share_used", "read"}


def test_a_link_asks_for_its_passcode_counts_its_uses_and_can_be_ended(township: Township) -> None:
    study = township.study(township.county.task()).study_instance_uid
    clinic = township.client("clinic01")
    body = {"passcode": "4821", "max_uses": 1}
    made = clinic.post(f"/api/v1/studies/{study}/shares", json=body).json()
    token, outside = made["path"].rsplit("/", 1)[1], township.anonymous()
    asked = outside.post("/api/v1/shared", json={"token": token})
    assert (asked.status_code, asked.json()["code"]) == (401, "second_factor_needed")
    assert outside.post("/api/v1/shared", json={"token": token, "passcode": "1111"}).status_code == 401
    visit = outside.post("/api/v1/shared", json={"token": token, "passcode": "4821"})
    assert visit.status_code == 201
    assert "countyread_shared" in visit.headers["set-cookie"]
    assert outside.post("/api/v1/shared", json={"token": token, "passcode": "4821"}).status_code == 401
    client = township.bearer(visit.json()["token"])
    assert client.get(f"/api/v1/studies/{study}").status_code == 200
    (line,) = clinic.get("/api/v1/shares").json()["items"]
    assert (line["uses"], line["live"]) == (1, False)
    assert township.client("clinic02").get("/api/v1/shares").json()["items"] == []
    assert township.client("clinic02").post(f"/api/v1/shares/{line['id']}/revoke").status_code == 404
    assert clinic.post(f"/api/v1/shares/{line['id']}/revoke").status_code == 200
    assert client.get(f"/api/v1/studies/{study}").status_code == 401


def test_guessing_a_passcode_ends_the_link(township: Township) -> None:
    study = township.study(township.county.task()).study_instance_uid
    made = township.client("clinic01").post(f"/api/v1/studies/{study}/shares", json={"passcode": "4821"}).json()
    token, outside = made["path"].rsplit("/", 1)[1], township.anonymous()
    for guess in range(11):
        outside.post("/api/v1/shared", json={"token": token, "passcode": str(guess)})
    assert outside.post("/api/v1/shared", json={"token": token, "passcode": "4821"}).status_code == 401


def test_the_database_keeps_hashes_of_links_only(township: Township) -> None:
    study = township.study(township.county.task()).study_instance_uid
    token = township.shared(study, passcode="a secret word")
    with township.database.read() as work:
        (link,) = work.session.execute(select(ShareLink)).scalars()
        (visit,) = work.session.execute(select(ShareVisit)).scalars()
    assert token not in repr((vars(link), vars(visit)))
    assert link.passcode_hash.startswith("$argon2id$")


def test_a_clinic_shares_only_its_own(township: Township) -> None:
    study = township.study(township.county.task(code="t02")).study_instance_uid
    assert township.client("clinic01").post(f"/api/v1/studies/{study}/shares", json={}).status_code == 404


def test_a_doctor_breaks_the_glass_and_a_manager_reviews_it(township: Township) -> None:
    image = township.image(ct_image(), "t02")
    url, doctor = township.wado(image), township.client("clinic01")
    study = url.split("/")[3]
    assert doctor.get(f"/api/v1/studies/{study}").status_code == 404
    body = {"study_instance_uid": study, "reason": "unconscious, earlier head CT"}
    opened = doctor.post("/api/v1/emergencies", json=body)
    assert opened.status_code == 201, opened.text
    assert doctor.post("/api/v1/emergencies", json=body).status_code == 409
    assert doctor.get(f"/api/v1/studies/{study}").status_code == 200
    assert doctor.get(f"{url}/frames/1").status_code == 200
    assert doctor.get("/api/v1/studies").json()["items"] == []
    assert doctor.post(f"/api/v1/studies/{study}/shares", json={}).status_code == 404
    manager = township.client("manager")
    assert "access.emergency" in [one["kind"] for one in manager.get("/api/v1/notices").json()["items"]]
    (waiting,) = manager.get("/api/v1/emergencies?waiting=true").json()["items"]
    review = f"/api/v1/emergencies/{waiting['id']}/review"
    assert doctor.post(review, json={"outcome": "justified"}).status_code == 403
    assert manager.post(review, json={"outcome": "unjustified", "note": "asked nobody"}).status_code == 200
    assert manager.post(review, json={"outcome": "justified"}).status_code == 409
    assert doctor.get(f"/api/v1/studies/{study}").status_code == 404
    with township.database.read() as work:
        actors = work.session.execute(select(AuditEvent.actor).where(AuditEvent.action == "read")).scalars().all()
    assert any(f":emergency:{waiting['id']}" in actor for actor in actors)


def test_an_emergency_ends_by_itself(township: Township) -> None:
    study = township.study(township.county.task(code="t02")).study_instance_uid
    doctor = township.client("clinic01")
    body = {"study_instance_uid": study, "reason": "unconscious"}
    assert doctor.post("/api/v1/emergencies", json={**body, "reason": "  x  "}).status_code == 422
    doctor.post("/api/v1/emergencies", json=body)
    assert doctor.get(f"/api/v1/studies/{study}").status_code == 200
    township.county.clock.advance(minutes=60, seconds=1)
    assert doctor.get(f"/api/v1/studies/{study}").status_code == 404


def test_a_reader_outside_his_registration_reads_in_an_emergency(township: Township) -> None:
    task = township.county.task(modality="CT")
    reader = township.client("ecg")
    assert reader.post(f"/api/v1/tasks/{task.id}/claim").status_code == 403
    body = {"study_instance_uid": township.study(task).study_instance_uid, "reason": "nobody else is here"}
    assert reader.post("/api/v1/emergencies", json=body).status_code == 201
    assert reader.post(f"/api/v1/tasks/{task.id}/claim").status_code == 200


def test_the_patient_in_front_of_the_doctor_is_found_elsewhere_by_the_exact_number_only(township: Township) -> None:
    image = township.image(ct_image(), "t02")
    with township.database.read() as work:
        from storage.db.models import Patient, Study

        patient = work.session.get_one(Patient, work.session.get_one(Study, image.study_id).patient_id)
    search, doctor = "/api/v1/emergencies/search", township.client("clinic01")
    found = doctor.post(search, json={"patient_id": patient.patient_id, "reason": "unconscious"}).json()["items"]
    assert [one["modality"] for one in found] == ["CT"]
    assert patient.name not in str(found)
    assert doctor.post(search, json={"patient_id": patient.patient_id[:3], "reason": "x" * 5}).json()["items"] == []
    assert doctor.post(search, json={"name": patient.name, "reason": "unconscious"}).status_code == 422


def test_a_masked_screen_shows_the_list_without_who_they_are(township: Township) -> None:
    task = township.county.task()
    plain = township.client("manager").get("/api/v1/tasks").json()["items"][0]["patient"]
    masked = township.bearer(township.log_in("manager", masked=True)["token"])
    shown = masked.get("/api/v1/tasks").json()["items"][0]["patient"]
    assert shown["name"] == f"{plain['name'][0]}**"
    assert shown["birth_date"] == ""
    assert plain["name"] not in masked.get("/api/v1/tasks").text
    assert masked.get(f"/api/v1/tasks/{task.id}").json()["code"] == "masked"
    assert township.client("manager").get("/api/v1/tasks").json()["items"][0]["patient"] == plain
