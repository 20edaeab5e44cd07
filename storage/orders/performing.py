"""Performed procedure steps (PS3.4 F.7): begun, added to, and ended once for all; orders and studies learn of it."""

from datetime import datetime, tzinfo

from storage.db.models import PerformedStep
from storage.db.queries.performed_steps import orders_of, step_by_uid
from storage.db.queries.reception import KnownDevice
from storage.db.queries.signals import record_signal
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.errors import Conflict, FinalStep
from storage.domain.orders import OrderAction, StepState
from storage.domain.readiness import SignalKind
from storage.ingest.times import parse_date_and_time
from storage.orders import reports
from storage.orders.reports import Report
from storage.orders.states import advance

_ACTIONS = {
    StepState.IN_PROGRESS: OrderAction.START,
    StepState.COMPLETED: OrderAction.COMPLETE,
    StepState.DISCONTINUED: OrderAction.DISCONTINUE,
}
_SIGNALS = {StepState.COMPLETED: SignalKind.PERFORMED, StepState.DISCONTINUED: SignalKind.DISCONTINUED}
_LONGEST = 64


def begin_step(work: UnitOfWork, device: KnownDevice, uid: str, report: Report, zone: tzinfo) -> PerformedStep:
    """A step that `device` has begun; its orders are started.

    Raises `MissingAttribute` or `Invalid` for a report that cannot be a step, `Conflict` for a UID that is taken.
    """
    new = {
        "institution_id": device.institution_id,
        "sop_instance_uid": uid,
        "device_id": device.id,
        "state": reports.initial_state(report),
        "step_id": reports.text(report, reports.STEP_ID)[:_LONGEST],
        "modality": (reports.text(report, reports.MODALITY) or device.modality)[:_LONGEST],
        "patient_id": reports.text(report, reports.PATIENT_ID)[:_LONGEST],
        "studies": reports.studies_of(report),
        "accession_numbers": reports.accession_numbers_of(report),
        "objects": reports.objects_of(report),
        "faults": reports.faults_at_the_start(report),
        "attributes": dict(report),
        "started_at": _moment(report, reports.START_DATE, reports.START_TIME, zone),
        "created_at": work.now,
        "updated_at": work.now,
    }
    if not insert_missing(work.session, PerformedStep, [new], PerformedStep.id):
        raise Conflict("A performed procedure step has this UID already.")
    step = step_by_uid(work, uid)
    _tell_orders(work, step)
    return step


def update_step(work: UnitOfWork, uid: str, report: Report, zone: tzinfo) -> PerformedStep:
    """Add to a step what is told now, and end it when that is told.

    Raises `NotFound`, `FinalStep` for one that has ended, `Invalid` for a status that is none.
    """
    step = step_by_uid(work, uid)
    if step.state != StepState.IN_PROGRESS:
        raise FinalStep
    state = reports.state_of(report) or StepState.IN_PROGRESS
    told = {tag: value for tag, value in report.items() if tag not in reports.SAID_ONCE or tag not in step.attributes}
    step.attributes = {**step.attributes, **told}
    step.objects = reports.objects_of(step.attributes)
    step.state, step.updated_at = state, work.now
    if state is not StepState.IN_PROGRESS:
        _end(work, step, zone)
    return step


def _end(work: UnitOfWork, step: PerformedStep, zone: tzinfo) -> None:
    step.ended_at = _moment(step.attributes, reports.END_DATE, reports.END_TIME, zone) or work.now
    step.faults = [*step.faults, *reports.faults_at_the_end(step.attributes)]
    work.session.flush()
    # Studies are locked before orders, as where a study arrives.
    for study in step.studies:
        record_signal(
            work,
            kind=_SIGNALS[StepState(step.state)],
            device_id=step.device_id,
            institution_id=step.institution_id,
            study_instance_uid=study,
            objects=step.objects,
        )
    _tell_orders(work, step)


def _tell_orders(work: UnitOfWork, step: PerformedStep) -> None:
    for order in orders_of(work, step):
        advance(work, order, _ACTIONS[StepState(step.state)], f"device:{step.device_id}", {"performed_step": step.id})


def _moment(report: Report, date: str, time: str, zone: tzinfo) -> datetime | None:
    return parse_date_and_time(reports.text(report, date), reports.text(report, time), zone)
