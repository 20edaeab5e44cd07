"""What other service times would have made of the last 30 days."""

import copy

import pytest

from reading_queue import service
from reading_queue.effects import Effect, effect_of
from reading_queue.policies import parse_policy
from reading_queue.policy_content import SHIPPED_TIMES
from storage.domain.reading import Priority
from tests.unit.reading_queue.county import County

pytestmark = pytest.mark.thorough


def _effects(county: County, row: str, target: float, maximum: float, priority: str = "P1") -> dict[str, Effect]:
    content = copy.deepcopy(dict(SHIPPED_TIMES))
    content["targets"][priority][row] = {"target": target, "maximum": maximum}
    with county.database.read() as work:
        return {f"{one.priority} {one.modality}": one for one in effect_of(work, parse_policy(content))}


def _signed_after(county: County, minutes: int, modality: str = "DX", priority: Priority = Priority.P1) -> None:
    task = county.task(modality=modality, priority=priority)
    county.clock.advance(minutes=minutes)
    county.signed(task)


def test_stricter_times_make_late_what_was_on_time(county: County):
    for minutes in (4, 15, 25, 40):  # 20 / 30 now
        _signed_after(county, minutes)
    found = _effects(county, "XRAY", 10, 20)["P1 DX"]
    assert found.tasks == 4
    assert (found.present.on_time, found.present.late, found.present.breached) == (2, 1, 1)
    assert (found.proposed.on_time, found.proposed.late, found.proposed.breached) == (1, 1, 2)


def test_only_the_row_that_changed_changes(county: County):
    _signed_after(county, 15)
    _signed_after(county, 15, "US")
    found = _effects(county, "XRAY", 1, 2)
    assert found["P1 DX"].proposed.breached == 1
    assert found["P1 US"].proposed == found["P1 US"].present


def test_open_tasks_stand_where_they_stand_and_old_or_cancelled_ones_are_left_out(county: County):
    _signed_after(county, 15)
    county.clock.advance(days=31)
    waiting, cancelled = (
        county.task(modality="DX", priority=Priority.P1),
        county.task(modality="DX", priority=Priority.P1),
    )
    with county.write() as work:
        service.cancel(work, cancelled.id, county.actor("manager"), "重复")
    county.clock.advance(minutes=25)
    found = _effects(county, "XRAY", 30, 40)["P1 DX"]
    assert (found.tasks, found.present.late, found.proposed.on_time) == (1, 1, 1)
    assert county.reload(waiting).state == "queued"


def test_a_pause_is_left_out_as_it_was_left_out(county: County):
    task = county.task(modality="US", priority=Priority.P1)
    token = county.claim(task, "radiologist").token
    with county.write() as work:
        service.ask(work, task.id, county.actor("radiologist"), token, "病史？")
    county.clock.advance(hours=3)
    with county.write("clinic01") as work:
        service.answer(work, task.id, county.actor("clinic01"), "无")
    county.signed(task)
    assert _effects(county, "US", 5, 10)["P1 US"].proposed.on_time == 1


def test_working_hours_count_for_the_proposed_times_too(county: County):
    county.clock.advance(hours=8, minutes=15)  # a quarter of an hour before the centre closes
    task = county.task(modality="DX", priority=Priority.P2)
    county.clock.advance(hours=15)  # the next morning, 08:15
    county.signed(task)
    found = _effects(county, "XRAY", 29, 31, "P2")["P2 DX"]
    assert found.proposed.late + found.proposed.on_time == 1
    assert _effects(county, "XRAY", 5, 10, "P2")["P2 DX"].proposed.breached == 1
