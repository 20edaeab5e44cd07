"""What the interface offers is what the service does: no more, no less."""

import pytest

from reading_queue.service import allowed_actions
from reading_queue.transitions import TABLE
from storage.domain.errors import CountyReadError
from storage.domain.reading import Action, Role, TaskState
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.steps import Prepared, prepare, take

_USUAL = {
    Action.ASSIGN: "manager",
    Action.RETAKEN: "clinic01",
    Action.ANSWER: "clinic01",
    Action.DECLINE: "manager",
    Action.CANCEL: "manager",
    Action.RECEIPT: "clinic01",
    Action.AMEND: "auditor2",
    Action.WITHDRAW: "manager",
    Action.PRIORITISE: "manager",
}


def _actor_of(prepared: Prepared, action: Action) -> str:
    if action == Action.CLAIM:
        return "auditor" if prepared.task.state in (TaskState.DRAFTED, TaskState.AUDITING) else "radiologist"
    return _USUAL.get(action, prepared.holder)


@pytest.mark.parametrize("state", TaskState)
def test_offered_is_allowed(county: County, state: TaskState):
    by_people = [action for action in Action if any(s.roles for (_, a), s in TABLE.items() if a == action)]
    for action in by_people:
        prepared = prepare(county, state)
        actor = county.actor(_actor_of(prepared, action))
        offered = action in allowed_actions(prepared.task, actor, county.clock.now())
        try:
            take(prepared, action)
        except CountyReadError:
            assert not offered, f"{action} from {state} is offered and refused"
        else:
            assert offered, f"{action} from {state} is allowed and not offered"


@pytest.mark.parametrize("username", ["regulator", "admin"])
@pytest.mark.parametrize("state", [TaskState.QUEUED, TaskState.READING, TaskState.SIGNED])
def test_onlookers_are_offered_nothing(county: County, state: TaskState, username: str):
    assert allowed_actions(prepare(county, state).task, county.actor(username), county.clock.now()) == []


def test_a_clinic_is_offered_nothing_on_anothers_task(county: County):
    task = prepare(county, TaskState.INFO_WAIT).task
    now = county.clock.now()
    assert "answer" in allowed_actions(task, county.actor("clinic01"), now)
    assert allowed_actions(task, county.actor("clinic02"), now) == []


def test_the_author_is_not_offered_his_own_draft(county: County):
    task = county.task()
    county.drafted(task, author="auditor")
    task, now = county.reload(task), county.clock.now()
    assert "claim" not in allowed_actions(task, county.actor("auditor"), now)
    assert "claim" in allowed_actions(task, county.actor("auditor2"), now)


def test_a_case_whose_lease_ran_out_is_offered_again(county: County):
    task = county.task()
    county.claim(task, "radiologist")
    task = county.reload(task)
    assert "claim" not in allowed_actions(task, county.actor("radiologist2"), county.clock.now())
    county.clock.advance(minutes=10)
    assert "claim" in allowed_actions(task, county.actor("radiologist2"), county.clock.now())
    assert "submit" in allowed_actions(task, county.actor("radiologist"), county.clock.now()), "the grace"


def test_signing_while_reading_is_offered_for_ecgs_alone(county: County):
    now = county.clock.now()
    for modality, offered in (("ECG", True), ("CT", False)):
        task = county.task(modality=modality)
        county.claim(task, "radiologist")
        assert ("sign" in allowed_actions(county.reload(task), county.actor("radiologist"), now)) == offered


def test_every_role_of_the_table_is_a_role():
    assert {role for step in TABLE.values() for role in step.roles} <= set(Role)
