"""Words of the reading workflow: task states, actions, priorities, reports, people."""

from enum import StrEnum


class TaskState(StrEnum):
    """States of a reading task; `reading_queue.transitions` says which step leads where."""

    RECON_HOLD = "recon_hold"
    QUEUED = "queued"
    ASSIGNED = "assigned"
    READING = "reading"
    RETAKE_WAIT = "retake_wait"
    INFO_WAIT = "info_wait"
    DRAFTED = "drafted"
    AUDITING = "auditing"
    REWORK = "rework"
    CONSULT = "consult"
    READ = "read"
    SIGNED = "signed"
    DELIVERED = "delivered"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    DECLINED = "declined"


CLOSED_STATES = (
    TaskState.SIGNED,
    TaskState.DELIVERED,
    TaskState.CLOSED,
    TaskState.READ,
    TaskState.CANCELLED,
    TaskState.DECLINED,
)
"""A study may have any number of tasks in these states, and exactly one for each reading step outside them."""


class ReadingStep(StrEnum):
    """Which reading of a study a task is. A double reading has two that know nothing of each other, and a third over both."""

    READ = "read"
    SECOND_READ = "second_read"
    ADJUDICATE = "adjudicate"


class Action(StrEnum):
    """What an actor, or a clock, does to a task."""

    OPEN = "open"
    RECONCILE = "reconcile"
    ASSIGN = "assign"
    CLAIM = "claim"
    RESUME = "resume"
    HEARTBEAT = "heartbeat"
    RELEASE = "release"
    EXPIRE = "expire"
    SUBMIT = "submit"
    PRELIMINARY = "preliminary"
    SIGN = "sign"
    REJECT = "reject"
    RETURN = "return"
    RETAKEN = "retaken"
    LATE_IMAGES = "late_images"
    ASK = "ask"
    ANSWER = "answer"
    CONSULT = "consult"
    OPINION = "opinion"
    DECLINE_CONSULT = "decline_consult"
    RECALL = "recall"
    DECLINE = "decline"
    CANCEL = "cancel"
    RECEIPT = "receipt"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    REREAD = "reread"
    CLOSE = "close"
    PRIORITISE = "prioritise"
    ESCALATE = "escalate"


class Priority(StrEnum):
    """P0 green channel (chest pain, stroke, trauma), P1 emergency, P2 routine, P3 inpatient, check-up, mobile van."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


class ReportKind(StrEnum):
    """What a signed version is to the version before it."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDED = "amended"
    ADDENDUM = "addendum"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """What a user is here to do."""

    CLINIC = "clinic"
    RADIOLOGIST = "radiologist"
    AUDITOR = "auditor"
    MANAGER = "manager"
    REGULATOR = "regulator"
    ADMIN = "admin"
    CONSULTANT = "consultant"


class InstitutionKind(StrEnum):
    """A clinic sends studies and gets results; the centre reads; an upper-level hospital is asked for its opinion."""

    CENTRE = "centre"
    CLINIC = "clinic"
    UPPER = "upper"


class ConsultationState(StrEnum):
    """Where an asked opinion stands."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    DECLINED = "declined"
    RECALLED = "recalled"
    EXPIRED = "expired"


OPEN_CONSULTATIONS = (ConsultationState.ASKED, ConsultationState.ACCEPTED)
"""The hospital is asked and has not said anything yet: as long it sees the study."""
