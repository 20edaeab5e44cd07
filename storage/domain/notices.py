"""Words about who must be told, and how soon he must look."""

from enum import StrEnum


class Urgency(StrEnum):
    """QUIET waits in the list; NORMAL shows itself; URGENT stays in view until somebody has said that he has seen it."""

    QUIET = "quiet"
    NORMAL = "normal"
    URGENT = "urgent"
