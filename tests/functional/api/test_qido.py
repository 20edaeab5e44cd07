"""QIDO-RS (PS3.18 10.6): every key and level, names in every spelling, paging, forms of the answer."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
from pydicom import Dataset
from pydicom.sequence import Sequence
from sqlalchemy import select

from reading_queue.pinyin import sound_of
from storage.db.models import Patient
from tests.functional.api.conftest import _township
from tests.functional.api.images import ct_image
from tests.functional.api.township import Township


def _request(step: str, procedure: str) -> Sequence:
    item = Dataset()
    item.ScheduledProcedureStepID, item.RequestedProcedureID = step, procedure
    return Sequence([item])


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, empty_county: Path) -> Iterator[Township]:
    """Three people: two studies of one clinic, one of another; the second has two series."""
    with _township(tmp_path_factory.mktemp("qido"), empty_county) as township:
        dates = {"StudyDate": "20260301", "StudyTime": "093015.5", "SpecificCharacterSet": "ISO_IR 192"}
        township.image(
            ct_image(PatientName="Zhang^San=张^三", PatientID="a17", AccessionNumber="Acc1", **dates),
            study="1.2.1",
            series="1.2.1.1",
            sop="1.2.1.1.1",
        )
        second = {
            "PatientName": "章叁",
            "PatientID": "B18",
            "AccessionNumber": "ACC2",
            "StudyDescription": "胸部CT平扫",
            "StudyDate": "20260215",
            "StudyTime": "140000",
            "ManufacturerModelName": "Model 7",
            "RequestAttributesSequence": _request("STEP1", "PROC1"),
            "SpecificCharacterSet": "ISO_IR 192",
        }
        for number in (1, 2):
            data = ct_image(number, SeriesNumber=number, Modality="CT", **second)
            township.image(data, study="1.2.2", series="1.2.2.1", sop=f"1.2.2.1.{number}")
        scout = ct_image(1, SeriesNumber=9, **{**second, "Modality": "OT", "SeriesDescription": "Dose"})
        township.image(scout, study="1.2.2", series="1.2.2.9", sop="1.2.2.9.1")
        third = ct_image(PatientName="LU^XIAO", PatientID="C19", StudyDate="20251231", StudyTime="235959")
        township.image(third, "t02", study="1.2.3", series="1.2.3.1", sop="1.2.3.1.1")
        with township.database.write() as work:
            for patient in work.session.execute(select(Patient)).scalars():
                sound = sound_of(patient.name)
                patient.pinyin, patient.initials = sound.full, sound.initials
        yield township


def ask(township: Township, query: str, level: str = "studies", who: str = "radiologist") -> httpx.Response:
    return township.client(who).get(f"/dicomweb/{level}?{query}" if query else f"/dicomweb/{level}")


def studies(township: Township, query: str) -> list[str]:
    answer = ask(township, query)
    if answer.status_code == 204:
        assert answer.content == b""
        return []
    assert answer.status_code == 200, answer.text
    return [one["0020000D"]["Value"][0].removeprefix("1.2.") for one in answer.json()]


@pytest.mark.parametrize(
    "query, expected",
    [
        ("", ["1", "2", "3"]),
        ("StudyDate=20260301", ["1"]),
        ("00080020=20260201-20260301", ["1", "2"]),
        ("StudyDate=20260201-", ["1", "2"]),
        ("StudyDate=-20260101", ["3"]),
        ("StudyDate=20300101-", []),
        ("StudyDate=", ["1", "2", "3"]),
        ("StudyTime=0930", ["1"]),
        ("StudyTime=09-1400", ["1", "2"]),
        ("StudyTime=093015.5", ["1"]),
        ("StudyTime=093016-", ["2", "3"]),
        ("StudyInstanceUID=1.2.1,1.2.3", ["1", "3"]),
        ("StudyInstanceUID=1.2.1%5C1.2.2", ["1", "2"]),
        ("StudyInstanceUID=1.2.1&StudyInstanceUID=1.2.3", ["1", "3"]),
        ("StudyInstanceUID=1.2.9", []),
        ("PatientID=A17*", ["1"]),
        ("PatientID=*17*", ["1"]),
        ("PatientID=b?8*", ["2"]),
        ("PatientID=b_8*", []),
        ("AccessionNumber=ACC1", ["1"]),
        ("AccessionNumber=acc?", ["1", "2"]),
        ("AccessionNumber=acc", []),
        ("AccessionNumber=acc*&StudyDate=20260301", ["1"]),
        ("AccessionNumber=[aA]cc1", []),
        ("StudyDescription=*平扫", ["2"]),
        ("ModalitiesInStudy=OT", ["2"]),
        ("ModalitiesInStudy=ct", ["1", "2", "3"]),
        ("ModalitiesInStudy=CT%5COT", ["1", "2", "3"]),
        ("ModalitiesInStudy=MR", []),
        ("Modality=OT&SeriesNumber=9", ["2"]),
        ("Modality=OT&SeriesNumber=1", []),
        ("SOPInstanceUID=1.2.2.1.2", ["2"]),
        ("SOPClassesInStudy=1.2.840.10008.5.1.4.1.1.2", ["1", "2", "3"]),
        ("SOPClassesInStudy=1.2.840.10008.5.1.4.1.1.4", []),
        ("NumberOfStudyRelatedInstances=3", ["2"]),
        ("PatientSex=o&ModalitiesInStudy=MR", []),
        ("ManufacturerModelName=model*", ["2"]),
        ("ManufacturerModelName=model%207&AccessionNumber=ACC2", ["2"]),
        ("RequestAttributesSequence.ScheduledProcedureStepID=step1", ["2"]),
        ("00400275.00401001=PROC1", ["2"]),
        ("00400275.00401001=PROC2", []),
    ],
)
def test_keys_of_studies(found: Township, query: str, expected: list[str]) -> None:
    assert studies(found, query) == expected


@pytest.mark.parametrize(
    "name, expected",
    [
        ("张三", ["1"]),
        ("张*", ["1"]),
        ("张^三", ["1"]),
        ("?三", ["1"]),
        ("张", []),
        ("三", []),
        ("ZHANG^SAN", ["1", "2"]),
        ("zhang san", ["1", "2"]),
        ("zhangsan", ["1", "2"]),
        ("Zhāng Sān", ["1", "2"]),
        ("zhang1 san1", ["1", "2"]),
        ("zs", ["1", "2"]),
        ("ZS", ["1", "2"]),
        ("zhang*", ["1", "2"]),
        ("zh*n", ["1", "2"]),
        ("san", []),
        ("l*", ["3"]),
        ("LU^XIAO^^^", ["3"]),
    ],
)
def test_names_by_characters_and_by_sound(found: Township, name: str, expected: list[str]) -> None:
    answer = found.client("radiologist").get("/dicomweb/studies", params={"PatientName": name})
    uids = [one["0020000D"]["Value"][0][4:] for one in answer.json()] if answer.status_code == 200 else []
    assert uids == expected


@pytest.mark.parametrize(
    "name, expected",
    [
        ("san", ["1", "2"]),
        ("三", ["1", "2"]),
        ("三 章", ["1", "2"]),
        ("xiao lu", ["3"]),
        ("wang", []),
        ("*", ["1", "2", "3"]),
    ],
)
def test_fuzzy_names_at_any_place_and_by_sound(found: Township, name: str, expected: list[str]) -> None:
    answer = found.client("radiologist").get("/dicomweb/studies", params={"PatientName": name, "fuzzymatching": "true"})
    uids = [one["0020000D"]["Value"][0][4:] for one in answer.json()] if answer.status_code == 200 else []
    assert uids == expected


def test_a_study_has_all_attributes_of_the_table(found: Township) -> None:
    (one,) = ask(found, "StudyInstanceUID=1.2.2").json()
    ds = Dataset.from_json(one)
    assert (ds.StudyDate, ds.StudyTime, ds.AccessionNumber) == ("20260215", "140000", "ACC2")
    assert (ds.InstanceAvailability, list(ds.ModalitiesInStudy)) == ("ONLINE", ["CT", "OT"])
    assert ds.RetrieveURL == f"{found.url}/dicomweb/studies/1.2.2"
    assert (ds.NumberOfStudyRelatedSeries, ds.NumberOfStudyRelatedInstances) == (2, 3)
    assert one["00100010"]["Value"] == [{"Ideographic": "章叁"}]
    assert {"00080005", "00080090", "00100020", "00100030", "00100040", "00200010"} <= one.keys()
    (other,) = ask(found, "StudyInstanceUID=1.2.1").json()
    assert other["00100010"]["Value"] == [{"Alphabetic": "Zhang^San", "Ideographic": "张^三"}]
    assert other["00080030"]["Value"] == ["093015.500000"]


def test_series_and_instances_of_every_resource(found: Township) -> None:
    series = ask(found, "", "studies/1.2.2/series").json()
    assert [one["00200011"]["Value"] for one in series] == [[1], [9]]
    first = Dataset.from_json(series[0])
    assert (first.SeriesInstanceUID, first.NumberOfSeriesRelatedInstances, first.Modality) == ("1.2.2.1", 2, "CT")
    assert first.RequestAttributesSequence[0].RequestedProcedureID == "PROC1"
    assert "00080020" not in series[0], "the study is in the address"
    assert [one["0020000E"]["Value"][0] for one in ask(found, "Modality=OT", "series").json()] == ["1.2.2.9"]
    (everywhere,) = ask(found, "Modality=OT", "series").json()
    assert everywhere["00080020"]["Value"] == ["20260215"]
    assert len(ask(found, "", "series").json()) == 4
    assert len(ask(found, "", "instances").json()) == 5
    instances = ask(found, "", "studies/1.2.2/instances").json()
    assert [one["00080018"]["Value"][0] for one in instances] == ["1.2.2.1.1", "1.2.2.1.2", "1.2.2.9.1"]
    assert instances[0]["00080060"]["Value"] == ["CT"]
    (one,) = ask(found, "InstanceNumber=2", "studies/1.2.2/series/1.2.2.1/instances").json()
    ds = Dataset.from_json(one)
    assert (ds.SOPInstanceUID, ds.Rows, ds.Columns, ds.BitsAllocated) == ("1.2.2.1.2", 128, 128, 16)
    assert ds.RetrieveURL.endswith("/studies/1.2.2/series/1.2.2.1/instances/1.2.2.1.2")
    assert ask(found, "", "studies/1.2.2/series/1.2.1.1/instances").status_code == 404
    assert ask(found, "", "studies/9.9/series").status_code == 404


def test_pages_say_that_there_are_more(found: Township) -> None:
    first = ask(found, "limit=2")
    assert len(first.json()) == 2
    assert re.fullmatch(r'299 \S+ "There are additional results that can be requested"', first.headers["warning"])
    last = ask(found, "limit=2&offset=2")
    assert len(last.json()) == 1
    assert "warning" not in last.headers
    assert ask(found, "offset=3").status_code == 204
    assert ask(found, "limit=0").status_code == 204
    assert len(ask(found, "limit=999999").json()) == 3
    some = ask(found, "limit=1&ManufacturerModelName=*")
    assert len(some.json()) == 1


def test_what_is_returned_beside_the_usual(found: Township) -> None:
    (one,) = ask(found, "StudyInstanceUID=1.2.2&includefield=ManufacturerModelName,00080070").json()
    assert one["00081090"]["Value"] == ["Model 7"]
    assert one["00080070"]["Value"]
    (one,) = ask(found, "StudyInstanceUID=1.2.2&includefield=00400275.00401001").json()
    assert one["00400275"]["Value"] == [{"00401001": {"vr": "SH", "Value": ["PROC1"]}}]
    (whole,) = ask(found, "StudyInstanceUID=1.2.2&includefield=all").json()
    assert {"00081090", "00400275", "00180050"} <= whole.keys()
    (key,) = ask(found, "ManufacturerModelName=Model*").json()
    assert key["00081090"]["Value"] == ["Model 7"], "a key is returned"


@pytest.mark.parametrize(
    "query",
    [
        "Nonsense=1",
        "99999999=1",
        "00091001=1",
        "patientid=1",
        "StudyDate=yesterday",
        "StudyDate=20260230",
        "StudyDate=2026",
        "StudyDate=-",
        "StudyTime=25",
        "StudyTime=-",
        "StudyInstanceUID=abc",
        "SeriesNumber=one",
        "PatientID=a&PatientID=b",
        "PatientID.Modality=CT",
        "RequestAttributesSequence=1",
        "PixelData=1",
        "limit=-1",
        "limit=ten",
        "offset=1&offset=2",
        "fuzzymatching=maybe",
        "includefield=Nonsense",
        "PatientName=%00",
    ],
)
def test_a_query_that_makes_no_sense_is_a_400_with_a_reason(found: Township, query: str) -> None:
    answer = ask(found, query)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_query"), answer.text
    assert "abc" not in answer.json()["detail"], "a value may be a name"


def test_a_key_of_the_address_cannot_be_another(found: Township) -> None:
    assert ask(found, "StudyInstanceUID=1.2.1", "studies/1.2.2/series").status_code == 400
    assert ask(found, "StudyInstanceUID=1.2.2", "studies/1.2.2/series").status_code == 200


def test_json_or_xml_as_the_client_likes(found: Township) -> None:
    client = found.client("radiologist")
    xml = 'multipart/related; type="application/dicom+xml"'
    answer = client.get("/dicomweb/studies", headers={"Accept": f"application/dicom+json;q=0.5, {xml}"})
    assert answer.headers["content-type"].startswith(xml)
    boundary = answer.headers["content-type"].rsplit("=", 1)[1]
    parts = answer.text.split(f"--{boundary}")[1:-1]
    assert len(parts) == 3
    root = ET.fromstring(parts[0].split("\r\n\r\n", 1)[1].strip())
    names = [one.text for one in root.iter() if one.tag.endswith("FamilyName")]
    assert names == ["Zhang", "张"]
    for accept in ("application/dicom+json", "application/json", "*/*", "application/*", ""):
        answer = client.get("/dicomweb/studies", headers={"Accept": accept})
        assert answer.headers["content-type"] == "application/dicom+json"
    chosen = client.get("/dicomweb/studies", params={"accept": xml}, headers={"Accept": "application/dicom+json"})
    assert chosen.headers["content-type"].startswith(xml)
    for accept in ("text/html", "application/dicom", "application/dicom+json;q=0"):
        refused = client.get("/dicomweb/studies", headers={"Accept": accept})
        assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")


def test_a_clinic_finds_its_own_by_any_key(found: Township) -> None:
    uids = [one["0020000D"]["Value"][0] for one in ask(found, "", who="clinic02").json()]
    assert uids == ["1.2.3"]
    for query in (
        "PatientID=*17*",
        "PatientName=zs",
        "PatientName=张*",
        "StudyInstanceUID=1.2.1",
        "AccessionNumber=acc*",
    ):
        assert ask(found, query, who="clinic02").status_code == 204
    assert ask(found, "", "studies/1.2.2/series", "clinic02").status_code == 404
    assert ask(found, "SOPInstanceUID=1.2.2.1.1", "instances", "clinic02").status_code == 204
    assert ask(found, "ManufacturerModelName=Model*", who="clinic02").status_code == 204


def test_a_search_object_by_object_has_an_end(found: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    from viewer_api.dicomweb import search

    monkeypatch.setattr(search, "_MOST_EXAMINED", 2)
    monkeypatch.setattr(search, "_BATCH", 1)
    answer = ask(found, "ManufacturerModelName=nothing")
    assert (answer.status_code, answer.json()["code"]) == (413, "search_too_broad")
    assert studies(found, "ManufacturerModelName=Model*&PatientID=B18*") == ["2"]


def test_keys_that_fit_many_find_the_same(found: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    from storage.db.queries import web_search_narrowing

    queries = [
        "PatientName=zhang*",
        "ModalitiesInStudy=CT",
        "PatientID=*1*",
        "AccessionNumber=acc*&ModalitiesInStudy=OT",
    ]
    before = [studies(found, query) for query in queries]
    monkeypatch.setattr(web_search_narrowing, "_FEW", 0)
    assert [studies(found, query) for query in queries] == before
    assert ask(found, "PatientName=zhang*", who="clinic02").status_code == 204
