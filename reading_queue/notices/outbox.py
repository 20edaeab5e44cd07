"""Writing down who must be told what."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import and_, or_, select

from storage.db.models import Institution, Notice, NoticeRecipient, User
from storage.db.session import UnitOfWork
from storage.domain.notices import Urgency
from storage.domain.reading import InstitutionKind, Role


@dataclass(frozen=True)
class Audience:
    """Named people, and everybody with one of `roles` in that institution; without one, in the county centre."""

    users: frozenset[int] = frozenset()
    roles: frozenset[Role] = frozenset()
    institution_id: int | None = None


@dataclass(frozen=True)
class About:
    """What a notice leads to."""

    task_id: int | None = None
    study_id: int | None = None
    critical_case_id: int | None = None


def notify(
    work: UnitOfWork,
    kind: str,
    to: Audience,
    about: About,
    *,
    key: str,
    urgency: Urgency = Urgency.NORMAL,
    params: Mapping[str, Any] | None = None,
) -> Notice | None:
    """Tell `to` once: None when a notice with this `key` is there already. `params` hold no patient data.

    `kind` is dotted, like "task.breached"; `key` names the occasion: kind, subject and round, like "task.breached:17:3".
    """
    if work.session.execute(select(Notice.id).where(Notice.key == key)).scalar_one_or_none() is not None:
        return None
    notice = Notice(
        key=key,
        kind=kind,
        urgency=urgency,
        **asdict(about),
        params=dict(params or {}),
        created_at=work.now,
    )
    work.session.add(notice)
    work.session.flush()
    for user in _people(work, to):
        work.session.add(NoticeRecipient(notice_id=notice.id, user_id=user.id, institution_id=user.institution_id))
    work.session.flush()
    return notice


def _people(work: UnitOfWork, to: Audience) -> Sequence[User]:
    institution = (
        Institution.kind == InstitutionKind.CENTRE if to.institution_id is None else Institution.id == to.institution_id
    )
    query = select(User).join(Institution, Institution.id == User.institution_id)
    return (
        work.session.execute(
            query.where(User.active, or_(User.id.in_(to.users), and_(User.role.in_(to.roles), institution)))
        )
        .scalars()
        .all()
    )
