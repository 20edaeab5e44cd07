"""Waiting for a condition instead of for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_POLL_SECONDS = 0.02


def wait_until(condition: Callable[[], T], timeout: float = 10.0, what: str = "the condition") -> T:
    """Call ``condition`` until it returns something true, and return that.

    :param timeout: seconds; a deadline far beyond the expected time, for slow machines
    :param what: named in the error, as in "waited 10 s for <what>"
    :raises TimeoutError: when the deadline passes; ``condition``'s own exceptions pass through at once
    """
    deadline = time.monotonic() + timeout
    while True:
        outcome = condition()
        if outcome:
            return outcome
        if time.monotonic() >= deadline:
            raise TimeoutError(f"waited {timeout:g} s for {what}; last seen: {outcome!r}")
        time.sleep(_POLL_SECONDS)
