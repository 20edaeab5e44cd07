"""The green channel: chest pain, stroke and trauma. Whatever is examined of such a patient is P0, and the case knows it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from reading_queue.service.actors import SYSTEM, Actor
from reading_queue.service.directing import raise_to_green_channel
from reading_queue.service.guards import require_own_institution, require_role
from reading_queue.service_times import terms_now
from storage.audit import AuditEntry, record
from storage.db.models import ExamOrder, GreenChannelCase, GreenChannelMilestone, ReadingTask, Study
from storage.db.queries.persons import rows_of_person
from storage.db.queries.studies import study_by_uid
from storage.db.session import UnitOfWork
from storage.domain.errors import Invalid, NotAllowedFromState, NotFound
from storage.domain.green_channel import Kind, Milestone
from storage.domain.reading import CLOSED_STATES, Action, Priority
from storage.domain.studies import StudyState

_CLOCK_ERROR = timedelta(minutes=10)


def open_case(work: UnitOfWork, actor: Actor, study_instance_uid: str, kind: Kind, reason: str) -> GreenChannelCase:
    """Put the study's patient on the green channel: his open tasks become P0 now, and what comes within the window when it comes.

    The case that is open already when there is one of the same kind. Raises `NotFound`, `Forbidden`.
    """
    require_role(actor, Action.PRIORITISE)
    study = study_by_uid(work, study_instance_uid)
    require_own_institution(actor, study.institution_id)
    case = _open_case_of(work, study.patient_id)
    if case is None or case.kind != kind:
        case = _begin(work, actor, study, kind, reason)
    _raise_all(work, actor, case, reason)
    return case


def add_milestone(work: UnitOfWork, actor: Actor, case_id: int, name: Milestone, at: datetime) -> GreenChannelMilestone:
    """Say when it happened. Each is told once: again with the same time it changes nothing, with another it is refused."""
    case = _locked(work, actor, case_id)
    known = _milestones(work, case)
    if name in known:
        if known[name].at == at:
            return known[name]
        raise NotAllowedFromState(f"The moment of {name} has been told already.")
    _require_plausible(known, name, at, work.now)
    made = GreenChannelMilestone(
        institution_id=case.institution_id,
        case_id=case.id,
        name=name,
        at=at,
        recorded_at=work.now,
        recorded_by=actor.username,
    )
    try:
        with work.session.begin_nested():
            work.session.add(made)
    except IntegrityError as error:
        raise NotAllowedFromState(f"The moment of {name} has been told already.") from error
    _audit(work, actor, "milestone", case, {"milestone": name, "at": at.isoformat()})
    return made


def close_case(work: UnitOfWork, actor: Actor, case_id: int, reason: str) -> GreenChannelCase:
    """The patient needs no green channel any more; what is P0 stays P0. Twice changes nothing."""
    case = _locked(work, actor, case_id)
    if case.closed_at is None:
        case.closed_at, case.closed_by, case.close_reason = work.now, actor.username, reason
        _audit(work, actor, "close", case, {"reason": reason})
    return case


def milestones_of(work: UnitOfWork, case: GreenChannelCase) -> Sequence[GreenChannelMilestone]:
    """What has been told, in the order of the way from onset to treatment."""
    known = _milestones(work, case)
    return [known[name] for name in Milestone if name in known]


def milestones_of_all(work: UnitOfWork, case_ids: Sequence[int]) -> dict[int, list[GreenChannelMilestone]]:
    """The same for several cases at once, by the case's identity; a case of which nothing was told is not in it."""
    query = select(GreenChannelMilestone).where(GreenChannelMilestone.case_id.in_(case_ids))
    order = list(Milestone)
    rows = sorted(
        work.session.execute(query).scalars(), key=lambda row: (row.case_id, order.index(Milestone(row.name)))
    )
    return {case_id: list(told) for case_id, told in groupby(rows, key=lambda row: row.case_id)}


def find_case(work: UnitOfWork, case_id: int) -> GreenChannelCase:
    """Raise `NotFound`."""
    query = select(GreenChannelCase).where(GreenChannelCase.id == case_id)
    found = work.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such green-channel case.")
    return found


def list_cases(work: UnitOfWork, *, open_only: bool, limit: int = 100) -> Sequence[GreenChannelCase]:
    """The cases that the caller may see, the latest first."""
    query = select(GreenChannelCase).order_by(GreenChannelCase.id.desc()).limit(limit)
    if open_only:
        query = query.where(GreenChannelCase.closed_at.is_(None))
    return work.session.execute(query).scalars().all()


def inherited_case(work: UnitOfWork, study: Study) -> GreenChannelCase | None:
    """The case that a study which is opened now belongs to: its patient's, or the one that its order asks for."""
    case = _open_case_of(work, study.patient_id)
    if case is not None:
        return case
    query = select(ExamOrder).where(ExamOrder.study_id == study.id, ExamOrder.green_channel != "")
    order = work.session.execute(query.order_by(ExamOrder.id).limit(1)).scalar_one_or_none()
    return None if order is None else _begin(work, SYSTEM, study, Kind(order.green_channel), "order")


def told_of(case: GreenChannelCase | None) -> dict[str, object]:
    """What an event tells of the case."""
    return {} if case is None else {"green_channel": {"case": case.id, "kind": case.kind}}


def _begin(work: UnitOfWork, actor: Actor, study: Study, kind: Kind, reason: str) -> GreenChannelCase:
    case = GreenChannelCase(
        institution_id=study.institution_id,
        patient_id=study.patient_id,
        kind=kind,
        opened_at=work.now,
        opened_by=actor.username,
        reason=reason,
    )
    work.session.add(case)
    work.session.flush()
    _audit(work, actor, "open", case, {"kind": kind, "reason": reason})
    return case


def _open_case_of(work: UnitOfWork, patient_id: int) -> GreenChannelCase | None:
    window = timedelta(hours=terms_now(work).policy.content.green_channel.window_hours)
    query = select(GreenChannelCase).where(
        GreenChannelCase.patient_id.in_(rows_of_person(work.session, patient_id)),
        GreenChannelCase.closed_at.is_(None),
        GreenChannelCase.opened_at > work.now - window,
    )
    return work.session.execute(query.order_by(GreenChannelCase.id.desc()).limit(1)).scalar_one_or_none()


def _raise_all(work: UnitOfWork, actor: Actor, case: GreenChannelCase, reason: str) -> None:
    """Every study of the person that came within the window; those that are still coming are P0 when they are whole."""
    window = timedelta(hours=terms_now(work).policy.content.green_channel.window_hours)
    rows = rows_of_person(work.session, case.patient_id)
    came = select(Study).where(Study.patient_id.in_(rows), Study.last_received_at > work.now - window)
    studies = work.session.execute(came.order_by(Study.id).with_for_update(of=Study, key_share=True)).scalars().all()
    for study in studies:
        if study.state == StudyState.RECEIVING:
            study.priority, study.ready_check_at = Priority.P0, work.now
    open_tasks = select(ReadingTask.id).where(
        ReadingTask.study_id.in_([study.id for study in studies]), ReadingTask.state.not_in(CLOSED_STATES)
    )
    for task_id in work.session.execute(open_tasks.order_by(ReadingTask.id)).scalars().all():
        raise_to_green_channel(work, task_id, actor, case.id, told_of(case), reason or case.kind)


def _locked(work: UnitOfWork, actor: Actor, case_id: int) -> GreenChannelCase:
    require_role(actor, Action.PRIORITISE)
    query = select(GreenChannelCase).where(GreenChannelCase.id == case_id).with_for_update()
    found = work.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such green-channel case.")
    require_own_institution(actor, found.institution_id)
    return found


def _milestones(work: UnitOfWork, case: GreenChannelCase) -> dict[Milestone, GreenChannelMilestone]:
    query = select(GreenChannelMilestone).where(GreenChannelMilestone.case_id == case.id)
    return {Milestone(row.name): row for row in work.session.execute(query).scalars()}


def _require_plausible(
    known: dict[Milestone, GreenChannelMilestone], name: Milestone, at: datetime, now: datetime
) -> None:
    order = list(Milestone)
    before = [row.at for other, row in known.items() if order.index(other) < order.index(name)]
    after = [row.at for other, row in known.items() if order.index(other) > order.index(name)]
    if at > now + _CLOCK_ERROR:
        raise Invalid("That moment has not come yet.")
    if any(moment > at for moment in before) or any(moment < at for moment in after):
        raise Invalid(f"The moment of {name} does not fit between the others: check the times.")


def _audit(work: UnitOfWork, actor: Actor, what: str, case: GreenChannelCase, detail: dict[str, object]) -> None:
    record(
        work.session, AuditEntry(work.now, actor.username, f"green_channel.{what}", f"green_channel:{case.id}", detail)
    )
