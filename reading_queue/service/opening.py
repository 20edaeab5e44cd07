"""From arrived to readable: when a study is whole, it gets its one task (I2)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from reading_queue import manning, sla
from reading_queue.parts import told_at_opening
from reading_queue.policies import Policy
from reading_queue.readiness import Facts, Verdict, judge
from reading_queue.service.actors import SYSTEM
from reading_queue.service.doubling import is_read_twice, open_second
from reading_queue.service.evidence import Evidence, gather
from reading_queue.service.green_channel import inherited_case, told_of
from reading_queue.service.reconciling import hold, tell_of_mismatch
from reading_queue.service.sop_classes import NOT_READ
from reading_queue.service.stepping import add_event, by_system
from reading_queue.service.waiting import new_images
from reading_queue.service_times import case_of, next_look, terms_now
from reading_queue.transitions import ISSUED_STATES, OPENING
from storage.db.models import GreenChannelCase, ReadingTask, Study
from storage.db.queries import readiness
from storage.db.queries.ecg import ECG_MODALITY
from storage.db.queries.orders import match_arrived_studies
from storage.db.session import Hint, UnitOfWork
from storage.domain.readiness import INCOMPLETE_REASONS, ReadyReason, ReadyTimes
from storage.domain.reading import CLOSED_STATES, Action, Priority, ReadingStep, TaskState
from storage.domain.studies import RenditionState, StudyState

READ_STEP = ReadingStep.READ
"""Where every study begins; it has one open task per step."""

_BATCH = 200


def open_ready_studies(work: UnitOfWork, times: ReadyTimes, *, gateway_alive_within: float = 30) -> list[int]:
    """Make every study that is whole READY, with its one open task. Safe anywhere and any number of times at once.

    Only studies that are due are touched (`Study.ready_check_at`); `reading_queue.readiness` says when one is whole, and
    when one that is not is looked at again. A process that gave no sign of life for `gateway_alive_within` seconds brings
    nothing more. Returns the identities of the studies that became ready.
    """
    due = readiness.due_studies(work, _BATCH)
    evidence = gather(work, due, times, gateway_alive_within) if due else {}
    verdicts = {study.id: judge(evidence[study.id].facts, times) for study in due}
    # An order may tell the priority that the task is to have.
    match_arrived_studies(work, [study.id for study in due if _is_whole(study, verdicts[study.id])])
    return [study.id for study in due if _look(work, study, evidence[study.id], verdicts[study.id])]


def ensure_task(work: UnitOfWork, study: Study, detail: Mapping[str, object] | None = None) -> ReadingTask | None:
    """Give a READY study its open task; None when it has one already, or another process was faster."""
    if _open_tasks(work, study):
        return None
    previous = _previous_task(work, study)
    green = inherited_case(work, study)
    task = _new_task(work, study, previous, green)
    hold(work, study, task)
    task.independent = is_read_twice(work, study)
    try:
        with work.session.begin_nested():
            work.session.add(task)
            work.session.flush()
    except IntegrityError:
        return None
    told = {**told_at_opening(study.exam_started_at), **_why_again(previous), **told_of(green), **(detail or {})}
    add_event(work, task, OPENING, SYSTEM, "", told)
    if task.mismatch:
        tell_of_mismatch(work, task)
    if task.independent:
        open_second(work, task)
    return task


def _is_whole(study: Study, verdict: Verdict) -> bool:
    return study.state == StudyState.RECEIVING and verdict.ready is not None


def _look(work: UnitOfWork, study: Study, evidence: Evidence, verdict: Verdict) -> bool:
    study.missing_count, study.expected_count = verdict.missing, verdict.expected
    if study.state == StudyState.READY:
        _look_back(study, evidence.facts)
        return False
    study.waiting_for, study.ready_check_at = str(verdict.waiting or ""), verdict.look_at
    if verdict.ready is not None:
        _make_ready(work, study, evidence.newest_id, verdict)
    return verdict.ready is not None


def _look_back(study: Study, facts: Facts) -> None:
    """Something was said about a study that is being read: that it lacks images, or that it does not."""
    study.ready_check_at = None
    if study.ready_reason in INCOMPLETE_REASONS and facts.lists_hold and not facts.missing:
        study.ready_reason = ReadyReason.LISTED


def _make_ready(work: UnitOfWork, study: Study, newest_id: int, verdict: Verdict) -> None:
    is_first = study.ready_instance_id is None
    news = readiness.images_since(work, study.id, study.ready_instance_id or 0, NOT_READ)
    study.state, study.ready_reason = StudyState.READY, str(verdict.ready)
    study.ready_instance_id = newest_id
    study.rendition_state, study.rendition_attempts, study.rendition_tried_at = RenditionState.PENDING, 0, None
    if is_first or news:
        study.ready_at = work.now
        _tell_readers(work, study, {"images": news, "ready": str(verdict.ready), "missing": verdict.missing})
    work.after_commit(Hint("make_renditions", (study.id, study.priority)))
    if study.modality == ECG_MODALITY:
        work.after_commit(Hint("measure_ecg", (study.id, Priority.P1)))


def _tell_readers(work: UnitOfWork, study: Study, detail: Mapping[str, object]) -> None:
    tasks = _open_tasks(work, study)
    if not tasks:
        ensure_task(work, study, detail)
    for task in tasks:
        if task.state == TaskState.RETAKE_WAIT:
            new_images(work, task, detail)
        else:
            by_system(work, task, Action.LATE_IMAGES).take(detail)


def _why_again(previous: ReadingTask | None) -> dict[str, object]:
    """Why a study that had a task gets another one, for whoever reads it."""
    if previous is None:
        return {}
    because = "images_after_report" if previous.state in ISSUED_STATES else "images_after_end"
    return {"because": because, "previous_task_id": previous.id}


def _open_tasks(work: UnitOfWork, study: Study) -> Sequence[ReadingTask]:
    """One, or of a study that is read twice up to two; locked."""
    query = select(ReadingTask).where(ReadingTask.study_id == study.id, ReadingTask.state.not_in(CLOSED_STATES))
    locked = query.order_by(ReadingTask.id).with_for_update(of=ReadingTask)
    return work.session.execute(locked, execution_options={"populate_existing": True}).scalars().all()


def _new_task(
    work: UnitOfWork, study: Study, previous: ReadingTask | None, green: GreenChannelCase | None
) -> ReadingTask:
    terms = terms_now(work)
    priority = _class_of(study, terms.policy, green)
    study.priority = priority
    case = case_of(work, terms.policy, study, priority)
    calendar = terms.calendar(terms.policy.row_for(case))
    times = sla.deadlines(terms.policy, calendar, case, work.now, study.exam_started_at)
    manned = manning.look(work, terms.policy, priority, study.modality, None)
    task = ReadingTask(
        institution_id=study.institution_id,
        study_id=study.id,
        step=READ_STEP,
        state=OPENING.target,
        priority=priority,
        modality=study.modality,
        version=1,
        previous_task_id=previous.id if previous else None,
        created_at=work.now,
        state_since=work.now,
        exam_started_at=study.exam_started_at,
        ready_at=work.now,
        clock_started_at=work.now,
        paused_seconds=0.0,
        due_at=times.due_at,
        limit_at=times.limit_at,
        regulatory_due_at=times.regulatory_due_at,
        sla_policy=terms.name(times.row),
        escalation=0,
        regulatory_level=0,
        green_channel_case_id=green.id if green else None,
        unmanned_since=manned.unmanned_since,
        roster_look_at=work.now if manned.opens else manned.look_at,
    )
    task.next_escalation_at = next_look(work, task)
    return task


def _class_of(study: Study, policy: Policy, green: GreenChannelCase | None) -> Priority:
    """Green channel before all; what nobody flagged and a mobile van brought comes last."""
    if green is not None:
        return Priority.P0
    device = study.device.ae_title if study.device else ""
    routine = study.priority == Priority.P2 and policy.is_of_a_van(study.institution.code, device)
    return Priority.P3 if routine else Priority(study.priority)


def _previous_task(work: UnitOfWork, study: Study) -> ReadingTask | None:
    query = select(ReadingTask).where(ReadingTask.study_id == study.id)
    return work.session.execute(query.order_by(ReadingTask.id.desc()).limit(1)).scalar_one_or_none()
