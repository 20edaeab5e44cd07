"""Images, lists and signatures that race: one task at a time, and every image is told to somebody exactly once."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from sqlalchemy import func, select

from reading_queue import service
from storage.db.models import Instance, ReadinessSignal, ReadingTask, Study
from storage.db.queries.tasks import events_of, tasks_of_study
from storage.domain.readiness import ReadyTimes
from storage.domain.reading import CLOSED_STATES, TaskState
from tests.unit.reading_queue.arriving import Arriving, some_uids
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.racing import bring_and_open, race

_GATEWAYS = 3
_STUDIES = 5
_IMAGES = 6
_AT_ONCE = ReadyTimes(idle=0)


def _url(county: County) -> str:
    return county.database.engine.url.render_as_string(hide_password=False)


def _tasks(county: County, study_id: int) -> list[ReadingTask]:
    with county.database.read() as work:
        return list(tasks_of_study(work, study_id))


def _told(county: County, study_id: int) -> int:
    """How many images the events of all tasks of the study speak of."""
    with county.database.read() as work:
        events = chain.from_iterable(events_of(work, task.id) for task in tasks_of_study(work, study_id))
        return sum(int(event.detail.get("images") or 0) for event in events)


def _images(county: County, study_id: int) -> int:
    with county.database.read() as work:
        return work.session.execute(select(func.count(Instance.id)).where(Instance.study_id == study_id)).scalar_one()


def _settle(county: County) -> None:
    with county.write() as work:
        service.open_ready_studies(work, _AT_ONCE)


def test_gateways_that_bring_parts_of_the_same_studies_open_each_once(county: County):
    studies = [county.study(sop_classes=()) for _ in range(_STUDIES)]
    lists = {study_id: some_uids(_IMAGES) for study_id in studies}
    parts = [(study_id, uid) for study_id, uids in lists.items() for uid in uids]
    random.Random(7).shuffle(parts)
    gateways = [(_url(county), county.clock, lists, parts[number::_GATEWAYS]) for number in range(_GATEWAYS)]
    race(bring_and_open, gateways)
    county.clock.advance(seconds=15)
    with county.write() as work:
        service.open_ready_studies(work, ReadyTimes(idle=600))
    with county.database.read() as work:
        found = work.session.execute(select(Study)).scalars().all()
        assert {(study.state, study.ready_reason, study.missing_count) for study in found} == {("ready", "listed", 0)}
        assert work.session.execute(select(func.count(ReadinessSignal.id))).scalar_one() == _STUDIES
    for study_id in studies:
        assert len(_tasks(county, study_id)) == 1
        assert _told(county, study_id) == _IMAGES


@pytest.mark.parametrize("run", range(4))
def test_a_signature_and_late_images_race(county: County, run: int):
    task = county.drafted(county.task())
    token = county.claim(task, "auditor").token
    auditor = county.actor("auditor")
    arriving = Arriving(county, task.study_id)

    def sign() -> None:
        with county.write() as work:
            service.sign(work, task.id, auditor, token)

    def bring() -> None:
        for _ in range(3):
            arriving.image()
            _settle(county)

    jobs = [sign, bring, bring]
    random.Random(run).shuffle(jobs)
    with ThreadPoolExecutor(len(jobs)) as pool:
        for job in [pool.submit(job) for job in jobs]:
            job.result(60)
    _settle(county)
    tasks = _tasks(county, task.study_id)
    assert county.reload(task).state == TaskState.SIGNED
    assert len(tasks) <= 2
    assert sum(one.state not in CLOSED_STATES for one in tasks) == len(tasks) - 1
    assert [one.previous_task_id for one in tasks] == [task.id, None][-len(tasks) :]
    assert _told(county, task.study_id) == _images(county, task.study_id) == 7


def test_late_images_through_several_doors_after_the_signature_open_one_task(county: County):
    task = county.signed(county.task())

    def bring() -> None:
        for _ in range(4):
            Arriving(county, task.study_id).image()
            _settle(county)

    with ThreadPoolExecutor(4) as pool:
        for job in [pool.submit(bring) for _ in range(4)]:
            job.result(60)
    _settle(county)
    new, old = _tasks(county, task.study_id)
    assert (new.previous_task_id, old.id) == (task.id, task.id)
    assert _told(county, task.study_id) == 17


def test_a_process_that_dies_before_its_commit_leaves_the_study_to_the_next(county: County):
    task = county.signed(county.task())
    Arriving(county, task.study_id).image()

    def die() -> None:
        with county.write() as work:
            assert service.open_ready_studies(work, _AT_ONCE) == [task.study_id]
            raise ConnectionError

    with pytest.raises(ConnectionError):
        die()
    assert len(_tasks(county, task.study_id)) == 1
    _settle(county)
    assert len(_tasks(county, task.study_id)) == 2
