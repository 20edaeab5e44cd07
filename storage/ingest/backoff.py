"""Waiting between attempts while something is away."""

import threading

_FIRST, _LONGEST = 0.2, 5.0


class Backoff:
    """Waits longer after every failure, up to 5 s; `stopping` ends any wait at once."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._next = _FIRST

    def wait(self) -> None:
        """Wait for the next attempt."""
        seconds, self._next = self._next, min(self._next * 2, _LONGEST)
        self._stopping.wait(seconds)

    def reset(self) -> None:
        """It works again."""
        self._next = _FIRST
