"""Eight processes on one SQLite file: nobody gets what another has, nothing is numbered twice."""

from collections import Counter
from itertools import chain, pairwise

from sqlalchemy import func, select

from storage.db.models import ReaderWork, ReadingTask, Receipt, ReportVersion, Result
from storage.db.queries.results import numbering_faults
from storage.db.queries.tasks import events_of
from storage.domain.reading import TaskState
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.racing import (
    amend_or_confirm,
    claim_each,
    open_all,
    race,
    sign_each,
    sign_one,
    take_all,
    take_planned,
)

PROCESSES = 8
TASKS = 40
_READERS = ["radiologist", "radiologist2", "auditor", "auditor2"]


def _url(county: County) -> str:
    return county.database.engine.url.render_as_string(hide_password=False)


def _tasks(county: County, number: int, **study: str) -> list[int]:
    return [county.task(**study).id for _ in range(number)]


def test_next_never_gives_one_case_to_two(county: County):
    tasks = _tasks(county, TASKS)
    readers = [(_url(county), county.clock, _READERS[n % len(_READERS)]) for n in range(PROCESSES)]
    taken = Counter(chain.from_iterable(race(take_all, readers)))
    assert taken == Counter(tasks)


def test_what_is_chosen_without_a_lock_is_taken_by_one(county: County):
    """Readings, drafts, emergencies; and what each reader was counted for is what he has."""
    tasks = [*_tasks(county, 12), *_tasks(county, 6, priority="P1"), *_tasks(county, 2, priority="P0", modality="ECG")]
    for task_id in tasks[:6]:
        county.drafted(_by_id(county, task_id), author="radiologist")
    readers = [(_url(county), county.clock, _READERS[n % len(_READERS)]) for n in range(PROCESSES)]
    taken = Counter(chain.from_iterable(race(take_planned, readers)))
    assert taken == Counter(tasks)
    with county.database.read() as work:
        assert work.session.execute(select(func.sum(ReaderWork.cases))).scalar_one() == len(tasks) + 6


def test_of_many_who_claim_one_case_one_gets_it(county: County):
    tasks = _tasks(county, 10)
    readers = [(_url(county), county.clock, _READERS[n % len(_READERS)], tasks) for n in range(PROCESSES)]
    taken = Counter(chain.from_iterable(race(claim_each, readers)))
    assert taken == Counter(tasks)


def test_results_have_no_gap_although_signatures_race_and_fail(county: County):
    leases = [
        (task_id, county.claim(_by_id(county, task_id), "ecg").token) for task_id in _tasks(county, 24, modality="ECG")
    ]
    signers = [(_url(county), county.clock, leases[n::4]) for n in range(4)]
    assert sum(race(sign_each, signers)) == len(leases)
    with county.database.read() as work:
        numbers = list(work.session.execute(select(Result.seq).order_by(Result.seq)).scalars())
        assert numbers == list(range(1, len(leases) + 1))
        assert numbering_faults(work) == []


def test_a_study_gets_one_task_however_many_look(county: County):
    studies = [county.study() for _ in range(15)]
    county.clock.advance(seconds=10)
    opened = Counter(chain.from_iterable(race(open_all, [(_url(county), county.clock)] * PROCESSES)))
    assert opened == Counter(studies)
    with county.database.read() as work:
        assert work.session.execute(select(func.count(ReadingTask.id))).scalar_one() == len(studies)


def test_signing_twice_at_once_signs_once_and_later_versions_and_receipts_keep_the_order(county: County):
    [task_id] = _tasks(county, 1, modality="ECG")
    token = county.claim(_by_id(county, task_id), "ecg").token
    signed = race(sign_one, [(_url(county), county.clock, "ecg", task_id, token)] * 2)
    assert len(set(signed)) == 1
    people = ["auditor", "auditor2", "clinic01"]
    assert sum(race(amend_or_confirm, [(_url(county), county.clock, name, task_id) for name in people])) == 9
    with county.database.read() as work:
        versions = work.session.execute(select(ReportVersion).order_by(ReportVersion.version)).scalars().all()
        receipts = work.session.execute(select(func.count(Receipt.id))).scalar_one()
        assert numbering_faults(work) == []
        events = [event.seq for event in events_of(work, task_id)]
    assert [version.version for version in versions] == list(range(1, 8))
    assert all(later.previous_sha256 == before.sha256 for before, later in pairwise(versions))
    assert receipts == 1
    assert events == list(range(1, len(events) + 1))


def _by_id(county: County, task_id: int) -> ReadingTask:
    with county.database.read() as work:
        task = work.session.execute(select(ReadingTask).where(ReadingTask.id == task_id)).scalar_one()
    assert task.state == TaskState.QUEUED
    return task
