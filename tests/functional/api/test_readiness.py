"""What clinics and readers are told of a study that is not whole, or was not when it was read."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.db.models import Device, Study
from storage.db.queries import commitment
from storage.domain.identifiers import new_uid
from storage.domain.readiness import ReadyTimes, SignalKind
from tests.functional.api.township import Township
from tests.unit.reading_queue.arriving import Arriving, some_uids
from tests.unit.reading_queue.county import CT_IMAGE

FAST = ReadyTimes(idle=10, missing=10)


def _arriving(township: Township) -> Arriving:
    return Arriving.new(township.county)


def _study(township: Township, arriving: Arriving, username: str = "clinic01") -> dict[str, object]:
    uid = arriving.study().study_instance_uid
    answer = township.client(username).get(f"/api/v1/studies/{uid}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def _task(township: Township, username: str = "radiologist") -> dict[str, object]:
    client = township.client(username)
    newest = max(client.get("/api/v1/tasks?open=false").json()["items"], key=lambda task: task["id"])
    return dict(client.get(f"/api/v1/tasks/{newest['id']}").json())


def test_the_technician_sees_how_many_images_are_missing(township: Township) -> None:
    arriving, uids = _arriving(township), some_uids(40)
    arriving.say(SignalKind.PERFORMED, uids)
    for uid in uids[:37]:
        arriving.image(uid)
    arriving.looked_at()
    study = _study(township, arriving)
    assert (study["state"], study["waiting_for"]) == ("receiving", "missing")
    assert (study["missing"], study["expected"]) == (3, 40)
    assert (study["ready_reason"], study["may_be_incomplete"]) == (None, False)
    (line,) = township.client("clinic01").get("/api/v1/studies").json()["items"]
    assert (line["waiting_for"], line["missing"]) == ("missing", 3)


def test_a_study_that_is_read_without_all_of_its_images_says_so_until_they_come(township: Township) -> None:
    arriving, uids = _arriving(township), some_uids(3)
    arriving.times = FAST
    arriving.say(SignalKind.PERFORMED, uids)
    arriving.image(uids[0])
    township.county.clock.advance(seconds=10)
    assert arriving.looked_at() == "missing"
    for seen in (_study(township, arriving), _task(township)):
        assert (seen["ready_reason"], seen["missing"], seen["expected"]) == ("missing", 2, 3)
        assert seen["may_be_incomplete"] is True
    for uid in uids[1:]:
        arriving.image(uid)
    assert _task(township)["more_arriving"] is True
    assert arriving.looked_at() == "listed"
    for seen in (_study(township, arriving), _task(township)):
        assert (seen["ready_reason"], seen["missing"], seen["may_be_incomplete"]) == ("listed", 0, False)
    assert _task(township)["more_arriving"] is False


def test_images_that_the_device_believes_sent_are_missed_also_after_the_study_was_queued(township: Township) -> None:
    arriving = _arriving(township)
    arriving.times = FAST
    here, elsewhere = [arriving.image() for _ in range(3)], some_uids(2)
    township.county.clock.advance(seconds=10)
    assert arriving.looked_at() == "idle"
    assert _study(township, arriving)["may_be_incomplete"] is False
    _ask_for_commitment(township, arriving.study(), [*here, *elsewhere])
    assert arriving.looked_at() == "idle"
    (listed,) = township.client("clinic01").get("/api/v1/studies").json()["items"]
    for seen in (listed, _study(township, arriving), _task(township)):
        assert (seen["state"], seen["missing"], seen["expected"]) == ("queued", 2, 5)
        assert seen["may_be_incomplete"] is True


def _ask_for_commitment(township: Township, study: Study, uids: list[str]) -> None:
    """As a device does, and the gateway looks at it."""
    with township.database.write() as work:
        device = work.session.execute(select(Device).where(Device.ae_title == "T01_CT")).scalar_one()
        asked = {"institution_id": study.institution_id, "transaction_uid": new_uid()}
        commitment.record_request(work, device_id=device.id, items=dict.fromkeys(uids, CT_IMAGE), **asked)
    with township.database.write() as work:
        request = commitment.claim_next(work, "gateway@test", timedelta(minutes=1))
        assert request is not None
        commitment.signal_studies(work, request, commitment.kept_of(work, uids).values())


def test_whoever_signs_sees_what_came_since_the_draft(township: Township) -> None:
    county = township.county
    task = county.drafted(county.task())
    arriving = Arriving(county, task.study_id, FAST)
    assert _task(township)["late_images"] == 0
    county.clock.advance(seconds=5)
    drafted = _task(township)["late_images_since"]
    arriving.image()
    assert _task(township)["late_images"] == 1, "while it is arriving"
    county.clock.advance(seconds=10)
    assert arriving.looked_at() == "idle"
    arriving.image()
    seen = township.client("auditor").post(f"/api/v1/tasks/{task.id}/claim").json()["task"]
    assert (seen["late_images"], seen["late_images_since"]) == (2, drafted)


def test_a_reader_sees_what_came_since_he_took_the_case(township: Township) -> None:
    county = township.county
    task = county.task()
    assert _task(township)["late_images_since"] is None
    county.claim(task, "radiologist")
    county.clock.advance(seconds=1)
    arriving = Arriving(county, task.study_id, FAST)
    arriving.image()
    county.clock.advance(seconds=10)
    assert arriving.looked_at() == "idle"
    assert _task(township)["late_images"] == 1


@pytest.mark.parametrize("username", ["radiologist", "clinic01"])
def test_the_new_task_of_late_images_says_why_and_names_the_report(township: Township, username: str) -> None:
    county = township.county
    task = county.signed(county.task())
    report = _task(township)["report_id"]
    arriving = Arriving(county, task.study_id, FAST)
    arriving.image()
    arriving.image()
    county.clock.advance(seconds=10)
    assert arriving.looked_at() == "idle"
    new = _task(township, username)
    assert new["previous_task_id"] == task.id
    assert new["before"] == {"task_id": task.id, "report_id": report, "because": "images_after_report", "images": 2}
    assert township.client(username).get(f"/api/v1/reports/{report}").status_code == 200
