"""The paper of a report before it is signed."""

from reading_queue.service.actors import Actor, ReportContent
from reading_queue.service.drafts import draft_of
from reading_queue.service.guards import may_see_draft
from reading_queue.service.versions import Issue, proposed_version
from storage.db.models import ReadingTask, ReportVersion, User
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden, NotFound
from storage.domain.reading import ReportKind, TaskState


def preview(work: UnitOfWork, task_id: int, actor: Actor) -> ReportVersion:
    """The version that the saved draft would become, not issued. Who will sign is known only while it is audited."""
    task = work.session.get(ReadingTask, task_id)
    if task is None:
        raise NotFound("There is no such task.")
    if not may_see_draft(task, actor):
        raise Forbidden("You may not see what is being written.")
    draft = draft_of(work, task.id)
    if draft is None:
        raise NotFound("Nothing has been written yet.")
    writer = work.session.get_one(User, task.author_id or draft.saved_by_id)
    reader = work.session.get_one(User, task.reader_id or writer.id)
    proposed = proposed_version(work, task, Issue(ReportContent.of(draft), ReportKind.FINAL, "", writer, reader))
    if task.state != TaskState.AUDITING:
        proposed.content["signer"] = {"username": "", "name": "", "title": ""}
    return proposed
