"""How a case begins, who may see it, and what it does to the study's class."""

import pytest

from reading_queue import service
from reading_queue.critical import caring, raising
from reading_queue.critical.caring import Heard, Told
from reading_queue.service import SYSTEM
from storage.db.models import Study
from storage.db.queries.critical import CaseFilter, get_case, list_cases
from storage.db.queries.tasks import events_of
from storage.domain.critical import UNLISTED, CaseSource, CaseState, Method
from storage.domain.errors import Forbidden, Invalid, NotAllowedFromState, NotFound
from storage.domain.readiness import ReadyTimes
from storage.domain.reading import Priority
from tests.unit.reading_queue.critical.cases import BLEEDING, FINDING, Cases

pytestmark = pytest.mark.thorough


_AV_BLOCK = {"ventricular_rate": 32.0}


def _measured(cases: Cases, study_id: int) -> list[int]:
    with cases.county.write() as work:
        return [one.id for one in raising.suspect_measured(work, study_id, _AV_BLOCK, ["av_block_3"], "室率32")]


def test_an_ecg_measurement_raises_before_any_claim_and_makes_the_case_urgent(cases: Cases):
    task = cases.county.task(modality="ECG")
    assert task.priority == Priority.P2
    found = _measured(cases, task.study_id)
    assert [cases.load(one).code for one in found] == ["ECG-BRADY", "ECG-AVB3-SLOW"]
    task = cases.county.reload(task)
    assert (task.priority, task.state) == (Priority.P1, "queued")
    with cases.county.database.read() as work:
        event = events_of(work, task.id)[-1]
    assert (event.action, event.actor, event.reason) == (
        "prioritise",
        "system",
        "critical value suspected: ECG-BRADY",
    )
    assert cases.notices("critical.suspected")[0] >= {"radiologist", "ecg", "auditor"}


def test_the_same_measurement_again_raises_nothing_even_after_a_physician_dismissed_it(cases: Cases):
    study = cases.county.study(modality="ECG")
    first, second = _measured(cases, study)
    assert _measured(cases, study) == [first, second]
    with cases.county.write() as work:
        caring.false_alarm(work, first, cases.county.actor("ecg"), "导联脱落")
    assert _measured(cases, study) == [first, second]
    assert cases.load(first).state == CaseState.FALSE_ALARM


def test_a_study_without_a_task_yet_opens_its_task_as_urgent(cases: Cases):
    study = cases.county.study()
    cases.suspected(study)
    cases.county.clock.advance(seconds=11)
    with cases.county.write() as work:
        service.open_ready_studies(work, ReadyTimes(idle=10))
        assert work.session.get_one(Study, study).priority == Priority.P1


@pytest.mark.parametrize("priority", [Priority.P0, Priority.P1])
def test_what_is_urgent_already_stays_as_it_is(cases: Cases, priority: Priority):
    task = cases.county.task(priority=priority)
    cases.suspected(task.study_id)
    assert cases.county.reload(task).priority == priority


def test_one_open_case_for_each_finding_of_a_study(cases: Cases):
    study = cases.county.study()
    first = cases.suspected(study)
    assert cases.suspected(study) == first
    assert cases.suspected(study, "RAD-PE") != first
    assert cases.told(study) == first
    assert len(cases.events(first)) == 3


def test_a_clinic_may_suspect_again_what_was_dismissed(cases: Cases):
    study = cases.county.study()
    first = cases.suspected(study)
    with cases.county.write() as work:
        caring.false_alarm(work, first, cases.county.actor("radiologist"), "部分容积效应")
    assert cases.suspected(study) != first


def test_a_reader_finds_confirms_and_tells_in_one_step_without_claim_or_signature(cases: Cases):
    told = Told(Method.PHONE, "李护士", at=cases.county.clock.now(), read_back="左侧脑出血，知道了")
    case_id = cases.told(told=told)
    case = cases.load(case_id)
    assert cases.actions(case_id) == ["suspect", "confirm", "notify", "notify", "acknowledge"]
    assert (case.state, case.receiver, case.finding, case.heard_at) == (CaseState.ACKED, "李护士", FINDING, None)
    cases.acknowledge(case_id)
    assert cases.load(case_id).receiver == "李护士"
    assert cases.load(case_id).heard_at is not None
    with pytest.raises(NotAllowedFromState, match="already"):
        cases.acknowledge(case_id)


def test_the_clinic_is_told_at_once_and_the_physician_of_the_answer(cases: Cases):
    case_id = cases.told()
    assert cases.notices("critical.told") == [{"clinic01"}]
    cases.acknowledge(case_id)
    cases.feed_back(case_id)
    assert cases.notices("critical.acknowledged") == cases.notices("critical.treated") == [{"radiologist"}]


def test_a_clinic_that_was_told_is_told_that_it_was_a_false_alarm(cases: Cases):
    case_id = cases.told()
    with cases.county.write() as work:
        caring.false_alarm(work, case_id, cases.county.actor("auditor"), "为钙化")
    assert cases.notices("critical.false_alarm") == [{"clinic01"}]


def test_another_clinic_neither_sees_nor_touches_it(cases: Cases):
    case_id = cases.told()
    stranger = cases.county.actor("clinic02")
    with cases.county.write("clinic02") as work:
        assert list_cases(work, CaseFilter()).items == []
        with pytest.raises(NotFound):
            get_case(work, case_id)
    for scope in ("clinic02", None):
        with pytest.raises(NotFound), cases.county.write(scope) as work:
            caring.acknowledge(work, case_id, stranger, Heard("王护士", "知道了"))
        with pytest.raises(NotFound), cases.county.write(scope) as work:
            raising.suspect(work, cases.load(case_id).study_id, "RAD-PE", CaseSource.CLINIC, actor=stranger)


@pytest.mark.parametrize(
    "told, wrong",
    [
        (Told(Method.PHONE), "who was told"),
        (Told(Method.IN_PERSON, " "), "who was told"),
    ],
)
def test_who_was_told_is_named(cases: Cases, told: Told, wrong: str):
    with pytest.raises(Invalid, match=wrong):
        cases.told(told=told)


def test_a_call_is_not_written_down_for_tomorrow_or_for_last_week(cases: Cases):
    now = cases.county.clock.now()
    case_id = cases.told()
    for moment in (now.replace(day=10), now.replace(day=7)):
        with pytest.raises(Invalid, match="24 hours"), cases.county.write() as work:
            caring.tell(work, case_id, cases.county.actor("radiologist"), Told(Method.PHONE, "李护士", at=moment))
    earlier = now.replace(hour=0, minute=58)
    with cases.county.write() as work:
        caring.tell(work, case_id, cases.county.actor("radiologist"), Told(Method.PHONE, "李护士", at=earlier))
    assert cases.events(case_id)[-1].happened_at == earlier


def test_a_finding_that_no_list_has_is_told_in_words(cases: Cases):
    case_id = cases.told(code=UNLISTED)
    assert (cases.load(case_id).list_key, cases.load(case_id).name) == ("", "其他危急值")
    with pytest.raises(Invalid, match="ECG-VF"):
        cases.told(code="ECG-VF")


def test_what_people_may_not_raise(cases: Cases):
    study = cases.county.study()
    for name in ("manager", "admin", "regulator"):
        with pytest.raises(Forbidden), cases.county.write() as work:
            raising.suspect(work, study, BLEEDING, CaseSource.CLINIC, actor=cases.county.actor(name))
    with pytest.raises(Forbidden), cases.county.write() as work:
        raising.discover(work, study, cases.county.actor("clinic01"), BLEEDING, FINDING)
    with pytest.raises(NotFound), cases.county.write() as work:
        raising.suspect(work, study + 99, BLEEDING, CaseSource.DEVICE, actor=SYSTEM)


def test_lists_are_in_the_order_of_what_is_most_pressing(cases: Cases):
    late = cases.told()
    cases.county.clock.advance(minutes=20)
    fresh = cases.told(code="RAD-PE")
    ended = cases.false_alarm()
    with cases.county.database.read() as work:
        first = list_cases(work, CaseFilter(is_open=True), limit=1)
        second = list_cases(work, CaseFilter(is_open=True), limit=1, cursor=first.next)
        assert [one.id for one in (*first.items, *second.items)] == [late, fresh]
        assert second.next is None
        assert [one.id for one in list_cases(work, CaseFilter(is_overdue=True)).items] == [late]
        assert [one.id for one in list_cases(work, CaseFilter(is_open=False)).items] == [ended]
        everything = list_cases(work, CaseFilter(), limit=2)
        assert [one.id for one in everything.items] == [ended, fresh]
        assert [one.id for one in list_cases(work, CaseFilter(), 2, everything.next).items] == [late]
        with pytest.raises(Invalid, match="cursor"):
            list_cases(work, CaseFilter(), cursor="nonsense")
