"""Recording and ending what people are licensed for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reading_queue.rosters.editing import modality_words, note, reader_named, require_editor
from reading_queue.rosters.qualifications import licence_of, local_day
from reading_queue.service.actors import Actor
from storage.db.models import Qualification
from storage.db.queries.rosters import all_qualifications
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict, InvalidField, NotFound

WARNING = timedelta(days=30)
"""How long before its end a licence is warned about."""


@dataclass(frozen=True)
class LicenceGiven:
    """A licence as it is put on record: days are local, both inclusive; `modality` may be a group."""

    username: str
    modality: str
    valid_from: date
    valid_until: date | None = None
    subspecialty: str = ""
    may_audit: bool = False
    licence_number: str = ""
    note: str = ""


def record_licence(
    work: UnitOfWork, actor: Actor, given: LicenceGiven, qualification_id: int | None = None
) -> Qualification:
    """Put a licence on record, or correct one. From the first on, licences alone say what a person may read.

    Raises `InvalidField`, `NotFound`, and `Conflict` for one that has been ended.
    """
    by_id = require_editor(actor)
    user, words = reader_named(work, given.username), modality_words([given.modality]) or []
    if given.valid_until is not None and given.valid_until < given.valid_from:
        raise InvalidField("valid_until", "must not be before valid_from.")
    row = Qualification(user_id=user.id) if qualification_id is None else qualification_by_id(work, qualification_id)
    if row.ended_on is not None or row.user_id != user.id:
        raise Conflict("That licence has been ended, or is somebody else's: put a new one on record.")
    row.modality, row.subspecialty, row.may_audit = words[0], given.subspecialty.strip().lower(), given.may_audit
    row.licence_number, row.note = given.licence_number.strip(), given.note.strip()
    row.valid_from, row.valid_until = given.valid_from, given.valid_until
    row.recorded_by_id, row.recorded_at = by_id, work.now
    work.session.add(row)
    work.session.flush()
    note(work, actor, "qualification.put", f"user:{user.id}", **_told(row))
    return row


def end_licence(work: UnitOfWork, actor: Actor, qualification_id: int, reason: str) -> Qualification:
    """End a licence before its time: from today on it lets nobody claim or sign. Raises `NotFound`, `Conflict`, `InvalidField`."""
    require_editor(actor)
    row = qualification_by_id(work, qualification_id)
    if row.ended_on is not None:
        raise Conflict("The licence has been ended already.")
    if not reason.strip():
        raise InvalidField("reason", "must be given.")
    row.ended_on = local_day(work, work.now)
    work.session.flush()
    note(work, actor, "qualification.end", f"user:{row.user_id}", **_told(row), reason=reason.strip())
    return row


def ending_soon(work: UnitOfWork) -> Sequence[Qualification]:
    """Licences in force that end within `WARNING`, where no other one goes on after them."""
    today = local_day(work, work.now)
    rows = [row for row in all_qualifications(work) if row.user.active]
    return [row for row in rows if ends_soon(row, today) and not _goes_on(row, rows)]


def ends_soon(row: Qualification, today: date) -> bool:
    """Whether it is in force today and ends within `WARNING`."""
    in_force = licence_of(row).is_valid_on(today)
    return in_force and row.valid_until is not None and row.valid_until <= today + WARNING


def qualification_by_id(work: UnitOfWork, qualification_id: int) -> Qualification:
    """Raises `NotFound`."""
    row = work.session.get(Qualification, qualification_id)
    if row is None:
        raise NotFound("There is no such licence.")
    return row


def _goes_on(row: Qualification, rows: Sequence[Qualification]) -> bool:
    after = (row.valid_until or date.max - timedelta(days=1)) + timedelta(days=1)
    same = (row.user_id, row.modality, row.subspecialty)
    return any(
        (one.user_id, one.modality, one.subspecialty) == same
        and one.may_audit >= row.may_audit
        and licence_of(one).is_valid_on(after)
        for one in rows
    )


def _told(row: Qualification) -> dict[str, object]:
    return {
        "qualification": row.id,
        "modality": row.modality,
        "subspecialty": row.subspecialty,
        "may_audit": row.may_audit,
        "valid_from": str(row.valid_from),
        "valid_until": None if row.valid_until is None else str(row.valid_until),
    }
