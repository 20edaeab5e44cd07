"""`/api/v1/roster` and `/api/v1/qualifications`: managers plan, readers see the roster and their own licences."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response

from reading_queue import rosters
from reading_queue.rosters import LicenceGiven, ShiftOf, ShiftPlan
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
from viewer_api.rosters.schemas import (
    AbsenceIn,
    AbsenceOut,
    CopyIn,
    CountOut,
    CoverageOut,
    CoverageQuery,
    DutiesOut,
    DutyQuery,
    EndIn,
    KindIn,
    KindOut,
    LicenceIn,
    LicenceOut,
    LicencesOut,
    RosterOut,
    RosterQuery,
    SheetQuery,
    ShiftIn,
    ShiftOut,
    SwapIn,
    span_of,
)
from viewer_api.rosters.service import (
    absence_out,
    coverage_out,
    duties_out,
    kind_out,
    licence_out,
    licences_out,
    shift_out,
    week_out,
)

router = APIRouter(prefix="/api/v1", tags=["rosters"], responses=refusals(401, 403))

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Sheet = Annotated[bytes, Body(media_type="text/csv")]


@router.get("/roster")
def show_week(asked: Annotated[RosterQuery, Query()], caller: CallerDep, services: ServicesDep) -> RosterOut:
    """A week with its shifts, absences, gaps and faults."""
    with services.database.read() as work:
        return week_out(work, caller, asked.week)


@router.get("/roster/coverage")
def check_roster(asked: Annotated[CoverageQuery, Query()], services: ServicesDep) -> CoverageOut:
    """Which hours of the coming days have nobody for which modality and class, and which shifts do not hold."""
    with services.database.read() as work:
        return coverage_out(work, asked.first, asked.days)


@router.get("/roster/duty")
def who_is_on_duty(asked: Annotated[DutyQuery, Query()], services: ServicesDep) -> DutiesOut:
    """Everybody at work at a moment, those on call included."""
    with services.database.read() as work:
        return duties_out(work, asked.at)


@router.post("/roster/kinds", status_code=201, responses=refusals(409))
def add_kind(body: KindIn, caller: CallerDep, services: ServicesDep) -> KindOut:
    """Make a shift kind."""
    with services.database.write() as work:
        return kind_out(rosters.save_kind(work, caller.actor, ShiftPlan(**body.model_dump())))


@router.put("/roster/kinds/{kind_id}", responses=refusals(404, 409))
def change_kind(kind_id: RowId, body: KindIn, caller: CallerDep, services: ServicesDep) -> KindOut:
    """Change a shift kind; shifts to come follow its new hours."""
    with services.database.write() as work:
        return kind_out(rosters.save_kind(work, caller.actor, ShiftPlan(**body.model_dump()), kind_id))


@router.post("/roster/kinds/{kind_id}/retire", responses=refusals(404))
def retire_kind(kind_id: RowId, caller: CallerDep, services: ServicesDep) -> KindOut:
    """Take a shift kind out of use."""
    with services.database.write() as work:
        return kind_out(rosters.retire_kind(work, caller.actor, kind_id))


@router.put("/roster/shifts", responses=refusals(404))
def put_shift(body: ShiftIn, caller: CallerDep, services: ServicesDep) -> ShiftOut:
    """Give somebody a shift, or change it; it counts at once."""
    shift = ShiftOf(
        username=body.user,
        kind_id=body.kind,
        day=body.day,
        span=span_of(body.starts_at, body.ends_at),
        on_call=body.on_call,
        phone=body.phone,
        note=body.note,
    )
    with services.database.write() as work:
        return shift_out(rosters.put_shift(work, caller.actor, shift))


@router.delete("/roster/shifts/{shift_id}", status_code=204, responses=refusals(404))
def drop_shift(shift_id: RowId, caller: CallerDep, services: ServicesDep) -> None:
    """Take a shift off the roster."""
    with services.database.write() as work:
        rosters.drop_shift(work, caller.actor, shift_id)


@router.post("/roster/shifts/{shift_id}/swap", responses=refusals(404, 409))
def swap_shift(shift_id: RowId, body: SwapIn, caller: CallerDep, services: ServicesDep) -> ShiftOut:
    """Hand a shift to somebody else, or change it for one of his."""
    with services.database.write() as work:
        rosters.swap(work, caller.actor, shift_id, body.to, body.for_shift, body.reason)
        work.session.expire_all()
        return shift_out(rosters.duty_by_id(work, shift_id))


@router.post("/roster/copy")
def copy_week(body: CopyIn, caller: CallerDep, services: ServicesDep) -> CountOut:
    """Repeat a week in another; what is there stays."""
    with services.database.write() as work:
        return CountOut(put=rosters.copy_week(work, caller.actor, body.source, body.target))


@router.post("/roster/absences", status_code=201)
def add_absence(body: AbsenceIn, caller: CallerDep, services: ServicesDep) -> AbsenceOut:
    """Somebody is away: his shifts in that time do not count."""
    with services.database.write() as work:
        span = body.starts_at, body.ends_at
        made = rosters.record_absence(work, caller.actor, body.user, body.kind, span, body.note)
        return absence_out(made, caller)


@router.delete("/roster/absences/{absence_id}", status_code=204, responses=refusals(404, 409))
def end_absence(absence_id: RowId, caller: CallerDep, services: ServicesDep) -> None:
    """He is back, or does not go."""
    with services.database.write() as work:
        rosters.end_absence(work, caller.actor, absence_id)


@router.get("/roster/sheet", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def show_sheet(asked: Annotated[SheetQuery, Query()], services: ServicesDep) -> Response:
    """The shifts of some days as CSV in UTF-8 with a byte order mark."""
    with services.database.read() as work:
        content = rosters.as_csv(work, asked.first, asked.last)
    names = {"Content-Disposition": f'attachment; filename="roster-{asked.first}.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=names)


@router.post("/roster/sheet")
def take_sheet(body: Sheet, caller: CallerDep, services: ServicesDep, *, replace: bool = False) -> CountOut:
    """Put every shift of a CSV in UTF-8, UTF-16 or GB18030 on the roster, or none; `replace` drops others of these days."""
    with services.database.write() as work:
        taken = rosters.take_csv(work, caller.actor, body, replace=replace)
        return CountOut(put=taken.put, dropped=taken.dropped)


@router.get("/qualifications")
def list_licences(caller: CallerDep, services: ServicesDep) -> LicencesOut:
    """Every licence for managers, for a reader his own."""
    with services.database.read() as work:
        return licences_out(work, caller)


@router.post("/qualifications", status_code=201)
def add_licence(body: LicenceIn, caller: CallerDep, services: ServicesDep) -> LicenceOut:
    """Put a licence on record. From the first on, licences alone say what somebody may read."""
    with services.database.write() as work:
        return licence_out(work, rosters.record_licence(work, caller.actor, _given(body)))


@router.put("/qualifications/{licence_id}", responses=refusals(404, 409))
def change_licence(licence_id: RowId, body: LicenceIn, caller: CallerDep, services: ServicesDep) -> LicenceOut:
    """Correct a licence."""
    with services.database.write() as work:
        return licence_out(work, rosters.record_licence(work, caller.actor, _given(body), licence_id))


@router.post("/qualifications/{licence_id}/end", responses=refusals(404, 409))
def end_licence(licence_id: RowId, body: EndIn, caller: CallerDep, services: ServicesDep) -> LicenceOut:
    """End a licence today."""
    with services.database.write() as work:
        return licence_out(work, rosters.end_licence(work, caller.actor, licence_id, body.reason))


def _given(body: LicenceIn) -> LicenceGiven:
    values = body.model_dump()
    return LicenceGiven(username=values.pop("user"), **values)
