"""`/dicomweb/workitems`: UPS-RS (PS3.18 section 11). docs/conformance/ups.md says what is served."""

from collections.abc import Callable
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from storage.db.session import UnitOfWork
from storage.domain.errors import AlreadyClaimed, BadRequest, Conflict, InvalidField, ReadAlready, StaleLease
from storage.ingest.times import time_zone
from viewer_api.auth.caller import Caller
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.dicomweb.answers import document_answer, one_document_answer, root_of
from viewer_api.dicomweb.media_types import JSON, RELATED, XML
from viewer_api.errors import problem
from viewer_api.openapi import Responses, refusals
from viewer_api.orders.service import institution_of
from viewer_api.services import Services
from viewer_api.ups import changing, matching, placing, subscriptions
from viewer_api.ups.channel import PATH, serve_channel
from viewer_api.ups.dataset import Describing
from viewer_api.ups.told import sent_dataset
from viewer_api.ups.workitems import Workitem, find

router = APIRouter(prefix="/dicomweb", tags=["dicomweb"])

WorkitemUid = Annotated[str, Path(max_length=64, pattern=r"^[0-9.]+$")]
AeTitle = Annotated[str, Path(max_length=16, pattern=r"^[ -\[\]-~]+$")]
_TRANSACTION_NAMES = ("transaction-uid", "transactionuid", "transaction")
_JSON: Responses = {
    200: {
        "content": {JSON: {}, RELATED: {}, XML: {}},
        "description": "DICOM JSON (PS3.18 annex F), or XML (PS3.19 A.1): parts of a multipart; alone for one workitem.",
    }
}
_BROKEN: Responses = {400: {"description": "The data set makes no sense."}}
_CONFLICT = "The submitted request is inconsistent with the state of the UPS Instance."


@router.get(
    "/workitems",
    response_class=Response,
    responses={**_JSON, 204: {"description": "Nothing fits."}, **_BROKEN, **refusals(401, 403, 406)},
)
def search_workitems(request: Request, caller: CallerDep, services: ServicesDep) -> Response:
    """Search by any attribute of a workitem, by keyword or tag, with `limit` and `offset`; the newest first."""
    query = matching.read_query(request.query_params.multi_items())
    with services.database.read(caller.scope) as work:
        found, broken_off = matching.search(work, query, _describing(work, request, services))
    if not found and not broken_off:
        return Response(status_code=204, headers={"Cache-Control": "no-store"})
    headers = _warned(request, "The search was broken off; narrow it.") if broken_off else {}
    return document_answer(request, found, headers)


@router.post("/workitems", status_code=201, response_class=Response, responses={**_BROKEN, **refusals(401, 403, 409)})
async def create_workitem(
    request: Request,
    caller: CallerDep,
    services: ServicesDep,
    institution: Annotated[str, Query(max_length=64, description="Code of the clinic; clinics leave it out.")] = "",
) -> Response:
    """Ask for a reading whose images are yet to come: it becomes an order, and is read once its study is here."""
    dataset = await sent_dataset(request)
    return await run_in_threadpool(_create, request, caller, services, dataset, institution)


def _create(
    request: Request, caller: Caller, services: Services, dataset: dict[str, Any], institution: str
) -> Response:
    uid = next(
        (request.query_params[name] for name in ("workitem", "AffectedSOPInstanceUID") if name in request.query_params),
        "",
    )
    try:
        with services.database.write(caller.scope) as work:
            place = institution_of(work, caller, institution)
            zone = time_zone(services.settings.time_zone)
            uid = placing.create(work, place, dataset, uid, author=caller.known_as, zone=zone)
    except InvalidField as fault:
        raise BadRequest(fault.message) from None
    except Conflict as conflict:
        return _refused(request, conflict)
    return Response(status_code=201, headers=_located(request, uid))


@router.get("/workitems/{workitem}", response_class=Response, responses={**_JSON, **refusals(401, 403, 404, 406)})
def retrieve_workitem(workitem: WorkitemUid, request: Request, caller: CallerDep, services: ServicesDep) -> Response:
    """A workitem, with references to its images and, once it is COMPLETED, to the documents of its report."""
    with services.database.read(caller.scope) as work:
        item = find(work, workitem)
        found = _describing(work, request, services).whole(item)
    if isinstance(item, Workitem):
        services.opened.note(caller, "task_opened", f"task:{item.case.task.id}")
    return one_document_answer(request, found)


@router.post("/workitems/{workitem}", response_class=Response, responses={**_BROKEN, **refusals(401, 403, 404, 409)})
async def update_workitem(
    workitem: WorkitemUid, request: Request, caller: CallerDep, services: ServicesDep
) -> Response:
    """Priority while it is SCHEDULED; report and progress, with the Transaction UID, while it is IN PROGRESS."""
    dataset = await sent_dataset(request)
    named = {name.lower(): one for name, one in request.query_params.multi_items()}
    transaction = next((named[name] for name in _TRANSACTION_NAMES if name in named), "")
    minutes = services.settings.lease_minutes

    def change(work: UnitOfWork) -> str:
        return changing.update(work, caller.actor, workitem, dataset, transaction, minutes)

    return await run_in_threadpool(_change, request, caller, services, workitem, change)


@router.put(
    "/workitems/{workitem}/state", response_class=Response, responses={**_BROKEN, **refusals(401, 403, 404, 409)}
)
async def change_workitem_state(
    workitem: WorkitemUid, request: Request, caller: CallerDep, services: ServicesDep
) -> Response:
    """IN PROGRESS claims it under the Transaction UID, COMPLETED hands the report over or signs it, CANCELED gives it back."""
    dataset = await sent_dataset(request)
    minutes = services.settings.lease_minutes

    def change(work: UnitOfWork) -> str:
        return changing.change_state(work, caller.actor, workitem, dataset, minutes)

    return await run_in_threadpool(_change, request, caller, services, workitem, change)


@router.post(
    "/workitems/{workitem}/cancelrequest",
    status_code=202,
    response_class=Response,
    responses={**_BROKEN, **refusals(401, 403, 404, 409)},
)
async def request_cancellation(
    workitem: WorkitemUid, request: Request, caller: CallerDep, services: ServicesDep
) -> Response:
    """Give up what nobody has in hand; of what is in hand the performer is told."""
    dataset = await sent_dataset(request, optional=True)

    def change(work: UnitOfWork) -> str:
        return changing.request_cancellation(work, caller.actor, workitem, dataset, caller.known_as)

    return await run_in_threadpool(_change, request, caller, services, workitem, change, 202)


def _change(
    request: Request,
    caller: Caller,
    services: Services,
    uid: str,
    change: Callable[[UnitOfWork], str],
    status: int = 200,
) -> Response:
    try:
        with services.database.write(caller.scope) as work:
            warning = change(work)
    except Conflict as conflict:
        return _refused(request, conflict)
    return Response(
        status_code=status, headers={**_located(request, uid), **(_warned(request, warning) if warning else {})}
    )


@router.post(
    "/workitems/{workitem}/subscribers/{ae_title}",
    status_code=201,
    response_class=Response,
    responses={**_BROKEN, **refusals(401, 403, 404)},
)
def subscribe(
    workitem: WorkitemUid, ae_title: AeTitle, request: Request, caller: CallerDep, services: ServicesDep
) -> Response:
    """Hear of a workitem, of all (1.2.840.10008.5.1.4.34.5), or of those that `filter` fits (1.2.840.10008.5.1.4.34.5.1)."""
    named = {name.lower(): one for name, one in request.query_params.multi_items()}
    lock = named.get("deletionlock", "false").lower() == "true"
    keys = _filter(request) if workitem == subscriptions.FILTERED else {}
    with services.database.write(caller.scope) as work:
        subscriptions.subscribe(work, caller.user.id, ae_title, workitem, keys, lock=lock)
    secure = "wss" if request.url.scheme == "https" else "ws"
    channel = f"{secure}://{request.url.netloc}/dicomweb/ws/subscribers/{ae_title}"
    return Response(status_code=201, headers={"Content-Location": channel})


def _filter(request: Request) -> dict[str, str]:
    """`filter=PatientID=1&...` in one value, or the keys as parameters of their own."""
    keys: dict[str, str] = {}
    for name, text in request.query_params.multi_items():
        if name.lower() == "filter":
            for part in text.replace(";", "&").replace(",", "&").split("&"):
                attribute, _, wanted = part.partition("=")
                keys[attribute.strip()] = wanted.strip()
        elif name.lower() != "deletionlock":
            keys[name] = text
    return {name: text for name, text in keys.items() if name}


@router.post(
    "/workitems/{workitem}/subscribers/{ae_title}/suspend",
    response_class=Response,
    responses={**_BROKEN, **refusals(401, 403, 404)},
)
def suspend(workitem: WorkitemUid, ae_title: AeTitle, caller: CallerDep, services: ServicesDep) -> Response:
    """Hear of no more new workitems."""
    with services.database.write(caller.scope) as work:
        subscriptions.suspend(work, caller.user.id, ae_title, workitem)
    return Response(status_code=200)


@router.delete(
    "/workitems/{workitem}/subscribers/{ae_title}", response_class=Response, responses=refusals(401, 403, 404)
)
def unsubscribe(workitem: WorkitemUid, ae_title: AeTitle, caller: CallerDep, services: ServicesDep) -> Response:
    """Hear of it no more."""
    with services.database.write(caller.scope) as work:
        subscriptions.unsubscribe(work, caller.user.id, ae_title, workitem)
    return Response(status_code=200)


@router.get(
    "/ws/subscribers/{ae_title}",
    response_class=Response,
    responses={426: {"description": "Use a WebSocket."}, **refusals(401, 403)},
)
def open_channel(ae_title: AeTitle, caller: CallerDep) -> Response:  # noqa: ARG001 - the door is the same
    """The event channel is a WebSocket: this answers whoever comes without one."""
    headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
    return problem(426, "upgrade_required", "Open this address as a WebSocket (RFC 6455).", headers=headers)


router.add_websocket_route(PATH, serve_channel)


def _describing(work: UnitOfWork, request: Request, services: Services) -> Describing:
    return Describing(work, root_of(request), ZoneInfo(services.settings.time_zone))


def _located(request: Request, uid: str) -> dict[str, str]:
    return {"Content-Location": f"{root_of(request)}/workitems/{uid}"}


def _warned(request: Request, text: str) -> dict[str, str]:
    """PS3.18 11.6.3.2 and others: `299 <service>: text`."""
    return {"Warning": f"299 {root_of(request)}: {text}"}


def _refused(request: Request, conflict: Conflict) -> Response:
    """409 with the Warning that the standard has for it (PS3.18 11.7.3.2, 11.8.3.2)."""
    text = _CONFLICT
    if isinstance(conflict, StaleLease):
        text = "The Transaction UID is incorrect."
    elif conflict.message.startswith("The UPS is already") or isinstance(conflict, AlreadyClaimed):
        text = conflict.message
    headers = _warned(request, text)
    if isinstance(conflict, ReadAlready):
        headers |= _located(request, conflict.workitem_uid)
    more = {"ups_status": conflict.ups_status} if conflict.ups_status is not None else {}
    return problem(409, conflict.code, conflict.message, headers=headers, **more)
