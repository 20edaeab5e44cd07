"""The public door of the reading workflow. Functions refuse with typed errors; they take a unit of work first and never commit.

`ask_next` alone takes the database: it chooses in one transaction and takes in another.
"""

from reading_queue.service.actors import SYSTEM, Actor, Lease, ReportContent
from reading_queue.service.asks import ask_next
from reading_queue.service.consulting import (
    accept,
    consult,
    decline_consultation,
    follow_consultations,
    give_opinion,
    open_consultation,
    recall,
)
from reading_queue.service.delivery import close_delivered, receipt
from reading_queue.service.directing import cancel, decline, prioritise
from reading_queue.service.doubling import follow_readings, readings_of
from reading_queue.service.drafts import draft_versions
from reading_queue.service.escalating import escalate_due
from reading_queue.service.guards import allowed_actions, may_see_draft, may_sign_alone
from reading_queue.service.late import LateImages, late_images
from reading_queue.service.leases import (
    assign,
    claim,
    expire_leases,
    heartbeat,
    next_task,
    plan_next,
    release,
    resume,
    take_planned,
)
from reading_queue.service.opening import ensure_task, open_ready_studies
from reading_queue.service.preliminary import issue_preliminary
from reading_queue.service.previewing import preview
from reading_queue.service.reading import draft_of, reject, save_draft, submit
from reading_queue.service.reconciling import follow_holds, reconcile
from reading_queue.service.reopening import image_replaced, read_again
from reading_queue.service.signing import amend, reread, sign, withdraw
from reading_queue.service.stepping import with_licences
from reading_queue.service.waiting import answer, ask, retaken, return_for_retake

__all__ = [
    "SYSTEM",
    "Actor",
    "LateImages",
    "Lease",
    "ReportContent",
    "accept",
    "allowed_actions",
    "amend",
    "answer",
    "ask",
    "ask_next",
    "assign",
    "cancel",
    "claim",
    "close_delivered",
    "consult",
    "decline",
    "decline_consultation",
    "draft_of",
    "draft_versions",
    "ensure_task",
    "escalate_due",
    "expire_leases",
    "follow_consultations",
    "follow_holds",
    "follow_readings",
    "give_opinion",
    "heartbeat",
    "image_replaced",
    "issue_preliminary",
    "late_images",
    "may_see_draft",
    "may_sign_alone",
    "next_task",
    "open_consultation",
    "open_ready_studies",
    "plan_next",
    "preview",
    "prioritise",
    "read_again",
    "readings_of",
    "recall",
    "receipt",
    "reconcile",
    "reject",
    "release",
    "reread",
    "resume",
    "retaken",
    "return_for_retake",
    "save_draft",
    "sign",
    "submit",
    "take_planned",
    "with_licences",
    "withdraw",
]
