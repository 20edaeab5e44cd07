"""Rejection notes: images that a retake replaces are rejected, in this archive and for others, and never another case to read."""

import io
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydicom import Dataset, dcmread
from sqlalchemy import select, update

from reading_queue import service
from reading_queue.quality import rejecting
from reading_queue.quality.chapter import QUALITY, parse
from storage.db.models import Instance, ReadingTask, RejectionNote, Series, Study
from storage.db.queries import query_retrieve, rejections, web_search
from storage.db.session import Hint
from storage.domain.errors import StoreUnavailable
from storage.domain.matching import Level, OneOf, Query
from storage.domain.readiness import ReadyTimes
from storage.domain.reading import TaskState
from storage.domain.rejections import Title
from storage.domain.web_search import WebSearch
from storage.objects import ObjectStore, make_object_store
from tests.unit.reading_queue.county import CT_IMAGE, County

pytestmark = pytest.mark.thorough


ZONE = ZoneInfo("Asia/Shanghai")
_PRESENTATION_STATE = "1.2.840.10008.5.1.4.1.1.11.1"


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return make_object_store(f"file:{tmp_path / 'objects'}")


def _returned(county: County, code: str = "motion", **marked: object) -> ReadingTask:
    task = county.task(sop_classes=(CT_IMAGE, CT_IMAGE, _PRESENTATION_STATE))
    return _return(county, task, code, **marked)


def _return(county: County, task: ReadingTask, code: str = "motion", **marked: object) -> ReadingTask:
    token, series = county.claim(task, "radiologist").token, marked.pop("series_uid", None)
    with county.write() as work:
        actor = county.actor("radiologist")
        service.return_for_retake(work, task.id, actor, token, code, "呼吸运动", series, marked)  # type: ignore[arg-type]
    return county.reload(task)


def _instances(county: County, task: ReadingTask) -> list[Instance]:
    with county.database.read() as work:
        query = select(Instance).where(Instance.study_id == task.study_id).order_by(Instance.id)
        return list(work.session.execute(query).scalars())


def _file(county: County, store: ObjectStore) -> None:
    for hint in [one for one in county.hints if isinstance(one, Hint) and one.task == "file_rejection"]:
        rejecting.file_rejection(county.database, store, hint.args[0], ZONE)


def _object(store: ObjectStore, instance: Instance) -> Dataset:
    with store.open(instance.object_key) as file:
        return dcmread(io.BytesIO(file.read()))


def test_the_study_gets_a_note_that_names_what_was_rejected_and_why(county: County, store: ObjectStore):
    task = _returned(county)
    before = _instances(county, task)
    assert [one.rejection_id is not None for one in before] == [True, True, False]
    _file(county, store)
    _file(county, store)
    *images, note = _instances(county, task)
    assert [one.sha256 for one in images] == [one.sha256 for one in before], "originals are as they were"
    told = _object(store, note)
    assert (told.SOPClassUID.name, told.Modality, note.written_here) == (
        "Key Object Selection Document Storage",
        "KO",
        True,
    )
    title = told.ConceptNameCodeSequence[0]
    assert (title.CodeValue, title.CodingSchemeDesignator, title.CodeMeaning) == (
        "113001",
        "DCM",
        "Rejected for Quality Reasons",
    )
    named = [item for item in told.ContentSequence if item.ValueType == "IMAGE"]
    wanted = [one.sop_instance_uid for one in before[:2]]
    assert [item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for item in named] == wanted
    evidence = told.CurrentRequestedProcedureEvidenceSequence[0]
    series = evidence.ReferencedSeriesSequence
    assert [one.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for one in series] == wanted
    assert [item.TextValue for item in told.ContentSequence if item.ValueType == "TEXT"] == ["呼吸运动"]
    with county.database.read() as work:
        study = work.session.get_one(Study, task.study_id)
        own = work.session.get_one(Series, note.series_id)
        assert (told.StudyInstanceUID, evidence.StudyInstanceUID) == (study.study_instance_uid,) * 2
        assert (own.series_instance_uid, own.modality, own.written_here) == (told.SeriesInstanceUID, "KO", True)
        assert own.id not in {one.series_id for one in images}


def test_a_note_is_no_new_images_and_no_new_case(county: County, store: ObjectStore):
    task = _returned(county)
    _file(county, store)
    county.clock.advance(minutes=30)
    with county.write() as work:
        service.open_ready_studies(work, ReadyTimes(idle=10))
        assert work.session.execute(
            select(ReadingTask.id).where(ReadingTask.study_id == task.study_id)
        ).scalars().all() == [task.id]
    assert county.reload(task).state == TaskState.RETAKE_WAIT


@pytest.mark.parametrize(
    "code,title",
    [
        ("motion", Title.QUALITY),
        ("wrong_patient", Title.WORKLIST),
        ("labelling", Title.SAFETY),
        ("a reason of the county's", Title.QUALITY),
        ("incomplete", None),
    ],
)
def test_the_reason_decides_the_title(county: County, code: str, title: Title | None):
    task = _returned(county, code)
    with county.database.read() as work:
        notes = work.session.execute(select(RejectionNote.title)).scalars().all()
    assert notes == ([title] if title else [])
    assert any(one.rejection_id for one in _instances(county, task)) == (title is not None)


def test_a_county_decides_otherwise(county: County):
    reasons = [{"code": "motion", "zh": "运动", "en": "Motion", "rejection": told} for told in ("113037", "")]
    assert parse({**QUALITY.shipped, "reasons": reasons[:1]}).rejection_for("motion") == Title.SAFETY
    assert parse({**QUALITY.shipped, "reasons": reasons[1:]}).rejection_for("motion") is None


def test_only_what_is_meant_is_rejected(county: County):
    task = county.task(sop_classes=(CT_IMAGE, CT_IMAGE))
    _, second = _instances(county, task)
    with county.database.read() as work:
        series = work.session.get_one(Series, second.series_id).series_instance_uid
    _return(county, task, series_uid=series)
    assert [one.rejection_id is not None for one in _instances(county, task)] == [False, True]


@pytest.mark.parametrize("modality,rejected", [("DX", [True, False, False]), ("CT", [True, True, False])])
def test_a_marked_slice_stands_for_its_series_a_marked_film_for_itself(
    county: County, modality: str, rejected: list[bool]
):
    task = county.task(modality=modality, sop_classes=(CT_IMAGE, CT_IMAGE, CT_IMAGE))
    first, second, _ = _instances(county, task)
    with county.write() as work:
        work.session.execute(update(Instance).where(Instance.id == second.id).values(series_id=first.series_id))
    _return(county, task, sop_instance_uid=first.sop_instance_uid)
    assert [one.rejection_id is not None for one in _instances(county, task)] == rejected


@pytest.mark.parametrize("filed", [True, False])
def test_images_that_are_read_after_all_are_rejected_no_more_but_the_note_is(
    county: County, store: ObjectStore, *, filed: bool
):
    task = _returned(county)
    if filed:
        _file(county, store)
    with county.write("clinic01") as work:
        service.retaken(work, task.id, county.actor("clinic01"), "患者已离院")
    _file(county, store)
    images, notes = _instances(county, task)[:3], _instances(county, task)[3:]
    assert [one.rejection_id for one in images] == [None] * 3
    assert [one.rejection_id is not None for one in notes] == ([True] if filed else [])


def test_images_that_came_instead_are_not_rejected(county: County):
    task = _returned(county)
    county.late_image(task.study_id)
    county.clock.advance(seconds=11)
    with county.write() as work:
        service.open_ready_studies(work, ReadyTimes(idle=10))
    assert county.reload(task).state == TaskState.QUEUED
    assert [one.rejection_id is not None for one in _instances(county, task)] == [True, True, False, False]


def test_a_store_that_is_away_is_tried_again(county: County, store: ObjectStore, monkeypatch: pytest.MonkeyPatch):
    task = _returned(county)

    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("away")

    with monkeypatch.context() as patched:
        patched.setattr(store, "put", away)
        with pytest.raises(StoreUnavailable):
            _file(county, store)
    county.hints.clear()
    county.clock.advance(minutes=5)
    rejecting.find_unfiled_rejections(county.database, None)  # type: ignore[arg-type]
    _file(county, store)
    assert len(_instances(county, task)) == 4
    county.hints.clear()
    rejecting.find_unfiled_rejections(county.database, None)  # type: ignore[arg-type]
    assert county.hints == []


def _availability(county: County, task: ReadingTask, level: Level) -> tuple[list[str], list[str]]:
    """What C-FIND and QIDO-RS say of the study's series or images, in the order of their rows."""
    with county.database.read() as work:
        uid = OneOf((work.session.get_one(Study, task.study_id).study_instance_uid,))
        asked = query_retrieve.find(work, Query(level, {"StudyInstanceUID": uid}), before=None, limit=10)
        searched = web_search.find_page(work, WebSearch(level, {"StudyInstanceUID": uid}), limit=10, offset=0)
    row = "series_row" if level is Level.SERIES else "instance_row"
    return (
        [one.values["InstanceAvailability"] for one in sorted(asked, key=lambda one: one.row_id)],
        [one.values["InstanceAvailability"] for one in sorted(searched, key=lambda one: one.values[row])],
    )


@pytest.mark.parametrize("level", [Level.SERIES, Level.IMAGE])
def test_whoever_searches_is_told_that_they_are_unavailable(county: County, level: Level):
    task = county.task(sop_classes=(CT_IMAGE, CT_IMAGE))
    with county.write() as work:
        work.session.execute(update(Series).values(instance_count=1))
        series = work.session.execute(select(Series.series_instance_uid).order_by(Series.id)).scalars().first()
    _return(county, task, series_uid=series)
    assert _availability(county, task, level) == (["UNAVAILABLE", "ONLINE"],) * 2
    with county.database.read() as work:
        ids = work.session.execute(select(Series.id).order_by(Series.id)).scalars().all()
        assert rejections.rejected_by_series(work, ids) == {ids[0]: 1}
