"""Words about work that is hinted at to the workers, and about what they could not do."""

from enum import StrEnum


class LetterState(StrEnum):
    """Of a dead letter. COUNTING has cost processes but may yet run; OPEN waits for a person; SETTLED ran after all."""

    COUNTING = "counting"
    OPEN = "open"
    REDRIVEN = "redriven"
    DISMISSED = "dismissed"
    SETTLED = "settled"
