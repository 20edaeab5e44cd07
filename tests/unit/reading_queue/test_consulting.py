"""Asking an upper-level hospital: who is asked, what he may do, and where the case goes."""

import pytest
from sqlalchemy import select

from reading_queue import service
from reading_queue.service import open_consultation
from storage.db.models import Consultation, Notice, ReadingTask, ReportVersion
from storage.db.queries.consultations import require_asked
from storage.domain.errors import AlreadyClaimed, Forbidden, Invalid, NotAllowedFromState, NotFound, StaleLease
from storage.domain.reading import ConsultationState, Priority, TaskState
from tests.unit.reading_queue.county import LEASE_MINUTES, REPORT, County

pytestmark = pytest.mark.thorough


Asked = tuple[ReadingTask, int, str]


def ask(county: County, reader: str = "radiologist", **study: object) -> Asked:
    """A case in hand about which the hospital was asked: the task, the consultation, and the lease that ended with it."""
    task = county.task(**study)
    if reader == "auditor":
        county.drafted(task)
    token = county.claim(task, reader).token
    with county.write() as work:
        row = service.consult(work, task.id, county.actor(reader), token, "u01", "结节性质？")
    return county.reload(task), row.id, token


def opinion(
    county: County, consultation_id: int, username: str = "consultant", text: str = "考虑良性。"
) -> Consultation:
    with county.write() as work:
        return service.give_opinion(work, consultation_id, county.actor(username), text)


def test_asking_ends_the_lease_and_an_opinion_brings_the_case_back_to_who_asked(county: County):
    task, consultation_id, token = ask(county)
    assert (task.state, task.reader_id, task.lease_token) == (TaskState.CONSULT, None, None)
    with pytest.raises(StaleLease), county.write() as work:
        service.save_draft(work, task.id, county.actor("radiologist"), token, REPORT)
    with pytest.raises(NotAllowedFromState), county.write() as work:
        service.claim(work, task.id, county.actor("radiologist2"), lease_minutes=LEASE_MINUTES)
    opinion(county, consultation_id)
    back = county.reload(task)
    assert (back.state, back.reader_id) == (TaskState.READING, county.user("radiologist").id)
    with county.write() as work:
        lease = service.resume(work, task.id, county.actor("radiologist"), lease_minutes=LEASE_MINUTES)
        service.submit(work, task.id, county.actor("radiologist"), lease.token, REPORT)
    assert county.reload(task).state == TaskState.DRAFTED


def test_an_auditor_gets_it_back_to_audit_and_the_signed_version_names_the_opinion(county: County):
    task, consultation_id, _ = ask(county, "auditor")
    opinion(county, consultation_id)
    assert county.reload(task).state == TaskState.AUDITING
    with county.write() as work:
        lease = service.resume(work, task.id, county.actor("auditor"), lease_minutes=LEASE_MINUTES)
        service.sign(work, task.id, county.actor("auditor"), lease.token)
    with county.database.read() as work:
        said = work.session.execute(select(ReportVersion.content)).scalar_one()["consultations"]
    assert [(one["opinion"], one["consultant"]["username"], one["hospital"]["code"]) for one in said] == [
        ("考虑良性。", "consultant", "u01")
    ]


def test_who_asked_and_does_not_come_back_loses_the_case(county: County):
    task, consultation_id, _ = ask(county)
    opinion(county, consultation_id)
    county.clock.advance(minutes=13)
    with county.write() as work:
        assert service.expire_leases(work) == 1
    assert county.reload(task).state == TaskState.QUEUED


def test_only_the_hospital_that_was_asked_answers_and_one_of_it_at_a_time(county: County):
    task, consultation_id, _ = ask(county)
    for username, refusal in (("outsider", NotFound), ("auditor", Forbidden), ("clinic01", Forbidden)):
        with pytest.raises(refusal):
            opinion(county, consultation_id, username)
    with county.write() as work:
        service.accept(work, consultation_id, county.actor("consultant"))
    with pytest.raises(AlreadyClaimed):
        opinion(county, consultation_id, "consultant2")
    county.clock.advance(minutes=31)
    assert opinion(county, consultation_id, "consultant2").consultant_id == county.user("consultant2").id
    assert opinion(county, consultation_id, "consultant2").state == ConsultationState.ANSWERED, "said twice"
    with pytest.raises(NotAllowedFromState):
        opinion(county, consultation_id, "consultant", "恶性")
    assert county.reload(task).state == TaskState.READING


def test_a_hospital_may_decline_and_the_centre_may_take_the_question_back(county: County):
    task, consultation_id, _ = ask(county)
    with pytest.raises(Invalid), county.write() as work:
        service.decline_consultation(work, consultation_id, county.actor("consultant"), " ")
    with county.write() as work:
        row = service.decline_consultation(work, consultation_id, county.actor("consultant"), "专业不符")
    assert (row.state, county.reload(task).state) == (ConsultationState.DECLINED, TaskState.READING)
    other, _, _ = ask(county)
    with pytest.raises(Forbidden), county.write() as work:
        service.recall(work, other.id, county.actor("radiologist2"), "不等了")
    with county.write() as work:
        row = service.recall(work, other.id, county.actor("radiologist"), "不等了")
    assert (row.state, county.reload(other).state) == (ConsultationState.RECALLED, TaskState.READING)


def test_a_hospital_is_reminded_and_given_up_after_a_day_and_clock_b_runs_on(county: County):
    task, consultation_id, _ = ask(county, priority=Priority.P1)
    assert task.paused_since is None
    for _ in range(2):
        county.clock.advance(minutes=30)
        with county.write() as work:
            service.follow_consultations(work)
            service.follow_consultations(work)
    with county.database.read() as work:
        assert work.session.get_one(Consultation, consultation_id).reminders == 2
        kinds = list(work.session.execute(select(Notice.kind).order_by(Notice.id)).scalars())
    assert [kind for kind in kinds if kind.startswith("consultation")] == [
        "consultation.asked",
        "consultation.reminder",
        "consultation.reminder",
    ]
    assert "case.consulted" in kinds
    county.clock.advance(hours=24)
    with county.write() as work:
        service.follow_consultations(work)
        assert open_consultation(work, task.id) is None
    assert county.reload(task).state == TaskState.READING


def test_a_hospital_sees_the_study_it_is_asked_about_and_only_while_it_is(county: County):
    task, consultation_id, _ = ask(county)
    other = county.task()
    with county.database.read() as work:
        mine = work.session.get_one(ReadingTask, task.id).study.study_instance_uid
        another = work.session.get_one(ReadingTask, other.id).study.study_instance_uid
        require_asked(work, county.user("consultant").institution_id, mine)
        for hospital, uid in (("consultant", another), ("outsider", mine)):
            with pytest.raises(NotFound):
                require_asked(work, county.user(hospital).institution_id, uid)
    with county.write() as work:
        service.cancel(work, task.id, county.actor("manager"), "重复检查")
    with county.database.read() as work:
        assert work.session.get_one(Consultation, consultation_id).state == ConsultationState.RECALLED
        with pytest.raises(NotFound):
            require_asked(work, county.user("consultant").institution_id, mine)


def test_there_must_be_such_a_hospital_and_somebody_in_it(county: County):
    task = county.task()
    token = county.claim(task, "radiologist").token
    for code in ("t01", "county", "nowhere"):
        with pytest.raises(Invalid), county.write() as work:
            service.consult(work, task.id, county.actor("radiologist"), token, code, "？")
    assert county.reload(task).state == TaskState.READING
