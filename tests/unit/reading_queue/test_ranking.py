"""Who gets the next case, as a pure choice (workflow rules, sections 1.8, 3 and 4)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reading_queue.assignment.cases import Case, Choice, Owed, Reader, Rule, Work
from reading_queue.assignment.explaining import explain
from reading_queue.assignment.ranking import choose
from reading_queue.assignment.rules import SHIPPED, parse
from storage.domain.reading import Priority
from storage.domain.rosters import Licence
from tests.unit.reading_queue.county import MONDAY_MORNING as NOW

pytestmark = pytest.mark.thorough


RULES = parse(SHIPPED)
MODALITIES = ("CT", "DX", "ECG", "MR", "US")
ME = 1
_LONG_AGO = NOW.date() - timedelta(days=900)


def case(number: int = 1, *, due: float = 60, **values: object) -> Case:
    """A routine CT that is due in `due` minutes and has waited for long."""
    plain = Case(number, Work.READ, Priority.P2, "CT", NOW + timedelta(minutes=due), NOW - timedelta(hours=1), 3.2, 10)
    return replace(plain, patient=1000 + number, **values)


def chosen(cases: list[Case], reader: Reader, *others: Reader, rules: object = RULES) -> int | None:
    """The number of the case that the reader is given."""
    choice = choose(cases, reader, [reader, *others], NOW, rules)  # type: ignore[arg-type]
    return choice.case.id if choice else None


_people = st.integers(min_value=1, max_value=4)
_licences = st.none() | st.lists(
    st.builds(
        Licence,
        modality=st.sampled_from([*MODALITIES, "CT_MR", "XRAY"]),
        subspecialty=st.sampled_from(["", "neuro"]),
        may_audit=st.booleans(),
        valid_from=st.just(_LONG_AGO),
        valid_until=st.none(),
    ),
    max_size=3,
).map(tuple)
_cases = st.lists(
    st.builds(
        Case,
        id=st.integers(min_value=1, max_value=10_000),
        work=st.sampled_from(Work),
        priority=st.sampled_from(Priority),
        modality=st.sampled_from(MODALITIES),
        due_at=st.integers(min_value=-300, max_value=900).map(lambda minutes: NOW + timedelta(minutes=minutes)),
        waiting_since=st.integers(min_value=0, max_value=600).map(lambda seconds: NOW - timedelta(seconds=seconds)),
        rvu=st.floats(min_value=0.2, max_value=6),
        minutes=st.floats(min_value=1, max_value=20),
        patient=st.integers(min_value=1, max_value=4),
        subspecialty=st.sampled_from(["", "neuro"]),
        author=st.none() | _people,
        kept_for=st.none() | _people,
        prior_reader=st.none() | _people,
        open_to_all=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


def _reader(number: int) -> st.SearchStrategy[Reader]:
    return st.builds(
        Reader,
        id=st.just(number),
        audits=st.booleans(),
        modalities=st.none() | st.frozensets(st.sampled_from(MODALITIES)),
        licences=_licences,
        on_duty=st.booleans(),
        shift_modalities=st.none() | st.frozensets(st.sampled_from(MODALITIES)),
        shift_priorities=st.none() | st.frozensets(st.sampled_from(Priority)),
        subspecialties=st.frozensets(st.sampled_from(["neuro", "msk"])),
        present=st.booleans(),
        in_hand=st.integers(min_value=0, max_value=3),
        minutes_in_hand=st.floats(min_value=0, max_value=40),
        read_rvu=st.floats(min_value=0, max_value=60),
        audit_rvu=st.floats(min_value=0, max_value=60),
        carried_rvu=st.floats(min_value=-20, max_value=20),
        share=st.sampled_from([0.0, 0.5, 1.0]),
        last_patient=st.none() | st.integers(min_value=1, max_value=4),
        given_back=st.frozensets(st.integers(min_value=1, max_value=10_000), max_size=2),
    )


_others = st.tuples(*(_reader(number) for number in (2, 3, 4)))


def _may_read(reader: Reader, one: Case) -> bool:
    audit = one.work is Work.AUDIT
    if reader.licences is not None:
        return any(held.covers(one.modality, one.subspecialty, audit=audit) for held in reader.licences)
    return reader.modalities is None or one.modality in reader.modalities


@settings(max_examples=150, deadline=None)
@given(_cases, _reader(ME), _others)
def test_nobody_gets_what_he_must_not_have(cases: list[Case], me: Reader, others: tuple[Reader, ...]) -> None:
    choice = choose(cases, me, [me, *others], NOW, RULES)
    if choice is None:
        return
    one = choice.case
    assert one.kept_for in (None, ME)
    assert _may_read(me, one)
    assert one.work is Work.READ or (me.audits and one.author != ME)
    covers = me.shift_modalities is None or one.modality in me.shift_modalities
    on_shift = me.on_duty and covers and (me.shift_priorities is None or one.priority in me.shift_priorities)
    assert on_shift or one.open_to_all or one.owed or one.priority in (Priority.P0, Priority.P1)


@settings(max_examples=150, deadline=None)
@given(_cases, _reader(ME), _others)
def test_the_green_channel_comes_before_emergencies_and_these_before_the_rest(
    cases: list[Case], me: Reader, others: tuple[Reader, ...]
) -> None:
    # A colleague who has less in hand may get an urgent case first, and what was given back comes last: not here.
    idle = replace(me, minutes_in_hand=0.0, given_back=frozenset())
    choice = choose(cases, idle, others, NOW, RULES)
    alone = [one for one in cases if choose([one], idle, others, NOW, RULES)]
    assert (choice is None) == (not alone)
    if choice is not None:
        order = {Priority.P0: 0, Priority.P1: 1}
        assert order.get(choice.case.priority, 2) == min(order.get(one.priority, 2) for one in alone)


@settings(max_examples=150, deadline=None)
@given(_cases, _reader(ME), _others)
def test_the_choice_does_not_depend_on_the_order_of_cases_or_readers(
    cases: list[Case], me: Reader, others: tuple[Reader, ...]
) -> None:
    first = choose(cases, me, others, NOW, RULES)
    assert choose(cases[::-1], me, [*others[::-1], me], NOW, RULES) == first


@settings(max_examples=100, deadline=None)
@given(_cases, _reader(ME), _others)
def test_every_choice_is_explained_in_both_languages(cases: list[Case], me: Reader, others: tuple[Reader, ...]) -> None:
    choice = choose(cases, me, others, NOW, RULES)
    if choice is None:
        return
    for language in ("zh", "en"):
        words = " ".join(explain({"asked": "next", "edition": 0, **choice.why}, language))
        for told in (choice.case.priority, choice.case.modality, f"{choice.case.minutes:g}"):
            assert told in words
        assert str(choice.case.patient) not in choice.why


def _why(choice: Choice | None) -> dict[str, object]:
    assert choice is not None
    return dict(choice.why)


def test_an_urgent_case_goes_to_whoever_has_least_in_hand() -> None:
    urgent = case(1, priority=Priority.P1, waiting_since=NOW)
    busy, idle = Reader(ME, in_hand=1, minutes_in_hand=6), Reader(2)
    assert chosen([urgent, case(2)], busy, idle) == 2
    assert chosen([urgent, case(2)], idle, busy) == 1


def test_an_urgent_case_is_not_left_to_one_who_is_away_cannot_read_it_or_has_as_much_in_hand() -> None:
    urgent = case(1, priority=Priority.P1, waiting_since=NOW)
    busy = Reader(ME, in_hand=1, minutes_in_hand=6)
    for other in (
        Reader(2, present=False),
        Reader(2, modalities=frozenset({"ECG"})),
        Reader(2, shift_modalities=frozenset({"ECG"})),
        Reader(2, on_duty=False),
        Reader(2, in_hand=1, minutes_in_hand=6),
    ):
        assert chosen([urgent, case(2)], busy, other) == 1


def test_an_urgent_case_is_left_for_a_minute_and_only_while_there_is_something_else() -> None:
    fresh, old = case(1, priority=Priority.P0, waiting_since=NOW), case(1, priority=Priority.P0)
    busy, idle = Reader(ME, in_hand=2, minutes_in_hand=20), Reader(2)
    assert chosen([fresh], busy, idle) == 1
    assert chosen([old, case(2)], busy, idle) == 1


def test_of_urgent_cases_the_one_that_must_be_begun_first_comes_first() -> None:
    short = case(1, due=30, priority=Priority.P1, minutes=2)
    long = case(2, due=35, priority=Priority.P1, minutes=15)
    assert chosen([short, long], Reader(ME)) == 2


def test_who_owes_work_gets_the_heavier_case_and_who_is_ahead_the_lighter() -> None:
    light, heavy = case(1, due=60, rvu=1, minutes=3), case(2, due=75, rvu=4.4, minutes=3)
    behind, ahead = Reader(ME, read_rvu=0), Reader(2, read_rvu=40)
    assert chosen([light, heavy], behind, ahead) == 2
    assert chosen([light, heavy], ahead, behind) == 1
    assert chosen([light, heavy], Reader(ME, read_rvu=20, carried_rvu=20), Reader(2, read_rvu=20)) == 2


def test_a_deficit_is_repaid_by_work() -> None:
    others = [Reader(2, read_rvu=20), Reader(3, read_rvu=20)]
    owed = []
    for done in (0.0, 10.0, 30.0):
        me = Reader(ME, read_rvu=done, carried_rvu=10)
        owed.append(_why(choose([case()], me, others, NOW, RULES))["owed_rvu"])
    assert owed == sorted(owed, reverse=True)
    assert owed[-1] <= 10


def test_half_a_share_owes_half_the_work() -> None:
    why = _why(choose([case()], Reader(ME, share=0.5, read_rvu=10), [Reader(2, read_rvu=20)], NOW, RULES))
    assert why["part_rvu"] == 10
    assert why["owed_rvu"] == 0


def test_the_reader_of_the_prior_is_preferred() -> None:
    soon, known = case(1, due=60), case(2, due=80, prior_reader=ME)
    assert chosen([soon, known], Reader(ME), Reader(2)) == 2
    assert chosen([soon, replace(known, due_at=NOW + timedelta(minutes=80))], Reader(2), Reader(ME)) == 1
    # He is not there: nobody waits for him.
    earlier = replace(known, due_at=NOW + timedelta(minutes=50))
    assert chosen([soon, earlier], Reader(2), Reader(ME, present=False)) == 2
    assert chosen([soon, earlier], Reader(2), Reader(ME)) == 1


def test_preferences_are_bounded_so_that_nothing_waits_for_ever() -> None:
    late = case(1, due=-600)
    dear = case(2, due=0, prior_reader=ME, rvu=6, subspecialty="neuro")
    assert chosen([late, dear], Reader(ME, carried_rvu=20, subspecialties=frozenset({"neuro"}))) == 1


def test_the_same_patients_other_study_comes_next_but_never_before_an_urgent_case() -> None:
    other, urgent = case(1, due=5), case(3, due=500, priority=Priority.P1)
    same = replace(case(2, due=600), patient=77)
    me = Reader(ME, last_patient=77)
    assert chosen([other, same], me) == 2
    assert chosen([other, same, urgent], me) == 3
    assert _why(choose([same], me, [], NOW, RULES))["rule"] == Rule.SAME_PATIENT


def test_what_is_kept_for_a_reader_comes_first_in_its_class() -> None:
    mine = case(1, due=500, kept_for=ME, owed=Owed.REWORK, author=ME)
    assert chosen([case(2, due=5), mine], Reader(ME)) == 1
    assert chosen([case(2, due=5), mine], Reader(2)) == 2
    assert chosen([case(2, priority=Priority.P1), mine], Reader(ME)) == 2


def test_an_auditor_gets_drafts_first_and_readings_once_he_has_audited_his_share() -> None:
    reading, draft = case(1, due=60), case(2, due=60, work=Work.AUDIT, author=9, rvu=1.3, minutes=4)
    assert chosen([reading, draft], Reader(ME, audits=True)) == 2
    rules = parse({**SHIPPED, "figures": {"audit_first_minutes": 0, "audit_share_percent": 30}})
    assert chosen([reading, draft], Reader(ME, audits=True, audit_rvu=30), rules=rules) == 1
    assert chosen([reading, draft], Reader(ME, audits=True, read_rvu=30), rules=rules) == 2


def test_what_he_gave_back_lately_comes_last() -> None:
    given_back = case(1, priority=Priority.P0)
    me = Reader(ME, given_back=frozenset({1}))
    assert chosen([given_back, case(2)], me) == 2
    assert chosen([given_back], me) == 1


def test_off_duty_a_reader_gets_what_is_open_to_all_and_urgent_cases_that_nobody_is_there_for() -> None:
    off, on = Reader(ME, on_duty=False), Reader(2)
    routine, urgent = case(1), case(2, priority=Priority.P1)
    assert chosen([routine, urgent], off, on) is None
    assert chosen([routine, urgent], off) == 2
    assert chosen([routine, urgent], off, Reader(2, modalities=frozenset({"ECG"}))) == 2
    assert chosen([routine], off) is None
    assert chosen([replace(routine, open_to_all=True)], off, on) == 1
    assert chosen([routine], off, on, rules=parse({**SHIPPED, "only_on_duty": False})) == 1


def test_a_reserved_subspecialty_is_for_its_readers_while_one_is_on_duty() -> None:
    reserved = [{**one, "reserved": one["name"] == "neuro"} for one in SHIPPED["subspecialties"]]
    rules = parse({**SHIPPED, "subspecialties": reserved})
    head, general, neuro = case(1, subspecialty="neuro"), Reader(ME), Reader(2, subspecialties=frozenset({"neuro"}))
    assert chosen([head], general, neuro, rules=rules) is None
    assert chosen([head], neuro, general, rules=rules) == 1
    assert chosen([head], general, rules=rules) == 1
    assert chosen([head], general, neuro) == 1


def test_the_sentences_of_an_emergency() -> None:
    urgent = case(1, due=12, priority=Priority.P1, minutes=6, prior_reader=ME)
    why = {
        "asked": "next",
        **_why(
            choose(
                [urgent],
                Reader(ME, in_hand=1, minutes_in_hand=2),
                [Reader(2, in_hand=1, minutes_in_hand=4), Reader(3, in_hand=1, minutes_in_hand=9)],
                NOW,
                RULES,
            )
        ),
    }
    assert explain(why, "en") == [
        "Reading: P1 CT, due in 12 minutes.",
        "An emergency (P1) comes before routine.",
        "1 case in hand, least of 3 on duty; expected to take 6 minutes, in time.",
        "The same reader reported the prior.",
    ]
    assert explain(why, "zh") == [
        "阅片：P1 CT，12 分钟后到时。",
        "急诊（P1）先于常规。",
        "本人手上 1 例，为当班最少（当班 3 人）；预计用时 6 分钟，可按时完成。",
        "既往检查由本人报告。",
    ]
    assert explain({}, "en") == []
