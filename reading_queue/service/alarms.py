"""Who is told what when a task runs out of time."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from reading_queue.attention import MISSED
from reading_queue.notices import About, Audience, notify
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


def tell_level(work: UnitOfWork, task: ReadingTask, level: int) -> None:
    """50 % of the maximum: the owner. 75 %: the scheduler. 100 %: the lead. 150 %: medical affairs."""
    audience = {
        NUDGED: Audience(users=owner_of(task)),
        WIDENED: Audience(roles=_MANAGERS),
        BREACHED: Audience(users=owner_of(task), roles=_LEADS),
        AFFAIRS: Audience(roles=_AFFAIRS),
    }[level]
    more = {"consult": _consult_hospitals(work)} if level == AFFAIRS else {}
    if audience.users or audience.roles:
        _tell(work, task, _KINDS[level], audience, "", _urgency(task, loud=level >= BREACHED), more)


def tell_regulatory(work: UnitOfWork, task: ReadingTask, level: int) -> None:
    """The regulator's two hours are nearly over, or over (RQI-RRC-02)."""
    kind = "task.regulatory_missed" if level >= MISSED else "task.regulatory_soon"
    _tell(work, task, kind, Audience(users=owner_of(task), roles=_LEADS), "", Urgency.URGENT, {})


def tell_unclaimed(work: UnitOfWork, task: ReadingTask) -> None:
    """Nobody has taken an emergency: the duty phone, and everybody on duty."""
    priority = Priority(task.priority)
    everybody = frozenset(duty.user_id for duty in on_duty(work, work.now))
    phones = duty_phones(work, task.modality, work.now, priority)
    occasion = f":{task.state_since.timestamp():.0f}"
    _tell(work, task, "task.unclaimed", Audience(everybody, _LEADS), occasion, Urgency.URGENT, {"phones": phones})


def tell_unmanned(work: UnitOfWork, task: ReadingTask) -> None:
    """Nobody is on duty for it: from now on every reader may take it."""
    _tell(work, task, "task.unmanned", Audience(roles=_READERS | _MANAGERS), "", _urgency(task, loud=False), {})


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


def _tell(
    work: UnitOfWork,
    task: ReadingTask,
    kind: str,
    to: Audience,
    occasion: str,
    urgency: Urgency,
    more: Mapping[str, Any],
) -> None:
    params = {"task": task.id, "priority": task.priority, "modality": task.modality, "state": task.state, **more}
    about = About(task_id=task.id, study_id=task.study_id)
    notify(work, kind, to, about, key=f"{kind}:{task.id}{occasion}", urgency=urgency, params=params)


def _urgency(task: ReadingTask, *, loud: bool) -> Urgency:
    return Urgency.URGENT if loud and Priority(task.priority) in _URGENT_CLASSES else Urgency.NORMAL


def _consult_hospitals(work: UnitOfWork) -> list[str]:
    """Names of the hospitals that may be asked, where the county has any."""
    query = select(Institution.name).where(Institution.kind == InstitutionKind.UPPER).order_by(Institution.code)
    return list(work.session.execute(query).scalars())
