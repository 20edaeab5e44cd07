"""Words of quality work: image grades, retakes, peer review, and how far a signed report is from what was submitted."""

from enum import StrEnum


class Grade(StrEnum):
    """Image quality as Chinese departments grade it: 甲, 乙, 丙, 废. A reject cannot be read."""

    A = "A"
    B = "B"
    C = "C"
    REJECT = "reject"


class GradeStep(StrEnum):
    """Who graded: the reader, or the auditing physician, whose grade stands where both did."""

    READ = "read"
    AUDIT = "audit"


class RetakeState(StrEnum):
    """What became of an order to take images again."""

    OPEN = "open"
    SEEN = "seen"
    REDONE = "redone"
    WAIVED = "waived"
    EXPIRED = "expired"


OPEN_RETAKES = (RetakeState.OPEN, RetakeState.SEEN)


class DrawnBy(StrEnum):
    """Why a signed case came to peer review."""

    SHARE = "share"
    ALWAYS = "always"
    MINIMUM = "minimum"
    PRIOR = "prior"


class ReviewState(StrEnum):
    """A review waits, is in somebody's hands, or has been given."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"


class Radpeer(StrEnum):
    """RADPEER scores (ACR): 1 concur; 2 not usually seen, 3 should usually be seen; a minor, b significant; 4 of the older scale."""

    CONCUR = "1"
    SUBTLE_MINOR = "2a"
    SUBTLE_SIGNIFICANT = "2b"
    MISSED_MINOR = "3a"
    MISSED_SIGNIFICANT = "3b"
    MISINTERPRETED = "4"


SIGNIFICANT_SCORES = frozenset({Radpeer.SUBTLE_SIGNIFICANT, Radpeer.MISSED_SIGNIFICANT, Radpeer.MISINTERPRETED})
"""Likely to matter for the patient."""


class Discrepancy(StrEnum):
    """How far the signed report is from the one that its author submitted."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
