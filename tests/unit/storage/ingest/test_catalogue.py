from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydicom import Dataset
from pydicom.uid import ImplicitVRLittleEndian, generate_uid
from sqlalchemy import select, update

from storage.db.models import Association, Device, Instance, Patient, Quarantine, Series, Study, StudyAssociation
from storage.db.session import Database
from storage.domain.studies import StudyState
from storage.ingest.catalogue import OpenAssociation
from storage.ingest.jobs import JobKind, RowKind
from tests.unit.storage.ingest.samples import data_set, encode, with_raw_name
from tests.unit.storage.ingest.shelf import Shelf, make_county, rows

pytestmark = pytest.mark.thorough


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def shelf(database: Database, tmp_path: Path):
    make_county(database)
    shelf = Shelf(database, tmp_path / "spool")
    yield shelf
    shelf.spool.close()


def only(found):
    (row,) = found
    return row


def sibling(made: Dataset, **changes: object) -> Dataset:
    """Another object of the same series."""
    same = ("StudyInstanceUID", "SeriesInstanceUID")
    return data_set(**{keyword: getattr(made, keyword) for keyword in same}, **changes)


def test_a_first_object_makes_every_row(shelf: Shelf, database: Database) -> None:
    made = data_set(StudyDescription="CT head", AccessionNumber="A1", BodyPartExamined="HEAD", Rows=512, Columns=256)
    arrival = shelf.put(made)
    job = only(shelf.enter(arrival))
    patient, study, series, instance = (only(rows(database, model)) for model in (Patient, Study, Series, Instance))
    assert (patient.patient_id, patient.name, patient.sex, patient.birth_date) == ("0001", "ZHANG SAN", "M", "19700101")
    assert (study.patient_id, study.modality, study.description) == (patient.id, "CT", "CT head")
    assert (study.state, study.rendition_state, study.priority) == ("receiving", "pending", "P2")
    assert (study.series_count, study.instance_count, series.instance_count) == (1, 1, 1)
    assert study.exam_started_at == datetime(2026, 1, 2, 2, 11, 12, tzinfo=UTC)
    assert (instance.rows, instance.columns, instance.number, instance.frames) == (512, 256, 1, 1)
    assert (instance.state, instance.gateway) == ("spooled", shelf.spool.identity)
    assert (instance.spool_name, instance.sha256) == (arrival.entry.name, arrival.sha256)
    assert instance.object_key == f"instances/{arrival.sha256[:2]}/{arrival.sha256}.dcm" == job.object_key
    assert instance.header["00080060"] == {"vr": "CS", "Value": ["CT"]}
    assert (job.kind, job.row_kind, job.row_id) == (JobKind.UPLOAD, RowKind.INSTANCE, instance.id)


def test_counts_follow_the_objects(shelf: Shelf, database: Database) -> None:
    first = data_set()
    batch = [first] + [sibling(first, InstanceNumber=str(number)) for number in range(2, 6)]
    batch += [data_set(StudyInstanceUID=first.StudyInstanceUID, Modality="SR") for _ in range(2)]
    shelf.enter(*(shelf.put(made) for made in batch))
    shelf.add(sibling(first))
    study = only(rows(database, Study))
    assert (study.series_count, study.instance_count, study.modality) == (3, 8, "CT")
    assert sorted(series.instance_count for series in rows(database, Series)) == [1, 1, 6]


def test_a_study_is_read_as_its_first_images(shelf: Shelf, database: Database) -> None:
    report = data_set(Modality="SR")
    shelf.add(report)
    assert only(rows(database, Study)).modality == "SR"
    for modality in ("PR", "US", "CT"):
        shelf.add(data_set(StudyInstanceUID=report.StudyInstanceUID, Modality=modality))
    assert only(rows(database, Study)).modality == "US"


def test_the_earliest_start_and_the_highest_priority_win(shelf: Shelf, database: Database) -> None:
    made = data_set(StudyTime="100000")
    shelf.add(made)
    shelf.add(sibling(made, StudyTime="093000", RequestedProcedurePriority="STAT"))
    shelf.add(sibling(made, StudyTime="110000"))
    study = only(rows(database, Study))
    assert (study.exam_started_at, study.priority) == (datetime(2026, 1, 2, 1, 30, tzinfo=UTC), "P1")


def test_the_same_object_again_is_nothing_new(shelf: Shelf, database: Database) -> None:
    made = data_set()
    first = shelf.add(made)
    with database.write() as work:
        work.session.execute(update(Instance).values(state="stored"))
        work.session.execute(update(Study).values(state=StudyState.READY))
    before = only(rows(database, Study)).last_received_at
    job = shelf.add(made)
    assert (job.kind, job.row_id, job.object_key) == (JobKind.CHECK, first.row_id, first.object_key)
    study = only(rows(database, Study))
    assert (study.state, study.instance_count, study.last_received_at) == ("ready", 1, before)
    assert not rows(database, Quarantine)


def test_the_same_object_twice_at_once_counts_once(shelf: Shelf, database: Database) -> None:
    made = data_set()
    jobs = shelf.enter(shelf.put(made), shelf.put(made), shelf.put(made))
    assert sorted(job.kind for job in jobs) == ["drop", "drop", "upload"]
    assert only(rows(database, Study)).instance_count == 1


def test_after_a_crash_the_same_file_goes_on_where_it_was(shelf: Shelf, database: Database) -> None:
    arrival = shelf.put(data_set())
    assert only(shelf.enter(arrival)).kind is JobKind.UPLOAD
    again = only(shelf.enter(shelf.read(arrival.entry)))
    assert (again.kind, again.entry) == (JobKind.UPLOAD, arrival.entry)
    with database.write() as work:
        work.session.execute(update(Instance).values(state="stored"))
    assert only(shelf.enter(arrival)).kind is JobKind.DROP
    assert only(rows(database, Study)).instance_count == 1


def test_a_file_lost_from_the_spool_is_replaced_by_the_next_sending(shelf: Shelf) -> None:
    made = data_set()
    first = shelf.put(made)
    shelf.enter(first)
    shelf.spool.remove(first.entry)
    assert shelf.add(made).kind is JobKind.CHECK


def test_late_images_take_a_ready_study_back(shelf: Shelf, database: Database) -> None:
    made = data_set()
    shelf.add(made)
    with database.write() as work:
        work.session.execute(update(Study).values(state=StudyState.READY, rendition_state="done"))
    shelf.add(sibling(made))
    study = only(rows(database, Study))
    assert (study.state, study.rendition_state, study.instance_count) == ("receiving", "pending", 2)


def quarantined(database: Database) -> list[tuple[str, str]]:
    return sorted((row.reason, row.ae_title) for row in rows(database, Quarantine))


def test_other_bytes_under_one_uid_are_kept_aside(shelf: Shelf, database: Database) -> None:
    made = data_set()
    shelf.add(made)
    changed = sibling(made, SOPInstanceUID=made.SOPInstanceUID, PatientComments="changed")
    job = shelf.add(changed)
    assert quarantined(database) == [("other_bytes", "T01_CT")]
    row = only(rows(database, Quarantine))
    assert (job.row_kind, job.kind, job.row_id) == (RowKind.QUARANTINE, JobKind.UPLOAD, row.id)
    assert (row.sop_instance_uid, row.study_instance_uid) == (made.SOPInstanceUID, made.StudyInstanceUID)
    assert row.object_key.startswith("quarantine/")
    assert only(rows(database, Instance)).sha256 != row.sha256


def test_the_same_content_in_another_encoding_is_told_apart(shelf: Shelf, database: Database) -> None:
    made = data_set(Rows=2)
    shelf.add(made)
    shelf.add(made, syntax=ImplicitVRLittleEndian)
    assert quarantined(database) == [("other_encoding", "T01_CT")]


@pytest.mark.parametrize(
    "changes",
    [{"PatientID": "0002"}, {"PatientName": "LI^SI"}, {"PatientBirthDate": "19800101"}, {"PatientSex": "F"}],
)
def test_another_patient_in_one_study_is_kept_aside(shelf: Shelf, database: Database, changes: dict) -> None:
    made = data_set()
    shelf.add(made)
    shelf.add(sibling(made, **changes))
    assert quarantined(database) == [("other_patient", "T01_CT")]
    assert only(rows(database, Study)).instance_count == 1
    assert len(rows(database, Patient)) == 1


def test_two_patients_in_one_new_study_are_told_apart_in_one_batch(shelf: Shelf, database: Database) -> None:
    made = data_set()
    shelf.enter(shelf.put(made), shelf.put(sibling(made, PatientID="0002")), shelf.put(sibling(made)))
    assert quarantined(database) == [("other_patient", "T01_CT")]
    assert only(rows(database, Study)).instance_count == 2


def test_other_institutions_do_not_add_to_a_study(shelf: Shelf, database: Database) -> None:
    made = data_set()
    shelf.add(made)
    shelf.add(sibling(made), ae_title="T02_CT")
    shelf.add(made, ae_title="T02_CT")
    assert quarantined(database) == [("other_institution", "T02_CT")] * 2
    assert only(rows(database, Study)).instance_count == 1


def test_a_series_belongs_to_one_study(shelf: Shelf, database: Database) -> None:
    made = data_set()
    shelf.add(made)
    shelf.add(data_set(SeriesInstanceUID=made.SeriesInstanceUID))
    assert quarantined(database) == [("other_series", "T01_CT")]


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"PatientID": None, "PatientName": None}, "no_patient"),
        ({"PatientID": "", "PatientName": "^^"}, "no_patient"),
        ({"StudyInstanceUID": None}, "no_identifiers"),
        ({"SeriesInstanceUID": "1.2.three"}, "no_identifiers"),
        ({"SOPInstanceUID": None}, "not_dicom"),
    ],
)
@pytest.mark.filterwarnings("default")
def test_objects_that_nobody_can_place_are_kept_aside(
    shelf: Shelf, database: Database, changes: dict, reason: str
) -> None:
    shelf.add(data_set(**changes))
    assert quarantined(database) == [(reason, "T01_CT")]
    assert not rows(database, Study)


def test_garbage_is_kept_aside_and_counted_when_it_comes_again(shelf: Shelf, database: Database) -> None:
    assert shelf.add(b"\x08\x00garbage").kind is JobKind.UPLOAD
    assert shelf.add(b"\x08\x00garbage").kind is JobKind.CHECK
    row = only(rows(database, Quarantine))
    assert (row.reason, row.attempts, row.institution_id is not None) == ("not_dicom", 2, True)


def test_a_closed_case_is_opened_by_the_next_sending(shelf: Shelf, database: Database) -> None:
    shelf.add(b"\x08\x00garbage")
    with database.write() as work:
        work.session.execute(update(Quarantine).values(resolved_at=work.now, resolution="discarded", state="stored"))
    assert shelf.add(b"\x08\x00garbage").kind is JobKind.UPLOAD
    row = only(rows(database, Quarantine))
    assert (row.resolved_at, row.resolution, row.state) == (None, "", "spooled")


def test_a_device_that_was_removed_meanwhile(shelf: Shelf, database: Database) -> None:
    arrival = shelf.put(data_set(), ae_title="GONE")
    shelf.enter(arrival)
    assert quarantined(database) == [("unknown_device", "GONE")]


def test_the_same_number_at_two_clinics_is_two_people(shelf: Shelf, database: Database) -> None:
    shelf.add(data_set())
    shelf.add(data_set(), ae_title="T02_CT")
    assert len(rows(database, Patient)) == 2


def test_one_number_given_to_two_people_is_two_people(shelf: Shelf, database: Database) -> None:
    shelf.add(data_set())
    shelf.add(data_set(PatientName="LI^SI", PatientBirthDate="19900101", PatientSex="F"))
    shelf.add(data_set(PatientBirthDate=None))
    shelf.add(data_set(PatientName="Li^Si", PatientSex=None, PatientBirthDate=None))
    studies = rows(database, Study)
    assert sorted(patient.name for patient in rows(database, Patient)) == ["LI SI", "ZHANG SAN"]
    assert sorted([study.patient_id for study in studies].count(p.id) for p in rows(database, Patient)) == [2, 2]


def test_people_without_a_number_are_known_by_all_they_tell(shelf: Shelf, database: Database) -> None:
    for _ in range(2):
        shelf.add(data_set(PatientID=None))
    shelf.add(data_set(PatientID=None, PatientBirthDate=None))
    assert len(rows(database, Patient)) == 2


def test_the_repair_of_a_name_is_recorded_and_the_bytes_are_not_touched(shelf: Shelf, database: Database) -> None:
    made = data_set(SpecificCharacterSet="ISO_IR 100")
    encoded = with_raw_name(encode(made), "张^三".encode("gbk"))
    arrival = shelf.put(encoded)
    shelf.enter(arrival)
    instance = only(rows(database, Instance))
    assert only(rows(database, Patient)).name == "张三"
    assert instance.charset_repair == "declares ISO_IR 100, read as GB18030: recognised by its bytes"
    assert shelf.spool.path(arrival.entry).read_bytes().endswith(encoded)


def test_associations_are_entered_with_their_first_object(shelf: Shelf, database: Database) -> None:
    started = datetime(2026, 1, 1, tzinfo=UTC)
    shelf.open_associations["open"] = OpenAssociation("10.0.0.7", started)
    made = data_set()
    shelf.enter(shelf.put(made, key="open"), shelf.put(sibling(made), key="open"), shelf.put(sibling(made), key="lost"))
    known = {row.key: row for row in rows(database, Association)}
    assert (known["open"].address, known["open"].started_at, known["open"].ended_at) == ("10.0.0.7", started, None)
    assert known["lost"].ended_at is not None
    study = only(rows(database, Study))
    links = {(link.study_id, link.association_id) for link in rows(database, StudyAssociation)}
    assert links == {(study.id, row.id) for row in known.values()}


def test_one_bad_object_does_not_keep_the_others_out(shelf: Shelf, database: Database) -> None:
    good = data_set()
    shelf.enter(shelf.put(b"garbage"), shelf.put(good), shelf.put(data_set(PatientID=None, PatientName=None)))
    assert only(rows(database, Study)).instance_count == 1
    assert len(rows(database, Quarantine)) == 2


def test_many_objects_at_once(shelf: Shelf, database: Database) -> None:
    made = data_set()
    arrivals = [shelf.put(sibling(made, SOPInstanceUID=generate_uid(entropy_srcs=[str(n)]))) for n in range(250)]
    assert len(shelf.enter(*arrivals)) == 250
    assert only(rows(database, Study)).instance_count == 250


def test_a_damaged_file_in_the_spool_is_kept_aside(shelf: Shelf, database: Database) -> None:
    arrival = shelf.put(data_set())
    shelf.spool.path(arrival.entry).write_bytes(b"rotten")
    damaged = shelf.read(arrival.entry)
    shelf.enter(replace(damaged, meta=arrival.meta))
    assert quarantined(database) == [("not_dicom", "T01_CT")]


def test_the_device_of_a_study_is_the_one_that_began_it(shelf: Shelf, database: Database) -> None:
    shelf.add(data_set())
    with database.read() as work:
        device = work.session.execute(select(Device).where(Device.ae_title == "T01_CT")).scalar_one()
    assert only(rows(database, Study)).device_id == device.id
