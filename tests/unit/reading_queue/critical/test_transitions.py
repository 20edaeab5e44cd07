"""The table of critical cases, walked through by everybody from every state."""

from pathlib import Path

import pytest

from reading_queue.critical import caring
from reading_queue.critical.caring import Heard
from reading_queue.critical.stepping import allowed_actions, chain_faults
from reading_queue.critical.transitions import OPENING, TABLE, markdown, roles_for
from storage import audit
from storage.domain.critical import CaseAction, CaseState
from storage.domain.errors import Forbidden, Invalid, NotAllowedFromState
from storage.domain.reading import Role
from tests.unit.reading_queue.critical.cases import SYSTEM, WAYS, Cases, take

pytestmark = pytest.mark.thorough


_PEOPLE = {
    Role.CLINIC: "clinic01",
    Role.RADIOLOGIST: "radiologist",
    Role.AUDITOR: "auditor",
    Role.MANAGER: "manager",
    Role.ADMIN: "admin",
    Role.REGULATOR: "regulator",
}


@pytest.mark.parametrize("state", CaseState)
def test_every_action_from_every_state_by_everybody_is_as_the_table_says(cases: Cases, state: CaseState):
    actors = [SYSTEM, *(cases.county.actor(name) for name in _PEOPLE.values())]
    fresh: int | None = None
    for action in CaseAction:
        for actor in actors:
            case_id = fresh or WAYS[state](cases)
            before, fresh = cases.load(case_id), None
            step = OPENING if action == CaseAction.SUSPECT else TABLE.get((state, action))
            roles = step.roles if step else frozenset()
            may = step is not None and (step.by_system if actor.role is None else actor.role in roles)
            already = step is not None and step.source == step.target and before.heard_at is not None
            if may and not (action == CaseAction.ACKNOWLEDGE and already):
                take(cases, case_id, action, actor)
                if action != CaseAction.SUSPECT:
                    event = cases.events(case_id)[before.version]
                    assert (event.action, event.from_state, event.to_state) == (action, state, step.target)
            else:
                with pytest.raises((Forbidden, NotAllowedFromState)):
                    take(cases, case_id, action, actor)
                assert cases.load(case_id).version == before.version
                fresh = case_id
                assert len(cases.events(case_id)) == before.version


@pytest.mark.parametrize("state", CaseState)
def test_buttons_are_what_the_table_allows(cases: Cases, state: CaseState):
    case_id = WAYS[state](cases)
    case = cases.load(case_id)
    for name in _PEOPLE.values():
        actor = cases.county.actor(name)
        offered = set(allowed_actions(case, actor))
        wanted = {action for (source, action), step in TABLE.items() if source == state and actor.role in step.roles}
        if case.heard_at is not None:
            wanted.discard(CaseAction.ACKNOWLEDGE)
        assert offered == wanted
    assert allowed_actions(case, cases.county.actor("clinic02")) == []


def test_events_are_chained_and_on_the_audit_chain(cases: Cases):
    case_id = cases.closed()
    events = cases.events(case_id)
    assert chain_faults(events) == []
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    with cases.county.database.read() as work:
        assert audit.verify(work.session) == []
        links = work.session.query(audit.AuditEvent).filter_by(subject=f"critical:{case_id}").all()
    assert [link.detail["sha256"] for link in links] == [event.sha256 for event in events]
    with pytest.raises(Exception, match="append-only"), cases.county.database.write() as work:
        work.session.connection().exec_driver_sql("UPDATE critical_event SET content = 'nothing' WHERE seq = 2")
    events[1].content = "nothing"
    assert chain_faults(events) == [2]


def test_both_sides_are_on_record_with_names_times_content_and_method(cases: Cases):
    case_id = cases.acked()
    told, heard = cases.events(case_id)[2:4]
    assert (told.action, told.method, told.actor_name, told.other_side) == (
        "notify",
        "in_app",
        "radiologist 医师",
        "城关镇卫生院",
    )
    assert (told.content, told.happened_at) == (cases.load(case_id).finding, cases.county.clock.now())
    assert (heard.other_side, heard.detail) == (
        "radiologist 医师",
        {"receiver": "王护士", "notifier": "radiologist 医师"},
    )
    assert heard.content == "左侧脑出血，即送县医院"


def test_words_are_needed_where_the_table_says_so(cases: Cases):
    told, suspected = cases.told(), cases.suspected()
    with pytest.raises(Invalid, match="words"), cases.county.write("clinic01") as work:
        caring.acknowledge(work, told, cases.county.actor("clinic01"), Heard("王护士", " "))
    with pytest.raises(Invalid, match="words"), cases.county.write() as work:
        caring.false_alarm(work, suspected, cases.county.actor("auditor"), "")


def test_everybody_who_may_ever_act_is_known_to_the_interface():
    assert roles_for(CaseAction.CONFIRM) == {Role.RADIOLOGIST, Role.AUDITOR}
    assert Role.CLINIC in roles_for(CaseAction.ACKNOWLEDGE)
    assert roles_for(CaseAction.ESCALATE) == frozenset()


def test_the_documents_show_the_table():
    for name in ("critical-values.md", "critical-values.zh-CN.md"):
        assert markdown() in (Path(__file__).parents[4] / "docs" / name).read_text()
