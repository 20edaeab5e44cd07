"""Measurements of a study: drawn, changed and taken away by whoever has the case in hand; nothing is forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from reading_queue.measuring.values import Drawn, Measured
from reading_queue.service.actors import Actor
from reading_queue.service.guards import may_see_draft
from reading_queue.transitions import ISSUED_STATES
from storage.audit import AuditEntry, record
from storage.db.models import Instance, Measurement, MeasurementVersion, ReadingTask, Series, Study
from storage.db.queries.measurements import measurements_of
from storage.db.queries.persons import rows_of_person
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden, Invalid, InvalidField, NotFound
from storage.domain.reading import Role, TaskState

MEASURERS = frozenset({Role.RADIOLOGIST, Role.AUDITOR})

MOST = 500
"""Of one study: far more than anybody draws."""

LONGEST_LABEL = 200

_KEPT = ("kind", "frame", "sop_instance_uid", "points", "label", "for_clinic", "figures", "method")


@dataclass(frozen=True)
class Saying:
    """What is said beside a drawing."""

    label: str = ""
    for_clinic: bool = False


def image_of(work: UnitOfWork, study: Study, sop_instance_uid: str) -> Instance:
    """The image that is measured in. Raises `NotFound`, and `InvalidField` for what is no image."""
    query = select(Instance).where(Instance.sop_instance_uid == sop_instance_uid, Instance.study_id == study.id)
    found = work.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("The study has no such image.")
    if found.written_here or not found.rows or not found.columns:
        raise InvalidField("sop_instance_uid", "is no image.")
    return found


def create(
    work: UnitOfWork, actor: Actor, study: Study, instance: Instance, drawn: Drawn, measured: Measured, saying: Saying
) -> Measurement:
    """Keep a new one. Raises `Forbidden` unless the actor may measure in this study."""
    _require_measurer(work, study, actor)
    if len(measurements_of(work, study)) >= MOST:
        raise Invalid(f"A study keeps {MOST} measurements at most: take some away first.")
    series = work.session.get_one(Series, instance.series_id)
    row = Measurement(
        institution_id=study.institution_id,
        study_id=study.id,
        series_instance_uid=series.series_instance_uid,
        sop_instance_uid=instance.sop_instance_uid,
        frame=drawn.frame,
        kind=drawn.kind,
        author_id=actor.user_id,
        created_at=work.now,
        changed_at=work.now,
        version=0,
    )
    work.session.add(row)
    _fill(row, drawn, measured, saying)
    _note(work, actor, study, row, "created")
    return row


def change(
    work: UnitOfWork, actor: Actor, study: Study, row: Measurement, drawn: Drawn, measured: Measured, saying: Saying
) -> None:
    """Move it, rename it, or show it to the clinic. Raises `Forbidden`."""
    _require_measurer(work, study, actor)
    _fill(row, drawn, measured, saying)
    _note(work, actor, study, row, "changed")


def delete(work: UnitOfWork, actor: Actor, study: Study, row: Measurement) -> None:
    """Take it away; what it was is kept. Raises `Forbidden`."""
    _require_measurer(work, study, actor)
    row.deleted_at = work.now
    _note(work, actor, study, row, "deleted")


def seen_by(work: UnitOfWork, study: Study, actor: Actor) -> Sequence[Measurement]:
    """What the actor may see of them. Of two independent readings that go on, neither reader sees what the other draws."""
    found = measurements_of(work, study)
    tasks = work.session.execute(select(ReadingTask).where(ReadingTask.study_id == study.id)).scalars().all()
    if any(_reads_independently(task, actor) for task in tasks):
        return [one for one in found if one.author_id == actor.user_id]
    hidden = [task for task in tasks if not may_see_draft(task, actor)]
    others = {reader for task in hidden for reader in (task.reader_id, task.author_id)}
    return [one for one in found if one.author_id not in others]


def _reads_independently(task: ReadingTask, actor: Actor) -> bool:
    return task.independent and task.state != TaskState.READ and actor.user_id in (task.reader_id, task.author_id)


def may_measure(work: UnitOfWork, study: Study, actor: Actor) -> bool:
    """Whether the actor has this study, or another of its person, in hand; or may amend what was signed of it."""
    if actor.role not in MEASURERS:
        return False
    tasks = select(ReadingTask.id).join(Study, Study.id == ReadingTask.study_id).limit(1)
    issued = tasks.where(ReadingTask.study_id == study.id, ReadingTask.state.in_(ISSUED_STATES))
    if work.session.execute(issued).first() is not None:
        return True
    person = rows_of_person(work.session, study.patient_id)
    held = tasks.where(ReadingTask.reader_id == actor.user_id, Study.patient_id.in_(person))
    return work.session.execute(held).first() is not None


def _require_measurer(work: UnitOfWork, study: Study, actor: Actor) -> None:
    if not may_measure(work, study, actor):
        raise Forbidden("Measurements are made by whoever has the case in hand.")


def _fill(row: Measurement, drawn: Drawn, measured: Measured, saying: Saying) -> None:
    if len(saying.label) > LONGEST_LABEL:
        raise InvalidField("label", f"is longer than {LONGEST_LABEL} characters: shorten it.")
    row.points = [[round(column, 3), round(row_, 3)] for column, row_ in drawn.points]
    row.figures, row.method = list(measured.figures), measured.method
    row.label, row.for_clinic = saying.label.strip(), saying.for_clinic


def _note(work: UnitOfWork, actor: Actor, study: Study, row: Measurement, action: str) -> None:
    """The next version with its history and its audit record."""
    row.version += 1
    row.changed_at = work.now
    work.session.flush()
    work.session.add(
        MeasurementVersion(
            institution_id=row.institution_id,
            measurement_id=row.id,
            version=row.version,
            action=action,
            by_id=actor.user_id,
            at=work.now,
            content={name: getattr(row, name) for name in _KEPT},
        )
    )
    detail: dict[str, Any] = {"id": row.id, "kind": row.kind, "version": row.version}
    target = f"study:{study.study_instance_uid}"
    record(work.session, AuditEntry(work.now, actor.username, f"measurement_{action}", target, detail))
