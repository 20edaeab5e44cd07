"""The green channel: what is examined of a patient with chest pain, stroke or trauma is P0, whoever said so."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from reading_queue import persons, service
from reading_queue.service import green_channel
from storage.db.models import ExamOrder, GreenChannelCase, ReadingTask, Study
from storage.db.queries.tasks import events_of
from storage.domain.errors import Forbidden, Invalid, NotAllowedFromState, NotFound
from storage.domain.green_channel import Kind, Milestone
from storage.domain.reading import Priority, TaskState
from tests.unit.reading_queue.county import County

pytestmark = pytest.mark.thorough


P0, P1, P2, P3 = Priority


def _uid(county: County, task: ReadingTask) -> str:
    with county.database.read() as work:
        return work.session.get_one(Study, task.study_id).study_instance_uid


def _open(county: County, task: ReadingTask, username: str = "clinic01", kind: Kind = Kind.CHEST_PAIN) -> int:
    with county.write(username) as work:
        return green_channel.open_case(work, county.actor(username), _uid(county, task), kind, "胸痛两小时").id


def _of_the_same_patient(county: County, task: ReadingTask, study_id: int) -> None:
    with county.write() as work:
        patient = work.session.get_one(Study, task.study_id).patient_id
        work.session.execute(update(Study).where(Study.id == study_id).values(patient_id=patient))


def _next_of_patient(county: County, task: ReadingTask, **study: object) -> ReadingTask:
    """Another study of the task's patient, ready."""
    study_id = county.study(**study)  # type: ignore[arg-type]
    _of_the_same_patient(county, task, study_id)
    with county.write() as work:
        found = service.ensure_task(work, work.session.get_one(Study, study_id))
        assert found is not None
        return found


@pytest.mark.parametrize("username", ["clinic01", "radiologist"])
def test_whoever_says_so_the_case_becomes_p0_and_an_event_tells_it(county: County, username: str):
    task = county.task(modality="ECG", priority=P1)
    case = _open(county, task, username)
    after = county.reload(task)
    assert (after.priority, after.green_channel_case_id) == ("P0", case)
    assert after.limit_at - county.clock.now() == timedelta(minutes=10)
    with county.database.read() as work:
        event = events_of(work, task.id)[-1]
        assert (event.action, event.actor) == ("prioritise", username)
        assert event.detail["green_channel"] == {"case": case, "kind": "chest_pain"}


def test_what_else_is_examined_of_the_patient_inherits_it_within_the_window(county: County):
    ecg = county.task(modality="ECG", priority=P1)
    case = _open(county, ecg)
    county.clock.advance(hours=23)
    ct = _next_of_patient(county, ecg, modality="CT", priority=P3)
    assert (ct.priority, ct.green_channel_case_id) == ("P0", case)
    with county.database.read() as work:
        opening = events_of(work, ct.id)[0]
        assert (opening.action, opening.detail["green_channel"]["case"]) == ("open", case)
        assert work.session.get_one(Study, ct.study_id).priority == "P0"
    county.clock.advance(hours=2)
    assert _next_of_patient(county, ecg, modality="US").priority == "P2"
    assert county.task(modality="CT").priority == "P2"


def test_what_the_patient_has_open_already_is_raised_too(county: County):
    first = county.task(modality="ECG", priority=P1)
    second = _next_of_patient(county, first, modality="DX", priority=P2)
    coming = county.study(modality="CT")
    _of_the_same_patient(county, first, coming)
    case = _open(county, first, kind=Kind.TRAUMA)
    assert [county.reload(task).green_channel_case_id for task in (first, second)] == [case, case]
    assert county.reload(second).priority == "P0"
    with county.database.read() as work:
        assert work.session.get_one(Study, coming).priority == "P0"


def test_one_person_in_two_clinics_is_one_case(county: County):
    here, there = county.task(code="t01"), county.study(code="t02")
    with county.write() as work:
        one, other = (work.session.get_one(Study, study).patient_id for study in (here.study_id, there))
        persons.merge(work, county.actor("manager"), one, other, "身份证一致")
    case = _open(county, here)
    with county.write() as work:
        task = service.ensure_task(work, work.session.get_one(Study, there))
        assert task is not None
        assert (task.priority, task.green_channel_case_id) == ("P0", case)


def test_an_order_says_so_before_anybody_has_looked(county: County):
    study_id = county.study(modality="CT", priority=P0)
    with county.write() as work:
        study = work.session.get_one(Study, study_id)
        work.session.add(_order(study, green_channel="stroke"))
        work.session.flush()
        task = service.ensure_task(work, study)
        assert task is not None
        case = work.session.execute(select(GreenChannelCase)).scalar_one()
        assert (case.kind, case.patient_id, task.green_channel_case_id) == ("stroke", study.patient_id, case.id)


def _order(study: Study, **values: str) -> ExamOrder:
    texts = ("placer_order_number", "filler_order_number", "patient_issuer", "romanised_name", "sex", "birth_date")
    more = ("id_card_number", "phone", "procedure_code", "procedure_description", "body_part", "referring_doctor")
    last = ("referring_department", "clinical_information", "diagnosis")
    return ExamOrder(
        **dict.fromkeys(texts + more + last, ""),
        institution_id=study.institution_id,
        accession_number=study.accession_number,
        study_instance_uid=study.study_instance_uid,
        patient_id="P1",
        patient_name="张三",
        modality="CT",
        scheduled_at=study.first_received_at,
        priority="P0",
        state="arrived",
        source="api",
        study_id=study.id,
        created_at=study.first_received_at,
        created_by="clinic01",
        updated_at=study.first_received_at,
        **values,
    )


def test_opening_twice_is_one_case_and_one_event(county: County):
    task = county.task()
    assert _open(county, task) == _open(county, task, "radiologist")
    with county.database.read() as work:
        assert [event.action for event in events_of(work, task.id)] == ["open", "prioritise"]


def test_a_clinic_opens_none_for_another_clinics_patient(county: County):
    task = county.task(code="t02")
    with pytest.raises(NotFound):
        _open(county, task, "clinic01")
    with pytest.raises(Forbidden):
        _open(county, task, "regulator")


def test_every_moment_is_told_once_and_in_its_order(county: County):
    case, clinic, now = _open(county, county.task()), county.actor("clinic01"), county.clock.now()

    def tell(name: Milestone, minutes: int) -> None:
        with county.write("clinic01") as work:
            green_channel.add_milestone(work, clinic, case, name, now - timedelta(minutes=minutes))

    tell(Milestone.ONSET, 120)
    tell(Milestone.HOSPITAL, 20)
    tell(Milestone.ONSET, 120)  # said again: nothing new
    with pytest.raises(NotAllowedFromState, match="told already"):
        tell(Milestone.ONSET, 110)
    with pytest.raises(Invalid, match="fit between"):
        tell(Milestone.CALL, 130)
    with pytest.raises(Invalid, match="fit between"):
        tell(Milestone.SCENE, 10)
    with pytest.raises(Invalid, match="not come yet"):
        tell(Milestone.TREATMENT, -30)
    tell(Milestone.CALL, 100)
    with county.write() as work:
        told = green_channel.milestones_of(work, green_channel.find_case(work, case))
        assert [(row.name, row.recorded_by) for row in told] == [
            ("onset", "clinic01"),
            ("call", "clinic01"),
            ("hospital", "clinic01"),
        ]


def test_a_closed_case_makes_nothing_urgent_any_more(county: County):
    task = county.task()
    case = _open(county, task)
    for _ in range(2):
        with county.write() as work:
            green_channel.close_case(work, county.actor("radiologist"), case, "已排除")
    assert _next_of_patient(county, task).priority == "P2"
    assert county.reload(task).priority == "P0"
    assert _open(county, task) != case


def test_a_signed_report_is_left_alone(county: County):
    task = county.signed(county.task())
    _open(county, task)
    assert county.reload(task).state == TaskState.SIGNED
    assert county.reload(task).priority == "P2"
