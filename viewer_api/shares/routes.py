"""Links that show one study: `/api/v1/shares`, and `/api/v1/shared` for who holds one."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response

from storage.db.queries import access
from viewer_api.auth.cookies import set_cookie
from viewer_api.auth.tokens import SHARE_COOKIE
from viewer_api.dependencies import CallerDep, ServicesDep, VisitorDep
from viewer_api.openapi import refusals
from viewer_api.shares import service
from viewer_api.shares.schemas import NewShare, ShareLine, ShareList, Shown, ShownShare, VisitOut
from viewer_api.studies.routes import Uid

router = APIRouter(prefix="/api/v1", tags=["shares"])

ShareId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_HOUR = 3600.0


@router.get("/shares", responses=refusals(401, 403))
def list_shares(caller: CallerDep, services: ServicesDep) -> ShareList:
    """Every link to a study that the caller may see."""
    with services.database.read(caller.scope) as work:
        return ShareList(items=[service.line_of(work, link) for link in access.shares_of(work)])


@router.post("/studies/{study_instance_uid}/shares", status_code=201, responses=refusals(401, 403, 404))
def share_study(study_instance_uid: Uid, asked: NewShare, caller: CallerDep, services: ServicesDep) -> ShownShare:
    """Make a link that shows this study to whoever holds it. It is shown this once."""
    with services.database.write(caller.scope) as work:
        link, token = service.create(work, caller, study_instance_uid, asked)
        return ShownShare(share=service.line_of(work, link), path=f"/#/shared/{token}")


@router.post("/shares/{share_id}/revoke", responses=refusals(401, 403, 404))
def revoke_share(share_id: ShareId, caller: CallerDep, services: ServicesDep) -> ShareLine:
    """End a link at once."""
    with services.database.write(caller.scope) as work:
        return service.line_of(work, service.revoke(work, caller, share_id))


@router.post("/shared", status_code=201, responses=refusals(401))
async def open_share(
    shown: Shown, request: Request, response: Response, services: ServicesDep, visitor: VisitorDep
) -> VisitOut:
    """Show a link, and get what opens the study. 401 `second_factor_needed`: it asks for a passcode."""
    visit = await to_thread.run_sync(
        service.visit, services.database, shown.token, shown.passcode, visitor, limiter=services.log_ins
    )
    set_cookie(response, request, visit.token, visit.seconds / _HOUR, name=SHARE_COOKIE)
    return VisitOut(
        token=visit.token, seconds=visit.seconds, study_instance_uid=visit.study_instance_uid, purpose=visit.purpose
    )
