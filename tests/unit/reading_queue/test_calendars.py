"""Working time in the county, edge by edge. Times are local unless they end in Z."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading_queue.calendars import WorkingCalendar
from reading_queue.policies import CENTRE_CALENDAR as CALENDAR

SHANGHAI = ZoneInfo("Asia/Shanghai")
_2026 = st.integers(0, 330 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "start, minutes, end",
    [
        ("2026-03-09 09:00", 60, "2026-03-09 10:00"),
        ("2026-03-09 11:30", 60, "2026-03-09 14:00"),  # over lunch
        ("2026-03-09 12:00", 30, "2026-03-09 14:00"),  # at the very beginning of lunch
        ("2026-03-09 11:00", 60, "2026-03-09 12:00"),  # done exactly when lunch begins
        ("2026-03-09 17:00", 60, "2026-03-10 08:30"),  # over night
        ("2026-03-09 23:00", 60, "2026-03-10 09:00"),  # arrived at night
        ("2026-03-09 03:00", 60, "2026-03-09 09:00"),  # arrived before opening
        ("2026-03-13 17:00", 60, "2026-03-16 08:30"),  # over a weekend
        ("2026-02-13 17:00", 60, "2026-02-14 08:30"),  # the Saturday before Spring Festival is worked
        ("2026-02-14 17:00", 60, "2026-02-24 08:30"),  # Spring Festival, nine days
        ("2026-02-27 17:00", 60, "2026-02-28 08:30"),  # and the Saturday after it
        ("2026-01-01 10:00", 60, "2026-01-04 09:00"),  # New Year; Sunday the 4th is worked
        ("2026-04-03 17:00", 60, "2026-04-07 08:30"),  # Qingming
        ("2026-04-30 17:00", 60, "2026-05-06 08:30"),  # Labour Day
        ("2026-05-08 17:00", 60, "2026-05-09 08:30"),  # its make-up Saturday
        ("2026-06-18 17:00", 60, "2026-06-22 08:30"),  # Dragon Boat
        ("2026-09-19 10:00", 60, "2026-09-20 09:00"),  # make-up Sunday
        ("2026-09-24 17:00", 60, "2026-09-28 08:30"),  # Mid-Autumn
        ("2026-09-30 17:00", 60, "2026-10-08 08:30"),  # National Day
        ("2026-10-09 17:00", 60, "2026-10-10 08:30"),  # its make-up Saturday
        ("2026-03-09 09:00", 480, "2026-03-10 09:00"),  # a whole working day
        ("2026-03-09 09:00", 1440, "2026-03-12 09:00"),
    ],
)
def test_work_is_done_in_working_hours(start: str, minutes: int, end: str):
    assert CALENDAR.add(local(start), timedelta(minutes=minutes)) == local(end)
    assert CALENDAR.worked(local(start), local(end)) == timedelta(minutes=minutes)


def test_nothing_is_worked_on_a_holiday_or_at_night():
    assert CALENDAR.worked(local("2026-10-01 00:00"), local("2026-10-08 08:00")) == timedelta()
    assert CALENDAR.worked(local("2026-03-09 17:30"), local("2026-03-10 08:00")) == timedelta()


def test_no_work_is_over_at_once_whenever_it_begins():
    assert CALENDAR.add(local("2026-10-01 03:00"), timedelta()) == local("2026-10-01 03:00")


def test_the_county_has_no_summer_time():
    spring = CALENDAR.add(local("2026-03-27 08:00"), timedelta(hours=8 * 3))
    assert spring.astimezone(UTC) == datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
    assert CALENDAR.worked(local("2026-03-27 00:00"), local("2026-04-04 00:00")) == timedelta(hours=8 * 6)


def test_results_are_in_utc_when_they_were_moved():
    assert CALENDAR.add(local("2026-03-09 09:00"), timedelta(minutes=1)).utcoffset() == timedelta()


def test_a_calendar_without_work_is_refused():
    with pytest.raises(ValueError, match="at least one weekday"):
        WorkingCalendar(SHANGHAI, frozenset(), ((time(8), time(12)),), frozenset(), frozenset())
    with pytest.raises(ValueError, match="span of hours"):
        WorkingCalendar(SHANGHAI, frozenset({0}), ((time(8), time(8)),), frozenset(), frozenset())


def test_a_holiday_can_be_a_make_up_workday():
    calendar = WorkingCalendar(
        SHANGHAI,
        frozenset(range(5)),
        ((time(8), time(12)),),
        frozenset({date(2026, 3, 9)}),
        frozenset({date(2026, 3, 9)}),
    )
    assert calendar.is_workday(date(2026, 3, 9))


@given(_2026, st.integers(1, 3000))
def test_adding_and_counting_are_inverse(start: datetime, minutes: int):
    amount = timedelta(minutes=minutes)
    assert CALENDAR.worked(start, CALENDAR.add(start, amount)) == amount


@given(_2026, st.integers(1, 1000), st.integers(1, 1000))
def test_work_can_be_done_in_two_parts(start: datetime, first: int, second: int):
    one, two = timedelta(minutes=first), timedelta(minutes=second)
    assert CALENDAR.add(CALENDAR.add(start, one), two) == CALENDAR.add(start, one + two)
