"""Where the time went, from events alone."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reading_queue import service
from reading_queue.parts import PART_OF, Part, Parts, parts_of
from storage.db.models import ReadingTask
from storage.db.queries.tasks import events_of
from storage.domain.reading import TaskState
from tests.unit.reading_queue.county import REPORT, County

NINE = datetime(2026, 3, 9, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class _Event:
    action: str
    to_state: str
    at: datetime
    detail: dict[str, Any] = field(default_factory=dict)


def _at(minutes: int, state: TaskState, action: str = "step", **detail: Any) -> _Event:
    return _Event(action, state, NINE + minutes * MINUTE, detail)


def _way(started: int | None = -10) -> list[_Event]:
    told = {} if started is None else {"exam_started_at": (NINE + started * MINUTE).isoformat()}
    return [
        _at(0, TaskState.QUEUED, "open", **told),
        _at(2, TaskState.READING, "claim"),
        _at(5, TaskState.RETAKE_WAIT, "return"),
        _at(25, TaskState.QUEUED, "retaken"),
        _at(26, TaskState.READING, "claim"),
        _at(30, TaskState.DRAFTED, "submit"),
        _at(33, TaskState.AUDITING, "claim"),
        _at(35, TaskState.SIGNED, "sign"),
        _at(42, TaskState.DELIVERED, "receipt"),
        _at(90, TaskState.SIGNED, "amend"),
        _at(95, TaskState.DELIVERED, "receipt"),
    ]


def test_every_part_of_the_way_has_its_time():
    parts = parts_of(_way(), NINE + timedelta(days=3))
    minutes = [parts.queue, parts.read, parts.audit, parts.retake, parts.delivery, parts.upload]
    assert [one and one / MINUTE for one in minutes] == [3, 7, 5, 20, 7, 10]
    assert parts.clock_a == 45 * MINUTE


def test_what_nobody_told_is_not_known():
    parts = parts_of(_way(None), NINE)
    assert (parts.upload, parts.clock_a) == (None, None)
    assert parts_of([], NINE) == Parts()


def test_a_part_that_goes_on_counts_up_to_now():
    assert parts_of(_way()[:2], NINE + 9 * MINUTE).read == 7 * MINUTE
    assert parts_of(_way()[:8], NINE + 40 * MINUTE).delivery == 5 * MINUTE


def test_every_state_has_its_part():
    assert set(PART_OF) == set(TaskState)
    assert {part for part in PART_OF.values() if part} == set(Part) - {Part.UPLOAD}


@given(st.lists(st.tuples(st.integers(0, 600), st.sampled_from(list(TaskState))), min_size=1, max_size=12))
def test_the_parts_make_up_the_whole_until_it_was_over(steps: list[tuple[int, TaskState]]):
    times = sorted(minutes for minutes, _ in steps)
    events = [_at(minutes, state, "open") for minutes, (_, state) in zip(times, steps, strict=True)]
    now = NINE + 601 * MINUTE
    parts = parts_of(events, now)
    ended = next((event.at for event in events if PART_OF[TaskState(event.to_state)] is None), now)
    assert parts.since_ready + parts.delivery == ended - events[0].at


def _parts(county: County, task: ReadingTask) -> Parts:
    with county.database.read() as work:
        return parts_of(events_of(work, task.id), work.now)


def test_a_real_task_is_taken_apart(county: County):
    task = county.task()
    county.clock.advance(minutes=4)
    lease = county.claim(task, "radiologist")
    county.clock.advance(minutes=6)
    with county.write() as work:
        service.submit(work, task.id, county.actor("radiologist"), lease.token, REPORT)
    county.clock.advance(minutes=3)
    parts = _parts(county, task)
    assert (parts.queue, parts.read, parts.audit) == (4 * MINUTE, 6 * MINUTE, 3 * MINUTE)
    assert task.exam_started_at is not None
    assert parts.upload == task.ready_at - task.exam_started_at
