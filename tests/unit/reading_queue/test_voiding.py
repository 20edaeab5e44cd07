"""A case with a preliminary report that gets no final one now: the report is withdrawn in the same step, from every state."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from reading_queue import service
from reading_queue.transitions import TABLE, Step
from storage.db.models import (
    AuditEvent,
    Notice,
    NoticeRecipient,
    ReadingTask,
    Receipt,
    Report,
    ReportVersion,
    Result,
    User,
)
from storage.db.queries.results import numbering_faults
from storage.db.queries.tasks import events_of
from storage.domain.errors import NotAllowedFromState, UpsStatus
from storage.domain.reading import Action, Priority, ReportKind, TaskState
from tests.unit.reading_queue.county import REPORT, County
from tests.unit.reading_queue.steps import Prepared, prepare, take

pytestmark = pytest.mark.thorough


_VOIDING = [step for step in TABLE.values() if step.voids_preliminary]
_WAY: dict[TaskState, tuple[Action, ...]] = {
    TaskState.READING: (),
    TaskState.QUEUED: (Action.RELEASE,),
    TaskState.ASSIGNED: (Action.RELEASE, Action.ASSIGN),
    TaskState.INFO_WAIT: (Action.ASK,),
    TaskState.CONSULT: (Action.CONSULT,),
    TaskState.DRAFTED: (Action.SUBMIT,),
    TaskState.AUDITING: (Action.SUBMIT, Action.CLAIM),
    TaskState.REWORK: (Action.SUBMIT, Action.CLAIM, Action.REJECT),
}
"""From a preliminary report in hand to each state that such a case can be in."""


def _with_preliminary(county: County, state: TaskState) -> Prepared:
    prepared = prepare(county, TaskState.READING)
    for action in (Action.PRELIMINARY, *_WAY[state]):
        take(prepared, action)
        prepared = _in_hand(county, prepared)
    assert (prepared.task.state, prepared.task.preliminary_at is not None) == (state, True)
    return prepared


def _in_hand(county: County, prepared: Prepared) -> Prepared:
    task = county.reload(prepared.task)
    with county.database.read() as work:
        holder = work.session.get(User, task.reader_id) if task.reader_id else None
    return replace(
        prepared, task=task, holder=holder.username if holder else prepared.holder, token=task.lease_token or ""
    )


def test_every_state_that_can_hold_a_preliminary_report_is_tried():
    assert {step.source for step in _VOIDING} == set(_WAY)
    dropping = (Action.CANCEL, Action.DECLINE, Action.RETURN)
    others = [step for step in TABLE.values() if step.action in dropping and not step.voids_preliminary]
    assert {step.source for step in others} == {TaskState.RECON_HOLD, TaskState.RETAKE_WAIT}


@pytest.mark.parametrize("step", _VOIDING, ids=lambda step: f"{step.action}-{step.source}")
def test_the_clinic_gets_a_withdrawal_under_the_next_number_and_an_urgent_notice(county: County, step: Step):
    assert step.source is not None
    prepared = _with_preliminary(county, step.source)
    take(prepared, step.action)
    task = county.reload(prepared.task)
    assert (task.state, task.preliminary_at) == (step.target, None)
    with county.database.read() as work:
        results = work.session.execute(select(Result).order_by(Result.seq)).scalars().all()
        assert [one.kind for one in results] == [ReportKind.PRELIMINARY, ReportKind.WITHDRAWN]
        assert numbering_faults(work) == []
        first, second = work.session.execute(select(ReportVersion).order_by(ReportVersion.version)).scalars()
        assert (second.previous_sha256, second.content["voids"]) == (first.sha256, 1)
        event = events_of(work, task.id)[-1]
        assert (event.action, event.detail["voided"]) == (step.action, 2)
        assert second.content["report"]["reason"] == event.reason != ""
        notice = work.session.execute(select(Notice).where(Notice.kind == "report.preliminary_void")).scalar_one()
        told = select(User.username).join(NoticeRecipient, NoticeRecipient.user_id == User.id)
        assert (
            notice.urgency,
            list(work.session.execute(told.where(NoticeRecipient.notice_id == notice.id)).scalars()),
        ) == (
            "urgent",
            ["clinic01"],
        )
        deeds = work.session.execute(select(AuditEvent.action).where(AuditEvent.subject == f"task:{task.id}")).scalars()
        assert "task.withdraw" in set(deeds)
    with county.write("clinic01") as work:
        service.receipt(work, 2, county.actor("clinic01"))
    with county.database.read() as work:
        assert work.session.execute(select(Receipt)).scalar_one().result_id == results[1].id
    assert county.reload(task).state == step.target


@pytest.mark.parametrize(
    "state", [step.source for step in _VOIDING if step.action == Action.CANCEL and "clinic" in step.roles]
)
def test_a_clinic_leaves_it_to_the_centre_which_answers_for_the_words(county: County, state: TaskState):
    prepared = _with_preliminary(county, state)
    with pytest.raises(NotAllowedFromState) as refused, county.write("clinic01") as work:
        service.cancel(work, prepared.id, county.actor("clinic01"), "患者已转院")
    assert refused.value.ups_status == UpsStatus.NOT_MET
    with county.database.read() as work:
        assert "cancel" not in service.allowed_actions(work, county.reload(prepared.task), county.actor("clinic01"))
    assert county.reload(prepared.task).state == state


def test_a_case_without_a_preliminary_report_is_dropped_without_a_result(county: County):
    task = county.task(priority=Priority.P1)
    with county.write("clinic01") as work:
        service.cancel(work, task.id, county.actor("clinic01"), "重复")
    with county.database.read() as work:
        assert work.session.execute(select(Result)).scalars().all() == []


def test_after_the_retake_it_is_held_to_its_own_class_and_reported_anew(county: County):
    task = county.task(modality="CT", priority=Priority.P0)
    token = county.claim(task, "radiologist").token
    _preliminary(county, task, token)
    assert county.reload(task).limit_at > task.limit_at
    with county.write() as work:
        service.return_for_retake(work, task.id, county.actor("radiologist"), token, "MOTION", "运动伪影")
    after = county.reload(task)
    assert (after.due_at, after.limit_at) == (task.due_at, task.limit_at)
    assert after.sla_policy == task.sla_policy
    with county.write("clinic01") as work:
        service.retaken(work, task.id, county.actor("clinic01"), "患者已离院")
    token = county.claim(task, "radiologist").token
    _preliminary(county, task, token)
    with county.write() as work:
        service.submit(work, task.id, county.actor("radiologist"), token, REPORT)
    audit = county.claim(task, "auditor").token
    with county.write() as work:
        final = service.sign(work, task.id, county.actor("auditor"), audit)
        assert (final.version, final.content["preliminary"]["version"]) == (4, 3)
        kinds = work.session.execute(select(Result.kind).order_by(Result.seq)).scalars().all()
    assert kinds == ["preliminary", "withdrawn", "preliminary", "final"]


def test_a_final_report_is_not_compared_with_words_that_were_taken_back(county: County):
    task = county.task(priority=Priority.P1)
    token = county.claim(task, "radiologist").token
    _preliminary(county, task, token)
    with county.write() as work:
        service.return_for_retake(work, task.id, county.actor("radiologist"), token, "MOTION", "运动伪影")
    with county.write("clinic01") as work:
        service.retaken(work, task.id, county.actor("clinic01"), "患者已离院")
    county.signed(task)
    with county.database.read() as work:
        final = (
            work.session.execute(select(ReportVersion).join(Report).order_by(ReportVersion.version.desc()))
            .scalars()
            .first()
        )
        assert final is not None
        assert (final.kind, "preliminary" in final.content) == (ReportKind.FINAL, False)


def _preliminary(county: County, task: ReadingTask, token: str) -> None:
    with county.write() as work:
        service.issue_preliminary(work, task.id, county.actor("radiologist"), token, REPORT)
