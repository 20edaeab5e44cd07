"""Rules by which a free reader gets his next case: the product's own, and three to compare it with.

All choose among the same cases: those that `reading_queue.assignment.room` lets the reader have.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache

import numpy as np

from reading_queue.assignment.cases import Case, Reader, Work
from reading_queue.assignment.ranking import choose
from reading_queue.assignment.room import Room
from reading_queue.simulation.waiting import Waiting
from reading_queue.simulation.world import World
from storage.domain.reading import Priority

Picker = Callable[[Waiting, Reader, Sequence[Reader], datetime], Case | None]
"""Out of the cases that wait: the one that `reader` takes at that moment, or none."""


def next_case(world: World) -> Picker:
    """The product's rule, `reading_queue.assignment.ranking.choose`."""

    def pick(waiting: Waiting, reader: Reader, readers: Sequence[Reader], now: datetime) -> Case | None:
        if waiting.urgent:
            first = choose(waiting.urgent.values(), reader, readers, now, world.rules)
            # Nothing routine comes before an urgent case, unless that is left to a colleague for a moment.
            if first is not None and not Room(reader, readers, now, world.rules).leaves(first.case):
                return first.case
        found = choose(waiting.candidates(reader.last_patient), reader, readers, now, world.rules)
        return None if found is None else found.case

    return pick


def first_in_first_out(world: World) -> Picker:
    """What has waited longest."""
    return _by(world, lambda case: (case.waiting_since, case.id))


def due_first(world: World) -> Picker:
    """What is due first, whatever its class: the plain worklist sorted by its due time."""
    return _by(world, lambda case: (case.due_at, case.id))


def free_picking(world: World) -> Picker:
    """A free list: the green channel first; then a share of the picks by class, and the rest by pay for the time it takes.

    A model of what is known of free worklists (docs/simulation.md): urgent cases that are not alarms wait behind easy, well
    paid routine work. How long a case takes is seen in part before it is opened.
    """
    habit, rng = world.free_choice, np.random.default_rng((world.seed, 1))
    length = {arrival.id: {Work.READ: arrival.read, Work.AUDIT: arrival.audit} for arrival in world.arrivals}

    @cache
    def pay(case_id: int, work: Work, rvu: float, minutes: float) -> float:
        actual = max(length[case_id][work], 0.1)
        return math.log(rvu) - (1 - habit.insight) * math.log(minutes) - habit.insight * math.log(actual)

    def pick(waiting: Waiting, reader: Reader, readers: Sequence[Reader], now: datetime) -> Case | None:
        room = Room(reader, readers, now, world.rules)
        offered = [case for line in waiting.open_to(room) for case in line]
        if not offered:
            return None
        alarms = [case for case in offered if case.priority == Priority.P0]
        if alarms or rng.random() < habit.heed:
            return min(alarms or offered, key=lambda case: (case.priority, case.due_at, case.id))
        noise = rng.gumbel(scale=habit.noise, size=len(offered))
        worth = np.array([pay(case.id, case.work, case.rvu, case.minutes) for case in offered])
        return offered[int(np.argmax(worth + noise))]

    return pick


def _by(world: World, order: Callable[[Case], tuple[datetime, int]]) -> Picker:
    def pick(waiting: Waiting, reader: Reader, readers: Sequence[Reader], now: datetime) -> Case | None:
        room = Room(reader, readers, now, world.rules)
        return min((case for line in waiting.open_to(room) for case in line), key=order, default=None)

    return pick


PICKERS: Mapping[str, Callable[[World], Picker]] = {
    "next-case": next_case,
    "free-picking": free_picking,
    "fifo": first_in_first_out,
    "due-first": due_first,
}
"""By the names that `countyread simulate` knows."""
