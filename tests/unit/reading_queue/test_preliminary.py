"""Preliminary reports of emergencies: told at once, followed by a final one in time."""

import pytest
from sqlalchemy import select

from reading_queue import service
from reading_queue.service import ReportContent
from reading_queue.service.preliminary import NOTICE
from storage.db.models import ReadingTask, ReportVersion, Result, TaskEvent
from storage.db.queries.results import numbering_faults
from storage.domain.errors import NotAllowedFromState, UpsStatus
from storage.domain.reading import Priority, ReportKind, TaskState
from tests.unit.reading_queue.county import REPORT, County

pytestmark = pytest.mark.thorough


_BLEEDING = ReportContent("左侧基底节区高密度影。", "脑出血。", positive=True)


def issue(county: County, task: ReadingTask, token: str, content: ReportContent = REPORT) -> ReportVersion:
    with county.write() as work:
        return service.issue_preliminary(work, task.id, county.actor("radiologist"), token, content)


def test_the_clinic_gets_it_at_once_and_the_final_one_under_the_next_number(county: County):
    task = county.task(priority=Priority.P1)
    token = county.claim(task, "radiologist").token
    version = issue(county, task, token)
    assert (version.kind, version.content["notice"]) == (ReportKind.PRELIMINARY, NOTICE)
    assert county.reload(task).state == TaskState.READING, "still in hand"
    assert issue(county, task, token).id == version.id, "said twice"
    with county.write("clinic01") as work:
        service.receipt(work, 1, county.actor("clinic01"))
    assert county.reload(task).state == TaskState.READING
    with county.write() as work:
        service.submit(work, task.id, county.actor("radiologist"), token, _BLEEDING)
    audit = county.claim(task, "auditor").token
    with county.write() as work:
        final = service.sign(work, task.id, county.actor("auditor"), audit)
    assert (final.version, final.previous_sha256) == (2, version.sha256)
    assert set(final.content["preliminary"]["differs"]) == {"findings", "impression", "positive"}
    with county.database.read() as work:
        kinds = list(work.session.execute(select(Result.kind).order_by(Result.seq)).scalars())
        assert (kinds, numbering_faults(work)) == ([ReportKind.PRELIMINARY, ReportKind.FINAL], [])
        event = work.session.execute(select(TaskEvent).where(TaskEvent.to_state == TaskState.SIGNED)).scalar_one()
    assert event.detail["preliminary"]["version"] == 1


def test_the_final_one_is_due_by_the_times_of_the_next_class_from_when_it_was_ready(county: County):
    task = county.task(priority=Priority.P0)
    token = county.claim(task, "radiologist").token
    next_class = county.task(priority=Priority.P1)
    county.clock.advance(minutes=5)
    issue(county, task, token)
    after = county.reload(task)
    lateness = next_class.clock_started_at - task.clock_started_at
    assert after.limit_at == next_class.limit_at - lateness
    assert after.due_at == next_class.due_at - lateness
    assert after.next_escalation_at is not None
    assert after.next_escalation_at <= after.limit_at
    assert after.priority == Priority.P0


def test_what_was_late_when_it_was_issued_stays_late(county: County):
    task = county.task(priority=Priority.P1)
    token = county.claim(task, "radiologist").token
    for _ in range(10):
        county.clock.advance(minutes=9)
        with county.write() as work:
            service.heartbeat(work, task.id, county.actor("radiologist"), token, lease_minutes=10)
    issue(county, task, token)
    assert county.reload(task).limit_at == task.limit_at


@pytest.mark.parametrize("priority", [Priority.P2, Priority.P3])
def test_only_an_emergency_gets_one(county: County, priority: Priority):
    task = county.task(priority=priority)
    token = county.claim(task, "radiologist").token
    with pytest.raises(NotAllowedFromState) as refused:
        issue(county, task, token)
    assert refused.value.ups_status == UpsStatus.NOT_MET
