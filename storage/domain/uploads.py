"""Words for files that people upload."""

from enum import StrEnum


class UploadFate(StrEnum):
    """What became of a file, or of one in an archive.

    TAKEN: durable, and on its way into the catalogue. STORED: in the catalogue. ALREADY_THERE: it had been there before.
    QUARANTINED: kept aside for a person to look at. REFUSED: not taken, for the reason that is told.
    """

    TAKEN = "taken"
    STORED = "stored"
    ALREADY_THERE = "already_there"
    QUARANTINED = "quarantined"
    REFUSED = "refused"
