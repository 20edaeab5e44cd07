"""What has been committed since the last look: task events, critical values, results, notices, images and pictures of studies."""

from dataclasses import dataclass, field

from sqlalchemy import Select, func, select

from storage.db.models import (
    CriticalCase,
    CriticalEvent,
    Instance,
    NoticeRecipient,
    ReadingTask,
    Rendition,
    Result,
    Study,
    TaskEvent,
)
from storage.db.session import UnitOfWork
from storage.domain.clock import monotonic

TASKS, RESULTS, STUDIES, CRITICAL, NOTICES = "tasks", "results", "studies", "critical", "notices"
_LATE_COMMIT_SECONDS = 10.0
_LATE_COMMIT_ROWS = 64
_MAX_ROWS = 500


@dataclass(frozen=True)
class Change:
    """Something of one institution has changed, or of one of its people; `data` has identities only, never patient data."""

    kind: str
    institution_id: int
    data: dict[str, int | str]
    user_id: int | None = None


@dataclass
class _Watermark:
    """Which rows of a growing table are known.

    Identities are given before the commit: a lower one may appear after a higher one. So rows count as passed for good
    only some seconds after they were first seen.
    """

    floor: int = 0
    seen: dict[int, float] = field(default_factory=dict)

    def start(self, highest: int) -> None:
        self.floor = max(0, highest - _LATE_COMMIT_ROWS)

    def take(self, identity: int) -> bool:
        """Whether this row is new."""
        if identity in self.seen:
            return False
        self.seen[identity] = monotonic()
        return True

    def settle(self) -> None:
        limit = monotonic() - _LATE_COMMIT_SECONDS
        for identity in sorted(self.seen):
            if self.seen[identity] > limit:
                break
            del self.seen[identity]
            self.floor = identity


class ChangeReader:
    """Reads the changes since its last `read`; the first one only finds out where things stand."""

    def __init__(self) -> None:
        self._events, self._results, self._critical = _Watermark(), _Watermark(), _Watermark()
        self._notices = _Watermark()
        self._instances = self._renditions = 0
        self._started = False

    def read(self, work: UnitOfWork) -> list[Change]:
        """A few look-ups by primary key."""
        if not self._started:
            self._start(work)
        return [
            *self._critical_cases(work),
            *self._tasks(work),
            *self._new_results(work),
            *self._studies(work),
            *self._new_notices(work),
        ]

    def _start(self, work: UnitOfWork) -> None:
        self._events.start(_highest(work, TaskEvent))
        self._results.start(_highest(work, Result))
        self._critical.start(_highest(work, CriticalEvent))
        self._critical_cases(work)
        self._tasks(work)
        self._new_results(work)
        self._notices.start(_highest(work, NoticeRecipient))
        self._new_notices(work)
        self._instances, self._renditions = _highest(work, Instance), _highest(work, Rendition)
        self._started = True

    def _tasks(self, work: UnitOfWork) -> list[Change]:
        query = (
            select(
                TaskEvent.id, ReadingTask.institution_id, ReadingTask.id, ReadingTask.state, Study.study_instance_uid
            )
            .join(ReadingTask, ReadingTask.id == TaskEvent.task_id)
            .join(Study, Study.id == ReadingTask.study_id)
            .where(TaskEvent.id > self._events.floor)
            .order_by(TaskEvent.id)
            .limit(_MAX_ROWS)
        )
        found: dict[int, Change] = {}
        for event, institution, task, state, uid in work.session.execute(query):
            if self._events.take(event):
                found[task] = Change(TASKS, institution, {"id": task, "state": state, "study_instance_uid": uid})
        self._events.settle()
        return list(found.values())

    def _critical_cases(self, work: UnitOfWork) -> list[Change]:
        query = (
            select(
                CriticalEvent.id,
                CriticalCase.institution_id,
                CriticalCase.id,
                CriticalCase.state,
                Study.study_instance_uid,
            )
            .join(CriticalCase, CriticalCase.id == CriticalEvent.case_id)
            .join(Study, Study.id == CriticalCase.study_id)
            .where(CriticalEvent.id > self._critical.floor)
            .order_by(CriticalEvent.id)
            .limit(_MAX_ROWS)
        )
        found: dict[int, Change] = {}
        for event, institution, case, state, uid in work.session.execute(query):
            if self._critical.take(event):
                found[case] = Change(CRITICAL, institution, {"id": case, "state": state, "study_instance_uid": uid})
        self._critical.settle()
        return list(found.values())

    def _new_results(self, work: UnitOfWork) -> list[Change]:
        query = (
            select(Result.id, Result.institution_id, Result.seq, Result.kind, Study.study_instance_uid)
            .join(Study, Study.id == Result.study_id)
            .where(Result.id > self._results.floor)
            .order_by(Result.id)
            .limit(_MAX_ROWS)
        )
        found = [
            Change(RESULTS, institution, {"seq": seq, "kind": kind, "study_instance_uid": uid})
            for result, institution, seq, kind, uid in work.session.execute(query)
            if self._results.take(result)
        ]
        self._results.settle()
        return found

    def _new_notices(self, work: UnitOfWork) -> list[Change]:
        query = (
            select(
                NoticeRecipient.id, NoticeRecipient.institution_id, NoticeRecipient.user_id, NoticeRecipient.notice_id
            )
            .where(NoticeRecipient.id > self._notices.floor)
            .order_by(NoticeRecipient.id)
            .limit(_MAX_ROWS)
        )
        found = [
            Change(NOTICES, institution, {"id": notice}, user)
            for row, institution, user, notice in work.session.execute(query)
            if self._notices.take(row)
        ]
        self._notices.settle()
        return found

    def _studies(self, work: UnitOfWork) -> list[Change]:
        instances, self._instances = self._instances, _highest(work, Instance)
        renditions, self._renditions = self._renditions, _highest(work, Rendition)
        found: dict[str, Change] = {}
        for query in (
            _studies_of(Instance, instances, self._instances),
            _studies_of(Rendition, renditions, self._renditions),
        ):
            for institution, uid in work.session.execute(query):
                found[uid] = Change(STUDIES, institution, {"study_instance_uid": uid})
        return list(found.values())


def _highest(
    work: UnitOfWork, table: type[TaskEvent | Result | CriticalEvent | NoticeRecipient | Instance | Rendition]
) -> int:
    return work.session.execute(select(func.max(table.id))).scalar_one() or 0


def _studies_of(table: type[Instance | Rendition], after: int, until: int) -> Select[int, str]:
    return (
        select(Study.institution_id, Study.study_instance_uid)
        .where(Study.id.in_(select(table.study_id).where(table.id > after, table.id <= until)))
        .limit(_MAX_ROWS)
    )
