"""Studies, series, instances and pictures: look-ups by UID, and the lists of what arrived and where it stands."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from storage.db.models import Instance, Patient, ReadingTask, Rendition, Report, Series, Study, TaskEvent
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound
from storage.domain.reading import Action
from storage.domain.studies import RenditionKind, StudyState

RECEIVING = StudyState.RECEIVING.value
_ESCAPE = "\\"


@dataclass(frozen=True)
class StudyFilter:
    """What to list. Empty values do not filter.

    `states` are "receiving" or states of the latest task; each word of `text` must occur in the patient's name or ID or
    in the accession number; `patient_id`, `patient_name` and `accession_number` may have the wildcards `*` and `?`
    (PS3.4 C.2.2.2.4). `started_from` is included, `started_before` is not.
    """

    states: Collection[str] = ()
    modality: str = ""
    institution_id: int | None = None
    text: str = ""
    study_instance_uids: Collection[str] = ()
    patient_id: str = ""
    patient_name: str = ""
    accession_number: str = ""
    started_from: datetime | None = None
    started_before: datetime | None = None


@dataclass(frozen=True)
class StudyLine:
    """A study as lists show it: with its latest task and report, and whether it has a picture."""

    study: Study
    task: ReadingTask | None
    report_id: int | None
    has_thumbnail: bool

    @property
    def state(self) -> str:
        """Where it stands: "receiving" until it is whole, then the state of its latest task."""
        return RECEIVING if self.study.state == RECEIVING or self.task is None else self.task.state


@dataclass(frozen=True)
class StudyPage:
    """Part of a list, newest first. `next_before` asks for the part after it."""

    lines: list[StudyLine] = field(default_factory=list)
    next_before: int | None = None


def list_studies(
    work: UnitOfWork, wanted: StudyFilter, limit: int, *, before: int | None = None, offset: int = 0
) -> StudyPage:
    """Up to `limit` studies with row ids below `before`, newest first."""
    query = _lines().where(*_conditions(wanted)).order_by(Study.id.desc()).limit(limit + 1).offset(offset)
    if before is not None:
        query = query.where(Study.id < before)
    rows = work.session.execute(query).all()
    lines = _complete(work, [(study, task) for study, task in rows[:limit]])
    return StudyPage(lines, lines[-1].study.id if len(rows) > limit else None)


def study_line(work: UnitOfWork, study_instance_uid: str) -> StudyLine:
    """Raise `NotFound` when there is no such study in scope."""
    query = _lines().where(Study.study_instance_uid == study_instance_uid)
    found = work.session.execute(query).one_or_none()
    if found is None:
        raise NotFound("There is no such study.")
    return _complete(work, [(found[0], found[1])])[0]


def study_by_uid(work: UnitOfWork, study_instance_uid: str) -> Study:
    """Raise `NotFound` when there is no such study in scope."""
    query = select(Study).where(Study.study_instance_uid == study_instance_uid)
    found = work.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such study.")
    return found


def series_by_uid(work: UnitOfWork, study_instance_uid: str, series_instance_uid: str) -> Series:
    """Raise `NotFound` unless the series is in scope and in that study."""
    query = (
        select(Series)
        .join(Study, Study.id == Series.study_id)
        .where(Series.series_instance_uid == series_instance_uid, Study.study_instance_uid == study_instance_uid)
    )
    found = work.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such series.")
    return found


def instance_by_uid(work: UnitOfWork, series: Series, sop_instance_uid: str) -> Instance:
    """Raise `NotFound` unless the instance is in scope and in that series."""
    query = select(Instance).where(Instance.sop_instance_uid == sop_instance_uid, Instance.series_id == series.id)
    found = work.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such instance.")
    return found


def series_of(work: UnitOfWork, study: Study) -> Sequence[Series]:
    """Its series by Series Number, those without one last."""
    query = select(Series).where(Series.study_id == study.id)
    return work.session.execute(query.order_by(Series.number.is_(None), Series.number, Series.id)).scalars().all()


def instances_of(work: UnitOfWork, series: Series) -> Sequence[Instance]:
    """Its instances by Instance Number, those without one last."""
    query = select(Instance).where(Instance.series_id == series.id)
    return work.session.execute(query.order_by(Instance.number.is_(None), Instance.number, Instance.id)).scalars().all()


def series_version(work: UnitOfWork, series: Series) -> str:
    """An ETag that changes when an instance is added to the series, or replaced in it."""
    told = select(func.count(Instance.id), func.max(Instance.id), func.max(Instance.stored_at))
    count, highest, stored_at = work.session.execute(told.where(Instance.series_id == series.id)).one()
    return f'W/"{series.id}-{count}-{highest or 0}-{stored_at.timestamp() if stored_at else 0:.0f}"'


def sop_classes_of(work: UnitOfWork, study: Study) -> dict[int, str]:
    """One SOP class of each series of the study, by the series' row id."""
    query = (
        select(Instance.series_id, func.min(Instance.sop_class_uid))
        .where(Instance.study_id == study.id)
        .group_by(Instance.series_id)
    )
    return dict(work.session.execute(query).all())


def modalities_of(work: UnitOfWork, study_ids: Collection[int]) -> dict[int, list[str]]:
    """The modalities of the series of each study."""
    query = select(Series.study_id, Series.modality).where(Series.study_id.in_(study_ids)).distinct()
    found: dict[int, list[str]] = {}
    for study_id, modality in work.session.execute(query.order_by(Series.modality)):
        found.setdefault(study_id, []).append(modality)
    return found


def renditions_of(work: UnitOfWork, study: Study) -> Sequence[Rendition]:
    """Every picture of the study, in the order of its series."""
    query = select(Rendition).join(Series, Series.id == Rendition.series_id).where(Rendition.study_id == study.id)
    return work.session.execute(query.order_by(Series.number.is_(None), Series.number, Series.id)).scalars().all()


def rendition_of(work: UnitOfWork, series: Series, kind: RenditionKind) -> Rendition | None:
    """The picture of that kind that stands for the series."""
    query = select(Rendition).where(Rendition.series_id == series.id, Rendition.kind == kind)
    return work.session.execute(query).scalar_one_or_none()


def reports_of_tasks(work: UnitOfWork, task_ids: Collection[int]) -> dict[int, int]:
    """The report of each task that has one."""
    query = select(Report.task_id, Report.id).where(Report.task_id.in_(task_ids))
    return dict(work.session.execute(query).all())


def last_request(work: UnitOfWork, task: ReadingTask) -> TaskEvent | None:
    """The reader's last question or return, for the clinic to see what is wanted."""
    query = (
        select(TaskEvent)
        .where(TaskEvent.task_id == task.id, TaskEvent.action.in_([Action.ASK, Action.RETURN]))
        .order_by(TaskEvent.seq.desc())
        .limit(1)
    )
    return work.session.execute(query).scalar_one_or_none()


def _lines() -> Select[Study, ReadingTask]:
    latest = select(func.max(ReadingTask.id)).where(ReadingTask.study_id == Study.id).correlate(Study).scalar_subquery()
    return (
        select(Study, ReadingTask)
        .join(Patient, Patient.id == Study.patient_id)
        .outerjoin(ReadingTask, ReadingTask.id == latest)
        .options(joinedload(Study.patient), joinedload(Study.institution), joinedload(Study.device))
    )


def _complete(work: UnitOfWork, rows: Sequence[tuple[Study, ReadingTask | None]]) -> list[StudyLine]:
    ids = [study.id for study, _ in rows]
    reports = select(Report.study_id, func.max(Report.id)).where(Report.study_id.in_(ids)).group_by(Report.study_id)
    report_ids = dict(work.session.execute(reports).all())
    shown = pictured(work, ids)
    return [StudyLine(study, task, report_ids.get(study.id), study.id in shown) for study, task in rows]


def pictured(work: UnitOfWork, study_ids: Collection[int]) -> set[int]:
    """Which of the studies have a thumbnail."""
    has = select(Rendition.study_id).where(Rendition.study_id.in_(study_ids), Rendition.kind == RenditionKind.THUMBNAIL)
    return set(work.session.execute(has.distinct()).scalars())


def _conditions(wanted: StudyFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.states:
        yield _in_states(wanted.states)
    if wanted.modality:
        yield Study.modality == wanted.modality
    if wanted.institution_id is not None:
        yield Study.institution_id == wanted.institution_id
    if wanted.study_instance_uids:
        yield Study.study_instance_uid.in_(wanted.study_instance_uids)
    if wanted.started_from is not None:
        yield Study.exam_started_at >= wanted.started_from
    if wanted.started_before is not None:
        yield Study.exam_started_at < wanted.started_before
    yield from (_has_word(word) for word in wanted.text.split())
    yield from _patterns(wanted)


def _patterns(wanted: StudyFilter) -> Iterator[ColumnElement[bool]]:
    asked = (
        (Patient.patient_id, wanted.patient_id),
        (Patient.name, wanted.patient_name),
        (Study.accession_number, wanted.accession_number),
    )
    return (_matches(column, pattern) for column, pattern in asked if pattern)


def _in_states(states: Collection[str]) -> ColumnElement[bool]:
    ready = and_(Study.state != RECEIVING, ReadingTask.state.in_([state for state in states if state != RECEIVING]))
    if RECEIVING not in states:
        return ready
    return or_(Study.state == RECEIVING, ReadingTask.id.is_(None), ready)


def _has_word(word: str) -> ColumnElement[bool]:
    pattern = f"%{_literal(word)}%"
    columns = (Patient.name, Patient.patient_id, Study.accession_number)
    return or_(*(column.ilike(pattern, escape=_ESCAPE) for column in columns))


def _matches(column: InstrumentedAttribute[str], wanted: str) -> ColumnElement[bool]:
    pattern = _literal(wanted).replace("*", "%").replace("?", "_")
    return column.ilike(pattern, escape=_ESCAPE)


def _literal(text: str) -> str:
    return text.replace(_ESCAPE, _ESCAPE * 2).replace("%", r"\%").replace("_", r"\_")


def id_of_study(work: UnitOfWork, study_instance_uid: str) -> int | None:
    """The row of a study by its UID; None when there is none."""
    query = select(Study.id).where(Study.study_instance_uid == study_instance_uid)
    return work.session.execute(query).scalar_one_or_none()
