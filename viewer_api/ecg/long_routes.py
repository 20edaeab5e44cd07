"""`/api/v1/studies/{uid}/ecg/{sop}/long`: a day of ECG in parts that are each small."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response

from storage.db.models import Ambulatory
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.ecg.long_schemas import BeatKind, LongBeats, LongEcgOut, TendencyOut
from viewer_api.ecg.long_service import beat_page, beats_of, long_of, overview_tile, summary_out, tendency_out
from viewer_api.ecg.schemas import SopUid
from viewer_api.ecg.service import started_at_of
from viewer_api.http import FOREVER, matches, not_modified
from viewer_api.openapi import Responses, refusals
from viewer_api.studies.routes import Uid

router = APIRouter(prefix="/api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}/long", tags=["ecg"])

MEDIA_TYPE = "application/vnd.countyread.ecg-overview"
_LONGEST_S = 14 * 86_400.0
_MOST_BEATS = 500
_MOST_PARTS = 4000
_TILE: Responses = {
    200: {"content": {MEDIA_TYPE: {}}, "description": "Header and columns; docs/ecg.md has the layout."},
    304: {"description": "The client has it."},
    **refusals(401, 403, 404, 422),
}
Seconds = Annotated[float, Query(ge=0, le=_LONGEST_S)]
Span = Annotated[float, Query(gt=0, le=_LONGEST_S)]


def long_row(study_instance_uid: Uid, sop_instance_uid: SopUid, caller: CallerDep, services: ServicesDep) -> Ambulatory:
    """What was made of the recording that the path names, as far as the caller may see it."""
    with services.database.read(caller.scope) as work:
        return long_of(work, study_instance_uid, sop_instance_uid)


LongDep = Annotated[Ambulatory, Depends(long_row)]


@router.get("", responses=refusals(401, 403, 404))
def long_ecg(study_instance_uid: Uid, sop_instance_uid: SopUid, caller: CallerDep, services: ServicesDep) -> LongEcgOut:
    """Rates by the hour, events and ST by the minute of a recording above two minutes."""
    path = f"/api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}"
    with services.database.read(caller.scope) as work:
        row = long_of(work, study_instance_uid, sop_instance_uid)
        return summary_out(row, path, started_at_of(work, row.instance_id))


@router.get("/overview", response_class=Response, responses=_TILE)
def long_overview(
    row: LongDep,
    services: ServicesDep,
    lead: Annotated[str, Query(min_length=1, max_length=12)],
    start_s: Seconds = 0.0,
    seconds: Span = 3600.0,
    per_column: Annotated[int, Query(ge=1, le=10_000, description="Columns of 40 ms that are put into one.")] = 1,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """The lowest and highest of each column of a lead, around its own baseline; 50,000 columns at most in one answer."""
    headers = {
        "ETag": f'"{row.sha256[:32]}-{lead}-{start_s:g}-{seconds:g}-{per_column}"',
        "Cache-Control": FOREVER,
    }
    if matches(if_none_match, headers["ETag"]):
        return not_modified(headers)
    return Response(overview_tile(services.store, row, lead, start_s, seconds, per_column), 200, headers, MEDIA_TYPE)


@router.get("/beats", responses=refusals(401, 403, 404, 422))
def long_beats(
    row: LongDep,
    services: ServicesDep,
    kind: Annotated[list[BeatKind] | None, Query()] = None,
    start_s: Seconds = 0.0,
    end_s: Seconds = _LONGEST_S,
    after: Annotated[int, Query(ge=-1)] = -1,
    limit: Annotated[int, Query(ge=1, le=_MOST_BEATS)] = 100,
) -> LongBeats:
    """Beats in order of time, a page at a time."""
    return beat_page(beats_of(services.store, row), kind or (), (start_s, end_s), after, limit)


@router.get("/tendency", responses=refusals(401, 403, 404, 422))
def long_tendency(
    row: LongDep,
    services: ServicesDep,
    start_s: Seconds = 0.0,
    seconds: Annotated[float | None, Query(gt=0, le=_LONGEST_S)] = None,
    parts: Annotated[int, Query(ge=1, le=_MOST_PARTS)] = 1000,
) -> TendencyOut:
    """Shortest, usual and longest interval of each part of a span; of the whole record without one."""
    span = seconds if seconds is not None else max(1.0, row.seconds - start_s)
    return tendency_out(beats_of(services.store, row), start_s, span, parts)
