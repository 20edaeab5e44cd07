"""One live lease at a time (I3): claims, heartbeats, grace, take-over, and the server's choice."""

import pytest

from reading_queue import service
from reading_queue.service import Lease
from storage.db.models import ReadingTask
from storage.db.queries.tasks import events_of
from storage.domain.errors import AlreadyClaimed, Forbidden, Invalid, NotAllowedFromState, NotFound, StaleLease
from storage.domain.reading import Action, Priority, TaskState
from tests.unit.reading_queue.county import LEASE_MINUTES, REPORT, County

pytestmark = pytest.mark.thorough


def _next(county: County, username: str) -> Lease | None:
    with county.write() as work:
        return service.next_task(work, county.actor(username), lease_minutes=LEASE_MINUTES)


def _next_id(county: County, username: str) -> int | None:
    lease = _next(county, username)
    return lease.task.id if lease else None


def _submit(county: County, task: ReadingTask, token: str, username: str = "radiologist") -> ReadingTask:
    with county.write() as work:
        return service.submit(work, task.id, county.actor(username), token, REPORT)


def _expire(county: County) -> int:
    with county.write() as work:
        return service.expire_leases(work)


def test_a_claim_gives_a_lease_of_ten_minutes(county: County):
    task = county.task()
    lease = county.claim(task, "radiologist")
    assert (lease.expires_at - county.clock.now()).total_seconds() == 600
    assert county.reload(task).lease_token == lease.token
    assert county.reload(task).reader_id == county.actor("radiologist").user_id


@pytest.mark.parametrize("second", ["radiologist", "radiologist2", "auditor"])
def test_a_task_in_hand_cannot_be_claimed(county: County, second: str):
    task = county.task()
    county.claim(task, "radiologist")
    with pytest.raises(AlreadyClaimed):
        county.claim(task, second)


@pytest.mark.parametrize("username", ["clinic01", "manager", "regulator", "admin"])
def test_only_readers_claim(county: County, username: str):
    task = county.task()
    with pytest.raises(Forbidden):
        county.claim(task, username)
    with pytest.raises(Forbidden):
        _next(county, username)
    assert county.reload(task).state == TaskState.QUEUED


def test_a_reader_claims_only_what_he_is_registered_for(county: County):
    ct, ecg = county.task(), county.task(modality="ECG")
    with pytest.raises(Forbidden):
        county.claim(ct, "ecg")
    assert _next_id(county, "ecg") == ecg.id
    assert _next(county, "ecg") is None


def test_a_task_that_is_not_there_is_not_found(county: County):
    with county.write() as work, pytest.raises(NotFound):
        service.claim(work, 4711, county.actor("radiologist"), lease_minutes=LEASE_MINUTES)


def test_a_write_without_the_token_changes_nothing(county: County):
    task = county.task()
    county.claim(task, "radiologist")
    with pytest.raises(StaleLease):
        _submit(county, task, "2.25.1")
    assert county.reload(task).state == TaskState.READING


def test_a_token_serves_its_holder_alone(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    with pytest.raises(StaleLease):
        _submit(county, task, token, "radiologist2")


def test_a_heartbeat_keeps_the_lease(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    for _ in range(3):
        county.clock.advance(minutes=9)
        with county.write() as work:
            service.heartbeat(work, task.id, county.actor("radiologist"), token, lease_minutes=LEASE_MINUTES)
    with pytest.raises(AlreadyClaimed):
        county.claim(task, "radiologist2")
    assert _submit(county, task, token).state == TaskState.DRAFTED


def test_in_the_grace_the_holder_still_writes_when_nobody_else_claimed(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    county.clock.advance(minutes=11, seconds=59)
    assert _expire(county) == 0
    assert _submit(county, task, token).state == TaskState.DRAFTED


def test_after_the_grace_the_lease_is_stale_although_no_sweep_came(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    county.clock.advance(minutes=12)
    with pytest.raises(StaleLease):
        _submit(county, task, token)
    with pytest.raises(StaleLease), county.write() as work:
        service.heartbeat(work, task.id, county.actor("radiologist"), token, lease_minutes=LEASE_MINUTES)


def test_when_the_lease_ran_out_another_claims_and_the_late_holder_changes_nothing(county: County):
    task = county.task()
    late = county.claim(task, "radiologist").token
    county.clock.advance(minutes=10)
    taken_over = county.claim(task, "radiologist2")
    with pytest.raises(StaleLease):
        _submit(county, task, late)
    with pytest.raises(StaleLease), county.write() as work:
        service.save_draft(work, task.id, county.actor("radiologist"), late, REPORT)
    assert county.reload(task).reader_id == county.actor("radiologist2").user_id
    assert _submit(county, task, taken_over.token, "radiologist2").author_id == county.actor("radiologist2").user_id
    with county.database.read() as work:
        assert [event.action for event in events_of(work, task.id)] == ["open", "claim", "expire", "claim", "submit"]


def test_the_sweeper_tidies_and_a_late_holder_is_told_that_his_lease_is_stale(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    county.clock.advance(minutes=12)
    assert _expire(county) == 1
    assert county.reload(task).state == TaskState.QUEUED
    with pytest.raises(StaleLease):
        _submit(county, task, token)
    with pytest.raises(NotAllowedFromState):
        _submit(county, task, "2.25.1")


def test_an_audit_that_ran_out_goes_back_to_the_drafts(county: County):
    task = county.task()
    county.drafted(task)
    county.claim(task, "auditor")
    county.clock.advance(minutes=12)
    assert _expire(county) == 1
    assert county.reload(task).state == TaskState.DRAFTED


def test_the_draft_outlives_the_lease(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.save_draft(work, task.id, county.actor("radiologist"), token, REPORT)
        service.release(work, task.id, county.actor("radiologist"), token, "下班")
    county.claim(task, "radiologist2")
    with county.database.read() as work:
        draft = service.draft_of(work, task.id)
        assert draft is not None
        assert draft.findings == REPORT.findings


def test_resuming_gives_a_new_token_and_makes_the_old_one_stale(county: County):
    task = county.task()
    old = county.claim(task, "radiologist").token
    with county.write() as work:
        new = service.resume(work, task.id, county.actor("radiologist"), lease_minutes=LEASE_MINUTES).token
    with pytest.raises(StaleLease):
        _submit(county, task, old)
    assert _submit(county, task, new).state == TaskState.DRAFTED


def test_nobody_resumes_anothers_task(county: County):
    task = county.task()
    county.claim(task, "radiologist")
    with pytest.raises(StaleLease), county.write() as work:
        service.resume(work, task.id, county.actor("radiologist2"), lease_minutes=LEASE_MINUTES)


def test_next_gives_what_is_due_first(county: County):
    first, second = county.task(), county.task()
    assert [_next_id(county, "radiologist"), _next_id(county, "radiologist")] == [first.id, second.id]
    assert _next(county, "radiologist") is None


def test_next_gives_the_green_channel_and_emergencies_before_everything(county: County):
    routine = county.task()
    county.clock.advance(hours=30)
    emergency, green = county.task(priority=Priority.P1), county.task(priority=Priority.P0)
    assert [_next_id(county, "radiologist") for _ in range(3)] == [green.id, emergency.id, routine.id]


def test_next_gives_an_auditor_drafts_of_others_first(county: County):
    waiting, drafted = county.task(), county.task()
    county.drafted(drafted)
    assert [_next_id(county, "auditor"), _next_id(county, "auditor")] == [drafted.id, waiting.id]


def test_next_never_gives_an_auditor_his_own_draft(county: County):
    county.drafted(county.task(), author="auditor")
    assert _next(county, "auditor") is None
    assert _next(county, "radiologist") is None
    assert _next(county, "auditor2") is not None


def test_next_gives_rework_to_its_author_first(county: County):
    other, task = county.task(), county.task()
    county.drafted(task)
    token = county.claim(task, "auditor").token
    with county.write() as work:
        service.reject(work, task.id, county.actor("auditor"), token, "描述不全")
    assert _next_id(county, "radiologist2") == other.id
    assert _next(county, "radiologist2") is None
    assert _next_id(county, "radiologist") == task.id


def test_next_gives_rework_to_everybody_once_it_gets_late(county: County):
    task = county.task()
    county.drafted(task)
    token = county.claim(task, "auditor").token
    with county.write() as work:
        service.reject(work, task.id, county.actor("auditor"), token, "描述不全")
    county.clock.advance(hours=30)
    with county.write() as work:
        service.escalate_due(work)
    assert _next_id(county, "radiologist2") == task.id


def test_next_gives_what_another_let_run_out(county: County):
    task = county.task()
    county.claim(task, "radiologist")
    assert _next(county, "radiologist2") is None
    county.clock.advance(minutes=10)
    assert _next_id(county, "radiologist2") == task.id


def test_what_a_reader_gave_back_comes_last_for_him(county: County):
    first, second = county.task(), county.task()
    lease = _next(county, "radiologist")
    assert lease is not None
    with county.write() as work:
        service.release(work, first.id, county.actor("radiologist"), lease.token)
    assert _next_id(county, "radiologist2") == first.id
    with county.write() as work:
        token = county.reload(first).lease_token
        service.release(work, first.id, county.actor("radiologist2"), token)
    assert [_next_id(county, "radiologist"), _next_id(county, "radiologist")] == [second.id, first.id]


def test_an_assigned_task_is_kept_for_its_reader_for_ten_minutes(county: County):
    task = county.task()
    with county.write() as work:
        service.assign(work, task.id, county.actor("manager"), county.user("radiologist2"))
    with pytest.raises(AlreadyClaimed):
        county.claim(task, "radiologist")
    assert _next(county, "radiologist") is None
    county.clock.advance(minutes=10)
    assert _expire(county) == 1
    assert _next_id(county, "radiologist") == task.id


def test_an_assigned_reader_gets_it_next_or_turns_it_down(county: County):
    county.task()
    mine = county.task()
    with county.write() as work:
        service.assign(work, mine.id, county.actor("manager"), county.user("radiologist"))
    assert _next_id(county, "radiologist") == mine.id
    turned_down = county.task()
    with county.write() as work:
        service.assign(work, turned_down.id, county.actor("manager"), county.user("radiologist"))
    with pytest.raises(Invalid), county.write() as work:
        service.release(work, turned_down.id, county.actor("radiologist"), None)
    with county.write() as work:
        service.release(work, turned_down.id, county.actor("radiologist"), None, "不在班")
    assert county.reload(turned_down).state == TaskState.QUEUED


def test_nobody_assigns_to_one_who_cannot_read_it(county: County):
    task = county.task()
    with county.write() as work:
        with pytest.raises(Invalid):
            service.assign(work, task.id, county.actor("manager"), county.user("ecg"))
        with pytest.raises(Forbidden):
            service.assign(work, task.id, county.actor("manager"), county.user("clinic01"))


def test_a_readers_heartbeats_write_no_events(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.heartbeat(work, task.id, county.actor("radiologist"), token, lease_minutes=LEASE_MINUTES)
    with county.database.read() as work:
        assert [event.action for event in events_of(work, task.id)] == [Action.OPEN, Action.CLAIM]
