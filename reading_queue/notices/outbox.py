"""Writing down who must be told what."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import and_, or_, select

from reading_queue.notices.wording import WORDING
from storage.db.models import Institution, Notice, NoticeRecipient, User
from storage.db.session import Hint, UnitOfWork
from storage.db.upsert import insert_missing
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
    Telephone numbers under "phones" in `params` get a short message too.
    """
    if kind not in WORDING:
        # People are told all the same, in general words; a test fails of it.
        warnings.warn(f"There is no sentence for notices of the kind {kind}.", stacklevel=2)
    row = {
        "key": key,
        "kind": kind,
        "urgency": urgency,
        **asdict(about),
        "params": dict(params or {}),
        "created_at": work.now,
    }
    made = insert_missing(work.session, Notice, [row], Notice.id)
    if not made:
        return None
    notice = work.session.get_one(Notice, made[0].id)
    tell(work, notice, people(work, to))
    work.after_commit(Hint("deliver_notice", (notice.id,)))
    return notice


def tell(work: UnitOfWork, notice: Notice, users: Sequence[User]) -> None:
    """Put the notice before these people, each once."""
    rows = [
        {"notice_id": notice.id, "user_id": user.id, "institution_id": user.institution_id}
        for user in sorted(users, key=lambda user: user.id)
    ]
    insert_missing(work.session, NoticeRecipient, rows, NoticeRecipient.id)


def people(work: UnitOfWork, to: Audience) -> Sequence[User]:
    """Everybody of an audience who may log in."""
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
