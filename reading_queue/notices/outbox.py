"""Writing down who must be told what."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

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

    def holds(self, person: "Person") -> bool:
        """Whether the person is among them."""
        centre = person.institution_kind == InstitutionKind.CENTRE
        there = centre if self.institution_id is None else person.institution_id == self.institution_id
        return person.id in self.users or (there and person.role in self.roles)


class Person(NamedTuple):
    """Somebody who can be told, as far as audiences go."""

    id: int
    role: str
    institution_id: int
    institution_kind: str


@dataclass(frozen=True)
class About:
    """What a notice leads to."""

    task_id: int | None = None
    study_id: int | None = None
    critical_case_id: int | None = None


@dataclass(frozen=True)
class Telling:
    """One notice that is to be. `params` hold no patient data.

    `kind` is dotted, like "task.breached"; `key` names the occasion: kind, subject and round, like "task.breached:17:3".
    Telephone numbers under "phones" in `params` get a short message too.
    """

    kind: str
    to: Audience
    about: About
    key: str
    urgency: Urgency = Urgency.NORMAL
    params: Mapping[str, Any] = field(default_factory=dict)


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
    """Tell `to` once, as `Telling` has it: None when a notice with this `key` is there already."""
    made = notify_many(work, [Telling(kind, to, about, key, urgency, dict(params or {}))])
    return work.session.get_one(Notice, made[0]) if made else None


def notify_many(work: UnitOfWork, tellings: Sequence[Telling]) -> list[int]:
    """Tell all of it in three statements, however much it is; the identities of the notices that had not been there."""
    for kind in {one.kind for one in tellings} - WORDING.keys():
        # People are told all the same, in general words; a test fails of it.
        warnings.warn(f"There is no sentence for notices of the kind {kind}.", stacklevel=2)
    made = insert_missing(work.session, Notice, [_row(work, one) for one in tellings], Notice.id, Notice.key)
    by_key = {row.key: row.id for row in made}
    first = {one.key: one for one in reversed(tellings)}
    told = [(by_key[key], first[key].to) for key in sorted(by_key, key=lambda key: by_key[key])]
    _tell_all(work, told)
    for notice_id, _ in told:
        work.after_commit(Hint("deliver_notice", (notice_id,)))
    return [notice_id for notice_id, _ in told]


def tell(work: UnitOfWork, notice: Notice, to: Audience) -> None:
    """Put a notice that is there before these people too, each once."""
    _tell_all(work, [(notice.id, to)])


def _row(work: UnitOfWork, one: Telling) -> dict[str, Any]:
    return {
        "key": one.key,
        "kind": one.kind,
        "urgency": one.urgency,
        **vars(one.about),
        "params": dict(one.params),
        "created_at": work.now,
    }


def _tell_all(work: UnitOfWork, told: Sequence[tuple[int, Audience]]) -> None:
    known = _people(work, [to for _, to in told])
    rows = [
        {"notice_id": notice_id, "user_id": one.id, "institution_id": one.institution_id}
        for notice_id, to in told
        for one in known
        if to.holds(one)
    ]
    insert_missing(work.session, NoticeRecipient, rows, NoticeRecipient.id)


def _people(work: UnitOfWork, audiences: Sequence[Audience]) -> Sequence[Person]:
    """Everybody who may log in and may be in one of these, in one stable order."""
    users = sorted({one for to in audiences for one in to.users})
    roles = sorted({one for to in audiences for one in to.roles})
    of = {to.institution_id for to in audiences if to.roles}
    there = [Institution.id.in_(of - {None}), *([Institution.kind == InstitutionKind.CENTRE] if None in of else [])]
    if not users and not roles:
        return []
    query = (
        select(User.id, User.role, User.institution_id, Institution.kind)
        .join(Institution, Institution.id == User.institution_id)
        .where(User.active, or_(User.id.in_(users), and_(User.role.in_(roles), or_(*there))))
        .order_by(User.id)
    )
    return [Person(*row) for row in work.session.execute(query)]
