"""The worklist and the clinic's results, as lists."""

import pytest

from reading_queue import service
from storage.db.models import ReadingTask
from storage.db.queries.results import get_result, latest_seq, results_after
from storage.db.queries.tasks import TaskFilter, get_task, list_tasks
from storage.db.session import Scope
from storage.domain.errors import Invalid, NotFound
from storage.domain.reading import Priority, TaskState
from tests.unit.reading_queue.county import County

pytestmark = pytest.mark.thorough


def _ids(county: County, task_filter: TaskFilter, scope: Scope = Scope()) -> list[int]:  # noqa: B008 - frozen
    with county.database.read(scope) as work:
        return [task.id for task in list_tasks(work, task_filter).items]


def test_open_tasks_due_first(county: County):
    routine, emergency = county.task(), county.task(priority=Priority.P1)
    closed = county.signed(county.task())
    assert _ids(county, TaskFilter()) == [emergency.id, routine.id]
    assert _ids(county, TaskFilter(open_only=False)) == [emergency.id, routine.id, closed.id]
    assert _ids(county, TaskFilter(states=(TaskState.SIGNED,))) == [closed.id]


def test_filters_narrow(county: County):
    ct, ecg, other = county.task(), county.task(modality="ECG"), county.task(code="t02", priority=Priority.P0)
    assert _ids(county, TaskFilter(modalities=("ECG",))) == [ecg.id]
    assert _ids(county, TaskFilter(institution="t02")) == [other.id]
    assert _ids(county, TaskFilter(priorities=(Priority.P0,))) == [other.id]
    assert _ids(county, TaskFilter(institution="t01", modalities=("CT",))) == [ct.id]


def test_text_is_looked_for_in_names_and_numbers(county: County):
    first, second = county.task(), county.task()
    assert _ids(county, TaskFilter(text="张")) == [first.id, second.id]
    assert _ids(county, TaskFilter(text="p2")) == [second.id]
    assert _ids(county, TaskFilter(text="A1")) == [first.id]
    with county.database.read() as work:
        uid = get_task(work, second.id).study.study_instance_uid
    assert _ids(county, TaskFilter(text=uid)) == [second.id]
    assert _ids(county, TaskFilter(text="%")) == []
    assert _ids(county, TaskFilter(text="_")) == []


def test_mine_is_what_i_have_in_hand_and_what_waits_for_me(county: County):
    held, asked, rework, _others = (county.task() for _ in range(4))
    county.claim(held, "radiologist")
    token = county.claim(asked, "radiologist").token
    county.drafted(rework)
    audit = county.claim(rework, "auditor").token
    with county.write() as work:
        service.ask(work, asked.id, county.actor("radiologist"), token, "有无外伤史？")
        service.reject(work, rework.id, county.actor("auditor"), audit, "描述不全")
    assert _ids(county, TaskFilter(mine=county.actor("radiologist").user_id)) == [held.id, asked.id, rework.id]
    assert _ids(county, TaskFilter(mine=county.actor("radiologist2").user_id)) == []


def test_pages_go_on_where_the_last_one_ended(county: County):
    expected = [county.task().id for _ in range(7)]
    seen, cursor = [], None
    while True:
        with county.database.read() as work:
            page = list_tasks(work, TaskFilter(), limit=3, cursor=cursor)
        seen += [task.id for task in page.items]
        cursor = page.next
        if cursor is None:
            break
        county.task(modality="ECG", priority=Priority.P0)  # comes before, and must not shift the pages
    assert seen == expected


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WyJhIiwgMV0", "WyIyMDI2LTAxLTAxIiwgMV0", "é"])
def test_a_cursor_that_no_list_gave_is_refused(county: County, cursor: str):
    with county.database.read() as work, pytest.raises(Invalid):
        list_tasks(work, TaskFilter(), cursor=cursor)


def test_a_clinic_sees_its_own_alone(county: County):
    own, other = county.task(code="t01"), county.task(code="t02")
    scope = Scope(county.actor("clinic01").institution_id)
    assert _ids(county, TaskFilter(), scope) == [own.id]
    with county.database.read(scope) as work, pytest.raises(NotFound):
        get_task(work, other.id)


def test_a_line_needs_no_further_query(county: County):
    task = county.task()
    county.claim(task, "radiologist")
    with county.database.read() as work:
        line = get_task(work, task.id)
    assert (line.study.patient.name, line.institution.code) == ("张^三", "t01")
    assert line.reader is not None
    assert line.reader.institution.code == "county"


def _sign_three(county: County) -> list[ReadingTask]:
    return [county.signed(county.task()) for _ in range(3)]


def test_results_after_a_number_in_order(county: County):
    tasks = _sign_three(county)
    institution_id = tasks[0].institution_id
    with county.database.read() as work:
        later = results_after(work, institution_id, after=1)
        assert [(result.seq, result.task_id) for result in later] == [(2, tasks[1].id), (3, tasks[2].id)]
        assert [result.seq for result in results_after(work, institution_id, limit=2)] == [1, 2]
        assert latest_seq(work, institution_id) == 3
        assert get_result(work, institution_id, 2).report_version.report.task_id == tasks[1].id
        assert later[0].receipt is None
        with pytest.raises(NotFound):
            get_result(work, institution_id, 4)
    assert later[0].study.patient.patient_id == "P2"


def test_results_of_nobody_are_none(county: County):
    with county.database.read() as work:
        assert results_after(work, 4711) == []
        assert latest_seq(work, 4711) == 0
