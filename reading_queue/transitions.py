"""The reading task's state machine as one table: who may do what, from where, to where, and what it does to the clock.

`python -m reading_queue.transitions` prints it as the Markdown table of `docs/workflow.md`.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from storage.domain.reading import CLOSED_STATES, Action, Role, TaskState

S = TaskState
A = Action


class ClockChange(StrEnum):
    """What a step does to clock B, the contract's clock."""

    NONE = ""
    PAUSE = "pause"
    RESUME = "resume"
    START = "start"


@dataclass(frozen=True)
class Step:
    """One line of the table.

    `source` is None for the step that makes the task. `otherwise` is where it leads besides, as `note` says. `roles` are the people who may take it; `by_system` says that a
    clock or an arrival may. With `needs_lease` only the holder of the live lease may, and only with its token; with
    `needs_reason` only with words. One that `voids_preliminary` withdraws a preliminary report, if there is one, and is then
    for the centre alone. A step that is not `recorded` leaves the version and the events as they are.
    """

    action: Action
    source: TaskState | None
    target: TaskState
    roles: frozenset[Role] = frozenset()
    by_system: bool = False
    needs_lease: bool = False
    needs_reason: bool = False
    clock: ClockChange = ClockChange.NONE
    recorded: bool = True
    note: str = ""
    otherwise: TaskState | None = None
    voids_preliminary: bool = False

    @property
    def targets(self) -> tuple[TaskState, ...]:
        """Every state that it may lead to."""
        return (self.target,) if self.otherwise is None else (self.target, self.otherwise)


READERS = frozenset({Role.RADIOLOGIST, Role.AUDITOR})
AUDITORS = frozenset({Role.AUDITOR})
DIRECTORS = frozenset({Role.AUDITOR, Role.MANAGER})
CLINIC = frozenset({Role.CLINIC})
CONSULTANTS = frozenset({Role.CONSULTANT})
EVERYONE_AT_WORK = READERS | DIRECTORS | CLINIC

HELD_STATES = (S.READING, S.AUDITING)
"""Somebody has the task in hand, under a lease."""

WAITING_STATES = (S.RETAKE_WAIT, S.INFO_WAIT)
"""The clinic is asked for something; clock B stands still."""

OPEN_STATES = tuple(state for state in S if state not in CLOSED_STATES)
ISSUED_STATES = (S.SIGNED, S.DELIVERED, S.CLOSED)
"""A report has been signed: the clinic has it, or may fetch it."""

COMPLETED_STATES = (*ISSUED_STATES, S.READ)
"""What was to be done has been done; the other closed states are those of a case that was given up."""

OPENING = Step(
    A.OPEN,
    None,
    S.QUEUED,
    by_system=True,
    otherwise=S.RECON_HOLD,
    note="The study is whole. One that contradicts its order is held, unless it is P0 or P1: that is read at once, with a warning.",
)


def _matching() -> Iterator[Step]:
    yield Step(
        A.RECONCILE,
        S.RECON_HOLD,
        S.QUEUED,
        DIRECTORS | CLINIC,
        by_system=True,
        needs_reason=True,
        clock=ClockChange.START,
        note="Somebody has looked whose study it is; or it has become P0 or P1.",
    )


def _in_hand() -> Iterator[Step]:
    for state, roles in ((S.READING, READERS), (S.AUDITING, AUDITORS)):
        yield Step(A.HEARTBEAT, state, state, roles, needs_lease=True, recorded=False, note="The lease lives on.")
        yield Step(
            A.RESUME,
            state,
            state,
            roles,
            note="The holder lost the token, in a browser restart say, and gets a new one.",
        )
    yield Step(A.RELEASE, S.READING, S.QUEUED, READERS, needs_lease=True, note="The draft is kept.")
    yield Step(A.RELEASE, S.AUDITING, S.DRAFTED, AUDITORS, needs_lease=True, note="The draft is kept.")
    yield Step(A.EXPIRE, S.READING, S.QUEUED, by_system=True, note="The lease ran out; the draft is kept.")
    yield Step(A.EXPIRE, S.AUDITING, S.DRAFTED, by_system=True, note="The lease ran out; the draft is kept.")


def _assignment() -> Iterator[Step]:
    yield Step(A.ASSIGN, S.QUEUED, S.ASSIGNED, DIRECTORS, note="For a named reader, who has 10 minutes to claim it.")
    yield Step(A.ASSIGN, S.REWORK, S.ASSIGNED, DIRECTORS, note="Another reader takes over.")
    yield Step(A.ASSIGN, S.ASSIGNED, S.ASSIGNED, DIRECTORS, note="For somebody else.")
    yield Step(A.CLAIM, S.QUEUED, S.READING, READERS)
    yield Step(A.CLAIM, S.ASSIGNED, S.READING, READERS, note="The named reader alone.")
    yield Step(A.CLAIM, S.REWORK, S.READING, READERS, note="Offered to the author first.")
    yield Step(A.CLAIM, S.DRAFTED, S.AUDITING, AUDITORS, note="Never the author.")
    yield Step(A.RELEASE, S.ASSIGNED, S.QUEUED, READERS, needs_reason=True, note="The named reader turns it down.")
    yield Step(A.EXPIRE, S.ASSIGNED, S.QUEUED, by_system=True, note="Not claimed within 10 minutes.")


def _reading() -> Iterator[Step]:
    yield Step(
        A.SUBMIT,
        S.READING,
        S.DRAFTED,
        READERS,
        needs_lease=True,
        otherwise=S.READ,
        note="An independent reading of a study that is read twice goes into the adjudication instead.",
    )
    yield Step(
        A.PRELIMINARY,
        S.READING,
        S.READING,
        READERS,
        needs_lease=True,
        note="P0 and P1 only: the clinic gets a preliminary report, and the final one is due by the times of the next class.",
    )
    yield Step(
        A.SIGN, S.READING, S.SIGNED, READERS, needs_lease=True, note="Only where the policy allows one signature."
    )
    yield Step(A.SIGN, S.AUDITING, S.SIGNED, AUDITORS, needs_lease=True, note="Never the author.")
    yield Step(A.REJECT, S.AUDITING, S.REWORK, AUDITORS, needs_lease=True, needs_reason=True)


_BACK = "Back into the hand of the one who asked, who has 10 minutes to go on."


def _consulting() -> Iterator[Step]:
    for state, roles in ((S.READING, READERS), (S.AUDITING, AUDITORS)):
        yield Step(
            A.CONSULT,
            state,
            S.CONSULT,
            roles,
            needs_lease=True,
            needs_reason=True,
            note="An upper-level hospital is asked; the lease ends, the draft is kept.",
        )
    for action, roles in (
        (A.OPINION, CONSULTANTS),
        (A.DECLINE_CONSULT, CONSULTANTS),
        (A.RECALL, READERS | DIRECTORS),
    ):
        yield Step(action, S.CONSULT, S.AUDITING, roles, needs_reason=True, otherwise=S.READING, note=_BACK)
    yield Step(
        A.EXPIRE, S.CONSULT, S.AUDITING, by_system=True, otherwise=S.READING, note=f"No opinion in time. {_BACK}"
    )


def _waiting() -> Iterator[Step]:
    pause, resume = ClockChange.PAUSE, ClockChange.RESUME
    yield Step(
        A.RETURN,
        S.READING,
        S.RETAKE_WAIT,
        READERS,
        needs_lease=True,
        needs_reason=True,
        clock=pause,
        voids_preliminary=True,
    )
    yield Step(A.RETAKEN, S.RETAKE_WAIT, S.QUEUED, CLINIC, by_system=True, clock=resume, note=_RETAKEN)
    yield Step(A.EXPIRE, S.RETAKE_WAIT, S.CANCELLED, by_system=True, note="No new images within 24 hours: unreadable.")
    yield Step(A.ASK, S.READING, S.INFO_WAIT, READERS, needs_lease=True, needs_reason=True, clock=pause)
    yield Step(
        A.ANSWER, S.INFO_WAIT, S.ASSIGNED, CLINIC, needs_reason=True, clock=resume, note="Back to the one who asked."
    )
    yield Step(A.EXPIRE, S.INFO_WAIT, S.ASSIGNED, by_system=True, clock=resume, note="No answer within 24 hours.")


_RETAKEN = "New images came, or the clinic says that there will be none. Front of its class."


def _ending() -> Iterator[Step]:
    for state in (S.QUEUED, S.ASSIGNED):
        yield Step(
            A.DECLINE,
            state,
            S.DECLINED,
            DIRECTORS,
            needs_reason=True,
            note="The centre does not take the case.",
            voids_preliminary=True,
        )
    for state in OPEN_STATES:
        in_clinics_hands = state in (S.RECON_HOLD, S.QUEUED, S.ASSIGNED, *WAITING_STATES)
        yield Step(
            A.CANCEL,
            state,
            S.CANCELLED,
            DIRECTORS | CLINIC if in_clinics_hands else DIRECTORS,
            needs_reason=True,
            voids_preliminary=state not in (S.RECON_HOLD, S.RETAKE_WAIT),
        )


_RECEIPT = "A receipt for an older version leaves the newest to be confirmed. Repeated, it changes nothing."


def _issued() -> Iterator[Step]:
    for state in OPEN_STATES:
        yield Step(A.RECEIPT, state, state, CLINIC, note="For a preliminary report.")
    for state in (S.CANCELLED, S.DECLINED):
        yield Step(A.RECEIPT, state, state, CLINIC, note="For the withdrawal of a preliminary report.")
    yield Step(A.RECEIPT, S.SIGNED, S.DELIVERED, CLINIC, otherwise=S.SIGNED, note=_RECEIPT)
    yield Step(A.RECEIPT, S.DELIVERED, S.DELIVERED, CLINIC, note=_RECEIPT)
    yield Step(A.RECEIPT, S.CLOSED, S.CLOSED, CLINIC, note=_RECEIPT)
    yield Step(
        A.CLOSE,
        S.DELIVERED,
        S.CLOSED,
        by_system=True,
        note="A day after the receipt; not before a critical value has been acknowledged.",
    )
    for state in ISSUED_STATES:
        yield Step(
            A.AMEND,
            state,
            S.SIGNED,
            READERS,
            needs_reason=True,
            note="A new version, amended or an addendum, to be fetched again.",
        )
        yield Step(
            A.WITHDRAW, state, S.SIGNED, DIRECTORS, needs_reason=True, note="A new version that takes the report back."
        )
        yield Step(
            A.REREAD,
            state,
            state,
            DIRECTORS,
            needs_reason=True,
            note="After a withdrawal: the study is read anew, as a new task that names this one.",
        )


_LATE = ("More images came for the same study, or one was replaced.", "An image was replaced.")


def _clocks() -> Iterator[Step]:
    for state in OPEN_STATES:
        yield Step(A.LATE_IMAGES, state, state, by_system=True, note=_LATE[state == S.RETAKE_WAIT])
        if state not in (S.RECON_HOLD, *WAITING_STATES):
            yield Step(
                A.ESCALATE, state, state, by_system=True, note="At 50, 75, 100 and 150 % of the maximum of clock B."
            )
        yield Step(
            A.PRIORITISE,
            state,
            state,
            EVERYONE_AT_WORK,
            by_system=True,
            needs_reason=True,
            note="Due times are set anew from now on. A suspected critical value makes a routine case urgent.",
        )


def _table() -> dict[tuple[TaskState, Action], Step]:
    groups = (
        _matching(),
        _assignment(),
        _in_hand(),
        _reading(),
        _consulting(),
        _waiting(),
        _ending(),
        _issued(),
        _clocks(),
    )
    steps = [step for group in groups for step in group]
    table = {(step.source, step.action): step for step in steps if step.source is not None}
    if len(table) != len(steps):
        raise ValueError("Two lines of the transition table start from the same state with the same action.")
    return table


TABLE: Mapping[tuple[TaskState, Action], Step] = _table()


def roles_for(action: Action) -> frozenset[Role]:
    """Everybody who may ever take this action, from whatever state."""
    return frozenset().union(*(step.roles for step in TABLE.values() if step.action == action))


def steps_from(state: TaskState) -> list[Step]:
    """The lines of the table that start from `state`."""
    return [step for step in TABLE.values() if step.source == state]


def markdown() -> str:
    """The table as Markdown, for people."""
    head = ("from", "action", "to", "who", "lease", "reason", "clock B", "")
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    order = list(TaskState)
    steps = sorted(TABLE.values(), key=lambda step: order.index(step.source or S.QUEUED))
    return "\n".join([*lines, *(_markdown_line(step) for step in (OPENING, *steps))]) + "\n"


_VOIDS = "A preliminary report is withdrawn with it, and the clinic told; by the centre alone then."


def _markdown_line(step: Step) -> str:
    cells = (
        step.source or "(new)",
        step.action,
        " or ".join(step.targets),
        ", ".join([*sorted(step.roles), *(["system"] if step.by_system else [])]),
        "yes" if step.needs_lease else "",
        "yes" if step.needs_reason else "",
        step.clock,
        f"{step.note} {_VOIDS}".strip() if step.voids_preliminary else step.note,
    )
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(markdown())
