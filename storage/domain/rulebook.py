"""The county's rules as data: which chapters there are."""

from enum import StrEnum


class RuleKind(StrEnum):
    """A chapter of the county's rules. Each has editions of its own, in force from a day on."""

    SERVICE_TIMES = "service_times"
    CALENDAR = "calendar"
    ASSIGNMENT = "assignment"
    CRITICAL_VALUES = "critical_values"
    NOTICES = "notices"
    QUALITY = "quality"
    SIGNATURES = "signatures"
    COURSE = "course"
    GREEN_CHANNEL = "green_channel"
    ACCESS = "access"
    RESULTS = "results"
    ORDERS = "orders"
    SETTLEMENT = "settlement"
    BOARDS = "boards"
    HANGING = "hanging"
