"""The shipped edition against every figure of the county's reading rules, and how editions are chosen and kept."""

import copy
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reading_queue import rulebook, service
from reading_queue.calendars import parse_calendar
from reading_queue.coverage import calendar_warning
from reading_queue.holidays import SHIPPED_CALENDAR
from reading_queue.policies import SHIPPED_POLICY, Case, parse_policy
from reading_queue.policy_content import SHIPPED_TIMES
from reading_queue.policy_table import markdown
from reading_queue.service_times import CALENDAR, SERVICE_TIMES, clock_of, row_of, terms_now, terms_of
from storage.db.models import ReadingTask, Study
from storage.db.session import CHINA, Database
from storage.domain.errors import Invalid, InvalidField, StaleLease
from storage.domain.reading import Priority
from tests.unit.reading_queue.county import REPORT, County

pytestmark = pytest.mark.thorough


P0, P1, P2, P3 = Priority
AMBULATORY_ECG = frozenset({"1.2.840.10008.5.1.4.1.1.9.1.3"})

RULES = [
    ("P0 ECG 5 / 10", Case(P0, "ECG"), 5, 10, False),
    ("P0 DR 15 / 20", Case(P0, "DX", "CHEST"), 15, 20, False),
    ("P0 stroke head CT 15 / 20", Case(P0, "CT", "HEAD"), 15, 20, False),
    ("P0 head MR 15 / 20", Case(P0, "MR", "颅脑"), 15, 20, False),
    ("P0 other CT and MR 20 / 30", Case(P0, "CT", "ABDOMEN"), 20, 30, False),
    ("P0 ultrasound 20 / 30", Case(P0, "US", "ABDOMEN"), 20, 30, False),
    ("P1 ECG 10 / 15", Case(P1, "ECG"), 10, 15, False),
    ("P1 DR 20 / 30", Case(P1, "CR", "CHEST"), 20, 30, False),
    ("P1 CT and MR 40 / 60", Case(P1, "MR", "KNEE"), 40, 60, False),
    ("P1 head CT 30 at most", Case(P1, "CT", "BRAIN"), 20, 30, False),
    ("P1 ultrasound 30 / 60", Case(P1, "US"), 30, 60, False),
    ("P2 ECG 30 / 60", Case(P2, "ECG"), 30, 60, True),
    ("P2 DR 60 / 120", Case(P2, "DR", "CHEST"), 60, 120, True),
    ("P2 CT and MR 180 / 240 working minutes", Case(P2, "CT", "CHEST"), 180, 240, True),
    ("P2 head CT as any CT", Case(P2, "CT", "HEAD"), 180, 240, True),
    ("P2 ultrasound 60 / 120", Case(P2, "US"), 60, 120, True),
    ("P3 ECG 120 / 480", Case(P3, "ECG"), 120, 480, True),
    ("P3 DR 480 / 1440", Case(P3, "DX"), 480, 1440, True),
    ("P3 inpatient CT and MR 360 working minutes", Case(P3, "CT", "CHEST"), 360, 1440, True),
    ("P3 complex CT and MR 1440", Case(P3, "MR", "ABDOMEN", "疑难病例会诊"), 1440, 1440, True),
    ("P3 ultrasound 480 / 1440", Case(P3, "US"), 480, 1440, True),
    ("Holter 24 h / 48 h by its words", Case(P2, "ECG", "", "24小时动态心电图"), 1440, 2880, False),
    ("Holter 24 h / 48 h by its SOP class", Case(P1, "ECG", sop_classes=AMBULATORY_ECG), 1440, 2880, False),
    ("Holter 24 h / 48 h of a check-up", Case(P3, "ECG", "", "Holter"), 1440, 2880, False),
]


@pytest.mark.parametrize(
    "case, target, maximum, working", [rule[1:] for rule in RULES], ids=[rule[0] for rule in RULES]
)
def test_the_shipped_edition_holds_the_rule(case: Case, target: int, maximum: int, *, working: bool):
    found = SHIPPED_POLICY.target(SHIPPED_POLICY.row_for(case))
    assert (found.target, found.maximum, found.working) == (target, maximum, working)


def test_the_shipped_edition_escalates_at_50_75_100_and_150_percent():
    assert SHIPPED_POLICY.steps == (0.5, 0.75, 1.0, 1.5)


def test_the_shipped_edition_divides_70_to_30_between_reading_and_audit():
    shares = SHIPPED_POLICY.content.shares
    assert (shares.read, shares.audit) == (0.7, 0.3)


def test_the_shipped_edition_waits_10_minutes_24_hours_and_2_minutes():
    waits = (SHIPPED_POLICY.accept_within, SHIPPED_POLICY.answer_within, SHIPPED_POLICY.lease_grace)
    assert waits == (timedelta(minutes=10), timedelta(hours=24), timedelta(minutes=2))


@pytest.mark.parametrize("priority, hours", [(P0, 0), (P1, 0), (P2, 4), (P3, 4)])
def test_the_shipped_edition_opens_an_unmanned_shift_at_once_or_after_4_hours(priority: Priority, hours: int):
    assert SHIPPED_POLICY.unmanned_wait(priority) == timedelta(hours=hours)


def test_the_shipped_edition_calls_the_duty_phone_for_p0_alone_after_2_minutes():
    assert [SHIPPED_POLICY.unclaimed_wait(one) for one in Priority] == [timedelta(minutes=2), None, None, None]


@pytest.mark.parametrize(
    "priority, modality, bound",
    [(P0, "CT", 120), (P1, "DX", 120), (P1, "MR", None), (P1, "US", None), (P2, "CT", None)],
)
def test_the_shipped_edition_bounds_clock_a_at_two_hours(priority: Priority, modality: str, bound: int | None):
    assert SHIPPED_POLICY.regulatory_bound(priority, modality) == (bound and timedelta(minutes=bound))


def test_the_shipped_edition_aims_at_95_percent_of_emergencies_and_90_of_the_rest():
    assert [SHIPPED_POLICY.content.compliance[one] for one in Priority] == [0.95, 0.95, 0.90, 0.90]


@pytest.mark.parametrize(
    "day, works",
    [
        ("2025-01-26", True),  # make-up Sunday before Spring Festival
        ("2025-01-28", False),
        ("2025-02-04", False),
        ("2025-02-05", True),
        ("2025-02-08", True),  # make-up Saturday
        ("2025-04-27", True),  # make-up Sunday
        ("2025-05-05", False),
        ("2025-06-02", False),
        ("2025-09-28", True),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-10-10", True),
        ("2027-01-01", False),  # fixed by the regulation itself
        ("2027-02-08", False),
        ("2027-02-09", True),  # not arranged yet
        ("2027-10-01", False),
    ],
)
def test_the_shipped_calendar_has_the_public_holidays(day: str, *, works: bool):
    calendar = parse_calendar(SHIPPED_CALENDAR).working(CHINA)
    assert calendar.is_workday(date.fromisoformat(day)) == works


def _times(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(dict(SHIPPED_TIMES)), **changes}


def _publish(county: County, chapter: Any, content: dict[str, Any], **when: Any) -> int:
    with county.write() as work:
        return rulebook.publish(work, county.actor("manager"), chapter, content, note="test", **when).version


def _faster_ecg() -> dict[str, Any]:
    content = _times()
    content["targets"]["P1"]["ECG"] = {"target": 4, "maximum": 8}
    return content


def test_a_task_keeps_the_edition_that_it_was_opened_under(county: County):
    before = county.task(modality="ECG", priority=P1)
    assert _publish(county, SERVICE_TIMES, _faster_ecg()) == 1
    after = county.task(modality="ECG", priority=P1)
    assert (before.sla_policy, after.sla_policy) == ("0.0/P1/ECG", "1.0/P1/ECG")
    assert after.limit_at - after.ready_at == timedelta(minutes=8)
    with county.write() as work:
        service.prioritise(work, before.id, county.actor("manager"), P0, "加重")
        service.prioritise(work, before.id, county.actor("manager"), P1, "好转")
        assert terms_of(work, before.sla_policy).policy.target(row_of(before.sla_policy)).maximum == 15
    assert county.reload(before).sla_policy == "0.0/P1/ECG"


def test_rows_from_before_there_were_editions_are_still_understood(county: County):
    task = county.task(modality="CT", priority=P1, body_part="HEAD")
    with county.write() as work:
        row = work.session.get_one(ReadingTask, task.id)
        row.sla_policy = "2026-01/P1/CT_MR/HEAD"
        work.session.flush()
        assert terms_of(work, row.sla_policy).policy.target(row_of(row.sla_policy)).maximum == 30
        assert clock_of(work, row).limit_at == task.limit_at
        assert not clock_of(work, row).working


def test_an_edition_for_later_waits_for_its_day(county: County):
    _publish(county, SERVICE_TIMES, _faster_ecg(), effective_from=county.clock.now() + timedelta(days=1))
    with county.write() as work:
        assert terms_now(work).times.version == 0
    county.clock.advance(days=1)
    with county.write() as work:
        assert terms_now(work).times.version == 1


class _UndoneError(Exception):
    """Something goes wrong after the publishing."""


def _publish_and_fail(county: County) -> None:
    with county.write() as work:
        rulebook.publish(work, county.actor("manager"), SERVICE_TIMES, _faster_ecg(), note="x")
        assert terms_of(work, "1.0/P1/ECG").policy.target("P1/ECG").maximum == 8
        raise _UndoneError


def test_an_edition_that_was_rolled_back_leaves_nothing_behind(county: County):
    with pytest.raises(_UndoneError):
        _publish_and_fail(county)
    content = _faster_ecg()
    content["targets"]["P1"]["ECG"]["maximum"] = 9
    _publish(county, SERVICE_TIMES, content)
    with county.write() as work:
        assert terms_of(work, "1.0/P1/ECG").policy.target("P1/ECG").maximum == 9


def test_a_clinic_with_a_contract_has_its_own_figures_and_centre(county: County):
    contract = {"centre": "night", "targets": {"P2": {"CT_MR": {"target": 30, "maximum": 45}}}}
    _publish(county, SERVICE_TIMES, _times(contracts={"t02": contract}))
    calendar = copy.deepcopy(dict(SHIPPED_CALENDAR))
    calendar["centres"] = {"night": {"weekdays": [1, 2, 3, 4, 5, 6, 7], "hours": [["00:00", "00:00"]]}}
    _publish(county, CALENDAR, calendar)
    own, other = county.task(code="t02"), county.task(code="t01")
    assert (own.sla_policy, other.sla_policy) == ("1.1/P2/CT_MR@t02", "1.1/P2/CT_MR")
    assert own.limit_at - own.ready_at == timedelta(minutes=45)
    county.clock.advance(hours=12)  # nine in the evening
    late_own, late_other = county.task(code="t02"), county.task(code="t01")
    assert late_own.limit_at - late_own.ready_at == timedelta(minutes=45)
    assert late_other.limit_at - late_other.ready_at > timedelta(hours=10)
    ecg = county.task(code="t02", modality="ECG")
    assert (ecg.sla_policy, ecg.limit_at - ecg.ready_at) == ("1.1/P2/ECG@t02", timedelta(minutes=60))


def test_what_a_mobile_van_brings_is_p3_unless_it_is_flagged(county: County):
    _publish(county, SERVICE_TIMES, _times(vans={"institutions": ["t02"], "devices": []}))
    assert county.task(code="t02").priority == "P3"
    assert county.task(code="t02", priority=P1).priority == "P1"
    assert county.task(code="t01").priority == "P2"


def test_a_device_in_a_van_is_known_by_its_title(county: County):
    _publish(county, SERVICE_TIMES, _times(vans={"institutions": [], "devices": ["T01_CT"]}))
    study_id = county.study()
    with county.write() as work:
        study = work.session.get_one(Study, study_id)
        study.device_id = 1
        work.session.flush()
        task = service.ensure_task(work, study)
        assert task is not None
        assert (task.priority, study.priority) == ("P3", "P3")


def test_another_time_zone_has_other_hours(county: County):
    there = Database(county.database.engine, county.clock, zone=ZoneInfo("Asia/Urumqi"))
    with there.write() as work:  # 07:00 in the county's own zone, an hour before it opens
        calendar = terms_now(work).calendar("P2/CT_MR")
        assert calendar.add(work.now, timedelta(minutes=1)) == work.now + timedelta(minutes=61)


_WRONG: list[tuple[str, dict[str, Any], str]] = [
    (
        "a maximum below its target",
        {"targets": {**SHIPPED_TIMES["targets"], "P0": {"ECG": {"target": 9, "maximum": 1}}}},
        "maximum",
    ),
    ("a class without a group", {"targets": {**SHIPPED_TIMES["targets"], "P0": {}}}, "lacks"),
    ("a group that is not known", {"other": "XA"}, "not a group"),
    ("a field that is not known", {"sof": 1}, "sof"),
    ("steps out of order", {"escalation": {"nudge": 0.5, "widen": 0.4, "breach": 1.0, "affairs": 1.5}}, "step"),
    ("shares that are not a whole", {"shares": {"read": 0.7, "audit": 0.2}}, "shares"),
    ("figures that are not numbers", {"soon": "later"}, "soon"),
    (
        "a contract for a row that is not there",
        {"contracts": {"t01": {"targets": {"P1": {"XX": {"target": 1, "maximum": 2}}}}}},
        "XX",
    ),
]


@pytest.mark.parametrize("changes, word", [one[1:] for one in _WRONG], ids=[one[0] for one in _WRONG])
def test_service_times_that_make_no_sense_are_refused(changes: dict[str, Any], word: str):
    with pytest.raises(InvalidField, match=word):
        parse_policy(_times(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"hours": [["12:00", "08:00"]]},
        {"hours": [["08:00", "12:00"], ["11:00", "17:00"]]},
        {"weekdays": [0]},
        {"weekdays": []},
        {"holidays": [{"from": "2027-02-08", "to": "2027-02-05"}]},
        {"workdays": ["2027-02-30"]},
        {"centres": {"x": {"weekdays": [1]}}},
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(changes: dict[str, Any]):
    with pytest.raises(Invalid):
        parse_calendar({**SHIPPED_CALENDAR, **changes})


def test_somebody_is_warned_30_days_before_the_calendar_ends(county: County):
    with county.write() as work:
        assert calendar_warning(work) == ""
    county.clock.advance(days=(date(2026, 12, 1) - county.clock.now().date()).days)
    with county.write() as work:
        assert calendar_warning(work) == ""
    county.clock.advance(days=1)
    with county.write() as work:
        assert "2026-12-31" in calendar_warning(work)
    _publish(county, CALENDAR, {**SHIPPED_CALENDAR, "arranged_until": "2027-12-31"})
    with county.write() as work:
        assert calendar_warning(work) == ""


def test_the_waits_of_an_edition_are_the_waits_that_count(county: County):
    waits = {**SHIPPED_TIMES["waits"], "accept_minutes": 3, "answer_hours": 1, "grace_minutes": 0}
    _publish(county, SERVICE_TIMES, _times(waits=waits))
    kept, asked = county.task(), county.task()
    token = county.claim(asked, "radiologist").token
    with county.write() as work:
        service.assign(work, kept.id, county.actor("manager"), county.user("radiologist"))
        service.ask(work, asked.id, county.actor("radiologist"), token, "病史？")
    for minutes, expired in ((2, 0), (1, 1), (56, 0), (1, 1)):
        county.clock.advance(minutes=minutes)
        with county.write() as work:
            assert service.expire_leases(work) == expired


def test_without_grace_a_lease_that_has_run_out_writes_no_more(county: County):
    _publish(county, SERVICE_TIMES, _times(waits={**SHIPPED_TIMES["waits"], "grace_minutes": 0}))
    task = county.task()
    token = county.claim(task, "radiologist").token
    county.clock.advance(minutes=10, seconds=1)
    with pytest.raises(StaleLease), county.write() as work:
        service.submit(work, task.id, county.actor("radiologist"), token, REPORT)


def test_the_users_guide_has_the_shipped_figures():
    guide = Path(__file__).parents[3] / "docs" / "workflow.md"
    assert markdown() in guide.read_text(encoding="utf-8")
