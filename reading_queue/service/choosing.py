"""The choice of the next case in the database: the beginning of the queues, the readers at work, and the county's rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from reading_queue.assignment.cases import Case, Figure, Owed, Work
from reading_queue.assignment.chapter import ASSIGNMENT
from reading_queue.assignment.ranking import ranked, why
from reading_queue.assignment.room import Room, is_urgent
from reading_queue.policies import WIDENED
from reading_queue.rulebook import in_force
from reading_queue.service import tally
from reading_queue.service.actors import Actor
from reading_queue.service.at_work import asker, readers
from reading_queue.service.guards import is_unbiased, readable_modalities
from storage.db.models import ReadingTask
from storage.db.queries import assignment as rows
from storage.db.queries.assignment import AnyRow
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden
from storage.domain.reading import Action, Priority, TaskState

_AUDITED = (TaskState.DRAFTED, TaskState.AUDITING)


@dataclass(frozen=True)
class Offer:
    """A case that is locked for the reader, and what the event of his claim tells of the choice."""

    task: ReadingTask
    case: Case
    choice: Mapping[str, Figure]


class Desk:
    """What the choice for one reader at one moment rests on. `actor` comes with the licences that hold now."""

    def __init__(self, work: UnitOfWork, actor: Actor) -> None:
        edition = in_force(work, ASSIGNMENT)
        self.work, self.edition, self.rules = work, edition.version, edition.content
        self.day = tally.day_of_work(work, self.rules)
        everybody = readers(work, self.rules, self.day)
        if actor.user_id is None or actor.user_id not in everybody:
            raise Forbidden("Only a reader can take a task in hand.")
        self.reader = asker(work, self.rules, actor, everybody[actor.user_id], self.day)
        self.room = Room(self.reader, [one for one in everybody.values() if one.on_duty], work.now, self.rules)
        self._versions: dict[int, int] = {}
        self._queues = rows.Queues(
            user_id=actor.user_id,
            read=readable_modalities(actor),
            audits=self.reader.audits,
            audit=readable_modalities(actor, audit=True),
            skip=self.reader.given_back,
            patient=self.reader.last_patient,
            apart=is_unbiased(actor),
        )

    def take(self) -> Offer | None:
        """The first case that he may have and that nobody else is taking at this moment, locked until the commit."""
        tried: set[int] = set()
        while cases := [case for case in self.in_order(tried) if case.id not in tried]:
            for case in cases:
                task = self._lock(case)
                if task is not None:
                    return Offer(task, case, self.explained(case, asked="next"))
                tried.add(case.id)
        return None

    def in_order(self, skip: Iterable[int] = ()) -> list[Case]:
        """What he may have, the case for him first: the beginning of it, from whatever queue."""
        queues = replace(self._queues, skip=self._queues.skip | frozenset(skip))
        first = self._cases(rows.urgent_cases(self.work, queues))
        order = ranked(self.room, first)
        if order and self._decides(order[0]):
            return order
        more = [*rows.routine_cases(self.work, queues), *rows.cases_by_id(self.work, queues, self.reader.given_back)]
        known = {case.id for case in first}
        return ranked(self.room, [*first, *self._cases([row for row in more if row.id not in known])])

    def urgent_before(self, case: Case) -> Case | None:
        """The urgent case that he is to take before this one; None when nothing urgent that he may have is due before it."""
        waiting = self._cases(rows.urgent_cases(self.work, self._queues))
        alike = [
            one
            for one in waiting
            if is_urgent(one) and one.work is case.work and one.owed is None and self.room.may_have(one)
        ]
        if not any(one.due_at < case.due_at for one in alike):
            return None
        first = min(alike, key=lambda one: (one.priority, one.due_at, one.id))
        return None if first.id == case.id else first

    def case_of(self, task_id: int) -> Case:
        """One task as a case, for a claim by its number."""
        return self._cases(rows.cases_by_id(self.work, self._queues, [task_id], waiting=False))[0]

    def explained(self, case: Case, *, asked: str) -> dict[str, Figure]:
        """What the event of the claim tells of the choice."""
        return {"asked": asked, "edition": self.edition, **why(self.room, case)}

    def count(self, case: Case) -> dict[str, Any]:
        """Count the case as his; what the event tells of that."""
        return tally.taken(self.work, self.reader, self.day, self.rules, case)

    def note_presence(self) -> None:
        """He asked, and there was nothing for him."""
        tally.seen(self.work, self.reader, self.day, self.rules)

    def _decides(self, case: Case) -> bool:
        """Whether nothing of the other classes can come before the case."""
        if case.id in self.reader.given_back or self.room.leaves(case):
            return False
        return is_urgent(case) or case.owed is not None

    def _lock(self, case: Case) -> ReadingTask | None:
        query = select(ReadingTask).where(ReadingTask.id == case.id, ReadingTask.version == self._versions[case.id])
        locked = query.with_for_update(of=ReadingTask, skip_locked=True)
        return self.work.session.execute(locked, execution_options={"populate_existing": True}).scalar_one_or_none()

    def _cases(self, found: Sequence[AnyRow]) -> list[Case]:
        self._versions |= {row.id: row.version for row in found}
        waiting = [row for row in found if row.state != TaskState.INFO_WAIT]
        priors = rows.prior_readers(self.work, {row.patient_id for row in waiting}) if waiting else {}
        return [self._case(row, priors.get((row.patient_id, row.modality))) for row in waiting]

    def _case(self, row: AnyRow, prior: int | None) -> Case:
        kind = Work.AUDIT if row.state in _AUDITED else Work.READ
        effort = self.rules.effort_of(row.modality, row.body_part, kind)
        open_to_all = row.escalation >= WIDENED or row.open_to_all_at is not None
        return Case(
            id=row.id,
            work=kind,
            priority=Priority(row.priority),
            modality=row.modality,
            # A retaken study counts from when it was first ready, which puts it before the others of its class.
            due_at=row.ready_at if row.goes_first else row.due_at,
            waiting_since=row.lease_expires_at or row.state_since,
            rvu=effort.rvu,
            minutes=effort.minutes,
            patient=row.patient_id,
            subspecialty=self.rules.subspecialty_of(row.modality, row.body_part),
            author=row.author_id,
            kept_for=_kept_for(row, open_to_all=open_to_all),
            owed=self._owed(row),
            prior_reader=prior,
            open_to_all=open_to_all,
        )

    def _owed(self, row: AnyRow) -> Owed | None:
        if row.state == TaskState.REWORK and row.author_id == self.reader.id:
            return Owed.REWORK
        if row.state != TaskState.ASSIGNED:
            return None
        return Owed.ASSIGNED if rows.last_action(self.work, row.id) == Action.ASSIGN else Owed.ANSWERED


def _kept_for(row: AnyRow, *, open_to_all: bool) -> int | None:
    if row.state == TaskState.ASSIGNED:
        kept: int | None = row.preferred_reader_id
        return kept
    return row.author_id if row.state == TaskState.REWORK and not open_to_all else None
