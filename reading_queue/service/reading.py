"""Writing a report: drafts, submission, and an auditing physician's rejection."""

from sqlalchemy import select

from reading_queue.service.actors import Actor, ReportContent
from reading_queue.service.guards import require_lease, require_own_institution, require_role
from reading_queue.service.stepping import allow, locked
from storage.db.models import Draft, ReadingTask
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden
from storage.domain.reading import Action


def save_draft(work: UnitOfWork, task_id: int, actor: Actor, lease_token: str, content: ReportContent) -> Draft:
    """Keep what has been written so far; it may be incomplete. Not a step: the task stays where it is."""
    require_role(actor, Action.SUBMIT)
    task = locked(work, task_id)
    require_own_institution(actor, task.institution_id)
    require_lease(task, actor, lease_token, work.now)
    return store_draft(work, task, actor, content)


def submit(work: UnitOfWork, task_id: int, actor: Actor, lease_token: str, content: ReportContent) -> ReadingTask:
    """Hand the report over for audit: the reader becomes its author."""
    allowed = allow(work, task_id, actor, Action.SUBMIT, token=lease_token)
    content.require_complete()
    store_draft(work, allowed.task, actor, content)
    return allowed.take(_flags(content), author_id=actor.user_id, drafted_at=work.now, preferred_reader_id=None)


def reject(work: UnitOfWork, task_id: int, actor: Actor, lease_token: str, reason: str) -> ReadingTask:
    """Send the draft back to its author, who is offered it first."""
    return allow(work, task_id, actor, Action.REJECT, token=lease_token, reason=reason).take()


def store_draft(work: UnitOfWork, task: ReadingTask, actor: Actor, content: ReportContent) -> Draft:
    """Write the draft of a locked task whose lease has been checked."""
    if actor.user_id is None:
        raise Forbidden("Only a person can write a report.")
    draft = draft_of(work, task.id) or Draft(task_id=task.id)
    draft.findings, draft.impression = content.findings, content.impression
    draft.positive, draft.critical = content.positive, content.critical
    draft.saved_by_id, draft.saved_at = actor.user_id, work.now
    work.session.add(draft)
    work.session.flush()
    return draft


def draft_of(work: UnitOfWork, task_id: int) -> Draft | None:
    """What has been written for the task so far."""
    return work.session.execute(select(Draft).where(Draft.task_id == task_id)).scalar_one_or_none()


def _flags(content: ReportContent) -> dict[str, object]:
    return {"critical": True} if content.critical.strip() else {}
