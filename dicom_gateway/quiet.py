"""Warnings that a peer can cause as often as it likes: written down once a minute, with how often it happened."""

import logging
import threading
from collections.abc import Hashable
from dataclasses import dataclass

from storage.domain.clock import monotonic

_EVERY_SECONDS = 60.0
_MAX_KEYS = 1000


@dataclass
class _Silence:
    until: float
    swallowed: int = 0


class QuietLog:
    """Thread-safe. Each key (a device and what it did) speaks at most once a minute, all keys together a thousand times."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._silences: dict[Hashable, _Silence] = {}
        self._guard = threading.Lock()

    def warning(self, key: Hashable, message: str, *arguments: object) -> None:
        """Log `message` unless its key has just spoken."""
        swallowed = self._swallowed(key)
        if swallowed is None:
            return
        if swallowed:
            written = message % arguments
            self._log.warning("%s (%d times more since the last line.)", written, swallowed)
        else:
            self._log.warning(message, *arguments)

    def _swallowed(self, key: Hashable) -> int | None:
        """How many were kept back before this one; None when this one is kept back too."""
        now = monotonic()
        with self._guard:
            silence = self._silences.get(key)
            if silence is not None and now < silence.until:
                silence.swallowed += 1
                return None
            if silence is None and len(self._silences) >= _MAX_KEYS:
                self._forget(now)
                if len(self._silences) >= _MAX_KEYS:
                    return None
            self._silences[key] = _Silence(now + _EVERY_SECONDS)
            return silence.swallowed if silence is not None else 0

    def _forget(self, now: float) -> None:
        self._silences = {key: silence for key, silence in self._silences.items() if now < silence.until}
