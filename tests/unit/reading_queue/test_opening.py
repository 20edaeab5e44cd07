"""A ready study has exactly one open task (I2)."""

import pytest
from sqlalchemy import select, update

from reading_queue import service
from storage.db.models import Association, Heartbeat, Instance, ReadingTask, Study
from storage.db.queries.reception import AssociationChange, end_associations
from storage.db.queries.tasks import events_of, tasks_of_study
from storage.db.session import Hint
from storage.domain.readiness import ReadyTimes
from storage.domain.reading import Priority, TaskState
from storage.domain.studies import InstanceState, RenditionState, StudyState
from tests.unit.reading_queue.county import CT_IMAGE, County, gateway_alive

pytestmark = pytest.mark.thorough


KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"


def _open(county: County, ready_idle: float = 10) -> list[int]:
    with county.write() as work:
        return service.open_ready_studies(work, ReadyTimes(idle=ready_idle))


def _tasks(county: County, study_id: int) -> list[ReadingTask]:
    with county.database.read() as work:
        return list(tasks_of_study(work, study_id))


def _study(county: County, study_id: int) -> Study:
    with county.database.read() as work:
        return work.session.execute(select(Study).where(Study.id == study_id)).scalar_one()


def test_a_study_is_ready_ten_seconds_after_its_last_object(county: County):
    study_id = county.study()
    county.clock.advance(seconds=9)
    assert _open(county) == []
    county.clock.advance(seconds=1)
    assert _open(county) == [study_id]
    study, (task,) = _study(county, study_id), _tasks(county, study_id)
    assert (study.state, study.ready_at) == (StudyState.READY, county.clock.now())
    assert (task.state, task.version, task.ready_at) == (TaskState.QUEUED, 1, county.clock.now())


def test_looking_again_changes_nothing(county: County):
    study_id = county.study()
    county.clock.advance(seconds=10)
    _open(county)
    assert _open(county) == []
    assert len(_tasks(county, study_id)) == 1


def test_pictures_are_hinted_at_once_it_is_ready(county: County):
    study_id = county.study(priority=Priority.P0)
    county.clock.advance(seconds=10)
    _open(county)
    assert county.hints == [Hint("make_renditions", (study_id, "P0"))]


def test_an_open_association_holds_the_study_back(county: County):
    study_id = county.study(association="a1")
    county.clock.advance(seconds=60)
    with county.write() as work:
        gateway_alive(work)
    assert _open(county) == []
    with county.write() as work:
        end_associations(work, [AssociationChange("a1", "T01_CT", 1, 0, work.now, released=True)])
    assert _open(county) == [study_id]


def test_an_association_whose_end_was_told_to_nobody_is_looked_for_again(county: County):
    study_id = county.study(association="a1")
    county.clock.advance(seconds=60)
    with county.write() as work:
        gateway_alive(work)
    assert _open(county) == []
    with county.write() as work:
        work.session.execute(update(Association).values(ended_at=work.now))
    county.clock.advance(seconds=15)
    assert _open(county) == [study_id]


def test_an_association_of_a_dead_gateway_holds_nothing_back(county: County):
    study_id = county.study(association="a1")
    with county.write() as work:
        gateway_alive(work)
    county.clock.advance(seconds=29)
    assert _open(county) == []
    county.clock.advance(seconds=6)
    assert _open(county) == [study_id]


def test_a_delivery_through_another_door_holds_the_study_back_just_as_well(county: County):
    county.study(association="a1")
    county.clock.advance(seconds=20)
    with county.write() as work:
        gateway_alive(work)
        work.session.execute(update(Heartbeat).values(kind="spool"))
    assert _open(county) == []


def test_a_study_waits_until_every_object_is_stored(county: County):
    study_id = county.study(instance_state=InstanceState.SPOOLED)
    county.clock.advance(seconds=60)
    assert _open(county) == []
    with county.write() as work:
        work.session.execute(update(Instance).values(state=InstanceState.STORED))
    county.clock.advance(seconds=15)
    assert _open(county) == [study_id]


def test_a_study_with_nothing_to_read_waits_for_images(county: County):
    county.study(sop_classes=(KEY_OBJECTS,))
    with_image = county.study(sop_classes=(KEY_OBJECTS, CT_IMAGE))
    county.clock.advance(seconds=60)
    assert _open(county) == [with_image]


@pytest.mark.parametrize("state", [TaskState.QUEUED, TaskState.READING, TaskState.DRAFTED])
def test_late_images_join_the_open_task(county: County, state: TaskState):
    task = county.task()
    if state == TaskState.READING:
        county.claim(task, "radiologist")
    if state == TaskState.DRAFTED:
        county.drafted(task)
    lease = county.reload(task).lease_token
    county.late_image(task.study_id)
    county.clock.advance(seconds=10)
    assert _open(county) == [task.study_id]
    (same,) = _tasks(county, task.study_id)
    assert (same.id, same.state, same.lease_token) == (task.id, state, lease)
    with county.database.read() as work:
        assert events_of(work, task.id)[-1].action == "late_images"
    assert _study(county, task.study_id).rendition_state == RenditionState.PENDING


def test_images_after_the_signature_open_a_new_task_that_names_the_old_one(county: County):
    task = county.signed(county.task())
    county.late_image(task.study_id)
    county.clock.advance(seconds=10)
    assert _open(county) == [task.study_id]
    new, old = _tasks(county, task.study_id)
    assert (new.previous_task_id, new.state) == (task.id, TaskState.QUEUED)
    assert (old.id, old.state) == (task.id, TaskState.SIGNED)


def test_a_task_inherits_class_modality_and_the_start_of_the_examination(county: County):
    task = county.task(priority=Priority.P1, modality="CT", body_part="HEAD")
    assert (task.priority, task.modality, task.sla_policy) == ("P1", "CT", "0.0/P1/CT_MR/HEAD")
    assert task.exam_started_at is not None
    assert task.regulatory_due_at is not None
    assert (task.limit_at - task.ready_at).total_seconds() == 1800


def test_a_ready_study_with_a_task_gets_no_second_one(county: County):
    task = county.task()
    with county.write() as work:
        study = work.session.get_one(Study, task.study_id)
        assert service.ensure_task(work, study) is None
