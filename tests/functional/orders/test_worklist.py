"""The modality worklist, asked for by DCMTK's findscu and by pynetdicom."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pydicom
import pytest
from pydicom import Dataset
from pydicom.charset import convert_encodings
from pydicom.uid import ExplicitVRLittleEndian
from pydicom.valuerep import PersonName
from pynetdicom.sop_class import ModalityWorklistInformationFind

from storage.db.models import Study
from storage.db.queries.orders import match_arrived_studies
from tests.functional.gateway.running import AE_TITLE
from tests.functional.orders.clinics import Clinic
from tests.services import dcmtk
from tests.services.ports import HOST
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.samples import data_set, save
from tests.unit.storage.orders.placing import ZONE, reloaded

_KEYS = (
    "0008,0005",
    "0008,0050",
    "0010,0010",
    "0010,0020",
    "0010,0030",
    "0010,0040",
    "0020,000D",
    "0032,1060",
    "0040,0100[0].0008,0060",
    "0040,0100[0].0040,0001",
    "0040,0100[0].0040,0002",
    "0040,0100[0].0040,0003",
    "0040,0100[0].0040,0009",
)


def ask(clinic: Clinic, folder: Path, *keys: str, calling: str = "") -> list[Path]:
    """The answers of findscu as files, every key of `_KEYS` asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    given = {key.split("=", maxsplit=1)[0] for key in keys}
    asked = [*(f"{key}=" for key in _KEYS if key not in given), *keys]
    options = [part for key in asked for part in ("-k", key)]
    titles = ("-aet", calling or clinic.ct, "-aec", AE_TITLE)
    result = dcmtk.run("findscu", "-v", "-W", "-X", "-od", folder, *titles, HOST, str(clinic.gateway.port), *options)
    assert "Received Final Find Response (Success)" in result.output, result.output
    return sorted(folder.iterdir())


def names(files: list[Path]) -> list[str]:
    return [str(pydicom.dcmread(file, force=True).PatientName) for file in files]


def test_a_console_gets_the_orders_of_its_clinic_and_no_others(
    clinic: Clinic, other_clinic: Clinic, tmp_path: Path
) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    first = clinic.order()
    clinic.order(patient_id="0008", patient_name="李四", modality="US")
    clinic.order(patient_id="0009", patient_name="王五", scheduled_at=soon, device=clinic.ct)
    clinic.order(patient_name="钱七", scheduled_at=datetime.now(UTC) - timedelta(days=8))
    other_clinic.order(patient_name="赵六")

    files = ask(clinic, tmp_path / "answers")
    assert names(files) == ["OUYANG^SAN", "WANG^WU"]
    item = pydicom.dcmread(files[0], force=True)
    step = item.ScheduledProcedureStepSequence[0]
    when = first.scheduled_at.astimezone(ZONE)
    assert (item.AccessionNumber, item.StudyInstanceUID) == (first.accession_number, first.study_instance_uid)
    assert (item.PatientID, item.PatientBirthDate, item.PatientSex) == ("0007", "19580321", "F")
    assert (step.Modality, step.ScheduledStationAETitle) == ("CT", clinic.ct)
    assert step.ScheduledProcedureStepStartDate == when.strftime("%Y%m%d")
    assert step.ScheduledProcedureStepStartTime == when.strftime("%H%M%S")
    assert step.ScheduledProcedureStepID == first.accession_number

    def found(*keys: str, asker: Clinic = clinic) -> list[str]:
        return names(ask(asker, tmp_path / "answers", *keys))

    assert found("0010,0010=ouyang*") == ["OUYANG^SAN"]
    assert found("0010,0020=0009") == ["WANG^WU"]
    assert found("0040,0100[0].0008,0060=US") == ["LI^SI"]
    assert found(f"0040,0100[0].0040,0001={clinic.ct}") == ["OUYANG^SAN", "WANG^WU"]
    assert found(f"0040,0100[0].0040,0001={other_clinic.ct}") == []
    assert found("0040,0100[0].0040,0002=20200101-20200131") == []
    assert found(asker=other_clinic) == ["ZHAO^LIU"]


@pytest.mark.parametrize(
    "rule,expected",
    [
        ("ISO_IR 100", b"OUYANG^SAN"),
        ("GB18030", "OUYANG^SAN=欧阳^三".encode("gb18030")),
        ("GBK;characters", "欧阳三".encode("gbk")),
        ("ISO_IR 192", "OUYANG^SAN=欧阳^三".encode()),
        ("\\ISO 2022 IR 58", b"OUYANG^SAN=\x1b$)A\xc5\xb7\xd1\xf4^\x1b$)A\xc8\xfd"),
    ],
)
def test_names_come_in_what_the_device_can_show(clinic: Clinic, tmp_path: Path, rule: str, expected: bytes) -> None:
    clinic.order()
    device = clinic.add_device("CT2", modality="CT", worklist_charset=rule)
    (file,) = ask(clinic, tmp_path / "answers", calling=device)
    content = file.read_bytes()
    padded = expected + b" " * (len(expected) % 2)
    assert b"\x10\x00\x10\x00PN" + len(padded).to_bytes(2, "little") + padded in content
    assert rule.split(";", maxsplit=1)[0].encode() in content
    shown = dcmtk.dump(file, "+U8")
    assert ("欧阳" in shown) == ("胸部CT平扫" in shown) == (rule != "ISO_IR 100")
    assert ("XIONG BU CT PING SAO" in shown) == (rule == "ISO_IR 100")


@pytest.mark.parametrize("declared,codec", [(None, "gb18030"), ("GB18030", "gb18030"), ("ISO_IR 192", "utf-8")])
def test_a_query_in_chinese_finds_the_patient_even_when_it_declares_nothing(
    clinic: Clinic, declared: str | None, codec: str
) -> None:
    clinic.order()
    clinic.order(patient_id="0008", patient_name="李四")
    query = worklist_query()
    query.PatientID = ""
    if declared:
        query.SpecificCharacterSet = declared
    query.PatientName = PersonName("欧阳*".encode(codec), convert_encodings(declared))
    assert [answer.PatientID for _, answer in find(clinic, query) if answer] == ["0007"]


def test_a_console_that_has_seen_enough_can_stop_the_answer(clinic: Clinic) -> None:
    clinic.orders_at_once(60, clinical_information="长期咳嗽" * 120)
    query = worklist_query()
    query.AdditionalPatientHistory = ""
    with clinic.associate(ModalityWorklistInformationFind, ExplicitVRLittleEndian) as association:
        responses = association.send_c_find(query, ModalityWorklistInformationFind, msg_id=7)
        next(responses)
        association.send_c_cancel(7, query_model=ModalityWorklistInformationFind)
        rest = [status.Status for status, _ in responses]
    assert rest[-1] == 0xFE00
    assert len(rest) < 60
    assert [status for status, _ in find(clinic, query)] == [0xFF00] * 60 + [0x0000]


def test_a_query_that_makes_no_sense_is_told_so(clinic: Clinic) -> None:
    query = worklist_query()
    query.ScheduledProcedureStepSequence[0].add_new(0x00400003, "CS", "NOON")
    assert [status for status, _ in find(clinic, query)] == [0xA900]
    assert [status for status, _ in find(clinic, worklist_query())] == [0x0000]


def test_an_item_leaves_when_its_study_has_come(clinic: Clinic, tmp_path: Path) -> None:
    by_uid, by_number = clinic.order(), clinic.order(patient_id="0008", patient_name="李四", priority="P0")
    same = {"PatientID": "0008", "PatientName": "LI^SI", "PatientSex": "F", "PatientBirthDate": "19580321"}
    numbered = data_set(**same, AccessionNumber=by_number.accession_number)
    files = [
        save(tmp_path / "1.dcm", data_set(StudyInstanceUID=by_uid.study_instance_uid)),
        save(tmp_path / "2.dcm", numbered),
    ]
    assert len(ask(clinic, tmp_path / "answers")) == 2
    assert clinic.gateway.send(*files, calling=clinic.ct) == 2
    uids = {by_uid.study_instance_uid, str(numbered.StudyInstanceUID)}

    def arrived() -> list[Study]:
        return [study for study in clinic.gateway.rows(Study) if study.study_instance_uid in uids]

    wait_until(lambda: len(arrived()) == 2, 60, "the studies to be catalogued")
    with clinic.database.write() as work:
        match_arrived_studies(work, [study.id for study in arrived()])
    assert ask(clinic, tmp_path / "answers") == []
    assert [reloaded(clinic.database, order).state for order in (by_uid, by_number)] == ["completed", "completed"]
    assert sorted(study.priority for study in arrived()) == ["P0", "P2"]


def worklist_query() -> Dataset:
    step = Dataset()
    step.Modality = ""
    query = Dataset()
    query.PatientName = ""
    query.ScheduledProcedureStepSequence = [step]
    return query


def find(clinic: Clinic, query: Dataset):
    """C-FIND with pynetdicom: statuses and identifiers."""
    with clinic.associate(ModalityWorklistInformationFind, ExplicitVRLittleEndian) as association:
        responses = association.send_c_find(query, ModalityWorklistInformationFind)
        return [(status.Status, answer) for status, answer in responses]
