"""The manager is told of hours that nobody covers and of licences that end, each once."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from reading_queue import rosters
from reading_queue.rosters.warning import warn_of_gaps, warn_of_licences, warn_of_rosters
from storage.db.models import Notice, NoticeRecipient, User
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.rostering import MONDAY, Rostering


@pytest.fixture
def roster(county: County) -> Rostering:
    return Rostering(county)


def _told(county: County, kind: str) -> list[tuple[str, set[str]]]:
    """The day and the people of each notice of a kind."""
    with county.database.read() as work:
        query = select(NoticeRecipient.notice_id, User.username).join(User, User.id == NoticeRecipient.user_id)
        rows = work.session.execute(query).all()
        found = work.session.execute(select(Notice).where(Notice.kind == kind).order_by(Notice.id)).scalars().all()
        return [(one.params["day"], {name for notice, name in rows if notice == one.id}) for one in found]


def _warn(county: County) -> None:
    warn_of_rosters(county.database, None)  # type: ignore[arg-type]


def test_a_county_without_a_roster_is_told_of_nothing(county: County):
    _warn(county)
    assert _told(county, "roster.gap") == _told(county, "roster.gap_urgent") == []


def test_each_day_that_lacks_somebody_is_told_once(roster: Rostering):
    county, day = roster.county, roster.kind("白班", time(8), time(17, 30))
    for number in range(3):
        roster.put("radiologist", day, MONDAY + timedelta(days=number))
    _warn(county)
    days = [str(MONDAY + timedelta(days=number)) for number in range(4)]
    assert _told(county, "roster.gap_urgent") == [(one, {"manager"}) for one in days], "nobody at night"
    assert _told(county, "roster.gap") == [(days[3], {"manager"})], "nobody on Thursday"
    county.clock.advance(hours=1)
    with county.write() as work:
        assert warn_of_gaps(work) == 0
    county.clock.advance(hours=23)
    with county.write() as work:
        assert warn_of_gaps(work) == 2, "of the day that has come into sight"


def test_what_lacks_today_for_emergencies_is_urgent(roster: Rostering):
    roster.put("radiologist", roster.kind("白班", time(8), time(17, 30)))
    _warn(roster.county)
    with roster.county.database.read() as work:
        rows = work.session.execute(
            select(Notice).where(Notice.kind == "roster.gap_urgent").order_by(Notice.id)
        ).scalars()
        told = [(one.params["day"], one.urgency, one.params["modality"]) for one in rows]
    assert told[:2] == [(str(MONDAY), "urgent", "CT"), (str(MONDAY + timedelta(days=1)), "normal", "CT")]


def test_a_licence_is_told_of_a_month_before_and_a_week_before_to_both(roster: Rostering):
    county, until = roster.county, MONDAY + timedelta(days=29)
    with roster.planning() as (work, manager):
        given = rosters.LicenceGiven("radiologist", "CT", date(2025, 1, 1), until)
        rosters.record_licence(work, manager, given)
        rosters.record_licence(
            work, manager, rosters.LicenceGiven("radiologist2", "CT", date(2025, 1, 1), date(2028, 1, 1))
        )
    for hours in (0, 1, 24 * 21):
        county.clock.advance(hours=hours)
        with county.write() as work:
            warn_of_licences(work)
    assert _told(county, "roster.licence") == [(str(until), {"manager", "radiologist"})]
    county.clock.advance(hours=24)
    _warn(county)
    _warn(county)
    assert _told(county, "roster.licence") == [(str(until), {"manager", "radiologist"})] * 2


def test_a_licence_that_is_renewed_is_not_told_of(roster: Rostering):
    until = MONDAY + timedelta(days=20)
    with roster.planning() as (work, manager):
        for begins, ends in ((date(2025, 1, 1), until), (until + timedelta(days=1), date(2028, 1, 1))):
            rosters.record_licence(work, manager, rosters.LicenceGiven("radiologist", "CT", begins, ends))
    _warn(roster.county)
    assert _told(roster.county, "roster.licence") == []
