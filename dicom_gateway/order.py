"""What a peer may send next, and how slowly: a command to its end, then its data set to its end (PS3.7 6.3.1, PS3.8 E.2)."""

from collections.abc import Callable

from storage.domain.clock import monotonic

MAX_COMMAND = 64 << 10
MAX_OTHER_DATA = 16 << 20
"""Bytes of a data set that is no C-STORE's: a query, a report, a request for commitment."""

PACE_SECONDS, PACE_BYTES = 300.0, 30_000
"""Less than this in so many seconds, in the middle of a message, and the line is given up."""


class BrokenPdu(Exception):
    """The peer does not keep to PS3.8; the association is aborted."""


class MessageOrder:
    """One association's messages, fragment by fragment. Every method raises `BrokenPdu` for what may not come now."""

    def __init__(self) -> None:
        self._context_id: int | None = None
        self._owes_data = False
        self._length = 0

    @property
    def in_progress(self) -> bool:
        """Whether a message has begun and not ended."""
        return self._context_id is not None

    def take_command(self, context_id: int, length: int) -> None:
        """A fragment of a command comes."""
        self._length += length
        if self._owes_data or self._context_id not in (None, context_id) or self._length > MAX_COMMAND:
            raise BrokenPdu
        self._context_id = context_id

    def end_command(self, *, has_data_set: bool) -> None:
        """The command is whole."""
        self._length = 0
        self._owes_data = has_data_set
        if not has_data_set:
            self._context_id = None

    def take_data(self, context_id: int, length: int, *, is_stored: bool, is_last: bool) -> None:
        """A fragment of a data set comes; only those of a C-STORE may be of any size."""
        self._length += length
        if not self._owes_data or context_id != self._context_id:
            raise BrokenPdu
        if not is_stored and self._length > MAX_OTHER_DATA:
            raise BrokenPdu
        if is_last:
            self.end_command(has_data_set=False)


class TooSlow(ConnectionError):
    """A byte now and then: the peer holds a message open and does not send it."""


class Pace:
    """Watches how fast bytes come in the middle of a message."""

    def __init__(self, seconds: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self.restart()

    def restart(self) -> None:
        """A message begins."""
        self._since = self._seconds()
        self._bytes = 0

    def moved(self, count: int) -> None:
        """So many bytes have come. Raises `TooSlow`."""
        self._bytes += count
        now = self._seconds()
        if now - self._since < PACE_SECONDS:
            return
        if self._bytes < PACE_BYTES:
            raise TooSlow
        self._since, self._bytes = now, 0
