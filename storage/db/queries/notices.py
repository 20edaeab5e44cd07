"""A person's notices, and how deliveries went."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from storage.db.models import (
    DeadLetter,
    Institution,
    Notice,
    NoticeDelivery,
    NoticeRecipient,
    ReadingTask,
    Study,
    User,
    Webhook,
)
from storage.db.session import UnitOfWork
from storage.domain.hints import LetterState
from storage.domain.notices import DeliveryState, Urgency


@dataclass(frozen=True)
class NoticeLine:
    """A notice as its recipient sees it. `study_instance_uid` is empty when it is about none."""

    recipient: NoticeRecipient
    notice: Notice
    study_instance_uid: str


@dataclass(frozen=True)
class Unseen:
    """How many a person has not seen, and how many of them are urgent."""

    all: int
    urgent: int


def notices_of(
    work: UnitOfWork, user_id: int, limit: int, *, unseen_only: bool = False, before: int | None = None
) -> list[NoticeLine]:
    """The newest first; `before` is the recipient's number of the last one on the page before."""
    query = (
        select(NoticeRecipient, Notice, func.coalesce(Study.study_instance_uid, ""))
        .join(Notice, Notice.id == NoticeRecipient.notice_id)
        .outerjoin(ReadingTask, ReadingTask.id == Notice.task_id)
        .outerjoin(Study, Study.id == func.coalesce(Notice.study_id, ReadingTask.study_id))
        .where(NoticeRecipient.user_id == user_id)
        .order_by(NoticeRecipient.id.desc())
        .limit(limit)
    )
    if unseen_only:
        query = query.where(NoticeRecipient.seen_at.is_(None))
    if before is not None:
        query = query.where(NoticeRecipient.id < before)
    return [NoticeLine(*row) for row in work.session.execute(query)]


def unseen_of(work: UnitOfWork, user_id: int) -> Unseen:
    """By an index."""
    query = (
        select(Notice.urgency, func.count())
        .join(NoticeRecipient, NoticeRecipient.notice_id == Notice.id)
        .where(NoticeRecipient.user_id == user_id, NoticeRecipient.seen_at.is_(None))
        .group_by(Notice.urgency)
    )
    by_urgency: dict[str, int] = dict(work.session.execute(query).all())
    return Unseen(sum(by_urgency.values()), by_urgency.get(Urgency.URGENT, 0))


def mark_seen(work: UnitOfWork, user_id: int, notice_ids: Collection[int] | None, up_to: int | None = None) -> int:
    """These notices, or all that are not urgent up to a recipient's number. Returns how many were new."""
    wanted = [NoticeRecipient.user_id == user_id, NoticeRecipient.seen_at.is_(None)]
    if notice_ids is not None:
        wanted.append(NoticeRecipient.notice_id.in_(notice_ids))
    else:
        calm = select(Notice.id).where(Notice.id == NoticeRecipient.notice_id, Notice.urgency != Urgency.URGENT)
        wanted += [NoticeRecipient.id <= (up_to or 0), calm.exists()]
    seen = update(NoticeRecipient).where(*wanted).values(seen_at=work.now).returning(NoticeRecipient.id)
    return len(work.session.execute(seen).all())


def settle(work: UnitOfWork, critical_case_id: int, institution_id: int, kinds: Collection[str]) -> None:
    """What these notices asked of the institution is done: nobody there has to be told of it any more."""
    people = select(User.id).where(User.institution_id == institution_id)
    about = (Notice.critical_case_id == critical_case_id, Notice.kind.in_(kinds))
    done = select(Notice.id).where(Notice.id == NoticeRecipient.notice_id, *about)
    theirs = (NoticeRecipient.user_id.in_(people), NoticeRecipient.seen_at.is_(None))
    open_ones = update(NoticeRecipient).where(*theirs, done.exists())
    work.session.execute(open_ones.values(seen_at=work.now), execution_options={"synchronize_session": False})


def deliveries(
    work: UnitOfWork, states: Sequence[str], channel: str, limit: int, before: int | None = None
) -> Sequence[NoticeDelivery]:
    """The newest first. Empty values do not filter."""
    query = (
        select(NoticeDelivery)
        .options(joinedload(NoticeDelivery.notice), joinedload(NoticeDelivery.user), joinedload(NoticeDelivery.webhook))
        .order_by(NoticeDelivery.id.desc())
        .limit(limit)
    )
    if states:
        query = query.where(NoticeDelivery.state.in_(states))
    if channel:
        query = query.where(NoticeDelivery.channel == channel)
    if before is not None:
        query = query.where(NoticeDelivery.id < before)
    return work.session.execute(query).scalars().all()


def webhooks(work: UnitOfWork) -> Sequence[tuple[Webhook, str | None]]:
    """By name, each with the code of the institution that it is kept to."""
    query = select(Webhook, Institution.code).outerjoin(Institution, Institution.id == Webhook.institution_id)
    return [(hook, code) for hook, code in work.session.execute(query.order_by(Webhook.name))]


def reached(work: UnitOfWork) -> Sequence[User]:
    """Everybody who may log in, by user name."""
    return work.session.execute(select(User).where(User.active).order_by(User.username)).scalars().all()


def given_up(work: UnitOfWork) -> int:
    """How many deliveries wait for a person."""
    query = select(func.count(NoticeDelivery.id)).where(NoticeDelivery.state == DeliveryState.GIVEN_UP)
    return work.session.execute(query).scalar_one()


def open_letters(work: UnitOfWork) -> int:
    """How many tasks failed for good and wait for a person."""
    query = select(func.count(DeadLetter.id)).where(DeadLetter.state == LetterState.OPEN)
    return work.session.execute(query).scalar_one()
