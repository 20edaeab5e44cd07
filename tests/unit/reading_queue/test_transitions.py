"""The state machine, pair by pair, as the table has it."""

from itertools import pairwise
from pathlib import Path

import pytest

from reading_queue.transitions import (
    HELD_STATES,
    ISSUED_STATES,
    OPEN_STATES,
    TABLE,
    WAITING_STATES,
    markdown,
    steps_from,
)
from storage.db.queries.tasks import events_of
from storage.domain.errors import CountyReadError
from storage.domain.reading import CLOSED_STATES, Action, Role, TaskState
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.steps import Prepared, is_beside_the_table, prepare, take

pytestmark = pytest.mark.thorough


_DOCS = Path(__file__).parents[3] / "docs" / "workflow.md"


def _events(prepared: Prepared) -> int:
    with prepared.county.database.read() as work:
        return len(events_of(work, prepared.id))


def _row(prepared: Prepared) -> dict[str, object]:
    task = prepared.county.reload(prepared.task)
    return {column.name: getattr(task, column.name) for column in task.__table__.columns}


@pytest.mark.parametrize("state", TaskState)
def test_what_is_not_in_the_table_is_refused_and_leaves_no_trace(county: County, state: TaskState):
    prepared = prepare(county, state)
    before, events = _row(prepared), _events(prepared)
    outside = [action for action in Action if (state, action) not in TABLE]
    for action in (action for action in outside if not is_beside_the_table(state, action)):
        with pytest.raises(CountyReadError):
            take(prepared, action)
        assert (_row(prepared), _events(prepared)) == (before, events), f"{action} from {state} left a trace"


@pytest.mark.parametrize("state", [state for state in TaskState if steps_from(state)])
def test_every_step_of_the_table_leads_where_it_says(county: County, state: TaskState):
    for step in (step for step in steps_from(state) if not is_beside_the_table(state, step.action)):
        action, prepared = step.action, prepare(county, state)
        before, events = _row(prepared), _events(prepared)
        take(prepared, action)
        after = _row(prepared)
        assert after["state"] in step.targets, f"{action} from {state}"
        assert _events(prepared) == events + step.recorded, f"{action} from {state}"
        assert after["version"] == before["version"] + step.recorded
        assert (after["lease_token"] is not None) == (after["state"] in HELD_STATES), f"{action} from {state}"
        if step.target != TaskState.CANCELLED:
            stands_still = (*WAITING_STATES, TaskState.RECON_HOLD)
            assert (after["paused_since"] is not None) == (after["state"] in stands_still), f"{action} from {state}"


def test_events_number_every_step_without_a_gap(county: County):
    prepared = prepare(county, TaskState.DELIVERED)
    with county.database.read() as work:
        events = events_of(work, prepared.id)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert all(before.to_state == after.from_state for before, after in pairwise(events))
    assert events[-1].to_state == TaskState.DELIVERED


def test_every_open_state_has_a_way_on_and_a_way_out():
    for state in OPEN_STATES:
        targets = {step.target for step in TABLE.values() if step.source == state}
        assert targets - {state}
        assert (state, Action.CANCEL) in TABLE


def test_nothing_leaves_cancelled_declined_or_an_independent_reading():
    ends = (TaskState.CANCELLED, TaskState.DECLINED, TaskState.READ)
    assert {step.targets for step in TABLE.values() if step.source in ends} == {(end,) for end in ends[:2]}


def test_a_signed_report_never_opens_its_task_again():
    assert all(set(step.targets) <= set(CLOSED_STATES) for step in TABLE.values() if step.source in ISSUED_STATES)


def test_writes_in_hand_need_the_lease():
    in_hand = {Action.SUBMIT, Action.SIGN, Action.REJECT, Action.RETURN, Action.ASK, Action.HEARTBEAT}
    in_hand |= {Action.PRELIMINARY, Action.CONSULT}
    assert all(step.needs_lease for step in TABLE.values() if step.action in in_hand)


def test_regulators_and_administrators_take_no_step():
    assert not [step for step in TABLE.values() if step.roles & {Role.REGULATOR, Role.ADMIN}]


def test_the_users_guide_has_the_table():
    text = _DOCS.read_text(encoding="utf-8")
    assert markdown() in text, "run python -m reading_queue.transitions and put its output into docs/workflow.md"
