"""Words about who must be told, and how soon he must look."""

from enum import StrEnum


class Urgency(StrEnum):
    """QUIET waits in the list; NORMAL shows itself; URGENT stays in view until somebody has said that he has seen it."""

    QUIET = "quiet"
    NORMAL = "normal"
    URGENT = "urgent"


class Channel(StrEnum):
    """By which a notice leaves the house; in the application everybody who is told has it at once."""

    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"


class DeliveryState(StrEnum):
    """FAILED will be tried again at its time; GIVEN_UP waits for a person."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"
