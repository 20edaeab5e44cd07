"""Races for critical cases: one acknowledgement, every step of the ladder once, one case a finding."""

from collections import Counter

from storage.domain.critical import CaseState
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.critical.cases import Cases
from tests.unit.reading_queue.critical.racing import take_part
from tests.unit.reading_queue.racing import race

_CASES = 6
_RECEIVERS = ("王护士", "赵医生", "")


def test_two_acknowledgements_a_sweep_and_the_same_finding_from_three_sides(county: County):
    cases = Cases(county)
    told = [cases.told() for _ in range(_CASES)]
    studies = [county.task().study_id for _ in range(_CASES)]
    county.clock.advance(minutes=10)
    url = county.database.engine.url.render_as_string(hide_password=False)
    outcome = race(take_part, [(url, county.clock, receiver, told, studies) for receiver in _RECEIVERS])
    won, found = zip(*outcome, strict=True)
    assert sorted(won[0] + won[1]) == told
    for case_id in told:
        _acknowledged_once(cases, case_id, _RECEIVERS[0] if case_id in won[0] else _RECEIVERS[1])
    assert found[0] == found[1] == found[2]
    for case_id in found[0]:
        assert cases.actions(case_id) == ["suspect", "confirm", "notify"]


def _acknowledged_once(cases: Cases, case_id: int, receiver: str) -> None:
    events = cases.events(case_id)
    assert max(Counter((event.action, event.content) for event in events).values()) == 1
    assert [event.detail["receiver"] for event in events if event.action == "acknowledge"] == [receiver]
    assert (cases.load(case_id).state, events[-1].action) == (CaseState.ACKED, "acknowledge")
