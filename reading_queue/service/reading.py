"""Writing a report: drafts, submission, and an auditing physician's rejection."""

from reading_queue.critical import reports as critical_values
from reading_queue.service.actors import Actor, ReportContent
from reading_queue.service.doubling import adjudicate, lock_study
from reading_queue.service.drafts import draft_of, store_draft
from reading_queue.service.guards import require_lease, require_own_institution, require_role
from reading_queue.service.stepping import allow, allow_once, locked
from storage.db.models import Draft, ReadingTask
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound, StaleLease
from storage.domain.reading import Action, TaskState

__all__ = ["draft_of", "reject", "save_draft", "store_draft", "submit"]


def save_draft(work: UnitOfWork, task_id: int, actor: Actor, lease_token: str, content: ReportContent) -> Draft:
    """Keep what has been written so far; it may be incomplete. Not a step: the task stays where it is."""
    require_role(actor, Action.SUBMIT)
    task = locked(work, task_id)
    require_own_institution(actor, task.institution_id)
    require_lease(work, task, actor, lease_token)
    return store_draft(work, task, actor, content)


def submit(work: UnitOfWork, task_id: int, actor: Actor, lease_token: str, content: ReportContent) -> ReadingTask:
    """Hand the report over for audit: the reader becomes its author. An independent reading goes into the adjudication.

    The same again under the same lease changes nothing.
    """
    require_role(actor, Action.SUBMIT)
    _lock_study_read_twice(work, task_id)
    allowed = allow_once(work, task_id, actor, Action.SUBMIT, token=lease_token)
    if allowed is None:
        return _submitted(work, task_id, content)
    content.require_complete()
    store_draft(work, allowed.task, actor, content)
    critical_values.said(work, allowed.task, actor, content.critical)
    apart = allowed.task.independent
    task = allowed.to(TaskState.READ if apart else TaskState.DRAFTED).take(
        _flags(content),
        author_id=actor.user_id,
        drafted_at=work.now,
        preferred_reader_id=None,
    )
    if apart:
        adjudicate(work, task.study_id)
    return task


def _submitted(work: UnitOfWork, task_id: int, content: ReportContent) -> ReadingTask:
    """The task as the same submission left it; other words are not the same."""
    draft = draft_of(work, task_id)
    if draft is None or ReportContent.of(draft) != content:
        raise StaleLease("The report has been submitted with other words; nothing was changed.")
    return locked(work, task_id)


def reject(work: UnitOfWork, task_id: int, actor: Actor, lease_token: str, reason: str) -> ReadingTask:
    """Send the draft back to its author, who is offered it first and reads what the auditor changed and why."""
    return allow(work, task_id, actor, Action.REJECT, token=lease_token, reason=reason).take()


def _lock_study_read_twice(work: UnitOfWork, task_id: int) -> None:
    task = work.session.get(ReadingTask, task_id)
    if task is None:
        raise NotFound("There is no such task.")
    if task.independent:
        lock_study(work, task.study_id)


def _flags(content: ReportContent) -> dict[str, object]:
    return {"critical": True} if content.critical.strip() else {}
