"""The choice of the next case in the database: the beginning of the queues, the readers at work, and the county's rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select

from reading_queue.assignment.cases import Case, Figure, Owed, Work
from reading_queue.assignment.ranking import ranked, why
from reading_queue.assignment.room import Room, is_urgent
from reading_queue.policies import WIDENED
from reading_queue.service import tally
from reading_queue.service.actors import Actor
from reading_queue.service.asking import asking
from reading_queue.service.at_work import Crowd, crowd_of, readers
from reading_queue.service.guards import is_unbiased, readable_modalities
from storage.db.models import ReadingTask
from storage.db.queries import assignment as rows
from storage.db.queries.assignment import AnyRow, Pick
from storage.db.session import UnitOfWork
from storage.domain.reading import Action, Priority, ReadingStep, TaskState

_AUDITED = frozenset({TaskState.DRAFTED, TaskState.AUDITING})
_KEPT = frozenset({TaskState.ASSIGNED, TaskState.REWORK})
_AS_IT_WAS = (
    select(ReadingTask)
    .where(ReadingTask.id == bindparam("task_id"), ReadingTask.version == bindparam("version"))
    .with_for_update(of=ReadingTask, skip_locked=True)
)
_PRIORITIES = {str(one): one for one in Priority}


@dataclass(frozen=True)
class Offer:
    """A case that is locked for the reader, and what the event of his claim tells of the choice."""

    task: ReadingTask
    case: Case
    choice: Mapping[str, Figure]


class Desk:
    """What the choice for one reader at one moment rests on; `crowd` tells of the others as they were a moment ago."""

    def __init__(self, work: UnitOfWork, actor: Actor, crowd: Crowd | None = None) -> None:
        rows.keep_plans(work)
        asked = asking(work, actor, crowd_of(work))
        actor, self.reader, self.day = asked.actor, asked.reader, asked.day
        self.work, self.edition, self.rules = work, asked.edition.version, asked.edition.content
        everybody = (crowd.readers if crowd else readers)(work, self.rules, self.day)
        self.room = Room(self.reader, [one for one in everybody.values() if one.on_duty], work.now, self.rules)
        self._actor = actor
        self._versions: dict[int, int] = {}
        self._queues = rows.Queues(
            user_id=self.reader.id,
            read=readable_modalities(actor),
            audits=self.reader.audits,
            audit=readable_modalities(actor, audit=True),
            skip=self.reader.given_back,
            patient=self.reader.last_patient,
        )

    def plan(self) -> "Plan":
        """What he may have, in order, to take from in a transaction of its own: nothing is locked yet."""
        return Plan(self, tuple(self.in_order()), dict(self._versions))

    def take(self) -> Offer | None:
        """The first case that he may have and that nobody else is taking at this moment, locked until the commit."""
        tried: set[int] = set()
        while cases := [case for case in self.in_order(tried) if case.id not in tried]:
            for case in cases:
                task = _lock(self.work, case.id, self._versions[case.id])
                if task is not None:
                    return Offer(task, case, self.explained(case, asked="next"))
                tried.add(case.id)
        return None

    def in_order(self, skip: Iterable[int] = ()) -> list[Case]:
        """What he may have, the case for him first: the beginning of it, from whatever queue."""
        queues = replace(self._queues, skip=self._queues.skip | frozenset(skip))
        first = self._cases(rows.cases(self.work, queues, Pick.URGENT))
        order = ranked(self.room, first)
        if order and self._decides(order[0]):
            return self._with_priors(order)
        more = [*rows.cases(self.work, queues, Pick.ROUTINE), *self._given_back()]
        there = {case.id for case in first}
        order = ranked(self.room, [*first, *self._cases([row for row in more if row.id not in there])])
        known = self._with_priors(order)
        return ranked(self.room, known) if known != order else order

    def urgent_before(self, case: Case) -> Case | None:
        """The urgent case that he is to take before this one; None when nothing urgent that he may have is due before it."""
        waiting = self._cases(rows.cases(self.work, self._queues, Pick.URGENT))
        alike = [
            one
            for one in waiting
            if is_urgent(one) and one.work is case.work and one.owed is None
            if one.id not in self.reader.given_back and self.room.may_have(one)
        ]
        if not any(one.due_at < case.due_at for one in alike):
            return None
        first = min(alike, key=lambda one: (one.priority, one.due_at, one.id))
        return None if first.id == case.id else first

    def case_of(self, task_id: int) -> Case:
        """One task as a case, for a claim by its number."""
        return self._with_priors(self._cases(rows.cases(self.work, self._queues, Pick.NAMED, [task_id])))[0]

    def explained(self, case: Case, *, asked: str) -> dict[str, Figure]:
        """What the event of the claim tells of the choice."""
        return {"asked": asked, "edition": self.edition, **why(self.room, case)}

    def count(self, work: UnitOfWork, case: Case) -> dict[str, Any]:
        """Count the case as his; what the event tells of that."""
        return tally.taken(work, self.reader, self.day, case)

    def note_presence(self, work: UnitOfWork) -> None:
        """He asked, and there was nothing for him."""
        tally.seen(work, self.reader, self.day)

    def _decides(self, case: Case) -> bool:
        """Whether nothing of the other classes can come before the case."""
        if case.id in self.reader.given_back or self.room.leaves(case):
            return False
        return is_urgent(case) or case.owed is not None

    def _given_back(self) -> Sequence[AnyRow]:
        skip = self.reader.given_back
        return rows.cases(self.work, self._queues, Pick.WAITING, skip) if skip else []

    def _cases(self, found: Sequence[AnyRow]) -> list[Case]:
        self._versions |= {row.id: row.version for row in found}
        apart = [row.id for row in found if row.independent or row.step == ReadingStep.ADJUDICATE]
        biased = set(apart) - self._unbiased(apart) if apart else set()
        return [self._case(row) for row in found if row.state != TaskState.INFO_WAIT and row.id not in biased]

    def _unbiased(self, ids: Sequence[int]) -> set[int]:
        """Those that he has no part in yet, of studies that are read twice."""
        query = select(ReadingTask.id).where(ReadingTask.id.in_(ids), is_unbiased(self._actor))
        return set(self.work.session.execute(query).scalars())

    def _with_priors(self, order: Sequence[Case]) -> list[Case]:
        """The first of the cases know who reported their patient's last study of that modality."""
        first = order[: rows.HEAD]
        priors = rows.prior_readers(self.work, {case.patient for case in first}) if first else {}
        known = [replace(case, prior_reader=priors.get((case.patient, case.modality))) for case in first]
        return [*known, *order[rows.HEAD :]] if priors else list(order)

    def _case(self, row: AnyRow) -> Case:
        # Taken apart at once: by its names a row takes longer than all the rest.
        (
            task_id, state, _, _, _, priority, modality, due_at, goes_first, ready_at,
            state_since, lease_expires_at, author, kept, escalation, open_to_all_at, patient, body_part,
        ) = row  # fmt: skip
        kind = Work.AUDIT if state in _AUDITED else Work.READ
        effort = self.rules.effort_of(modality, body_part, kind)
        open_to_all = escalation >= WIDENED or open_to_all_at is not None
        return Case(
            id=task_id,
            work=kind,
            priority=_PRIORITIES[priority],
            modality=modality,
            # A retaken study counts from when it was first ready, which puts it before the others of its class.
            due_at=ready_at if goes_first else due_at,
            waiting_since=lease_expires_at or state_since,
            rvu=effort.rvu,
            minutes=effort.minutes,
            patient=patient,
            subspecialty=self.rules.subspecialty_of(modality, body_part),
            author=author,
            kept_for=_kept_for(state, kept, author, open_to_all=open_to_all),
            owed=self._owed(task_id, state, author) if state in _KEPT else None,
            open_to_all=open_to_all,
        )

    def _owed(self, task_id: int, state: str, author: int | None) -> Owed | None:
        if state == TaskState.REWORK:
            return Owed.REWORK if author == self.reader.id else None
        return Owed.ASSIGNED if rows.last_action(self.work, task_id) == Action.ASSIGN else Owed.ANSWERED


@dataclass(frozen=True)
class Plan:
    """The choice as it was made while nothing was locked: the cases in order, and how each looked then."""

    desk: Desk
    cases: tuple[Case, ...]
    versions: Mapping[int, int]

    def take(self, work: UnitOfWork) -> Offer | None:
        """The first of the cases that is still as it was, locked; None when all of them have gone, so that one looks again."""
        present: Mapping[int, int] = self.versions
        for case in self.cases:
            if present.get(case.id) != self.versions[case.id]:
                continue
            task = _lock(work, case.id, self.versions[case.id])
            if task is not None:
                return Offer(task, case, self.desk.explained(case, asked="next"))
            if present is self.versions:
                present = rows.versions(work, [one.id for one in self.cases])
        return None


def _lock(work: UnitOfWork, task_id: int, version: int) -> ReadingTask | None:
    values = {"task_id": task_id, "version": version}
    return work.session.execute(_AS_IT_WAS, values, execution_options={"populate_existing": True}).scalar_one_or_none()


def _kept_for(state: str, kept: int | None, author: int | None, *, open_to_all: bool) -> int | None:
    if state == TaskState.ASSIGNED:
        return kept
    return author if state == TaskState.REWORK and not open_to_all else None
