"""Making the roster: shifts of people, swaps, absences. Every change holds from its commit on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from reading_queue.rosters.editing import note, reader_named, require_editor
from reading_queue.rosters.kinds import shift_kind
from reading_queue.service.actors import Actor
from storage.db.models import Absence, DutySpan, DutySwap, ShiftKind, User
from storage.db.queries.rosters import spans_of_days
from storage.db.session import UnitOfWork
from storage.domain.errors import Conflict, InvalidField, NotFound
from storage.domain.rosters import AbsenceKind, shift_span

LONGEST_SHIFT = timedelta(hours=36)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class ShiftOf:
    """A shift of one person on one local day. `span` where it does not last as its kind says; None for `on_call` too."""

    username: str
    kind_id: int
    day: date
    span: tuple[datetime, datetime] | None = None
    on_call: bool | None = None
    phone: str = ""
    note: str = ""


def put_shift(work: UnitOfWork, actor: Actor, shift: ShiftOf) -> DutySpan:
    """Give somebody a shift, or bring the one that he has of this kind and day to these values.

    Raises `InvalidField`, and `NotFound` for the shift kind.
    """
    require_editor(actor)
    user, kind = reader_named(work, shift.username), shift_kind(work, shift.kind_id)
    if not user.active:
        raise InvalidField("user", "must be an active reader.")
    starts, ends = _span(work, shift, kind)
    duty = _duty_of(work, user.id, kind.id, shift.day) or DutySpan(user_id=user.id, shift_kind_id=kind.id)
    duty.day, duty.starts_at, duty.ends_at, duty.exact = shift.day, starts, ends, shift.span is not None
    duty.on_call = kind.on_call if shift.on_call is None else shift.on_call
    duty.phone, duty.note = shift.phone.strip(), shift.note.strip()
    work.session.add(duty)
    work.session.flush()
    note(work, actor, "roster.put", f"duty:{duty.id}", **_told(duty))
    return duty


def drop_shift(work: UnitOfWork, actor: Actor, duty_id: int) -> None:
    """Take a shift off the roster. Raises `NotFound`."""
    require_editor(actor)
    duty = duty_by_id(work, duty_id)
    note(work, actor, "roster.drop", f"duty:{duty.id}", **_told(duty))
    work.session.delete(duty)
    work.session.flush()


def copy_week(work: UnitOfWork, actor: Actor, source: date, target: date) -> int:
    """Repeat the week that begins on `source` in the one that begins on `target`; shifts that are there stay. How many came.

    Shifts of people who left, kinds out of use, and exact spans' own hours are not repeated.
    """
    require_editor(actor)
    if source.weekday() or target.weekday() or source == target:
        raise InvalidField("target", "must be another Monday than the source, which is one too.")
    there = {(duty.user_id, duty.shift_kind_id, duty.day) for duty in spans_of_days(work, target, target + WEEK)}
    added = 0
    for duty in spans_of_days(work, source, source + timedelta(days=6)):
        day = duty.day + (target - source)
        if (duty.user_id, duty.shift_kind_id, day) in there or not (duty.user.active and duty.kind.active):
            continue
        shift = ShiftOf(duty.user.username, duty.shift_kind_id, day, on_call=duty.on_call, phone=duty.phone)
        put_shift(work, actor, shift)
        added += 1
    note(work, actor, "roster.copy", f"week:{target}", source=str(source), shifts=added)
    return added


def swap(
    work: UnitOfWork, actor: Actor, duty_id: int, to_username: str, for_duty_id: int | None = None, reason: str = ""
) -> DutySwap:
    """Hand a shift to somebody else, or change it for one of his. Raises `InvalidField`, `NotFound`, `Conflict`."""
    by_id = require_editor(actor)
    given, to = duty_by_id(work, duty_id), reader_named(work, to_username)
    taken = None if for_duty_id is None else duty_by_id(work, for_duty_id)
    if to.id == given.user_id or not to.active:
        raise InvalidField("to", "must be another active reader.")
    if taken is not None and taken.user_id != to.id:
        raise InvalidField("for_duty", "must be a shift of the one who takes this.")
    swapped = DutySwap(
        shift_kind_id=given.shift_kind_id,
        day=given.day,
        from_user_id=given.user_id,
        to_user_id=to.id,
        for_shift_kind_id=taken and taken.shift_kind_id,
        for_day=taken and taken.day,
        by_id=by_id,
        at=work.now,
        reason=reason.strip(),
    )
    _hand_over(work, given, taken, to)
    work.session.add(swapped)
    work.session.flush()
    detail = {"from": swapped.from_user_id, "to": to.id, "for": for_duty_id, "reason": swapped.reason}
    note(work, actor, "roster.swap", f"duty:{given.id}", **detail)
    return swapped


def record_absence(
    work: UnitOfWork, actor: Actor, username: str, kind: AbsenceKind, span: tuple[datetime, datetime], words: str = ""
) -> Absence:
    """Somebody is away for `span`: his shifts in it do not count. Raises `InvalidField`."""
    by_id = require_editor(actor)
    if span[1] <= span[0]:
        raise InvalidField("ends_at", "must be after starts_at.")
    user = reader_named(work, username)
    absence = Absence(
        user_id=user.id,
        kind=kind,
        starts_at=span[0],
        ends_at=span[1],
        note=words.strip(),
        recorded_by_id=by_id,
        recorded_at=work.now,
    )
    work.session.add(absence)
    work.session.flush()
    note(work, actor, "roster.absence", f"user:{user.id}", **_away(absence))
    return absence


def end_absence(work: UnitOfWork, actor: Actor, absence_id: int) -> None:
    """He is back: one that has begun ends now, one to come is gone. Raises `NotFound`, `Conflict` for one that is over."""
    require_editor(actor)
    absence = work.session.get(Absence, absence_id)
    if absence is None:
        raise NotFound("There is no such absence.")
    if absence.ends_at <= work.now:
        raise Conflict("The absence is over; what has been stays on record.")
    note(work, actor, "roster.absence.end", f"user:{absence.user_id}", **_away(absence))
    if absence.starts_at < work.now:
        absence.ends_at = work.now
    else:
        work.session.delete(absence)
    work.session.flush()


def duty_by_id(work: UnitOfWork, duty_id: int) -> DutySpan:
    """Raises `NotFound`."""
    duty = work.session.get(DutySpan, duty_id)
    if duty is None:
        raise NotFound("There is no such shift.")
    return duty


def _span(work: UnitOfWork, shift: ShiftOf, kind: ShiftKind) -> tuple[datetime, datetime]:
    if shift.span is None:
        starts, ends = shift_span(shift.day, kind.starts, kind.ends, work.zone)
        return starts.astimezone(UTC), ends.astimezone(UTC)
    starts, ends = shift.span
    if not timedelta() < ends - starts <= LONGEST_SHIFT:
        raise InvalidField("ends_at", f"must be after starts_at, {LONGEST_SHIFT // timedelta(hours=1)} hours at most.")
    if starts.astimezone(work.zone).date() != shift.day:
        raise InvalidField("starts_at", "must lie on the day of the shift.")
    return starts.astimezone(UTC), ends.astimezone(UTC)


def _duty_of(work: UnitOfWork, user_id: int, kind_id: int, day: date) -> DutySpan | None:
    query = select(DutySpan).where(DutySpan.user_id == user_id, DutySpan.shift_kind_id == kind_id, DutySpan.day == day)
    return work.session.execute(query).scalar_one_or_none()


def _hand_over(work: UnitOfWork, given: DutySpan, taken: DutySpan | None, to: User) -> None:
    if taken is not None and (taken.shift_kind_id, taken.day) == (given.shift_kind_id, given.day):
        raise InvalidField("for_duty", "must be another shift.")
    giver = given.user_id
    for duty, user_id in ((given, to.id), *([(taken, giver)] if taken is not None else [])):
        there = _duty_of(work, user_id, duty.shift_kind_id, duty.day)
        if there is not None:
            raise Conflict("He has the same shift on that day already.")
    given.user_id = to.id
    if taken is not None:
        taken.user_id = giver


def _told(duty: DutySpan) -> dict[str, object]:
    return {
        "user": duty.user_id,
        "kind": duty.shift_kind_id,
        "day": str(duty.day),
        "starts_at": duty.starts_at.isoformat(),
        "ends_at": duty.ends_at.isoformat(),
        "on_call": duty.on_call,
    }


def _away(absence: Absence) -> dict[str, object]:
    return {
        "absence": absence.id,
        "kind": str(absence.kind),
        "starts_at": absence.starts_at.isoformat(),
        "ends_at": absence.ends_at.isoformat(),
    }
