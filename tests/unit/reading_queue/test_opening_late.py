"""What comes after a study was whole: it joins the open task, opens exactly one new one, or changes nothing."""

import pytest

from reading_queue import service
from reading_queue.sweeps import inspect_invariants
from storage.db.models import ReadingTask, TaskEvent
from storage.db.queries.tasks import events_of, tasks_of_study
from storage.domain.readiness import ReadyTimes, SignalKind
from storage.domain.reading import TaskState
from storage.domain.studies import StudyState
from tests.unit.reading_queue.arriving import Arriving, some_uids
from tests.unit.reading_queue.county import County, gateway_alive

pytestmark = pytest.mark.thorough


KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"
PRESENTATION_STATE = "1.2.840.10008.5.1.4.1.1.11.1"
MEASUREMENTS = "1.2.840.10008.5.1.4.1.1.88.33"


def _late(county: County, task: ReadingTask, *sop_classes: str) -> Arriving:
    arriving = Arriving(county, task.study_id, ReadyTimes(idle=10))
    for sop_class in sop_classes:
        arriving.image(sop_class=sop_class) if sop_class else arriving.image()
    county.clock.advance(seconds=10)
    assert arriving.looked_at() == "idle"
    return arriving


def _tasks(county: County, task: ReadingTask) -> list[ReadingTask]:
    with county.database.read() as work:
        return list(tasks_of_study(work, task.study_id))


def _events(county: County, task: ReadingTask) -> list[TaskEvent]:
    with county.database.read() as work:
        return list(events_of(work, task.id))


def _hold(county: County, task: ReadingTask, state: TaskState) -> ReadingTask:
    if state == TaskState.SIGNED:
        return county.signed(task)
    if state != TaskState.QUEUED:
        token = county.claim(task, "radiologist").token
    if state == TaskState.RETAKE_WAIT:
        with county.write() as work:
            service.return_for_retake(work, task.id, county.actor("radiologist"), token, "motion", "请重拍")
    return county.reload(task)


@pytest.mark.parametrize("state", [TaskState.QUEUED, TaskState.READING, TaskState.RETAKE_WAIT, TaskState.SIGNED])
def test_what_nobody_reads_changes_no_task(county: County, state: TaskState):
    task = _hold(county, county.task(), state)
    ready_at = Arriving(county, task.study_id).study().ready_at
    arriving = _late(county, task, KEY_OBJECTS, PRESENTATION_STATE, MEASUREMENTS)
    (same,) = _tasks(county, task)
    assert (same.state, same.version) == (task.state, task.version)
    assert (arriving.study().state, arriving.study().ready_at) == (StudyState.READY, ready_at)
    with county.write() as work:
        assert inspect_invariants(work).ready_without_task == 0


def test_an_image_among_them_counts(county: County):
    task = county.signed(county.task())
    _late(county, task, KEY_OBJECTS, "")
    new, _ = _tasks(county, task)
    assert new.previous_task_id == task.id
    detail = _events(county, new)[0].detail
    assert (detail["because"], detail["previous_task_id"], detail["images"]) == ("images_after_report", task.id, 1)


def test_a_second_late_image_joins_the_one_new_task(county: County):
    task = county.signed(county.task())
    _late(county, task, "")
    _late(county, task, "")
    new, _ = _tasks(county, task)
    assert [event.action for event in _events(county, new)] == ["open", "late_images"]
    assert _events(county, new)[1].detail["images"] == 1


def test_after_each_signature_there_is_one_new_task(county: County):
    first = county.signed(county.task())
    _late(county, first, "", "")
    second = county.signed(_tasks(county, first)[0])
    _late(county, first, "")
    third, *rest = _tasks(county, first)
    assert [task.id for task in rest] == [second.id, first.id]
    assert third.previous_task_id == second.id


def test_images_still_arriving_when_the_report_is_signed_are_later_ones(county: County):
    task = county.task()
    arriving = Arriving(county, task.study_id, ReadyTimes(idle=10))
    arriving.image(by="a1")
    county.signed(task)
    with county.write() as work:
        gateway_alive(work)
    assert arriving.looked_at() == "waits for association"
    arriving.end("a1")
    county.clock.advance(seconds=10)
    assert arriving.looked_at() == "idle"
    new, _ = _tasks(county, task)
    assert new.previous_task_id == task.id


def test_late_images_that_complete_it_clear_the_mark_while_it_is_read(county: County):
    arriving, uids = Arriving.new(county), some_uids(3)
    arriving.times = ReadyTimes(idle=10, missing=10)
    arriving.say(SignalKind.PERFORMED, uids)
    arriving.image(uids[0])
    county.clock.advance(seconds=10)
    assert (arriving.looked_at(), arriving.study().missing_count) == ("missing", 2)
    with county.database.read() as work:
        (task,) = tasks_of_study(work, arriving.study_id)
    lease = county.claim(task, "radiologist").token
    assert _events(county, task)[0].detail["missing"] == 2
    for uid in uids[1:]:
        arriving.image(uid)
    assert (arriving.looked_at(), arriving.study().missing_count) == ("listed", 0)
    (same,) = _tasks(county, task)
    assert (same.state, same.lease_token) == (TaskState.READING, lease)
    assert _events(county, task)[-1].detail["images"] == 2


def test_the_limit_counts_anew_for_late_images(county: County):
    task = county.signed(county.task())
    county.clock.advance(hours=5)
    arriving = Arriving(county, task.study_id, ReadyTimes(idle=10))
    arriving.image()
    county.clock.advance(seconds=9)
    assert arriving.looked_at() == "waits for idle"
