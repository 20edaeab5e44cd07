"""Processes are forked while no other thread is in the database.

A library's locks are copied by a fork as they are. A child that is forked while a thread of its parent holds one of SQLite's
or of libpq's waits for it for ever at its first statement, and its task with it. Python's own locks are seen to by Python.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_turn = threading.RLock()

os.register_at_fork(before=_turn.acquire, after_in_parent=_turn.release, after_in_child=_turn.release)


@contextmanager
def unforked() -> Iterator[None]:
    """No thread forks this process during the block; keep it short, a dead child is not replaced meanwhile."""
    with _turn:
        yield
