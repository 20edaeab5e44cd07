"""C-FIND with a real gateway: whatever is asked, each sees its own, and names come in a charset that the device reads."""

import pydicom
import pytest
from pydicom import Dataset

from tests.functional.gateway.exchange import FIND, PATIENT_FIND, add_device, asking, find, identifier, uids
from tests.functional.gateway.running import AE_TITLE, RunningGateway
from tests.functional.gateway.studies import make_study
from tests.services import dcmtk
from tests.services.orthanc import OrthancServer

STUDIES = {
    "zhang": {
        "PatientName": "ZHANG^SAN=张^三",
        "PatientID": "A1",
        "StudyDate": "20260102",
        "StudyTime": "101112.5",
        "AccessionNumber": "ACC-1",
        "StudyID": "S1",
        "ReferringPhysicianName": "LI^SI=李^四",
        "StudyDescription": "胸部",
        "SpecificCharacterSet": "ISO_IR 192",
    },
    "wang": {
        "PatientName": "王小明",
        "PatientID": "A2",
        "StudyDate": "20260310",
        "StudyTime": "0830",
        "AccessionNumber": "ACC-2",
        "StudyID": "S2",
        "SpecificCharacterSet": "GB18030",
    },
    "smith": {"PatientName": "Smith^[A]%_", "PatientID": "A3", "StudyDate": "20260401", "StudyTime": "120000"},
}
ALL = set(STUDIES)
UTF_8 = {"SpecificCharacterSet": "ISO_IR 192"}
GB = {"SpecificCharacterSet": "GB18030"}


@pytest.fixture(scope="module")
def sent(exchange: RunningGateway, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Two objects of each study, from T01_CT; the Study Instance UID by name."""
    folder = tmp_path_factory.mktemp("sent")
    sent = {}
    for name, attributes in STUDIES.items():
        files = make_study(folder / name, 2, kilobytes=1, **attributes)
        sent[name] = str(pydicom.dcmread(files[0], stop_before_pixels=True).StudyInstanceUID)
        assert exchange.send(*files) == 2
    exchange.wait_stored(2 * len(STUDIES))
    return sent


MATCHING = [
    ({}, ALL),
    ({"PatientName": "zhang^san"}, {"zhang"}),
    ({"PatientName": "ZHANG*"}, {"zhang"}),
    ({"PatientName": "Zhang^S?n"}, {"zhang"}),
    ({"PatientName": "ZHANG"}, set()),
    ({"PatientName": "张*", **UTF_8}, {"zhang"}),
    ({"PatientName": "*小*", **GB}, {"wang"}),
    ({"PatientName": "王^小明", **GB}, {"wang"}),
    ({"PatientName": "王??", **GB}, {"wang"}),
    ({"PatientName": "smith^[a]%_"}, {"smith"}),
    ({"PatientName": "smith^[*"}, {"smith"}),
    ({"PatientName": "smith^[b]*"}, set()),
    ({"PatientName": "*"}, ALL),
    ({"PatientID": "A1"}, {"zhang"}),
    ({"PatientID": "A?"}, ALL),
    ({"PatientID": "a1"}, set()),
    ({"PatientID": "%"}, set()),
    ({"StudyDate": "20260102"}, {"zhang"}),
    ({"StudyDate": "20260102-20260310"}, {"zhang", "wang"}),
    ({"StudyDate": "-20260101"}, set()),
    ({"StudyDate": "20260311-"}, {"smith"}),
    ({"StudyTime": "101112"}, {"zhang"}),
    ({"StudyTime": "0800-1012"}, {"zhang", "wang"}),
    ({"StudyTime": "08"}, {"wang"}),
    ({"AccessionNumber": "ACC-*"}, {"zhang", "wang"}),
    ({"StudyID": "S2"}, {"wang"}),
    ({"ReferringPhysicianName": "li^*"}, {"zhang"}),
    ({"ReferringPhysicianName": "Li^Si"}, {"zhang"}),
    ({"StudyDescription": "胸*", **UTF_8}, {"zhang"}),
    ({"ModalitiesInStudy": "CT"}, ALL),
    ({"ModalitiesInStudy": "MR"}, set()),
    ({"SOPClassesInStudy": "1.2.840.10008.5.1.4.1.1.2"}, ALL),
    ({"PatientSex": "M", "PatientBirthDate": "19700101-19700101"}, ALL),
    ({"PatientID": "A1", "PatientName": "WANG*"}, set()),
]


def test_matching(exchange: RunningGateway, sent: dict[str, str]) -> None:
    names = {uid: name for name, uid in sent.items()}
    with asking(exchange.port, "T01_CT") as line:
        for keys, expected in MATCHING:
            found = find(line, identifier("STUDY", StudyInstanceUID="", **keys))
            assert {names[uid] for uid in uids(found)} == expected, keys
        listed = identifier("STUDY", StudyInstanceUID=[sent["zhang"], sent["wang"], "1.2.3"])
        assert uids(find(line, listed)) == {sent["zhang"], sent["wang"]}


def test_what_an_answer_tells(exchange: RunningGateway, sent: dict[str, str]) -> None:
    asked = {
        **dict.fromkeys(("PatientName", "ModalitiesInStudy", "SOPClassesInStudy", "StudyDescription"), ""),
        **dict.fromkeys(("NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances", "PatientAge"), ""),
    }
    with asking(exchange.port, "T01_CT") as line:
        (zhang,) = find(line, identifier("STUDY", PatientID="A1", StudyTime="", **asked, **UTF_8))
        (wang,) = find(line, identifier("STUDY", PatientID="A2", PatientName=""))
        (smith,) = find(line, identifier("STUDY", PatientID="A3", PatientName=""))
    told = {element.keyword: str(element.value) for element in zhang}
    assert told == {
        "SpecificCharacterSet": "ISO_IR 192",
        "QueryRetrieveLevel": "STUDY",
        "RetrieveAETitle": AE_TITLE,
        "InstanceAvailability": "ONLINE",
        "PatientName": "ZHANG^SAN=张^三",
        "PatientID": "A1",
        "PatientAge": "",
        "StudyInstanceUID": sent["zhang"],
        "StudyTime": "101112.500000",
        "StudyDescription": "胸部",
        "ModalitiesInStudy": "CT",
        "SOPClassesInStudy": "1.2.840.10008.5.1.4.1.1.2",
        "NumberOfStudyRelatedSeries": "1",
        "NumberOfStudyRelatedInstances": "2",
    }
    assert (wang.SpecificCharacterSet, str(wang.PatientName)) == ("GB18030", "王小明")
    assert "SpecificCharacterSet" not in smith


def test_every_level(exchange: RunningGateway, sent: dict[str, str]) -> None:
    study = sent["zhang"]
    with asking(exchange.port, "T01_CT") as line:
        (series,) = find(line, identifier("SERIES", StudyInstanceUID=study, SeriesInstanceUID="", Modality=""))
        above = {"StudyInstanceUID": study, "SeriesInstanceUID": series.SeriesInstanceUID}
        images = find(line, identifier("IMAGE", **above, SOPInstanceUID="", InstanceNumber="", Rows=""))
        (second,) = find(line, identifier("IMAGE", **above, InstanceNumber="2"))
        counted = identifier("PATIENT", PatientID="", PatientName="*", NumberOfPatientRelatedInstances="", **UTF_8)
        patients = find(line, counted, PATIENT_FIND)
        below = find(line, identifier("STUDY", PatientID="A2", StudyInstanceUID=""), PATIENT_FIND)
    assert (series.Modality, series.StudyInstanceUID) == ("CT", study)
    assert {(image.InstanceNumber, image.Rows) for image in images} == {(1, 512), (2, 512)}
    assert second.SOPInstanceUID in uids(images, "SOPInstanceUID")
    assert {(one.PatientID, one.NumberOfPatientRelatedInstances) for one in patients} == {
        ("A1", 2),
        ("A2", 2),
        ("A3", 2),
    }
    assert "ZHANG^SAN=张^三" in {str(one.PatientName) for one in patients}
    assert uids(below) == {sent["wang"]}


@pytest.mark.parametrize(
    "wrong",
    [
        identifier("PATIENT", PatientID="A1"),
        identifier("SERIES", SeriesInstanceUID=""),
        identifier("SERIES", StudyInstanceUID=["1.2.3", "1.2.4"]),
        identifier("IMAGE", StudyInstanceUID="1.2.3"),
        identifier("STUDY", StudyDate="yesterday-"),
        identifier("STUDY", StudyInstanceUID="1.2.*"),
        identifier("", PatientID="A1"),
    ],
)
def test_what_breaks_the_rules_is_refused_with_a_reason(exchange: RunningGateway, wrong: Dataset) -> None:
    with asking(exchange.port, "T01_CT", FIND) as line:
        ((status, _),) = line.send_c_find(wrong, FIND)
    assert status.Status == 0xA900
    assert status.ErrorComment


def test_keys_that_are_not_matched_are_told(exchange: RunningGateway, sent: dict[str, str]) -> None:
    with asking(exchange.port, "T01_CT", FIND) as line:
        (answer, _), (done, _) = line.send_c_find(identifier("STUDY", PatientID="A1", PatientAge="045Y"), FIND)
    assert (answer.Status, done.Status) == (0xFF01, 0)


def test_dcmtk_and_orthanc_ask(exchange: RunningGateway, sent: dict[str, str], orthanc: OrthancServer) -> None:
    listed = dcmtk.run(
        *("findscu", "-v", "-S", "-aet", "T01_CT", "-aec", AE_TITLE, "127.0.0.1", str(exchange.port)),
        *("-k", "QueryRetrieveLevel=STUDY", "-k", "PatientID=A*", "-k", "StudyInstanceUID"),
    )
    assert listed.ok
    assert all(uid in listed.output for uid in sent.values())
    add_device(exchange.database, orthanc.ae_title, "t01")
    orthanc.add_modality("countyread", AE_TITLE, exchange.port)
    (answer,) = orthanc.query("countyread", "Study", {"PatientName": "张*", "StudyDescription": ""})
    assert (answer["StudyInstanceUID"], answer["PatientName"], answer["StudyDescription"]) == (
        sent["zhang"],
        "ZHANG^SAN=张^三",
        "胸部",
    )


def test_a_clinic_finds_nothing_of_another(exchange: RunningGateway, sent: dict[str, str]) -> None:
    study = sent["zhang"]
    with asking(exchange.port, "CENTRE_WS") as centre:
        assert uids(find(centre, identifier("STUDY", StudyInstanceUID=""))) == set(sent.values())
        (series,) = find(centre, identifier("SERIES", StudyInstanceUID=study, SeriesInstanceUID=""))
        above = {"StudyInstanceUID": study, "SeriesInstanceUID": series.SeriesInstanceUID}
        image = find(centre, identifier("IMAGE", **above, SOPInstanceUID=""))[0]
    with asking(exchange.port, "T02_CT") as other:
        for keys, _ in MATCHING:
            assert find(other, identifier("STUDY", PatientSize="", **keys)) == []
        for asked, model in (
            (identifier("STUDY", StudyInstanceUID=study), FIND),
            (identifier("SERIES", StudyInstanceUID=study), FIND),
            (identifier("SERIES", StudyInstanceUID=study, SeriesInstanceUID=series.SeriesInstanceUID), FIND),
            (identifier("IMAGE", **above), FIND),
            (identifier("IMAGE", **above, SOPInstanceUID=image.SOPInstanceUID), FIND),
            (identifier("PATIENT", PatientID=""), PATIENT_FIND),
            (identifier("PATIENT", PatientName="*三", **UTF_8), PATIENT_FIND),
            (identifier("STUDY", PatientID="A1", StudyInstanceUID=""), PATIENT_FIND),
        ):
            assert find(other, asked, model) == []
    assert "ZHANG" not in exchange.log
    assert "A1" not in exchange.log


def test_a_device_that_may_not_query_gets_no_context(exchange: RunningGateway) -> None:
    add_device(exchange.database, "T01_MUTE", "t01", may_query=False)
    refused = dcmtk.run(
        *("findscu", "-v", "-S", "-aet", "T01_MUTE", "-aec", AE_TITLE, "127.0.0.1", str(exchange.port)),
        *("-k", "QueryRetrieveLevel=STUDY", "-k", "PatientID=A*"),
    )
    assert "No Acceptable Presentation Contexts" in refused.output or "No presentation context" in refused.output
