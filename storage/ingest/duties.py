"""Regular duties of a process: done every so often by one thread, and a failure costs that turn only."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from storage.domain.clock import monotonic

_log = logging.getLogger(__name__)

_TICK = 0.1


@dataclass
class Duty:
    """Something done every `seconds`, and once more at the end when it is `final`."""

    name: str
    seconds: float
    run: Callable[[], None]
    final: bool = False
    next_at: float = field(default=0.0)


class Duties:
    """One thread. With the database away every duty is simply tried again at its next turn."""

    def __init__(self, name: str, duties: Sequence[Duty]) -> None:
        self._duties = duties
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.last_error = ""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Tell the last news, and end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        for duty in self._duties:
            if duty.final:
                self._do(duty)
                if self.last_error:
                    break

    def _run(self) -> None:
        while not self._stopping.is_set():
            for duty in self._duties:
                if monotonic() >= duty.next_at and not self._stopping.is_set():
                    self._do(duty)
                    duty.next_at = monotonic() + duty.seconds
            self._stopping.wait(_TICK)

    def _do(self, duty: Duty) -> None:
        try:
            duty.run()
            self.last_error = ""
        except Exception as error:  # noqa: BLE001 - the next turn comes
            kind = type(getattr(error, "orig", None) or error).__name__
            if self.last_error != kind:
                _log.warning("A regular duty (%s) failed: %s.", duty.name, kind)
            self.last_error = kind
