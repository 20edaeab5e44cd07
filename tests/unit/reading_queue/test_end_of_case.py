"""After the signature: closing, withdrawing and reading anew, a replaced image; and before: whose words a draft has."""

import pytest
from sqlalchemy import select

from reading_queue import service
from reading_queue.service import ReportContent, draft_versions
from storage.db.models import ReadingTask, Study, TaskEvent
from storage.domain.errors import NotAllowedFromState, StaleLease, UpsStatus
from storage.domain.reading import CLOSED_STATES, Action, TaskState
from tests.unit.reading_queue.county import REPORT, County
from tests.unit.reading_queue.steps import prepare, take

pytestmark = pytest.mark.thorough


def _of_study(county: County, task: ReadingTask) -> list[ReadingTask]:
    with county.database.read() as work:
        query = select(ReadingTask).where(ReadingTask.study_id == task.study_id).order_by(ReadingTask.id)
        return list(work.session.execute(query).scalars())


def _opening_of(county: County, task: ReadingTask) -> dict[str, object]:
    with county.database.read() as work:
        query = select(TaskEvent.detail).where(TaskEvent.task_id == task.id, TaskEvent.action == Action.OPEN)
        return work.session.execute(query).scalar_one()


def _close(county: County) -> int:
    with county.write() as work:
        return service.close_delivered(work)


def test_a_delivered_case_is_closed_a_day_after_its_receipt(county: County):
    prepared = prepare(county, TaskState.DELIVERED)
    assert _close(county) == 0
    county.clock.advance(hours=24)
    assert _close(county) == 1
    assert county.reload(prepared.task).state == TaskState.CLOSED


def test_rule_7_a_critical_case_is_not_closed_before_the_clinic_has_acknowledged_it(county: County):
    task = county.signed(
        county.task(), ReportContent("大量气胸。", "张力性气胸。", positive=True, critical="张力性气胸")
    )
    with county.write("clinic01") as work:
        service.receipt(work, 1, county.actor("clinic01"))
    county.clock.advance(hours=25)
    assert _close(county) == 0
    assert county.reload(task).state == TaskState.DELIVERED


def test_a_closed_case_can_still_be_corrected_and_is_delivered_anew(county: County):
    prepared = prepare(county, TaskState.CLOSED)
    take(prepared, Action.AMEND)
    assert county.reload(prepared.task).state == TaskState.SIGNED


def test_a_withdrawn_report_is_followed_by_a_new_reading_that_names_it(county: County):
    prepared = prepare(county, TaskState.DELIVERED)
    with pytest.raises(NotAllowedFromState):
        take(prepared, Action.REREAD)
    take(prepared, Action.WITHDRAW)
    take(prepared, Action.REREAD)
    old, new = _of_study(county, prepared.task)
    assert (old.state, new.state, new.previous_task_id) == (TaskState.SIGNED, TaskState.QUEUED, old.id)
    assert _opening_of(county, new)["because"] == "withdrawn"


def test_an_image_replaced_after_the_signature_opens_one_linked_task(county: County):
    task = county.signed(county.task())
    for _ in range(2):
        with county.write() as work:
            service.image_replaced(work, work.session.get_one(Study, task.study_id), is_signed=True)
    old, new = _of_study(county, task)
    assert (old.state, new.state, new.previous_task_id) == (TaskState.SIGNED, TaskState.QUEUED, old.id)
    assert _opening_of(county, new)["because"] == "images_replaced"


def test_who_has_the_case_in_hand_is_told_of_a_replaced_image(county: County):
    prepared = prepare(county, TaskState.AUDITING)
    county.clock.advance(seconds=1)
    with county.write() as work:
        service.image_replaced(work, work.session.get_one(Study, prepared.task.study_id), is_signed=False)
    after = county.reload(prepared.task)
    assert (after.state, after.lease_token) == (TaskState.AUDITING, prepared.token)
    assert len([one for one in _of_study(county, after) if one.state not in CLOSED_STATES]) == 1


def test_another_readers_words_are_kept_when_they_are_written_over(county: County):
    task = county.task()
    first, second = REPORT, ReportContent("改写。", "另一意见。", positive=True)
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.save_draft(work, task.id, county.actor("radiologist"), token, first)
        service.release(work, task.id, county.actor("radiologist"), token)
    token = county.claim(task, "radiologist2").token
    with county.write() as work:
        taken = service.save_draft(work, task.id, county.actor("radiologist2"), token, first)
        assert taken.saved_by_id == county.user("radiologist").id, "nothing has been written yet"
        assert draft_versions(work, task.id) == []
    with county.write() as work:
        service.save_draft(work, task.id, county.actor("radiologist2"), token, second)
        kept = draft_versions(work, task.id)
    assert [(one.impression, one.saved_by_id) for one in kept] == [(first.impression, county.user("radiologist").id)]


def test_of_a_drafts_earlier_words_the_last_twenty_are_kept(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    for number in range(25):
        county.clock.advance(minutes=6)
        with county.write() as work:
            service.heartbeat(work, task.id, county.actor("radiologist"), token, lease_minutes=10)
            service.save_draft(
                work, task.id, county.actor("radiologist"), token, ReportContent(f"第{number}稿", "未完")
            )
    with county.database.read() as work:
        kept = draft_versions(work, task.id)
    assert [one.findings for one in kept] == [f"第{number}稿" for number in range(23, 3, -1)]


def test_said_twice_done_once(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    for _ in range(2):
        with county.write() as work:
            submitted = service.submit(work, task.id, county.actor("radiologist"), token, REPORT)
    audit = county.claim(task, "auditor").token
    with county.write() as work:
        version = service.sign(work, task.id, county.actor("auditor"), audit)
    with county.write() as work:
        assert service.sign(work, task.id, county.actor("auditor"), audit).id == version.id
    assert county.reload(task).version == submitted.version + 2
    other = county.task()
    for _ in range(2):
        with county.write() as work:
            cancelled = service.cancel(work, other.id, county.actor("manager"), "重复检查")
    assert (cancelled.state, cancelled.version) == (TaskState.CANCELLED, 2)


def test_refusals_have_the_status_of_the_unified_procedure_step(county: County):
    def refusal(state: TaskState, action: Action) -> UpsStatus | None:
        prepared = prepare(county, state)
        with pytest.raises((NotAllowedFromState, StaleLease)) as refused:
            take(prepared, action)
        return refused.value.ups_status

    assert refusal(TaskState.QUEUED, Action.SUBMIT) == UpsStatus.NOT_YET_IN_PROGRESS
    assert refusal(TaskState.SIGNED, Action.SUBMIT) == UpsStatus.FINAL
    assert refusal(TaskState.SIGNED, Action.CANCEL) == UpsStatus.COMPLETED
    assert refusal(TaskState.CANCELLED, Action.CLAIM) == UpsStatus.FINAL
    prepared = prepare(county, TaskState.READING)
    prepared.token = "2.25.1"
    with pytest.raises(StaleLease) as refused:
        take(prepared, Action.SUBMIT)
    assert refused.value.ups_status == UpsStatus.WRONG_TRANSACTION_UID
