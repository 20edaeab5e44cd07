"""Of several schedulers one leads; who follows goes on where it was."""

from datetime import timedelta

import pytest

from reading_queue.leadership import LEASE_SECONDS, RENEW_SECONDS, Leadership
from tests.unit.reading_queue.county import County


class _Hands:
    """The monotonic clock of this process and the database's, moved together or apart."""

    def __init__(self, county: County) -> None:
        self.county, self.at = county, 100.0

    def __call__(self) -> float:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += seconds
        self.county.clock.advance(seconds=seconds)


@pytest.fixture
def hands(county: County) -> _Hands:
    return _Hands(county)


def _two(hands: _Hands) -> tuple[Leadership, Leadership]:
    database = hands.county.database
    return Leadership(database, "beat@a:1", hands), Leadership(database, "beat@b:2", hands)


def test_one_of_two_leads_for_as_long_as_it_renews(county: County, hands: _Hands):
    first, second = _two(hands)
    for _ in range(10):
        assert (first.holds({}), second.holds({})) == (True, False)
        hands.advance(RENEW_SECONDS)


def test_a_leader_that_is_gone_is_followed_and_its_times_are_kept(county: County, hands: _Hands):
    first, second = _two(hands)
    assert first.holds({})
    asked = county.clock.now()
    hands.advance(RENEW_SECONDS)
    assert first.holds({"find_purgeable": asked})
    assert not second.holds({})
    hands.advance(LEASE_SECONDS)
    assert second.holds({"find_purgeable": asked - timedelta(days=1)})
    assert second.inherited == {"find_purgeable": asked}
    assert not first.holds({}), "it comes back from a long sleep and does not lead any more"


def test_a_leader_that_cannot_renew_stops_before_another_may_start(county: County, hands: _Hands):
    first, second = _two(hands)
    assert first.holds({})
    first._renew_at = hands.at + 1000
    for _ in range(int((LEASE_SECONDS + RENEW_SECONDS) * 4)):
        hands.advance(0.25)
        assert sum([first.holds({}), second.holds({})]) <= 1
    assert second.holds({})


def test_who_leaves_is_followed_at_once(county: County, hands: _Hands):
    first, second = _two(hands)
    assert first.holds({})
    first.leave({})
    hands.advance(0.1)
    assert second.holds({})
