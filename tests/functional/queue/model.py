"""Random people, crashes and jumps of the clock against one database, beside a model that knows nothing of the product's table.

The model keeps what it can tell for certain: who holds which lease until when, what was issued, how many results the clinic
has. After each step it looks whether the invariants hold (docs/architecture.md): I2 one open task a step, I3 one live lease
and no write without it, I4 events tell the whole way, I5 versions never change, I6 results without a gap.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from reading_queue import service
from reading_queue.service import ReportContent
from storage.db.models import Draft, ReadingTask, ReportVersion, Result, TaskEvent
from storage.db.queries.results import numbering_faults
from storage.db.session import UnitOfWork
from storage.domain.canonical import canonical_json, sha256_hex
from storage.domain.errors import CountyReadError
from storage.domain.reading import CLOSED_STATES, Priority
from tests.unit.reading_queue.county import LEASE_MINUTES, REPORT, County

GRACE = timedelta(minutes=2)
_READERS = st.sampled_from(["radiologist", "radiologist2", "auditor", "auditor2"])
_CRASHES = st.sampled_from([False, False, False, True])
_JUMPS = st.sampled_from([1, 30, 60 * 9, 60 * 11, 60 * 13, 3600 * 25])


class _Crash(Exception):
    """The process dies before it commits."""


def _die(crash: bool) -> None:  # noqa: FBT001 - what was drawn
    if crash:
        raise _Crash


@dataclass
class Lease:
    """What the model knows of a lease."""

    holder: str
    token: str
    expires_at: datetime
    over: bool = False

    def is_live(self, now: datetime) -> bool:
        return not self.over and now < self.expires_at + GRACE


@dataclass
class Known:
    """What the model knows of a task; `leases` are all that were ever given."""

    study_id: int
    leases: list[Lease] = field(default_factory=list)
    versions: dict[int, str] = field(default_factory=dict)

    def live(self, now: datetime) -> list[Lease]:
        return [lease for lease in self.leases if lease.is_live(now)]


class Reading(RuleBasedStateMachine):
    """`county` is set by the test."""

    county: County

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[int, Known] = {}

    @initialize(priority=st.sampled_from(list(Priority)))
    def studies_come(self, priority: Priority) -> None:
        for modality in ("ECG", "CT"):
            task = self.county.task(modality=modality, priority=priority)
            self.known[task.id] = Known(task.study_id)
            self._take(task.id, "radiologist")
            self.county.clock.advance(minutes=14)
        self._take(min(self.known), "radiologist2")

    @rule(who=_READERS, pick=st.integers(0, 9), crash=_CRASHES)
    def claim(self, who: str, pick: int, *, crash: bool) -> None:
        self._take(self._pick(pick), who, crash=crash)

    @rule(who=_READERS, crash=_CRASHES)
    def next_case(self, who: str, *, crash: bool) -> None:
        lease = self._do(
            lambda work: service.next_task(work, self.county.actor(who), lease_minutes=LEASE_MINUTES), crash=crash
        )
        if lease is not None and lease.task.id in self.known:
            now = self._now()
            assert not [one for one in self.known[lease.task.id].live(now) if now < one.expires_at]
            self._granted(lease.task.id, who, lease.token, lease.expires_at)

    @rule(pick=st.integers(0, 9), crash=_CRASHES, words=st.text("阴阳影", max_size=3))
    def save(self, pick: int, words: str, *, crash: bool) -> None:
        content = ReportContent(words, words)
        self._with_lease(pick, lambda w, i, a, t: service.save_draft(w, i, a, t, content), crash=crash, ends=False)

    @rule(pick=st.integers(0, 9), crash=_CRASHES)
    def heartbeat(self, pick: int, *, crash: bool) -> None:
        def beat(work: UnitOfWork, task_id: int, actor: service.Actor, token: str) -> object:
            return service.heartbeat(work, task_id, actor, token, lease_minutes=LEASE_MINUTES)

        lease = self._with_lease(pick, beat, crash=crash, ends=False)
        if lease is not None:
            lease.expires_at = self._now() + timedelta(minutes=LEASE_MINUTES)

    @rule(
        pick=st.integers(0, 9),
        crash=_CRASHES,
        verb=st.sampled_from(["submit", "release", "sign", "reject", "return", "ask", "consult"]),
    )
    def hand_over(self, pick: int, verb: str, *, crash: bool) -> None:
        self._with_lease(pick, _VERBS[verb], crash=crash, ends=True)

    @rule(pick=st.integers(0, 9), crash=_CRASHES)
    def preliminary(self, pick: int, *, crash: bool) -> None:
        def issue(work: UnitOfWork, task_id: int, actor: service.Actor, token: str) -> object:
            return service.issue_preliminary(work, task_id, actor, token, REPORT)

        self._with_lease(pick, issue, crash=crash, ends=False)

    @rule(pick=st.integers(0, 9), verb=st.integers(0, 7), crash=_CRASHES)
    def somebody_directs(self, pick: int, verb: int, *, crash: bool) -> None:
        name, call = _OTHERS[verb % len(_OTHERS)]
        task_id, actor = self._pick(pick), self.county.actor(name)
        self._do(lambda work: call(work, task_id, actor), crash=crash)
        self._notice_what_ended(task_id)

    @rule(seq=st.integers(1, 4), crash=_CRASHES)
    def clinic_confirms(self, seq: int, *, crash: bool) -> None:
        newest = self._results()[-seq:][:1]
        for number in newest:
            self._do(
                lambda work, number=number: service.receipt(work, number, self.county.actor("clinic01")), crash=crash
            )

    @rule(pick=st.integers(0, 9))
    def images_come_late(self, pick: int) -> None:
        task_id = self._pick(pick)
        self.county.late_image(self.known[task_id].study_id)
        self.county.task(modality="US")
        self._find_new_tasks()

    @rule(seconds=_JUMPS)
    def time_passes(self, seconds: int) -> None:
        self.county.clock.advance(seconds=seconds)

    @rule(crash=_CRASHES)
    def sweeps_run(self, *, crash: bool) -> None:
        for sweep in (
            service.expire_leases,
            service.escalate_due,
            service.follow_consultations,
            service.close_delivered,
        ):
            self._do(sweep, crash=crash)
        for task_id in self.known:
            self._notice_what_ended(task_id)

    @invariant()
    def i2_one_open_task_for_each_step(self) -> None:
        with self.county.database.read() as work:
            query = select(ReadingTask.study_id, ReadingTask.step).where(ReadingTask.state.not_in(CLOSED_STATES))
            found = Counter(work.session.execute(query).all())
        assert all(number == 1 for number in found.values())

    @invariant()
    def i3_the_only_lease_is_the_one_that_was_given_last(self) -> None:
        for task_id, known in self.known.items():
            task = self._task(task_id)
            given = {lease.token for lease in known.leases}
            if task.lease_token in given:
                assert task.lease_token == known.leases[-1].token
                assert task.reader_id == self.county.user(known.leases[-1].holder).id
            # What nobody was given (a case that came back from a consultation) nobody can show.

    @invariant()
    def i4_events_tell_the_whole_way(self) -> None:
        with self.county.database.read() as work:
            for task_id in self.known:
                query = select(TaskEvent).where(TaskEvent.task_id == task_id).order_by(TaskEvent.seq)
                events = work.session.execute(query).scalars().all()
                task = work.session.get_one(ReadingTask, task_id)
                assert [event.seq for event in events] == list(range(1, task.version + 1))
                assert all(one.to_state == other.from_state for one, other in pairwise(events))
                assert events[-1].to_state == task.state

    @invariant()
    def i5_what_was_issued_stays_as_it_was(self) -> None:
        with self.county.database.read() as work:
            for known in self.known.values():
                for version_id, sha256 in known.versions.items():
                    version = work.session.get_one(ReportVersion, version_id)
                    assert version.sha256 == sha256 == sha256_hex(canonical_json(version.content))
            for version in work.session.execute(select(ReportVersion)).scalars():
                known = self.known.get(version.content["report"]["task_id"])
                if known is not None:
                    known.versions.setdefault(version.id, version.sha256)

    @invariant()
    def i6_results_have_no_gap(self) -> None:
        with self.county.database.read() as work:
            assert numbering_faults(work) == []
        numbers = self._results()
        assert numbers == list(range(1, len(numbers) + 1))

    def _take(self, task_id: int, who: str, *, crash: bool = False) -> None:
        was_live = self.known[task_id].live(self._now())
        lease = self._do(
            lambda work: service.claim(work, task_id, self.county.actor(who), lease_minutes=LEASE_MINUTES), crash=crash
        )
        if lease is not None:
            assert not [one for one in was_live if self._now() < one.expires_at], "a live lease was given to another"
            self._granted(task_id, who, lease.token, lease.expires_at)

    def _with_lease(
        self,
        pick: int,
        call: Callable[[UnitOfWork, int, service.Actor, str], object],
        *,
        crash: bool,
        ends: bool,
    ) -> Lease | None:
        """Write with one of the leases that were ever given: only a live one may change anything."""
        given = [(task_id, lease) for task_id, known in sorted(self.known.items()) for lease in known.leases]
        if not given:
            return None
        task_id, lease = given[pick % len(given)]
        is_live, before = lease.is_live(self._now()), self._row(task_id)
        done = self._do(lambda work: call(work, task_id, self.county.actor(lease.holder), lease.token), crash=crash)
        if done is None or not is_live:
            # What was refused, or said twice, has changed nothing.
            assert self._row(task_id) == before
            return None
        lease.over = ends
        self._notice_what_ended(task_id)
        return lease

    def _do(self, call: Callable[[UnitOfWork], object], *, crash: bool):  # type: ignore[no-untyped-def]
        """What the call returned; None when it was refused or the process died."""
        try:
            with self.county.write() as work:
                result = call(work)
                _die(crash)
        except (_Crash, CountyReadError):
            return None
        return result

    def _granted(self, task_id: int, who: str, token: str, expires_at: datetime) -> None:
        known = self.known[task_id]
        for lease in known.leases:
            lease.over = True
        known.leases.append(Lease(who, token, expires_at))

    def _notice_what_ended(self, task_id: int) -> None:
        """A step of somebody else may end a lease (cancelling, a sweep); none may begin one."""
        token = self._task(task_id).lease_token
        for lease in self.known[task_id].leases:
            lease.over = lease.over or lease.token != token

    def _find_new_tasks(self) -> None:
        studies = {known.study_id for known in self.known.values()}
        with self.county.database.read() as work:
            query = select(ReadingTask).where(ReadingTask.study_id.in_(studies))
            for task in work.session.execute(query).scalars():
                self.known.setdefault(task.id, Known(task.study_id))

    def _pick(self, number: int) -> int:
        return sorted(self.known)[number % len(self.known)]

    def _task(self, task_id: int) -> ReadingTask:
        with self.county.database.read() as work:
            return work.session.get_one(ReadingTask, task_id)

    def _row(self, task_id: int) -> tuple[object, ...]:
        with self.county.database.read() as work:
            task = work.session.execute(select(ReadingTask.__table__).where(ReadingTask.id == task_id)).one()
            draft = work.session.execute(select(Draft.__table__).where(Draft.task_id == task_id)).one_or_none()
        return (*task, *(draft or ()))

    def _results(self) -> list[int]:
        institution_id = self.county.user("clinic01").institution_id
        with self.county.database.read() as work:
            query = select(Result.seq).where(Result.institution_id == institution_id).order_by(Result.seq)
            return list(work.session.execute(query).scalars())

    def _now(self) -> datetime:
        return self.county.clock.now()


_VERBS: dict[str, Callable[[UnitOfWork, int, service.Actor, str], object]] = {
    "submit": lambda w, i, a, t: service.submit(w, i, a, t, REPORT),
    "release": service.release,
    "sign": lambda w, i, a, t: service.sign(w, i, a, t, REPORT),
    "reject": lambda w, i, a, t: service.reject(w, i, a, t, "描述不全"),
    "return": lambda w, i, a, t: service.return_for_retake(w, i, a, t, "POSITION", "体位不正"),
    "ask": lambda w, i, a, t: service.ask(w, i, a, t, "有无外伤史？"),
    "consult": lambda w, i, a, t: service.consult(w, i, a, t, "u01", "请会诊"),
}

_OTHERS: list[tuple[str, Callable[[UnitOfWork, int, service.Actor], object]]] = [
    ("manager", lambda w, i, a: service.prioritise(w, i, a, Priority.P1, "转急诊")),
    ("clinic01", lambda w, i, a: service.answer(w, i, a, "无")),
    ("clinic01", lambda w, i, a: service.retaken(w, i, a, "患者已离院")),
    ("auditor2", lambda w, i, a: service.amend(w, i, a, REPORT, "更正错字")),
    ("manager", lambda w, i, a: service.withdraw(w, i, a, "患者身份错误")),
    ("manager", lambda w, i, a: service.reread(w, i, a, "重新阅片")),
    ("manager", lambda w, i, a: service.cancel(w, i, a, "重复检查")),
    ("manager", lambda w, i, a: service.recall(w, i, a, "不再等待")),
]
