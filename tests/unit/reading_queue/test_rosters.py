"""Who is on duty: midnight, absences, swaps, on call, and what a change of the roster does."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from reading_queue import rosters
from storage import audit
from storage.db.models import AuditEvent, DutySpan, DutySwap
from storage.db.session import Database
from storage.domain.errors import Conflict, Forbidden, InvalidField, NotFound
from storage.domain.reading import Priority
from storage.domain.rosters import AbsenceKind, shift_span
from storage.domain.spans import clipped, joined, without
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.rostering import MONDAY, Rostering, at

pytestmark = pytest.mark.thorough


@pytest.fixture
def roster(county: County) -> Rostering:
    return Rostering(county)


def test_a_county_without_roster_has_every_active_reader_on_duty(county: County):
    with county.database.read() as work:
        duties = rosters.on_duty(work, work.now)
        assert {duty.user_id for duty in duties} == {
            county.user(name).id for name in ("radiologist", "radiologist2", "ecg", "auditor", "auditor2")
        }
        assert all(duty.until is None and duty.modalities is None for duty in duties)
        assert county.user("ecg").id not in rosters.readers_on_duty(work, "CT", work.now)
        assert county.user("ecg").id in rosters.readers_on_duty(work, "ECG", work.now)


def test_a_roster_begins_with_its_first_shift_and_lapses_after_its_last(roster: Rostering):
    roster.put("radiologist", roster.day_shift())
    everybody = 4
    assert len(roster.present(at(7, 59))) == everybody
    assert roster.present(at(8)) == ["radiologist"]
    assert roster.present(at(17, 30)) == [], "unmanned: the roster is kept, and nobody is there"
    assert roster.present(at(17, 29) + timedelta(days=7)) == []
    assert len(roster.present(at(17, 30) + timedelta(days=7))) == everybody


def test_a_night_shift_goes_over_midnight(roster: Rostering):
    roster.put("radiologist", roster.night_shift())
    assert roster.present(at(20)) == ["radiologist"]
    assert roster.present(at(23, 59)) == ["radiologist"]
    assert roster.present(at(7, 59, day=date(2026, 3, 10))) == ["radiologist"]
    assert roster.present(at(8, day=date(2026, 3, 10))) == []


def test_shifts_follow_the_county_clock_and_not_the_machine_or_utc(county: County):
    """A county with daylight saving time: the night of the change is an hour shorter, and 08:00 stays 08:00."""
    zone = ZoneInfo("Europe/Berlin")
    starts, ends = shift_span(date(2026, 3, 28), time(20), time(8), zone)
    assert ends.astimezone(UTC) - starts.astimezone(UTC) == timedelta(hours=11)
    berlin = Database(county.database.engine, county.clock, zone=zone)
    with berlin.write() as work:
        manager = county.actor("manager")
        kind = rosters.save_kind(work, manager, rosters.ShiftPlan("早班", time(8), time(9)))
        rosters.put_shift(work, manager, rosters.ShiftOf("radiologist", kind.id, date(2026, 3, 28)))
        rosters.put_shift(work, manager, rosters.ShiftOf("radiologist", kind.id, date(2026, 3, 29)))
    with berlin.read() as work:
        before, after = (datetime(2026, 3, day, hour, 30, tzinfo=UTC) for day, hour in ((28, 7), (29, 6)))
        assert [len(rosters.on_duty(work, moment)) for moment in (before, after)] == [1, 1]


def test_a_shift_of_24_hours_ends_where_it_began(roster: Rostering):
    roster.put("radiologist", roster.kind("全天", time(8), time(8)))
    assert roster.present(at(7, 59, day=date(2026, 3, 10))) == ["radiologist"]
    assert roster.present(at(8, day=date(2026, 3, 10))) == []


def test_what_a_shift_is_for(roster: Rostering):
    kind = roster.kind("CT 急诊", time(8), time(20), modalities=["CT"], priorities=[Priority.P0, Priority.P1])
    roster.put("radiologist", kind)
    with roster.county.database.read() as work:
        reader = [roster.county.user("radiologist").id]
        assert rosters.readers_on_duty(work, "CT", at(9)) == reader
        assert rosters.readers_on_duty(work, "CT", at(9), Priority.P1) == reader
        assert rosters.readers_on_duty(work, "CT", at(9), Priority.P2) == []
        assert rosters.readers_on_duty(work, "US", at(9)) == []
        (duty,) = rosters.on_duty(work, at(9))
        assert (duty.shift, duty.modalities, duty.until) == ("CT 急诊", ("CT",), at(20))


def test_on_call_is_within_reach_and_not_at_the_desk(roster: Rostering):
    roster.put("radiologist", roster.day_shift())
    roster.put("auditor", roster.kind("听班", time(0), time(0), on_call=True), phone="13900000001")
    with roster.county.database.read() as work:
        assert rosters.readers_on_duty(work, "CT", at(9)) == [roster.county.user("radiologist").id]
        assert rosters.readers_on_duty(work, "CT", at(18)) == []
        assert rosters.duty_phones(work, "CT", at(9)) == ["0711-1001", "13900000001"]
        assert rosters.duty_phones(work, "CT", at(18)) == ["13900000001"]


def test_who_is_away_is_not_on_duty(roster: Rostering):
    roster.put("radiologist", roster.day_shift())
    with roster.planning() as (work, manager):
        absence = rosters.record_absence(work, manager, "radiologist", AbsenceKind.SICK, (at(10), at(12)), "发热")
    assert roster.present(at(9, 59)) == ["radiologist"]
    assert roster.present(at(10)) == []
    assert roster.present(at(12)) == ["radiologist"]
    roster.county.clock.at = at(11)
    with roster.planning() as (work, manager):
        rosters.end_absence(work, manager, absence.id)
    assert roster.present(at(11)) == ["radiologist"]
    with pytest.raises(Conflict), roster.planning() as (work, manager):
        rosters.end_absence(work, manager, absence.id)


def test_a_change_holds_from_its_commit_on(roster: Rostering):
    duty = roster.put("radiologist", roster.day_shift())
    assert roster.present(at(9)) == ["radiologist"]
    with roster.planning() as (work, manager):
        rosters.drop_shift(work, manager, duty)
        assert rosters.on_duty(work, at(9)) != []
    assert len(roster.present(at(9))) == 4, "no shift is left, so there is no roster"
    with pytest.raises(NotFound), roster.planning() as (work, manager):
        rosters.drop_shift(work, manager, duty)


def test_new_hours_move_the_shifts_to_come_and_no_others(roster: Rostering):
    kind = roster.day_shift()
    begun = roster.put("radiologist", kind)
    to_come = roster.put("radiologist", kind, date(2026, 3, 10))
    exact = roster.put(
        "radiologist2",
        kind,
        date(2026, 3, 10),
        span=(at(9, day=date(2026, 3, 10)), at(11, day=date(2026, 3, 10))),
    )
    with roster.planning() as (work, manager):
        plan = rosters.ShiftPlan("白班", time(7), time(16))
        rosters.save_kind(work, manager, plan, kind)
    with roster.county.database.read() as work:
        spans = {row.id: (row.starts_at, row.ends_at) for row in work.session.execute(select(DutySpan)).scalars()}
    tuesday = date(2026, 3, 10)
    assert spans[begun] == (at(8), at(17, 30))
    assert spans[to_come] == (at(7, day=tuesday), at(16, day=tuesday))
    assert spans[exact] == (at(9, day=tuesday), at(11, day=tuesday))


def test_putting_a_shift_again_changes_it(roster: Rostering):
    kind = roster.day_shift()
    first = roster.put("radiologist", kind)
    again = roster.put("radiologist", kind, span=(at(9), at(12)), note="半天")
    assert first == again
    assert roster.present(at(9)) == ["radiologist"]
    assert roster.present(at(12)) == []


@pytest.mark.parametrize(
    "span",
    [
        (at(9), at(9)),
        (at(9), at(9) + timedelta(hours=37)),
        (at(9, day=date(2026, 3, 10)), at(20, day=date(2026, 3, 10))),
    ],
)
def test_an_exact_span_that_makes_no_sense_is_refused(roster: Rostering, span: tuple[datetime, datetime]):
    kind = roster.day_shift()
    with pytest.raises(InvalidField):
        roster.put("radiologist", kind, span=span)


def test_a_shift_is_for_readers_alone(roster: Rostering):
    kind = roster.day_shift()
    for username in ("clinic01", "manager", "nobody"):
        with pytest.raises(InvalidField):
            roster.put(username, kind)


def test_a_shift_is_handed_over(roster: Rostering):
    duty = roster.put("radiologist", roster.day_shift())
    with roster.planning() as (work, manager):
        rosters.swap(work, manager, duty, "radiologist2", reason="家中有事")
    assert roster.present(at(9)) == ["radiologist2"]
    with roster.county.database.read() as work:
        (swapped,) = work.session.execute(select(DutySwap)).scalars()
        assert (swapped.from_user_id, swapped.to_user_id) == (
            roster.county.user("radiologist").id,
            roster.county.user("radiologist2").id,
        )


def test_two_shifts_are_swapped(roster: Rostering):
    day, night = roster.day_shift(), roster.night_shift()
    given, taken = roster.put("radiologist", day), roster.put("radiologist2", night)
    with roster.planning() as (work, manager):
        rosters.swap(work, manager, given, "radiologist2", taken)
    assert roster.present(at(9)) == ["radiologist2"]
    assert roster.present(at(21)) == ["radiologist"]


def test_swaps_that_make_no_sense_change_nothing(roster: Rostering):
    day = roster.day_shift()
    mine, his, third = (roster.put(name, day) for name in ("radiologist", "radiologist2", "auditor"))
    for to, against, refusal in (
        ("radiologist", None, InvalidField),
        ("radiologist2", None, Conflict),
        ("radiologist2", third, InvalidField),
        ("radiologist2", his, InvalidField),
    ):
        with pytest.raises(refusal), roster.planning() as (work, manager):
            rosters.swap(work, manager, mine, to, against)
    assert sorted(roster.present(at(9))) == ["auditor", "radiologist", "radiologist2"]


def test_a_week_is_copied_once(roster: Rostering):
    day, night = roster.day_shift(), roster.night_shift()
    roster.put("radiologist", day)
    roster.put("radiologist", night, date(2026, 3, 15))
    next_week = MONDAY + timedelta(days=7)
    for expected in (2, 0):
        with roster.planning() as (work, manager):
            assert rosters.copy_week(work, manager, MONDAY, next_week) == expected
    assert roster.present(at(9, day=next_week)) == ["radiologist"]
    assert roster.present(at(7, 59, day=date(2026, 3, 23))) == ["radiologist"]
    with pytest.raises(InvalidField), roster.planning() as (work, manager):
        rosters.copy_week(work, manager, MONDAY, MONDAY + timedelta(days=8))


@pytest.mark.parametrize("username", ["radiologist", "auditor", "clinic01", "regulator"])
def test_only_managers_plan(roster: Rostering, username: str):
    day = roster.day_shift()
    duty = roster.put("radiologist", day)
    actor = roster.county.actor(username)
    plan = rosters.ShiftPlan("夜班", time(20), time(8))
    with roster.county.write() as work:
        for attempt in (
            lambda: rosters.save_kind(work, actor, plan),
            lambda: rosters.retire_kind(work, actor, day),
            lambda: rosters.put_shift(work, actor, rosters.ShiftOf("radiologist", day, MONDAY)),
            lambda: rosters.drop_shift(work, actor, duty),
            lambda: rosters.copy_week(work, actor, MONDAY, MONDAY + timedelta(days=7)),
            lambda: rosters.swap(work, actor, duty, "radiologist2"),
            lambda: rosters.record_absence(work, actor, "radiologist", AbsenceKind.LEAVE, (at(9), at(10))),
            lambda: rosters.record_licence(work, actor, rosters.LicenceGiven("radiologist", "CT", MONDAY)),
        ):
            with pytest.raises(Forbidden):
                attempt()


def test_every_change_is_audited_and_the_chain_holds(roster: Rostering):
    day = roster.day_shift()
    duty = roster.put("radiologist", day)
    with roster.planning() as (work, manager):
        rosters.swap(work, manager, duty, "radiologist2")
        rosters.record_absence(work, manager, "radiologist", AbsenceKind.LEAVE, (at(9), at(10)))
        given = rosters.LicenceGiven("radiologist", "CT", MONDAY)
        licence = rosters.record_licence(work, manager, given)
        rosters.end_licence(work, manager, licence.id, "调离")
        rosters.drop_shift(work, manager, duty)
        rosters.retire_kind(work, manager, day)
    with roster.county.database.read() as work:
        actions = list(work.session.execute(select(AuditEvent.action).order_by(AuditEvent.seq)).scalars())
        assert audit.verify(work.session) == []
    assert actions == [
        "roster.kind",
        "roster.put",
        "roster.swap",
        "roster.absence",
        "qualification.put",
        "qualification.end",
        "roster.drop",
        "roster.kind.retire",
    ]


def test_shift_kinds_that_make_no_sense_are_refused(roster: Rostering):
    roster.day_shift()
    sound = rosters.ShiftPlan("小夜", time(17), time(22))
    for broken, refusal in (
        (replace(sound, name=" "), InvalidField),
        (replace(sound, colour="red"), InvalidField),
        (replace(sound, rvu_share=2.0), InvalidField),
        (replace(sound, modalities=[]), InvalidField),
        (replace(sound, modalities=["what?"]), InvalidField),
        (replace(sound, name="白班"), Conflict),
    ):
        with pytest.raises(refusal), roster.planning() as (work, manager):
            rosters.save_kind(work, manager, broken)


def test_spans():
    hours = [at(hour) for hour in range(6)]
    assert joined([(hours[3], hours[4]), (hours[0], hours[1]), (hours[1], hours[2]), (hours[5], hours[5])]) == [
        (hours[0], hours[2]),
        (hours[3], hours[4]),
    ]
    assert without([(hours[0], hours[5])], [(hours[1], hours[2]), (hours[4], hours[5])]) == [
        (hours[0], hours[1]),
        (hours[2], hours[4]),
    ]
    assert clipped([(hours[0], hours[3])], hours[1], hours[2]) == [(hours[1], hours[2])]
