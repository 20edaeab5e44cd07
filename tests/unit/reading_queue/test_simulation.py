"""The simulation: the same month again, nothing lost, nobody at two cases, nobody unqualified, and queues as theory has them."""

import math
from collections import Counter
from collections.abc import Mapping
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from reading_queue.assignment.cases import Work
from reading_queue.assignment.ranking import choose
from reading_queue.simulation import (
    PICKERS,
    Run,
    build,
    example_text,
    measure,
    parse_scenario,
    read_scenario,
    simulate,
)
from reading_queue.simulation import pickers as rules_of
from reading_queue.simulation.cases import Place
from reading_queue.simulation.chart import chart
from reading_queue.simulation.tables import report
from reading_queue.simulation.waiting import Waiting
from storage.domain.errors import Invalid, InvalidField
from storage.domain.reading import Priority

pytestmark = pytest.mark.thorough


DAY: Mapping[str, Any] = {"name": "day", "starts": time(0), "ends": time(0)}
EVERY_DAY = list(range(1, 8))


def small(**more: Any) -> dict[str, Any]:
    """Three days of a small centre with everything that can happen."""
    return {
        "first": date(2026, 3, 9),
        "days": 3,
        "clinics": {"t01": 2, "t02": 1},
        "exams": [
            {
                "name": "chest",
                "modality": "DX",
                "per_day": 90,
                "mix": {"P0": 0.03, "P1": 0.17, "P2": 0.5, "P3": 0.3},
                "reading": {"minutes": 4},
                "retakes": 0.1,
            },
            {"name": "ecg", "modality": "ECG", "per_day": 80, "reading": {"minutes": 2}},
        ],
        "readers": [
            {"name": "a", "licences": ["XRAY"], "audits": True},
            {"name": "b", "licences": ["XRAY"], "audits": True},
            {"name": "c", "licences": ["ECG"]},
            {"name": "d", "licences": ["XRAY", "ECG"]},
        ],
        "shifts": [
            {"name": "day", "starts": time(8), "ends": time(18)},
            {"name": "night", "starts": time(18), "ends": time(8), "priorities": ["P0", "P1"]},
            {"name": "on call", "starts": time(18), "ends": time(8), "on_call": True},
        ],
        "roster": [
            *({"reader": name, "shift": "day", "weekdays": EVERY_DAY} for name in "abc"),
            {"reader": "d", "shift": "night", "weekdays": EVERY_DAY},
            {"reader": "a", "shift": "on call", "weekdays": EVERY_DAY},
        ],
        "habits": {"questions": 0.05, "rejects": 0.1, "unreadable": 0.3, "break_after": 60},
        **more,
    }


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    world = build(parse_scenario(small()), seed=7)
    return {rule: simulate(world, rule) for rule in PICKERS}


@pytest.mark.parametrize("rule", PICKERS)
def test_the_same_seed_gives_the_same_run(runs: dict[str, Run], rule: str):
    again = simulate(build(parse_scenario(small()), seed=7), rule)
    assert again.stints == runs[rule].stints
    assert measure(again) == measure(runs[rule])
    assert simulate(build(parse_scenario(small()), seed=8), rule).stints != again.stints


@pytest.mark.parametrize("rule", PICKERS)
def test_every_arrival_ends_exactly_once(runs: dict[str, Run], rule: str):
    run = runs[rule]
    assert sorted(course.arrival.id for course in run.courses) == [one.id for one in run.world.arrivals]
    figures = measure(run)
    assert figures.cases == len(run.world.arrivals) > 300
    assert figures.unfinished == 0
    assert figures.signed + figures.unreadable == figures.cases
    assert figures.unreadable > 0
    read = Counter(stint.case for stint in run.stints if stint.work is Work.READ)
    for course in run.courses:
        arrival, again = course.arrival, course.retaken + course.asked + course.reworked
        assert read[arrival.id] == again + (course.place is Place.SIGNED) if course.place is Place.SIGNED else True
        assert course.ended_at is not None
        assert course.ended_at >= arrival.ready_at


@pytest.mark.parametrize("rule", PICKERS)
def test_nobody_has_two_cases_at_once_and_no_case_two_readers(runs: dict[str, Run], rule: str):
    for key in ("reader", "case"):
        spans: dict[int, list[Any]] = {}
        for stint in runs[rule].stints:
            spans.setdefault(getattr(stint, key), []).append((stint.starts, stint.ends))
        for own in spans.values():
            assert all(one[1] <= other[0] for one, other in pairwise(sorted(own)))


@pytest.mark.parametrize("rule", PICKERS)
def test_nobody_reads_without_licence_audits_himself_or_begins_off_his_shift(runs: dict[str, Run], rule: str):
    run = runs[rule]
    people = {person.id: person for person in run.world.people}
    courses = {course.arrival.id: course for course in run.courses}
    for stint in run.stints:
        person = people[stint.reader]
        assert stint.modality in (person.modalities or ())
        assert any(
            watch.starts <= stint.starts - call_out < watch.ends
            for watch in person.watches
            for call_out in (timedelta(), timedelta(minutes=run.world.habits.call_out))
        )
        if stint.work is Work.AUDIT:
            assert person.audits
            assert courses[stint.case].author != person.id


def test_a_month_is_the_same_for_every_rule(runs: dict[str, Run]):
    assert len({run.world.arrivals for run in runs.values()}) == 1
    assert len({sum(stint.ends == stint.starts for stint in run.stints) for run in runs.values()}) == 1


def one_kind(readers: int, per_day: float, reading: dict[str, Any]) -> dict[str, Any]:
    """A queue of the textbook: one kind of work at a constant rate, one signature, everybody always there."""
    names = [f"r{n}" for n in range(readers)]
    return {
        "first": date(2026, 3, 9),
        "days": 16,
        "exams": [
            {
                "name": "ecg",
                "modality": "ECG",
                "per_day": per_day,
                "day_off": 1,
                "reading": reading,
                "routine_hours": [1] * 24,
            }
        ],
        "readers": [{"name": name} for name in names],
        "shifts": [DAY],
        "roster": [{"reader": name, "shift": "day", "weekdays": EVERY_DAY} for name in names],
        "habits": {"questions": 0, "rejects": 0, "break_after": 0},
    }


def mean_wait(run: Run) -> float:
    """Minutes from ready to the first claim."""
    waits = [(course.first_claim or course.arrival.ready_at) - course.arrival.ready_at for course in run.courses]
    return sum(waits, timedelta()).total_seconds() / 60 / len(waits)


def test_exponential_service_waits_as_in_m_m_c():
    """Erlang C: two readers, four cases in ten minutes, three minutes each."""
    servers, arrival_rate, service = 2, 0.4, 3.0
    offered = arrival_rate * service
    busy = offered / servers
    last = offered**servers / math.factorial(servers) / (1 - busy)
    erlang_c = last / (sum(offered**k / math.factorial(k) for k in range(servers)) + last)
    expected = erlang_c * service / servers / (1 - busy)
    content = one_kind(servers, arrival_rate * 1440, {"minutes": service, "shape": "exponential"})
    run = simulate(build(parse_scenario(content), seed=2), "fifo")
    assert mean_wait(run) == pytest.approx(expected, rel=0.1)
    assert mean_wait(run) == pytest.approx(by_recursion(run, servers), rel=1e-6)


def by_recursion(run: Run, servers: int) -> float:
    """Kiefer and Wolfowitz: each case is begun by whoever is free first. In minutes."""
    free = [run.world.first] * servers
    waited = timedelta()
    for arrival in run.world.arrivals:
        begins = max(arrival.ready_at, min(free))
        waited += begins - arrival.ready_at
        free[free.index(min(free))] = begins + timedelta(minutes=arrival.read)
    return waited.total_seconds() / 60 / len(run.world.arrivals)


def test_log_normal_service_waits_as_in_m_g_1():
    """Pollaczek and Khinchine: one reader, log-normal times."""
    rate, median, spread = 0.25, 2.0, 0.6
    mean = median * math.exp(spread**2 / 2)
    second = median**2 * math.exp(2 * spread**2)
    expected = rate * second / 2 / (1 - rate * mean)
    content = one_kind(1, rate * 1440, {"minutes": median, "spread": spread})
    run = simulate(build(parse_scenario(content), seed=11), "fifo")
    assert mean_wait(run) == pytest.approx(expected, rel=0.12)


def test_the_short_list_loses_nothing_that_the_product_would_choose():
    """`next-case` looks at the first of every line alone; the whole queue gives the same case."""
    world = build(parse_scenario(small(days=1)), seed=5)
    asked = 0

    def both(world_: Any) -> rules_of.Picker:
        short = rules_of.next_case(world_)

        def pick(waiting: Waiting, reader: Any, readers: Any, now: Any) -> Any:
            nonlocal asked
            asked += len(waiting) > 3
            found = short(waiting, reader, readers, now)
            whole = choose(list(waiting._by_id.values()), reader, readers, now, world_.rules)
            assert found == (None if whole is None else whole.case)
            return found

        return pick

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PICKERS, "both", both)  # type: ignore[arg-type]
        simulate(world, "both")
    assert asked > 20


def test_free_picking_keeps_emergencies_waiting_and_next_case_does_not():
    """Not a promise about any county: in a busy centre the rule must make a difference in the right direction."""
    content = small(days=4)
    content["exams"][0] |= {"per_day": 230, "retakes": 0.0}
    late: Counter[str] = Counter()
    world = build(parse_scenario(content), 1)
    for rule in ("next-case", "free-picking"):
        line = measure(simulate(world, rule)).of_class("P1")
        assert line is not None
        late[rule] += line.late
    assert late["next-case"] < late["free-picking"]


def test_hours_that_nobody_covers_are_told():
    content = small()
    content["roster"] = [line for line in content["roster"] if line["shift"] == "day"]
    told = {
        (one.modality, one.classes): one.hours
        for one in measure(simulate(build(parse_scenario(content), 1), "fifo")).uncovered
    }
    assert told == {("DX", "P0/P1"): 42.0, ("ECG", "P0/P1"): 42.0}


def test_clocks_stand_still_for_retakes_and_run_by_the_product_s_policy():
    run = simulate(build(parse_scenario(small()), seed=7), "next-case")
    retaken = [course for course in run.courses if course.retaken and course.place is Place.SIGNED]
    assert retaken
    for course in retaken:
        assert course.paused > timedelta()
        assert course.clock.due_at > course.clock.started_at > course.arrival.ready_at
    urgent = next(course for course in run.courses if course.arrival.priority == Priority.P1 and not course.paused)
    assert urgent.clock.limit_at - urgent.arrival.ready_at == timedelta(minutes=30)


def test_what_is_said_is_whole(runs: dict[str, Run]):
    figures = {rule: [measure(run)] for rule, run in runs.items()}
    text = report(figures)
    for word in ("next-case", "free-picking", "P1", "waiting, fifo", "Readers, due-first"):
        assert word in text
    assert "The same by group" in report({"next-case": figures["next-case"]})
    drawing = ET.fromstring(chart(figures))
    assert drawing.tag.endswith("svg")
    one = figures["next-case"][0]
    assert sum(hour.arrived for hour in one.hours) * 3 == pytest.approx(one.cases)
    assert sum(reader.read for reader in one.readers) >= one.signed
    for reader in one.readers:
        assert reader.busy + reader.idle + reader.breaks - reader.overtime == pytest.approx(reader.on_shift, abs=2)


def test_the_example_is_a_scenario(tmp_path):
    path = tmp_path / "month.toml"
    path.write_text(example_text(), encoding="utf-8")
    scenario = read_scenario(path)
    assert len(build(scenario, 1).arrivals) > 25_000
    assert not list(measure(simulate(build(scenario.model_copy(update={"days": 1}), 1), "next-case")).uncovered)


@pytest.mark.parametrize(
    "change, field",
    [
        ({"days": 0}, "days"),
        ({"zone": "Mars"}, "content"),
        ({"roster": [{"reader": "nobody", "shift": "day", "weekdays": [1]}]}, "content"),
        ({"surprise": 1}, "surprise"),
        ({"clinics": {"t01": 0}}, "content"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_told_by_field(change: dict[str, Any], field: str):
    with pytest.raises(InvalidField) as refusal:
        parse_scenario(small(**change))
    assert refusal.value.field == field


def test_a_file_that_is_no_scenario_and_a_rule_that_there_is_not(tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text("first = yesterday", encoding="utf-8")
    with pytest.raises(Invalid, match="broken"):
        read_scenario(broken)
    with pytest.raises(Invalid, match="no rule"):
        simulate(build(parse_scenario(small(days=1)), 1), "best")
