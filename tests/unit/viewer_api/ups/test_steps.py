"""Random histories of tasks: every procedure step goes one way only, and what was told of it stays true."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading_queue.projections import InputReadiness, UpsState, projection
from reading_queue.transitions import OPENING, TABLE
from storage.domain.reading import CLOSED_STATES, Action, TaskState
from viewer_api.ups.steps import Step, Work, steps_of
from viewer_api.ups.uids import read_uid, workitem_uid

pytestmark = pytest.mark.thorough


S = UpsState
_LEGAL = {(S.SCHEDULED, S.IN_PROGRESS), (S.IN_PROGRESS, S.COMPLETED), (S.IN_PROGRESS, S.CANCELED)}
"""PS3.4 table CC.1.1-2."""

_START = datetime(2026, 3, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Event:
    seq: int
    action: str
    to_state: str
    actor_id: int | None
    at: datetime
    reason: str = ""


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """A walk along the transition table; who was asked for an opinion gives it back to where it was asked."""
    state = draw(st.sampled_from(OPENING.targets))
    events, asked_from = [Event(1, Action.OPEN, state, None, _START)], TaskState.READING
    for seq in range(2, draw(st.integers(2, 40))):
        lines = [line for line in TABLE.values() if line.source == state and line.recorded]
        if not lines:
            break
        line = draw(st.sampled_from(lines))
        target = draw(st.sampled_from(line.targets))
        if line.action == Action.CONSULT:
            asked_from = state
        elif state == TaskState.CONSULT and len(line.targets) > 1:
            target = asked_from
        state = target
        events.append(Event(seq, line.action, state, draw(st.integers(1, 3)), _START + timedelta(minutes=seq), "x"))
    return events


@given(histories())
def test_every_step_goes_one_way(events: list[Event]) -> None:
    steps = steps_of(events)
    for step in steps:
        states = [change.state for change in step.changes]
        assert states[0] == S.SCHEDULED
        assert all(pair in _LEGAL for pair in pairwise(states)), states
    assert all(step.is_over for step in steps[:-1])


@given(histories())
def test_what_was_told_of_a_step_stays_true(events: list[Event]) -> None:
    before: list[Step] = []
    for number in range(1, len(events) + 1):
        now = steps_of(events[:number])
        assert [step.seq for step in now[: len(before)]] == [step.seq for step in before]
        for old, new in zip(before, now, strict=False):
            assert new.changes[: len(old.changes)] == old.changes
            assert old.is_over <= (old.changes == new.changes)
        before = now


@given(histories())
def test_the_last_step_is_where_the_task_stands(events: list[Event]) -> None:
    state, last = TaskState(events[-1].to_state), steps_of(events)[-1]
    words = projection(state).ups
    assert last.is_over == (state in CLOSED_STATES)
    if state not in (*CLOSED_STATES, TaskState.CONSULT):
        assert (last.state, last.readiness) == (words.state, words.readiness)
        assert last.work == {"read": Work.READ, "audit": Work.AUDIT}[words.step]


@given(histories())
def test_a_step_that_was_given_back_has_another_in_its_place(events: list[Event]) -> None:
    steps = {step.seq: step for step in steps_of(events)}
    for step in steps.values():
        if step.replaces is not None:
            assert steps[step.replaces].state == S.CANCELED
            assert steps[step.replaces].changed_at == step.began_at
    ended = TaskState(events[-1].to_state) in CLOSED_STATES
    given_back = {step.seq for step in steps.values() if step.state == S.CANCELED}
    replaced = {step.replaces for step in steps.values()} - {None}
    assert replaced <= given_back
    assert len(given_back - replaced) <= ended


def _history(*steps: tuple[Action, TaskState]) -> list[Event]:
    told = [(Action.OPEN, TaskState.QUEUED), *steps]
    return [Event(seq, action, state, 7, _START, "why") for seq, (action, state) in enumerate(told, 1)]


def _told(*steps: tuple[Action, TaskState]) -> list[tuple[str, str, int | None]]:
    return [(step.work, step.state, step.replaces) for step in steps_of(_history(*steps))]


T, A = TaskState, Action


def test_read_audited_signed() -> None:
    way = ((A.CLAIM, T.READING), (A.SUBMIT, T.DRAFTED), (A.CLAIM, T.AUDITING), (A.SIGN, T.SIGNED))
    assert _told(*way) == [("READ", S.COMPLETED, None), ("AUDIT", S.COMPLETED, None)]
    assert _told(*way, (A.AMEND, T.SIGNED))[2:] == [("AMEND", S.COMPLETED, None)]
    assert _told(*way, (A.RECEIPT, T.DELIVERED)) == _told(*way)


def test_given_back_and_taken_again() -> None:
    way = ((A.CLAIM, T.READING), (A.RELEASE, T.QUEUED), (A.CLAIM, T.READING))
    assert _told(*way) == [("READ", S.CANCELED, None), ("READ", S.IN_PROGRESS, 1)]


def test_rejected_by_the_auditor() -> None:
    way = ((A.CLAIM, T.READING), (A.SUBMIT, T.DRAFTED), (A.CLAIM, T.AUDITING), (A.REJECT, T.REWORK))
    assert _told(*way) == [("READ", S.COMPLETED, None), ("AUDIT", S.CANCELED, None), ("READ", S.SCHEDULED, 3)]


def test_sent_for_retake() -> None:
    way = ((A.CLAIM, T.READING), (A.RETURN, T.RETAKE_WAIT))
    assert _told(*way) == [("READ", S.CANCELED, None), ("READ", S.SCHEDULED, 1)]
    assert steps_of(_history(*way))[-1].readiness == InputReadiness.INCOMPLETE
    assert steps_of(_history(*way, (A.RETAKEN, T.QUEUED)))[-1].readiness == InputReadiness.READY


def test_cancelled_before_anybody_took_it() -> None:
    (step,) = steps_of(_history((A.CANCEL, T.CANCELLED)))
    assert [change.state for change in step.changes] == [S.SCHEDULED, S.IN_PROGRESS, S.CANCELED]
    assert step.changes[-1].reason == "why"


def test_an_opinion_is_asked_for_while_auditing() -> None:
    way = ((A.CLAIM, T.READING), (A.SUBMIT, T.DRAFTED), (A.CLAIM, T.AUDITING), (A.CONSULT, T.CONSULT))
    assert _told(*way)[-1] == ("AUDIT", S.IN_PROGRESS, None)
    assert _told(*way, (A.OPINION, T.AUDITING)) == _told(*way)


@given(st.integers(1, 2**48 - 1), st.integers(1, 2**16 - 1), st.from_regex(r"1(\.[1-9]\d{0,8}){3,6}", fullmatch=True))
def test_a_uid_tells_task_and_event(task: int, seq: int, study: str) -> None:
    uid = workitem_uid(study, task, seq)
    assert len(uid) <= 64
    named = read_uid(uid)
    assert named is not None
    assert (named.task_id, named.seq) == (task, seq)
    assert named.fits(study)
    assert not named.fits(f"{study}.1")
    assert not read_uid(uid[:-1] + str((int(uid[-1]) + 1) % 10)).fits(study)


def test_other_uids_tell_nothing() -> None:
    for uid in ("1.2.840.10008.5.1.4.34.5", "2.25.", "2.25.x", "2.25.1", f"2.25.{2**130}", ""):
        assert read_uid(uid) is None
