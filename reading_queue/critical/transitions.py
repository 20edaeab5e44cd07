"""The state machine of a critical case as one table: who may do what, from where, to where.

`markdown` makes the table of `docs/critical-values.md` from it; a test compares.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reading_queue.transitions import CLINIC, READERS
from storage.domain.critical import ENDED, CaseAction, CaseState
from storage.domain.reading import Role

S = CaseState
A = CaseAction


@dataclass(frozen=True)
class CaseStep:
    """One line of the table. `source` is None for the step that makes the case; with `needs_words` only with words."""

    action: CaseAction
    source: CaseState | None
    target: CaseState
    roles: frozenset[Role] = frozenset()
    by_system: bool = False
    needs_words: bool = False
    note: str = ""


CALLERS = READERS | {Role.MANAGER}
"""Those who telephone for the centre."""

OPENING = CaseStep(
    A.SUSPECT, None, S.SUSPECTED, READERS | CLINIC, by_system=True, note="The clinic, a device, a reader."
)


def _telling() -> Iterator[CaseStep]:
    yield CaseStep(
        A.CONFIRM, S.SUSPECTED, S.CONFIRMED, READERS, needs_words=True, note="A physician: the clock starts."
    )
    yield CaseStep(A.NOTIFY, S.CONFIRMED, S.NOTIFIED, CALLERS, note="In the application at once; by phone, in person.")
    yield CaseStep(A.NOTIFY, S.NOTIFIED, S.NOTIFIED, CALLERS, note="Told again, by another way.")


def _hearing() -> Iterator[CaseStep]:
    yield CaseStep(
        A.ACKNOWLEDGE, S.NOTIFIED, S.ACKED, CLINIC | CALLERS, needs_words=True, note="With name, time and read-back."
    )
    for state in (S.ACKED, S.TREATED):
        yield CaseStep(
            A.ACKNOWLEDGE, state, state, CLINIC, needs_words=True, note="The clinic's own record, after one by phone."
        )
    yield CaseStep(A.FEED_BACK, S.ACKED, S.TREATED, CLINIC | CALLERS, needs_words=True, note="What was done.")
    yield CaseStep(A.FEED_BACK, S.TREATED, S.TREATED, CLINIC | CALLERS, needs_words=True, note="What was done besides.")


def _ending() -> Iterator[CaseStep]:
    yield CaseStep(A.CLOSE, S.TREATED, S.CLOSED, CALLERS)
    for state in (S.SUSPECTED, S.CONFIRMED, S.NOTIFIED, S.ACKED):
        yield CaseStep(A.FALSE_ALARM, state, S.FALSE_ALARM, READERS, needs_words=True, note="Who was told is told.")


def _clocks() -> Iterator[CaseStep]:
    for state in S:
        if state not in ENDED:
            yield CaseStep(A.ESCALATE, state, state, by_system=True, note="A step of the ladder.")
        if state not in (S.SUSPECTED, S.FALSE_ALARM):
            yield CaseStep(A.REPORT, state, state, by_system=True, note="The report was issued.")


def _table() -> dict[tuple[CaseState, CaseAction], CaseStep]:
    steps = [step for group in (_telling(), _hearing(), _ending(), _clocks()) for step in group]
    table = {(step.source, step.action): step for step in steps if step.source is not None}
    if len(table) != len(steps):
        raise ValueError("Two lines of the table start from the same state with the same action.")
    return table


TABLE: Mapping[tuple[CaseState, CaseAction], CaseStep] = _table()


def roles_for(action: CaseAction) -> frozenset[Role]:
    """Everybody who may ever take this action, from whatever state."""
    steps = (OPENING, *TABLE.values())
    return frozenset[Role]().union(*(step.roles for step in steps if step.action == action))


def markdown() -> str:
    """The table as Markdown, for people."""
    head = ("from", "action", "to", "who", "words", "")
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    order = list(S)
    steps = sorted(TABLE.values(), key=lambda step: order.index(step.source or S.SUSPECTED))
    return "\n".join([*lines, *(_markdown_line(step) for step in (OPENING, *steps))]) + "\n"


def _markdown_line(step: CaseStep) -> str:
    who = ", ".join([*sorted(step.roles), *(["system"] if step.by_system else [])])
    cells = (step.source or "(new)", step.action, step.target, who, "yes" if step.needs_words else "", step.note)
    return "| " + " | ".join(cells) + " |"
