"""What contradicts what is here goes to quarantine and not into the archive, and comes back out by a decision."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pydicom
from pydicom.uid import RLELossless, generate_uid
from sqlalchemy import select

from reading_queue import desk
from reading_queue.desk import Wish
from reading_queue.encodings import compare_encodings
from reading_queue.service import Actor
from storage.db.models import Device, Institution, Patient, Quarantine, Study, User
from storage.domain.clock import SystemClock
from storage.domain.reading import Role
from storage.domain.studies import Decision
from storage.ingest.door import open_door
from tests.functional.gateway.running import RunningGateway
from tests.functional.gateway.studies import data_set_bytes, make_study, sop_uid
from tests.services import dcmtk
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.samples import data_set, save

AE_TITLE = "COUNTYREAD"


def reasons(gateway: RunningGateway) -> list[str]:
    return sorted(row.reason for row in gateway.rows(Quarantine) if row.resolved_at is None)


def manager(gateway: RunningGateway) -> Actor:
    with gateway.database.write() as work:
        place = work.session.execute(select(Institution).order_by(Institution.id)).scalars().first()
        user = User(username="manager", display_name="m", role=Role.MANAGER, institution_id=place.id, password_hash="-")
        work.session.add(user)
        work.session.flush()
        work.session.refresh(user)
        return Actor.of(user)


def take_in(gateway: RunningGateway, actor: Actor, row: Quarantine, **more: bool) -> None:
    """As the API does: through a spool of the desk's own, which the intake empties."""
    door = open_door(gateway.world.settings, "desk", SystemClock())
    try:
        wish = Wish(Decision.TAKE_IN, "", **more)
        desk.take_in(gateway.database, gateway.store, door.spool, actor, row.id, wish)
    finally:
        door.close()


def test_two_clinics_send_one_study_uid_at_once(gateway: RunningGateway, tmp_path: Path) -> None:
    uid = generate_uid()
    ours = make_study(tmp_path / "ours", 12, StudyInstanceUID=uid)
    theirs = make_study(tmp_path / "theirs", 12, StudyInstanceUID=uid)
    with ThreadPoolExecutor(2) as pool:
        sent = [
            pool.submit(gateway.send, *ours, calling="T01_CT"),
            pool.submit(gateway.send, *theirs, calling="T02_CT"),
        ]
        assert [one.result(60) for one in sent] == [12, 12]
    gateway.wait_stored(12, quarantined=12)
    (study,) = gateway.rows(Study)
    assert study.instance_count == 12
    assert reasons(gateway) == ["other_institution"] * 12
    kept = gateway.rows(Quarantine)
    assert {row.institution_id for row in kept} == {1, 2} - {study.institution_id}
    loser = theirs if study.institution_id == 1 else ours
    assert {row.sop_instance_uid for row in kept} == {sop_uid(file) for file in loser}
    actor = manager(gateway)
    with gateway.database.write() as work:
        for device in work.session.execute(select(Device)).scalars():
            device.institution_id = study.institution_id
    for row in kept:
        take_in(gateway, actor, row)
    gateway.wait_stored(24, quarantined=12)
    assert reasons(gateway) == []
    assert gateway.rows(Study)[0].instance_count == 24


def test_another_patient_in_the_same_association(gateway: RunningGateway, tmp_path: Path) -> None:
    uid = generate_uid()
    ours = make_study(tmp_path / "ours", 3, StudyInstanceUID=uid)
    theirs = make_study(
        tmp_path / "theirs", 3, StudyInstanceUID=uid, PatientName="LI^SI", PatientSex="F", PatientBirthDate="19800101"
    )
    assert gateway.send(ours[0], theirs[0], ours[1], theirs[1], ours[2], theirs[2]) == 6
    gateway.wait_stored(3, quarantined=3)
    assert reasons(gateway) == ["other_patient"] * 3
    (patient,) = gateway.rows(Patient)
    assert patient.name == "ZHANG SAN"
    first = gateway.rows(Quarantine)[0]
    assert (first.told["name"], first.told["modality"]) == ("LI SI", "CT")
    actor = manager(gateway)
    take_in(gateway, actor, first, same_person=True)
    gateway.wait_stored(4, quarantined=3)
    kept = next(row for row in gateway.rows(Quarantine) if row.id == first.id)
    instance = gateway.stored_bytes(first.sop_instance_uid)
    file = next(one for one in theirs if sop_uid(one) == first.sop_instance_uid)
    assert data_set_bytes(instance) == data_set_bytes(file)
    assert (kept.decision, kept.resolved_at is not None) == ("take_in", True)
    for row in gateway.rows(Quarantine):
        if row.resolved_at is None:
            take_in(gateway, actor, row)
    gateway.wait_stored(6, quarantined=3)
    assert reasons(gateway) == []
    assert {patient.name for patient in gateway.rows(Patient)} == {"ZHANG SAN", "LI SI"}


def test_one_image_in_other_encodings_and_with_other_bytes(gateway: RunningGateway, tmp_path: Path) -> None:
    (file,) = make_study(tmp_path / "study", 1)
    assert gateway.send(file) == 1
    gateway.wait_stored(1)
    packed, other = tmp_path / "packed.dcm", tmp_path / "other.dcm"
    made = pydicom.dcmread(file)
    made.compress(RLELossless, generate_instance_uid=False)
    made.save_as(packed)
    changed = pydicom.dcmread(file)
    changed.InstanceNumber = "77"
    save(other, changed)
    assert dcmtk.send(gateway.port, [packed], calling="T01_CT", called=AE_TITLE).ok
    assert gateway.send(other) == 1
    gateway.wait_stored(1, quarantined=2)
    assert reasons(gateway) == ["other_bytes", "other_encoding"]
    row = next(row for row in gateway.rows(Quarantine) if row.reason == "other_encoding")
    assert compare_encodings(gateway.database, gateway.store, row.id) == "identical"


def test_what_an_unknown_device_left_is_taken_in_when_it_is_known(gateway: RunningGateway, tmp_path: Path) -> None:
    """A device that was removed while its objects were on their way: they wait for it to come back."""
    gateway.intake.stop()
    file = save(tmp_path / "one.dcm", data_set())
    assert gateway.send(file) == 1
    with gateway.database.write() as work:
        device = work.session.execute(select(Device).where(Device.ae_title == "T01_CT")).scalar_one()
        device.ae_title = "T01_OLD"
    gateway.start_one("intake")
    gateway.wait_stored(0, quarantined=1)
    row = gateway.rows(Quarantine)[0]
    assert (row.reason, row.institution_id) == ("unknown_device", None)
    with gateway.database.write() as work:
        work.session.execute(select(Device).where(Device.ae_title == "T01_OLD")).scalar_one().ae_title = "T01_CT"
    actor = manager(gateway)
    take_in(gateway, actor, row)
    gateway.wait_stored(1, quarantined=1)
    wait_until(lambda: reasons(gateway) == [], 30, "the quarantine to be empty")
    assert gateway.stored_bytes(sop_uid(file))
