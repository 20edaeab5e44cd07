"""Who is told what when a task runs out of time. A tick finds many such tasks, and tells of all of them at once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from reading_queue.attention import MISSED
from reading_queue.notices import About, Audience, Telling
from reading_queue.policies import AFFAIRS, BREACHED, NUDGED, WIDENED
from reading_queue.rosters import duty_phones, on_duty
from storage.db.models import Institution, ReadingTask
from storage.db.session import UnitOfWork
from storage.domain.notices import Urgency
from storage.domain.reading import InstitutionKind, Priority, Role, TaskState

_MANAGERS = frozenset({Role.MANAGER})
_LEADS = frozenset({Role.AUDITOR, Role.MANAGER})
_AFFAIRS = frozenset({Role.MANAGER, Role.ADMIN})
_READERS = frozenset({Role.RADIOLOGIST, Role.AUDITOR})
_KINDS = {NUDGED: "task.half", WIDENED: "task.widened", BREACHED: "task.breached", AFFAIRS: "task.overdue"}
_URGENT_CLASSES = frozenset({Priority.P0, Priority.P1})


def at_level(work: UnitOfWork, task: ReadingTask, level: int) -> Telling | None:
    """50 % of the maximum: the owner. 75 %: the scheduler. 100 %: the lead. 150 %: medical affairs."""
    audience = {
        NUDGED: Audience(users=owner_of(task)),
        WIDENED: Audience(roles=_MANAGERS),
        BREACHED: Audience(users=owner_of(task), roles=_LEADS),
        AFFAIRS: Audience(roles=_AFFAIRS),
    }[level]
    more = {"consult": _consult_hospitals(work)} if level == AFFAIRS else {}
    if not audience.users and not audience.roles:
        return None
    return _told(task, _KINDS[level], audience, _urgency(task, loud=level >= BREACHED), more)


def at_regulatory(task: ReadingTask, level: int) -> Telling:
    """The regulator's two hours are nearly over, or over (RQI-RRC-02)."""
    kind = "task.regulatory_missed" if level >= MISSED else "task.regulatory_soon"
    return _told(task, kind, Audience(users=owner_of(task), roles=_LEADS), Urgency.URGENT)


def of_unclaimed(work: UnitOfWork, task: ReadingTask) -> Telling:
    """Nobody has taken an emergency: the duty phone, and everybody on duty."""
    priority = Priority(task.priority)
    known = work.session.info.setdefault("duty telephones", {})
    key = (task.modality, priority)
    if key not in known:
        everybody = frozenset(duty.user_id for duty in on_duty(work, work.now))
        known[key] = (everybody, duty_phones(work, task.modality, work.now, priority))
    everybody, phones = known[key]
    occasion = f":{task.state_since.timestamp():.0f}"
    return _told(task, "task.unclaimed", Audience(everybody, _LEADS), Urgency.URGENT, {"phones": phones}, occasion)


def of_unmanned(task: ReadingTask) -> Telling:
    """Nobody is on duty for it: from now on every reader may take it."""
    return _told(task, "task.unmanned", Audience(roles=_READERS | _MANAGERS), _urgency(task, loud=False))


def owner_of(task: ReadingTask) -> frozenset[int]:
    """Who has the task in hand, or for whom it is kept; nobody when anybody may take it."""
    owner = {
        TaskState.READING: task.reader_id,
        TaskState.AUDITING: task.reader_id,
        TaskState.ASSIGNED: task.preferred_reader_id,
        TaskState.INFO_WAIT: task.preferred_reader_id,
        TaskState.REWORK: task.author_id,
    }.get(TaskState(task.state))
    return frozenset() if owner is None else frozenset({owner})


def _told(
    task: ReadingTask,
    kind: str,
    to: Audience,
    urgency: Urgency,
    more: Mapping[str, Any] | None = None,
    occasion: str = "",
) -> Telling:
    params = {"task": task.id, "priority": task.priority, "modality": task.modality, "state": task.state}
    about = About(task_id=task.id, study_id=task.study_id)
    return Telling(kind, to, about, f"{kind}:{task.id}{occasion}", urgency, {**params, **(more or {})})


def _urgency(task: ReadingTask, *, loud: bool) -> Urgency:
    return Urgency.URGENT if loud and Priority(task.priority) in _URGENT_CLASSES else Urgency.NORMAL


def _consult_hospitals(work: UnitOfWork) -> list[str]:
    """Names of the hospitals that may be asked, where the county has any; looked up once in a transaction."""
    known: list[str] | None = work.session.info.get("consult hospitals")
    if known is None:
        query = select(Institution.name).where(Institution.kind == InstitutionKind.UPPER).order_by(Institution.code)
        known = work.session.info["consult hospitals"] = list(work.session.execute(query).scalars())
    return known
