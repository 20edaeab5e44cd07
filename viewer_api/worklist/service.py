"""Tasks as the interface shows them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from reading_queue.assignment.explaining import explain
from reading_queue.parts import parts_of
from reading_queue.readiness import may_be_incomplete
from reading_queue.service import (
    Lease,
    allowed_actions,
    draft_of,
    draft_versions,
    late_images,
    may_see_draft,
    readings_of,
)
from reading_queue.service_times import read_by, standing
from storage.db.models import Draft, DraftVersion, ExamOrder, ReadingTask, TaskEvent, User
from storage.db.queries import studies, tasks
from storage.db.queries.consultations import consultations_of, last_versions
from storage.db.queries.exam_days import day_alone, made_at
from storage.db.queries.orders import order_of_study
from storage.db.session import UnitOfWork
from storage.domain.reading import Action, InstitutionKind, Role, TaskState
from storage.domain.studies import StudyState
from viewer_api.auth.service import Caller
from viewer_api.consultations.service import consultation_out
from viewer_api.results.service import report_of_task
from viewer_api.schemas import or_empty, patient_out
from viewer_api.templates.structures import StructureOut
from viewer_api.worklist.schemas import (
    ChoiceOut,
    ClaimedTask,
    ClaimOut,
    DraftOut,
    PartsOut,
    QuestionOut,
    RequestOut,
    TaskBeforeOut,
    TaskDetail,
    TaskEventOut,
    TaskOut,
    WordKind,
)

_KEPT_STATES = (TaskState.ASSIGNED, TaskState.INFO_WAIT)
_BETWEEN_READER_AND_CLINIC = (Action.ASK, Action.ANSWER, Action.RETURN, Action.RETAKEN)
_TOLD_TO_THE_CLINIC = (
    *_BETWEEN_READER_AND_CLINIC,
    Action.CANCEL,
    Action.DECLINE,
    Action.AMEND,
    Action.WITHDRAW,
    Action.RECEIPT,
    Action.PRIORITISE,
    Action.RECONCILE,
    Action.REREAD,
)
"""Reasons that a clinic may read; what physicians tell each other stays in the centre."""


def task_lines(work: UnitOfWork, found: Sequence[ReadingTask], caller: Caller) -> list[TaskOut]:
    """The tasks as lines of the worklist."""
    return [TaskOut(**line) for line in _lines(work, found, caller)]


def task_line(work: UnitOfWork, task_id: int, caller: Caller) -> TaskOut:
    """One task as it stands after what this unit of work did to it."""
    return task_lines(work, [_reload(work, task_id)], caller)[0]


def task_detail(work: UnitOfWork, task_id: int, caller: Caller) -> TaskDetail:
    """One task with its history. What was written but not signed is not for the clinic."""
    task = tasks.get_task(work, task_id)
    events = tasks.events_of(work, task.id)
    is_clinic = caller.role == Role.CLINIC
    return TaskDetail(
        **_lines(work, [task], caller)[0],
        **_in_hand(work, task, events),
        draft=draft_out(work, task.id) if may_see_draft(task, caller.actor) else None,
        drafts_before=_drafts_before(work, task, caller),
        readings=_readings(work, task, caller),
        consultations=[consultation_out(one, is_clinic=is_clinic) for one in consultations_of(work, task.id)],
        parts=_parts_out(events, work.now),
        green_channel_case=task.green_channel_case_id,
        read_by=read_by(work, task),
        events=[_event_out(event, is_clinic=is_clinic) for event in events],
        questions=[_question_out(event) for event in events if event.action in _BETWEEN_READER_AND_CLINIC],
        choice=None if is_clinic else _choice_out(events),
        report=report_of_task(work, task.id),
    )


def claim_out(work: UnitOfWork, lease: Lease, caller: Caller) -> ClaimOut:
    """What a claim gives."""
    task = _reload(work, lease.task.id)
    hand = _in_hand(work, task, tasks.events_of(work, task.id))
    claimed = ClaimedTask(**_lines(work, [task], caller)[0], **hand, draft=draft_out(work, task.id))
    return ClaimOut(task=claimed, lease_token=lease.token, lease_expires_at=lease.expires_at)


def _in_hand(work: UnitOfWork, task: ReadingTask, events: Sequence[TaskEvent]) -> dict[str, Any]:
    late = late_images(work, task, events)
    before = _before(work, task, events[0].detail) if task.previous_task_id is not None and events else None
    request = _request(order_of_study(work, task.study_id))
    return {"late_images": late.count, "late_images_since": late.since, "before": before, "request": request}


def _request(order: ExamOrder | None) -> RequestOut | None:
    if order is None:
        return None
    return RequestOut(
        procedure=order.procedure_description,
        clinical_information=order.clinical_information,
        diagnosis=order.diagnosis,
        referring_doctor=order.referring_doctor,
        referring_department=order.referring_department,
    )


def _before(work: UnitOfWork, task: ReadingTask, opening: Mapping[str, Any]) -> TaskBeforeOut | None:
    previous = task.previous_task_id
    if previous is None or "because" not in opening:
        return None
    report = studies.reports_of_tasks(work, [previous]).get(previous)
    return TaskBeforeOut(
        task_id=previous, report_id=report, because=opening["because"], images=int(opening.get("images") or 0)
    )


def draft_out(work: UnitOfWork, task_id: int) -> DraftOut | None:
    """What has been written for the task so far."""
    draft = draft_of(work, task_id)
    return None if draft is None else _draft(work, draft)


def _draft(work: UnitOfWork, draft: Draft | DraftVersion) -> DraftOut:
    writer = work.session.get_one(User, draft.saved_by_id)
    return DraftOut(
        findings=draft.findings,
        impression=draft.impression,
        positive=draft.positive,
        critical=draft.critical,
        structure=StructureOut(**draft.structure) if draft.structure else None,
        saved_at=draft.saved_at,
        saved_by=writer.username,
        saved_by_name=writer.display_name,
    )


def _drafts_before(work: UnitOfWork, task: ReadingTask, caller: Caller) -> list[DraftOut]:
    if not may_see_draft(task, caller.actor):
        return []
    return [_draft(work, version) for version in draft_versions(work, task.id)]


def _readings(work: UnitOfWork, task: ReadingTask, caller: Caller) -> list[DraftOut]:
    """What two independent readers wrote, for the one who decides over both."""
    if caller.actor.institution_kind != InstitutionKind.CENTRE:
        return []
    drafts = (draft_of(work, one.id) for one in readings_of(work, task))
    return [_draft(work, draft) for draft in drafts if draft is not None]


def _reload(work: UnitOfWork, task_id: int) -> ReadingTask:
    # Relations loaded before a step still name the people before it.
    work.session.flush()
    work.session.expire_all()
    return tasks.get_task(work, task_id)


def _lines(work: UnitOfWork, found: Sequence[ReadingTask], caller: Caller) -> list[dict[str, Any]]:
    with_picture = studies.pictured(work, [task.study_id for task in found])
    reports = last_versions(work, [task.id for task in found])
    return [_line(work, task, caller, with_picture, *reports.get(task.id, (None, None))) for task in found]


def _line(
    work: UnitOfWork,
    task: ReadingTask,
    caller: Caller,
    with_picture: set[int],
    report_id: int | None,
    report_kind: str | None,
) -> dict[str, Any]:
    study = task.study
    own = ("id", "state", "priority", "modality", "step", "due_at", "limit_at", "regulatory_due_at", "ready_at")
    more = ("created_at", "state_since", "exam_started_at", "lease_expires_at", "escalation", "version")
    return {
        **{name: getattr(task, name) for name in own + more},
        **_people(task),
        "study_instance_uid": study.study_instance_uid,
        "exam_date": day_alone(study),
        "institution": task.institution.code,
        "institution_name": task.institution.name,
        "institution_name_en": task.institution.name_en,
        "paused": task.paused_since is not None,
        "patient": patient_out(study.patient, made_at(study)),
        "description": study.description,
        "body_part": study.body_part,
        "series": study.series_count,
        "instances": study.instance_count,
        "ready_reason": study.ready_reason or None,
        "missing": study.missing_count,
        "expected": study.expected_count,
        "may_be_incomplete": may_be_incomplete(study.ready_reason, study.missing_count),
        "more_arriving": study.state == StudyState.RECEIVING,
        "previous_task_id": task.previous_task_id,
        "mismatch": task.mismatch.split(),
        "independent": task.independent,
        "preliminary_at": task.preliminary_at,
        "device": study.device.ae_title if study.device else "",
        "accession_number": study.accession_number,
        "thumbnail": f"/api/v1/studies/{study.study_instance_uid}/thumbnail" if study.id in with_picture else None,
        "report_id": report_id,
        "report_kind": report_kind,
        "allowed_actions": allowed_actions(work, task, caller.actor),
        "sla": standing(work, task),
    }


def _people(task: ReadingTask) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    kept_for = task.preferred_reader if task.state in _KEPT_STATES else None
    named = (("reader", task.reader), ("author", task.author), ("signer", task.signer), ("kept_for", kept_for))
    for name, user in named:
        found[name] = user.username if user else None
        found[f"{name}_name"] = user.display_name if user else None
    return found


def _parts_out(events: Sequence[TaskEvent], now: datetime) -> PartsOut:
    parts = parts_of(events, now)
    return PartsOut(
        upload=None if parts.upload is None else parts.upload.total_seconds(),
        queue=parts.queue.total_seconds(),
        read=parts.read.total_seconds(),
        audit=parts.audit.total_seconds(),
        delivery=parts.delivery.total_seconds(),
        retake=parts.retake.total_seconds(),
        clock_a=None if parts.clock_a is None else parts.clock_a.total_seconds(),
    )


def _event_out(event: TaskEvent, *, is_clinic: bool) -> TaskEventOut:
    told = not is_clinic or event.action in _TOLD_TO_THE_CLINIC
    return TaskEventOut(
        seq=event.seq,
        action=Action(event.action),
        from_state=or_empty(TaskState, event.from_state),
        to_state=TaskState(event.to_state),
        actor=event.actor,
        at=event.at,
        reason=event.reason if told else "",
        detail={} if is_clinic else event.detail,
    )


def _choice_out(events: Sequence[TaskEvent]) -> ChoiceOut | None:
    claims = [event for event in events if event.action == Action.CLAIM and "choice" in event.detail]
    if not claims:
        return None
    last = claims[-1]
    why = last.detail["choice"]
    return ChoiceOut(at=last.at, reader=last.actor, zh=explain(why, "zh"), en=explain(why, "en"), figures=why)


def _question_out(event: TaskEvent) -> QuestionOut:
    return QuestionOut(
        kind=WordKind(event.action),
        text=event.reason,
        code=str(event.detail.get("code") or ""),
        series_instance_uid=event.detail.get("series_instance_uid"),
        by=event.actor,
        at=event.at,
    )
