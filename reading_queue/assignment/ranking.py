"""The choice of the next case, as a pure function of the cases that wait, the readers and the county's rules.

The first of these that tells two cases apart decides:

1. what the reader gave back lately comes after everything else;
2. an urgent case that he leaves, for a moment, to a colleague who has less in hand comes next to last;
3. green channel (P0), then emergencies (P1), then everything else;
4. what is kept for him: assigned, answered by the clinic, sent back to him as its author;
5. urgent: what must be begun first to be read when it is due. Routine: another study of the patient whose case he took
   last, then what must be begun first, with minutes granted or taken for his own priors, his subspecialty, the balance of
   weighted work, and that of reading and auditing. The minutes are bounded, so that nothing waits for ever.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from reading_queue.assignment.cases import Case, Choice, Figure, Owed, Reader, Rule, Work
from reading_queue.assignment.room import Room, is_urgent
from reading_queue.assignment.rules import AssignmentRules
from storage.domain.reading import Priority

__all__ = ["Case", "Choice", "Owed", "Reader", "Rule", "Work", "choose", "ranked", "why"]

_CLASSES = {Priority.P0: 0, Priority.P1: 1}
_ROUTINE = 2

Key = tuple[bool, bool, int, bool, bool, datetime, int]


def choose(
    cases: Iterable[Case], reader: Reader, readers: Sequence[Reader], now: datetime, rules: AssignmentRules
) -> Choice | None:
    """The case that `reader`, who asks at `now`, is to be given; None when there is none that he may have.

    `readers` are all who are on duty; whether `reader` is among them makes no difference.
    """
    room = Room(reader, readers, now, rules)
    first = min(_fit(room, cases), key=lambda case: _key(room, case), default=None)
    return None if first is None else Choice(first, why(room, first))


def ranked(room: Room, cases: Iterable[Case]) -> list[Case]:
    """Every case that the reader of the room may have, the one for him first."""
    return sorted(_fit(room, cases), key=lambda case: _key(room, case))


def why(room: Room, case: Case) -> dict[str, Figure]:
    """What the choice of this case rests on, for `reading_queue.assignment.explaining.explain`."""
    reader, figures = room.reader, room.rules.figures
    told: dict[str, Figure] = {
        "rule": _rule(room, case),
        "work": case.work,
        "priority": case.priority,
        "modality": case.modality,
        "due_in": _minutes(case.due_at - room.now),
        "minutes": case.minutes,
        "in_time": room.ends_in_time(case),
        "in_hand": reader.in_hand,
        "less_loaded": len(room.less_loaded),
        "on_duty": len(room.others) + reader.on_duty,
    }
    if case.owed is not None:
        told["owed"] = case.owed
    if case.prior_reader == reader.id:
        told["prior"] = True
    if case.patient == reader.last_patient:
        told["same_patient"] = True
    if case.subspecialty and case.subspecialty in reader.subspecialties:
        told["subspecialty"] = case.subspecialty
    if case.id in reader.given_back:
        told["given_back"] = True
    if not reader.on_duty and room.rules.only_on_duty:
        told["off_duty"] = True
    if not is_urgent(case):
        told |= {
            "rvu": case.rvu,
            "done_rvu": round(reader.done_rvu, 1),
            "part_rvu": round(room.part_rvu, 1),
            "owed_rvu": round(room.owed_rvu, 1),
            "balance_minutes": round(room.balances(case)),
        }
    if reader.audits and not is_urgent(case):
        told |= {"audit_share": round(room.audit_share * 100), "audit_aim": round(figures["audit_share_percent"])}
    return told


def _fit(room: Room, cases: Iterable[Case]) -> Iterable[Case]:
    return (case for case in cases if room.may_have(case))


def _key(room: Room, case: Case) -> Key:
    begin = case.due_at - timedelta(minutes=case.minutes)
    urgent = is_urgent(case)
    return (
        case.id in room.reader.given_back,
        room.leaves(case),
        _CLASSES.get(case.priority, _ROUTINE),
        case.owed is None,
        urgent or case.patient != room.reader.last_patient,
        begin if urgent else begin - timedelta(minutes=room.prefers(case)),
        case.id,
    )


def _rule(room: Room, case: Case) -> Rule:
    if case.owed is not None:
        return Rule.OWED
    if case.priority == Priority.P0:
        return Rule.GREEN_CHANNEL
    if case.priority == Priority.P1:
        return Rule.EMERGENCY
    return Rule.SAME_PATIENT if case.patient == room.reader.last_patient else Rule.ROUTINE


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)
