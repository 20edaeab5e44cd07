from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.domain.errors import ConfigurationError
from storage.ingest.times import earliest_plausible, offset_zone, parse_date_and_time, parse_date_time, time_zone

CHINA = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "date, time, expected",
    [
        ("20260102", "101112", "2026-01-02T02:11:12Z"),
        ("20260102", "101112.5", "2026-01-02T02:11:12.500Z"),
        ("20260102", "1011", "2026-01-02T02:11:00Z"),
        ("20260102", "10", "2026-01-02T02:00:00Z"),
        ("2026.01.02", "10:11:12", "2026-01-02T02:11:12Z"),
        ("20260102", "", None),
        ("", "101112", None),
        ("20261302", "101112", None),
        ("20260102", "991112", None),
        ("yesterday", "noon", None),
    ],
)
def test_dates_and_times(date: str, time: str, expected: str | None) -> None:
    assert parse_date_and_time(date, time, CHINA) == (datetime.fromisoformat(expected) if expected else None)


def test_a_date_time_may_bring_its_own_zone() -> None:
    assert parse_date_time("20260102101112.000000+0900", CHINA) == datetime(2026, 1, 2, 1, 11, 12, tzinfo=UTC)
    assert parse_date_time("20260102101112", CHINA) == datetime(2026, 1, 2, 2, 11, 12, tzinfo=UTC)
    assert parse_date_time("20260102", CHINA) is None


@pytest.mark.parametrize("text, hours", [("+0800", 8), ("-0330", -3.5), ("+9900", None), ("Z", None), ("", None)])
def test_offsets(text: str, hours: float | None) -> None:
    zone = offset_zone(text)
    assert (zone and zone.utcoffset(None).total_seconds() / 3600) == hours


def test_the_earliest_plausible_time_counts() -> None:
    early, late = datetime(2026, 1, 2, 9, tzinfo=UTC), datetime(2026, 1, 2, 10, tzinfo=UTC)
    future, ancient = datetime(2027, 1, 1, tzinfo=UTC), datetime(1900, 1, 1, tzinfo=UTC)
    assert earliest_plausible([late, None, early, future, ancient], NOON) == early
    assert earliest_plausible([future, ancient, None], NOON) is None


def test_a_clock_a_little_ahead_is_set_right() -> None:
    assert earliest_plausible([datetime(2026, 1, 2, 12, 5, tzinfo=UTC)], NOON) == NOON


def test_an_old_study_keeps_its_time() -> None:
    old = datetime(2019, 1, 1, tzinfo=UTC)
    assert earliest_plausible([old], NOON) == old


@given(st.text(max_size=30), st.text(max_size=20))
def test_any_text_is_a_time_or_none(date: str, time: str) -> None:
    parse_date_and_time(date, time, CHINA)
    parse_date_time(date, CHINA)
    offset_zone(time)


def test_an_unknown_zone_is_explained() -> None:
    for name in ("Mars/Olympus", "", "../etc/passwd"):
        with pytest.raises(ConfigurationError, match="COUNTYREAD_TIME_ZONE"):
            time_zone(name)
