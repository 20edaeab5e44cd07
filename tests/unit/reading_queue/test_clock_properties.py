"""What must hold of the clocks whatever the hour: over holidays, make-up workdays, midnight, and any time zone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading_queue import sla
from reading_queue.calendars import WorkingCalendar, parse_calendar
from reading_queue.holidays import SHIPPED_CALENDAR
from reading_queue.policies import SHIPPED_POLICY, Case
from reading_queue.sla import ClockB, Standing
from storage.domain.reading import Priority

_RULES = parse_calendar(SHIPPED_CALENDAR)
_NIGHTS = parse_calendar(
    {**SHIPPED_CALENDAR, "hours": [["00:00", "06:00"], ["20:00", "00:00"]], "weekdays": [1, 3, 6, 7]}
)
_ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "America/St_Johns", "UTC")]
_CALENDARS = [rules.working(zone) for rules in (_RULES, _NIGHTS) for zone in _ZONES]
_ORDER = list(Standing)

calendars = st.sampled_from(_CALENDARS)
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda n: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
spans = st.integers(0, 5 * 24 * 60).map(lambda n: timedelta(minutes=n))
priorities = st.sampled_from(list(Priority))
modalities = st.sampled_from(["ECG", "DX", "CT", "MR", "US"])


def clock_at(calendar: WorkingCalendar, priority: Priority, modality: str, ready: datetime) -> ClockB:
    times = sla.deadlines(SHIPPED_POLICY, calendar, Case(priority, modality), ready, None)
    working = SHIPPED_POLICY.target(times.row).working
    return ClockB(ready, times.due_at, times.limit_at, working, calendar=calendar)


@given(calendars, moments, spans, spans)
def test_working_time_adds_up(calendar: WorkingCalendar, start: datetime, one: timedelta, two: timedelta):
    middle, end = start + one, start + one + two
    assert calendar.worked(start, middle) + calendar.worked(middle, end) == calendar.worked(start, end)
    assert timedelta() <= calendar.worked(start, end) <= end - start


@given(calendars, moments, spans)
def test_work_that_was_added_was_worked(calendar: WorkingCalendar, start: datetime, amount: timedelta):
    end = calendar.add(start, amount)
    assert end >= start + amount
    assert calendar.worked(start, end) == amount


@given(calendars, moments, priorities, modalities)
def test_the_target_never_comes_after_the_maximum(
    calendar: WorkingCalendar, ready: datetime, priority: Priority, modality: str
):
    clock = clock_at(calendar, priority, modality, ready)
    assert ready < clock.due_at <= clock.limit_at
    moments = sla.escalation_moments(clock)
    assert list(moments) == sorted(moments)
    assert moments[2] <= clock.limit_at


@given(calendars, moments, priorities, modalities, spans, spans)
def test_a_pause_moves_the_due_times_by_what_it_would_have_counted(
    calendar: WorkingCalendar, ready: datetime, priority: Priority, modality: str, before: timedelta, pause: timedelta
):
    clock = replace(clock_at(calendar, priority, modality, ready), paused_since=ready + before)
    now = ready + before + pause
    after = sla.resumed(clock, now)
    counted = clock.counted(ready + before, min(now, ready + before + clock.longest_pause))
    assert clock.counted(clock.limit_at, after.limit_at) == counted
    assert after.due_at >= clock.due_at
    assert sla.elapsed(clock, now) == clock.counted(ready, clock.effective(now))


@given(calendars, moments, priorities, modalities, spans, spans)
def test_a_task_never_gets_better_by_waiting(
    calendar: WorkingCalendar, ready: datetime, priority: Priority, modality: str, wait: timedelta, more: timedelta
):
    clock = clock_at(calendar, priority, modality, ready)
    now, later = (sla.standing_of(clock, ready + one) for one in (wait, wait + more))
    assert _ORDER.index(later) >= _ORDER.index(now)
    assert sla.escalation_level(clock, ready + wait) <= sla.escalation_level(clock, ready + wait + more)


@given(calendars, moments, priorities, priorities, modalities, spans)
def test_a_change_of_class_looks_forward_only(
    calendar: WorkingCalendar, ready: datetime, old: Priority, new: Priority, modality: str, wait: timedelta
):
    clock, now = clock_at(calendar, old, modality, ready), ready + wait
    from_start = sla.deadlines(SHIPPED_POLICY, calendar, Case(new, modality), ready, None)
    from_now = sla.deadlines(SHIPPED_POLICY, calendar, Case(new, modality), now, None)
    times = sla.reprioritised(clock, from_start, from_now, now)
    for present, changed, fresh in (
        (clock.due_at, times.due_at, from_now.due_at),
        (clock.limit_at, times.limit_at, from_now.limit_at),
    ):
        if present <= now:
            assert changed == present  # what has been missed stays missed
        else:
            assert changed > now or changed == min(present, fresh)
            assert changed <= max(present, fresh)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin"])
def test_a_night_of_summer_time_has_the_hours_that_it_has(zone: str):
    nights = _NIGHTS.working(ZoneInfo(zone))
    night = datetime(2026, 3, 28, 20, tzinfo=ZoneInfo(zone)), datetime(2026, 3, 29, 6, tzinfo=ZoneInfo(zone))
    assert nights.worked(*night) == timedelta(hours=10 if zone == "Asia/Shanghai" else 9)
