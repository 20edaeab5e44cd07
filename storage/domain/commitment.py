"""Storage commitment (PS3.4 annex J): states of a request, reasons, and for how long what is tried."""

from datetime import timedelta
from enum import IntEnum, StrEnum


class CommitmentState(StrEnum):
    """OPEN: some objects are not decided. DECIDED: the device is to be told. The others are ends."""

    OPEN = "open"
    DECIDED = "decided"
    REPORTED = "reported"
    GIVEN_UP = "given_up"


UNFINISHED = (CommitmentState.OPEN, CommitmentState.DECIDED)


class FailureReason(IntEnum):
    """Failure Reason (0008,1197) of an object that is not committed to (PS3.3 C.14.1.1)."""

    PROCESSING_FAILURE = 0x0110
    NO_SUCH_OBJECT = 0x0112
    CLASS_INSTANCE_CONFLICT = 0x0119


COMMITTED = 0
"""The decision on an object whose bytes were read and found to be the right ones."""

UNKNOWN_LIMIT = timedelta(hours=24)
"""How long objects are waited for that have not come; devices ask before a slow line has brought everything."""

REPORT_LIMIT = timedelta(days=7)
"""How long a device is tried that does not take the report."""

_FIRST_LOOKS = timedelta(minutes=1)
_SOON, _LATER = timedelta(seconds=1), timedelta(minutes=1)
_FIRST_RETRY, _LAST_RETRY = timedelta(seconds=5), timedelta(minutes=30)


def next_look(age: timedelta) -> timedelta:
    """When to look again for objects of a request of that age."""
    return _SOON if age < _FIRST_LOOKS else _LATER


def next_report(attempts: int) -> timedelta:
    """How long to wait after that many reports that failed."""
    doubled: timedelta = _FIRST_RETRY * 2 ** min(attempts - 1, 16)
    return min(doubled, _LAST_RETRY)
