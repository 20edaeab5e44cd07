"""The two clocks against the figures of the county's reading rules."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reading_queue import sla
from reading_queue.policies import CENTRE_CALENDAR, SHIPPED_POLICY, Case
from reading_queue.sla import ClockB, Standing
from storage.domain.reading import Priority

P0, P1, P2, P3 = Priority
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY_9 = datetime(2026, 3, 9, 9, tzinfo=SHANGHAI).astimezone(UTC)
NIGHT = datetime(2026, 3, 10, 2, tzinfo=SHANGHAI).astimezone(UTC)
MINUTE = timedelta(minutes=1)

FIGURES = [
    (P0, "ECG", "", 5, 10),
    (P0, "DX", "CHEST", 15, 20),
    (P0, "CT", "HEAD", 15, 20),
    (P0, "CT", "ABDOMEN", 20, 30),
    (P0, "MR", "BRAIN", 15, 20),
    (P0, "US", "ABDOMEN", 20, 30),
    (P1, "ECG", "", 10, 15),
    (P1, "CR", "CHEST", 20, 30),
    (P1, "CT", "CHEST", 40, 60),
    (P1, "CT", "颅脑", 20, 30),
    (P1, "MR", "KNEE", 40, 60),
    (P1, "US", "", 30, 60),
    (P2, "ECG", "", 30, 60),
    (P2, "DR", "CHEST", 60, 120),
    (P2, "CT", "HEAD", 180, 240),
    (P2, "MR", "", 180, 240),
    (P2, "US", "", 60, 120),
    (P3, "ECG", "", 120, 480),
    (P3, "DX", "", 480, 1440),
    (P3, "CT", "", 360, 1440),
    (P3, "US", "", 480, 1440),
]


def _deadlines(priority: Priority, modality: str, body_part: str, ready_at: datetime, exam: datetime | None = None):
    return sla.deadlines(SHIPPED_POLICY, CENTRE_CALENDAR, Case(priority, modality, body_part), ready_at, exam)


@pytest.mark.parametrize("priority, modality, body_part, target, maximum", FIGURES)
def test_target_and_maximum(priority: Priority, modality: str, body_part: str, target: int, maximum: int):
    times = _deadlines(priority, modality, body_part, MONDAY_9)
    counted = CENTRE_CALENDAR.worked if priority in (P2, P3) else (lambda start, end: end - start)
    assert counted(MONDAY_9, times.due_at) == target * MINUTE
    assert counted(MONDAY_9, times.limit_at) == maximum * MINUTE


@pytest.mark.parametrize("priority", [P0, P1])
def test_night_counts_for_emergencies(priority: Priority):
    times = _deadlines(priority, "CT", "CHEST", NIGHT)
    assert times.limit_at - NIGHT == {P0: 30, P1: 60}[priority] * MINUTE


@pytest.mark.parametrize("priority", [P2, P3])
def test_night_does_not_count_for_the_rest(priority: Priority):
    times = _deadlines(priority, "ECG", "", NIGHT)
    opening = datetime(2026, 3, 10, 8, tzinfo=SHANGHAI)
    assert times.due_at - opening == {P2: 30, P3: 120}[priority] * MINUTE


def test_a_routine_ct_before_spring_festival_is_due_after_it():
    ready = datetime(2026, 2, 14, 16, 30, tzinfo=SHANGHAI)
    times = _deadlines(P2, "CT", "CHEST", ready)
    assert times.due_at == datetime(2026, 2, 24, 10, tzinfo=SHANGHAI)
    assert times.limit_at == datetime(2026, 2, 24, 11, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "priority, modality, bound",
    [(P0, "CT", True), (P1, "DX", True), (P1, "CR", True), (P1, "MR", False), (P1, "US", False), (P2, "CT", False)],
)
def test_the_regulators_clock_binds_emergency_xray_and_ct(priority: Priority, modality: str, *, bound: bool):
    exam = MONDAY_9 - 30 * MINUTE
    expected = exam + timedelta(hours=2) if bound else None
    assert _deadlines(priority, modality, "CHEST", MONDAY_9, exam).regulatory_due_at == expected


def test_the_regulators_clock_needs_the_start_of_the_examination():
    assert _deadlines(P1, "CT", "CHEST", MONDAY_9, None).regulatory_due_at is None


def test_an_unknown_modality_is_read_like_an_xray():
    assert _deadlines(P0, "OT", "", MONDAY_9).due_at == _deadlines(P0, "DX", "", MONDAY_9).due_at


def _clock(**changes: object) -> ClockB:
    values = {
        "started_at": MONDAY_9,
        "due_at": MONDAY_9 + 20 * MINUTE,
        "limit_at": MONDAY_9 + 30 * MINUTE,
        "working": False,
    }
    return ClockB(**{**values, **changes})  # type: ignore[arg-type]


def test_a_pause_moves_every_time_forward_by_its_length():
    paused = _clock(paused_since=MONDAY_9 + 10 * MINUTE)
    resumed = sla.resumed(paused, MONDAY_9 + 25 * MINUTE)
    assert (resumed.started_at, resumed.due_at, resumed.limit_at) == (
        MONDAY_9 + 15 * MINUTE,
        MONDAY_9 + 35 * MINUTE,
        MONDAY_9 + 45 * MINUTE,
    )
    assert sla.elapsed(resumed, MONDAY_9 + 26 * MINUTE) == 11 * MINUTE


def test_a_pause_never_moves_a_time_back():
    paused = _clock(paused_since=MONDAY_9 + 10 * MINUTE)
    assert sla.resumed(paused, MONDAY_9 + 5 * MINUTE).due_at == paused.due_at
    assert sla.resumed(_clock(), MONDAY_9 + 5 * MINUTE) == _clock()


def test_a_pause_of_a_working_clock_counts_working_time():
    friday = datetime(2026, 3, 13, 16, 30, tzinfo=SHANGHAI)
    clock = _clock(
        started_at=friday,
        due_at=datetime(2026, 3, 13, 17, tzinfo=SHANGHAI),
        limit_at=datetime(2026, 3, 13, 17, 30, tzinfo=SHANGHAI),
        working=True,
        paused_since=friday,
    )
    resumed = sla.resumed(clock, datetime(2026, 3, 14, 9, tzinfo=SHANGHAI))
    assert resumed.limit_at == datetime(2026, 3, 16, 9, tzinfo=SHANGHAI)


def test_a_pause_counts_24_hours_at_most():
    paused = _clock(paused_since=MONDAY_9)
    late = MONDAY_9 + timedelta(hours=30)
    assert sla.resumed(paused, late).due_at == paused.due_at + timedelta(hours=24)
    assert sla.elapsed(paused, late) == timedelta(hours=6)
    assert sla.elapsed(paused, MONDAY_9 + timedelta(hours=23)) == timedelta()


@pytest.mark.parametrize(
    "minutes, expected",
    [
        (0, Standing.ON_TIME),
        (14, Standing.ON_TIME),
        (15, Standing.SOON),
        (20, Standing.SOON),
        (21, Standing.LATE),
        (30, Standing.LATE),
        (31, Standing.BREACHED),
    ],
)
def test_standing(minutes: int, expected: Standing):
    assert sla.standing_of(_clock(), MONDAY_9 + minutes * MINUTE) == expected


def test_a_task_does_not_grow_late_while_it_waits_for_the_clinic():
    paused = _clock(paused_since=MONDAY_9 + 10 * MINUTE)
    assert sla.standing_of(paused, MONDAY_9 + timedelta(hours=20)) == Standing.ON_TIME


def test_escalation_at_half_three_quarters_the_whole_and_half_more():
    moments = sla.escalation_moments(_clock())
    assert [(moment - MONDAY_9) / MINUTE for moment in moments] == [15, 22.5, 30, 45]
    assert [sla.escalation_level(_clock(), MONDAY_9 + minutes * MINUTE) for minutes in (14, 15, 23, 30, 45)] == [
        0,
        1,
        2,
        3,
        4,
    ]
    assert sla.next_escalation(_clock(), 1) == moments[1]
    assert sla.next_escalation(_clock(), 4) is None
    assert sla.next_escalation(_clock(paused_since=MONDAY_9), 0) is None


def test_escalation_of_routine_work_waits_for_the_morning():
    evening = datetime(2026, 3, 9, 17, tzinfo=SHANGHAI)
    limit = CENTRE_CALENDAR.add(evening, 120 * MINUTE)
    clock = _clock(started_at=evening, due_at=CENTRE_CALENDAR.add(evening, 60 * MINUTE), limit_at=limit, working=True)
    assert sla.escalation_moments(clock)[0] == datetime(2026, 3, 10, 8, 30, tzinfo=SHANGHAI)


def _reprioritised(now: datetime, before: tuple[int, int], after: Priority) -> sla.Deadlines:
    clock = _clock(due_at=MONDAY_9 + before[0] * MINUTE, limit_at=MONDAY_9 + before[1] * MINUTE)
    return sla.reprioritised(clock, _deadlines(after, "DX", "", MONDAY_9), _deadlines(after, "DX", "", now), now)


def test_a_raised_class_has_its_whole_time_from_the_change():
    now = MONDAY_9 + 30 * MINUTE
    times = _reprioritised(now, (60, 120), P0)
    assert (times.due_at, times.limit_at) == (now + 15 * MINUTE, now + 20 * MINUTE)


def test_a_raised_class_is_never_due_later_than_before():
    now = MONDAY_9 + 55 * MINUTE
    assert _reprioritised(now, (60, 120), P0).due_at == MONDAY_9 + 60 * MINUTE


def test_a_lowered_class_counts_from_the_start():
    now = MONDAY_9 + 5 * MINUTE
    assert _reprioritised(now, (15, 20), P1).limit_at == MONDAY_9 + 30 * MINUTE


def test_no_change_of_class_undoes_a_breach():
    now = MONDAY_9 + 25 * MINUTE
    times = _reprioritised(now, (15, 20), P3)
    assert (times.due_at, times.limit_at) == (MONDAY_9 + 15 * MINUTE, MONDAY_9 + 20 * MINUTE)
