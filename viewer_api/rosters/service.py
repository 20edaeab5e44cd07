"""Rosters and qualifications as the interface shows them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from reading_queue import rosters
from storage.db.models import Absence, DutySpan, Qualification, ShiftKind, User
from storage.db.queries import rosters as rows
from storage.db.session import UnitOfWork
from storage.domain.reading import Role
from storage.domain.rosters import AbsenceKind
from viewer_api.auth.service import Caller
from viewer_api.rosters.schemas import (
    AbsenceOut,
    CoverageOut,
    DutiesOut,
    DutyOut,
    FindingOut,
    GapOut,
    KindOut,
    LicenceOut,
    LicencesOut,
    PersonOut,
    RosterOut,
    ShiftOut,
)

WEEK = timedelta(days=7)
_LAST_OF_WEEK = timedelta(days=6)


def week_out(work: UnitOfWork, caller: Caller, day: date | None) -> RosterOut:
    """The week that `day` lies in."""
    today = rosters.local_day(work, work.now)
    shown = day or today
    first = shown - timedelta(days=shown.weekday())
    begins, ends = _moment(work, first), _moment(work, first + WEEK)
    shifts = rows.spans_of_days(work, first, first + _LAST_OF_WEEK)
    return RosterOut(
        first=first,
        today=today,
        zone=str(work.zone),
        editable=is_editor(caller),
        people=people_out(work, caller, {shift.user for shift in shifts}),
        kinds=[kind_out(kind) for kind in rows.shift_kinds(work)],
        shifts=[shift_out(shift) for shift in shifts],
        absences=[absence_out(one, caller) for one in rows.absences_between(work, begins, ends)],
        gaps=_gaps(work, max(begins, work.now), ends),
        findings=_findings(work, first, first + _LAST_OF_WEEK),
    )


def coverage_out(work: UnitOfWork, first: date | None, days: int) -> CoverageOut:
    """The roster check of so many days."""
    begins = first or rosters.local_day(work, work.now)
    last = begins + timedelta(days=days - 1)
    return CoverageOut(
        first=begins,
        last=last,
        gaps=_gaps(work, _moment(work, begins), _moment(work, last + timedelta(days=1))),
        findings=_findings(work, begins, last),
    )


def duties_out(work: UnitOfWork, at: datetime | None) -> DutiesOut:
    """Who is at work at a moment."""
    moment = at or work.now
    names = {user.id: user for user in rows.active_readers(work)}
    return DutiesOut(
        at=moment,
        items=[
            DutyOut(
                user=names[duty.user_id].username,
                name=names[duty.user_id].display_name,
                shift=duty.shift,
                modalities=None if duty.modalities is None else list(duty.modalities),
                priorities=None if duty.priorities is None else list(duty.priorities),
                until=duty.until,
                on_call=duty.on_call,
                phone=duty.phone,
            )
            for duty in rosters.on_duty(work, moment)
        ],
    )


def people_out(work: UnitOfWork, caller: Caller, besides: set[User]) -> list[PersonOut]:
    """Active readers, and whoever else has a shift to show."""
    people = sorted({*rows.active_readers(work), *besides}, key=lambda user: user.username)
    licences = rosters.licences_of(work, [user.id for user in people])
    today = rosters.local_day(work, work.now)
    named: Mapping[int, list[str]] = {
        user_id: sorted({one.modality for one in own if one.is_valid_on(today)}) for user_id, own in licences.items()
    }
    return [
        PersonOut(
            username=user.username,
            name=user.display_name,
            title=user.title,
            role=Role(user.role),
            modalities=named.get(user.id, user.modalities),
            mine=user.id == caller.user.id,
        )
        for user in people
    ]


def kind_out(kind: ShiftKind) -> KindOut:
    return KindOut.model_validate(kind, from_attributes=True)


def shift_out(shift: DutySpan) -> ShiftOut:
    return ShiftOut(
        id=shift.id,
        user=shift.user.username,
        kind=shift.shift_kind_id,
        day=shift.day,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        exact=shift.exact,
        on_call=shift.on_call,
        phone=shift.phone or shift.kind.phone,
        note=shift.note,
    )


def absence_out(absence: Absence, caller: Caller) -> AbsenceOut:
    """Why somebody is away is between him and the manager."""
    told = is_editor(caller) or absence.user_id == caller.user.id
    return AbsenceOut(
        id=absence.id,
        user=absence.user.username,
        kind=AbsenceKind(absence.kind) if told else None,
        starts_at=absence.starts_at,
        ends_at=absence.ends_at,
        note=absence.note if told else "",
    )


def licences_out(work: UnitOfWork, caller: Caller) -> LicencesOut:
    """Every licence for managers, for a reader his own."""
    editor = is_editor(caller)
    found = [row for row in rows.all_qualifications(work) if editor or row.user_id == caller.user.id]
    return LicencesOut(items=[licence_out(work, row) for row in found], editable=editor)


def licence_out(work: UnitOfWork, row: Qualification) -> LicenceOut:
    today = rosters.local_day(work, work.now)
    return LicenceOut(
        id=row.id,
        user=row.user.username,
        name=row.user.display_name,
        modality=row.modality,
        subspecialty=row.subspecialty,
        may_audit=row.may_audit,
        licence_number=row.licence_number,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        ended_on=row.ended_on,
        note=row.note,
        valid=rosters.licence_of(row).is_valid_on(today),
        ends_soon=rosters.ends_soon(row, today),
        recorded_at=row.recorded_at,
    )


def is_editor(caller: Caller) -> bool:
    return caller.role in rosters.EDITORS


def _gaps(work: UnitOfWork, first: datetime, last: datetime) -> list[GapOut]:
    if first >= last:
        return []
    return [
        GapOut(modality=gap.modality, priorities=list(gap.priorities), starts_at=gap.starts_at, ends_at=gap.ends_at)
        for gap in rosters.coverage(work, first, last)
    ]


def _findings(work: UnitOfWork, first: date, last: date) -> list[FindingOut]:
    found = rosters.findings(work, first, last)
    names = {one.user_id: work.session.get_one(User, one.user_id).username for one in found}
    return [
        FindingOut(fault=one.fault, shift=one.duty_id, user=names[one.user_id], day=one.day, other=one.other)
        for one in found
    ]


def _moment(work: UnitOfWork, day: date) -> datetime:
    return datetime.combine(day, time(), work.zone).astimezone(UTC)
