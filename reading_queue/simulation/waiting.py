"""The cases that wait, in groups that no rule can tell apart except by their times."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from datetime import datetime

from reading_queue.assignment.cases import Case
from reading_queue.assignment.room import Room, is_urgent

_Line = list[tuple[datetime, int, Case]]


class Waiting:
    """Routine cases are kept in lines, each in order of its due times.

    In a line, cases differ in their times and their patient alone, so that a reader may have all of a line or none, and
    `reading_queue.assignment.room.Room.prefers` says the same of all: the first of a line comes before the rest of it.
    """

    def __init__(self, *cases: Case) -> None:
        self.urgent: dict[int, Case] = {}
        self._lines: dict[tuple[object, ...], _Line] = {}
        self._by_id: dict[int, Case] = {}
        self._of_patient: dict[int, set[int]] = {}
        for case in cases:
            self.add(case)

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, case_id: int) -> bool:
        return case_id in self._by_id

    def __getitem__(self, case_id: int) -> Case:
        return self._by_id[case_id]

    def add(self, case: Case) -> None:
        """A case waits; one that waits already is replaced."""
        self.remove(case.id)
        self._by_id[case.id] = case
        self._of_patient.setdefault(case.patient, set()).add(case.id)
        if is_urgent(case):
            self.urgent[case.id] = case
        else:
            insort(self._lines.setdefault(_alike(case), []), (case.due_at, case.id, case), key=lambda one: one[:2])

    def remove(self, case_id: int) -> None:
        """It waits no more."""
        case = self._by_id.pop(case_id, None)
        if case is None:
            return
        self._of_patient[case.patient].discard(case_id)
        if self.urgent.pop(case_id, None) is not None:
            return
        line = self._lines[_alike(case)]
        del line[bisect_left(line, (case.due_at, case.id), key=lambda one: one[:2])]
        if not line:
            del self._lines[_alike(case)]

    def candidates(self, last_patient: int | None) -> list[Case]:
        """Every urgent case, the first of every line, and what is of that patient."""
        found = [*self.urgent.values(), *(line[0][2] for line in self._lines.values())]
        same = self._of_patient.get(last_patient, ()) if last_patient is not None else ()
        return [*found, *(self._by_id[one] for one in same)] if same else found

    def open_to(self, room: Room) -> Iterator[list[Case]]:
        """The cases that the reader of the room may have: urgent ones alone, the others line by line."""
        yield from ([case] for case in self.urgent.values() if room.may_have(case))
        yield from ([one[2] for one in line] for line in self._lines.values() if room.may_have(line[0][2]))


def _alike(case: Case) -> tuple[object, ...]:
    return (
        case.work,
        case.priority,
        case.modality,
        case.rvu,
        case.minutes,
        case.subspecialty,
        case.author,
        case.kept_for,
        case.owed,
        case.open_to_all,
        case.prior_reader,
    )
