"""Declining, cancelling, changes of class, and escalation."""

from datetime import timedelta

import pytest

from reading_queue import service
from storage.db.models import ReadingTask, Study
from storage.db.queries.tasks import events_of
from storage.domain.errors import Forbidden, Invalid, NotAllowedFromState
from storage.domain.reading import Priority, TaskState
from tests.unit.reading_queue.county import LEASE_MINUTES, REPORT, County

pytestmark = pytest.mark.thorough


def _escalate(county: County) -> int:
    with county.write() as work:
        return service.escalate_due(work)


def _prioritise(county: County, task: ReadingTask, username: str, priority: Priority) -> ReadingTask:
    with county.write(username) as work:
        return service.prioritise(work, task.id, county.actor(username), priority, "病情变化")


def _levels(county: County, task: ReadingTask) -> list[int]:
    with county.database.read() as work:
        told = [event.detail for event in events_of(work, task.id) if event.action == "escalate"]
        return [detail["level"] for detail in told if "clock_b" in detail["because"]]


def test_cancelling_ends_the_lease_at_once(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.cancel(work, task.id, county.actor("manager"), "重复检查")
    with pytest.raises(NotAllowedFromState), county.write() as work:
        service.submit(work, task.id, county.actor("radiologist"), token, REPORT)


def test_a_clinic_cancels_its_own_while_nobody_reads_it(county: County):
    waiting, reading = county.task(), county.task()
    county.claim(reading, "radiologist")
    with county.write("clinic01") as work:
        service.cancel(work, waiting.id, county.actor("clinic01"), "患者要求")
        with pytest.raises(Forbidden):
            service.cancel(work, reading.id, county.actor("clinic01"), "患者要求")
    assert county.reload(reading).state == TaskState.READING


def test_declining_needs_a_reason(county: County):
    task = county.task()
    with pytest.raises(Invalid), county.write() as work:
        service.decline(work, task.id, county.actor("manager"), "")
    assert county.reload(task).state == TaskState.QUEUED


def test_a_raised_class_comes_first_and_is_due_from_the_change_on(county: County):
    county.task()
    task = county.task()
    county.clock.advance(minutes=10)
    _prioritise(county, task, "clinic01", Priority.P0)
    after = county.reload(task)
    assert after.due_at - county.clock.now() == timedelta(minutes=20)
    assert after.limit_at - county.clock.now() == timedelta(minutes=30)
    assert after.next_escalation_at == county.clock.now() + timedelta(minutes=2)  # the duty phone
    assert after.regulatory_due_at == (after.exam_started_at or county.clock.now()) + timedelta(hours=2)
    with county.database.read() as work:
        assert work.session.get_one(Study, task.study_id).priority == "P0"
    with county.write() as work:
        lease = service.next_task(work, county.actor("radiologist"), lease_minutes=LEASE_MINUTES)
    assert lease is not None
    assert lease.task.id == task.id


def test_a_change_of_class_does_not_disturb_the_reader(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    _prioritise(county, task, "manager", Priority.P1)
    with county.write() as work:
        assert service.submit(work, task.id, county.actor("radiologist"), token, REPORT).state == TaskState.DRAFTED


def test_a_change_of_class_during_a_pause_counts_from_the_pause(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.ask(work, task.id, county.actor("radiologist"), token, "有无外伤史？")
    county.clock.advance(minutes=30)
    _prioritise(county, task, "manager", Priority.P1)
    county.clock.advance(minutes=10)
    with county.write("clinic01") as work:
        service.answer(work, task.id, county.actor("clinic01"), "无")
    after = county.reload(task)
    assert after.due_at - county.clock.now() == timedelta(minutes=40)
    assert after.limit_at - county.clock.now() == timedelta(minutes=60)


def test_the_same_class_is_no_change(county: County):
    task = county.task()
    with pytest.raises(Invalid):
        _prioritise(county, task, "manager", Priority.P2)


def test_escalation_is_recorded_once_at_each_moment(county: County):
    task = county.task(priority=Priority.P1, modality="MR")
    for minutes, told in ((29, []), (1, [1]), (15, [1, 2]), (15, [1, 2, 3]), (29, [1, 2, 3]), (1, [1, 2, 3, 4])):
        county.clock.advance(minutes=minutes)
        _escalate(county)
        _escalate(county)
        assert _levels(county, task) == told
    county.clock.advance(hours=10)
    assert _escalate(county) == 0
    assert county.reload(task).escalation == 4


def test_a_late_sweep_records_the_level_that_was_reached(county: County):
    task = county.task(priority=Priority.P1)
    county.clock.advance(hours=5)
    assert _escalate(county) == 1
    assert _levels(county, task) == [4]


def test_nothing_escalates_while_the_clinic_is_asked_nor_after_the_signature(county: County):
    waiting, signed = (county.task(priority=Priority.P1, modality="US") for _ in range(2))
    token = county.claim(waiting, "radiologist").token
    with county.write() as work:
        service.ask(work, waiting.id, county.actor("radiologist"), token, "有无外伤史？")
    county.signed(signed)
    county.clock.advance(hours=5)
    assert _escalate(county) == 0


def test_an_assignment_is_lost_when_the_maximum_has_passed(county: County):
    task = county.task(priority=Priority.P1)
    county.clock.advance(minutes=55)
    with county.write() as work:
        service.assign(work, task.id, county.actor("manager"), county.user("radiologist"))
    county.clock.advance(minutes=5)
    _escalate(county)
    assert county.reload(task).state == TaskState.QUEUED


def test_a_reader_keeps_his_case_when_the_maximum_has_passed(county: County):
    task = county.task(priority=Priority.P0)
    county.claim(task, "radiologist")
    county.clock.advance(minutes=5)
    for _ in range(6):
        token = county.reload(task).lease_token or ""
        with county.write() as work:
            service.heartbeat(work, task.id, county.actor("radiologist"), token, lease_minutes=LEASE_MINUTES)
        county.clock.advance(minutes=8)
        _escalate(county)
    assert county.reload(task).state == TaskState.READING
