"""A study that contradicts its order is held until somebody has looked; an emergency never is."""

import pytest
from sqlalchemy import select

from reading_queue import service
from storage.db.models import ExamOrder, Institution, Notice, ReadingTask, Study
from storage.domain.errors import Forbidden, Invalid, NotFound
from storage.domain.readiness import ReadyTimes
from storage.domain.reading import Priority, TaskState
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.steps import contradicting, exam_order

pytestmark = pytest.mark.thorough


def test_a_mismatch_waits_and_clock_b_begins_when_somebody_has_matched_it(county: County):
    task = contradicting(county)
    assert (task.state, task.mismatch) == (TaskState.RECON_HOLD, "sex")
    county.clock.advance(hours=1)
    with county.write() as work:
        assert service.escalate_due(work) == 0
        assert service.next_task(work, county.actor("radiologist"), lease_minutes=10) is None
    allowed = task.limit_at - task.clock_started_at
    with county.write("clinic01") as work:
        service.reconcile(work, task.id, county.actor("clinic01"), "性别登记有误，已核对身份证")
    after = county.reload(task)
    assert (after.state, after.mismatch, after.paused_since) == (TaskState.QUEUED, "", None)
    assert (after.ready_at, after.limit_at) == (county.clock.now(), county.clock.now() + allowed)
    assert after.exam_started_at == task.exam_started_at, "clock A has run all the time"


def test_who_may_say_that_it_matches(county: County):
    task = contradicting(county)
    for username, refusal in (("radiologist", Forbidden), ("clinic02", NotFound)):
        with pytest.raises(refusal), county.write() as work:
            service.reconcile(work, task.id, county.actor(username), "核对")
    with pytest.raises(Invalid), county.write() as work:
        service.reconcile(work, task.id, county.actor("manager"), " ")
    assert county.reload(task).state == TaskState.RECON_HOLD


@pytest.mark.parametrize("priority", [Priority.P0, Priority.P1])
def test_an_emergency_is_read_at_once_with_a_warning(county: County, priority: Priority):
    task = contradicting(county, priority)
    assert (task.state, task.mismatch, task.paused_since) == (TaskState.QUEUED, "sex", None)
    with county.database.read() as work:
        assert work.session.execute(select(Notice.kind).where(Notice.kind.like("case.%"))).scalars().first()


def test_what_becomes_an_emergency_while_it_is_held_is_read_with_a_warning(county: County):
    task = contradicting(county)
    with county.write() as work:
        service.prioritise(work, task.id, county.actor("clinic01"), Priority.P1, "病情加重")
    with county.write() as work:
        service.follow_holds(work)
    after = county.reload(task)
    assert (after.state, after.mismatch) == (TaskState.QUEUED, "sex")


def test_it_is_called_to_mind_and_never_dropped(county: County):
    task = contradicting(county)
    for _ in range(3):
        county.clock.advance(hours=2)
        with county.write() as work:
            service.follow_holds(work)
            service.follow_holds(work)
    county.clock.advance(hours=24 * 30)
    with county.write() as work:
        service.follow_holds(work)
        service.expire_leases(work)
        told = work.session.execute(select(Notice.key).where(Notice.kind == "case.held")).scalars().all()
    assert county.reload(task).state == TaskState.RECON_HOLD
    assert len(told) == 2 * (1 + 3 + 1)


def test_what_contradicts_and_what_says_nothing(county: County):
    for order, expected in (
        ({"patient_name": "李四", "sex": "M"}, "name"),
        ({"patient_name": "ZHANG SAN", "sex": ""}, ""),
        ({"patient_name": "", "birth_date": "19990101", "sex": "M"}, "birth_date"),
        ({"sex": "M", "birth_date": ""}, ""),
    ):
        assert contradicting(county, **order).mismatch == expected, order


def test_the_number_of_another_clinic_contradicts(county: County):
    study_id = county.study()
    with county.database.write() as work:
        other = work.session.execute(select(Institution).where(Institution.code == "t02")).scalar_one()
        study = work.session.get_one(Study, study_id)
        study.accession_number = "T02260309001"
        work.session.add(exam_order(study, institution_id=other.id))
    county.clock.advance(seconds=11)
    with county.database.write() as work:
        service.open_ready_studies(work, ReadyTimes(idle=10))
        task = work.session.execute(select(ReadingTask)).scalar_one()
        assert work.session.execute(select(ExamOrder.study_id)).scalar_one() is None
    assert (task.state, task.mismatch) == (TaskState.RECON_HOLD, "other_clinic")
