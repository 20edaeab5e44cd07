"""A case that has a preliminary report and gets no final one now: what was said is taken back, and the clinic is told so.

The step itself (a return for retake, a cancellation, a refusal) issues the withdrawal as the next version, under the next
number of the clinic's results. What was said in between counts no more: the case is held to the times of its own class again.
"""

from reading_queue import sla
from reading_queue.notices import About, Audience, notify
from reading_queue.service.actors import Actor, ReportContent
from reading_queue.service.versions import Issue, issue_version, versions_of_task
from reading_queue.service_times import case_of, clock_of, terms_of
from storage.db.models import ReadingTask, ReportVersion, User
from storage.db.session import UnitOfWork
from storage.domain.notices import Urgency
from storage.domain.reading import CLOSED_STATES, Priority, ReportKind, Role, TaskState


def columns_of_void(work: UnitOfWork, task: ReadingTask, target: TaskState) -> dict[str, object]:
    """What the step sets besides: no preliminary report any more and, where the case goes on, the times of its own class."""
    return {"preliminary_at": None, **({} if target in CLOSED_STATES else _own_times(work, task))}


def void_preliminary(work: UnitOfWork, task: ReadingTask, actor: Actor, reason: str) -> ReportVersion:
    """Issue the withdrawal of the preliminary report, with the reason of the step; the clinic is told at once."""
    previous = versions_of_task(work, task.id)[-1]
    author = work.session.get_one(User, previous.author_id)
    signer = work.session.get_one(User, actor.user_id)
    issue = Issue(ReportContent("", ""), ReportKind.WITHDRAWN, reason, author, signer, {"voids": previous.version})
    version = issue_version(work, task, issue)
    notify(
        work,
        "report.preliminary_void",
        Audience(roles=frozenset({Role.CLINIC}), institution_id=task.institution_id),
        About(task_id=task.id, study_id=task.study_id),
        key=f"report.preliminary_void:{version.id}",
        urgency=Urgency.URGENT,
        params={"modality": task.modality, "priority": task.priority},
    )
    return version


def _own_times(work: UnitOfWork, task: ReadingTask) -> dict[str, object]:
    terms = terms_of(work, task.sla_policy)
    case = case_of(work, terms.policy, task.study, Priority(task.priority))
    calendar = terms.calendar(terms.policy.row_for(case))
    clock = clock_of(work, task)
    times = sla.deadlines(terms.policy, calendar, case, clock.started_at, task.exam_started_at)
    return {
        "due_at": min(times.due_at, task.due_at),
        "limit_at": min(times.limit_at, task.limit_at),
        "sla_policy": f"{task.sla_policy.partition('/')[0]}/{times.row}",
    }
