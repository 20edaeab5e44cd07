"""Work that has time: on a machine that is busy it takes nothing from those who wait."""

import contextlib
import os
from collections.abc import Iterator


@contextlib.contextmanager
def in_the_background() -> Iterator[None]:
    """Let this thread run only where a processor is idle (sched(7), SCHED_IDLE); where there is no such thing, as always.

    Receiving, cataloguing and reading share two processors with it in a small county. For computing alone: whoever holds a
    lock in here keeps the others waiting.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    except (AttributeError, OSError):
        yield
        return
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
