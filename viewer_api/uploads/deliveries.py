"""The deliveries behind uploads, which last over many requests: so that readiness knows that more is coming."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from storage.domain.clock import monotonic
from storage.ingest.door import Delivery, Door

_IDLE_SECONDS = 120.0
"""After this long without a file an upload is taken for abandoned; a file that comes later opens it again."""


@dataclass
class _Open:
    delivery: Delivery
    users: int
    used_at: float


class OpenDeliveries:
    """By upload, opened by its first file in this process. Thread-safe."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._guard = threading.Lock()
        self._timer: threading.Timer | None = None

    @contextlib.contextmanager
    def use(self, key: str, door: Door, ae_title: str, address: str) -> Iterator[Delivery]:
        """The delivery of the upload `key`, open at least until the block ends."""
        with self._guard:
            found = self._open.get(key)
            if found is None:
                found = self._open[key] = _Open(door.open(ae_title, address), 0, monotonic())
            found.users += 1
        try:
            yield found.delivery
        finally:
            with self._guard:
                found.users -= 1
                found.used_at = monotonic()
            self._watch()

    def end(self, key: str) -> None:
        """The upload is complete."""
        with self._guard:
            found = self._open.pop(key, None)
        if found is not None:
            found.delivery.end()

    def end_all(self) -> None:
        """The process ends."""
        with self._guard:
            keys = list(self._open)
            if self._timer is not None:
                self._timer.cancel()
        for key in keys:
            self.end(key)

    def end_abandoned(self, now: float) -> None:
        """End those that nobody has used for a while."""
        with self._guard:
            left = [key for key, one in self._open.items() if one.users == 0 and now - one.used_at >= _IDLE_SECONDS]
        for key in left:
            self.end(key)

    def _watch(self) -> None:
        """Look again later, as long as any is open."""
        with self._guard:
            if self._timer is not None and self._timer.is_alive():
                return
            self._timer = threading.Timer(_IDLE_SECONDS / 2, self._look)
            self._timer.daemon = True
            self._timer.start()

    def _look(self) -> None:
        self.end_abandoned(monotonic())
        with self._guard:
            self._timer = None
            more = bool(self._open)
        if more:
            self._watch()
