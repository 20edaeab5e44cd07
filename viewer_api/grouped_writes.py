"""Small writes that come at the same time go into one transaction: each waits for its commit, and together for one."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storage.db.session import Database, UnitOfWork

Write = Callable[[UnitOfWork], None]


@dataclass
class _Waiting:
    write: Write
    is_committed: bool = False


class GroupedWrites:
    """Thread-safe. A write that fails is told to the one whose it is; the others go without it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard, self._turn = threading.Lock(), threading.Lock()
        self._waiting: list[_Waiting] = []

    def write(self, write: Write) -> None:
        """Return when it is committed. Raises what the write or the database raises."""
        mine = _Waiting(write)
        with self._guard:
            self._waiting.append(mine)
        with self._turn:
            if not mine.is_committed:
                self._commit(mine)

    def _commit(self, mine: _Waiting) -> None:
        with self._guard:
            others = [one for one in self._waiting if one is not mine]
            self._waiting = []
        try:
            self._commit_together([mine, *others])
        except Exception:
            with self._guard:
                self._waiting = [*others, *self._waiting]
            if not others:
                raise
            self._commit_together([mine])

    def _commit_together(self, several: Sequence[_Waiting]) -> None:
        with self._database.write() as work:
            for one in several:
                one.write(work)
        for one in several:
            one.is_committed = True
