"""Words about critical values: the states of a case, what is done with it, who raised it, how people were told."""

from enum import StrEnum


class CaseState(StrEnum):
    """States of a critical case; `reading_queue.critical.transitions` says which step leads where."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    NOTIFIED = "notified"
    ACKED = "acked"
    TREATED = "treated"
    CLOSED = "closed"
    FALSE_ALARM = "false_alarm"


ENDED = (CaseState.CLOSED, CaseState.FALSE_ALARM)
"""A study has at most one case of each finding outside these states."""

UNHEARD = (CaseState.SUSPECTED, CaseState.CONFIRMED, CaseState.NOTIFIED)
"""Nobody at the clinic has said yet that he knows; the reading task may not be closed."""


class CaseAction(StrEnum):
    """What an actor, or a clock, does to a critical case."""

    SUSPECT = "suspect"
    CONFIRM = "confirm"
    NOTIFY = "notify"
    ACKNOWLEDGE = "acknowledge"
    FEED_BACK = "feed_back"
    CLOSE = "close"
    FALSE_ALARM = "false_alarm"
    ESCALATE = "escalate"
    REPORT = "report"


class CaseSource(StrEnum):
    """Who or what raised a case first."""

    CLINIC = "clinic"
    DEVICE = "device"
    MEASUREMENT = "measurement"
    READER = "reader"
    REPORT = "report"


class Method(StrEnum):
    """How the other side was told."""

    IN_APP = "in_app"
    PHONE = "phone"
    IN_PERSON = "in_person"


SPOKEN = (Method.PHONE, Method.IN_PERSON)
"""A person has heard it, and can be named."""


class Basis(StrEnum):
    """What the 10 minutes of the national indicator count from: the discovery (RQI-RCV-04), or the report (US-CV-01)."""

    DISCOVERED = "discovered"
    REPORT_ISSUED = "report_issued"


UNLISTED = "OTHER"
"""The code of a finding that no list of the county names; it is told in words."""
