"""Marks on the median beat that a physician sets: kept apart from what was measured, version after version."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from reading_queue.preprocessing.ecg.measuring.intervals import between
from reading_queue.preprocessing.ecg.measuring.results import Fiducials
from reading_queue.service.actors import Actor
from reading_queue.service.guards import may_see_draft, require_lease, require_own_institution, require_role
from reading_queue.service.stepping import locked
from reading_queue.transitions import ISSUED_STATES
from storage.audit import AuditEntry, record
from storage.db.models import EcgMarks, EcgMeasurement, Instance, ReadingTask
from storage.db.queries import ecg as queries
from storage.db.queries.ecg_marks import is_adjudicated, latest_version
from storage.db.session import UnitOfWork
from storage.domain.errors import Invalid, InvalidField, NotFound, StaleMarks
from storage.domain.reading import Action, Role

_VALUES = (
    "hr",
    "p_ms",
    "pr_ms",
    "qrs_ms",
    "qt_ms",
    "qtc_bazett_ms",
    "qtc_fridericia_ms",
    "qtc_framingham_ms",
    "qtc_hodges_ms",
)


@dataclass(frozen=True, slots=True)
class Marks:
    """Samples of the median beat. A wave that is not there has no marks."""

    qrs_on: int
    qrs_off: int
    p_on: int | None = None
    p_off: int | None = None
    t_off: int | None = None

    def require_order(self, samples: int) -> None:
        """Raise `InvalidField` unless the marks lie within the beat, in the order of the waves, the two of a P together."""
        if (self.p_on is None) != (self.p_off is None):
            raise InvalidField("p_off", "must be there when p_on is, and only then.")
        last: tuple[str, int] | None = None
        for name in ("p_on", "p_off", "qrs_on", "qrs_off", "t_off"):
            at: int | None = getattr(self, name)
            if at is None:
                continue
            if not 0 <= at < samples:
                raise InvalidField(name, f"must be from 0 to {samples - 1}.")
            touches = last is not None and last[0] == "p_off"
            if last is not None and (at < last[1] if touches else at <= last[1]):
                raise InvalidField(name, f"must come after {last[0]}.")
            last = name, at


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody wants to keep: the recording, the version of this task's marks that it rests on, and the marks.

    None for marks says that what was measured holds again.
    """

    sop_instance_uid: str
    based_on: int
    marks: Marks | None


def keep_marks(work: UnitOfWork, task_id: int, actor: Actor, lease_token: str, kept: Kept) -> EcgMarks:
    """A new version of a task's marks, with the intervals computed here. Only who has the case in hand keeps marks.

    Raises `StaleLease`, `StaleMarks`, `NotFound`, `Invalid`.
    """
    require_role(actor, Action.SUBMIT)
    task = locked(work, task_id)
    require_own_institution(actor, task.institution_id)
    require_lease(work, task, actor, lease_token)
    measured = _measured(work, task, kept.sop_instance_uid)
    version = latest_version(work, task.id, measured.instance_id)
    if kept.based_on != version:
        raise StaleMarks(version)
    if kept.marks is None and version == 0:
        raise Invalid("There are no marks to go back from.")
    row = _row(work, task, actor, measured, kept.marks)
    row.version = version + 1
    _add(work, row)
    _audit(work, actor, row, kept)
    return row


def fits(row: EcgMarks, measured: EcgMeasurement) -> bool:
    """Whether the marks lie on the median beat of this measurement, and may be shown on it."""
    return row.measurement_id == measured.id and row.source_sha256 == measured.source_sha256


def visible_marks(work: UnitOfWork, rows: Sequence[EcgMarks], actor: Actor) -> list[EcgMarks]:
    """Those that the actor may see: of signed reports, and of drafts that he may see; never those of the other independent reader."""
    apart = {row.study_id for row in rows if row.task.independent}
    decided = {study_id for study_id in apart if is_adjudicated(work, study_id)}
    return [row for row in rows if _may_see(row, actor, decided)]


def _may_see(row: EcgMarks, actor: Actor, decided: Collection[int]) -> bool:
    task = row.task
    if task.independent and row.study_id not in decided:
        return actor.role == Role.MANAGER or row.made_by_id == actor.user_id
    return task.state in ISSUED_STATES or may_see_draft(task, actor)


def _measured(work: UnitOfWork, task: ReadingTask, sop_instance_uid: str) -> EcgMeasurement:
    """The measurement whose median beat the marks are for."""
    of_study = Instance.study_id == task.study_id, Instance.sop_instance_uid == sop_instance_uid
    instance_id = work.session.execute(select(Instance.id).where(*of_study)).scalar_one_or_none()
    if instance_id is None:
        raise NotFound("The study has no such ECG.")
    row = queries.latest_measurements(work, task.study_id).get(instance_id)
    if row is None or row.state != queries.DONE or row.document["measurements"]["median"] is None:
        raise Invalid("This ECG has no median beat to set marks on.")
    return row


def _row(work: UnitOfWork, task: ReadingTask, actor: Actor, measured: EcgMeasurement, marks: Marks | None) -> EcgMarks:
    row = EcgMarks(
        institution_id=task.institution_id,
        task_id=task.id,
        study_id=task.study_id,
        instance_id=measured.instance_id,
        measurement_id=measured.id,
        source_sha256=measured.source_sha256,
        made_by_id=actor.user_id,
        made_at=work.now,
    )
    if marks is None:
        return row
    beat = measured.document["measurements"]["median"]["microvolts"]
    marks.require_order(max((len(samples) for samples in beat.values()), default=0))
    for name, at in asdict(marks).items():
        setattr(row, name, at)
    values = between(Fiducials(**asdict(marks)), measured.hr)
    for name in _VALUES:
        setattr(row, name, getattr(values, name))
    return row


def _add(work: UnitOfWork, row: EcgMarks) -> None:
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError as error:
        raise StaleMarks(row.version) from error


def _audit(work: UnitOfWork, actor: Actor, row: EcgMarks, kept: Kept) -> None:
    detail = {
        "sop_instance_uid": kept.sop_instance_uid,
        "version": row.version,
        "marks": asdict(kept.marks) if kept.marks else None,
    }
    record(work.session, AuditEntry(work.now, actor.username, "ecg_marks_kept", f"task:{row.task_id}", detail))
