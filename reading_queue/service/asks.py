"""A whole ask for the next case, in a process that many readers ask at the same time.

Choosing is work for the interpreter, of which a process has one at a time. Where all who ask are served at once, each
statement of each of them waits for all the others in turn, on SQLite with the writers' lock in hand; where they are served
one after the other, each is done in the time that it takes.
"""

from threading import BoundedSemaphore
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from reading_queue.service.actors import Actor, Lease
from reading_queue.service.leases import plan_next, take_planned
from storage.db.session import COUNTY, Database, Scope

_AT_ONCE = 2
"""While one of them waits for the disk, the other chooses."""

_TURNS: WeakKeyDictionary[Engine, BoundedSemaphore] = WeakKeyDictionary()


def ask_next(database: Database, actor: Actor, *, lease_minutes: float, scope: Scope = COUNTY) -> Lease | None:
    """Choose in a transaction that only reads, then take in a short one that writes; None when there is nothing for him.

    Whoever asks while others do waits for his turn. What has been taken by others meanwhile is passed over.
    """
    with _TURNS.setdefault(database.engine, BoundedSemaphore(_AT_ONCE)):
        with database.read(scope) as work:
            plan = plan_next(work, actor)
        with database.write(scope) as work:
            return take_planned(work, plan, actor, lease_minutes=lease_minutes)
