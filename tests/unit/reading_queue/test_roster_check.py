"""The roster check: gaps, clashes, shifts of people who may not do their work, licences that end; and rosters as CSV."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from reading_queue import rosters
from storage.db.models import Device, DutySpan
from storage.domain.errors import UnusableSheet
from storage.domain.reading import Priority
from storage.domain.rosters import AbsenceKind
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.rostering import MONDAY, Rostering, at

pytestmark = pytest.mark.thorough


P0, P1, P2, P3 = Priority
TUESDAY = MONDAY + timedelta(days=1)
DAY = timedelta(days=1)


@pytest.fixture
def roster(county: County) -> Rostering:
    return Rostering(county)


def gaps(roster: Rostering, days: int = 1) -> list[tuple[str, tuple[Priority, ...], object, object]]:
    with roster.county.database.read() as work:
        found = rosters.coverage(work, at(0), at(0) + days * DAY)
    return [(gap.modality, gap.priorities, gap.starts_at, gap.ends_at) for gap in found]


def faults(roster: Rostering) -> list[tuple[rosters.Fault, int]]:
    with roster.county.database.read() as work:
        return [(one.fault, one.duty_id) for one in rosters.findings(work, MONDAY, TUESDAY)]


def licence(roster: Rostering, username: str, modality: str, until: date | None = None) -> int:
    with roster.planning() as (work, manager):
        given = rosters.LicenceGiven(username, modality, date(2025, 1, 1), until)
        return rosters.record_licence(work, manager, given).id


def test_without_a_roster_nothing_is_uncovered(roster: Rostering):
    assert gaps(roster) == []


def test_nights_need_somebody_for_emergencies_and_working_hours_for_everything(roster: Rostering):
    roster.put("radiologist", roster.kind("白班", time(9), time(17, 30)))
    assert gaps(roster) == [
        ("CT", (P0, P1), at(0), at(9)),
        ("CT", (P2, P3), at(8), at(9)),
        ("CT", (P0, P1), at(17, 30), at(0) + DAY),
    ]


def test_a_night_shift_and_somebody_on_call_close_the_gaps(roster: Rostering):
    roster.put("radiologist", roster.day_shift())
    roster.put("radiologist2", roster.night_shift())
    roster.put("auditor", roster.kind("听班", time(17), time(21), on_call=True))
    assert gaps(roster) == [("CT", (P0, P1), at(0), at(8))], "the night before"
    roster.put("radiologist2", roster.kind("前夜", time(0), time(8), priorities=[P1]))
    assert gaps(roster) == [("CT", (P0,), at(0), at(8))]


def test_on_call_does_not_cover_routine_work(roster: Rostering):
    roster.put("auditor", roster.kind("听班", time(0), time(0), on_call=True))
    assert gaps(roster) == [("CT", (P2, P3), at(8), at(12)), ("CT", (P2, P3), at(13, 30), at(17, 30))]


def test_who_may_not_read_it_or_is_away_does_not_cover(roster: Rostering):
    with roster.county.write() as work:
        work.session.add(
            Device(ae_title="T01_ECG", institution_id=roster.county.user("clinic01").institution_id, modality="ECG")
        )
    roster.put("ecg", roster.kind("全天", time(0), time(0)))
    assert gaps(roster) == [
        ("CT", (P0, P1), at(0), at(0) + DAY),
        ("CT", (P2, P3), at(8), at(12)),
        ("CT", (P2, P3), at(13, 30), at(17, 30)),
    ]
    with roster.planning() as (work, manager):
        rosters.record_absence(work, manager, "ecg", AbsenceKind.TRAINING, (at(14), at(15)))
    assert [gap for gap in gaps(roster) if gap[0] == "ECG"] == [
        ("ECG", (P0, P1, P2, P3), at(14), at(15)),
    ]


def test_a_licence_that_ends_opens_a_gap_at_midnight(roster: Rostering):
    licence(roster, "radiologist", "CT", until=MONDAY)
    roster.put("radiologist", roster.kind("夜班", time(20), time(8)))
    urgent = [gap[2:] for gap in gaps(roster, days=2) if gap[1] == (P0, P1)]
    assert urgent == [(at(0), at(20)), (at(0) + DAY, at(0) + 2 * DAY)]


def test_holidays_need_emergencies_alone(roster: Rostering):
    roster.put("radiologist", roster.day_shift(), date(2026, 4, 30))
    labour_day = at(0, day=date(2026, 5, 1))
    with roster.county.database.read() as work:
        found = rosters.coverage(work, labour_day, labour_day + DAY)
    assert {gap.priorities for gap in found} == {(P0, P1)}


def test_two_shifts_at_one_time_are_told_and_being_on_call_is_not(roster: Rostering):
    day = roster.put("radiologist", roster.day_shift())
    late = roster.put("radiologist", roster.kind("小夜", time(17), time(22)))
    roster.put("radiologist", roster.kind("听班", time(0), time(0), on_call=True))
    assert faults(roster) == [(rosters.Fault.OVERLAP, late)]
    assert day != late


def test_a_night_that_reaches_into_the_next_days_shift_is_told(roster: Rostering):
    roster.put("radiologist", roster.kind("长夜", time(20), time(9)))
    morning = roster.put("radiologist", roster.day_shift(), TUESDAY)
    assert faults(roster) == [(rosters.Fault.OVERLAP, morning)]


def test_shifts_of_people_who_may_not_or_cannot_are_told(roster: Rostering):
    ct = roster.kind("CT", time(8), time(12), modalities=["CT"])
    unqualified = roster.put("ecg", ct)
    licence(roster, "radiologist", "CT", until=MONDAY)
    roster.put("radiologist", ct)
    lapsed = roster.put("radiologist", ct, TUESDAY)
    away = roster.put("radiologist2", ct)
    with roster.planning() as (work, manager):
        rosters.record_absence(work, manager, "radiologist2", AbsenceKind.LEAVE, (at(11), at(20)))
    assert faults(roster) == [
        (rosters.Fault.UNQUALIFIED, unqualified),
        (rosters.Fault.AWAY, away),
        (rosters.Fault.UNQUALIFIED, lapsed),
    ]


def test_a_licence_is_warned_about_thirty_days_before_its_end(roster: Rostering):
    soon = licence(roster, "radiologist", "CT", until=MONDAY + timedelta(days=30))
    licence(roster, "radiologist", "US", until=MONDAY + timedelta(days=31))
    licence(roster, "radiologist", "MR", until=MONDAY - DAY)
    followed = licence(roster, "radiologist2", "CT", until=MONDAY + timedelta(days=10))
    with roster.planning() as (work, manager):
        after = rosters.LicenceGiven("radiologist2", "CT", MONDAY)
        rosters.record_licence(work, manager, after)
    with roster.county.database.read() as work:
        assert [row.id for row in rosters.ending_soon(work)] == [soon]
    assert followed


def test_a_roster_goes_out_as_csv_and_comes_back(roster: Rostering):
    roster.put("radiologist", roster.day_shift(), note="=1+1")
    roster.put("auditor", roster.night_shift(), span=(at(20), at(6, day=TUESDAY)), phone="+86 711 1001")
    with roster.county.database.read() as work:
        sheet = rosters.as_csv(work, MONDAY, MONDAY)
    text = sheet.decode("utf-8-sig")
    assert sheet.startswith(b"\xef\xbb\xbf")
    assert "2026-03-09,夜班,auditor,auditor 医师,20:00,06:00,,'+86 711 1001," in text
    assert "'=1+1" in text
    with roster.planning() as (work, manager):
        for duty in work.session.execute(select(DutySpan)).scalars().all():
            rosters.drop_shift(work, manager, duty.id)
        assert rosters.take_csv(work, manager, sheet) == rosters.Taken(put=2, dropped=0)
        assert rosters.as_csv(work, MONDAY, MONDAY) == sheet


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_sheets_of_every_spreadsheet_are_read(roster: Rostering, encoding: str):
    roster.day_shift()
    sheet = "日期,班次,用户名,备注\r\n2026/3/9,白班,radiologist,值班\r\n,,,\r\n2026年3月10日,白班,radiologist,\r\n"
    with roster.planning() as (work, manager):
        assert rosters.take_csv(work, manager, sheet.encode(encoding)).put == 2
    assert roster.present(at(9)) == ["radiologist"]
    assert roster.present(at(9, day=TUESDAY)) == ["radiologist"]


def test_a_sheet_with_one_bad_line_changes_nothing(roster: Rostering):
    kind = roster.day_shift()
    roster.put("auditor", kind)
    for lines, told in (
        ("2026-03-09,白班,radiologist\n2026-03-09,中班,radiologist\n", "Line 3: There is no shift kind 中班"),
        ("2026-03-09,白班,radiologist\n2026-03-09,白班,li\n", "Line 3: user"),
        ("9 March,白班,radiologist\n", "Line 2: 9 March is not a day"),
    ):
        with pytest.raises(UnusableSheet, match=told), roster.planning() as (work, manager):
            rosters.take_csv(work, manager, f"日期,班次,用户名\n{lines}".encode(), replace=True)
    with pytest.raises(UnusableSheet, match="用户名"), roster.planning() as (work, manager):
        rosters.take_csv(work, manager, "日期,班次\n".encode())
    with pytest.raises(UnusableSheet, match="UTF-8"), roster.planning() as (work, manager):
        rosters.take_csv(work, manager, b"\x81\x00\xff\xfd")
    assert roster.present(at(9)) == ["auditor"]


def test_a_sheet_may_replace_the_days_that_it_has(roster: Rostering):
    kind = roster.day_shift()
    roster.put("auditor", kind)
    roster.put("auditor", kind, TUESDAY)
    with roster.planning() as (work, manager):
        sheet = "date,shift,username\n2026-03-09,白班,radiologist\n".encode()
        assert rosters.take_csv(work, manager, sheet, replace=True) == rosters.Taken(put=1, dropped=1)
    assert roster.present(at(9)) == ["radiologist"]
    assert roster.present(at(9, day=TUESDAY)) == ["auditor"]
