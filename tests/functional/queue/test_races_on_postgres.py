"""Twenty processes on PostgreSQL: nobody gets what another has, nothing is numbered twice, nobody waits for ever."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from sqlalchemy import func, select, text, update

from reading_queue import service
from storage.db.models import ReadingTask, Study
from storage.db.queries.tasks import events_of
from storage.domain.readiness import ReadyTimes
from storage.domain.reading import Priority
from storage.domain.studies import StudyState
from tests.functional.queue import races
from tests.functional.queue.late_races import *  # noqa: F403
from tests.functional.queue.races import *  # noqa: F403
from tests.services.waiting import wait_until
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.racing import race, take_all


def test_twenty_readers_never_get_the_same_case(county: County):
    tasks = [county.task().id for _ in range(60)]
    url = county.database.engine.url.render_as_string(hide_password=False)
    readers = [(url, county.clock, races._READERS[n % 4]) for n in range(20)]
    taken = Counter(chain.from_iterable(race(take_all, readers)))
    assert taken == Counter(tasks)


def test_two_processes_that_make_the_task_of_one_study_make_one(county: County):
    study_id = county.study()
    with county.write() as work:
        work.session.execute(update(Study).values(state=StudyState.READY, ready_at=work.now))

    def make() -> int | None:
        with county.write() as work:
            task = service.ensure_task(work, work.session.get_one(Study, study_id))
            work.session.execute(text("SELECT 1"))  # the transaction that lost is still of use
            return task.id if task else None

    with ThreadPoolExecutor(1) as pool:
        with county.write() as first:
            assert service.ensure_task(first, first.session.get_one(Study, study_id)) is not None
            second = pool.submit(make)
            wait_until(lambda: _is_somebody_waiting(county), what="the second to wait for the first")
        assert second.result(30) is None
    with county.database.read() as work:
        assert work.session.execute(select(func.count(ReadingTask.id))).scalar_one() == 1


def _is_somebody_waiting(county: County) -> bool:
    with county.database.read() as work:
        return bool(work.session.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one())


def test_changes_of_class_and_late_images_never_wait_for_each_other(county: County):
    task = county.task()
    manager, rounds = county.actor("manager"), 40

    def change_class() -> None:
        for number in range(rounds):
            priority = (Priority.P1, Priority.P2)[number % 2]
            with county.write() as work:
                service.prioritise(work, task.id, manager, priority, "病情变化")

    def bring_images() -> None:
        for _ in range(rounds):
            county.late_image(task.study_id)
            with county.write() as work:
                service.open_ready_studies(work, ReadyTimes(idle=0))

    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(change_class), pool.submit(bring_images)]:
            job.result(60)
    with county.database.read() as work:
        events = events_of(work, task.id)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert sum(event.action == "prioritise" for event in events) == rounds
