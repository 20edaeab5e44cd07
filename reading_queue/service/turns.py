"""Whether a reader may pick a case from the list: what the county leaves to his choice, and what it does not."""

from reading_queue.assignment.cases import Case
from reading_queue.assignment.room import is_urgent
from reading_queue.service.choosing import Desk
from storage.domain.errors import MoreUrgentFirst


def require_turn(desk: Desk, case: Case) -> None:
    """Raise `MoreUrgentFirst` unless the reader may claim this case by its number.

    He may what is kept for him, what the chapter ASSIGNMENT leaves free, anything where nobody is on duty, of urgent cases
    one before which nothing is due that he may have, and of the rest the one that is next for him anyway.
    """
    nobody_on_duty = not desk.room.others and not desk.reader.on_duty
    if case.owed is not None or case.priority in desk.rules.free_list or nobody_on_duty:
        return
    first = desk.urgent_before(case) if is_urgent(case) else next(iter(desk.in_order()), None)
    if first is not None and first.id != case.id:
        raise MoreUrgentFirst(first.id)
