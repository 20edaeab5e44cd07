"""Who may read what, by licences with dates."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from storage.db.models import Qualification, User
from storage.db.queries import rosters as rows
from storage.db.queries.at_work import licences_of_one
from storage.db.session import UnitOfWork
from storage.domain.rosters import Licence, is_licensed, names_modality


def local_day(work: UnitOfWork, at: datetime) -> date:
    """The day that it is in the county at `at`."""
    return at.astimezone(work.zone).date()


def may_read(work: UnitOfWork, user_id: int, modality: str, at: datetime, subspecialty: str = "") -> bool:
    """Whether that person is qualified at `at`: by licences, or by `User.modalities` where there is not a single row."""
    user = work.session.get(User, user_id)
    licences = licences_of(work, [user_id]).get(user_id)
    return user is not None and is_qualified(work, user.modalities, licences, modality, at, subspecialty)


def may_audit(work: UnitOfWork, user_id: int, modality: str, at: datetime) -> bool:
    """The same for signing what others drafted, which a licence has to allow."""
    user = work.session.get(User, user_id)
    licences = licences_of(work, [user_id]).get(user_id)
    return user is not None and is_qualified(work, user.modalities, licences, modality, at, audit=True)


def licences_of(work: UnitOfWork, users: Collection[int]) -> dict[int, tuple[Licence, ...]]:
    """The licences of those of `users` who have any, past ones included."""
    found: dict[int, tuple[Licence, ...]] = {}
    for row in rows.qualifications_of(work, users):
        found[row.user_id] = (*found.get(row.user_id, ()), licence_of(row))
    return found


def held_licences(work: UnitOfWork, user_id: int, at: datetime) -> tuple[Licence, ...] | None:
    """The licences of that person that hold at `at`; None where there has never been one, so that `modalities` decides."""
    found = licences_of_one(work, user_id, local_day(work, at))
    return tuple(Licence(*fields) for _, *fields, holds in found if holds) if found else None


def is_qualified(
    work: UnitOfWork,
    modalities: Sequence[str] | None,
    licences: Sequence[Licence] | None,
    modality: str,
    at: datetime,
    subspecialty: str = "",
    *,
    audit: bool = False,
) -> bool:
    """Whether these licences, or `modalities` where there is none, let their holder read the modality at `at`."""
    if not licences:
        return names_modality(modalities, modality)
    return is_licensed(licences, modality, local_day(work, at), subspecialty, audit=audit)


def licence_of(row: Qualification) -> Licence:
    """The row as the rules see it."""
    return Licence(row.modality, row.subspecialty, row.may_audit, row.valid_from, row.valid_until, row.ended_on)
