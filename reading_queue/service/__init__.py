"""The public door of the reading workflow. Functions take a unit of work first, never commit, and refuse with typed errors."""

from reading_queue.service.actors import SYSTEM, Actor, Lease, ReportContent
from reading_queue.service.delivery import receipt
from reading_queue.service.directing import cancel, decline, prioritise
from reading_queue.service.escalating import escalate_due
from reading_queue.service.guards import allowed_actions, may_sign_alone
from reading_queue.service.late import LateImages, late_images
from reading_queue.service.leases import assign, claim, expire_leases, heartbeat, next_task, release, resume
from reading_queue.service.opening import ensure_task, open_ready_studies
from reading_queue.service.reading import draft_of, reject, save_draft, submit
from reading_queue.service.signing import amend, sign, withdraw
from reading_queue.service.stepping import with_licences
from reading_queue.service.waiting import answer, ask, retaken, return_for_retake

__all__ = [
    "SYSTEM",
    "Actor",
    "LateImages",
    "Lease",
    "ReportContent",
    "allowed_actions",
    "amend",
    "answer",
    "ask",
    "assign",
    "cancel",
    "claim",
    "decline",
    "draft_of",
    "ensure_task",
    "escalate_due",
    "expire_leases",
    "heartbeat",
    "late_images",
    "may_sign_alone",
    "next_task",
    "open_ready_studies",
    "prioritise",
    "receipt",
    "reject",
    "release",
    "resume",
    "retaken",
    "return_for_retake",
    "save_draft",
    "sign",
    "submit",
    "with_licences",
    "withdraw",
]
