"""The sweep: when nobody answers, the next one is told. What is due is found by an index, and every step is taken once."""

import logging
from datetime import timedelta

from sqlalchemy import select

from reading_queue.critical import telling
from reading_queue.critical.rules import LadderStep
from reading_queue.critical.stepping import Deed, permit_locked, rules_of
from reading_queue.service.actors import SYSTEM
from storage.db.models import CriticalCase
from storage.db.queries.critical import due_cases
from storage.db.session import Database, UnitOfWork
from storage.domain.critical import CaseAction, CaseState
from storage.domain.notices import Urgency
from storage.settings import Settings

_log = logging.getLogger(__name__)

_BATCH = 200
_MINUTE = timedelta(minutes=1)


def chase_critical_values(database: Database, _settings: Settings) -> None:
    """Tell whoever is next for every case whose step has come: a transaction each, so that none holds up the others."""
    with database.read() as work:
        due = due_cases(work, _BATCH)
    taken = sum(_chase(database, case_id) for case_id in due)
    if taken:
        _log.warning("%s steps of the ladder of critical values were taken.", taken)


def _chase(database: Database, case_id: int) -> int:
    try:
        with database.write() as work:
            return chase(work, case_id)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one case, the others must be chased
        _log.error("The critical value %s could not be chased: %s", case_id, type(error).__name__)
        return 0


def chase(work: UnitOfWork, case_id: int) -> int:
    """Take every step that is due for this case, in order; how many. None when somebody else has the case in hand."""
    query = select(CriticalCase).where(CriticalCase.id == case_id, CriticalCase.next_step_at <= work.now)
    mine = query.with_for_update(of=CriticalCase, skip_locked=True)
    case = work.session.execute(mine, execution_options={"populate_existing": True}).scalar_one_or_none()
    taken = 0
    while case is not None and case.next_step_at is not None and case.next_step_at <= work.now:
        _take(work, case)
        taken += 1
    return taken


def _take(work: UnitOfWork, case: CriticalCase) -> None:
    rules, state = rules_of(work, case), CaseState(case.state)
    step = rules.ladder(state, case.priority)[case.steps_told]
    told = telling.whom(work, case, step)
    number = case.steps_told + 1
    moment = rules.step_at(state, case.priority, case.state_since, number)
    deed = Deed(
        step.name,
        detail={
            "step": number,
            "minutes": _minutes(step, case),
            "posts": list(told.names),
            "phones": list(told.phones),
        },
    )
    permit_locked(work, case, SYSTEM, CaseAction.ESCALATE).take(deed, steps_told=number, next_step_at=moment)
    _tell(work, case, step, told)


def _tell(work: UnitOfWork, case: CriticalCase, step: LadderStep, told: telling.Telling) -> None:
    phone = telling.clinic_phone(work, case)
    params = {"step": step.name, "minutes": _minutes(step, case), "phone": phone, "phones": list(told.phones)}
    telling.tell(work, case, f"critical.{step.state}_late", told.users, Urgency.URGENT, **params)


def _minutes(step: LadderStep, case: CriticalCase) -> int:
    return int(step.after(case.priority) / _MINUTE)
