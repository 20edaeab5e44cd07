"""Signed versions as objects of their study, read back by DCMTK's tools."""

import io
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread
from sqlalchemy import select

from reading_queue import key_images, service
from reading_queue.documents import filing
from reading_queue.service import ReportContent
from reading_queue.tasks import HINTS
from reading_queue.workshop import Workshop
from storage.db.models import Instance, ReadingTask, ReportFiling, ReportVersion, Series, Study
from storage.domain.errors import Forbidden, InvalidField, StoreUnavailable
from storage.domain.readiness import ReadyTimes
from storage.domain.reading import ReportKind
from storage.ingest.times import time_zone
from storage.objects import make_object_store
from storage.settings import load_settings
from tests.services import dcmtk
from tests.unit.reading_queue.archive import Archive
from tests.unit.reading_queue.county import REPORT, County

pytestmark = pytest.mark.thorough


ZONE = time_zone("Asia/Shanghai")
WORDS = ReportContent(
    "双肺纹理清晰；\n右上肺见磨玻璃结节。", "右上肺结节，建议复查。", positive=True, critical="张力性气胸"
)


@pytest.fixture
def archive(county: County, tmp_path: Path) -> Archive:
    return Archive(county, make_object_store(f"file:{tmp_path}/objects"))


def _versions(archive: Archive) -> list[ReportVersion]:
    with archive.database.read() as work:
        return list(work.session.execute(select(ReportVersion).order_by(ReportVersion.id)).scalars())


def _file(archive: Archive) -> None:
    for version in _versions(archive):
        filing.file_report(archive.database, archive.store, version.id, ZONE)


def _written(archive: Archive, study_id: int) -> list[Instance]:
    with archive.database.read() as work:
        query = select(Instance).where(Instance.study_id == study_id, Instance.written_here).order_by(Instance.id)
        return list(work.session.execute(query).scalars())


def _bytes(archive: Archive, instance: Instance) -> bytes:
    with archive.store.open(instance.object_key) as stream:
        return stream.read()


def _of_class(archive: Archive, study_id: int, sop_class: str) -> list[Dataset]:
    found = [one for one in _written(archive, study_id) if one.sop_class_uid == sop_class]
    return [dcmread(io.BytesIO(_bytes(archive, one))) for one in found]


def _image(archive: Archive, task: ReadingTask) -> str:
    with archive.database.read() as work:
        query = select(Instance.sop_instance_uid).where(Instance.study_id == task.study_id)
        return work.session.execute(query.order_by(Instance.id)).scalars().first() or ""


def _mark(
    archive: Archive, task: ReadingTask, actor: str = "radiologist", *, note: str = "结节", frame: int = 1
) -> None:
    with archive.county.write() as work:
        sop = _image(archive, task)
        key_images.mark(work, task.id, archive.county.actor(actor), sop_instance_uid=sop, frame=frame, note=note)


def _signed_with_key_image(archive: Archive) -> ReadingTask:
    county = archive.county
    task = county.task()
    token = county.claim(task, "radiologist").token
    _mark(archive, task)
    with county.write() as work:
        service.submit(work, task.id, county.actor("radiologist"), token, WORDS)
    token = county.claim(task, "auditor").token
    with county.write() as work:
        service.sign(work, task.id, county.actor("auditor"), token)
    return county.reload(task)


SR, PDF, KO = (
    "1.2.840.10008.5.1.4.1.1.88.11",
    "1.2.840.10008.5.1.4.1.1.104.1",
    "1.2.840.10008.5.1.4.1.1.88.59",
)


def test_a_signed_version_becomes_three_objects_that_dcmtk_reads(archive: Archive, tmp_path: Path) -> None:
    task = _signed_with_key_image(archive)
    _file(archive)
    files = {}
    for one in _written(archive, task.study_id):
        files[one.sop_class_uid] = tmp_path / f"{one.sop_class_uid}.dcm"
        files[one.sop_class_uid].write_bytes(_bytes(archive, one))
    assert set(files) == {SR, PDF, KO}
    shown = dcmtk.run("dsrdump", "+U8", "+Pl", "+Pc", files[SR])
    assert shown.ok, shown.output
    assert "Verification Flag   : VERIFIED" in shown.output
    assert _complaints(shown.output) == []
    for words in ("右上肺见磨玻璃结节。", "右上肺结节，建议复查。", "张力性气胸", "auditor 医师"):
        assert words in shown.output
    selection = dcmtk.run("dsrdump", "+U8", files[KO])
    assert selection.ok, selection.output
    assert _complaints(selection.output) == []
    assert "Of Interest" in selection.output
    taken_out = tmp_path / "report.pdf"
    assert dcmtk.run("dcm2pdf", files[PDF], taken_out).ok
    assert taken_out.read_bytes().startswith(b"%PDF-")


def _complaints(output: str) -> list[str]:
    """What DCMTK says of itself each time is none: its VR checker knows no UTF-8, and it checks no templates."""
    said = [line for line in output.splitlines() if line.startswith(("E:", "W:"))]
    of_itself = ("does not support this Specific Character Set", "template constraints not yet supported")
    return [line for line in said if not any(one in line for one in of_itself)]


def test_the_report_says_who_verified_it_and_which_images_it_shows(archive: Archive) -> None:
    task = _signed_with_key_image(archive)
    _file(archive)
    (report,) = _of_class(archive, task.study_id, SR)
    assert (report.CompletionFlag, report.VerificationFlag, report.PreliminaryFlag) == ("COMPLETE", "VERIFIED", "FINAL")
    assert str(report.VerifyingObserverSequence[0].VerifyingObserverName) == "auditor 医师"
    assert str(report.AuthorObserverSequence[0].PersonName) == "radiologist 医师"
    assert report.ContentTemplateSequence[0].TemplateIdentifier == "2000"
    assert str(report.PatientName) == "张^三"
    evidence = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert evidence.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == _image(archive, task)
    (selection,) = _of_class(archive, task.study_id, KO)
    assert selection.ConceptNameCodeSequence[0].CodeValue == "113000"
    assert selection.ContentSequence[0].TextValue == "1. 结节"


def test_filing_again_adds_nothing_and_a_lost_hint_is_found(archive: Archive) -> None:
    county = archive.county
    task = county.signed(county.task())
    county.clock.advance(seconds=31)
    county.hints.clear()
    filing.find_unfiled(archive.database, None)  # type: ignore[arg-type]
    assert [(hint.task, len(hint.args)) for hint in county.hints] == [("file_report", 1)]  # type: ignore[attr-defined]
    _file(archive)
    before = _written(archive, task.study_id)
    with archive.database.write() as work:
        for one in work.session.execute(select(ReportFiling)).scalars():
            one.filed_at = None
    _file(archive)
    assert [one.id for one in _written(archive, task.study_id)] == [one.id for one in before]
    county.hints.clear()
    filing.find_unfiled(archive.database, None)  # type: ignore[arg-type]
    assert county.hints == []


def test_documents_make_no_task_and_are_no_images(archive: Archive) -> None:
    county = archive.county
    task = county.signed(county.task())
    with archive.database.read() as work:
        before = work.session.get_one(Study, task.study_id)
    _file(archive)
    with archive.database.read() as work:
        study = work.session.get_one(Study, task.study_id)
        assert (study.state, study.instance_count, study.series_count) == (
            "ready",
            before.instance_count,
            before.series_count,
        )
        assert (study.own_series_count, study.own_instance_count) == (2, 2)
        assert study.last_received_at == before.last_received_at
    _look_again(county, task.study_id)
    assert _tasks(county, task.study_id) == [task.id]
    county.late_image(task.study_id)
    _look_again(county, task.study_id)
    again = _tasks(county, task.study_id)
    assert len(again) == 2
    with archive.database.read() as work:
        opened = work.session.get_one(ReadingTask, again[1])
    assert opened.previous_task_id == task.id


def _look_again(county: County, study_id: int) -> None:
    """As when anything makes the study due again: it is looked at as a whole."""
    with county.database.write() as work:
        work.session.get_one(Study, study_id).ready_check_at = work.now
    county.clock.advance(seconds=11)
    with county.database.write() as work:
        service.open_ready_studies(work, ReadyTimes(idle=10))


def _tasks(county: County, study_id: int) -> list[int]:
    with county.database.read() as work:
        query = select(ReadingTask.id).where(ReadingTask.study_id == study_id).order_by(ReadingTask.id)
        return list(work.session.execute(query).scalars())


def test_a_later_version_names_its_predecessors_and_a_withdrawn_one_its_reason(archive: Archive) -> None:
    county = archive.county
    task = _signed_with_key_image(archive)
    with county.write() as work:
        service.amend(work, task.id, county.actor("auditor"), REPORT, "左右写反", ReportKind.AMENDED)
    with county.write() as work:
        service.withdraw(work, task.id, county.actor("auditor"), "患者错误")
    _file(archive)
    first, amended, withdrawn = _of_class(archive, task.study_id, SR)
    assert "PredecessorDocumentsSequence" not in first
    named = [_predecessors(one) for one in (amended, withdrawn)]
    assert named == [[first.SOPInstanceUID], [first.SOPInstanceUID, amended.SOPInstanceUID]]
    assert first.SeriesInstanceUID == amended.SeriesInstanceUID == withdrawn.SeriesInstanceUID
    assert "左右写反" in _texts(amended)
    assert "患者错误" in _texts(withdrawn)
    assert "胸部未见异常" not in _texts(withdrawn)
    assert len(_of_class(archive, task.study_id, PDF)) == 3
    assert len(_of_class(archive, task.study_id, KO)) == 2


def _predecessors(ds: Dataset) -> list[str]:
    series = ds.PredecessorDocumentsSequence[0].ReferencedSeriesSequence
    return [one.ReferencedSOPInstanceUID for item in series for one in item.ReferencedSOPSequence]


def _texts(ds: Dataset) -> str:
    return "\n".join(str(element.value) for element in ds.iterall() if element.keyword == "TextValue")


def test_a_preliminary_report_is_neither_complete_nor_verified(archive: Archive) -> None:
    county = archive.county
    task = county.task(priority="P0")
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.issue_preliminary(work, task.id, county.actor("radiologist"), token, WORDS)
    _file(archive)
    (report,) = _of_class(archive, task.study_id, SR)
    assert (report.CompletionFlag, report.VerificationFlag) == ("PARTIAL", "UNVERIFIED")
    assert "VerifyingObserverSequence" not in report


def test_a_store_that_is_away_is_tried_again_later(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    county = archive.county
    task = county.signed(county.task())

    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("The store is away.")

    with monkeypatch.context() as patch:
        patch.setattr(archive.store, "put", away, raising=False)
        with pytest.raises(StoreUnavailable):
            _file(archive)
    with archive.database.read() as work:
        (row,) = work.session.execute(select(ReportFiling)).scalars()
        assert (row.attempts, row.error, row.filed_at) == (1, "StoreUnavailable", None)
        assert row.next_try_at > work.now
    _file(archive)
    assert len(_written(archive, task.study_id)) == 2


def test_who_may_mark_what(archive: Archive) -> None:
    county = archive.county
    task = county.task()
    with pytest.raises(Forbidden):
        _mark(archive, task)
    county.claim(task, "radiologist")
    with pytest.raises(Forbidden):
        _mark(archive, task, "radiologist2")
    with pytest.raises(InvalidField):
        _mark(archive, task, frame=2)
    _mark(archive, task)
    _mark(archive, task, note="右上肺结节")
    with archive.database.read() as work:
        (marked,) = key_images.marks_of(work, task.id)
    assert marked.note == "右上肺结节"
    with county.write() as work:
        key_images.unmark(work, task.id, county.actor("radiologist"), marked.id)
    with archive.database.read() as work:
        assert key_images.marks_of(work, task.id) == []


def test_the_series_of_documents_are_marked_too(archive: Archive) -> None:
    task = archive.county.signed(archive.county.task())
    _file(archive)
    with archive.database.read() as work:
        query = select(Series).where(Series.study_id == task.study_id, Series.written_here)
        series = work.session.execute(query.order_by(Series.number)).scalars().all()
    assert [(one.modality, one.instance_count) for one in series] == [("SR", 1), ("DOC", 1)]


def test_the_hint_of_a_signature_makes_a_worker_file_it(county: County, tmp_path: Path) -> None:
    task = county.signed(county.task())
    hinted = [hint.args for hint in county.hints if hint.task == "file_report"]  # type: ignore[attr-defined]
    environment = {
        "COUNTYREAD_DATA": str(tmp_path),
        "COUNTYREAD_DATABASE_URL": county.database.engine.url.render_as_string(hide_password=False),
    }
    workshop = Workshop(load_settings(environment, tmp_path / "none"))
    for args in [*hinted, *hinted]:
        HINTS["file_report"].run(workshop, *args)
    archive = Archive(county, workshop.store)
    assert {one.sop_class_uid for one in _written(archive, task.study_id)} == {SR, PDF}
    workshop.database.engine.dispose()
