"""Studies that contradict the order they came for: held until somebody has looked, but never an emergency, and never dropped."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Select, exists, or_, select

from reading_queue.course import COURSE
from reading_queue.notices import About, Audience, notify
from reading_queue.rulebook import in_force
from reading_queue.service.actors import Actor
from reading_queue.service.stepping import allow, audit, by_system, locked
from storage.db.models import ExamOrder, Institution, Patient, ReadingTask, Study
from storage.db.session import UnitOfWork
from storage.domain.reading import Action, Priority, Role, TaskState
from storage.ingest.identity import PatientIdentity, is_same_person

_URGENT = (Priority.P0, Priority.P1)
_BATCH = 200
_NOBODY = PatientIdentity("", "", "", "")

OTHER_CLINIC = "other_clinic"


def contradictions(work: UnitOfWork, study: Study) -> tuple[str, ...]:
    """How the study contradicts its order: `name`, `sex`, `birth_date`, or `other_clinic` for another clinic's number.

    Its order is the one that it was matched with, or the one of its clinic with its accession number.
    """
    orders = work.session.execute(_orders(study)).scalars().all()
    if not orders:
        return (OTHER_CLINIC,) if _is_numbered_elsewhere(work, study) else ()
    patient = work.session.get_one(Patient, study.patient_id)
    return tuple(dict.fromkeys(word for order in orders for word in _differences(order, patient)))


def hold(work: UnitOfWork, study: Study, task: ReadingTask) -> None:
    """Have a new task, not written yet, begin where it must: an emergency that contradicts its order with a warning alone."""
    task.mismatch = " ".join(contradictions(work, study))
    if task.mismatch and task.priority not in _URGENT:
        task.state, task.paused_since, task.next_escalation_at = TaskState.RECON_HOLD, work.now, None


def tell_of_mismatch(work: UnitOfWork, task: ReadingTask, round_: int = 0) -> None:
    """The clinic and the centre's managers must look whose study it is."""
    kind = "case.held" if task.state == TaskState.RECON_HOLD else "case.mismatch"
    manager = Audience(roles=frozenset({Role.MANAGER}))
    clinic = Audience(roles=frozenset({Role.CLINIC}), institution_id=task.institution_id)
    for side, audience in (("centre", manager), ("clinic", clinic)):
        notify(
            work,
            kind,
            audience,
            About(task_id=task.id, study_id=task.study_id),
            key=f"{kind}:{task.id}:{side}:{round_}",
            params={"mismatch": task.mismatch, "modality": task.modality},
        )


def reconcile(work: UnitOfWork, task_id: int, actor: Actor, reason: str) -> ReadingTask:
    """Somebody has looked, and says why it may be read: the clinic, an auditing physician or the manager. Clock B begins now."""
    allowed = allow(work, task_id, actor, Action.RECONCILE, reason=reason)
    audit(work, actor, Action.RECONCILE, allowed.task, mismatch=allowed.task.mismatch, reason=allowed.reason)
    return allowed.take({"mismatch": allowed.task.mismatch}, mismatch="")


def follow_holds(work: UnitOfWork) -> int:
    """Read what has become urgent with a warning, and call the others to mind. Returns how many are held."""
    query = select(ReadingTask.id).where(ReadingTask.state == TaskState.RECON_HOLD)
    held = work.session.execute(query.order_by(ReadingTask.due_at).limit(_BATCH)).scalars().all()
    remind = in_force(work, COURSE).content.span("hold_remind")
    for task_id in held:
        task = locked(work, task_id)
        if task.state != TaskState.RECON_HOLD:
            continue
        if task.priority in _URGENT:
            by_system(work, task, Action.RECONCILE, "urgent: read at once, with a warning").take(
                {"mismatch": task.mismatch}
            )
        elif (rounds := (work.now - task.state_since) // remind) > 0:
            tell_of_mismatch(work, task, rounds)
    return len(held)


def _orders(study: Study) -> Select[ExamOrder]:
    of_the_study = ExamOrder.study_id == study.id
    if not study.accession_number:
        return select(ExamOrder).where(of_the_study)
    numbered = (
        (ExamOrder.institution_id == study.institution_id)
        & (ExamOrder.accession_number == study.accession_number)
        & ExamOrder.study_id.is_(None)
    )
    return select(ExamOrder).where(or_(of_the_study, numbered)).order_by(ExamOrder.id)


def _differences(order: ExamOrder, patient: Patient) -> Iterator[str]:
    for word, ours, theirs in (
        ("name", order.patient_name, patient.name),
        ("sex", order.sex, patient.sex),
        ("birth_date", order.birth_date, patient.birth_date),
    ):
        if not is_same_person(_only(word, ours), _only(word, theirs)):
            yield word


def _only(word: str, value: str) -> PatientIdentity:
    """Somebody of whom nothing is known but this, compared as the matching of orders does."""
    return replace(_NOBODY, **{word: value})


def _is_numbered_elsewhere(work: UnitOfWork, study: Study) -> bool:
    """Whether the number was made for another clinic: it begins with that clinic's code, as numbers that are made here do."""
    if not study.accession_number:
        return False
    clinics = select(Institution.id, Institution.code).where(Institution.id != study.institution_id)
    named = [key for key, code in work.session.execute(clinics) if study.accession_number.startswith(code[:7].upper())]
    theirs = exists().where(ExamOrder.institution_id.in_(named), ExamOrder.accession_number == study.accession_number)
    return bool(named) and bool(work.session.execute(select(theirs)).scalar_one())
