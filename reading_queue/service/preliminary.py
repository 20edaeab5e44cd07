"""Preliminary reports: an emergency is told at once what the reader sees; the final report follows.

The clinic gets it under the next number of its results, marked for what it is. From then on the case is held to the times
of the next class: within the maximum of that class, counted from when the study was ready, the final report is due.
"""

from reading_queue import sla
from reading_queue.critical import reports as critical_values
from reading_queue.service.actors import Actor, ReportContent
from reading_queue.service.drafts import store_draft
from reading_queue.service.stepping import allow, audit
from reading_queue.service.versions import Issue, issue_version, versions_of_task
from reading_queue.service.weighing import differing
from reading_queue.service_times import case_of, clock_of, terms_of
from storage.db.models import ReadingTask, ReportVersion, User
from storage.db.session import UnitOfWork
from storage.domain.reading import Action, Priority, ReportKind

NOTICE = "急诊报告，以正式报告为准"
"""What a preliminary report says of itself, wherever it is shown."""

_NEXT_CLASS = {Priority.P0: Priority.P1, Priority.P1: Priority.P2}


def issue_preliminary(
    work: UnitOfWork, task_id: int, actor: Actor, lease_token: str, content: ReportContent
) -> ReportVersion:
    """Issue what the reader has so far; he keeps the case in hand. P0 and P1 only."""
    allowed = allow(work, task_id, actor, Action.PRELIMINARY, token=lease_token)
    content.require_complete()
    task = allowed.task
    if (known := _the_same(work, task, actor, content)) is not None:
        return known
    store_draft(work, task, actor, content)
    critical_values.said(work, task, actor, content.critical)
    reader = work.session.get_one(User, actor.user_id)
    critical = {"critical": True} if content.critical.strip() else {}
    times = {} if task.preliminary_at else _final_times(work, task)
    before = {"due_at": task.due_at.isoformat(), "limit_at": task.limit_at.isoformat()} if times else {}
    allowed.take(
        {"kind": ReportKind.PRELIMINARY, **before, **critical},
        preliminary_at=task.preliminary_at or work.now,
        **times,
    )
    besides = {"notice": NOTICE}
    version = issue_version(work, task, Issue(content, ReportKind.PRELIMINARY, "", reader, reader, besides))
    critical_values.issued(work, task, actor, content.critical)
    audit(work, actor, Action.PRELIMINARY, task, version=version.version, sha256=version.sha256)
    return version


def _the_same(work: UnitOfWork, task: ReadingTask, actor: Actor, content: ReportContent) -> ReportVersion | None:
    """What the same reader has issued last, if it says the same: sent twice, issued once."""
    issued = versions_of_task(work, task.id)
    same = issued and issued[-1].author_id == actor.user_id and not differing(issued[-1].content, content)
    return issued[-1] if same else None


def _final_times(work: UnitOfWork, task: ReadingTask) -> dict[str, object]:
    """The next class's times from where the clock began; what has been missed stays missed."""
    terms, now = terms_of(work, task.sla_policy), clock_of(work, task).effective(work.now)
    case = case_of(work, terms.policy, task.study, _NEXT_CLASS[Priority(task.priority)])
    calendar = terms.calendar(terms.policy.row_for(case))
    times = sla.deadlines(terms.policy, calendar, case, task.clock_started_at, task.exam_started_at)
    return {
        "due_at": times.due_at if task.due_at > now else task.due_at,
        "limit_at": times.limit_at if task.limit_at > now else task.limit_at,
        "sla_policy": f"{task.sla_policy.partition('/')[0]}/{times.row}",
    }
