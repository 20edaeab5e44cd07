"""Task: a reading task."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from reading_queue.projections import PROJECTIONS, fhir_priority
from storage.db.models import ExamOrder, ReadingTask, Report, Study, TaskEvent
from storage.domain.reading import Action, Priority, TaskState
from viewer_api.fhir.kinds import Condition, Context, Found, Kind, coded, linked, moment, points, token
from viewer_api.fhir.parameters import Token
from viewer_api.fhir.resources.imaging_study import orders_of
from viewer_api.fhir.terms import BUSINESS_STATUS, READING_STEPS, Resource, coding, concept, instant, pruned, reference
from viewer_api.fhir.terms import present as parts

_CODES = "http://hl7.org/fhir/CodeSystem/task-code"
_TOLD = (Action.CANCEL, Action.DECLINE, Action.RETURN, Action.ASK, Action.EXPIRE, Action.REJECT, Action.CONSULT)
"""Steps whose reason says why the task stands where it stands."""


def _query() -> Select[ReadingTask]:
    return select(ReadingTask).options(joinedload(ReadingTask.study), joinedload(ReadingTask.reader))


def _rendered(context: Context, found: Sequence[Found]) -> list[Resource]:
    tasks = [one.row for one in found]
    ids = [task.id for task in tasks]
    orders, reasons, issued = (
        orders_of(context, [task.study_id for task in tasks]),
        _reasons(context, tasks),
        _issued(context, ids),
    )
    return [
        _task(one, orders.get(one.row.study_id), reasons.get(one.row.id, ""), has_report=one.row.id in issued)
        for one in found
    ]


def _task(found: Found, order: int | None, reason: str, *, has_report: bool) -> Resource:
    task: ReadingTask = found.row
    words = PROJECTIONS[TaskState(task.state)]
    owner = task.reader_id if task.reader_id is not None else task.preferred_reader_id
    ended = task.signed_at or (found.updated if words.task in ("rejected", "cancelled") else None)
    return pruned(
        {
            "resourceType": "Task",
            "id": str(task.id),
            "meta": {"versionId": str(task.version)},
            "basedOn": parts([reference("ServiceRequest", order)]),
            "status": words.task,
            "statusReason": concept(text=reason) if reason else {},
            "businessStatus": concept(coding(BUSINESS_STATUS, words.business_status)) if words.business_status else {},
            "intent": "order",
            "priority": fhir_priority(Priority(task.priority)),
            "code": concept(coding(_CODES, "fulfill"), coding(READING_STEPS, task.step), text="影像诊断"),
            "focus": reference("ImagingStudy", task.study_id),
            "for": reference("Patient", task.study.patient_id),
            "executionPeriod": pruned({"start": instant(task.ready_at), "end": instant(ended)}),
            "authoredOn": instant(task.created_at),
            "lastModified": instant(found.updated or task.created_at),
            "requester": reference("Organization", task.institution_id),
            "owner": reference("Practitioner", owner),
            "restriction": {"period": {"end": instant(task.due_at)}},
            "output": _output(task) if has_report else [],
        }
    )


def _output(task: ReadingTask) -> list[Resource]:
    return [{"type": concept(text="report"), "valueReference": reference("DiagnosticReport", task.id)}]


def _reasons(context: Context, tasks: Sequence[ReadingTask]) -> dict[int, str]:
    """Why each task stands where it stands, as its last step says."""
    versions = {task.id: task.version for task in tasks}
    query = select(TaskEvent.task_id, TaskEvent.seq, TaskEvent.reason).where(
        TaskEvent.task_id.in_(versions), TaskEvent.action.in_(_TOLD), TaskEvent.reason != ""
    )
    found = context.work.session.execute(query.order_by(TaskEvent.seq))
    return {task: reason for task, seq, reason in found if seq == versions[task]}


def _issued(context: Context, ids: Collection[int]) -> set[int]:
    return set(context.work.session.execute(select(Report.task_id).where(Report.task_id.in_(ids))).scalars())


def _has_business_status(wanted: Token) -> Condition:
    states = [state for state, one in PROJECTIONS.items() if one.business_status == wanted.code and wanted.code]
    return ReadingTask.state.in_(states)


def _patients() -> Select[Any, Any]:
    return select(ReadingTask.id, Study.patient_id).join(Study, Study.id == ReadingTask.study_id)


def _orders() -> Select[Any, Any]:
    return select(ReadingTask.id, ExamOrder.id).join(ExamOrder, ExamOrder.study_id == ReadingTask.study_id)


_STATES = {
    str(word): {state for state, one in PROJECTIONS.items() if one.task == word}
    for word in {one.task for one in PROJECTIONS.values()}
}
_CLASSES = {
    word: {one for one in Priority if fhir_priority(one) == word} for word in {fhir_priority(one) for one in Priority}
}
_MODIFIED = (
    select(TaskEvent.at)
    .where(and_(TaskEvent.task_id == ReadingTask.id, TaskEvent.seq == ReadingTask.version))
    .correlate(ReadingTask)
    .scalar_subquery()
)
_CHANGED = func.coalesce(_MODIFIED, ReadingTask.state_since)

TASK = Kind(
    "Task",
    "Reading tasks",
    _query,
    ReadingTask.id,
    _rendered,
    (
        coded("status", "as task-status", ReadingTask.state, _STATES),
        token("business-status", "retake, question, drafted, auditing, …", _has_business_status),
        coded("priority", "stat, asap, routine", ReadingTask.priority, _CLASSES),
        linked("patient", "whose study is read", "Patient", ReadingTask.id, _patients),
        linked("subject", "whose study is read", "Patient", ReadingTask.id, _patients),
        points("focus", "the study", "ImagingStudy", ReadingTask.study_id),
        linked("based-on", "the order", "ServiceRequest", ReadingTask.id, _orders),
        points("owner", "who has it in hand", "Practitioner", ReadingTask.reader_id),
        points("requester", "the clinic", "Organization", ReadingTask.institution_id),
        moment("authored-on", "when it was opened", ReadingTask.created_at),
        moment("modified", "its last step", _CHANGED),
    ),
    updated=_CHANGED,
    sorts={"authored-on": ReadingTask.created_at, "modified": _CHANGED},
    subject="task",
    audited_as="task_opened",
)
