"""Asking the clinic: clock B stands still, and goes on with what the clinic does."""

from datetime import timedelta

import pytest

from reading_queue import service
from reading_queue.service_times import standing
from storage.db.models import ReadingTask
from storage.db.queries.tasks import events_of
from storage.domain.errors import AlreadyClaimed, Forbidden, Invalid, NotFound
from storage.domain.identifiers import new_uid
from storage.domain.readiness import ReadyTimes
from storage.domain.reading import Priority, TaskState
from tests.unit.reading_queue.county import LEASE_MINUTES, County

pytestmark = pytest.mark.thorough


def _return(county: County, task: ReadingTask, code: str = "POSITION", series_uid: str | None = None) -> None:
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        actor = county.actor("radiologist")
        service.return_for_retake(work, task.id, actor, token, code, "体位不正", series_uid)


def _ask(county: County, task: ReadingTask) -> None:
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.ask(work, task.id, county.actor("radiologist"), token, "有无外伤史？")


def _open_ready(county: County) -> list[int]:
    county.clock.advance(seconds=11)
    with county.write() as work:
        return service.open_ready_studies(work, ReadyTimes(idle=10))


def _expire(county: County) -> int:
    with county.write() as work:
        return service.expire_leases(work)


def test_the_clock_stands_still_while_a_retake_is_awaited(county: County):
    task = county.task(priority=Priority.P1)
    county.clock.advance(minutes=5)
    _return(county, task)
    county.clock.advance(minutes=50)
    with county.database.read() as work:
        assert standing(work, county.reload(task)) == "on_time"
    with county.write("clinic01") as work:
        service.retaken(work, task.id, county.actor("clinic01"), "患者已离院")
    after = county.reload(task)
    assert after.due_at - task.due_at == timedelta(minutes=50)
    assert after.limit_at - task.limit_at == timedelta(minutes=50)
    assert after.paused_seconds == 3000
    assert after.regulatory_due_at == task.regulatory_due_at, "the regulator's clock is never paused"
    assert after.next_escalation_at is not None


def test_new_images_bring_a_retake_to_the_front_of_its_class(county: County):
    retaken, other = county.task(), county.task()
    _return(county, retaken)
    county.clock.advance(minutes=30)
    county.late_image(retaken.study_id)
    assert _open_ready(county) == [retaken.study_id]
    with county.write() as work:
        lease = service.next_task(work, county.actor("radiologist2"), lease_minutes=LEASE_MINUTES)
    assert lease is not None
    assert lease.task.id == retaken.id
    assert county.reload(other).state == TaskState.QUEUED


def test_a_retake_says_why_and_which_series(county: County):
    task = county.task()
    with pytest.raises(Invalid):
        _return(county, task, code=" ")
    county.clock.advance(minutes=10)
    with pytest.raises(Invalid):
        _return(county, task, series_uid=new_uid())
    assert county.reload(task).state == TaskState.READING


def test_a_retake_that_never_comes_closes_the_task_as_unreadable(county: County):
    task = county.task()
    _return(county, task)
    county.clock.advance(hours=23, minutes=59)
    assert _expire(county) == 0
    county.clock.advance(minutes=1)
    assert _expire(county) == 1
    assert county.reload(task).state == TaskState.CANCELLED
    with county.database.read() as work:
        assert events_of(work, task.id)[-1].reason.startswith("unreadable")


def test_images_after_that_open_a_new_task(county: County):
    task = county.task()
    _return(county, task)
    county.clock.advance(hours=24)
    _expire(county)
    county.late_image(task.study_id)
    assert _open_ready(county) == [task.study_id]


def test_an_answer_brings_the_case_back_to_the_one_who_asked(county: County):
    task = county.task()
    _ask(county, task)
    county.clock.advance(minutes=20)
    with county.write("clinic01") as work:
        service.answer(work, task.id, county.actor("clinic01"), "昨日摔倒")
    with pytest.raises(AlreadyClaimed):
        county.claim(task, "radiologist2")
    county.claim(task, "radiologist")
    with county.database.read() as work:
        assert [(e.action, e.reason) for e in events_of(work, task.id)][-2] == ("answer", "昨日摔倒")


def test_a_question_that_is_not_answered_comes_back_after_a_day(county: County):
    task = county.task()
    _ask(county, task)
    county.clock.advance(hours=24)
    assert _expire(county) == 1
    after = county.reload(task)
    assert (after.state, after.paused_since) == (TaskState.ASSIGNED, None)


def test_only_the_clinic_whose_study_it_is_answers(county: County):
    task = county.task(code="t01")
    _ask(county, task)
    with pytest.raises(NotFound), county.write("clinic02") as work:
        service.answer(work, task.id, county.actor("clinic02"), "无")
    with pytest.raises(NotFound), county.write() as work:
        service.answer(work, task.id, county.actor("clinic02"), "无")
    with pytest.raises(Forbidden), county.write() as work:
        service.answer(work, task.id, county.actor("manager"), "无")


def test_words_are_needed_for_questions_answers_and_waivers(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    with pytest.raises(Invalid), county.write() as work:
        service.ask(work, task.id, county.actor("radiologist"), token, " ")
    with county.write() as work:
        service.return_for_retake(work, task.id, county.actor("radiologist"), token, "X", "体位不正")
    with pytest.raises(Invalid), county.write("clinic01") as work:
        service.retaken(work, task.id, county.actor("clinic01"), "")
    assert county.reload(task).state == TaskState.RETAKE_WAIT
