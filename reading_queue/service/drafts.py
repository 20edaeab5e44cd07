"""What a reader has written so far, and what stood there before: whose words are whose is never lost."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from reading_queue.course import COURSE
from reading_queue.rulebook import in_force
from reading_queue.service.actors import Actor, ReportContent
from reading_queue.templates import structures
from storage.db.models import Draft, DraftVersion, ReadingTask
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden

_OWN_STEPS = timedelta(minutes=5)
"""A reader's own words are kept aside no more often than this."""


def store_draft(work: UnitOfWork, task: ReadingTask, actor: Actor, content: ReportContent) -> Draft:
    """Write the draft of a locked task whose lease has been checked; another's words are kept aside first."""
    if actor.user_id is None:
        raise Forbidden("Only a person can write a report.")
    structures.check(work, content.structure)
    draft = draft_of(work, task.id)
    if draft is None:
        draft = Draft(task_id=task.id)
    elif ReportContent.of(draft) == content and draft.saved_by_id != actor.user_id:
        # Who takes over and has changed nothing yet has not written it.
        return draft
    else:
        _keep_aside(work, draft, actor, content)
    draft.findings, draft.impression = content.findings, content.impression
    draft.positive, draft.critical = content.positive, content.critical
    draft.structure = content.structure.as_json() if content.structure else None
    draft.saved_by_id, draft.saved_at = actor.user_id, work.now
    work.session.add(draft)
    work.session.flush()
    return draft


def draft_of(work: UnitOfWork, task_id: int) -> Draft | None:
    """What has been written for the task so far."""
    return work.session.execute(select(Draft).where(Draft.task_id == task_id)).scalar_one_or_none()


def draft_versions(work: UnitOfWork, task_id: int) -> Sequence[DraftVersion]:
    """The words that stood in the draft before, the last first."""
    query = select(DraftVersion).where(DraftVersion.task_id == task_id).order_by(DraftVersion.id.desc())
    return work.session.execute(query).scalars().all()


def _keep_aside(work: UnitOfWork, draft: Draft, actor: Actor, content: ReportContent) -> None:
    if ReportContent.of(draft) == content or not (draft.findings.strip() or draft.impression.strip()):
        return
    kept = draft_versions(work, draft.task_id)
    is_own = draft.saved_by_id == actor.user_id
    if is_own and kept and kept[0].saved_by_id == actor.user_id and work.now - kept[0].saved_at < _OWN_STEPS:
        return
    work.session.add(
        DraftVersion(
            task_id=draft.task_id,
            findings=draft.findings,
            impression=draft.impression,
            positive=draft.positive,
            critical=draft.critical,
            structure=draft.structure,
            saved_by_id=draft.saved_by_id,
            saved_at=draft.saved_at,
        )
    )
    most = in_force(work, COURSE).content.draft_versions
    if excess := [one.id for one in kept[most - 1 :]]:
        work.session.execute(delete(DraftVersion).where(DraftVersion.id.in_(excess)))
