"""What quality work must know of a study: the exam as the writing rules see it, and who took the images."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from reading_queue.report_rules.report import Exam
from storage.db.models import Instance, ReadingTask, Series, Study
from storage.db.queries.critical import cases_of_study
from storage.db.session import UnitOfWork
from storage.domain.critical import CaseState

_OPERATORS_NAME = "00081070"
_DAYS_IN_YEAR = 365.2425
_UNTOLD = (CaseState.SUSPECTED, CaseState.FALSE_ALARM)
"""Cases that no physician stands for."""


def exam_of(work: UnitOfWork, task: ReadingTask) -> Exam:
    """The exam of a task."""
    study = work.session.get_one(Study, task.study_id)
    sides = select(Series.laterality).where(Series.study_id == study.id, Series.laterality != "").distinct()
    named = work.session.execute(sides).scalars().all()
    at = study.exam_started_at or study.first_received_at
    return Exam(
        modality=task.modality,
        body_part=study.body_part,
        description=study.description,
        laterality=named[0] if len(named) == 1 else "",
        sex=study.patient.sex,
        age=age_at(study.patient.birth_date, at),
        critical_told=any(one.state not in _UNTOLD for one in cases_of_study(work, study.id)),
    )


def age_at(birth_date: str, at: datetime) -> float | None:
    """Years from a birth date (YYYYMMDD or ISO 8601) to `at`; None when it cannot be told."""
    try:
        born = datetime.strptime(birth_date.replace("-", ""), "%Y%m%d").replace(tzinfo=at.tzinfo)
    except ValueError:
        return None
    return (at - born).days / _DAYS_IN_YEAR if born <= at else None


def operator_of(work: UnitOfWork, study_id: int) -> str:
    """Operators' Name (0008,1070) of the study's first object, as it is written there; empty when it names nobody."""
    query = select(Instance.header).where(Instance.study_id == study_id).order_by(Instance.id).limit(1)
    header: dict[str, Any] = work.session.execute(query).scalar_one_or_none() or {}
    values = header.get(_OPERATORS_NAME, {}).get("Value") or [None]
    name = values[0]
    if isinstance(name, dict):
        name = name.get("Ideographic") or name.get("Alphabetic")
    return str(name).strip().replace("^", "") if name else ""
