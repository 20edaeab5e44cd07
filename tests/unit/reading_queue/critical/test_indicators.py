"""RQI-RCV-04 and US-CV-01: ten minutes, and the records of both sides."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from reading_queue.critical import caring
from reading_queue.critical.caring import Told
from reading_queue.critical.indicators import (
    CaseRecord,
    Indicator,
    Outcome,
    Rate,
    Side,
    by_month,
    rate,
    rates,
    records_between,
)
from reading_queue.service import ReportContent
from storage.domain.critical import Basis, Method
from tests.unit.reading_queue.county import MONDAY_MORNING
from tests.unit.reading_queue.critical.cases import Cases

pytestmark = pytest.mark.thorough

_BEGAN = MONDAY_MORNING
_SPAN = (_BEGAN, _BEGAN + timedelta(days=1))


def _record(minutes: float = 5, **changes: object) -> CaseRecord:
    at = _BEGAN + timedelta(minutes=minutes)
    side = Side(at, "左侧脑出血", "陈医生", "王护士")
    whole = {
        "institution": "t01",
        "modality": "CT",
        "basis": Basis.DISCOVERED,
        "basis_at": _BEGAN,
        "is_false_alarm": False,
        "centre": [side],
        "clinic": [side],
        "reached_at": at,
    }
    return CaseRecord(**{**whole, **changes})


def _rate(*records: CaseRecord, indicator: Indicator = Indicator.RADIOLOGY) -> tuple[int, int]:
    found = rate(records, indicator, *_SPAN)
    return found.numerator, found.denominator


@pytest.mark.parametrize("minutes, done", [(0, 1), (9.9, 1), (10, 1), (10.1, 0)])
def test_rqi_rcv_04_ten_minutes_from_the_discovery(minutes: float, done: int):
    assert _rate(_record(minutes)) == (done, 1)


@pytest.mark.parametrize("field", ["at", "content", "notifier", "receiver"])
@pytest.mark.parametrize("side", ["centre", "clinic"])
def test_rqi_rcv_04_counts_only_what_both_sides_can_show_in_full(side: str, field: str):
    said = {"at": _BEGAN, "content": "左侧脑出血", "notifier": "陈医生", "receiver": "王护士"}
    lacking = Side(**{**said, field: None if field == "at" else " "})
    assert _rate(_record(**{side: [lacking]})) == (0, 1)
    assert _rate(_record(**{side: []})) == (0, 1)
    assert _rate(_record(**{side: [lacking, Side(**said)]})) == (1, 1)


def test_false_alarms_other_modalities_and_other_spans_do_not_count():
    late = _BEGAN + timedelta(days=1)
    others = [_record(is_false_alarm=True), _record(modality="ECG"), _record(basis_at=late), _record(basis_at=None)]
    assert _rate(*others) == (0, 0)
    assert rate(others, Indicator.RADIOLOGY, *_SPAN).value is None


def test_what_is_one_sided_is_told_apart_from_what_is_late():
    found = rate([_record(), _record(clinic=[]), _record(20)], Indicator.RADIOLOGY, *_SPAN)
    assert found == Rate(1, 3, 1)
    assert found.value == pytest.approx(1 / 3)


def test_each_clinic_beside_the_county():
    county, clinics = rates([_record(), _record(20, institution="t02")], *_SPAN)[Indicator.RADIOLOGY]
    assert (county.numerator, county.denominator) == (1, 2)
    assert {code: one.numerator for code, one in clinics.items()} == {"t01": 1, "t02": 0}


def test_months_of_the_county_and_how_long_it_took_in_the_middle():
    records = [
        _record(3),
        _record(20),
        _record(8),
        _record(reached_at=None),
        _record(basis_at=_BEGAN + timedelta(days=23), reached_at=_BEGAN + timedelta(days=23, minutes=5)),
    ]
    span = (_BEGAN, _BEGAN + timedelta(days=60))
    months = by_month(records, Indicator.RADIOLOGY, *span, ZoneInfo("Asia/Shanghai"))
    assert {month: (one.numerator, one.denominator) for month, one in months.items()} == {
        "2026-03": (2, 4),
        "2026-04": (1, 1),
    }
    assert months["2026-03"].median_minutes == pytest.approx(8)
    assert rate([_record(reached_at=None)], Indicator.RADIOLOGY, *_SPAN).median_minutes is None


@pytest.mark.parametrize(
    "changes,outcome",
    [
        ({}, Outcome.DONE),
        ({"clinic": []}, Outcome.ONE_SIDED),
        ({"minutes": 11}, Outcome.LATE),
        ({"minutes": 11, "clinic": []}, Outcome.LATE),
        ({"reached_at": None}, Outcome.NOT_TOLD),
    ],
)
def test_why_a_case_counts_or_does_not(changes: dict[str, object], outcome: Outcome):
    assert _record(**changes).outcome == outcome


def test_a_screen_that_nobody_looks_at_tells_nobody(cases: Cases):
    case_id = cases.told()
    cases.county.clock.advance(minutes=11)
    cases.acknowledge(case_id)
    assert _counted(cases, Indicator.RADIOLOGY) == Rate(0, 1, 0)


def test_a_call_in_time_counts_once_the_clinic_has_written_it_down_too(cases: Cases):
    case_id = cases.told()
    cases.county.clock.advance(minutes=4)
    with cases.county.write() as work:
        told = Told(Method.PHONE, "李护士", read_back="左侧脑出血")
        caring.tell(work, case_id, cases.county.actor("radiologist"), told)
    assert _counted(cases, Indicator.RADIOLOGY) == Rate(0, 1, 1)
    cases.county.clock.advance(minutes=30)
    cases.acknowledge(case_id)
    assert _counted(cases, Indicator.RADIOLOGY) == Rate(1, 1, 0)


def test_us_cv_01_counts_from_the_report(cases: Cases):
    task = cases.county.task(modality="US")
    case_id = cases.told(task.study_id, "US-TAMPONADE")
    assert _counted(cases, Indicator.ULTRASOUND) == Rate(0, 0, 0)
    cases.county.clock.advance(minutes=30)
    cases.county.signed(task, ReportContent("心包积液。", "心包填塞。", positive=True, critical="心包填塞"))
    cases.county.clock.advance(minutes=9)
    cases.acknowledge(case_id)
    assert _counted(cases, Indicator.ULTRASOUND) == Rate(1, 1, 0)
    assert _counted(cases, Indicator.RADIOLOGY) == Rate(0, 0, 0)


def _counted(cases: Cases, indicator: Indicator) -> Rate:
    with cases.county.database.read() as work:
        return rates(records_between(work, *_SPAN), *_SPAN)[indicator][0]
