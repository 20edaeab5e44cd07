"""Every limit and every step of the ladder, by name: who is told when nobody answers, and each once."""

import pytest
from sqlalchemy import func, select

from reading_queue.critical import chasing
from reading_queue.critical.rules import CRITICAL_VALUES, SHIPPED_RULES
from reading_queue.rulebook import publish
from storage.db.models import Notice
from storage.db.queries.critical import due_cases
from storage.domain.critical import CaseState
from storage.domain.errors import Invalid
from storage.domain.reading import Priority
from tests.unit.reading_queue.critical.cases import BLEEDING, PHONED, Cases

pytestmark = pytest.mark.thorough


_READERS = {"radiologist", "radiologist2", "auditor", "auditor2"}
_AUDITORS = {"auditor", "auditor2"}


def _after(cases: Cases, minutes: float) -> None:
    cases.county.clock.advance(minutes=minutes)
    cases.chase()


def _steps(cases: Cases, case_id: int) -> list[str]:
    return [event.content for event in cases.events(case_id) if event.action == "escalate"]


def test_confirmed_to_notified_ten_minutes(cases: Cases):
    case_id = cases.confirmed()
    assert cases.load(case_id).state == CaseState.CONFIRMED
    _after(cases, 9.9)
    assert _steps(cases, case_id) == []
    _after(cases, 0.1)
    assert _steps(cases, case_id) == ["duty_line"]
    assert cases.notices("critical.confirmed_late") == [_READERS]


def test_a_case_that_nobody_tells_goes_up_to_the_president(cases: Cases):
    case_id = cases.confirmed()
    _after(cases, 1440)
    assert _steps(cases, case_id) == ["duty_line", "department_head", "medical_affairs", "vice_president", "president"]


def test_a_suspicion_that_nobody_judges_is_told_after_ten_thirty_and_sixty_minutes(cases: Cases):
    case_id = cases.suspected()
    for minutes, steps in ((10, 1), (20, 2), (30, 3)):
        _after(cases, minutes)
        assert len(_steps(cases, case_id)) == steps
    assert cases.notices("critical.suspected_late")[2] == {"manager"}
    assert cases.load(case_id).next_step_at is None


def test_notified_to_acknowledged_five_minutes_then_the_telephone(cases: Cases):
    case_id = cases.told()
    _after(cases, 5)
    assert _steps(cases, case_id) == ["phone"]
    assert cases.notices("critical.notified_late") == [_READERS]


def test_ten_minutes_the_head_of_the_clinic_and_the_duty_line(cases: Cases):
    heads = {"t01": {"users": ["clinic02"], "phone": "0000-1234567"}}
    _publish(cases, clinic_heads=heads)
    case_id = cases.told()
    _after(cases, 10)
    assert _steps(cases, case_id) == ["phone", "clinic_head"]
    assert cases.notices("critical.notified_late")[1] == {*_READERS, "clinic01", "clinic02"}
    assert cases.events(case_id)[-1].detail["phones"] == ["0000-1234567"]


@pytest.mark.parametrize(
    "minutes, step, people",
    [
        (30, "department_head", _READERS),
        (60, "medical_affairs", {"manager"}),
        (120, "vice_president", {"manager"}),
        (1440, "president", {"manager", "admin"}),
    ],
)
def test_the_ladder_while_nobody_acknowledges(cases: Cases, minutes: float, step: str, people: set[str]):
    case_id = cases.told()
    _after(cases, minutes - 1)
    before = _steps(cases, case_id)
    _after(cases, 1)
    assert _steps(cases, case_id) == [*before, step]
    assert cases.notices("critical.notified_late")[-1] == people


@pytest.mark.parametrize(
    "priority, minutes", [(Priority.P0, 30), (Priority.P1, 30), (Priority.P2, 60), (Priority.P3, 60)]
)
def test_acknowledged_to_treated_by_class(cases: Cases, priority: Priority, minutes: float):
    case_id = cases.told(cases.county.study(priority=priority))
    cases.acknowledge(case_id)
    _after(cases, minutes - 1)
    assert _steps(cases, case_id) == []
    _after(cases, 1)
    assert _steps(cases, case_id) == ["feed_back"]
    assert cases.notices("critical.acked_late") == [{"clinic01"}]
    _after(cases, 120)
    assert _steps(cases, case_id) == ["feed_back", "department_head"]


def test_closed_within_twenty_four_hours(cases: Cases):
    case_id = cases.treated()
    _after(cases, 1440)
    assert _steps(cases, case_id) == ["close"]
    assert cases.notices("critical.treated_late") == [{"radiologist", "manager"}]


@pytest.mark.parametrize("way", [Cases.closed, Cases.false_alarm])
def test_what_has_ended_is_left_alone(cases: Cases, way):
    case_id = way(cases)
    _after(cases, 2000)
    assert _steps(cases, case_id) == []
    assert cases.load(case_id).next_step_at is None


def test_an_acknowledgement_stops_the_ladder(cases: Cases):
    case_id = cases.told()
    _after(cases, 6)
    cases.acknowledge(case_id)
    _after(cases, 50)
    assert _steps(cases, case_id) == ["phone"]


def test_a_phone_call_does_not_stop_the_ladder_until_something_is_read_back(cases: Cases):
    case_id = cases.told(told=PHONED)
    _after(cases, 5)
    assert _steps(cases, case_id) == ["phone"]


def test_the_sweep_twice_is_the_sweep_once(cases: Cases):
    case_id = cases.told()
    _after(cases, 31)
    cases.chase()
    cases.chase()
    assert _steps(cases, case_id) == ["phone", "clinic_head", "department_head"]
    with cases.county.database.read() as work:
        count = select(func.count(Notice.id)).where(Notice.kind == "critical.notified_late")
        assert work.session.execute(count).scalar_one() == 3


def test_a_clock_that_jumps_ahead_takes_every_step_once_and_one_that_jumps_back_takes_none(cases: Cases):
    case_id = cases.told()
    _after(cases, 65)
    assert _steps(cases, case_id) == ["phone", "clinic_head", "department_head", "medical_affairs"]
    _after(cases, -60)
    assert len(_steps(cases, case_id)) == 4
    _after(cases, 115)
    assert _steps(cases, case_id)[4:] == ["vice_president"]


def test_a_process_that_dies_between_two_steps_loses_nothing(cases: Cases, monkeypatch: pytest.MonkeyPatch):
    case_id = cases.told()
    other = cases.told(code="RAD-PE")
    cases.county.clock.advance(minutes=10)
    taken: list[int] = []
    real = chasing.telling.tell

    def die_at_the_second(work, case, *rest, **params):
        real(work, case, *rest, **params)
        taken.append(case.id)
        if taken.count(case_id) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(chasing.telling, "tell", die_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            cases.chase()
    assert _steps(cases, case_id) == []
    cases.chase()
    assert _steps(cases, case_id) == _steps(cases, other) == ["phone", "clinic_head"]
    assert len(cases.notices("critical.notified_late")) == 4


def test_one_broken_case_does_not_hold_up_the_others(cases: Cases, monkeypatch: pytest.MonkeyPatch):
    broken, sound = cases.told(), cases.told(code="RAD-PE")
    cases.county.clock.advance(minutes=5)
    real = chasing.telling.whom

    def whom(work, case, step):
        if case.id == broken:
            raise ValueError
        return real(work, case, step)

    with monkeypatch.context() as patched:
        patched.setattr(chasing.telling, "whom", whom)
        cases.chase()
    assert (_steps(cases, broken), _steps(cases, sound)) == ([], ["phone"])


def test_the_sweep_looks_at_what_is_due_alone(cases: Cases):
    for _ in range(5):
        cases.told()
    with cases.county.database.read() as work:
        assert due_cases(work, 200) == []
        plan = work.session.connection().exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM critical_case WHERE next_step_at <= '2026-01-01' ORDER BY next_step_at"
        )
        assert "ix_critical_case_next_step_at" in str(plan.all())


def test_a_county_changes_its_limits_and_open_cases_keep_theirs(cases: Cases):
    before = cases.told()
    _publish(cases, steps=[{**step, "minutes": step["minutes"] / 2} for step in SHIPPED_RULES["steps"]])
    after = cases.told(code="RAD-PE")
    _after(cases, 2.5)
    assert (_steps(cases, before), _steps(cases, after)) == ([], ["phone"])


def test_a_post_that_nobody_holds_falls_to_those_who_can_act(cases: Cases):
    _publish(cases, posts={**SHIPPED_RULES["posts"], "medical_affairs": {"name": "医务科", "phone": "0000-7654321"}})
    case_id = cases.suspected()
    _after(cases, 60)
    assert cases.notices("critical.suspected_late")[-1] == {*_AUDITORS, "manager", "admin"}
    assert cases.events(case_id)[-1].detail["phones"] == ["0000-7654321"]


@pytest.mark.parametrize(
    "change, wrong",
    [
        ({"lists": ["no-such-list"]}, "no-such-list"),
        ({"steps": [{"name": "x", "state": "notified", "minutes": 0, "posts": ["clinic"]}]}, "minutes"),
        ({"steps": [{"name": "x", "state": "notified", "minutes": 5, "posts": ["mayor"]}]}, "mayor|post"),
        ({"steps": [{"name": "x", "state": "notified", "minutes": 5, "posts": ["clinic"]}]}, "suspected"),
        ({"steps": [{"name": "x"}]}, "cannot be read"),
        ({"own_lists": [{"key": "own"}]}, "cannot be read"),
        ({"tell_clinic_at_onec": False}, "tell_clinic_at_onec"),
        ({"tell_clinic_at_once": "no"}, "true or false"),
        ({"steps": [{"name": "x", "state": "notified", "minutes": 5, "urgent": 1, "posts": ["clinic"]}]}, "urgent"),
        ({"steps": [{"name": "x", "state": "notified", "minutes": "nan", "posts": ["clinic"]}]}, "minutes"),
    ],
)
def test_rules_that_would_leave_somebody_untold_are_refused(change: dict[str, object], wrong: str):
    with pytest.raises(Invalid, match=wrong):
        CRITICAL_VALUES.parse({**SHIPPED_RULES, **change})


def _publish(cases: Cases, **changes: object) -> None:
    with cases.county.write() as work:
        publish(work, cases.county.actor("manager"), CRITICAL_VALUES, {**SHIPPED_RULES, **changes})


def test_the_limits_are_those_of_the_nation_and_of_the_rules():
    rules = CRITICAL_VALUES.parse(SHIPPED_RULES)
    limits = {state: rules.ladder(state, Priority.P2)[0].minutes for state in list(CaseState)[:5]}
    assert limits == {"suspected": 10, "confirmed": 10, "notified": 5, "acked": 60, "treated": 1440}
    assert rules.finding("CT", BLEEDING)[0].source.endswith("RQI-RCV-04")
