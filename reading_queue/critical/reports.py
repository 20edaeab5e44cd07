"""What a report does to the critical cases of its study, and what a critical case does to the task."""

from reading_queue.critical.caring import confirm_locked
from reading_queue.critical.lists import named_in
from reading_queue.critical.raising import open_from_report
from reading_queue.critical.rules import CRITICAL_VALUES
from reading_queue.critical.stepping import Deed, locked, permit_locked
from reading_queue.critical.transitions import TABLE
from reading_queue.rulebook import in_force
from reading_queue.service.actors import SYSTEM, Actor
from storage.db.models import CriticalCase, ReadingTask
from storage.db.queries.critical import cases_of_study, is_unheard
from storage.db.session import UnitOfWork
from storage.domain.critical import UNLISTED, Basis, CaseAction, CaseState


def said(work: UnitOfWork, task: ReadingTask, actor: Actor, words: str) -> CriticalCase | None:
    """A report was submitted or signed with these critical words: unless a confirmed case covers them, one is confirmed.

    A case that was suspected of the same finding is that one; else a new one is opened. None when there are no words, or
    nothing was to be done.
    """
    if not words.strip():
        return None
    cases = [one for one in cases_of_study(work, task.study_id) if one.state != CaseState.FALSE_ALARM]
    if any(one.state != CaseState.SUSPECTED and _covers(work, one, words) for one in cases):
        return None
    suspected = [one for one in cases if one.state == CaseState.SUSPECTED and _covers(work, one, words)]
    case = locked(work, suspected[0].id, actor) if suspected else open_from_report(work, task.study_id, actor, words)
    return confirm_locked(work, case, actor, words) if case.state == CaseState.SUSPECTED else None


def issued(work: UnitOfWork, task: ReadingTask, actor: Actor, words: str) -> None:
    """The report was signed: what it says is confirmed, every case notes it, and where the ten minutes count from the
    report (US-CV-01) they begin.
    """
    said(work, task, actor, words)
    for case in cases_of_study(work, task.study_id):
        if (CaseState(case.state), CaseAction.REPORT) not in TABLE:
            continue
        begins = {"basis_at": work.now} if case.basis == Basis.REPORT_ISSUED and case.basis_at is None else {}
        permitted = permit_locked(work, locked(work, case.id, SYSTEM), SYSTEM, CaseAction.REPORT)
        permitted.take(Deed(words.strip(), detail={"task_id": task.id, "signer": actor.username}), **begins)


def blocks_closing(work: UnitOfWork, task: ReadingTask) -> bool:
    """Whether the task may not be closed yet: the clinic has not said that it knows of a critical value of the study."""
    return is_unheard(work, task.study_id)


def _covers(work: UnitOfWork, case: CriticalCase, words: str) -> bool:
    if case.code == UNLISTED or case.finding in words or case.name in words:
        return True
    named = named_in(in_force(work, CRITICAL_VALUES).content.lists, case.modality, words)
    return named is None or named[1].code == case.code
