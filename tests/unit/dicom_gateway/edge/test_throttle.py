import threading
from datetime import UTC, datetime

import pytest

from dicom_gateway.edge.throttle import Limit, Throttle
from storage.domain.clock import monotonic
from storage.domain.errors import ConfigurationError


def _at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


def test_no_limit_by_default() -> None:
    assert Limit.parse("").bytes_per_second(_at(12)) == 0


def test_one_limit_for_the_whole_day() -> None:
    assert Limit.parse("800").bytes_per_second(_at(12)) == 100_000


def test_hours_may_run_over_midnight() -> None:
    limit = Limit.parse("800, 22:00-06:00=0, 12:00-13:30=160")
    rates = [limit.bytes_per_second(_at(hour)) for hour in (5, 6, 12, 14, 22)]
    assert rates == [0, 100_000, 20_000, 100_000, 0]
    assert limit.bytes_per_second(_at(13, 30)) == 100_000


def test_hours_without_a_limit_for_the_rest_of_the_day() -> None:
    limit = Limit.parse("08:00-18:00=400")
    assert (limit.bytes_per_second(_at(9)), limit.bytes_per_second(_at(19))) == (50_000, 0)


@pytest.mark.parametrize("text", ["fast", "800, night=0", "800, 25:00-06:00=0", "-5", "800 22:00-06:00=0"])
def test_what_makes_no_sense_is_named(text: str) -> None:
    with pytest.raises(ConfigurationError, match="COUNTYREAD_EDGE_LIMIT"):
        Limit.parse(text)


def test_bytes_pass_no_faster_than_the_rate() -> None:
    throttle = Throttle(lambda: 100_000.0, threading.Event())
    started = monotonic()
    for _ in range(6):
        throttle.wait(4096)
    assert monotonic() - started >= 5 * 4096 / 100_000


def test_a_stop_ends_all_waiting() -> None:
    stopping = threading.Event()
    throttle = Throttle(lambda: 1.0, stopping)
    throttle.wait(10_000)
    waiting = threading.Thread(target=throttle.wait, args=(1,))
    waiting.start()
    stopping.set()
    waiting.join(30)
    assert not waiting.is_alive()
