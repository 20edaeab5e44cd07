"""Words of the green channel."""

from enum import StrEnum


class Kind(StrEnum):
    """Why a patient goes before all others."""

    CHEST_PAIN = "chest_pain"
    STROKE = "stroke"
    TRAUMA = "trauma"


class Milestone(StrEnum):
    """Moments of a case in the order in which they come; each is told once."""

    ONSET = "onset"
    CALL = "call"
    DEPART = "depart"
    SCENE = "scene"
    HOSPITAL = "hospital"
    TREATMENT = "treatment"
