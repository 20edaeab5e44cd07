from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from dicom_gateway.admission import SELF_CHECK, Admission, Caller, DeviceDirectory, printable
from storage.db.models import Device, UnknownCaller
from storage.db.queries.reception import list_refused
from storage.db.session import Database, make_engine
from storage.domain.admission import RefusalReason
from tests.unit.storage.ingest.shelf import make_county, rows

pytestmark = pytest.mark.thorough


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    make_county(sqlite_database)
    return sqlite_database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "devices.json"


@pytest.fixture
def admission(database: Database, file: Path) -> Admission:
    return Admission(DeviceDirectory(database, file), "COUNTYREAD")


def caller(calling: str, called: str = "COUNTYREAD", address: str = "10.0.0.1") -> Caller:
    return Caller(calling, called, address)


def change(database: Database, ae_title: str = "T01_CT", **values: object) -> None:
    with database.write() as work:
        work.session.execute(update(Device).where(Device.ae_title == ae_title).values(values))


def test_known_devices_come_in_and_strangers_do_not(admission: Admission) -> None:
    assert admission.reason_to_refuse(caller("T01_CT")) is None
    assert admission.reason_to_refuse(caller(SELF_CHECK)) is None
    assert admission.reason_to_refuse(caller("STRANGER")) is RefusalReason.CALLING_AE_TITLE
    assert admission.reason_to_refuse(caller("T01_CT", "OTHER")) is RefusalReason.CALLED_AE_TITLE
    assert admission.reason_to_refuse(caller("t01_ct")) is RefusalReason.CALLING_AE_TITLE


def test_a_device_that_was_just_accepted_comes_in_at_once(admission: Admission, database: Database) -> None:
    assert admission.reason_to_refuse(caller("NEW")) is RefusalReason.CALLING_AE_TITLE
    with database.write() as work:
        work.session.add(Device(ae_title="NEW", institution_id=1))
    assert admission.reason_to_refuse(caller("NEW")) is None


def test_a_device_that_was_switched_off_stays_out(database: Database, file: Path) -> None:
    directory = DeviceDirectory(database, file)
    assert directory.find("T01_CT") is not None
    with database.write() as work:
        work.session.execute(update(Device).values(active=False))
    assert directory.refresh()
    assert directory.find("T01_CT") is None


def test_without_a_database_the_last_devices_are_known_even_to_a_new_process(
    database: Database, file: Path, tmp_path: Path
) -> None:
    assert DeviceDirectory(database, file).refresh()
    engine = make_engine(f"sqlite:///{tmp_path}/nowhere/none.sqlite")
    orphan = DeviceDirectory(Database(engine), file)
    assert not orphan.refresh()
    assert orphan.find("T01_CT") is not None
    assert orphan.find("STRANGER") is None
    engine.dispose()


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"ae_title": "A"}]', '{"a": 1}'])
def test_a_damaged_list_of_devices_is_written_anew(database: Database, file: Path, content: str) -> None:
    file.write_text(content)
    directory = DeviceDirectory(database, file)
    assert directory.find("T01_CT") is not None
    assert DeviceDirectory(database, file).charset("T01_CT") == ""
    assert "T01_CT" in file.read_text()


def test_the_devices_character_set_is_at_hand(database: Database, file: Path) -> None:
    with database.write() as work:
        work.session.execute(update(Device).where(Device.ae_title == "T01_CT").values(charset="GB18030"))
    directory = DeviceDirectory(database, file)
    directory.refresh()
    assert (directory.charset("T01_CT"), directory.charset("T02_CT"), directory.charset("STRANGER")) == (
        "GB18030",
        "",
        "",
    )


def test_those_refused_are_listed_and_counted(admission: Admission, database: Database) -> None:
    for _ in range(2):
        for one in (caller("A"), caller("A"), caller("A", address="10.0.0.2"), caller("T01_CT", "OTHER")):
            admission.reason_to_refuse(one)
        with database.write() as work:
            list_refused(work, admission.take_refused())
    listed = {(row.ae_title, row.address): (row.attempts, row.reason) for row in rows(database, UnknownCaller)}
    assert listed == {
        ("A", "10.0.0.1"): (4, "calling_ae_title_not_recognized"),
        ("A", "10.0.0.2"): (2, "calling_ae_title_not_recognized"),
        ("T01_CT", "10.0.0.1"): (2, "called_ae_title_not_recognized"),
    }


def test_those_that_could_not_be_written_are_not_forgotten(admission: Admission) -> None:
    admission.reason_to_refuse(caller("A"))
    refused = admission.take_refused()
    assert admission.take_refused() == []
    admission.reason_to_refuse(caller("A"))
    admission.give_back(refused)
    (refused_caller,) = admission.take_refused()
    assert refused_caller.attempts == 2


def test_a_port_scanner_does_not_fill_the_memory(admission: Admission) -> None:
    for number in range(1500):
        admission.reason_to_refuse(caller(f"SCAN{number}"))
    assert len(admission.take_refused()) == 1000


SHA = "ab" * 32


@pytest.mark.parametrize(
    "rules, call, refused",
    [
        ({"networks": ["10.0.1.0/24"]}, {"address": "10.0.1.7"}, None),
        ({"networks": ["10.0.1.0/24"]}, {"address": "::ffff:10.0.1.7"}, None),
        ({"networks": ["10.0.1.0/24"]}, {"address": "10.0.2.7"}, RefusalReason.ADDRESS),
        ({"networks": ["192.168.0.0/16", "fd00:1::/32"]}, {"address": "fd00:1::5"}, None),
        ({"networks": ["fd00:1::/32"]}, {"address": "fe80::1%eth0"}, RefusalReason.ADDRESS),
        ({"networks": ["10.0.1.0/24"]}, {"address": "nowhere"}, RefusalReason.ADDRESS),
        ({"networks": []}, {"address": "10.0.2.7"}, None),
        ({"certificate_sha256": SHA}, {}, RefusalReason.NO_CERTIFICATE),
        ({"certificate_sha256": SHA}, {"certificate_sha256": "cd" * 32}, RefusalReason.OTHER_CERTIFICATE),
        ({"certificate_sha256": SHA}, {"certificate_sha256": SHA}, None),
        ({}, {"certificate_sha256": SHA}, None),
        ({"called_ae_title": "OLDPACS"}, {"called_ae_title": "OLDPACS"}, None),
        ({"called_ae_title": "OLDPACS"}, {"called_ae_title": "COUNTYREAD"}, None),
        ({"called_ae_title": "OLDPACS"}, {"called_ae_title": "OTHER"}, RefusalReason.CALLED_AE_TITLE),
        ({"kind": "ftp"}, {}, RefusalReason.NOT_DICOM),
        ({"active": False}, {}, RefusalReason.CALLING_AE_TITLE),
        ({}, {"open_associations": 31}, None),
        ({}, {"open_associations": 32}, RefusalReason.TOO_MANY),
    ],
)
def test_each_device_has_its_own_rules(
    admission: Admission, database: Database, rules: dict, call: dict, refused: RefusalReason | None
) -> None:
    if rules:
        change(database, **rules)
    assert admission.reason_to_refuse(replace(caller("T01_CT"), **call)) is refused
    assert admission.reason_to_refuse(caller("T02_CT")) is None


def test_rules_change_without_a_restart(database: Database, file: Path) -> None:
    directory = DeviceDirectory(database, file)
    admission = Admission(directory, "COUNTYREAD")
    assert admission.reason_to_refuse(caller("T01_CT")) is None
    change(database, networks=["10.9.0.0/16"])
    directory.refresh()
    assert admission.reason_to_refuse(caller("T01_CT")) is RefusalReason.ADDRESS
    assert DeviceDirectory(database, file).known("T01_CT").networks == ["10.9.0.0/16"]


def test_what_a_refused_caller_showed_is_kept_for_the_administrator(admission: Admission, database: Database) -> None:
    admission.reason_to_refuse(replace(caller("A"), sop_classes=("1.2.3",), certificate_sha256=SHA))
    with database.write() as work:
        list_refused(work, admission.take_refused())
    admission.reason_to_refuse(replace(caller("A"), sop_classes=("1.2.4", "1.2.5")))
    with database.write() as work:
        list_refused(work, admission.take_refused())
    (row,) = rows(database, UnknownCaller)
    assert (row.sop_classes, row.certificate_sha256, row.attempts) == (["1.2.4", "1.2.5"], "", 2)


@pytest.mark.parametrize("title", ["", "A\\B", "\u7537", "A\0B", "x" * 17])
def test_titles_that_are_none_are_refused_and_not_listed(admission: Admission, title: str) -> None:
    assert admission.reason_to_refuse(caller(title)) is RefusalReason.CALLING_AE_TITLE
    assert admission.take_refused() == []
    assert printable(title).isascii()
    assert "\0" not in printable(title)


def test_a_flood_of_strangers_is_a_handful_of_lines_and_of_questions(
    admission: Admission, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(500):
        admission.reason_to_refuse(caller("STRANGER"))
    assert len(caplog.records) == 1
    (listed,) = admission.take_refused()
    assert listed.attempts == 500
