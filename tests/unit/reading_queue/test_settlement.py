"""Fees: what is charged, what is free, what is given back; months that are closed, and corrections (reading rules, section 8)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from reading_queue import service
from reading_queue.rulebook import publish
from reading_queue.service import ReportContent
from reading_queue.settlement import disputes, months
from reading_queue.settlement.chapter import SETTLEMENT
from reading_queue.settlement.disputes import Amounts
from reading_queue.settlement.lines import Earned, Line, LineKind, Sum, earned
from storage.db.models import AuditEvent, ReadingTask, RetakeOrder, RuleEdition, SettlementLine, SettlementMonth
from storage.db.queries import settlement as rows
from storage.domain.errors import Conflict, Forbidden, Invalid, NotFound
from storage.domain.quality import RetakeState
from storage.domain.readiness import ReadyTimes
from storage.domain.reading import Priority
from tests.unit.reading_queue.county import REPORT, County

pytestmark = pytest.mark.thorough

MARCH, APRIL = "2026-03", "2026-04"
OTHER_WORDS = ReportContent("两肺纹理增多。", "支气管炎。", positive=True)


def _lines(county: County, month: str = MARCH, username: str | None = None) -> list[Line]:
    with county.write(username) as work:
        return list(months.statement(work, month).lines)


def _told(lines: list[Line]) -> list[tuple[LineKind, int, int, int]]:
    return [(line.kind, line.fee, line.read_pay, line.audit_pay) for line in lines]


def _rules(county: County, **changed: object) -> None:
    with county.write() as work:
        publish(work, county.actor("manager"), SETTLEMENT, {**SETTLEMENT.shipped, **changed})


def _withdraw(county: County, task: ReadingTask) -> None:
    with county.write() as work:
        service.withdraw(work, task.id, county.actor("manager"), "患者身份错误")


def _amend(county: County, task: ReadingTask) -> None:
    with county.write() as work:
        service.amend(work, task.id, county.actor("auditor"), OTHER_WORDS, "补充描述")


def _read_again(county: County, task: ReadingTask) -> ReadingTask:
    """An image comes after the report was signed, and the study is read once more."""
    county.late_image(task.study_id)
    county.clock.advance(seconds=11)
    with county.write() as work:
        service.open_ready_studies(work, ReadyTimes(idle=10))
    with county.database.read() as work:
        query = select(ReadingTask).where(ReadingTask.study_id == task.study_id).order_by(ReadingTask.id.desc())
        again = work.session.execute(query.limit(1)).scalar_one()
    assert again.id != task.id
    return county.signed(again)


def _move_to(county: County, moment: datetime) -> None:
    county.clock.advance(seconds=(moment - county.clock.now()).total_seconds())


def _to_april(county: County) -> None:
    _move_to(county, datetime(2026, 4, 2, 2, 0, tzinfo=UTC))


def _closed(county: County, month: str = MARCH) -> SettlementMonth:
    with county.write() as work:
        return months.close(work, county.actor("manager"), month)


def test_the_first_final_report_is_charged_by_the_price_list(county: County):
    county.signed(county.task(modality="CT"))
    county.signed(county.task(modality="DX", code="t02"))
    ct, dx = _lines(county)
    assert _told([ct, dx]) == [(LineKind.READING, 6000, 2400, 1200), (LineKind.READING, 2000, 800, 400)]
    assert (ct.item, ct.version, ct.edition) == ("ct", 1, 0)
    assert [line.fee for line in _lines(county, username="clinic02")] == [2000]


def test_urgent_readings_cost_the_surcharge_of_their_class(county: County):
    county.signed(county.task(modality="CT", priority=Priority.P0))
    county.signed(county.task(modality="CT", priority=Priority.P1))
    assert [(line.fee, line.read_pay) for line in _lines(county)] == [(9000, 2400), (7800, 2400)]


def test_a_clinic_pays_by_its_contract_and_its_readers_earn_the_same(county: County):
    contract = {"code": "poor", "zh": "帮扶", "en": "Supported", "percent": 33.33, "institutions": ["t01"]}
    _rules(county, contracts=[contract])
    county.signed(county.task(modality="CT"))
    county.signed(county.task(modality="CT", code="t02"))
    assert [(line.fee, line.read_pay) for line in _lines(county)] == [(2000, 2400), (6000, 2400)]


def test_the_price_is_that_of_the_edition_in_force_when_it_was_signed(county: County):
    county.signed(county.task(modality="CT"))
    item = {**SETTLEMENT.shipped["items"][2], "fee": 70.5}
    county.clock.advance(hours=1)
    _rules(county, items=[item])
    with county.write() as work:
        later = {**SETTLEMENT.shipped, "items": [{**item, "fee": 99}]}
        publish(work, county.actor("manager"), SETTLEMENT, later, effective_from=work.now + timedelta(days=1))
    county.signed(county.task(modality="CT"))
    assert [(line.fee, line.edition) for line in _lines(county)] == [(6000, 0), (7050, 1)]


def test_an_item_may_be_for_some_body_parts_alone(county: County):
    head = {**SETTLEMENT.shipped["items"][2], "code": "ct-head", "body_parts": ["HEAD", "颅脑"], "fee": 80}
    _rules(county, items=[*SETTLEMENT.shipped["items"], head])
    county.signed(county.task(modality="CT", body_part="HEAD"))
    county.signed(county.task(modality="CT", body_part="CHEST"))
    county.signed(county.task(modality="XA"))
    assert [line.item for line in _lines(county)] == ["ct-head", "ct", "other"]


def test_a_preliminary_report_is_not_charged(county: County):
    task = county.task(priority=Priority.P1)
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.issue_preliminary(work, task.id, county.actor("radiologist"), token, REPORT)
    assert _lines(county) == []


def test_an_amendment_by_the_centre_is_free(county: County):
    task = county.signed(county.task())
    _amend(county, task)
    assert _told(_lines(county))[1] == (LineKind.AMENDMENT, 0, 0, 0)


def test_a_second_report_of_a_study_is_a_duplicate_and_free(county: County):
    task = county.signed(county.task())
    _read_again(county, task)
    assert [(kind, fee) for kind, fee, *_ in _told(_lines(county))] == [
        (LineKind.READING, 6000),
        (LineKind.DUPLICATE, 0),
    ]


def test_a_withdrawn_report_is_given_back_and_what_takes_its_place_is_charged(county: County):
    task = county.signed(county.task())
    county.clock.advance(minutes=5)
    _withdraw(county, task)
    _read_again(county, task)
    lines = _lines(county)
    assert [line.fee for line in lines] == [6000, -6000, 6000]
    assert lines[1].kind is LineKind.WITHDRAWAL
    whole = Sum.of(lines)
    assert (whole.fee, whole.read_pay, whole.counts[LineKind.READING]) == (6000, 2400, 2)


def test_a_withdrawal_counts_in_its_own_month(county: County):
    task = county.signed(county.task())
    _to_april(county)
    _closed(county)
    _withdraw(county, task)
    assert [line.fee for line in _lines(county)] == [6000]
    assert [(line.kind, line.fee) for line in _lines(county, APRIL)] == [(LineKind.WITHDRAWAL, -6000)]


def test_a_withdrawn_duplicate_gives_nothing_back(county: County):
    first = county.signed(county.task())
    second = _read_again(county, first)
    county.clock.advance(minutes=5)
    _withdraw(county, second)
    assert Sum.of(_lines(county)).fee == 6000


def test_what_ends_as_unreadable_costs_half(county: County):
    task = county.task(modality="DX")
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.return_for_retake(work, task.id, county.actor("radiologist"), token, "positioning", "体位不正")
    county.clock.advance(hours=25)
    with county.write() as work:
        service.expire_leases(work)
        order = work.session.execute(select(RetakeOrder)).scalar_one()
        assert order.state == RetakeState.EXPIRED
    assert _told(_lines(county)) == [(LineKind.UNREADABLE, 1000, 400, 0)]


def test_a_reader_earns_what_he_reads_and_signs(county: County):
    county.signed(county.task())
    task = county.signed(county.task())
    county.clock.advance(minutes=5)
    _withdraw(county, task)
    people = earned(_lines(county))
    assert people[county.user("radiologist").id] == Earned(read=1, read_pay=2400)
    assert people[county.user("auditor").id] == Earned(audited=1, audit_pay=1200)


def test_a_month_is_closed_when_it_is_over_and_in_order(county: County):
    county.signed(county.task())
    with pytest.raises(Conflict):
        _closed(county)
    _to_april(county)
    with pytest.raises(Conflict):
        _closed(county, APRIL)
    with county.write() as work, pytest.raises(Forbidden):
        months.close(work, county.actor("clinic01"), MARCH)
    made = _closed(county)
    assert (made.lines, made.fee, made.previous_sha256) == (1, 6000, months.FIRST)
    for month in (MARCH, "2026-02"):
        with pytest.raises(Conflict):
            _closed(county, month)
    with county.database.read() as work:
        event = work.session.execute(select(AuditEvent).where(AuditEvent.action == "settlement.close")).scalar_one()
        assert event.detail["sha256"] == made.sha256


def test_a_closed_month_never_changes_and_shows_that_it_has_not(county: County):
    county.signed(county.task())
    _to_april(county)
    made = _closed(county)
    with county.database.read() as work:
        assert months.is_intact(work, made)
    with pytest.raises(DatabaseError), county.write() as work:
        work.session.execute(text("UPDATE settlement_line SET fee = 1"))
    with county.write() as work:
        work.session.execute(text("DROP TRIGGER settlement_line_no_update"))
        work.session.execute(text("UPDATE settlement_line SET fee = 1"))
    with county.database.read() as work:
        assert not months.is_intact(work, made)


def test_months_are_tied_to_one_another(county: County):
    county.signed(county.task())
    _to_april(county)
    march = _closed(county)
    _move_to(county, datetime(2026, 5, 2, 2, 0, tzinfo=UTC))
    assert _closed(county, APRIL).previous_sha256 == march.sha256


def _line_id(county: County) -> int:
    with county.database.read() as work:
        return work.session.execute(select(SettlementLine.id)).scalars().first() or 0


def test_a_clinic_objects_within_days_and_a_correction_is_a_new_line(county: County):
    county.signed(county.task())
    _to_april(county)
    _closed(county)
    line_id = _line_id(county)
    with county.write("clinic02") as work, pytest.raises(NotFound):
        disputes.dispute(work, county.actor("clinic02"), line_id, "不是我院患者")
    with county.write("clinic01") as work:
        asked = disputes.dispute(work, county.actor("clinic01"), line_id, "重复收费")
    with county.write("clinic01") as work, pytest.raises(Conflict):
        disputes.dispute(work, county.actor("clinic01"), line_id, "重复收费")
    with county.write() as work, pytest.raises(Invalid):
        disputes.answer(work, county.actor("manager"), asked.id, "同意", granted=True)
    with county.write() as work:
        disputes.answer(work, county.actor("manager"), asked.id, "同意", granted=True, by=Amounts(fee=-6000))
    with county.write() as work, pytest.raises(Conflict):
        disputes.answer(work, county.actor("manager"), asked.id, "不同意", granted=False)
    assert [line.fee for line in _lines(county)] == [6000]
    (line,) = _lines(county, APRIL, "clinic01")
    assert (line.kind, line.fee, line.corrects_id, line.words) == (LineKind.CORRECTION, -6000, line_id, "同意")


def test_after_the_days_nobody_objects_but_the_centre_still_corrects(county: County):
    county.signed(county.task())
    _to_april(county)
    _closed(county)
    county.clock.advance(days=8)
    with county.write("clinic01") as work, pytest.raises(Conflict):
        disputes.dispute(work, county.actor("clinic01"), _line_id(county), "重复收费")
    with county.write("clinic01") as work, pytest.raises(Forbidden):
        disputes.correct(work, county.actor("clinic01"), _line_id(county), "更正", Amounts(fee=-1))
    with county.write() as work:
        disputes.correct(work, county.actor("manager"), _line_id(county), "计价有误", Amounts(fee=-500, read_pay=100))
        assert rows.disputes(work, only_open=True) == []
    assert _told(_lines(county, APRIL)) == [(LineKind.CORRECTION, -500, 100, 0)]


def test_a_refused_objection_changes_nothing(county: County):
    county.signed(county.task())
    _to_april(county)
    _closed(county)
    with county.write("clinic01") as work:
        asked = disputes.dispute(work, county.actor("clinic01"), _line_id(county), "重复收费")
    with county.write() as work:
        disputes.answer(work, county.actor("manager"), asked.id, "两次检查", granted=False)
    assert _lines(county, APRIL) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": []},
        {"items": [SETTLEMENT.shipped["items"][0]] * 2},
        {"items": [{**SETTLEMENT.shipped["items"][0], "fee": -1}]},
        {"unreadable_percent": "half"},
        {"surcharge_percent": {"P9": 10}},
        {"contracts": [{"code": c, "zh": c, "en": c, "percent": 1, "institutions": ["t01"]} for c in "ab"]},
    ],
)
def test_a_price_list_that_makes_no_sense_is_refused(county: County, wrong: dict[str, object]):
    with pytest.raises(Invalid):
        _rules(county, **wrong)
    with county.database.read() as work:
        assert work.session.execute(select(RuleEdition)).first() is None


@pytest.mark.parametrize("month", ["2026-13", "2026-3", "26-03", "", "x"])
def test_a_month_is_named_as_such(county: County, month: str):
    with county.database.read() as work, pytest.raises(Invalid):
        months.statement(work, month)
