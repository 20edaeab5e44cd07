"""Brings a task into any state by the door, and takes any action on it."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from reading_queue import service
from reading_queue.service import SYSTEM
from reading_queue.service.stepping import allow_locked, locked
from storage.db.models import ReadingTask, Result
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
    """A new task that has come into `state` as tasks do; an ECG, for which one signature will do."""
    task = county.task(modality="ECG")
    prepared = _WAYS[state](county, task)
    prepared.task = county.reload(task)
    assert prepared.task.state == state
    return prepared


def _queued(county: County, task: ReadingTask) -> Prepared:
    return Prepared(county, task)


def _assigned(county: County, task: ReadingTask) -> Prepared:
    with county.write() as work:
        service.assign(work, task.id, county.actor("manager"), county.user("radiologist"))
    return Prepared(county, task)


def _reading(county: County, task: ReadingTask) -> Prepared:
    return Prepared(county, task, "radiologist", county.claim(task, "radiologist").token)


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
    S.QUEUED: _queued,
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


def take(prepared: Prepared, action: Action) -> None:
    """Take the action as the person who usually does; refusals pass through."""
    _ACTIONS[action](prepared)


def _by_system(action: Action) -> Callable[[Prepared], None]:
    def step(prepared: Prepared) -> None:
        with prepared.county.write() as work:
            allow_locked(work, locked(work, prepared.id), SYSTEM, action).take()

    return step


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


_ACTIONS: dict[Action, Callable[[Prepared], None]] = {
    Action.OPEN: _by_system(Action.OPEN),
    Action.ASSIGN: _assign,
    Action.CLAIM: _claim,
    Action.RESUME: _resume,
    Action.HEARTBEAT: _as_holder(service.heartbeat, lease_minutes=LEASE_MINUTES),
    Action.RELEASE: _as_holder(service.release, "不在班"),
    Action.EXPIRE: _by_system(Action.EXPIRE),
    Action.SUBMIT: _as_holder(service.submit, REPORT),
    Action.SIGN: _as_holder(service.sign, REPORT),
    Action.REJECT: _as_holder(service.reject, "描述不全"),
    Action.RETURN: _as_holder(service.return_for_retake, "POSITION", "体位不正"),
    Action.RETAKEN: _as("clinic01", service.retaken, "患者已离院"),
    Action.LATE_IMAGES: _by_system(Action.LATE_IMAGES),
    Action.ASK: _as_holder(service.ask, "有无外伤史？"),
    Action.ANSWER: _as("clinic01", service.answer, "无"),
    Action.DECLINE: _as("manager", service.decline, "本中心不开展"),
    Action.CANCEL: _as("manager", service.cancel, "重复检查"),
    Action.RECEIPT: _receipt,
    Action.AMEND: _as("auditor2", service.amend, REPORT, "更正错字"),
    Action.WITHDRAW: _as("manager", service.withdraw, "患者身份错误"),
    Action.PRIORITISE: _as("manager", service.prioritise, Priority.P1, "转急诊"),
    Action.ESCALATE: _by_system(Action.ESCALATE),
}
assert set(_ACTIONS) == set(Action)
assert set(_WAYS) == set(TaskState)
