"""Searching the audit trail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from storage.db.models import AuditEvent, Patient, ReadingTask, Report, Study, User
from storage.db.session import UnitOfWork

_BATCH = 1000
_REFUSED = "refused"


@dataclass(frozen=True)
class AuditQuery:
    """What is asked for; empty or None for everything. `who` is a user name, or an actor as the trail has it.

    `patient` is the clinic's number of a patient, `study` a Study Instance UID.
    """

    who: str = ""
    action: str = ""
    subject: str = ""
    patient: str = ""
    study: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None


def search(work: UnitOfWork, asked: AuditQuery, limit: int, before: int | None = None) -> Sequence[AuditEvent]:
    """The latest first."""
    query = select(AuditEvent).where(*_conditions(work, asked)).order_by(AuditEvent.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEvent.seq < before)
    return work.session.execute(query).scalars().all()


def stream(work: UnitOfWork, asked: AuditQuery) -> Iterator[AuditEvent]:
    """All of them, the first first, without holding them all."""
    query = select(AuditEvent).where(*_conditions(work, asked)).order_by(AuditEvent.seq)
    return iter(work.session.execute(query.execution_options(yield_per=_BATCH)).scalars())


def names_of(work: UnitOfWork, actors: Sequence[str]) -> dict[str, str]:
    """Who stands behind "user:17", by name."""
    wanted = {actor: int(actor.split(":")[1]) for actor in actors if _is_user(actor)}
    query = select(User.id, User.username).where(User.id.in_(set(wanted.values())))
    known = {row[0]: row[1] for row in work.session.execute(query)}
    return {actor: known[user_id] for actor, user_id in wanted.items() if user_id in known}


def _is_user(actor: str) -> bool:
    parts = actor.split(":")
    return parts[0] == "user" and len(parts) > 1 and parts[1].isdigit()


def _conditions(work: UnitOfWork, asked: AuditQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.who:
        found.append(_by(work, asked.who))
    if asked.action:
        found.append(AuditEvent.action == asked.action)
    if asked.subject:
        found.append(AuditEvent.subject == asked.subject)
    if asked.patient or asked.study:
        found.append(AuditEvent.subject.in_(_subjects(work, asked)))
    if asked.outcome:
        is_refused = AuditEvent.detail["outcome"].as_string() == _REFUSED
        found.append(is_refused if asked.outcome == _REFUSED else or_(~is_refused, ~_has_outcome()))
    if asked.since is not None:
        found.append(AuditEvent.at >= asked.since)
    if asked.until is not None:
        found.append(AuditEvent.at < asked.until)
    return found


def _has_outcome() -> ColumnElement[bool]:
    found: ColumnElement[bool] = AuditEvent.detail["outcome"].as_string().is_not(None)
    return found


def _by(work: UnitOfWork, who: str) -> ColumnElement[bool]:
    user_id = work.session.execute(select(User.id).where(User.username == who)).scalar_one_or_none()
    if user_id is None:
        return AuditEvent.actor == who
    mine = f"user:{user_id}"
    return or_(AuditEvent.actor == mine, AuditEvent.actor == who, AuditEvent.actor.like(f"{mine}:%"))


def _subjects(work: UnitOfWork, asked: AuditQuery) -> list[str]:
    """Everything that the trail may call what belongs to a study, or to all studies of a patient."""
    query = select(Study.id, Study.patient_id)
    if asked.study:
        query = query.where(Study.study_instance_uid == asked.study)
    if asked.patient:
        query = query.join(Patient, Patient.id == Study.patient_id).where(Patient.patient_id == asked.patient)
    studies = work.session.execute(query).all()
    ids = [row[0] for row in studies]
    tasks = work.session.execute(select(ReadingTask.id).where(ReadingTask.study_id.in_(ids))).scalars().all()
    reports = work.session.execute(select(Report.id).where(Report.task_id.in_(tasks))).scalars().all()
    return [
        *(f"study:{one}" for one in ids),
        *(f"patient:{row[1]}" for row in studies),
        *(f"task:{one}" for one in tasks),
        *(f"report:{one}" for one in reports),
    ]
