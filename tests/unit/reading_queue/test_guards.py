"""What the interface offers is what the service does: no more, no less."""

import pytest

from reading_queue.service import Actor, allowed_actions
from reading_queue.transitions import TABLE
from storage.db.models import ReadingTask
from storage.domain.errors import CountyReadError
from storage.domain.reading import Action, Role, TaskState
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.steps import Prepared, is_beside_the_table, prepare, take

pytestmark = pytest.mark.thorough


_USUAL = {
    Action.ASSIGN: "manager",
    Action.RETAKEN: "clinic01",
    Action.ANSWER: "clinic01",
    Action.DECLINE: "manager",
    Action.CANCEL: "manager",
    Action.RECEIPT: "clinic01",
    Action.RECONCILE: "manager",
    Action.RECALL: "manager",
    Action.OPINION: "consultant",
    Action.DECLINE_CONSULT: "consultant",
    Action.REREAD: "manager",
    Action.AMEND: "auditor2",
    Action.WITHDRAW: "manager",
    Action.PRIORITISE: "manager",
}


def _offered(county: County, task: ReadingTask, actor: Actor) -> list[str]:
    with county.database.read() as work:
        return allowed_actions(work, work.session.get_one(ReadingTask, task.id), actor)


def _actor_of(prepared: Prepared, action: Action) -> str:
    if action == Action.CLAIM:
        return "auditor" if prepared.task.state in (TaskState.DRAFTED, TaskState.AUDITING) else "radiologist"
    return _USUAL.get(action, prepared.holder)


@pytest.mark.parametrize("state", TaskState)
def test_offered_is_allowed(county: County, state: TaskState):
    by_people = [action for action in Action if any(s.roles for (_, a), s in TABLE.items() if a == action)]
    for action in (action for action in by_people if not is_beside_the_table(state, action)):
        prepared = prepare(county, state)
        actor = county.actor(_actor_of(prepared, action))
        offered = action in _offered(county, prepared.task, actor)
        try:
            take(prepared, action)
        except CountyReadError:
            assert not offered, f"{action} from {state} is offered and refused"
        else:
            assert offered, f"{action} from {state} is allowed and not offered"


@pytest.mark.parametrize("username", ["regulator", "admin", "consultant"])
@pytest.mark.parametrize("state", [TaskState.QUEUED, TaskState.CONSULT, TaskState.SIGNED])
def test_onlookers_are_offered_nothing(county: County, state: TaskState, username: str):
    assert _offered(county, prepare(county, state).task, county.actor(username)) == []


def test_a_clinic_is_offered_nothing_on_anothers_task(county: County):
    task = prepare(county, TaskState.INFO_WAIT).task
    assert "answer" in _offered(county, task, county.actor("clinic01"))
    assert _offered(county, task, county.actor("clinic02")) == []


def test_the_author_is_not_offered_his_own_draft(county: County):
    task = county.task()
    county.drafted(task, author="auditor")
    task = county.reload(task)
    assert "claim" not in _offered(county, task, county.actor("auditor"))
    assert "claim" in _offered(county, task, county.actor("auditor2"))


def test_a_case_whose_lease_ran_out_is_offered_again(county: County):
    task = county.task()
    county.claim(task, "radiologist")
    task = county.reload(task)
    assert "claim" not in _offered(county, task, county.actor("radiologist2"))
    county.clock.advance(minutes=10)
    assert "claim" in _offered(county, task, county.actor("radiologist2"))
    assert "submit" in _offered(county, task, county.actor("radiologist")), "the grace"


def test_signing_while_reading_is_offered_for_ecgs_alone(county: County):
    for modality, offered in (("ECG", True), ("CT", False)):
        task = county.task(modality=modality)
        county.claim(task, "radiologist")
        assert ("sign" in _offered(county, county.reload(task), county.actor("radiologist"))) == offered


def test_every_role_of_the_table_is_a_role():
    assert {role for step in TABLE.values() for role in step.roles} <= set(Role)
