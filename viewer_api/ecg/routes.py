"""`/api/v1/studies/{uid}/ecg`: measurements and samples of a study's ECGs."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from pydantic import StringConstraints

from reading_queue.ecg.catalogue import find_statements
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.ecg.samples import MEDIA_TYPE, packed
from viewer_api.ecg.schemas import EcgList, EcgStatementOut, EcgStatements, SopUid
from viewer_api.ecg.service import ecg_instance, ecgs_of
from viewer_api.ecg.stored_samples import StoredSamples
from viewer_api.http import FOREVER, matches, not_modified
from viewer_api.openapi import Responses, refusals
from viewer_api.studies.routes import Uid

router = APIRouter(prefix="/api/v1/studies/{study_instance_uid}/ecg", tags=["ecg"])
catalogue_router = APIRouter(prefix="/api/v1/ecg-statements", tags=["ecg"])

_LONGEST_S = 3600.0
_USUAL_S = 60.0
_DAYS_S = 14 * 86_400.0
_SAMPLES: Responses = {
    200: {
        "content": {MEDIA_TYPE: {}},
        "description": "Header and 16-bit samples; docs/ecg-measuring.md has the layout.",
    },
    304: {"description": "The client has it."},
    **refusals(401, 403, 404, 422),
}
LeadName = Annotated[str, StringConstraints(pattern=r"^[-A-Za-z0-9#]{1,12}$")]


@catalogue_router.get("", responses=refusals(401, 403))
def list_statements(
    q: Annotated[str, Query(max_length=64, description="Code, AHA number, pinyin, initials or words.")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 500,
) -> EcgStatements:
    """The catalogue of statements that suggestions, templates and reports name by their codes."""
    return EcgStatements(items=[EcgStatementOut(**asdict(one)) for one in find_statements(q, limit)])


@router.get("", responses=refusals(401, 403, 404))
def list_ecgs(study_instance_uid: Uid, caller: CallerDep, services: ServicesDep) -> EcgList:
    """Each ECG of the study: the values of device, engine and physician apart, suggestions with their rules, quality by lead."""
    with services.database.read(caller.scope) as work:
        return EcgList(items=ecgs_of(work, study_instance_uid, caller.actor))


@router.get("/{sop_instance_uid}/samples", response_class=Response, responses=_SAMPLES)
def ecg_samples(
    study_instance_uid: Uid,
    sop_instance_uid: SopUid,
    caller: CallerDep,
    services: ServicesDep,
    start_s: Annotated[float, Query(ge=0, le=_DAYS_S)] = 0.0,
    seconds: Annotated[float, Query(gt=0, le=_LONGEST_S)] = _USUAL_S,
    lead: Annotated[list[LeadName] | None, Query(description="Only these leads.")] = None,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """The samples, unfiltered, derived limb leads included; an hour at most in one answer. Of a long recording only the
    bytes of these seconds are read.
    """
    leads = lead or []
    with services.database.read(caller.scope) as work:
        instance = ecg_instance(work, study_instance_uid, sop_instance_uid)
        stored = StoredSamples.of(work, instance)
        digest = instance.sha256
    tag = "-".join([digest[:32], f"{start_s:g}", f"{seconds:g}", *leads])
    headers = {"ETag": f'"{tag}"', "Cache-Control": FOREVER}
    if matches(if_none_match, headers["ETag"]):
        return not_modified(headers)
    part = stored.part(services.store, start_s, seconds).of(leads)
    return Response(packed(part), 200, headers, MEDIA_TYPE)
