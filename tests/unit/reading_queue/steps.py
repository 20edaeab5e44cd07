"""Brings a task into any state by the door, and takes any action on it."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import String, select

from reading_queue import service
from reading_queue.rulebook import publish
from reading_queue.service import SYSTEM
from reading_queue.service.stepping import allow_locked, locked
from reading_queue.signatures import SIGNATURES
from reading_queue.transitions import ISSUED_STATES
from storage.db.models import Consultation, ExamOrder, ReadingTask, Result, Study
from storage.domain.readiness import ReadyTimes
from storage.domain.reading import Action, Priority, TaskState
from tests.unit.reading_queue.county import LEASE_MINUTES, REPORT, County

S = TaskState


@dataclass
class Prepared:
    """A task in some state, with the live lease and its holder where there is one."""

    county: County
    task: ReadingTask
    holder: str = "radiologist"
    token: str = ""

    @property
    def id(self) -> int:
        return self.task.id


def prepare(county: County, state: TaskState) -> Prepared:
    """A new task that has come into `state` as tasks do; an ECG, for which one signature will do, urgent once it is in hand."""
    if state == S.READ:
        read_ecgs_twice(county)
    task = contradicting(county) if state == S.RECON_HOLD else county.task(modality="ECG")
    prepared = _WAYS[state](county, task)
    prepared.task = county.reload(task)
    assert prepared.task.state == state
    return prepared


def contradicting(county: County, priority: Priority = Priority.P2, **order: str) -> ReadingTask:
    """The task of a study whose order, by its number, is for somebody of another sex; or for what `order` says."""
    study_id = county.study(modality="ECG", priority=priority)
    with county.database.write() as work:
        study = work.session.get_one(Study, study_id)
        work.session.add(exam_order(study, **{"sex": "F", **order}))
    county.clock.advance(seconds=11)
    with county.database.write() as work:
        service.open_ready_studies(work, ReadyTimes(idle=10))
        return work.session.execute(select(ReadingTask).where(ReadingTask.study_id == study_id)).scalar_one()


def exam_order(study: Study, **changed: object) -> ExamOrder:
    """The order that a study seems to have come for."""
    told = {
        "institution_id": study.institution_id,
        "accession_number": study.accession_number,
        "patient_id": "",
        "patient_name": "张三",
        "sex": "M",
        "birth_date": "",
        "modality": study.modality,
        "scheduled_at": study.first_received_at,
        "state": "scheduled",
        "priority": study.priority,
        "created_at": study.first_received_at,
        "updated_at": study.first_received_at,
        "version": 1,
    }
    values = {**told, **changed}
    empty = {
        column.name: ""
        for column in ExamOrder.__table__.columns
        if not column.nullable and column.name not in {"id", *values} and isinstance(column.type, String)
    }
    return ExamOrder(**{**empty, **values})


def read_ecgs_twice(county: County) -> None:
    """From now on every ECG is read by two who know nothing of each other."""
    with county.database.write() as work:
        twice = {**SIGNATURES.shipped, "double_reading": [{"modalities": ["ECG"]}]}
        publish(work, county.actor("manager"), SIGNATURES, twice)


def _read(county: County, task: ReadingTask) -> Prepared:
    county.drafted(task)
    return Prepared(county, task)


def _consult(county: County, task: ReadingTask) -> Prepared:
    prepared = _reading(county, task)
    take(prepared, Action.CONSULT)
    return prepared


def _closed(county: County, task: ReadingTask) -> Prepared:
    prepared = _delivered(county, task)
    take(prepared, Action.CLOSE)
    return prepared


def _queued(county: County, task: ReadingTask) -> Prepared:
    return Prepared(county, task)


def _assigned(county: County, task: ReadingTask) -> Prepared:
    with county.write() as work:
        service.assign(work, task.id, county.actor("manager"), county.user("radiologist"))
    return Prepared(county, task)


def _reading(county: County, task: ReadingTask) -> Prepared:
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.prioritise(work, task.id, county.actor("manager"), Priority.P1, "急诊")
    return Prepared(county, task, "radiologist", token)


def _retake_wait(county: County, task: ReadingTask) -> Prepared:
    prepared = _reading(county, task)
    take(prepared, Action.RETURN)
    return prepared


def _info_wait(county: County, task: ReadingTask) -> Prepared:
    prepared = _reading(county, task)
    take(prepared, Action.ASK)
    return prepared


def _drafted(county: County, task: ReadingTask) -> Prepared:
    county.drafted(task)
    return Prepared(county, task)


def _auditing(county: County, task: ReadingTask) -> Prepared:
    county.drafted(task)
    return Prepared(county, task, "auditor", county.claim(task, "auditor").token)


def _rework(county: County, task: ReadingTask) -> Prepared:
    prepared = _auditing(county, task)
    take(prepared, Action.REJECT)
    return prepared


def _signed(county: County, task: ReadingTask) -> Prepared:
    county.signed(task)
    return Prepared(county, task)


def _delivered(county: County, task: ReadingTask) -> Prepared:
    prepared = _signed(county, task)
    take(prepared, Action.AMEND)
    take(prepared, Action.RECEIPT)
    return prepared


def _cancelled(county: County, task: ReadingTask) -> Prepared:
    prepared = Prepared(county, task)
    take(prepared, Action.CANCEL)
    return prepared


def _declined(county: County, task: ReadingTask) -> Prepared:
    prepared = Prepared(county, task)
    take(prepared, Action.DECLINE)
    return prepared


_WAYS: dict[TaskState, Callable[[County, ReadingTask], Prepared]] = {
    S.RECON_HOLD: _queued,
    S.QUEUED: _queued,
    S.CONSULT: _consult,
    S.READ: _read,
    S.CLOSED: _closed,
    S.ASSIGNED: _assigned,
    S.READING: _reading,
    S.RETAKE_WAIT: _retake_wait,
    S.INFO_WAIT: _info_wait,
    S.DRAFTED: _drafted,
    S.AUDITING: _auditing,
    S.REWORK: _rework,
    S.SIGNED: _signed,
    S.DELIVERED: _delivered,
    S.CANCELLED: _cancelled,
    S.DECLINED: _declined,
}


def is_beside_the_table(state: TaskState, action: Action) -> bool:
    """What depends on more than state and action, and has tests of its own: a receipt for a preliminary report, a new reading
    after a withdrawal, what a consultant does (he is offered it with the consultation), the same thing said twice.
    """
    return (
        (action == Action.RECEIPT and state not in ISSUED_STATES)
        or action in (Action.REREAD, Action.OPINION, Action.DECLINE_CONSULT)
        or (state, action) in ((S.CANCELLED, Action.CANCEL), (S.DECLINED, Action.DECLINE))
    )


def take(prepared: Prepared, action: Action) -> None:
    """Take the action as the person who usually does; refusals pass through."""
    _ACTIONS[action](prepared)


def _by_system(action: Action) -> Callable[[Prepared], None]:
    def step(prepared: Prepared) -> None:
        with prepared.county.write() as work:
            allow_locked(work, locked(work, prepared.id), SYSTEM, action).take()

    return step


def _expire(prepared: Prepared) -> None:
    if prepared.task.state != S.CONSULT:
        _by_system(Action.EXPIRE)(prepared)
        return
    prepared.county.clock.advance(hours=24)
    with prepared.county.write() as work:
        service.follow_consultations(work)


def _assign(prepared: Prepared) -> None:
    with prepared.county.write() as work:
        reader = prepared.county.user("radiologist2")
        service.assign(work, prepared.id, prepared.county.actor("manager"), reader)


def _claim(prepared: Prepared) -> None:
    name = "auditor" if prepared.task.state in (S.DRAFTED, S.AUDITING) else "radiologist"
    prepared.county.claim(prepared.task, name)


def _as_holder(call: Callable[..., object], *arguments: object, **options: object) -> Callable[[Prepared], None]:
    def step(prepared: Prepared) -> None:
        with prepared.county.write() as work:
            actor = prepared.county.actor(prepared.holder)
            call(work, prepared.id, actor, prepared.token, *arguments, **options)

    return step


def _resume(prepared: Prepared) -> None:
    with prepared.county.write() as work:
        service.resume(work, prepared.id, prepared.county.actor(prepared.holder), lease_minutes=LEASE_MINUTES)


def _as(username: str, call: Callable[..., object], *arguments: object) -> Callable[[Prepared], None]:
    def step(prepared: Prepared) -> None:
        with prepared.county.write(username) as work:
            call(work, prepared.id, prepared.county.actor(username), *arguments)

    return step


def _receipt(prepared: Prepared) -> None:
    with prepared.county.write("clinic01") as work:
        seq = _unconfirmed_seq(prepared)
        service.receipt(work, seq, prepared.county.actor("clinic01"), "王护士")


def _unconfirmed_seq(prepared: Prepared) -> int:
    query = select(Result).where(Result.task_id == prepared.id, ~Result.receipt.has()).order_by(Result.seq.desc())
    with prepared.county.database.read() as work:
        result = work.session.execute(query.limit(1)).scalar_one_or_none()
    return result.seq if result else 0


def _asked(prepared: Prepared) -> int:
    query = select(Consultation.id).where(Consultation.task_id == prepared.id).order_by(Consultation.id.desc())
    with prepared.county.database.read() as work:
        return work.session.execute(query.limit(1)).scalar_one_or_none() or 0


def _as_consultant(call: Callable[..., object], words: str) -> Callable[[Prepared], None]:
    def step(prepared: Prepared) -> None:
        with prepared.county.write("consultant") as work:
            call(work, _asked(prepared), prepared.county.actor("consultant"), words)

    return step


_ACTIONS: dict[Action, Callable[[Prepared], None]] = {
    Action.OPEN: _by_system(Action.OPEN),
    Action.RECONCILE: _as("manager", service.reconcile, "已电话核对"),
    Action.ASSIGN: _assign,
    Action.CLAIM: _claim,
    Action.RESUME: _resume,
    Action.HEARTBEAT: _as_holder(service.heartbeat, lease_minutes=LEASE_MINUTES),
    Action.RELEASE: _as_holder(service.release, "不在班"),
    Action.EXPIRE: _expire,
    Action.SUBMIT: _as_holder(service.submit, REPORT),
    Action.PRELIMINARY: _as_holder(service.issue_preliminary, REPORT),
    Action.SIGN: _as_holder(service.sign, REPORT),
    Action.REJECT: _as_holder(service.reject, "描述不全"),
    Action.RETURN: _as_holder(service.return_for_retake, "POSITION", "体位不正"),
    Action.RETAKEN: _as("clinic01", service.retaken, "患者已离院"),
    Action.LATE_IMAGES: _by_system(Action.LATE_IMAGES),
    Action.ASK: _as_holder(service.ask, "有无外伤史？"),
    Action.ANSWER: _as("clinic01", service.answer, "无"),
    Action.CONSULT: _as_holder(service.consult, "u01", "请会诊"),
    Action.OPINION: _as_consultant(service.give_opinion, "同意"),
    Action.DECLINE_CONSULT: _as_consultant(service.decline_consultation, "专业不符"),
    Action.RECALL: _as("manager", service.recall, "不再等待"),
    Action.DECLINE: _as("manager", service.decline, "本中心不开展"),
    Action.CANCEL: _as("manager", service.cancel, "重复检查"),
    Action.RECEIPT: _receipt,
    Action.AMEND: _as("auditor2", service.amend, REPORT, "更正错字"),
    Action.WITHDRAW: _as("manager", service.withdraw, "患者身份错误"),
    Action.REREAD: _as("manager", service.reread, "重新阅片"),
    Action.CLOSE: _by_system(Action.CLOSE),
    Action.PRIORITISE: _as("manager", service.prioritise, Priority.P0, "转急诊"),
    Action.ESCALATE: _by_system(Action.ESCALATE),
}
assert set(_ACTIONS) == set(Action)
assert set(_WAYS) == set(TaskState)
