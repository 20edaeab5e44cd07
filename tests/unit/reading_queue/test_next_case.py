"""The next case with real rows: who gets what, why, what is counted, and what may be picked from the list."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from reading_queue import rosters, rulebook, service
from reading_queue.assignment.chapter import ASSIGNMENT
from reading_queue.assignment.rules import SHIPPED
from reading_queue.service import Lease
from reading_queue.service.at_work import readers
from storage.db.models import ReaderWork, ReadingTask, Study
from storage.db.queries.tasks import events_of
from storage.domain.errors import Forbidden, Invalid, MoreUrgentFirst
from storage.domain.reading import Action, Priority
from tests.unit.reading_queue.county import LEASE_MINUTES, MONDAY_MORNING, REPORT, County
from tests.unit.reading_queue.rostering import Rostering

pytestmark = pytest.mark.thorough


def _next(county: County, username: str) -> Lease | None:
    with county.write() as work:
        return service.next_task(work, county.actor(username), lease_minutes=LEASE_MINUTES)


def _next_id(county: County, username: str) -> int | None:
    lease = _next(county, username)
    return lease.task.id if lease else None


def _publish(county: County, **changes: Any) -> None:
    with county.write() as work:
        rulebook.publish(work, county.actor("manager"), ASSIGNMENT, {**SHIPPED, **changes})


def _choice(county: County, task: ReadingTask) -> dict[str, Any]:
    with county.database.read() as work:
        claims = [event.detail for event in events_of(work, task.id) if event.action == Action.CLAIM]
    return claims[-1]["choice"]


def _work(county: County, username: str) -> ReaderWork:
    with county.database.read() as work:
        mine = select(ReaderWork).where(ReaderWork.user_id == county.actor(username).user_id)
        return work.session.execute(mine.order_by(ReaderWork.day.desc()).limit(1)).scalar_one()


def _same_patient(county: County, one: ReadingTask, other: ReadingTask) -> None:
    with county.write() as work:
        patient = work.session.get_one(Study, one.study_id).patient_id
        work.session.execute(update(Study).where(Study.id == other.study_id).values(patient_id=patient))


def test_the_event_of_a_claim_tells_why(county: County) -> None:
    task = county.task(priority=Priority.P1)
    _next(county, "radiologist")
    why = _choice(county, task)
    assert (why["asked"], why["edition"], why["rule"], why["in_hand"]) == ("next", 0, "emergency", 0)
    named = county.task()
    county.claim(named, "radiologist2")
    assert _choice(county, named)["asked"] == "named"


def test_what_a_claim_counts_is_taken_back_with_the_case(county: County) -> None:
    task = county.task()
    lease = _next(county, "radiologist")
    assert lease is not None
    assert (_work(county, "radiologist").read_rvu, _work(county, "radiologist").cases) == (3.2, 1)
    with county.write() as work:
        service.release(work, task.id, county.actor("radiologist"), lease.token)
    assert (_work(county, "radiologist").read_rvu, _work(county, "radiologist").cases) == (0, 0)
    _next(county, "radiologist2")
    county.clock.advance(minutes=12)
    with county.write() as work:
        assert service.expire_leases(work) == 1
    assert _work(county, "radiologist2").read_rvu == 0


def test_rework_and_answered_questions_count_once(county: County) -> None:
    task = county.task()
    county.drafted(task)
    with county.write() as work:
        token = service.claim(work, task.id, county.actor("auditor"), lease_minutes=LEASE_MINUTES).token
        service.reject(work, task.id, county.actor("auditor"), token, "描述不全")
    lease = _next(county, "radiologist")
    assert lease is not None
    assert _choice(county, task)["owed"] == "rework"
    with county.write() as work:
        service.ask(work, task.id, county.actor("radiologist"), lease.token, "有无外伤史？")
    with county.write("clinic01") as work:
        service.answer(work, task.id, county.actor("clinic01"), "无")
    assert _next_id(county, "radiologist") == task.id
    assert _choice(county, task)["owed"] == "answered"
    assert (_work(county, "radiologist").read_rvu, _work(county, "radiologist").cases) == (3.2, 1)
    assert _work(county, "auditor").audit_rvu == pytest.approx(1.28)


def _read_ecg(county: County, username: str) -> ReadingTask:
    task = county.task(modality="ECG")
    lease = _next(county, username)
    assert lease is not None
    with county.write() as work:
        service.sign(work, lease.task.id, county.actor(username), lease.token, REPORT)
    return task


def test_a_deficit_is_carried_to_the_next_day_of_work(county: County) -> None:
    for username in ("radiologist", "radiologist", "radiologist2"):
        _read_ecg(county, username)
    county.clock.advance(hours=24)
    task = _read_ecg(county, "radiologist2")
    # Of 1.5 each one's part was 0.75, and an ECG weighs 0.5.
    assert _work(county, "radiologist2").carried_rvu == pytest.approx(0.25)
    assert _choice(county, task)["owed_rvu"] == pytest.approx(0.2)
    _read_ecg(county, "radiologist")
    assert _work(county, "radiologist").carried_rvu == pytest.approx(-0.25)


def test_a_night_shift_is_one_day_of_work(county: County) -> None:
    county.clock.advance(hours=14)
    _read_ecg(county, "radiologist")
    county.clock.advance(hours=8)
    _read_ecg(county, "radiologist")
    assert (_work(county, "radiologist").cases, _work(county, "radiologist").day) == (2, MONDAY_MORNING.date())


def test_the_reader_of_the_prior_is_preferred_and_told_so(county: County) -> None:
    old = county.task()
    county.signed(old)
    other, again = county.task(), county.task()
    _same_patient(county, old, again)
    county.clock.advance(hours=1)
    assert _next_id(county, "radiologist") == again.id
    assert _choice(county, again)["prior"] is True
    assert _next_id(county, "radiologist2") == other.id


def test_the_same_patients_other_study_comes_next(county: County) -> None:
    first, second, same = county.task(), county.task(), county.task()
    _same_patient(county, first, same)
    assert [_next_id(county, "radiologist") for _ in range(3)] == [first.id, same.id, second.id]


def test_an_urgent_case_is_left_to_the_colleague_with_empty_hands(county: County) -> None:
    assert _next(county, "radiologist2") is None
    county.task()
    _next(county, "radiologist")
    routine, urgent = county.task(), county.task(priority=Priority.P1)
    assert _next_id(county, "radiologist") == routine.id
    assert _next_id(county, "radiologist2") == urgent.id


def test_off_duty_a_reader_gets_only_what_nobody_is_there_for(county: County) -> None:
    roster = Rostering(county)
    roster.put("radiologist2", roster.day_shift(), MONDAY_MORNING.date())
    routine = county.task()
    assert _next(county, "radiologist") is None
    assert _next_id(county, "radiologist2") == routine.id
    urgent = county.task(priority=Priority.P1)
    assert _next(county, "radiologist") is None
    county.clock.advance(hours=12)
    assert _next_id(county, "radiologist") == urgent.id
    assert _choice(county, urgent)["off_duty"] is True


def test_the_desk_is_manned_as_the_roster_says(county: County) -> None:
    roster = Rostering(county)
    roster.put("radiologist", roster.day_shift(), MONDAY_MORNING.date())
    roster.put("auditor", roster.night_shift(), MONDAY_MORNING.date())
    for hours in range(0, 30, 3):
        with county.database.read() as work:
            moment = MONDAY_MORNING + timedelta(hours=hours)
            work.now = moment
            rules = rulebook.in_force(work, ASSIGNMENT).content
            manned = {one.id for one in readers(work, rules, moment.date()).values() if one.on_duty}
            assert manned == {duty.user_id for duty in rosters.on_duty(work, moment) if not duty.on_call}


@pytest.mark.parametrize("priority", [Priority.P0, Priority.P1])
def test_an_urgent_case_is_not_picked_while_another_is_due_before_it(county: County, priority: Priority) -> None:
    first, second = county.task(priority=priority), county.task(priority=priority)
    with pytest.raises(MoreUrgentFirst) as refused:
        county.claim(second, "radiologist")
    assert refused.value.take_instead == first.id
    county.claim(first, "radiologist")
    county.claim(second, "radiologist")


def test_what_he_cannot_read_or_has_given_back_does_not_bar_the_way(county: County) -> None:
    county.task(priority=Priority.P1)
    ecg = county.task(priority=Priority.P1, modality="ECG")
    later = county.task(priority=Priority.P1, modality="ECG")
    county.claim(ecg, "ecg")
    with county.write() as work:
        service.release(work, ecg.id, county.actor("ecg"), county.reload(ecg).lease_token)
    county.claim(later, "ecg")


def test_routine_cases_are_picked_freely_only_where_the_county_allows_it(county: County) -> None:
    first, second, third = (county.task() for _ in range(3))
    county.claim(third, "radiologist")
    _publish(county, free_list=[])
    with pytest.raises(MoreUrgentFirst) as refused:
        county.claim(second, "radiologist")
    assert refused.value.take_instead == first.id
    county.claim(first, "radiologist")
    with county.write() as work:
        service.assign(work, second.id, county.actor("manager"), county.user("radiologist2"))
    county.claim(second, "radiologist2")
    assert _choice(county, first)["edition"] == 1


def test_where_nobody_is_on_duty_everything_may_be_picked(county: County) -> None:
    roster = Rostering(county)
    roster.put("radiologist", roster.day_shift(), MONDAY_MORNING.date())
    county.task(priority=Priority.P1)
    second = county.task(priority=Priority.P1)
    county.clock.advance(hours=14)
    county.claim(second, "radiologist2")


@pytest.mark.parametrize(
    "change",
    [
        {"free_list": ["P1"]},
        {"figures": {"present_minutes": -1}},
        {"figures": {"speed": 1}},
        {"effort": []},
        {"other": "nothing"},
        {"day_begins": "noon"},
        {"only_on_duty": "yes"},
        {"groups": {}},
        {"subspecialties": [{"name": ""}]},
    ],
)
def test_rules_that_make_no_sense_are_not_published(county: County, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        _publish(county, **change)


def test_a_plan_whose_cases_have_gone_is_made_anew(county: County) -> None:
    tasks = [county.task() for _ in range(3)]
    with county.database.read() as work:
        plan = service.plan_next(work, county.actor("radiologist"))
    county.claim(tasks[0], "radiologist2")
    with county.write() as work:
        lease = service.take_planned(work, plan, county.actor("radiologist"), lease_minutes=LEASE_MINUTES)
        assert lease is not None
        assert lease.task.id == tasks[1].id
    county.claim(tasks[2], "radiologist2")
    late = county.task()
    with county.write() as work:
        lease = service.take_planned(work, plan, county.actor("radiologist"), lease_minutes=LEASE_MINUTES)
        assert lease is not None
        assert lease.task.id == late.id
    with county.database.read() as work, pytest.raises(Forbidden):
        service.plan_next(work, county.actor("manager"))


def test_next_gives_nobody_a_case_twice_and_loses_none(county: County) -> None:
    tasks = {county.task(modality=one).id for one in ("CT", "DX", "US", "ECG", "MR", "CT", "DX")}
    county.drafted(county.task(), author="radiologist2")
    names = ["radiologist", "auditor", "ecg", "radiologist2", "auditor2"] * 2
    taken = [one for one in (_next_id(county, name) for name in names) if one is not None]
    assert len(taken) == len(set(taken)) == len(tasks) + 1


def test_a_report_can_be_written_for_what_next_gave(county: County) -> None:
    task = county.task(priority=Priority.P0)
    lease = _next(county, "radiologist")
    assert lease is not None
    with county.write() as work:
        service.submit(work, task.id, county.actor("radiologist"), lease.token, REPORT)
    assert _next_id(county, "auditor") == task.id
    assert _next(county, "radiologist") is None
