"""Words of the reading workflow: task states, actions, priorities, reports, people."""

from enum import StrEnum


class TaskState(StrEnum):
    """States of a reading task; `reading_queue.transitions` says which step leads where."""

    QUEUED = "queued"
    ASSIGNED = "assigned"
    READING = "reading"
    RETAKE_WAIT = "retake_wait"
    INFO_WAIT = "info_wait"
    DRAFTED = "drafted"
    AUDITING = "auditing"
    REWORK = "rework"
    SIGNED = "signed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    DECLINED = "declined"


CLOSED_STATES = (TaskState.SIGNED, TaskState.DELIVERED, TaskState.CANCELLED, TaskState.DECLINED)
"""A study may have any number of tasks in these states, and exactly one outside them."""


class Action(StrEnum):
    """What an actor, or a clock, does to a task."""

    OPEN = "open"
    ASSIGN = "assign"
    CLAIM = "claim"
    RESUME = "resume"
    HEARTBEAT = "heartbeat"
    RELEASE = "release"
    EXPIRE = "expire"
    SUBMIT = "submit"
    SIGN = "sign"
    REJECT = "reject"
    RETURN = "return"
    RETAKEN = "retaken"
    LATE_IMAGES = "late_images"
    ASK = "ask"
    ANSWER = "answer"
    DECLINE = "decline"
    CANCEL = "cancel"
    RECEIPT = "receipt"
    AMEND = "amend"
    WITHDRAW = "withdraw"
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


class InstitutionKind(StrEnum):
    """A clinic sends studies and gets results; the centre reads."""

    CENTRE = "centre"
    CLINIC = "clinic"
