from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydicom.uid import generate_uid
from sqlalchemy import select, update

from reading_queue import desk
from storage.db.models import (
    Association,
    AuditEvent,
    Device,
    Instance,
    Patient,
    PatientMerge,
    Quarantine,
    ReadingTask,
    Report,
    Study,
)
from storage.db.queries.quarantine import resend_requests
from storage.domain.errors import Forbidden, Invalid, NotAllowedFromState, NotFound, ObjectNotFound, SignedReport
from storage.domain.studies import DAYS_KEPT, Decision, RenditionState
from storage.integrity import object_faults
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.deskside import Deskside
from tests.unit.storage.ingest.samples import data_set

pytestmark = pytest.mark.thorough


LI = {"PatientName": "LI^SI", "PatientSex": "F", "PatientBirthDate": "19800101"}


@pytest.fixture
def side(county: County, tmp_path: Path) -> Iterator[Deskside]:
    opened = Deskside(county, tmp_path)
    yield opened
    opened.clinics.spool.close()
    opened.put_back.spool.close()


def only(found):
    (row,) = found
    return row


def move_device(side: Deskside, ae_title: str, code: str) -> None:
    with side.database.write() as work:
        institution = side.county.user("clinic01" if code == "t01" else "clinic02").institution_id
        work.session.execute(update(Device).where(Device.ae_title == ae_title).values(institution_id=institution))


def test_what_an_unknown_device_sent_is_taken_in_once_the_device_is_accepted(side: Deskside) -> None:
    made = data_set()
    side.send(made, ae_title="NEW_CT")
    row = only(side.waiting())
    assert row.reason == "unknown_device"
    side.decide(row, Decision.TAKE_IN)
    assert side.take_up() == 1
    again = only(side.waiting())
    assert (again.id, again.attempts, again.decision, again.resolved_at) == (row.id, 2, "", None)
    with side.database.write() as work:
        institution = side.county.user("clinic02").institution_id
        work.session.add(Device(ae_title="NEW_CT", institution_id=institution, modality="CT"))
    side.decide(again, Decision.TAKE_IN)
    assert side.take_up() == 1
    assert side.waiting() == []
    instance = only(side.instances())
    assert (instance.sop_instance_uid, instance.institution_id) == (made.SOPInstanceUID, institution)
    assert instance.received_at == row.received_at
    with side.database.read() as work:
        association = work.session.execute(select(Association)).scalar_one()
        assert work.session.get_one(Device, association.device_id).ae_title == "NEW_CT"
        assert list(object_faults(work.session, side.store)) == []


def test_taking_in_twice_is_harmless(side: Deskside) -> None:
    side.send(data_set(), ae_title="NEW_CT")
    row = only(side.waiting())
    with side.database.write() as work:
        institution = side.county.user("clinic01").institution_id
        work.session.add(Device(ae_title="NEW_CT", institution_id=institution, modality="CT"))
    side.decide(row, Decision.TAKE_IN)
    side.decide(row, Decision.TAKE_IN)
    assert side.take_up() == 1
    side.decide(row, Decision.TAKE_IN)
    assert side.take_up() == 0
    assert only(side.instances()).state == "stored"


def test_a_crash_between_deciding_and_carrying_loses_nothing(side: Deskside) -> None:
    side.send(data_set(), ae_title="NEW_CT")
    row = only(side.waiting())
    with side.database.write() as work:
        desk.decide(work, side.county.actor("manager"), row.id, desk.Wish(Decision.TAKE_IN))
    assert only(side.kept_aside()).carried_at is None
    desk.reopen_uncarried(side.database, None)
    assert side.waiting() == []
    side.decide(row, Decision.TAKE_IN)
    assert only(side.kept_aside()).carried_at is not None
    assert len(side.put_back.spool.entries()) == 1
    side.county.clock.advance(minutes=11)
    desk.reopen_uncarried(side.database, None)
    assert side.waiting() == []


def test_what_a_dead_process_left_waits_for_a_decision_again(side: Deskside) -> None:
    side.send(data_set(), ae_title="NEW_CT")
    row = only(side.waiting())
    with side.database.write() as work:
        desk.decide(work, side.county.actor("manager"), row.id, desk.Wish(Decision.TAKE_IN))
    side.county.clock.advance(minutes=11)
    desk.reopen_uncarried(side.database, None)
    assert only(side.waiting()).id == row.id


def test_what_cannot_be_carried_waits_as_before(side: Deskside) -> None:
    side.send(data_set(), ae_title="NEW_CT")
    row = only(side.waiting())
    side.store.delete(row.object_key)
    with pytest.raises(ObjectNotFound):
        side.decide(row, Decision.TAKE_IN)
    assert only(side.waiting()).id == row.id
    assert side.put_back.spool.entries() == []


def test_one_study_uid_from_two_clinics_is_solved_by_moving_the_device(side: Deskside) -> None:
    first = data_set()
    side.send(first)
    side.send(data_set(StudyInstanceUID=first.StudyInstanceUID), ae_title="T02_CT")
    row = only(side.waiting())
    assert row.reason == "other_institution"
    move_device(side, "T02_CT", "t01")
    side.decide(row, Decision.TAKE_IN)
    side.take_up()
    assert [instance.study_id for instance in side.instances()] == [1, 1]


def test_two_names_of_one_person_are_merged_and_taken_in(side: Deskside) -> None:
    first = data_set(StudyDescription="CT head")
    side.send(first)
    side.send(data_set(StudyInstanceUID=first.StudyInstanceUID, PatientID="77", **LI))
    row = only(side.waiting())
    assert (row.reason, row.told["name"], row.told["patient_id"]) == ("other_patient", "LI SI", "77")
    side.decide(row, Decision.TAKE_IN)
    side.take_up()
    row = only(side.waiting())
    side.decide(row, Decision.TAKE_IN, same_person=True)
    side.take_up()
    assert side.waiting() == []
    assert len(side.instances()) == 2
    with side.database.read() as work:
        merge = work.session.execute(select(PatientMerge)).scalar_one()
        study = work.session.execute(select(Study)).scalar_one()
        assert (merge.survivor_id, study.patient_id) == (study.patient_id, merge.survivor_id)
        assert {patient.name for patient in work.session.execute(select(Patient)).scalars()} == {"ZHANG SAN", "LI SI"}
    side.send(data_set(StudyInstanceUID=first.StudyInstanceUID, PatientID="77", **LI))
    assert len(side.instances()) == 3


def test_only_a_patients_conflict_is_solved_by_merging(side: Deskside) -> None:
    side.send(data_set(), ae_title="NEW_CT")
    row = only(side.waiting())
    with pytest.raises(Invalid):
        side.decide(row, Decision.TAKE_IN, same_person=True)
    assert only(side.waiting()).id == row.id


def conflict(side: Deskside, **changes: object):
    """An object, and other bytes under its UID in quarantine."""
    first = data_set(InstanceNumber="1")
    side.send(first)
    same = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
    second = data_set(**{**{name: getattr(first, name) for name in same}, "InstanceNumber": "2", **changes})
    side.send(second)
    row = only(side.waiting())
    assert row.reason == "other_bytes"
    return row


def test_the_newer_object_takes_the_place_and_the_older_one_is_kept(side: Deskside) -> None:
    row = conflict(side)
    before = only(side.instances())
    older = side.stored(before.object_key)
    with side.database.write() as work:
        work.session.execute(update(Study).values(rendition_state=RenditionState.DONE))
    side.decide(row, Decision.REPLACE)
    side.decide(row, Decision.REPLACE)
    after = only(side.instances())
    assert (after.id, after.sha256, after.number) == (before.id, row.sha256, 2)
    assert (after.dataset_digest, after.state) == (row.dataset_digest, "stored")
    assert side.stored(after.object_key) == side.stored(row.object_key)
    decided, kept = side.kept_aside()
    assert (decided.decision, kept.decision) == ("replace", "kept")
    assert (kept.sha256, kept.dataset_digest, kept.keep_until) == (before.sha256, before.dataset_digest, None)
    assert side.stored(kept.object_key) == older
    with side.database.read() as work:
        study = work.session.execute(select(Study)).scalar_one()
        assert (study.rendition_state, study.instance_count) == ("pending", 1)
        assert list(object_faults(work.session, side.store)) == []


def test_the_older_object_can_be_put_back(side: Deskside) -> None:
    row = conflict(side)
    before = only(side.instances())
    side.decide(row, Decision.REPLACE)
    kept = side.kept_aside()[1]
    with side.database.write() as work:
        desk.take_back(work, side.county.actor("manager"), kept.id, "")
    side.decide(side.waiting()[0], Decision.REPLACE)
    after = only(side.instances())
    assert (after.sha256, after.dataset_digest) == (before.sha256, before.dataset_digest)
    assert len(side.kept_aside()) == 2
    with pytest.raises(NotAllowedFromState), side.database.write() as work:
        desk.take_back(work, side.county.actor("manager"), kept.id, "")


def test_the_replaced_object_that_comes_again_is_seen(side: Deskside) -> None:
    first = data_set(InstanceNumber="1")
    side.send(first)
    same = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
    side.send(data_set(**{name: getattr(first, name) for name in same}, InstanceNumber="2"))
    side.decide(only(side.waiting()), Decision.REPLACE)
    side.send(first)
    assert only(side.waiting()).attempts == 2


@pytest.mark.parametrize("changes", [{"SeriesInstanceUID": generate_uid()}, LI])
def test_what_belongs_elsewhere_takes_no_place(side: Deskside, changes: dict[str, str]) -> None:
    row = conflict(side, **changes)
    with pytest.raises(Invalid):
        side.decide(row, Decision.REPLACE)
    assert only(side.instances()).sha256 != row.sha256
    assert only(side.waiting()).id == row.id


def test_only_other_bytes_replace(side: Deskside) -> None:
    side.send(data_set(), ae_title="NEW_CT")
    with pytest.raises(Invalid):
        side.decide(only(side.waiting()), Decision.REPLACE)
    with pytest.raises(NotFound):
        side.decide(Quarantine(id=99), Decision.REPLACE)


def test_a_signed_report_warns_and_its_object_stays_for_good(side: Deskside) -> None:
    row = conflict(side)
    before = only(side.instances())
    sign(side, before)
    with pytest.raises(SignedReport):
        side.decide(row, Decision.REPLACE)
    assert side.instances()[0].sha256 == before.sha256
    side.decide(row, Decision.REPLACE, despite_report=True)
    kept = side.kept_aside()[1]
    with side.database.write() as work:
        desk.take_back(work, side.county.actor("manager"), kept.id, "")
    side.decide(kept, Decision.DISCARDED)
    assert side.kept_aside()[1].keep_until is None
    side.county.clock.advance(days=400)
    assert not desk.purge_quarantined(side.database, side.store, kept.id)
    assert side.stored(before.object_key)


def sign(side: Deskside, instance: Instance) -> None:
    other = side.county.task()
    with side.database.write() as work:
        own = select(ReadingTask.id).where(ReadingTask.study_id == instance.study_id)
        report = Report(
            institution_id=instance.institution_id,
            task_id=work.session.execute(own).scalar_one_or_none() or other.id,
            study_id=instance.study_id,
            last_version=1,
            created_at=work.now,
        )
        work.session.add(report)


def test_decisions_are_made_once_audited_and_taken_back(side: Deskside) -> None:
    side.send(data_set(), ae_title="NEW_CT")
    row = only(side.waiting())
    for _ in range(2):
        side.decide(row, Decision.KEPT)
    with pytest.raises(NotAllowedFromState):
        side.decide(row, Decision.DISCARDED)
    with side.database.write() as work:
        desk.take_back(work, side.county.actor("admin"), row.id, "doch")
        desk.take_back(work, side.county.actor("admin"), row.id, "doch")
    side.decide(row, Decision.DISCARDED)
    with side.database.read() as work:
        actions = list(work.session.execute(select(AuditEvent.action).order_by(AuditEvent.seq)).scalars())
    assert actions == ["quarantine_resolved", "quarantine_reopened", "quarantine_resolved"]
    for username in ("radiologist", "auditor", "clinic01"):
        for decision in Decision:
            with pytest.raises(Forbidden):
                side.decide(row, decision, username)


def test_discarded_bytes_go_after_a_while_and_no_sooner(side: Deskside) -> None:
    made = data_set()
    side.send(made, ae_title="NEW_CT")
    row = only(side.waiting())
    side.decide(row, Decision.DISCARDED)
    side.county.clock.advance(days=DAYS_KEPT - 1)
    assert not desk.purge_quarantined(side.database, side.store, row.id)
    assert hints(side) == []
    side.county.clock.advance(days=1, seconds=1)
    assert [hint.args for hint in hints(side)] == [(row.id,)]
    assert desk.purge_quarantined(side.database, side.store, row.id)
    assert not desk.purge_quarantined(side.database, side.store, row.id)
    with pytest.raises(ObjectNotFound):
        side.stored(row.object_key)
    with pytest.raises(NotAllowedFromState), side.database.write() as work:
        desk.take_back(work, side.county.actor("manager"), row.id, "")
    with side.database.read() as work:
        assert list(object_faults(work.session, side.store)) == []
    side.send(made, ae_title="NEW_CT")
    again = only(side.waiting())
    assert (again.id, again.purged_at) == (row.id, None)
    assert side.stored(again.object_key)


def hints(side: Deskside) -> list:
    side.county.hints.clear()
    desk.find_purgeable(side.database, None)
    return list(side.county.hints)


def test_bytes_that_something_else_needs_stay(side: Deskside) -> None:
    side.send(data_set(), ae_title="NEW_CT")
    row = only(side.waiting())
    side.decide(row, Decision.DISCARDED)
    with side.database.write() as work:
        twin = {
            column.name: getattr(row, column.name) for column in Quarantine.__table__.columns if column.name != "id"
        }
        work.session.add(Quarantine(**{**twin, "reason": "not_catalogued"}))
    side.county.clock.advance(days=DAYS_KEPT + 1)
    assert desk.purge_quarantined(side.database, side.store, row.id)
    assert side.stored(row.object_key)


def test_a_clinic_is_asked_until_the_images_come(side: Deskside) -> None:
    first = data_set()
    side.send(first)
    wrong = data_set(StudyInstanceUID=first.StudyInstanceUID, **LI)
    side.send(wrong)
    row = only(side.waiting())
    assert requests(side, "clinic01") == []
    side.decide(row, Decision.RESEND)
    assert requests(side, "clinic01") == [row.id]
    assert requests(side, "clinic02") == []
    side.county.clock.advance(seconds=-(timedelta(days=400).total_seconds()))
    with side.database.write() as work:
        work.session.get_one(Quarantine, row.id).resolved_at = work.now
    side.send(data_set(StudyInstanceUID=first.StudyInstanceUID, SOPInstanceUID=wrong.SOPInstanceUID))
    assert requests(side, "clinic01") == []


def requests(side: Deskside, username: str) -> list[int]:
    with side.database.read() as work:
        return [row.id for row, _ in resend_requests(work, side.county.user(username).institution_id)]
