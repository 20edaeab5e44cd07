"""An ECG goes on paper with its report, as it was signed, whatever comes afterwards."""

import io
from pathlib import Path

import pytest
from pydicom import dcmread
from pypdf import PdfReader
from sqlalchemy import delete, select

from reading_queue import service
from reading_queue.documents import filing
from reading_queue.ecg.measuring import measure_ecg
from reading_queue.ecg.printing import printed_ecgs, sources_of_version
from reading_queue.report_pdf import version_pdf
from reading_queue.service import ReportContent
from reading_queue.templates.structures import Structure
from storage.db.models import EcgMeasurement, Instance, ReadingTask, ReportVersion, Series
from storage.domain.readiness import ReadyTimes
from storage.ingest.times import time_zone
from storage.objects.folder import FolderStore
from tests.services import dcmtk
from tests.unit.reading_queue.archive import Archive
from tests.unit.reading_queue.county import REPORT, County
from tests.unit.reading_queue.ecg.files import AMBULATORY, device_value, ecg_file
from tests.unit.reading_queue.preprocessing.ecg.synthetic import regular

pytestmark = pytest.mark.thorough

ZONE = time_zone("Asia/Shanghai")
TEXT_SR = "1.2.840.10008.5.1.4.1.1.88.11"
PDF = "1.2.840.10008.5.1.4.1.1.104.1"


@pytest.fixture
def archive(county: County, tmp_path: Path) -> Archive:
    return Archive(county, FolderStore(tmp_path / "objects"))


def _signed(archive: Archive, *files: bytes, content: ReportContent = REPORT) -> ReportVersion:
    """The only version of the report of a study of these ECGs."""
    county = archive.county
    study_id = archive.keep(list(files), modality="ECG")
    measure_ecg(archive.database, archive.store, study_id)
    county.clock.advance(seconds=11)
    with county.database.write() as work:
        service.open_ready_studies(work, ReadyTimes(idle=10))
    with county.database.read() as work:
        task = work.session.execute(select(ReadingTask).where(ReadingTask.study_id == study_id)).scalar_one()
    county.signed(task, content)
    with county.database.read() as work:
        return work.session.execute(select(ReportVersion)).scalar_one()


def _paper(archive: Archive, version: ReportVersion) -> bytes:
    with archive.database.read() as work:
        sources = sources_of_version(work, version.content)
    return version_pdf(version, [version], "zh", ZONE, ecgs=printed_ecgs(archive.store, sources))


def _pages(paper: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(paper), strict=True).pages]


def test_the_signed_report_ends_with_its_ecg(archive: Archive) -> None:
    version = _signed(archive, ecg_file(regular(72), annotations=(device_value("5.13.5-7", "PR Interval", 161),)))
    text, tracing = _pages(_paper(archive, version))
    assert "第1页共2页" in text
    for expected in ("第2页共2页", "张^三", "设备测量——161", "25mm/s10mm/mV未滤波", version.sha256[:16]):
        assert expected in tracing, expected
    with archive.database.read() as work:
        hr = work.session.execute(select(EcgMeasurement.hr)).scalar_one()
    assert "本系统测量countyread-ecg" in tracing
    assert f"{hr:.0f}" in tracing


def test_what_is_filed_and_what_is_printed_later_are_the_same(archive: Archive) -> None:
    version = _signed(archive, ecg_file(regular(72)))
    filing.file_report(archive.database, archive.store, version.id, ZONE)
    with archive.database.read() as work:
        query = select(Instance).where(Instance.written_here, Instance.sop_class_uid == PDF)
        filed = work.session.execute(query).scalar_one()
        series = work.session.execute(select(Instance.series_id).where(~Instance.written_here)).scalar_one()
    with archive.store.open(filed.object_key) as stream:
        document = bytes(dcmread(io.BytesIO(stream.read())).EncapsulatedDocument).rstrip(b"\0")
    assert document == _paper(archive, version).rstrip(b"\0")
    with archive.database.write() as work:
        archive.add_instance(work, work.session.get_one(Series, series), 2, ecg_file(regular(50)))
        work.session.execute(delete(EcgMeasurement))
    assert document == _paper(archive, version).rstrip(b"\0"), "a later ECG and a later measurement change nothing"


def test_an_object_that_is_not_the_signed_one_is_not_drawn(archive: Archive) -> None:
    version = _signed(archive, ecg_file(regular(72)))
    with archive.database.write() as work:
        instance = work.session.execute(select(Instance)).scalar_one()
        instance.sha256 = "0" * 64
    assert "无法打印波形" in _pages(_paper(archive, version))[1]


def test_hours_of_an_ambulatory_ecg_do_not_go_on_the_report(archive: Archive) -> None:
    version = _signed(archive, ecg_file(regular(72, seconds=150), sop_class=AMBULATORY))
    assert "ecgs" not in version.content
    assert len(_pages(_paper(archive, version))) == 1


def test_the_chosen_statements_go_with_the_report_and_into_the_structured_document(
    archive: Archive, tmp_path: Path
) -> None:
    structure = Structure("resting-ecg", 2, "zh", {"rhythm": "af", "more": ["sinus_bradycardia"]})
    version = _signed(
        archive,
        ecg_file(regular(72)),
        content=ReportContent("P波消失。", "心房颤动。", positive=True, critical="", structure=structure),
    )
    assert [one["code"] for one in version.content["structure"]["statements"]] == ["af", "sinus_bradycardia"]
    filing.file_report(archive.database, archive.store, version.id, ZONE)
    with archive.database.read() as work:
        query = select(Instance).where(Instance.written_here, Instance.sop_class_uid == TEXT_SR)
        filed = work.session.execute(query).scalar_one()
    with archive.store.open(filed.object_key) as stream:
        document = stream.read()
    (impressions,) = [
        one
        for one in dcmread(io.BytesIO(document)).ContentSequence
        if one.ValueType == "CONTAINER" and one.ConceptNameCodeSequence[0].CodeMeaning == "Impressions"
    ]
    coded = [one.ConceptCodeSequence[0] for one in impressions.ContentSequence if one.ValueType == "CODE"]
    assert [(one.get("CodeValue") or one.LongCodeValue, one.CodingSchemeDesignator) for one in coded] == [
        ("af", "99COUNTYREAD"),
        ("sinus_bradycardia", "99COUNTYREAD"),
    ]
    (tmp_path / "report.dcm").write_bytes(document)
    shown = dcmtk.run("dsrdump", "+U8", "+Pc", tmp_path / "report.dcm")
    assert shown.ok, shown.output
    assert "窦性心动过缓" in shown.output
    assert "Error" not in shown.output
