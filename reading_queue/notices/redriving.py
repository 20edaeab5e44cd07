"""Sending again, by a person's word: what was given up, and what a webhook wants to hear once more."""

from collections.abc import Collection

from sqlalchemy import select

from reading_queue.notices.webhooks import require_operator, webhook
from reading_queue.service.actors import Actor
from storage.audit import AuditEntry, record
from storage.db.models import NoticeDelivery
from storage.db.session import Hint, UnitOfWork
from storage.domain.errors import NotFound
from storage.domain.notices import DeliveryState

_BATCH = 500


def redrive(work: UnitOfWork, actor: Actor, delivery_ids: Collection[int] | None = None) -> int:
    """Let these be tried anew, or all that were given up, 500 at a time. Returns how many; one that was sent is left."""
    require_operator(actor)
    waits = NoticeDelivery.state.in_((DeliveryState.GIVEN_UP, DeliveryState.FAILED))
    chosen = (
        NoticeDelivery.state == DeliveryState.GIVEN_UP if delivery_ids is None else NoticeDelivery.id.in_(delivery_ids)
    )
    query = select(NoticeDelivery).where(waits, chosen).order_by(NoticeDelivery.id).limit(_BATCH)
    rows = work.session.execute(query.with_for_update(of=NoticeDelivery)).scalars().all()
    for row in rows:
        _again(work, row)
    if rows:
        _note(work, actor, "notice.redrive", "deliveries", {"deliveries": [row.id for row in rows]})
    return len(rows)


def replay(work: UnitOfWork, actor: Actor, webhook_id: int, *, after: int) -> int:
    """Send a webhook everything again that has a number above `after`, with the same keys. Returns how many."""
    require_operator(actor)
    hook = webhook(work, webhook_id)
    if after > hook.last_seq:
        raise NotFound(f"The last number of this webhook is {hook.last_seq}.")
    ended = (DeliveryState.SENT, DeliveryState.GIVEN_UP, DeliveryState.FAILED)
    query = (
        select(NoticeDelivery)
        .where(NoticeDelivery.webhook_id == hook.id, NoticeDelivery.seq > after, NoticeDelivery.state.in_(ended))
        .order_by(NoticeDelivery.seq)
    )
    rows = work.session.execute(query.with_for_update(of=NoticeDelivery)).scalars().all()
    for row in rows:
        _again(work, row)
    _note(work, actor, "webhook.replay", f"webhook:{hook.id}", {"after": after, "deliveries": len(rows)})
    return len(rows)


def _again(work: UnitOfWork, row: NoticeDelivery) -> None:
    row.state, row.attempts, row.next_attempt_at = DeliveryState.PENDING, 0, work.now
    work.after_commit(Hint("deliver_notice", (row.notice_id,)))


def _note(work: UnitOfWork, actor: Actor, action: str, subject: str, detail: dict[str, object]) -> None:
    record(work.session, AuditEntry(work.now, actor.username, action, subject, detail))
