"""Escalation that does something: who is told at each step, who may take what is late, and never twice."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from reading_queue import service
from reading_queue.service import escalating
from storage.db.models import DutySpan, Institution, Notice, NoticeRecipient, ReadingTask, ShiftKind, User
from storage.db.queries.tasks import events_of
from storage.domain.reading import InstitutionKind, Priority, TaskState
from tests.unit.reading_queue.county import LEASE_MINUTES, County

pytestmark = pytest.mark.thorough


P0, P1, P2, P3 = Priority


def _tick(county: County) -> int:
    with county.write() as work:
        return service.escalate_due(work)


def _told(county: County, kind: str) -> set[str]:
    """Who has been told of this kind, by user name."""
    query = select(User.username).join(NoticeRecipient, NoticeRecipient.user_id == User.id).join(Notice)
    with county.database.read() as work:
        return set(work.session.execute(query.where(Notice.kind == kind)).scalars())


def _kinds(county: County) -> list[str]:
    with county.database.read() as work:
        return list(work.session.execute(select(Notice.kind).order_by(Notice.id)).scalars())


def _notice(county: County, kind: str) -> Notice:
    with county.database.read() as work:
        return work.session.execute(select(Notice).where(Notice.kind == kind)).scalar_one()


def _reads(county: County, task: ReadingTask, minutes: int) -> None:
    """The reader's screen gives its sign of life until then."""
    for _ in range(minutes // 5):
        county.clock.advance(minutes=5)
        token = county.reload(task).lease_token or ""
        with county.write() as work:
            service.heartbeat(work, task.id, county.actor("radiologist"), token, lease_minutes=LEASE_MINUTES)


def test_at_50_percent_the_owner_is_nudged(county: County):
    task = county.task(priority=P1, modality="MR")  # 40 / 60
    county.claim(task, "radiologist")
    _reads(county, task, 30)
    _tick(county)
    assert _told(county, "task.half") == {"radiologist"}
    assert _kinds(county) == ["task.half"]


def test_at_50_percent_nobody_is_nudged_for_what_nobody_owns(county: County):
    county.task(priority=P1, modality="MR")
    county.clock.advance(minutes=30)
    assert _tick(county) == 1
    assert _kinds(county) == []


def test_at_75_percent_the_pool_is_widened_and_the_scheduler_warned(county: County):
    task = county.task(priority=P1, modality="MR")
    county.clock.advance(minutes=45)
    _tick(county)
    assert county.reload(task).open_to_all_at == county.clock.now()
    assert _told(county, "task.widened") == {"manager"}


def test_at_100_percent_the_lead_is_told_and_an_owner_who_does_not_read_loses_it(county: County):
    task = county.task(priority=P1, modality="MR")
    county.clock.advance(minutes=58)
    with county.write() as work:
        service.assign(work, task.id, county.actor("manager"), county.user("radiologist2"))
    county.clock.advance(minutes=2)
    _tick(county)
    after = county.reload(task)
    assert (after.state, after.preferred_reader_id) == (TaskState.QUEUED, None)
    assert _told(county, "task.breached") == {"auditor", "auditor2", "manager", "radiologist2"}
    assert _notice(county, "task.breached").urgency == "urgent"


def test_at_100_percent_an_owner_who_reads_keeps_it(county: County):
    task = county.task(priority=P1, modality="MR")
    county.claim(task, "radiologist")
    _reads(county, task, 60)
    _tick(county)
    assert county.reload(task).state == TaskState.READING
    assert "radiologist" in _told(county, "task.breached")


def test_at_150_percent_medical_affairs_are_told_and_of_the_hospital_that_may_be_asked(county: County):
    with county.write() as work:
        work.session.add(Institution(code="city9", name="市第九人民医院", kind=InstitutionKind.UPPER))
    county.task(priority=P1, modality="MR")
    county.clock.advance(minutes=90)
    _tick(county)
    assert _told(county, "task.overdue") == {"manager", "admin"}
    assert "市第九人民医院" in _notice(county, "task.overdue").params["consult"]


def test_p2_is_told_in_working_time(county: County):
    county.clock.advance(hours=8, minutes=20)  # ten minutes before the centre closes
    task = county.task(priority=P2, modality="US")  # 60 / 120 working minutes
    county.clock.advance(hours=14)
    assert _tick(county) == 0
    county.clock.advance(minutes=91)  # 08:50 the next morning: an hour has been worked
    assert _tick(county) == 1
    assert county.reload(task).escalation == 1


def test_a_notice_holds_nothing_of_the_patient(county: County):
    county.task(priority=P1, modality="MR")
    county.clock.advance(minutes=90)
    _tick(county)
    assert set(_notice(county, "task.overdue").params) == {"task", "priority", "modality", "state", "consult"}


def test_every_step_is_told_once_however_often_the_tick_comes(county: County):
    task = county.task(priority=P1, modality="MR")
    county.claim(task, "radiologist")
    for _ in range(20):
        _reads(county, task, 5)
        _tick(county)
        _tick(county)
    assert _kinds(county) == ["task.half", "task.widened", "task.breached", "task.overdue"]
    assert _tick(county) == 0


def test_a_tick_that_dies_half_way_has_done_nothing_and_the_next_one_does_it(
    county: County, monkeypatch: pytest.MonkeyPatch
):
    tasks = [county.task(priority=P1, modality="MR") for _ in range(2)]
    county.clock.advance(minutes=60)

    def dies(*_: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(escalating, "at_level", dies)
        with pytest.raises(MemoryError):
            _tick(county)
    assert [county.reload(task).escalation for task in tasks] == [0, 0]
    assert _kinds(county) == []
    assert _tick(county) == 2
    assert _kinds(county) == ["task.breached", "task.breached"]


def test_a_clock_that_jumps_ahead_tells_the_step_that_was_reached_and_back_again_nothing(county: County):
    task = county.task(priority=P1, modality="MR")
    county.clock.advance(days=1)
    _tick(county)
    assert _kinds(county) == ["task.overdue"]
    assert county.reload(task).open_to_all_at is not None
    county.clock.advance(days=-1)
    assert _tick(county) == 0
    county.clock.advance(minutes=70)
    assert _tick(county) == 0


def test_a_raised_class_is_told_of_again_from_where_it_was(county: County):
    task = county.task(priority=P2, modality="MR")
    county.clock.advance(minutes=120)
    _tick(county)
    with county.write() as work:
        service.prioritise(work, task.id, county.actor("manager"), P1, "加重")
    county.clock.advance(minutes=30)
    assert _tick(county) == 0  # half of the new hour: a level that was told stays told
    county.clock.advance(minutes=15)
    assert _tick(county) == 1
    assert county.reload(task).escalation == 2


@pytest.mark.parametrize("asked", [False, True])
def test_clock_a_is_warned_of_before_its_end_also_while_the_clinic_is_asked(county: County, *, asked: bool):
    task = county.task(priority=P1, modality="CT", exam_started_at=county.clock.now() - timedelta(minutes=85))
    if asked:
        token = county.claim(task, "radiologist").token
        with county.write() as work:
            service.ask(work, task.id, county.actor("radiologist"), token, "病史？")
    county.clock.advance(minutes=6)
    _tick(county)
    _tick(county)
    assert _kinds(county) == ["task.regulatory_soon"]
    assert {"auditor", "manager"} <= _told(county, "task.regulatory_soon")
    county.clock.advance(minutes=30)
    _tick(county)
    _tick(county)
    assert _kinds(county).count("task.regulatory_missed") == 1
    assert county.reload(task).regulatory_level == 2


def test_clock_a_is_no_matter_for_what_the_regulator_does_not_ask(county: County):
    task = county.task(priority=P1, modality="MR")
    assert task.regulatory_due_at is None
    assert county.task(priority=P2, modality="CT").regulatory_due_at is None


def test_p0_that_nobody_takes_within_2_minutes_calls_the_duty_phone(county: County):
    task = county.task(priority=P0, modality="US")
    county.clock.advance(seconds=119)
    assert _tick(county) == 0
    county.clock.advance(seconds=1)
    assert _tick(county) == 1
    notice = _notice(county, "task.unclaimed")
    assert (notice.urgency, notice.task_id) == ("urgent", task.id)
    everybody = {"radiologist", "radiologist2", "ecg", "auditor", "auditor2", "manager"}
    assert _told(county, "task.unclaimed") == everybody
    assert _tick(county) == 0


def test_p0_that_was_taken_and_given_back_is_called_again(county: County):
    task = county.task(priority=P0, modality="US")
    token = county.claim(task, "radiologist").token
    county.clock.advance(minutes=3)
    assert _tick(county) == 0
    with county.write() as work:
        service.release(work, task.id, county.actor("radiologist"), token, "换班")
    county.clock.advance(minutes=2)
    assert _tick(county) == 1
    assert _kinds(county) == ["task.unclaimed"]


def _shift(county: County, username: str, starts: datetime, hours: float, **kind: Any) -> None:
    with county.write() as work:
        shift = ShiftKind(name=f"{username} {starts:%d%H}", starts=time(8), ends=time(16), **kind)
        work.session.add(shift)
        work.session.flush()
        work.session.add(
            DutySpan(
                user_id=county.user(username).id,
                shift_kind_id=shift.id,
                day=starts.date(),
                starts_at=starts,
                ends_at=starts + timedelta(hours=hours),
                phone="8001",
            )
        )


@pytest.mark.parametrize("priority", [P0, P1])
def test_an_emergency_on_an_unmanned_shift_is_open_to_everybody_at_once(county: County, priority: Priority):
    _shift(county, "radiologist", county.clock.now() - timedelta(hours=8), 4)
    task = county.task(priority=priority, modality="US")
    assert _tick(county) == 1
    assert county.reload(task).open_to_all_at == county.clock.now()
    assert _told(county, "task.unmanned") == {"radiologist", "radiologist2", "ecg", "auditor", "auditor2", "manager"}


@pytest.mark.parametrize("priority", [P2, P3])
def test_the_rest_is_open_to_everybody_after_4_hours_without_a_shift(county: County, priority: Priority):
    _shift(county, "radiologist", county.clock.now() - timedelta(hours=8), 4)
    task = county.task(priority=priority, modality="DX")
    county.clock.advance(hours=3, minutes=59)
    _tick(county)
    if priority == P3:
        assert county.reload(task).open_to_all_at is None
    assert "task.unmanned" not in _kinds(county)
    county.clock.advance(minutes=1)
    _tick(county)
    assert county.reload(task).open_to_all_at is not None


def test_a_shift_that_begins_meanwhile_keeps_the_case_for_itself(county: County):
    now = county.clock.now()
    _shift(county, "radiologist", now - timedelta(hours=8), 4)
    _shift(county, "radiologist2", now + timedelta(hours=2), 8)
    task = county.task(priority=P3, modality="DX")
    county.clock.advance(hours=4)
    _tick(county)
    after = county.reload(task)
    assert (after.open_to_all_at, after.unmanned_since) == (None, None)
    assert after.roster_look_at == now + timedelta(hours=10)


def test_an_emergency_is_open_to_everybody_when_the_last_shift_goes_home(county: County):
    _shift(county, "radiologist", county.clock.now(), 1)
    task = county.task(priority=P1, modality="MR")
    assert _tick(county) == 0
    county.clock.advance(minutes=25)
    assert county.reload(task).open_to_all_at is None
    county.clock.advance(minutes=35)
    _tick(county)
    assert county.reload(task).open_to_all_at is not None


def test_a_shift_for_something_else_does_not_man_the_case(county: County):
    _shift(county, "ecg", county.clock.now() - timedelta(hours=1), 8, modalities=["ECG"])
    assert county.task(priority=P1, modality="MR").unmanned_since == county.clock.now()
    assert county.task(priority=P1, modality="ECG").unmanned_since is None


def test_the_duty_phones_are_told(county: County):
    _shift(county, "radiologist", county.clock.now() - timedelta(hours=1), 8)
    county.task(priority=P0, modality="US")
    county.clock.advance(minutes=2)
    _tick(county)
    assert _notice(county, "task.unclaimed").params["phones"] == ["8001"]
    assert _told(county, "task.unclaimed") == {"radiologist", "auditor", "auditor2", "manager"}


def test_a_step_is_written_with_its_reasons(county: County):
    task = county.task(priority=P0, modality="US")
    county.clock.advance(minutes=15)
    _tick(county)
    with county.database.read() as work:
        told = [event.detail for event in events_of(work, task.id) if event.action == "escalate"]
    assert told == [{"institution_id": None, "level": 1, "because": ["clock_b", "unclaimed"]}]


def test_the_moment_lies_in_utc(county: County):
    found = county.task(priority=P0, modality="US").next_escalation_at
    assert found is not None
    assert found.tzinfo == UTC
