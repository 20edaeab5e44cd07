"""Carrying notices out of the house: each delivery is claimed by one worker, sent, and tried again with growing waits."""

import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from reading_queue.notices.carriers import Carrier
from reading_queue.notices.composing import Message, compose
from reading_queue.notices.errors import DeliveryFailed, DeliveryRefused
from reading_queue.notices.outbox import About, Audience, notify
from reading_queue.notices.planning import plan
from reading_queue.notices.rules import NOTICES
from reading_queue.rulebook import in_force
from storage.db.models import Notice, NoticeDelivery
from storage.db.session import Database, Hint, UnitOfWork
from storage.domain.identifiers import new_uid
from storage.domain.notices import Channel, DeliveryState
from storage.domain.reading import Role
from storage.settings import Settings

_log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=5)
"""After this time a worker that has not said how it went counts as lost."""

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
_HINT_TIME = timedelta(seconds=20)
_BATCH = 200
_random = random.SystemRandom()


@dataclass(frozen=True)
class PostOffice:
    """What deliveries are carried with, and where links lead to."""

    carriers: Mapping[Channel, Carrier]
    public_url: str


def deliver_notice(database: Database, office: PostOffice, notice_id: int) -> None:
    """Plan the notice if nobody has, and send what is due of it."""
    with database.write() as work:
        plan(work, notice_id, office.carriers.keys())
    with database.read() as work:
        due = (NoticeDelivery.notice_id == notice_id, NoticeDelivery.next_attempt_at <= work.now)
        ids = work.session.execute(select(NoticeDelivery.id).where(*due).order_by(NoticeDelivery.id)).scalars().all()
    for delivery_id in ids:
        deliver(database, office, delivery_id)


def deliver(database: Database, office: PostOffice, delivery_id: int) -> None:
    """One attempt, if it is due and nobody else makes it."""
    token = new_uid()
    with database.write() as work:
        message = _claim(work, office, delivery_id, token)
    if message is None:
        return
    failure: DeliveryFailed | None = None
    try:
        office.carriers[message.channel](message)
    except DeliveryFailed as error:
        failure = error
        _log.warning("A notice by %s was not delivered: %s.", message.channel, error)
    with database.write() as work:
        _conclude(work, delivery_id, token, failure)


def deliver_waiting(database: Database, _settings: Settings) -> None:
    """Hint again at every notice that nobody has planned, and at deliveries whose time has come."""
    with database.write() as work:
        unplanned = select(Notice.id).where(Notice.planned_at.is_(None), Notice.created_at <= work.now - _HINT_TIME)
        due = select(NoticeDelivery.notice_id).where(NoticeDelivery.next_attempt_at <= work.now)
        for query in (unplanned.order_by(Notice.id), due.order_by(NoticeDelivery.next_attempt_at)):
            for notice_id in work.session.execute(query.limit(_BATCH)).scalars():
                work.after_commit(Hint("deliver_notice", (notice_id,)))


def _claim(work: UnitOfWork, office: PostOffice, delivery_id: int, token: str) -> Message | None:
    """The message, which is now this worker's to send; None when there is nothing to do, or no more."""
    taken = work.session.execute(
        update(NoticeDelivery)
        .where(NoticeDelivery.id == delivery_id, NoticeDelivery.next_attempt_at <= work.now)
        .values(
            state=DeliveryState.SENDING,
            claim_token=token,
            next_attempt_at=work.now + CLAIM,
            attempts=NoticeDelivery.attempts + 1,
        )
        .returning(NoticeDelivery.id)
    ).first()
    if taken is None:
        return None
    row = work.session.get_one(NoticeDelivery, delivery_id, populate_existing=True)
    message = compose(row, office.public_url) if row.channel in office.carriers else None
    if message is None:
        _give_up(work, row, "Nobody to send it to" if row.channel in office.carriers else "The channel is switched off")
    elif row.attempts > _limit(work, row):
        # Workers were lost over it each time.
        _give_up(work, row, row.last_error or "Workers were lost")
        return None
    return message


def _conclude(work: UnitOfWork, delivery_id: int, token: str, failure: DeliveryFailed | None) -> None:
    query = select(NoticeDelivery).where(NoticeDelivery.id == delivery_id, NoticeDelivery.claim_token == token)
    row = work.session.execute(query.with_for_update(of=NoticeDelivery)).scalar_one_or_none()
    if row is None:
        return
    row.claim_token = None
    if failure is None:
        row.state, row.sent_at, row.next_attempt_at = DeliveryState.SENT, work.now, None
    elif isinstance(failure, DeliveryRefused) or row.attempts >= _limit(work, row):
        _give_up(work, row, str(failure))
    else:
        row.state, row.last_error, row.last_error_at = DeliveryState.FAILED, str(failure), work.now
        row.next_attempt_at = work.now + wait_after(row.attempts)


def wait_after(attempts: int) -> timedelta:
    """Doubles from half a minute to an hour; a random half of it keeps those that failed together apart."""
    doubled: int = 2 ** min(attempts - 1, 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT) * _random.uniform(0.5, 1.0)


def _give_up(work: UnitOfWork, row: NoticeDelivery, why: str) -> None:
    row.state, row.next_attempt_at, row.claim_token = DeliveryState.GIVEN_UP, None, None
    row.last_error, row.last_error_at = why, work.now
    managers = Audience(roles=frozenset({Role.MANAGER, Role.ADMIN}))
    day = work.now.astimezone(work.zone).date()
    kind = "notice.given_up"
    params: dict[str, Any] = {"channel": row.channel}
    notify(work, kind, managers, About(), key=f"{kind}:{row.channel}:{day}", params=params)


def _limit(work: UnitOfWork, row: NoticeDelivery) -> int:
    return in_force(work, NOTICES).content.max_attempts(row.channel)
