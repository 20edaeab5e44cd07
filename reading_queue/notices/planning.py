"""Deciding by which channels a notice leaves the house: once, by the rules and preferences of that moment."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from reading_queue.notices.outbox import Audience, tell
from reading_queue.notices.preferences import preferences_of
from reading_queue.notices.rules import NOTICES, NoticeRules, matches
from reading_queue.rulebook import in_force
from storage.db.models import Notice, NoticeDelivery, NoticeRecipient, User, Webhook
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.canonical import sha256_hex
from storage.domain.notices import Channel, DeliveryState, Urgency

_PERSONAL = {Channel.EMAIL: "email", Channel.SMS: "mobile"}
_SHORT_HASH = 12


@dataclass(frozen=True)
class _Planned:
    """One delivery to be."""

    channel: Channel
    to: str
    at: datetime
    user_id: int | None = None
    address: str = ""


def plan(work: UnitOfWork, notice_id: int, available: Collection[Channel]) -> None:
    """Write the deliveries of a notice, for the channels that this installation has. A second call changes nothing."""
    query = select(Notice).where(Notice.id == notice_id).with_for_update()
    notice = work.session.execute(query).scalar_one_or_none()
    if notice is None or notice.planned_at is not None:
        return
    notice.planned_at = work.now
    rules = in_force(work, NOTICES).content
    besides = rules.told_besides(notice.kind, notice.urgency)
    if besides:
        tell(work, notice, Audience(roles=besides))
    planned = [*_to_people(work, notice, rules), *_to_telephones(work, notice)]
    rows = [_row(work, notice, one) for one in planned if one.channel in available]
    insert_missing(work.session, NoticeDelivery, rows, NoticeDelivery.id)
    _plan_webhooks(work, notice)


def _to_people(work: UnitOfWork, notice: Notice, rules: NoticeRules) -> Iterator[_Planned]:
    told = select(NoticeRecipient.user_id).where(NoticeRecipient.notice_id == notice.id)
    query = select(User).where(User.id.in_(told), User.active).order_by(User.id)
    for user in work.session.execute(query).scalars().all():
        for channel in sorted(rules.channels(notice.kind, notice.urgency, user.role) & set(_PERSONAL)):
            if getattr(user, _PERSONAL[channel]) and _wants(user, notice, channel):
                yield _Planned(channel, str(user.id), _not_before(work, user, notice, rules), user.id)


def _wants(user: User, notice: Notice, channel: Channel) -> bool:
    wishes = preferences_of(user)
    return notice.urgency == Urgency.URGENT or (
        channel not in wishes.off and not (wishes.muted and matches(wishes.muted, notice.kind))
    )


def _not_before(work: UnitOfWork, user: User, notice: Notice, rules: NoticeRules) -> datetime:
    quiet = preferences_of(user).quiet_hours or rules.quiet_hours
    if quiet is None or notice.urgency == Urgency.URGENT:
        return work.now
    return quiet.over_at(work.now, work.zone)


def _to_telephones(work: UnitOfWork, notice: Notice) -> Iterator[_Planned]:
    """Duty telephones that the notice names get the short message whoever carries them."""
    for phone in dict.fromkeys(str(phone) for phone in notice.params.get("phones") or ()):
        yield _Planned(Channel.SMS, sha256_hex(phone.encode())[:_SHORT_HASH], work.now, address=phone)


def _plan_webhooks(work: UnitOfWork, notice: Notice) -> None:
    institutions = select(NoticeRecipient.institution_id).where(NoticeRecipient.notice_id == notice.id)
    told = set(work.session.execute(institutions).scalars())
    query = select(Webhook).where(Webhook.active).order_by(Webhook.id).with_for_update()
    for hook in work.session.execute(query).scalars().all():
        if matches(hook.kinds, notice.kind) and hook.institution_id in {None, *told}:
            hook.last_seq += 1
            row = _row(work, notice, _Planned(Channel.WEBHOOK, f"{hook.id}", work.now))
            insert_missing(
                work.session, NoticeDelivery, [{**row, "webhook_id": hook.id, "seq": hook.last_seq}], NoticeDelivery.id
            )


def _row(work: UnitOfWork, notice: Notice, planned: _Planned) -> dict[str, Any]:
    return {
        "notice_id": notice.id,
        "channel": planned.channel,
        "user_id": planned.user_id,
        "address": planned.address,
        "key": f"notice-{notice.id}-{planned.channel}-{planned.to}",
        "state": DeliveryState.PENDING,
        "next_attempt_at": planned.at,
        "created_at": work.now,
    }
